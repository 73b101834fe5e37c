#include "aceso/compiler.h"

#include <algorithm>
#include <set>
#include <utility>

#include "check/check.h"
#include "driver/compilation_state.h"
#include "driver/load.h"
#include "driver/timeless_cycles.h"
#include "driver/translations.h"
#include "reference/engine.h"

#ifndef ACESO_VERSION
#define ACESO_VERSION "0.0.0"
#endif

namespace aceso {

namespace {

using diagnostics::Kind;

bool expects_refusal(const graph::CaseStep& step) {
  return std::any_of(step.expectations.begin(), step.expectations.end(), [](const graph::Expectation& expectation) {
    return expectation.kind == graph::Expectation::Kind::refused;
  });
}

bool is_broken_at(const graph::Graph& graph, const graph::TestCase& test, std::size_t step,
                  std::vector<reference::BrokenConstraint>& broken) {
  broken = reference::broken_constraints(graph, reference::case_at_step(test, step));
  return !broken.empty();
}

void check_case_literal(const graph::Graph& graph, const graph::TestCase& test, diagnostics::Sink& sink) {
  // What an earlier step has broken stays broken in the later ones. So a sound last step answers for all of them, and
  // what is broken is said at the first step that shows it.
  std::vector<reference::BrokenConstraint> broken;
  if (test.steps.empty() || !is_broken_at(graph, test, test.steps.size() - 1, broken)) return;
  std::set<std::pair<ConstraintId, Instant>> said;
  for (std::size_t i = 0; i < test.steps.size(); ++i) {
    if (!is_broken_at(graph, test, i, broken)) continue;
    for (const reference::BrokenConstraint& one : broken) {
      if (!said.emplace(one.constraint, one.at.instant).second || expects_refusal(test.steps[i])) continue;
      const std::string& name = graph.dictionary.constraints[one.constraint.index()].name;
      auto& complaint = sink.report(Kind::case_breaks_constraint, test.steps[i].span, name, one.message);
      complaint.mend = "mend the facts of the case, or write expect refused " + name;
      complaint.notes.push_back({graph.constraints[one.constraint.index()].span, "the constraint stands here"});
    }
  }
}

/// A `case` that no patient can be is a mistake of the author, unless the case is there to show the refusal.
void check_case_literals(const graph::Graph& graph, diagnostics::Sink& sink) {
  if (graph.constraints.empty()) return;
  for (const graph::TestCase& test : graph.cases)
    check_case_literal(graph, test, sink);
}

void add_languages(Compilation::State& state, graph::Graph& graph, diagnostics::Sink& sink,
                   const CompileOptions& options) {
  state.languages = graph.dictionary.guideline.languages;
  if (!options.translations) return;
  const driver::TranslatedProgram program{state.files, state.modules, graph};
  state.translations = driver::read_translations(program, state.sources, sink, options);
  state.languages.resize(1);
  for (const Translation& translation : state.translations) {
    state.languages.push_back(translation.language);
    if (translation.language == options.language && !apply_translation(graph.dictionary, translation))
      sink.report(Kind::internal_error, {}, "a translation does not fit its guideline");
  }
}

Compilation compile(const std::string& path, std::optional<std::string> text, const CompileOptions& options) {
  auto state = std::make_shared<Compilation::State>();
  diagnostics::Sink sink(options.max_errors);
  driver::LoadedProgram loaded = driver::load(state->sources, sink, path, std::move(text), options);
  state->ll_fallbacks = loaded.ll_fallbacks;
  // Declarations with syntax errors are missing from the trees; to check the rest would only blame their users.
  state->files = std::move(loaded.files);
  state->term_files = std::move(loaded.term_files);
  state->modules = std::move(loaded.modules);
  if (!sink.has_errors()) {
    const check::Program program{&state->sources, state->files, {}, state->term_files, options.describes};
    std::optional<graph::Graph> graph = check::check(program, sink);
    if (graph) driver::report_timeless_cycles(*graph, sink);
    if (graph && !sink.has_errors()) check_case_literals(*graph, sink);
    if (graph && !sink.has_errors()) add_languages(*state, *graph, sink, options);
    if (graph && !sink.has_errors()) state->graph = std::make_shared<const graph::Graph>(std::move(*graph));
  }
  sink.finish();
  state->diagnostics = sink.all();
  state->errors = sink.error_count();
  state->warnings = static_cast<std::size_t>(
      std::count_if(sink.all().begin(), sink.all().end(), [](const diagnostics::Diagnostic& diagnostic) {
        return diagnostics::info(diagnostic.kind).severity == diagnostics::Severity::warning;
      }));
  return Compilation(std::move(state));
}

} // namespace

std::string_view version() { return ACESO_VERSION; }

bool Compilation::ok() const { return state_->errors == 0; }
const std::vector<diagnostics::Diagnostic>& Compilation::diagnostics() const { return state_->diagnostics; }
std::size_t Compilation::error_count() const { return state_->errors; }
std::size_t Compilation::warning_count() const { return state_->warnings; }
const source::SourceSet& Compilation::sources() const { return state_->sources; }
const std::shared_ptr<const graph::Graph>& Compilation::graph() const { return state_->graph; }
const std::vector<std::string>& Compilation::languages() const { return state_->languages; }
std::size_t Compilation::ll_fallbacks() const { return state_->ll_fallbacks; }

std::string Compilation::render_diagnostics(bool color) const {
  std::string text;
  for (const diagnostics::Diagnostic& diagnostic : state_->diagnostics)
    text += diagnostics::render(diagnostic, state_->sources, {.color = color});
  return text;
}

std::string Compilation::render_diagnostics_json() const {
  return diagnostics::render_json(state_->diagnostics, state_->sources);
}

Compilation compile_file(const std::string& path, const CompileOptions& options) {
  return compile(path, std::nullopt, options);
}

Compilation compile_text(std::string text, const std::string& path, const CompileOptions& options) {
  return compile(path, std::move(text), options);
}

} // namespace aceso
