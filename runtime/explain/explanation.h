#pragma once
/// Why a decision is as it is, what is missing, and what would change it. Everything is found by asking an engine again
/// with facts left out, added or changed, so that every engine explains itself in the same way
/// (docs/decisions/0010-explanations.md says what each claim means). Plain data; nothing here writes to a stream.

#include <optional>
#include <string>
#include <vector>

#include "module/decision.h"
#include "module/engine.h"

namespace aceso {

/// What a recommendation comes to. Only a change between these counts as a change.
enum class Outcome : std::uint8_t { advised, advised_against, conflict, not_advised, undetermined };
[[nodiscard]] std::string_view to_text(Outcome outcome); ///< "advised_against"
/// An action that no rule speaks about is not advised.
[[nodiscard]] Outcome outcome_of(const Decision& decision, ActionId action);

/// A statement of the case.
struct StatedFact {
  InputId input;
  Value value;
  ZonedInstant at;
};

/// How far a search came.
enum class Extent : std::uint8_t {
  smallest,    ///< no smaller one exists
  irreducible, ///< nothing can be left out; a smaller one of other parts may exist
  unfinished   ///< the evaluations that were allowed did not suffice; something might be left out
};
[[nodiscard]] std::string_view to_text(Extent extent);

/// Facts of the case that by themselves give the same answer.
struct Reason {
  std::vector<StatedFact> facts;     ///< in time order, then in the order of the declarations
  std::vector<AssumedInput> assumed; ///< values that the guideline assumes and without which it would not hold
  Extent extent = Extent::unfinished;
};

enum class RuleStanding : std::uint8_t {
  effective,   ///< it fires and speaks
  overridden,  ///< it fires, and another rule takes its place
  chose_other, ///< it fires, and its table chose another action
  open,        ///< not decided yet
  held_back    ///< its condition does not hold
};
[[nodiscard]] std::string_view to_text(RuleStanding standing);

struct RuleExplanation {
  RuleId rule;
  Verb verb = Verb::recommend; ///< what it says about the action
  RuleStanding standing = RuleStanding::open;
  std::vector<RuleId> overridden_by; ///< the rules that fire and override it
  std::optional<Reason> reason;      ///< held_back: what keeps it from firing; overridden: why the others fire
};

struct Answer {
  InputId input;
  Value value;
};

/// What comes of answers.
struct Settled {
  std::vector<Answer> answers;
  Outcome becomes = Outcome::undetermined;
};

/// Inputs that can settle an undetermined outcome, all of them together.
struct MissingSet {
  std::vector<InputId> inputs;   ///< in the order of the declarations
  std::size_t settling = 0;      ///< combinations of representative answers that settle it ...
  std::size_t combinations = 0;  ///< ... of those that the constraints allow
  std::vector<Settled> examples; ///< the first combination that settles it, and the first of each other outcome
};

struct MissingReport {
  std::vector<MissingSet> sets; ///< by size, then the most informative first, then in declaration order
  unsigned searched_size = 0;   ///< all sets up to this size were looked at
  bool is_complete = false;     ///< no set beyond was left out for want of evaluations
  std::size_t left_out = 0;     ///< further sets of more than one input, which were found and are not told
  /// Inputs whose answers settle it whatever they are; nothing where there are none or they were not found in time.
  std::optional<std::vector<InputId>> certain;
  Extent certain_extent = Extent::unfinished;
};

struct ChangedFact {
  InputId input;
  Value from, to; ///< `from` is unknown where the case says nothing; `to` is stated at the instant of the case
};

struct ChangeProposal {
  std::vector<ChangedFact> changes;
  Outcome becomes = Outcome::undetermined;
};

struct ChangeReport {
  std::vector<ChangeProposal> proposals; ///< all of one size, the smallest at which there are any
  unsigned searched_size = 0;            ///< all changes of up to so many facts were looked at
  std::size_t left_out = 0;              ///< further ones of more than one fact, which were found and are not told
  bool is_complete = true;               ///< false: the search was stopped before all of that size were tried
};

struct ActionExplanation {
  ActionId action;
  std::optional<Recommendation> recommendation; ///< nothing where no rule speaks about it
  Outcome outcome = Outcome::not_advised;
  std::optional<Reason> reason; ///< settled outcomes only
  std::vector<RuleExplanation> rules;
  std::optional<MissingReport> missing; ///< undetermined only
  std::optional<ChangeReport> changes;  ///< settled outcomes, where asked for
};

struct Explanation {
  Decision decision;
  bool is_overview = false; ///< of the whole decision, each action in brief
  std::vector<ActionExplanation> actions;
  std::optional<Reason> applies;                    ///< where it is known whether the guideline applies
  std::optional<Reason> stage;                      ///< why the patient stands in this stage since then
  std::vector<std::optional<Reason>> differentials; ///< parallel to Decision::differentials; the decided ones
  std::size_t evaluations = 0;                      ///< how often the engine was asked
};

struct ExplainOptions {
  std::optional<ActionId> action; ///< nothing: all that are advised, in conflict or undetermined, in brief
  bool why_not = false;           ///< also, rule by rule, why those that speak for the action do not carry the day
  unsigned largest_set = 3;       ///< of missing inputs and of changed facts
  std::size_t most_sets = 8;      ///< told of each kind, beside those of a single input, which are all told
  std::size_t evaluations = 6000; ///< for each of: one reason, what is missing, what is certain, what would change it;
                                  ///< fewer for a case of more than 100 statements
};

struct ExplainResult {
  std::vector<CaseFault> faults; ///< not empty: the case gives no decision, and `explanation` is meaningless
  Explanation explanation;
};

/// Never throws for a case that `read_case` accepted. The same for every engine, and for equal cases the same.
[[nodiscard]] ExplainResult explain(Engine& engine, const PatientCase& patient_case,
                                    const ExplainOptions& options = {});

/// For JSON (docs/schemas/explanation.schema.json): equal explanations give equal bytes.
[[nodiscard]] std::string explanation_to_json(const Dictionary& dictionary, const Explanation& explanation);

struct ExplanationTextOptions {
  bool color = false;
  unsigned width = 100; ///< columns
};
/// For a clinician at a terminal.
[[nodiscard]] std::string explanation_to_text(const Dictionary& dictionary, const PatientCase& patient_case,
                                              const Explanation& explanation,
                                              const ExplanationTextOptions& options = {});

} // namespace aceso
