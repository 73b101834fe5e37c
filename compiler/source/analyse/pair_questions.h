#pragma once
/// Questions about one patient and two guidelines. What no engine shows on both sides is no answer.

#include "analyse/deep.h"
#include "analyse/excerpts.h"
#include "analyse/joint_graph.h"

namespace aceso::analyse {

/// What one guideline says about one action, as far as it is compared: manner and term only count where it is advised.
struct Said {
  RecommendationStatus status = RecommendationStatus::not_advised;
  std::optional<Verb> verb;
  Strength strength = Strength::none;
  Urgency urgency = Urgency::none;
  std::optional<Period> within;
  friend bool operator==(const Said& a, const Said& b);
};
/// "recommend strong urgently within 2 wk", "not advised", "not decided: facts are missing".
[[nodiscard]] std::string to_text(const Said& said);
/// Of an evaluation; an action that no rule speaks about is not advised.
[[nodiscard]] Said said_about(const reference::Evaluation& evaluation, ActionId action);

/// What both guidelines say about one patient; actions and cautions by their position in the matching.
struct Heard {
  std::function<Said(Side, std::size_t)> about;
  std::function<Truth(Side, std::size_t)> caution;
  /// By side, where the guidelines' own engines were asked.
  std::shared_ptr<const std::vector<reference::Evaluation>> evaluations = nullptr;
};

struct PairWitness {
  Witness joint;                                                         ///< in the words of the joint graph
  PatientCase cases[2];                                                  ///< by side
  std::shared_ptr<const std::vector<reference::Evaluation>> evaluations; ///< by side, of the guidelines' own engines
};

/// In guidelines with more rules the patient is shown to the engine with only the rules that bear on what is asked.
constexpr std::size_t most_rules_for_engine = 256;

class PairQuestions {
public:
  using Shows = std::function<bool(const Heard&)>;
  struct Reply {
    Verdict verdict = Verdict::undecided; ///< proved: there is no such patient
    std::optional<PairWitness> witness;
  };

  /// `joint` must outlive it, and have kept what is asked about.
  PairQuestions(const JointGraph& joint, Budget budget, std::size_t most_rules = most_rules_for_engine);

  [[nodiscard]] Encoding& encoding() { return encoding_; }
  [[nodiscard]] Reply ask(std::vector<Lit> wanted, const Shows& shows);

  /// Nobody fits who stands in stages of the same name in both guidelines, or in none.
  [[nodiscard]] bool is_impossible_in_same_stage(std::vector<Lit> wanted);

  /// The guidelines say different things about the action.
  [[nodiscard]] Lit differs(std::size_t action);
  /// This side says exactly this.
  [[nodiscard]] Lit says(Side side, std::size_t action, const Said& said);
  /// Advised for, or against, whatever else.
  [[nodiscard]] Lit advises(Side side, std::size_t action, bool in_favour);
  [[nodiscard]] TruthLits caution(Side side, std::size_t caution);

  [[nodiscard]] std::uint64_t questions() const { return sat_.questions(); }
  [[nodiscard]] std::uint64_t patients_tried() const { return witnesses_.evaluations(); }
  /// What both guidelines say about the patient of an evaluation of the joint graph, asked from their own engines.
  [[nodiscard]] std::optional<Heard> hear(const reference::Snapshot& snapshot, PatientCase* cases) const;

private:
  struct Step; ///< one yes/no question whose answers together are a `Said`
  [[nodiscard]] std::vector<Step> steps(std::size_t action) const;
  [[nodiscard]] Lit takes(Side side, std::size_t action, const Step& step);
  void make_excerpts(std::size_t most_rules);
  [[nodiscard]] reference::Evaluation evaluate(Side side, const PatientCase& patient) const;
  [[nodiscard]] Heard hear_joint(const reference::Evaluation& evaluation) const;
  [[nodiscard]] std::vector<Lit> found_stage_literals();
  [[nodiscard]] Reply ask_once(std::vector<Lit> wanted, const Shows& shows);
  [[nodiscard]] std::vector<Lit> stages(Side side);
  void know_stages();

  const JointGraph& joint_;
  std::optional<Excerpt> excerpts_[2]; ///< by side, where the guideline is large
  Sat sat_;
  Encoding encoding_;
  WitnessBuilder witnesses_;
  /// The patient stands in one stage in both guidelines, a known history leads there, and no way out of it is open.
  std::vector<Lit> at_rest_, same_stage_;
};

} // namespace aceso::analyse
