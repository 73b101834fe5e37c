#pragma once
/// Two versions of one guideline: for which patients does the advice differ? "The same" is only said where it is proved
/// for every patient that both versions accept.

#include "analyse/pair_questions.h"

namespace aceso::analyse {

struct DiffOptions {
  Budget budget;
  std::size_t most_groups = 20; ///< of one action; more are counted as one
  std::size_t most_rules = most_rules_for_engine;
};

/// Patients of whom the old version says one thing and the new version another.
struct AdviceGroup {
  Said before, after;
  PairWitness witness;
  std::vector<RuleId> rules[2]; ///< behind what is said, by side
};
struct ActionDiff {
  std::size_t action = 0;             ///< position in the matching
  Verdict verdict = Verdict::proved;  ///< proved: the same for every patient; refuted: see `groups`
  bool is_same_text = false;          ///< nothing that decides it was changed
  bool has_more = false;              ///< further groups were not looked for, or could not be decided
  bool is_same_in_each_stage = false; ///< undecided, but proved for whoever stands in the same stage of both
  bool is_left_out = false;           ///< undecided, because it may depend on what is not compared
  std::vector<AdviceGroup> groups;
};
struct CautionGroup {
  Truth before = Truth::no, after = Truth::no;
  PairWitness witness;
};
struct CautionDiff {
  std::size_t caution = 0;
  Verdict verdict = Verdict::proved;
  bool has_more = false;
  bool is_left_out = false;
  std::vector<CautionGroup> groups;
};

struct DiffReport {
  std::vector<std::string> interface_changes; ///< what a caller has to know, in the order of the declarations
  std::vector<std::string> reading_changes;   ///< why the same case may be read as another patient; likewise
  std::vector<std::string> assumed_renames;   ///< what was taken for the same under another name
  std::vector<std::string> left_out;          ///< not compared
  std::vector<std::string> pathway_changes;
  std::vector<std::string> word_changes;  ///< what people read; it decides nothing
  std::vector<std::string> value_changes; ///< derived values and differentials that are calculated otherwise
  std::vector<ActionDiff> actions;
  std::vector<CautionDiff> cautions;
  std::uint64_t solver_questions = 0, patients_tried = 0;

  [[nodiscard]] std::size_t count(Verdict verdict) const;
  /// Every question is proved, nothing was left out, and a case means the same patient to both.
  [[nodiscard]] bool is_equivalent() const;
};

/// `joint` of the old and the new version, in this order. Deterministic for a budget in steps.
[[nodiscard]] DiffReport diff(JointGraph& joint, const DiffOptions& options = {});

/// How inputs, actions, cautions, constraints and stages differ, apart from what is advised.
[[nodiscard]] std::vector<std::string> interface_changes(const JointGraph& joint);
/// Inputs whose amounts in another unit stand for other values than before.
[[nodiscard]] std::vector<std::string> reading_changes(const JointGraph& joint);
/// Titles, questions, reasons and citations that are not the same, in the order of the declarations.
[[nodiscard]] std::vector<std::string> word_changes(const JointGraph& joint);
/// Derived values and differentials that are new, gone, or not calculated in the same way.
[[nodiscard]] std::vector<std::string> value_changes(const JointGraph& joint);
/// "input `age_years` is `age` of the old version (the same code)".
[[nodiscard]] std::vector<std::string> assumed_renames(const JointGraph& joint);
/// "`w` is a number in kg in cough and a number in g in tired: taken for different inputs".
[[nodiscard]] std::vector<std::string> inputs_of_other_types(const JointGraph& joint);
/// Finds histories into the stages where the question needs them.
void add_histories(JointGraph& joint, const Budget& budget);
/// The rules that the engine names behind what it says about the action.
[[nodiscard]] std::vector<RuleId> rules_behind(const reference::Evaluation& evaluation, ActionId action);

} // namespace aceso::analyse
