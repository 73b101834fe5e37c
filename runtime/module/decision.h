#pragma once
/// The answer for one patient case, in ids of the dictionary. Every engine fills this structure;
/// explain/ alone turns it into text or JSON, so that equal decisions give equal bytes.

#include <optional>
#include <string>
#include <vector>

#include "module/dictionary.h"
#include "module/patient_case.h"

namespace aceso {

enum class RecommendationStatus : std::uint8_t { advised, not_advised, conflict, undetermined, overridden };
[[nodiscard]] std::string_view to_text(RecommendationStatus status);

/// One entry for each action that some rule speaks about, in the order of the declarations of actions.
struct Recommendation {
  ActionId action;
  /// The verb that holds (advised), that is in question (undetermined), that was overridden, or the strongest
  /// verb in favour (conflict); none for not_advised.
  std::optional<Verb> verb;
  RecommendationStatus status = RecommendationStatus::not_advised;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within; ///< "within 2 weeks"
  std::vector<RuleId> rules;    ///< the rules behind the status, in declaration order
  std::vector<InputId> missing; ///< undetermined: the inputs that could settle it, in declaration order
};

struct DefinitionValue {
  DefinitionId definition;
  Value value;
  std::vector<InputId> missing; ///< where the value is unknown
};

struct CandidateResult {
  Choice candidate;
  Rational lowest, highest; ///< bounds of the score; equal when no argument is unknown
  bool confirmed = false, excluded = false;
  std::vector<std::string_view> arguments_for, arguments_against; ///< texts of the arguments that hold
};

enum class DifferentialStatus : std::uint8_t { decided, none, tie, undetermined };
[[nodiscard]] std::string_view to_text(DifferentialStatus status);

struct DifferentialResult {
  DifferentialId differential;
  DifferentialStatus status = DifferentialStatus::undetermined;
  std::optional<Choice> decided;
  std::vector<CandidateResult> candidates;
  std::vector<InputId> missing;
};

struct CautionResult {
  CautionId caution;
  Truth fires = Truth::unknown; ///< cautions that do not fire are left out
  std::vector<InputId> missing;
};

struct StageVisit {
  StageId stage;
  ZonedInstant entered_at;
};

/// A way out of the present stage that has not been taken.
struct NextStage {
  StageId to;
  std::string_view when; ///< the condition as the author wrote it
  Truth condition = Truth::unknown;
  std::optional<ZonedInstant> not_before; ///< end of the `after` wait
  std::optional<ZonedInstant> due;        ///< end of the `within` term, or of the wait where there is no term
  bool overdue = false;
  std::vector<InputId> missing;
};

struct StageResult {
  StageId stage;
  ZonedInstant entered_at;
  std::vector<StageVisit> path; ///< from the start stage, the present one last
  std::vector<NextStage> next;
  std::vector<StageId> conflict; ///< two or more ways out that hold at once and lead to different stages
};

struct MissingInput {
  InputId input;
  std::vector<std::string_view> settles; ///< names of actions, differentials, cautions and stages
  bool is_known_now = false;             ///< what is missing was found before, or has not been found yet
};

struct AssumedInput {
  InputId input;
  Value value;
};

/// Of one rule on this patient. Part of the trace, and what explanations go by; not part of a decision's JSON.
struct RuleState {
  Truth fires = Truth::unknown;     ///< the guideline applies and the condition holds
  Truth effective = Truth::unknown; ///< fires and nothing that is effective overrides it
};

/// Its texts are views of the module or the graph that the engine runs.
/// What copies, moves and destroys it stands in one place, because it is long.
struct Decision {
  Decision();
  Decision(const Decision&);
  Decision(Decision&&) noexcept;
  Decision& operator=(const Decision&);
  Decision& operator=(Decision&&) noexcept;
  ~Decision();

  Truth applies = Truth::unknown;
  ZonedInstant at;
  Zone zone;                    ///< that of the case; instants are written in it
  std::vector<RuleState> rules; ///< parallel to Dictionary::rules
  std::vector<Recommendation> recommendations;
  std::optional<StageResult> stage; ///< absent without a pathway, or before it has started
  std::vector<DefinitionValue> values;
  std::vector<DifferentialResult> differentials;
  std::vector<CautionResult> cautions;
  std::vector<MissingInput> missing; ///< those that settle most first, then in declaration order
  std::vector<AssumedInput> assumed;
  std::string trace; ///< "sha256:..." over the canonical trace
};

} // namespace aceso
