#pragma once
/// A program of planes (batch/program.h) for one patient, as few look-ups: up to eight bits make an index, and a table
/// of constants says what up to eight nodes are. It is what logic synthesis does for gate arrays: each node has a few
/// cuts, sets of bits that settle it, and the cheapest of them that reach every result are taken.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "batch/program.h"

namespace aceso::lookup {

/// Of 256 combinations of bits, those in which something holds.
using Holds = std::array<std::uint64_t, 4>;

class Cover {
public:
  static constexpr std::size_t most_leaves = 8, most_results = 8;

  /// A result is a number: `base`, and the additions of all terms that hold, modulo 2^64.
  struct Term {
    batch::Literal when;
    std::uint64_t addition = 0;
  };
  struct Result {
    std::uint64_t base = 0;
    std::vector<Term> terms; ///< `when` is neither never nor always
  };
  Cover(const batch::Program& program, std::span<const Result> results);

  /// Bits are known by their node in the cover, which for those of the program is not that of the program.
  using Node = std::uint32_t;
  /// A node that is not looked up but computed from facts or numbers, and the level after which it can be.
  struct Source {
    Node node = 0;
    std::uint32_t plane = 0; ///< in the program
    unsigned level = 0;      ///< 0: from facts alone
  };
  struct Lookup {
    std::vector<Node> leaves, nodes;
    unsigned level = 1; ///< leaves are of lower levels
  };
  /// Terms of a result that are looked up together, in 2 to the power of the number of leaves entries.
  struct Sum {
    std::size_t result = 0;
    std::vector<Node> leaves;
    std::vector<Term> terms; ///< `when` is of the cover
  };
  std::vector<Source> sources; ///< by level
  std::vector<Lookup> lookups; ///< by level
  std::vector<Sum> sums;       ///< by result
  /// The literal of the cover for a condition of a number; it is there once its level is done.
  [[nodiscard]] batch::Literal literal(batch::Literal of) const {
    return batch::Literal::of(node_of_[of.node()], of.is_inverted());
  }
  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

  /// For each combination of the leaves, of which bit i is leaf i: bit i is whether node i of these holds.
  [[nodiscard]] std::vector<std::uint64_t> entries(std::span<const Node> leaves, std::span<const Node> of) const;
  /// Likewise: what the terms of a sum and `base` add up to.
  [[nodiscard]] std::vector<std::uint64_t> entries(std::span<const Node> leaves, const Sum& of,
                                                   std::uint64_t base) const;

private:
  /// Where the nodes hold, as functions of the leaves.
  [[nodiscard]] std::vector<Holds> tables(std::span<const Node> leaves, std::span<const Node> of) const;
  struct Gate {
    batch::PlaneOp op = batch::PlaneOp::zero; ///< conjunction, exclusive_or, choose; all others are sources
    std::uint32_t first = 0, count = 0;       ///< among operands_
    std::uint32_t plane = 0;                  ///< of a source
  };
  struct Cut {
    std::array<Node, most_leaves> leaves{};
    std::uint8_t size = 0;
    float flow = 0;  ///< of look-ups, each shared among those that use it
    float depth = 0; ///< of look-ups that follow each other, the leaves' own included
  };
  [[nodiscard]] bool is_source(Node node) const { // zero is settled by no bits at all
    const batch::PlaneOp op = nodes_[node].op;
    return op != batch::PlaneOp::conjunction && op != batch::PlaneOp::exclusive_or && op != batch::PlaneOp::choose &&
           op != batch::PlaneOp::zero;
  }
  void read_nodes(std::span<const Result> results);
  Node add(batch::PlaneOp op, std::span<const batch::Literal> operands);
  void find_cuts(Node node);
  [[nodiscard]] static bool unite(const Cut& a, const Cut& b, std::size_t most, Cut& both);
  void weigh(Cut& cut) const;
  static void keep_best(std::vector<Cut>& cuts, std::size_t most);
  [[nodiscard]] std::vector<Cut> united(std::span<const Cut> so_far, Node node, std::size_t most) const;
  void add_sums(std::size_t result, const Result& of);
  void choose();
  void need_number(std::uint32_t number);
  [[nodiscard]] unsigned level_of_number(std::uint32_t number);
  void pack();

  const batch::Program& program_;
  std::vector<Gate> nodes_;
  std::vector<batch::Literal> operands_;
  std::vector<Node> node_of_;          ///< by plane of the program
  std::vector<std::uint32_t> uses_;    ///< by node
  std::vector<std::vector<Cut>> cuts_; ///< by node, the best first; the node alone is not among them
  std::vector<float> flow_, depth_;    ///< by node
  std::vector<bool> needed_, seen_;    ///< nodes; numbers
  std::vector<unsigned> level_, number_level_;
};

} // namespace aceso::lookup
