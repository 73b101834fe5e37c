#include "lookup/cover.h"

#include <algorithm>
#include <unordered_map>

namespace aceso::lookup {

using batch::Literal;
using batch::NumberNode;
using batch::NumberOp;
using batch::PlaneNode;
using batch::PlaneOp;

namespace {

constexpr std::size_t most_cuts = 6;          ///< that are kept of a node
constexpr std::size_t most_operands = 6;      ///< of one node: longer conjunctions become trees
constexpr std::size_t most_leaves_of_sum = 6; ///< its entries have eight bytes
constexpr std::size_t most_open_lookups = 64; ///< that a node is tried with
constexpr float cost_of_level = 0.5f;         ///< of look-ups that wait for each other, in look-ups
constexpr unsigned unsettled = 0xffffffff;

/// Numbers that a number node is made of, and the condition that it asks.
template <class Function, class Condition>
void each_part(const NumberNode& node, Function function, Condition condition) {
  switch (node.op) {
  case NumberOp::constant:
  case NumberOp::array: return;
  case NumberOp::choose: condition(node.condition); [[fallthrough]];
  case NumberOp::add:
  case NumberOp::subtract:
  case NumberOp::multiply:
  case NumberOp::minimum:
  case NumberOp::maximum: function(node.second); [[fallthrough]];
  case NumberOp::widen:
  case NumberOp::round: function(node.first);
  }
}

bool compares_numbers(PlaneOp op) { return op == PlaneOp::numbers_equal || op == PlaneOp::numbers_below; }

} // namespace

Cover::Cover(const batch::Program& program, std::span<const Result> results) : program_(program) {
  read_nodes(results);
  cuts_.resize(nodes_.size());
  flow_.resize(nodes_.size());
  depth_.resize(nodes_.size());
  for (Node node = 0; node < nodes_.size(); ++node)
    if (!is_source(node)) find_cuts(node);
  for (std::size_t i = 0; i < results.size(); ++i)
    add_sums(i, results[i]);
  choose();
  pack();
}

Cover::Node Cover::add(PlaneOp op, std::span<const Literal> operands) {
  std::vector<Literal> all(operands.begin(), operands.end());
  while (op == PlaneOp::conjunction && all.size() > most_operands) {
    std::vector<Literal> groups;
    for (std::size_t i = 0; i < all.size(); i += most_operands) {
      const auto part = std::span<const Literal>(all).subspan(i, std::min(most_operands, all.size() - i));
      groups.push_back(part.size() == 1 ? part[0] : Literal::of(add(PlaneOp::conjunction, part)));
    }
    all = std::move(groups);
  }
  nodes_.push_back({op, static_cast<std::uint32_t>(operands_.size()), static_cast<std::uint32_t>(all.size()), 0});
  operands_.insert(operands_.end(), all.begin(), all.end());
  return static_cast<Node>(nodes_.size() - 1);
}

void Cover::read_nodes(std::span<const Result> results) {
  for (std::uint32_t plane = 0; plane < program_.planes.size(); ++plane) {
    const PlaneNode& of = program_.planes[plane];
    if (of.op == PlaneOp::conjunction || of.op == PlaneOp::exclusive_or || of.op == PlaneOp::choose) {
      const std::uint32_t count = of.op == PlaneOp::conjunction ? of.count : of.op == PlaneOp::choose ? 3 : 2;
      std::vector<Literal> operands;
      for (std::uint32_t i = 0; i < count; ++i)
        operands.push_back(literal(program_.operand(of, i)));
      node_of_.push_back(add(of.op, operands));
    } else {
      nodes_.push_back({of.op, 0, 0, plane});
      node_of_.push_back(static_cast<Node>(nodes_.size() - 1));
    }
  }
  uses_.resize(nodes_.size());
  for (const Literal each : operands_)
    ++uses_[each.node()];
  for (const Result& result : results)
    for (const Term& term : result.terms)
      ++uses_[node_of_[term.when.node()]];
}

// ---------------------------------------------------------------------------------------------------- cuts

bool Cover::unite(const Cut& a, const Cut& b, std::size_t most, Cut& both) {
  std::size_t i = 0, k = 0, size = 0;
  while (i < a.size || k < b.size) {
    if (size == most) return false;
    const bool from_a = k == b.size || (i < a.size && a.leaves[i] <= b.leaves[k]);
    const Node leaf = from_a ? a.leaves[i] : b.leaves[k];
    i += i < a.size && a.leaves[i] == leaf ? 1 : 0;
    k += k < b.size && b.leaves[k] == leaf ? 1 : 0;
    both.leaves[size++] = leaf;
  }
  both.size = static_cast<std::uint8_t>(size);
  return true;
}

void Cover::weigh(Cut& cut) const {
  cut.flow = cut.depth = 0;
  for (std::size_t i = 0; i < cut.size; ++i)
    cut.flow += flow_[cut.leaves[i]] / static_cast<float>(std::max(1u, uses_[cut.leaves[i]])),
        cut.depth = std::max(cut.depth, depth_[cut.leaves[i]]);
}

void Cover::keep_best(std::vector<Cut>& cuts, std::size_t most) {
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) {
    const float x = a.flow + cost_of_level * a.depth, y = b.flow + cost_of_level * b.depth;
    return x != y ? x < y : a.size != b.size ? a.size < b.size : a.leaves < b.leaves;
  });
  cuts.erase(std::unique(cuts.begin(), cuts.end(),
                         [](const Cut& a, const Cut& b) { return a.size == b.size && a.leaves == b.leaves; }),
             cuts.end());
  if (cuts.size() <= most) return;
  // The smallest leaves most room for others.
  const auto smallest =
      std::min_element(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.size < b.size; });
  if (smallest - cuts.begin() >= static_cast<std::ptrdiff_t>(most)) cuts[most - 1] = *smallest;
  cuts.resize(most);
}

/// What settles all that was settled so far, and this node as well.
std::vector<Cover::Cut> Cover::united(std::span<const Cut> so_far, Node node, std::size_t most) const {
  Cut alone;
  alone.leaves[0] = node;
  alone.size = 1;
  std::vector<Cut> result;
  const auto with = [&](const Cut& own) {
    for (const Cut& each : so_far)
      if (Cut both; unite(each, own, most, both)) {
        weigh(both);
        result.push_back(both);
      }
  };
  with(alone);
  for (const Cut& own : cuts_[node])
    with(own);
  keep_best(result, most_cuts);
  return result;
}

void Cover::find_cuts(Node node) {
  const Gate& gate = nodes_[node];
  std::vector<Cut> cuts(1);
  for (std::uint32_t i = 0; i < gate.count; ++i)
    cuts = united(cuts, operands_[gate.first + i].node(), most_leaves);
  if (cuts.empty()) { // what was cheap so far left no room for the last operands
    Cut& own = cuts.emplace_back();
    for (std::uint32_t i = 0; i < gate.count; ++i) {
      Cut alone;
      alone.leaves[0] = operands_[gate.first + i].node(), alone.size = 1;
      Cut both;
      (void)unite(own, alone, most_leaves, both);
      own = both;
    }
    weigh(own);
  }
  depth_[node] = 1 + cuts.front().depth;
  flow_[node] = 1 + cuts.front().flow;
  cuts_[node] = std::move(cuts);
}

void Cover::add_sums(std::size_t result, const Result& of) {
  std::vector<Cut> cuts(1);
  std::vector<Term> terms;
  const auto close = [&] {
    const Cut& best = cuts.front();
    sums.push_back({result, {best.leaves.begin(), best.leaves.begin() + best.size}, std::move(terms)});
    terms.clear();
  };
  for (const Term& term : of.terms) {
    const Literal when = literal(term.when);
    std::vector<Cut> more = united(cuts, when.node(), most_leaves_of_sum);
    if (more.empty()) {
      close();
      more = united(std::vector<Cut>(1), when.node(), most_leaves_of_sum);
    }
    cuts = std::move(more);
    terms.push_back({when, term.addition});
  }
  if (!terms.empty() || of.terms.empty()) close();
}

// ---------------------------------------------------------------------------------------------------- the choice

void Cover::need_number(std::uint32_t number) {
  std::vector<std::uint32_t> open{number};
  while (!open.empty()) {
    const std::uint32_t id = open.back();
    open.pop_back();
    if (seen_[id]) continue;
    seen_[id] = true;
    each_part(
        program_.numbers[id], [&](std::uint32_t part) { open.push_back(part); },
        [&](Literal condition) { needed_[node_of_[condition.node()]] = true; });
  }
}

/// From results to facts: nodes stand before those that use them.
void Cover::choose() {
  needed_.assign(nodes_.size(), false);
  seen_.assign(program_.numbers.size(), false);
  for (const Sum& sum : sums)
    for (const Node leaf : sum.leaves)
      needed_[leaf] = true;
  for (auto node = static_cast<Node>(nodes_.size()); node-- > 0;) {
    if (!needed_[node]) continue;
    if (!is_source(node)) {
      const Cut& cut = cuts_[node].front();
      for (std::size_t i = 0; i < cut.size; ++i)
        needed_[cut.leaves[i]] = true;
    } else if (compares_numbers(nodes_[node].op)) {
      need_number(program_.planes[nodes_[node].plane].first);
      need_number(program_.planes[nodes_[node].plane].second);
    }
  }
}

/// Operands of a number stand before it.
unsigned Cover::level_of_number(std::uint32_t number) {
  std::vector<std::uint32_t> open{number};
  while (!open.empty()) {
    const std::uint32_t id = open.back();
    unsigned level = 0;
    bool is_ready = true;
    each_part(
        program_.numbers[id],
        [&](std::uint32_t part) {
          if (number_level_[part] == unsettled)
            open.push_back(part), is_ready = false;
          else
            level = std::max(level, number_level_[part]);
        },
        [&](Literal condition) { level = std::max(level, level_[node_of_[condition.node()]]); });
    if (!is_ready) continue;
    number_level_[id] = level;
    open.pop_back();
  }
  return number_level_[number];
}

/// Nodes of one level that are settled by the same bits become one look-up.
void Cover::pack() {
  level_.assign(nodes_.size(), 0);
  number_level_.assign(program_.numbers.size(), unsettled);
  std::vector<std::vector<Node>> by_level;
  for (Node node = 0; node < nodes_.size(); ++node) {
    if (!needed_[node]) continue;
    const Gate& gate = nodes_[node];
    if (is_source(node)) {
      if (compares_numbers(gate.op))
        level_[node] = std::max(level_of_number(program_.planes[gate.plane].first),
                                level_of_number(program_.planes[gate.plane].second));
      sources.push_back({node, gate.plane, level_[node]});
      continue;
    }
    const Cut& cut = cuts_[node].front();
    for (std::size_t i = 0; i < cut.size; ++i)
      level_[node] = std::max(level_[node], level_[cut.leaves[i]] + 1);
    level_[node] = std::max(level_[node], 1u);
    if (by_level.size() < level_[node]) by_level.resize(level_[node]);
    by_level[level_[node] - 1].push_back(node);
  }
  std::stable_sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.level < b.level; });
  for (std::size_t level = 0; level < by_level.size(); ++level) {
    struct Open {
      Cut leaves;
      std::vector<Node> nodes;
    };
    std::vector<Open> all;
    for (const Node node : by_level[level]) {
      const Cut& own = cuts_[node].front();
      Open* best = nullptr;
      Cut best_union;
      std::size_t best_shared = 0;
      for (std::size_t i = all.size(); i-- > 0 && all.size() - i <= most_open_lookups;) {
        Cut both;
        if (all[i].nodes.size() == most_results || !unite(all[i].leaves, own, most_leaves, both)) continue;
        const std::size_t shared = all[i].leaves.size + own.size - std::size_t{both.size} + 1;
        if (shared <= best_shared) continue;
        best = &all[i], best_union = both, best_shared = shared;
      }
      if (!best) best = &all.emplace_back(), best_union = own;
      best->leaves = best_union;
      best->nodes.push_back(node);
    }
    for (Open& each : all)
      lookups.push_back({{each.leaves.leaves.begin(), each.leaves.leaves.begin() + each.leaves.size},
                         std::move(each.nodes),
                         static_cast<unsigned>(level) + 1});
  }
}

// ---------------------------------------------------------------------------------------------------- tables

std::vector<Holds> Cover::tables(std::span<const Node> leaves, std::span<const Node> of) const {
  std::unordered_map<Node, Holds> known;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    Holds holds{};
    for (std::size_t at = 0; at < 256; ++at)
      if ((at >> i & 1) != 0) holds[at / 64] |= std::uint64_t{1} << (at % 64);
    known[leaves[i]] = holds;
  }
  std::vector<Node> open;
  std::vector<Holds> result;
  for (const Node root : of) {
    open.push_back(root);
    while (!open.empty()) {
      const Node node = open.back();
      if (known.contains(node)) {
        open.pop_back();
        continue;
      }
      const Gate& gate = nodes_[node];
      const auto operands = std::span<const Literal>(operands_).subspan(gate.first, gate.count);
      bool is_ready = true;
      for (const Literal each : operands)
        if (!known.contains(each.node())) open.push_back(each.node()), is_ready = false;
      if (!is_ready) continue;
      const auto word = [&](std::size_t operand, std::size_t w) {
        const std::uint64_t holds = known[operands[operand].node()][w];
        return operands[operand].is_inverted() ? ~holds : holds;
      };
      Holds holds{};
      for (std::size_t w = 0; w < holds.size(); ++w) {
        if (gate.op == PlaneOp::exclusive_or) {
          holds[w] = word(0, w) ^ word(1, w);
        } else if (gate.op == PlaneOp::choose) {
          holds[w] = (word(0, w) & word(1, w)) | (~word(0, w) & word(2, w));
        } else {
          holds[w] = gate.op == PlaneOp::conjunction ? ~std::uint64_t{0} : 0;
          for (std::size_t i = 0; i < operands.size(); ++i)
            holds[w] &= word(i, w);
        }
      }
      known[node] = holds;
      open.pop_back();
    }
    result.push_back(known[root]);
  }
  return result;
}

std::vector<std::uint64_t> Cover::entries(std::span<const Node> leaves, std::span<const Node> of) const {
  const std::vector<Holds> found = tables(leaves, of);
  std::vector<std::uint64_t> entries(std::size_t{1} << leaves.size());
  for (std::size_t at = 0; at < entries.size(); ++at)
    for (std::size_t i = 0; i < found.size(); ++i)
      entries[at] |= (found[i][at / 64] >> (at % 64) & 1) << i;
  return entries;
}

std::vector<std::uint64_t> Cover::entries(std::span<const Node> leaves, const Sum& of, std::uint64_t base) const {
  std::vector<Node> nodes;
  for (const Term& term : of.terms)
    nodes.push_back(term.when.node());
  const std::vector<Holds> found = tables(leaves, nodes);
  std::vector<std::uint64_t> entries(std::size_t{1} << leaves.size(), base);
  for (std::size_t at = 0; at < entries.size(); ++at)
    for (std::size_t i = 0; i < found.size(); ++i)
      if (((found[i][at / 64] >> (at % 64) & 1) != 0) != of.terms[i].when.is_inverted())
        entries[at] += of.terms[i].addition;
  return entries;
}

} // namespace aceso::lookup
