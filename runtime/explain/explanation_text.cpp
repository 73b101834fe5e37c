#include <algorithm>

#include "explain/advice_text.h"
#include "explain/clashes.h"
#include "explain/decision_words.h"
#include "explain/explanation.h"
#include "explain/fact_words.h"
#include "explain/pathway_text.h"

namespace aceso {
namespace {

std::string number_words(std::size_t number, std::string_view one, std::string_view several) {
  return std::to_string(number) + " " + std::string(number == 1 ? one : several);
}

std::string verb_words(Verb verb, bool would, const std::string& what = "it") {
  constexpr std::string_view speaks[] = {"recommends ", "suggests ", "advises against ", "contraindicates "};
  constexpr std::string_view may[] = {"would recommend ", "would suggest ", "would advise against ",
                                      "would contraindicate "};
  return std::string((would ? may : speaks)[static_cast<std::size_t>(verb)]) + what;
}

TextStyle style_of(Outcome outcome) {
  switch (outcome) {
  case Outcome::advised: return TextStyle::good;
  case Outcome::advised_against:
  case Outcome::conflict: return TextStyle::alarm;
  case Outcome::undetermined: return TextStyle::doubt;
  case Outcome::not_advised: break;
  }
  return TextStyle::bold;
}

class ExplanationText {
public:
  ExplanationText(const Dictionary& dictionary, const PatientCase& patient_case, const Explanation& explanation,
                  const ExplanationTextOptions& options)
      : page_(options.width, options.color), dictionary_(dictionary), case_(patient_case), explanation_(explanation),
        decision_(explanation.decision), questions_(explanation.decision) {}

  std::string write(bool is_overview) {
    write_title();
    write_applies();
    if (is_overview) {
      write_overview();
    } else {
      for (const ActionExplanation& action : explanation_.actions)
        write_action(action);
    }
    page_.empty_line();
    page_.paragraph(0, "trace " + decision_.trace, TextStyle::faint);
    return page_.take();
  }

private:
  void write_title() {
    const GuidelineInfo& guideline = dictionary_.guideline;
    page_.heading(guideline.title.empty() ? guideline.id : guideline.title);
    page_.paragraph(0, guideline.id + " " + guideline.version + ", explained for " + to_text(decision_.at),
                    TextStyle::faint);
  }

  void write_applies() {
    if (decision_.applies == Truth::yes) return;
    page_.empty_line();
    if (decision_.applies == Truth::unknown) {
      page_.paragraph(0, "It is not known yet whether this guideline applies to this patient.", TextStyle::doubt);
      return;
    }
    page_.paragraph(0, "This guideline does not apply to this patient:", TextStyle::alarm);
    if (explanation_.applies) write_facts(*explanation_.applies, 2);
  }

  // ---- one action

  void write_action(const ActionExplanation& action) {
    page_.heading(action_words(dictionary_[action.action]), style_of(action.outcome));
    page_.paragraph(2, headline(action));
    if (action.reason) {
      page_.heading(reason_heading(*action.reason));
      write_facts(*action.reason, 2);
    }
    write_rules(action);
    write_clashes(action);
    if (action.missing) write_missing(*action.missing);
    if (action.changes) write_changes(*action.changes);
  }

  std::string headline(const ActionExplanation& action) const {
    if (!action.recommendation) return "No rule of this guideline speaks about it.";
    const Recommendation& r = *action.recommendation;
    std::string text;
    switch (r.status) {
    case RecommendationStatus::advised: {
      constexpr std::string_view words[] = {"Recommended", "Suggested", "Advised against", "Contraindicated"};
      text = words[static_cast<std::size_t>(r.verb.value_or(Verb::recommend))];
      if (const std::string urgency = urgency_text(r.urgency, r.within); !urgency.empty()) text += " " + urgency;
      if (r.strength != Strength::none) text += " (" + std::string(to_text(r.strength)) + ")";
      break;
    }
    case RecommendationStatus::not_advised: text = "Not advised"; break;
    case RecommendationStatus::conflict:
      text = "CONFLICT: what the rules say about it does not go together; a clinician has to decide";
      break;
    case RecommendationStatus::undetermined: text = "Not decided yet"; break;
    case RecommendationStatus::overridden: text = "Not advised: the rule for it is overridden"; break;
    }
    return text + ".";
  }

  /// "These 3 of 15 facts are enough; fewer are not."
  std::string reason_heading(const Reason& reason) const {
    const std::size_t all = statement_count();
    if (reason.facts.empty()) return "No fact is needed for this";
    std::string text = number_words(reason.facts.size(), "fact is", "facts are") + " enough for this, of " +
                       std::to_string(all) + " stated";
    switch (reason.extent) {
    case Extent::smallest: return text + "; fewer are not";
    case Extent::irreducible: return text + "; none of them can be left out";
    case Extent::unfinished: break;
    }
    return text + "; perhaps fewer: the search was stopped";
  }
  [[nodiscard]] std::size_t statement_count() const {
    std::size_t count = case_.facts.size();
    for (const Event& event : case_.events)
      count += event.facts.size();
    return count;
  }

  void write_facts(const Reason& reason, unsigned indent) {
    for (const StatedFact& fact : reason.facts) {
      std::string text = fact_words(dictionary_, fact.input, fact.value);
      if (fact.at.instant != case_.now.instant) text += ", stated " + to_text(fact.at);
      page_.paragraph(indent, text, TextStyle::plain, "* ");
    }
    for (const AssumedInput& assumed : reason.assumed) {
      std::string text = fact_words(dictionary_, assumed.input, assumed.value) + ", assumed";
      if (const auto& because = dictionary_[assumed.input].assumed_because; !because.empty())
        text += " because " + because;
      page_.paragraph(indent, text, TextStyle::plain, "* ");
    }
  }

  // ---- rules

  void write_rules(const ActionExplanation& action) {
    if (action.rules.empty()) return;
    page_.heading("Rules");
    for (const RuleExplanation& rule : action.rules)
      write_rule(rule, action.reason);
  }

  /// What does not go with it, and the rules that advise that.
  void write_clashes(const ActionExplanation& action) {
    if (!action.recommendation) return;
    for (const Clash& clash : clashes_of(dictionary_, decision_, *action.recommendation)) {
      page_.heading(clash_words(dictionary_, clash), style_of(action.outcome));
      for (const RuleId id : clash.rules) {
        const RuleInfo& rule = dictionary_[id];
        write_clashing(rule, clash);
        if (!rule.condition.empty()) page_.paragraph(6, "when " + rule.condition);
        if (!rule.because.empty()) page_.paragraph(6, rule.because);
        for (const Citation& citation : rule.citations)
          page_.paragraph(6, short_form(citation), TextStyle::faint, "- ");
      }
    }
  }

  /// "r3 suggests A2 (a2)"; of a table that chooses among several: "r3 chooses one of: A (a), B (b)".
  void write_clashing(const RuleInfo& rule, const Clash& clash) {
    std::string names;
    bool is_chosen = false;
    Verb verb = Verb::recommend;
    for (const RuleAdvice& advice : rule.advice) {
      if (!is_for(advice.verb)) continue;
      const bool clashes = std::count(clash.actions.begin(), clash.actions.end(), advice.action) > 0;
      if (!clashes && !advice.chosen_by_table) continue;
      names += (names.empty() ? "" : ", ") + action_words(dictionary_[advice.action]);
      is_chosen |= advice.chosen_by_table;
      verb = advice.verb;
    }
    page_.paragraph(2, rule.name + " " + (is_chosen ? "chooses one of: " + names : verb_words(verb, false, names)),
                    TextStyle::bold, "* ");
  }

  void write_rule(const RuleExplanation& rule, const std::optional<Reason>& told) {
    const RuleInfo& info = dictionary_[rule.rule];
    std::string text = info.name + " " + verb_words(rule.verb, rule.standing != RuleStanding::effective);
    switch (rule.standing) {
    case RuleStanding::effective: break;
    case RuleStanding::overridden: text += ", but is overridden"; break;
    case RuleStanding::chose_other: text += ", but its table does not choose it"; break;
    case RuleStanding::open: text += ": not decided yet"; break;
    case RuleStanding::held_back:
      text +=
          decision_.applies == Truth::no ? ", but this guideline does not apply" : ", but its condition does not hold";
      break;
    }
    page_.paragraph(2, text, TextStyle::bold, rule.standing == RuleStanding::effective ? "* " : "- ");
    if (!info.condition.empty()) page_.paragraph(6, "when " + info.condition);
    const std::string derived = derived_words(dictionary_, decision_, info.condition);
    if (!derived.empty()) page_.paragraph(6, derived);
    if (!info.because.empty()) page_.paragraph(6, info.because);
    write_overriders(rule);
    if (rule.reason && !(told && is_same(*rule.reason, *told))) {
      const bool is_held = rule.standing == RuleStanding::held_back;
      if (rule.reason->facts.empty() && rule.reason->assumed.empty() && is_held) {
        page_.paragraph(6, "held back by what was not stated"); // without any fact it does not fire
      } else {
        page_.paragraph(6, is_held ? "held back by:" : "because of:");
        write_facts(*rule.reason, 8);
      }
    }
    for (const Citation& citation : info.citations)
      page_.paragraph(6, short_form(citation), TextStyle::faint, "- ");
    if (info.certainty != Certainty::none)
      page_.paragraph(6, "certainty of the evidence: " + std::string(to_text(info.certainty)), TextStyle::faint);
  }

  void write_overriders(const RuleExplanation& rule) {
    for (const RuleId by : rule.overridden_by) {
      std::string text = "overridden by " + dictionary_[by].name;
      for (const OverrideInfo& override : dictionary_[by].overrides)
        if (override.rule == rule.rule && !override.because.empty()) text += ": " + override.because;
      page_.paragraph(6, text, TextStyle::doubt);
    }
  }

  static bool is_same(const Reason& a, const Reason& b) {
    return std::equal(a.facts.begin(), a.facts.end(), b.facts.begin(), b.facts.end(),
                      [](const StatedFact& x, const StatedFact& y) { return x.input == y.input && x.at == y.at; });
  }

  // ---- what is missing, what would change it

  void write_missing(const MissingReport& report) {
    page_.heading("What is missing", TextStyle::doubt);
    if (report.sets.empty()) {
      page_.paragraph(2, "No set of up to " + number_words(report.searched_size, "answer", "answers") +
                             " can settle it alone.");
    } else {
      page_.paragraph(2, "Each of these can settle it, the most telling first:");
      for (const MissingSet& set : report.sets)
        write_missing_set(set);
      write_left_out(report.left_out);
    }
    write_stopped(report.is_complete);
    if (!report.certain) {
      page_.paragraph(2, "No set of answers was found that settles it for certain.");
      return;
    }
    std::string names;
    for (const InputId input : *report.certain)
      names += (names.empty() ? "" : ", ") + dictionary_[input].name;
    std::string text = "Settled for certain, whatever the answers are, by " +
                       number_words(report.certain->size(), "answer", "answers") + ": " + names;
    if (report.certain_extent == Extent::smallest) text += " (fewer are not enough)";
    if (report.certain_extent == Extent::irreducible) text += " (none of them can be left out)";
    page_.paragraph(2, text + ".");
  }

  void write_missing_set(const MissingSet& set) {
    for (std::size_t i = 0; i < set.inputs.size(); ++i) {
      const InputInfo& input = dictionary_[set.inputs[i]];
      page_.paragraph(2, input.question + " (" + input.name + ")", TextStyle::bold, i == 0 ? "? " : "+ ");
    }
    std::string text =
        "settled by " + std::to_string(set.settling) + " of " + number_words(set.combinations, "answer", "answers");
    for (const Settled& example : set.examples) {
      std::string answers;
      for (const Answer& answer : example.answers)
        answers += (answers.empty() ? "" : ", ") + value_words(dictionary_, answer.input, answer.value);
      text += (&example == &set.examples.front() ? ": with " : "; with ") + answers + " it is " +
              std::string(outcome_words(example.becomes));
    }
    page_.paragraph(6, text);
  }

  void write_changes(const ChangeReport& report) {
    page_.heading("What would change it");
    if (report.proposals.empty()) {
      page_.paragraph(2, "No change of up to " + number_words(report.searched_size, "fact", "facts") + " would.");
      write_stopped(report.is_complete);
      return;
    }
    const std::size_t size = report.proposals.front().changes.size();
    page_.paragraph(2, size == 1 ? "Any one of these facts, all else being as it is:"
                                 : "Any of these, " + std::to_string(size) + " facts at once; fewer are not enough:");
    for (const ChangeProposal& proposal : report.proposals)
      write_proposal(proposal);
    write_left_out(report.left_out);
    write_stopped(report.is_complete);
  }

  void write_stopped(bool is_complete) {
    if (!is_complete) page_.paragraph(2, "The search was stopped; there may be more.", TextStyle::doubt);
  }

  void write_left_out(std::size_t count) {
    if (count > 0)
      page_.paragraph(2, "And " + number_words(count, "other set", "other sets") + " of facts.", TextStyle::faint);
  }

  void write_proposal(const ChangeProposal& proposal) {
    for (std::size_t i = 0; i < proposal.changes.size(); ++i) {
      const ChangedFact& change = proposal.changes[i];
      std::string text = fact_words(dictionary_, change.input, change.to) + " instead of " +
                         value_words(dictionary_, change.input, change.from);
      if (i + 1 == proposal.changes.size()) text += ": it would be " + std::string(outcome_words(proposal.becomes));
      page_.paragraph(2, text, TextStyle::plain, i == 0 ? "* " : "+ ");
    }
  }

  // ---- the whole decision

  void write_overview() {
    std::vector<const ActionExplanation*> left;
    for (const ActionExplanation& action : explanation_.actions)
      left.push_back(&action);
    while (!left.empty()) {
      const ActionExplanation& first = *left.front();
      const auto rest = std::stable_partition(left.begin(), left.end(),
                                              [&](const ActionExplanation* a) { return is_told_together(*a, first); });
      write_brief({left.begin(), rest});
      left.erase(left.begin(), rest);
    }
    write_cautions(page_, dictionary_, decision_, questions_);
    write_differential_reasons();
    if (decision_.stage) {
      write_pathway(page_, dictionary_, decision_, questions_);
      if (explanation_.stage) {
        page_.paragraph(2, "in this stage because of:");
        write_facts(*explanation_.stage, 4);
      }
    }
    write_questions();
  }

  void write_questions() {
    if (questions_.all().empty()) return;
    page_.heading("Questions still open", TextStyle::doubt);
    for (std::size_t i = 0; i < questions_.all().size(); ++i) {
      const InputInfo& input = dictionary_[questions_.all()[i]];
      page_.paragraph(2, input.question + " (" + input.name + ")", TextStyle::plain, std::to_string(i + 1) + "  ");
    }
  }

  static bool is_told_together(const ActionExplanation& a, const ActionExplanation& b) {
    if (a.outcome != b.outcome || a.rules.size() != b.rules.size() || a.reason.has_value() != b.reason.has_value())
      return false;
    for (std::size_t i = 0; i < a.rules.size(); ++i)
      if (a.rules[i].rule != b.rules[i].rule || a.rules[i].standing != b.rules[i].standing ||
          a.rules[i].verb != b.rules[i].verb)
        return false;
    if (a.reason) return is_same(*a.reason, *b.reason);
    return a.recommendation && b.recommendation && a.recommendation->missing == b.recommendation->missing;
  }

  void write_brief(const std::vector<const ActionExplanation*>& group) {
    page_.empty_line();
    for (const ActionExplanation* action : group)
      page_.paragraph(0, action_words(dictionary_[action->action]), style_of(action->outcome));
    const ActionExplanation& first = *group.front();
    page_.paragraph(2, headline(first));
    for (const RuleExplanation& rule : first.rules)
      write_rule(rule, first.reason);
    if (first.reason) {
      page_.paragraph(2, "because of:");
      write_facts(*first.reason, 4);
    }
    if (first.missing) write_brief_missing(*first.missing);
  }

  void write_brief_missing(const MissingReport& report) {
    if (report.sets.empty()) {
      page_.paragraph(2, "no single answer settles it");
      return;
    }
    page_.paragraph(2, "can be settled by one answer, the most telling first:");
    for (const MissingSet& set : report.sets)
      page_.paragraph(4, dictionary_[set.inputs.front()].question + " (" + dictionary_[set.inputs.front()].name + ")",
                      TextStyle::plain, "? ");
  }

  void write_differential_reasons() {
    write_differentials(page_, dictionary_, decision_, questions_);
    for (std::size_t i = 0; i < explanation_.differentials.size(); ++i) {
      if (!explanation_.differentials[i]) continue;
      const auto id = decision_.differentials[i].differential;
      page_.paragraph(2, dictionary_.differentials[id.index()].name + " is so because of:");
      write_facts(*explanation_.differentials[i], 4);
    }
  }

  TextPage page_;
  const Dictionary& dictionary_;
  const PatientCase& case_;
  const Explanation& explanation_;
  const Decision& decision_;
  OpenQuestions questions_;
};

} // namespace

std::string explanation_to_text(const Dictionary& dictionary, const PatientCase& patient_case,
                                const Explanation& explanation, const ExplanationTextOptions& options) {
  return ExplanationText(dictionary, patient_case, explanation, options).write(explanation.is_overview);
}

} // namespace aceso
