#pragma once
/// Two guidelines as one decision graph: the inputs that they share are one input, nodes that say the same are one
/// node, and every action stands there twice, once as each guideline speaks of it. A question about one patient and
/// both guidelines is then a question about one graph: what is the same in the text costs nothing, and what neither
/// encoding can say exactly is left free only once.
///
/// Allows every patient that both guidelines accept. Where a patient stands in a pathway is an input of the joint
/// graph, one for both where the pathways say the same.

#include <memory>

#include "analyse/matching.h"
#include "analyse/witness.h"

namespace aceso::analyse {

class JointGraph {
public:
  /// Both graphs have to be sound and must outlive it. `labels` tell apart what has one name and is not the same:
  /// "age (old)". The joint graph has no rule until `keep` was called.
  JointGraph(const graph::Graph& first, const graph::Graph& second, std::string first_label, std::string second_label);

  [[nodiscard]] const graph::Graph& source(Side side) const { return *sources_[at(side)]; }
  [[nodiscard]] const Matching& matching() const { return matching_; }
  [[nodiscard]] const graph::Graph& graph() const { return graph_; }

  /// The rules about this action, and about those that must not be advised with it, are the same on both sides.
  [[nodiscard]] bool is_same_text(std::size_t action) const;
  [[nodiscard]] bool is_same_caution(std::size_t caution) const;
  /// They are calculated in the same way.
  [[nodiscard]] bool is_same_value(DefinitionId first, DefinitionId second) const;
  [[nodiscard]] bool is_same_constraint(ConstraintId first, ConstraintId second) const;
  [[nodiscard]] bool is_same_differential(DifferentialId first, DifferentialId second) const;
  [[nodiscard]] bool is_same_pathway() const { return same_pathway_; }
  [[nodiscard]] bool is_same_stages() const { return same_stages_; }

  /// Makes `graph()` hold the rules that decide these actions (positions in `matching().actions`), these cautions, and
  /// nothing that none of them needs.
  void keep(const std::vector<std::size_t>& actions, const std::vector<std::size_t>& cautions);

  /// The action of the joint graph that stands for it on this side; one of those that were kept, or a rival of one.
  [[nodiscard]] ActionId action(Side side, std::size_t action) const;
  [[nodiscard]] NodeId caution(Side side, std::size_t caution) const; ///< of `graph()`
  /// Where a rule of the joint graph comes from.
  struct Origin {
    Side side;
    RuleId rule;
  };
  [[nodiscard]] Origin origin(RuleId joint) const { return origins_[joint.index()]; }
  /// The rules of the joint graph that speak about the action, or about its rivals, and are not the same on both sides.
  [[nodiscard]] std::vector<RuleId> changed_rules(std::size_t action) const;

  /// Histories that lead into the stages of one side.
  void set_histories(Side side, WitnessBuilder::Histories histories) { histories_[at(side)] = std::move(histories); }
  [[nodiscard]] bool uses_stage() const;
  /// The node of the stage input, of whether the guideline applies, and of the condition of each way (by transition);
  /// invalid where the stage does not matter for what was kept, or there is no condition.
  struct Standing {
    NodeId stage, applies;
    std::vector<NodeId> ways;
  };
  [[nodiscard]] const Standing& standing(Side side) const { return standing_[at(side)]; }
  [[nodiscard]] bool has_history(Side side, std::size_t stage) const {
    return stage < histories_[at(side)].size() && histories_[at(side)][stage].has_value();
  }
  /// The input of `graph()` says where the patient stands in a pathway.
  [[nodiscard]] bool is_stage(InputId input) const;
  /// The patient of an evaluation of the joint graph as this guideline would be told of him.
  [[nodiscard]] PatientCase case_for(Side side, const reference::Snapshot& snapshot) const;

  /// Why an answer may be incomplete: things that are not compared, in whole sentences.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }
  /// The outcome of this action may depend on something that is not compared.
  [[nodiscard]] bool depends_on_left_out(std::size_t action) const;
  [[nodiscard]] bool caution_depends_on_left_out(std::size_t caution) const;

private:
  struct Lowered;
  void lower(bool with_shared_stages);
  void add_inputs();
  void add_actions();
  void sign_rules();
  [[nodiscard]] TypeInfo type_of_input(const Match<InputId>& match);
  [[nodiscard]] bool is_left_out_behind(std::vector<bool> marked) const;
  [[nodiscard]] std::vector<std::size_t> with_rivals(Side side, std::size_t action) const;

  const graph::Graph* sources_[2];
  std::string labels_[2];
  Matching matching_;
  graph::Graph pool_;                   ///< all nodes of both, before `keep`
  graph::Graph graph_;                  ///< what was kept
  std::vector<InputId> inputs_[2];      ///< by input of the side: that of the joint graph
  std::vector<std::size_t> actions_[2]; ///< by action of the side: position in matching
  std::vector<std::size_t> stages_[2];  ///< by stage of the side: member of the stage input
  InputId stage_input_[2];
  std::vector<NodeId> nodes_[2];                ///< by node of the side: that of the pool
  std::vector<std::uint32_t> differentials_[2]; ///< by differential of the side: that of the pool
  std::vector<NodeId> conditions_[2];           ///< by rule of the side, `applies` included
  std::vector<NodeId> caution_nodes_[2];        ///< by caution of `matching_`, in the pool
  std::vector<NodeId> kept_cautions_[2];
  std::vector<std::string> rule_marks_[2];                             ///< equal for rules that mean the same
  std::vector<std::vector<std::pair<RuleId, std::size_t>>> voices_[2]; ///< by action of matching: rule, advice
  std::vector<std::vector<std::size_t>> rivals_[2];                    ///< by action of matching
  std::vector<Origin> origins_;
  Standing pool_standing_[2], standing_[2];
  std::vector<ActionId> split_[2];   ///< by action of matching: that of `graph_`
  std::vector<std::size_t> about_;   ///< by action of `graph_`: that of matching
  std::vector<InputId> kept_inputs_; ///< by input of the pool: that of `graph_`, invalid where nothing needs it
  std::vector<std::vector<std::uint32_t>> members_[2]; ///< by type of the side: its members in the joint type
  std::vector<std::uint32_t> concepts_[2];             ///< by concept of the side
  std::vector<bool> loose_;                            ///< by input of the pool: not compared in every respect
  WitnessBuilder::Histories histories_[2];
  std::vector<std::string> left_out_;
  bool same_pathway_ = true, same_stages_ = true;
};

} // namespace aceso::analyse
