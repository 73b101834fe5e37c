#pragma once
/// Instructions for the nodes of a graph. Internal to codegen.

#include <initializer_list>
#include <map>
#include <span>

#include "codegen/registers.h"

namespace aceso::codegen {

class Lowering {
public:
  Lowering(const graph::Graph& graph, Module& module);

  /// Gives every input its register, in the order of declaration.
  void place_inputs();
  /// Writes the instructions for these nodes and all they need, as far as they have none yet. Invalid ids are passed
  /// over.
  void lower(const std::vector<NodeId>& roots);

  /// Of a lowered node.
  [[nodiscard]] const Place& place(NodeId id) const { return *places_[id.index()]; }
  [[nodiscard]] std::uint32_t truth(NodeId id) const { return id.is_valid() ? place(id).index : no_register; }

private:
  using Opcode = bytecode::Opcode;
  using Word = bytecode::Word;
  using Node = graph::Node;

  void lower_node(NodeId id);
  [[nodiscard]] Place lower_constant(const Node& node);
  [[nodiscard]] Place lower_input(const Node& node);
  [[nodiscard]] Place lower_connective(const Node& node);
  [[nodiscard]] Place lower_known(const Node& node);
  [[nodiscard]] Place lower_comparison(const Node& node);
  [[nodiscard]] Place lower_conditional(const Node& node);
  [[nodiscard]] Place lower_table(const Node& node);
  [[nodiscard]] Place lower_lookup(const Node& node, const std::vector<Value>& list);
  [[nodiscard]] Place lower_series(const Node& node);
  [[nodiscard]] Place lower_round(const Node& node);
  /// Arithmetic on steps; nothing where it might not fit.
  [[nodiscard]] std::optional<Place> lower_arithmetic(const Node& node);
  [[nodiscard]] std::optional<Place> lower_convert(const Node& node);
  /// On values, exactly.
  [[nodiscard]] Place lower_exactly(const Node& node);

  std::uint32_t emit(Opcode opcode, std::initializer_list<Word> operands);
  std::uint32_t emit_many(Opcode opcode, std::vector<Word> before, const std::vector<Word>& group,
                          std::size_t group_size = 1);
  [[nodiscard]] Place truth_place(std::uint32_t index) const { return {index, {Representation::Form::truth, 1}}; }
  [[nodiscard]] Place value_place(std::uint32_t index) const { return {index, {Representation::Form::value, 1}}; }

  [[nodiscard]] std::vector<Word> truths(const Node& node, std::size_t first = 0, std::size_t stride = 1) const;
  /// The node as a number of these steps; nothing where it is none.
  [[nodiscard]] std::optional<std::uint32_t> as_number(NodeId id, const Representation& wanted);
  [[nodiscard]] std::uint32_t as_value(NodeId id);
  [[nodiscard]] std::uint32_t as_value(const Place& place);
  [[nodiscard]] Representation wanted(const Node& node) const;
  [[nodiscard]] static bool is_real(const Node& node);
  [[nodiscard]] Word representation(const Representation& each);
  [[nodiscard]] Word parameters(const Parameters& each);

  const graph::Graph& graph_;
  Module& module_;
  RegisterFile registers_;
  std::vector<std::optional<Place>> places_;
  std::map<std::tuple<std::uint32_t, std::int64_t, std::int64_t>, std::uint32_t> scaled_; ///< node, step
  std::map<std::pair<bytecode::Space, std::uint32_t>, std::uint32_t> boxed_;
};

} // namespace aceso::codegen
