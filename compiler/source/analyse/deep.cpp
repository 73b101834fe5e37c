#include "analyse/deep.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <tuple>
#include <utility>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;

namespace {

/// The question behind a check, as it reads after what it is about.
std::string_view words_for(Kind check) {
  switch (check) {
  case Kind::unreachable: return "does any patient get there?";
  case Kind::conflict: return "is it advised and advised against for one patient?";
  case Kind::gap: return "does every patient find a row?";
  case Kind::overlap: return "do two rows match one patient?";
  case Kind::redundant_rule: return "does it change any advice?";
  case Kind::redundant_condition: return "does it ever matter?";
  case Kind::advice_withdrawn: return "can learning more take the advice back?";
  case Kind::dead_end: return "can a patient leave it?";
  case Kind::endless_stage: return "does it lead to an end?";
  case Kind::unasked_wait: return "does it ask for what it waits for?";
  case Kind::ambiguous_ways: return "is there one way out at a time?";
  case Kind::timeless_cycle: return "does going round always take time?";
  default: return "does it hold for every patient?";
  }
}

/// The encoding adds its first clauses while it is made.
Sat& recording(Sat& sat, bool is_wanted) {
  if (is_wanted) sat.record();
  return sat;
}

/// Whether the verdict says that there is no patient.
bool says_nobody(const Question& question) {
  const bool complains_of_nobody = question.check == Kind::unreachable || question.check == Kind::redundant_rule ||
                                   question.check == Kind::redundant_condition || question.check == Kind::dead_end ||
                                   question.check == Kind::endless_stage;
  return question.verdict == (complains_of_nobody ? Verdict::refuted : Verdict::proved);
}

bool same_outcome(const Decision& a, const Decision& b) {
  const auto key = [](const Recommendation& r) {
    return std::tie(r.action, r.status, r.verb, r.strength, r.urgency, r.rules, r.missing);
  };
  const auto same = [](const auto& left, const auto& right, auto equal) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), equal);
  };
  return a.applies == b.applies &&
         same(a.recommendations, b.recommendations, [&](const auto& x, const auto& y) { return key(x) == key(y); }) &&
         same(a.values, b.values,
              [](const auto& x, const auto& y) { return x.definition == y.definition && x.value == y.value; }) &&
         a.stage.has_value() == b.stage.has_value() && (!a.stage || a.stage->stage == b.stage->stage);
}

} // namespace

std::string_view to_text(Verdict verdict) {
  return verdict == Verdict::proved ? "proved" : verdict == Verdict::refuted ? "refuted" : "undecided";
}

std::string to_words(const Citation& citation) {
  if (citation.document.starts_with("interpretation: ")) return fmt::format("interpretation `{}`", citation.source);
  return fmt::format("{}{}{}", citation.document.empty() ? citation.source : citation.document,
                     citation.section.empty() ? "" : ", ", citation.section);
}

std::size_t DeepReport::count(Verdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(questions.begin(), questions.end(), [&](const Question& q) { return q.verdict == verdict; }));
}

Analysis::Analysis(const graph::Graph& graph, const DeepOptions& options)
    : graph_(graph), budget_(options.budget), engines_(options.engines), make_engine_(options.make_engine),
      certificates_(options.certificates), sat_(options.budget),
      encoding_(graph, recording(sat_, !options.certificates.empty())),
      witnesses_(graph, options.budget.tries_per_question()), stage_reached_(graph.dictionary.stages.size()),
      stage_excluded_(graph.dictionary.stages.size()), ways_(graph.dictionary.stages.size()) {}

Analysis::Reply Analysis::ask(std::vector<Lit> wanted, const Shows& shows, Purpose purpose) {
  constexpr int most_models = 25;
  wanted.insert(wanted.end(), switches().begin(), switches().end());
  // First a patient who stays in the stage; whether there is none at all is asked without that.
  const bool with_stage = encoding_.uses_stage() && settled_;
  if (with_stage) wanted.push_back(*settled_);
  std::optional<Lit> ruled_out;
  const std::uint64_t last_try = witnesses_.tries() + budget_.tries_per_question();
  const auto give_up = [&]() -> Reply {
    is_budget_spent_ = true;
    return {};
  };
  for (int i = 0; i < most_models; ++i) {
    const Answer answer = sat_.solve(wanted);
    if (answer == Answer::gave_up) return give_up();
    if (answer == Answer::unsatisfiable) {
      if (ruled_out) return {}; // only because models were ruled out that no engine showed
      if (!with_stage || !sat_.blames(*settled_)) return {Verdict::proved, {}};
      wanted.erase(std::find(wanted.begin(), wanted.end(), *settled_));
      const Answer without = sat_.solve(wanted);
      if (without == Answer::unsatisfiable) return {Verdict::proved, {}};
      if (without == Answer::gave_up) return give_up();
    }
    if (purpose == Purpose::know) {
      if (witnesses_.confirms(encoding_, shows)) return {Verdict::refuted, {}};
    } else if (auto witness = witnesses_.from_model(encoding_, shows)) {
      return {Verdict::refuted, std::move(witness)};
    }
    if (witnesses_.tries() >= last_try) return give_up();
    std::vector<Lit> clause;
    for (const Lit literal : encoding_.found_free_literals())
      clause.push_back(-literal);
    if (const auto stage = encoding_.found_stage()) clause.push_back(-encoding_.stage(*stage));
    if (clause.empty()) return {}; // nothing was free, and still the engine does not show it
    if (!ruled_out) {
      ruled_out = sat_.fresh();
      wanted.push_back(*ruled_out);
    }
    clause.push_back(-*ruled_out);
    sat_.add(clause);
  }
  return {};
}

Analysis::Reply Analysis::ask(Kind check, std::string subject, graph::Span span, std::vector<Lit> wanted,
                              const Shows& shows) {
  Reply reply = ask(std::move(wanted), shows);
  note(check, std::move(subject), span, reply.verdict);
  return reply;
}

void Analysis::note(Kind check, std::string subject, graph::Span span, Verdict verdict) {
  const bool is_spent = std::exchange(is_budget_spent_, false) && verdict == Verdict::undecided;
  report.questions.push_back({check, std::move(subject), verdict, span, is_spent});
  if (!certificates_.empty()) certify();
}

void Analysis::certify() {
  const Question& question = report.questions.back();
  std::vector<Sat::Asked> asked = sat_.take_asked();
  if (question.verdict == Verdict::undecided) return;
  const bool is_proof = says_nobody(question);
  std::erase_if(asked, [&](const Sat::Asked& one) {
    return one.answer != (is_proof ? Answer::unsatisfiable : Answer::satisfiable);
  });
  if (!is_proof && asked.size() > 1) asked.erase(asked.begin(), asked.end() - 1); // the one that was believed
  for (const Sat::Asked& one : asked) {
    const std::string stem = fmt::format("{}-{}", certificates_, ++certificate_count_);
    if (!sat_.certify(one, stem) && report.not_certified.empty()) report.not_certified = stem;
    index_ += fmt::format("{}\t{}\t{}\t{}\t{}\n", certificate_count_, diagnostics::info(question.check).name,
                          question.subject, to_text(question.verdict), is_proof ? "unsatisfiable" : "satisfiable");
  }
}

std::string Analysis::rule_words(RuleId id) const {
  const graph::Rule& rule = graph_.rules[id.index()];
  std::string says, cited;
  for (const graph::Advice& advice : rule.advice)
    says +=
        fmt::format("{}{} {}", says.empty() ? "" : ", ", to_text(advice.verb), graph_.dictionary[advice.action].name);
  for (const Citation& citation : graph_.dictionary[id].citations)
    cited += fmt::format("{}{}", cited.empty() ? " (" : "; ", to_words(citation));
  if (!cited.empty()) cited += ")";
  return fmt::format("rule `{}`: {}{}", graph_.dictionary[id].name, says, cited);
}

void Analysis::replay(const std::string& subject, const PatientCase& patient, const Excerpt* excerpt) {
  if (make_engine_) {
    made_engine_ = make_engine_();
    if (made_engine_) engines_.push_back(made_engine_.get());
    make_engine_ = nullptr;
  }
  if (engines_.empty()) return;
  Decision expected = reference::evaluate(excerpt ? excerpt->graph : graph_, patient).decision;
  for (Recommendation& one : expected.recommendations)
    for (RuleId& rule : one.rules)
      if (excerpt) rule = excerpt->rules[rule.index()];
  for (Engine* engine : engines_) {
    EngineAnswer answer = engine->evaluate(patient);
    if (excerpt) { // it says nothing of derived values, nor of other actions
      answer.decision.values.clear();
      std::erase_if(answer.decision.recommendations, [&](const Recommendation& other) {
        return std::none_of(expected.recommendations.begin(), expected.recommendations.end(),
                            [&](const Recommendation& one) { return one.action == other.action; });
      });
    }
    if (answer.ok() && same_outcome(answer.decision, expected)) continue;
    report.findings.push_back(
        {complaint(Kind::internal_error, {}, fmt::format("two engines differ about the patient of {}", subject)),
         Witness{patient, {}, {}, {}}, subject});
  }
}

Fact Analysis::not_asked(InputId input) {
  Fact fact;
  fact.input = input;
  fact.value = Value(UnknownReason::not_asked);
  return fact;
}

PatientCase Analysis::case_of(const reference::Evaluation& evaluation) {
  PatientCase patient;
  patient.now = evaluation.snapshot.zone.at(evaluation.snapshot.at);
  std::map<Instant, std::vector<Fact>> earlier;
  for (std::size_t i = 0; i < evaluation.snapshot.series.size(); ++i)
    for (const auto& [at, value] : evaluation.snapshot.series[i])
      (at < patient.now.instant ? earlier[at] : patient.facts).push_back({InputId(i), value, {}});
  for (auto& [at, facts] : earlier)
    patient.events.push_back({{at, patient.now.offset_seconds}, std::move(facts)});
  return patient;
}

void Analysis::report_undecided() {
  for (const Question& question : report.questions) {
    if (question.verdict != Verdict::undecided) continue;
    auto complaint = this->complaint(Kind::undecided, question.span,
                                     fmt::format("{} ({})", question.subject, words_for(question.check)));
    // Whether a rule or a condition is redundant is asked of the solver alone.
    const bool is_spent = question.is_budget_spent || question.check == Kind::redundant_rule ||
                          question.check == Kind::redundant_condition;
    complaint.mend =
        question.check == Kind::conflict && question.subject.starts_with("further ")
            ? "mend those that are shown, and the next ones are shown"
        : !is_spent ? "more steps would not help: not all that is calculated is understood for all patients at once "
                      "(docs/proofs.md)"
        : budget_.end && std::chrono::steady_clock::now() >= *budget_.end
            ? "the seconds of --budget are over; allow more of them"
            : fmt::format("the budget of {} steps is spent; allow more with --steps", budget_.steps_per_question);
    find(question.subject, std::move(complaint), {});
  }
}

Finding& Analysis::find(std::string subject, diagnostics::Diagnostic diagnostic, std::optional<Witness> witness) {
  if (witness) {
    replay(subject, witness->patient);
    // Who is shown for one question answers another: which rules somebody reaches.
    const auto rules = reference::evaluate(graph_, witness->patient).decision.rules;
    for (std::size_t r = 0; r < rules.size(); ++r)
      if (rules[r].fires == Truth::yes) mark_reached(RuleId(r));
  }
  report.findings.push_back({std::move(diagnostic), std::move(witness), std::move(subject)});
  return report.findings.back();
}

void Analysis::cut(const DeepOptions& options) {
  if (!certificates_.empty()) return; // they are numbered in the order of the text, and of one solver
  excerpts_ = cut_into_excerpts(graph_, options.excerpts);
  DeepOptions of_excerpt;
  of_excerpt.budget = options.budget;
  for (const Excerpt& excerpt : excerpts_) {
    of_excerpts_.push_back(std::make_unique<Analysis>(excerpt.graph, of_excerpt));
    of_excerpts_.back()->is_excerpt_ = true;
  }
}

void Analysis::ask_about_rules(void (Analysis::*find)()) {
  if (of_excerpts_.empty()) return (this->*find)();
  for (std::size_t i = 0; i < of_excerpts_.size(); ++i) {
    Analysis& part = *of_excerpts_[i];
    (part.*find)();
    report.questions.insert(report.questions.end(), std::make_move_iterator(part.report.questions.begin()),
                            std::make_move_iterator(part.report.questions.end()));
    for (Finding& finding : part.report.findings) {
      if (finding.witness) replay(finding.subject, finding.witness->patient, &excerpts_[i]);
      report.findings.push_back(std::move(finding));
    }
    part.report = {};
  }
}

void Analysis::run(const DeepOptions& options) {
  explore_pathway();
  find_timeless_circle(options.only_properties.empty());
  find_violations(options.only_properties);
  if (options.only_properties.empty()) {
    cut(options);
    ask_about_rules(&Analysis::find_conflicts);
    ask_about_rules(&Analysis::find_withdrawn);
    for (std::size_t a = 0; a < graph_.dictionary.actions.size() && !of_excerpts_.empty(); ++a)
      if (encoding_.voices(ActionId(a)).empty())
        note(Kind::advice_withdrawn, fmt::format("action {}", graph_.dictionary.actions[a].name),
             graph_.action_spans[a], Verdict::proved);
    find_in_tables();
    find_examples();
    ask_about_rules(&Analysis::find_unreachable_rules);
    find_unreachable_others();
    ask_about_rules(&Analysis::find_redundant);
    find_in_pathway();
    find_unasked_waits();
    find_open_ways();
    find_uncited();
  }
  report_undecided();
  std::stable_sort(report.findings.begin(), report.findings.end(), [](const Finding& a, const Finding& b) {
    const auto key = [](const Finding& f) {
      return std::tuple(f.diagnostic.span.file, f.diagnostic.span.begin, static_cast<int>(f.diagnostic.kind));
    };
    return key(a) < key(b);
  });
  if (!certificates_.empty()) {
    std::ofstream index(certificates_ + "-index.tsv");
    index << "certificate\tcheck\tsubject\tverdict\tanswer\n" << index_;
    index.close();
    if (!index && report.not_certified.empty()) report.not_certified = certificates_ + "-index.tsv";
  }
  report.solver_questions = sat_.questions();
  report.patients_tried = witnesses_.evaluations();
  for (const auto& part : of_excerpts_) {
    report.solver_questions += part->sat_.questions();
    report.patients_tried += part->witnesses_.evaluations();
  }
}

DeepReport deep_check(const graph::Graph& graph, const DeepOptions& options) {
  Analysis analysis(graph, options);
  analysis.run(options);
  return std::move(analysis.report);
}

} // namespace aceso::analyse
