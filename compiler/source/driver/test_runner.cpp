#include "driver/test_runner.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "check/check.h"
#include "diagnostics/diagnostic.h"
#include "driver/compilation_state.h"
#include "driver/files.h"
#include "parse/parser.h"
#include "reference/engine.h"

namespace aceso::driver {
namespace {

using graph::Expectation;

std::string name_of(const Compilation& compilation) {
  const std::string& id = compilation.graph()->dictionary.guideline.id;
  if (!id.empty()) return id;
  for (const ast::AnyDeclaration& declaration : compilation.state().files.back().declarations)
    if (const auto* module = std::get_if<ast::ModuleDecl>(&declaration)) return module->name.text;
  return std::filesystem::path(compilation.sources()[0].path()).stem().string();
}

class Stopwatch {
public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

bool is_refusal(const Expectation& expectation) { return expectation.kind == Expectation::Kind::refused; }

std::string describe(const graph::Graph& graph, const std::vector<reference::BrokenConstraint>& broken) {
  std::string text;
  for (const reference::BrokenConstraint& one : broken)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", graph.dictionary.constraints[one.constraint.index()].name,
                        one.message);
  return text;
}

/// The expectation against an evaluation that may have been refused, and then only a refusal can be expected.
reference::ExpectationResult check_one(const graph::Graph& graph, const reference::Evaluation& evaluation,
                                       const Expectation& expectation) {
  if (!evaluation.broken.empty() && !is_refusal(expectation))
    return {false, "no decision, because the case breaks " + describe(graph, evaluation.broken)};
  return reference::check_expectation(graph, evaluation, expectation);
}

/// Each violated statement once, at the first step that violates it.
class Violations {
public:
  void add(const graph::Graph& graph, const reference::Evaluation& evaluation, CaseResult& result) {
    if (!evaluation.broken.empty()) return;
    for (const reference::ViolatedProperty& violated : evaluation.violated) {
      if (!seen_.emplace(violated.property, violated.statement).second) continue;
      const graph::Property& property = graph.properties[violated.property];
      result.violated.push_back(
          {property.name, property.statements[violated.statement].text, to_text(evaluation.decision.at)});
    }
  }

private:
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

void run_step(const graph::Graph& graph, const source::SourceSet& sources, const graph::CaseStep& step,
              const reference::Evaluation& evaluation, CaseResult& result) {
  const auto line_of = [&](source::Span span) {
    return span.is_valid() ? sources[span.file].place(span.begin).line : 0;
  };
  if (!evaluation.broken.empty() && std::none_of(step.expectations.begin(), step.expectations.end(), is_refusal))
    result.failures.push_back({result.file,
                               line_of(step.span),
                               {},
                               "a case that no constraint refuses",
                               "it breaks " + describe(graph, evaluation.broken)});
  for (const Expectation& expectation : step.expectations) {
    auto checked = check_one(graph, evaluation, expectation);
    if (!checked.passed)
      result.failures.push_back({result.file, line_of(expectation.span), {}, expectation.text, std::move(checked.got)});
  }
}

CaseResult run_case_block(const Compilation& compilation, const graph::TestCase& test) {
  const Stopwatch stopwatch;
  const graph::Graph& graph = *compilation.graph();
  const source::SourceSet& sources = compilation.sources();
  CaseResult result;
  result.guideline = name_of(compilation);
  result.name = test.title;
  if (test.span.is_valid()) {
    result.file = sources[test.span.file].path();
    result.line = sources[test.span.file].place(test.span.begin).line;
  }
  Violations violations;
  for (std::size_t i = 0; i < test.steps.size(); ++i) {
    const auto evaluation = reference::evaluate(graph, reference::case_at_step(test, i));
    run_step(graph, sources, test.steps[i], evaluation, result);
    violations.add(graph, evaluation, result);
  }
  result.passed = result.failures.empty() && result.violated.empty();
  result.seconds = stopwatch.seconds();
  return result;
}

/// "fault A0728" or "fault A0728 $.inputs.temperature", which is about the case file and not about the decision.
struct FaultExpectation {
  std::string text, id, path;
  std::size_t position = 0; ///< in "expect"
  bool was_met = false;
  [[nodiscard]] bool covers(const CaseFault& fault) const {
    return fault.id == id && (path.empty() || fault.path == path);
  }
};

std::optional<FaultExpectation> parse_fault_expectation(const std::string& text, std::size_t position) {
  constexpr std::string_view word = "fault ";
  if (!text.starts_with(word)) return std::nullopt;
  const std::string rest = text.substr(word.size());
  const std::size_t space = rest.find(' ');
  FaultExpectation expectation{text, rest.substr(0, space), {}, position, false};
  if (space != std::string::npos) expectation.path = rest.substr(space + 1);
  return expectation;
}

std::string place_in_case(std::size_t position) { return fmt::format("$.expect[{}]", position); }

std::string describe(const std::vector<CaseFault>& faults) {
  std::string text;
  for (const CaseFault& fault : faults)
    text += fmt::format("{}{} at {}: {}", text.empty() ? "" : "; ", fault.id, fault.path, fault.message);
  return text.empty() ? "no fault" : text;
}

/// What one case file expects, read against a copy of the graph that carries the nodes of the expectations.
struct ReadExpectations {
  graph::Graph graph;
  std::vector<std::pair<std::size_t, Expectation>> decision; ///< with their positions in "expect"
  std::vector<FaultExpectation> faults;
};

std::string in_one_line(const diagnostics::Sink& sink) {
  std::string text;
  for (const diagnostics::Diagnostic& one : sink.all()) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{} {}", diagnostics::info(one.kind).id, one.message);
    if (!one.mend.empty()) text += fmt::format(" ({})", one.mend);
  }
  return text;
}

ReadExpectations read_expectations(const Compilation& compilation, source::SourceSet& sources,
                                   const std::vector<std::string>& texts, CaseResult& result) {
  struct Parsed {
    std::size_t position;
    std::uint32_t file;
    ast::Expectation tree;
  };
  ReadExpectations read{*compilation.graph(), {}, {}};
  std::vector<Parsed> parsed;
  const auto cannot_be_read = [&](std::size_t position, const diagnostics::Sink& sink) {
    result.failures.push_back(
        {result.file, 0, place_in_case(position), texts[position], "this cannot be read: " + in_one_line(sink)});
  };
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (auto fault = parse_fault_expectation(texts[i], i)) {
      read.faults.push_back(std::move(*fault));
      continue;
    }
    diagnostics::Sink sink;
    const std::uint32_t file = sources.add(result.file + " " + place_in_case(i), texts[i]);
    auto tree = parse::parse_expectation(sources, file, sink);
    if (tree && !sink.has_errors())
      parsed.push_back({i, file, std::move(*tree)});
    else
      cannot_be_read(i, sink);
  }
  // The guideline is checked once more with the expectations as a part of it, so that names mean the same in both.
  // Where one has errors, it is reported, and the rest is tried again without it.
  while (!parsed.empty()) {
    check::Program program{&sources, compilation.state().files, {}, compilation.state().term_files};
    for (const Parsed& one : parsed)
      program.extra_expectations.push_back(&one.tree);
    diagnostics::Sink sink;
    if (auto graph = check::check(program, sink)) {
      read.graph = std::move(*graph);
      for (std::size_t i = 0; i < parsed.size(); ++i)
        for (Expectation& expectation : read.graph.extra_expectations[i])
          read.decision.emplace_back(parsed[i].position, expectation);
      break;
    }
    const auto has_errors = [&](const Parsed& one) {
      return std::any_of(sink.all().begin(), sink.all().end(), [&](const auto& d) {
        return d.span.file == one.file && diagnostics::info(d.kind).severity == diagnostics::Severity::error;
      });
    };
    const auto bad = std::find_if(parsed.begin(), parsed.end(), has_errors);
    if (bad == parsed.end()) break; // cannot happen: the guideline itself has been checked before
    cannot_be_read(bad->position, sink);
    parsed.erase(bad);
  }
  return read;
}

/// Faults that nothing expects, and expected faults that did not come.
void compare_faults(std::vector<FaultExpectation>& expected, const std::vector<CaseFault>& faults,
                    const std::vector<CaseFault>& excused, CaseResult& result) {
  const auto mark_covered = [&](const CaseFault& fault) {
    bool covered = false;
    for (FaultExpectation& one : expected)
      if (one.covers(fault)) one.was_met = covered = true;
    return covered;
  };
  for (const CaseFault& fault : faults)
    if (!mark_covered(fault))
      result.failures.push_back({result.file, 0, fault.path, "a case without faults", fault.id + ": " + fault.message});
  for (const CaseFault& fault : excused)
    static_cast<void>(mark_covered(fault));
  std::vector<CaseFault> all = faults;
  all.insert(all.end(), excused.begin(), excused.end());
  for (const FaultExpectation& one : expected)
    if (!one.was_met) result.failures.push_back({result.file, 0, place_in_case(one.position), one.text, describe(all)});
}

void run_read_case(const CaseReadResult& read_case, ReadExpectations& expected, CaseResult& result) {
  const graph::Graph& graph = expected.graph;
  if (!read_case.ok()) {
    compare_faults(expected.faults, read_case.faults, {}, result);
    for (const auto& [position, expectation] : expected.decision)
      result.failures.push_back(
          {result.file, 0, place_in_case(position), expectation.text, "no decision, because the case has faults"});
    return;
  }
  const auto evaluation = reference::evaluate(graph, read_case.patient_case);
  const auto faults = reference::to_faults(graph, read_case.patient_case, evaluation.broken);
  const bool expects_refusal = std::any_of(expected.decision.begin(), expected.decision.end(),
                                           [](const auto& entry) { return is_refusal(entry.second); });
  compare_faults(expected.faults, expects_refusal ? std::vector<CaseFault>{} : faults,
                 expects_refusal ? faults : std::vector<CaseFault>{}, result);
  for (const auto& [position, expectation] : expected.decision) {
    auto checked = check_one(graph, evaluation, expectation);
    if (!checked.passed)
      result.failures.push_back({result.file, 0, place_in_case(position), expectation.text, std::move(checked.got)});
  }
  Violations().add(graph, evaluation, result);
}

// ------------------------------------------------------------------------------------------------ JUnit

/// Text for XML 1.0: the five characters are escaped; control characters and bytes that are not UTF-8, which no XML may
/// hold, become U+FFFD.
std::string xml(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    std::size_t length = byte < 0x80                   ? 1
                         : byte >= 0xC2 && byte < 0xE0 ? 2
                         : byte >= 0xE0 && byte < 0xF0 ? 3
                         : byte >= 0xF0 && byte < 0xF5 ? 4
                                                       : 0;
    bool valid = length != 0 && i + length <= text.size();
    for (std::size_t k = 1; valid && k < length; ++k)
      valid = (static_cast<unsigned char>(text[i + k]) & 0xC0) == 0x80;
    if (valid && length == 3) {
      const auto second = static_cast<unsigned char>(text[i + 1]), third = static_cast<unsigned char>(text[i + 2]);
      const bool is_long = byte == 0xE0 && second < 0xA0, is_surrogate = byte == 0xED && second >= 0xA0;
      valid = !is_long && !is_surrogate && !(byte == 0xEF && second == 0xBF && third >= 0xBE);
    }
    if (valid && length == 4) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      valid = !(byte == 0xF0 && second < 0x90) && !(byte == 0xF4 && second >= 0x90);
    }
    if (!valid) {
      out += replacement;
      ++i;
      continue;
    }
    switch (byte) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&apos;"; break;
    case '\t': out += "&#9;"; break;
    case '\n': out += "&#10;"; break;
    default:
      if (byte < 0x20 || byte == 0x7F)
        out += replacement;
      else
        out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

struct Totals {
  std::size_t tests = 0, failures = 0, errors = 0;
  double seconds = 0;
  void add(const FileResult& file) {
    if (!file.compiled) ++tests, ++errors;
    for (const CaseResult& one : file.cases) {
      ++tests;
      failures += !one.passed;
      seconds += one.seconds;
    }
  }
  [[nodiscard]] std::string attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="0" time="{:.6f}")", tests, failures, errors,
                       seconds);
  }
};

std::string failure_text(const CaseResult& result) {
  std::string text;
  for (const CaseFailure& failure : result.failures) {
    text += failure.line != 0 ? fmt::format("{}:{}\n", failure.file, failure.line)
                              : fmt::format("{} {}\n", failure.file, failure.path);
    text += fmt::format("  expected: {}\n  got:      {}\n", failure.expected, failure.got);
  }
  for (const CaseViolation& violation : result.violated)
    text += fmt::format("property {} is violated at {}\n  {}\n", violation.property, violation.at, violation.statement);
  return text;
}

void append_test_case(std::string& out, const CaseResult& result) {
  out += fmt::format(R"(    <testcase classname="{}" name="{}" file="{}")", xml(result.guideline), xml(result.name),
                     xml(result.file));
  if (result.line != 0) out += fmt::format(R"( line="{}")", result.line);
  out += fmt::format(R"( time="{:.6f}")", result.seconds);
  if (result.passed) {
    out += "/>\n";
    return;
  }
  const std::string summary = result.failures.empty() ? "property " + result.violated.front().property + " is violated"
                                                      : "expected " + result.failures.front().expected;
  out += fmt::format(">\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>\n", xml(summary),
                     result.failures.empty() ? "property" : "expectation", xml(failure_text(result)));
}

} // namespace

bool FileResult::passed() const {
  return compiled && std::all_of(cases.begin(), cases.end(), [](const CaseResult& one) { return one.passed; });
}

std::vector<CaseResult> run_case_blocks(const Compilation& compilation) {
  std::vector<CaseResult> results;
  if (!compilation.graph()) return results;
  for (const graph::TestCase& test : compilation.graph()->cases)
    results.push_back(run_case_block(compilation, test));
  return results;
}

CaseFileRunner::CaseFileRunner(const Compilation& compilation)
    : compilation_(compilation), sources_(compilation.sources()) {}

CaseResult CaseFileRunner::run(const std::string& path, std::string_view json) {
  const Stopwatch stopwatch;
  const auto read = read_case(compilation_.graph()->dictionary, json);
  CaseResult result;
  result.guideline = name_of(compilation_);
  result.name = read.title.empty() ? std::filesystem::path(path).stem().string() : read.title;
  result.file = path;
  ReadExpectations expected = read_expectations(compilation_, sources_, read.expectations, result);
  run_read_case(read, expected, result);
  result.passed = result.failures.empty() && result.violated.empty();
  result.seconds = stopwatch.seconds();
  return result;
}

FileResult run_tests(const std::string& path, const TestOptions& options) {
  FileResult result;
  result.path = path;
  result.guideline = std::filesystem::path(path).stem().string();
  const Compilation compilation = compile_file(path, options.compile);
  const auto& diagnostics = compilation.diagnostics();
  result.was_read = std::none_of(diagnostics.begin(), diagnostics.end(), [](const diagnostics::Diagnostic& one) {
    return one.kind == diagnostics::Kind::cannot_read_file || one.kind == diagnostics::Kind::file_too_large;
  });
  result.compiled = compilation.ok() && compilation.graph();
  if (!result.compiled) {
    result.diagnostics = compilation.render_diagnostics(options.color);
    return result;
  }
  result.guideline = name_of(compilation);
  const std::vector<std::string>& languages = compilation.languages();
  result.lacks_language = !options.compile.language.empty() && !compilation.graph()->dictionary.guideline.id.empty() &&
                          std::count(languages.begin(), languages.end(), options.compile.language) == 0;
  result.cases = run_case_blocks(compilation);
  // Case files belong to the guideline beside them; a module has `case` blocks only.
  if (compilation.graph()->dictionary.guideline.id.empty()) return result;
  CaseFileRunner runner(compilation);
  for (const std::string& file : files_in(join_path(folder_of(path), "cases"), ".json")) {
    ReadResult read = read_file(file, options.max_case_bytes);
    if (read.ok()) {
      result.cases.push_back(runner.run(file, read.text));
      continue;
    }
    ++result.unreadable_cases;
    CaseResult unread;
    unread.guideline = result.guideline;
    unread.name = std::filesystem::path(file).stem().string();
    unread.file = file;
    unread.failures.push_back({file, 0, "$", "a case file that can be read", read.reason});
    result.cases.push_back(std::move(unread));
  }
  return result;
}

std::string junit_xml(const std::vector<FileResult>& results) {
  Totals totals;
  for (const FileResult& file : results)
    totals.add(file);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"aceso\" {}>\n", totals.attributes());
  for (const FileResult& file : results) {
    Totals own;
    own.add(file);
    out += fmt::format("  <testsuite name=\"{}\" file=\"{}\" {}>\n", xml(file.guideline), xml(file.path),
                       own.attributes());
    if (!file.compiled)
      out += fmt::format("    <testcase classname=\"{}\" name=\"compiles\" file=\"{}\" time=\"0\">\n"
                         "      <error message=\"the file has errors\" type=\"{}\">{}</error>\n    </testcase>\n",
                         xml(file.guideline), xml(file.path), file.was_read ? "diagnostics" : "unreadable",
                         xml(file.diagnostics));
    for (const CaseResult& one : file.cases)
      append_test_case(out, one);
    out += "  </testsuite>\n";
  }
  out += "</testsuites>\n";
  return out;
}

} // namespace aceso::driver
