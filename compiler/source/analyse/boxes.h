#pragma once
/// Tables whose rows ask for ranges of single inputs, as boxes on a grid: which rows meet, what a set of rows leaves
/// uncovered. No solver is needed for these questions, and they stay quick for thousands of rows.
///
/// The grid has one place for every value that an input can take (its step, its members), so the answers are exact for
/// patients of whom everything is known. For comparisons, `and`, `or` and `not` that is enough: a row that matches
/// while something is unknown matches as well when it becomes known.

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"

namespace aceso::analyse {

/// Places on the grid of one input, both ends included; empty where `low > high`.
struct Places {
  std::int64_t low = 0, high = 0;
};
/// One entry for each input of the table.
using Box = std::vector<Places>;
using Point = std::vector<std::int64_t>;

/// Boxes over the same inputs, one after the other: for each input its first place, then its last one negated, so that
/// "reaches beyond" is "smaller" in each lane, and many lanes are compared at once. Lanes that fill up are 0.
class FlatBoxes {
public:
  using Lane = std::int32_t;
  static constexpr std::size_t lanes_at_once = 4;

  explicit FlatBoxes(std::size_t inputs = 0)
      : width_((2 * inputs + lanes_at_once - 1) / lanes_at_once * lanes_at_once) {}
  void add(const Box& box);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const Lane* lanes(std::size_t box) const { return lanes_.data() + box * width_; }
  [[nodiscard]] bool contains(std::size_t outer, std::size_t inner) const;

private:
  std::size_t width_, count_ = 0;
  std::vector<Lane> lanes_;
};

class BoxTable {
public:
  /// Nothing where a condition of a row is not a box: it compares inputs with each other, asks whether something is
  /// known, derives a value.
  [[nodiscard]] static std::optional<BoxTable> from(const graph::Graph& graph, NodeId table);

  [[nodiscard]] std::size_t row_count() const { return rows_.size(); }
  [[nodiscard]] const Box& row(std::size_t index) const { return rows_[index]; }
  [[nodiscard]] const FlatBoxes& flat() const { return flat_; }
  [[nodiscard]] const Box& whole() const { return whole_; }
  [[nodiscard]] const std::vector<InputId>& inputs() const { return inputs_; }
  [[nodiscard]] Value value(std::size_t input, std::int64_t place) const;
  /// The place of a value; nothing for one that is not on the grid.
  [[nodiscard]] std::optional<std::int64_t> place(std::size_t input, const Value& value) const;
  /// Where this condition, one of a row or a part of one, holds. Nothing where it is not a box.
  [[nodiscard]] std::optional<Box> box_of(NodeId condition) const;

private:
  explicit BoxTable(const graph::Graph& graph) : graph_(&graph) {}
  bool add_inputs(NodeId condition);
  /// Leaves of `box` what the condition lets through; false where that is no box.
  [[nodiscard]] bool narrow(Box& box, NodeId condition) const;
  /// A comparison of one input with a constant: what it leaves of that input.
  struct Side {
    std::size_t input;
    Places places;
  };
  [[nodiscard]] std::optional<Side> side_of(const graph::Node& node) const;
  [[nodiscard]] std::optional<std::size_t> position(NodeId node) const;

  const graph::Graph* graph_;
  std::vector<InputId> inputs_;
  Box whole_;
  std::vector<Box> rows_;
  FlatBoxes flat_;
};

[[nodiscard]] bool is_empty(const Box& box);
[[nodiscard]] bool meet(const Box& a, const Box& b);
[[nodiscard]] bool contains(const Box& outer, const Box& inner);
/// What both have in common; perhaps empty.
[[nodiscard]] Box common(const Box& a, const Box& b);
[[nodiscard]] Places common(const Places& a, const Places& b);

/// By input of the table: where a patient stands of whom these facts (each with `input` and `value`) are known; -1
/// where that is unknown.
template <class Facts>
[[nodiscard]] Point places_of(const BoxTable& boxes, const Facts& facts) {
  Point places(boxes.inputs().size(), -1);
  for (const auto& fact : facts)
    for (std::size_t i = 0; i < places.size(); ++i)
      if (boxes.inputs()[i] == fact.input) places[i] = boxes.place(i, fact.value).value_or(-1);
  return places;
}

/// A place of `box` that none of the others covers.
struct Uncovered {
  enum class Answer : std::uint8_t { found, covered, gave_up } answer = Answer::gave_up;
  Point point;                   ///< found
  std::vector<std::size_t> used; ///< covered: positions in `others` that suffice, ascending; perhaps not the fewest
};
/// Splits the box along one of the others at a time, the one that leaves the fewest ways out, and stops where one
/// covers it. `budget`: how many boxes of all lists may be looked at.
[[nodiscard]] Uncovered find_uncovered(const Box& box, const std::vector<const Box*>& others, std::int64_t budget);
/// The same for some of many boxes, of which `others` gives the numbers.
[[nodiscard]] Uncovered find_uncovered(const Box& box, const FlatBoxes& boxes, const std::vector<std::uint32_t>& others,
                                       std::int64_t budget);

/// For each row, the earlier rows that meet it, ascending.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> earlier_meeting(const BoxTable& table);

} // namespace aceso::analyse
