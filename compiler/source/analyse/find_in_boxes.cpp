/// Tables whose rows are boxes: the questions of find_in_tables.cpp without the solver.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "analyse/analysis.h"
#include "graph/in_parallel.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::HitPolicy;
using graph::Node;
using reference::Evaluation;

namespace {

constexpr int most_shown = 5;
/// Fewer rows are not worth a thread.
constexpr std::size_t rows_at_once = 256;
/// How many patients are kept of one table, one for each thing that it says.
constexpr std::size_t most_examples = 64;

using Facts = WitnessBuilder::Facts;

Facts facts_at(const BoxTable& boxes, const Point& point) {
  Facts facts;
  for (std::size_t i = 0; i < point.size(); ++i)
    facts.push_back({boxes.inputs()[i], boxes.value(i, point[i])});
  return facts;
}

bool is_outside(const Box& row, const Point& places) {
  for (std::size_t i = 0; i < row.size(); ++i)
    if (places[i] >= 0 && (places[i] < row[i].low || places[i] > row[i].high)) return true;
  return false;
}

bool is_inside(const Box& row, const Box& whole, const Point& places) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].low == whole[i].low && row[i].high == whole[i].high) continue;
    if (places[i] < row[i].low || places[i] > row[i].high) return false;
  }
  return true;
}

Point corner(const Box& box) {
  Point point;
  for (const Places& places : box)
    point.push_back(places.low);
  return point;
}

} // namespace

void Analysis::check_rows(NodeId id, const std::string& name, const BoxTable& boxes,
                          const std::vector<std::vector<std::uint32_t>>& meeting) {
  const Node& node = graph_[id];
  const bool is_first = static_cast<HitPolicy>(node.reference) == HitPolicy::first;
  const std::vector<std::uint32_t> none;
  const auto before = [&](std::size_t row) -> const std::vector<std::uint32_t>& {
    return is_first ? meeting[row] : none;
  };
  struct Seen {
    std::optional<std::uint32_t> around; ///< an earlier row that contains this one
    Uncovered uncovered;                 ///< where there is none
  };
  std::vector<Seen> seen(boxes.row_count());
  in_parallel(seen.size(), rows_at_once, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      if (is_empty(boxes.row(row))) continue;
      const std::vector<std::uint32_t>& earlier = before(row);
      const auto around =
          std::find_if(earlier.begin(), earlier.end(), [&](auto other) { return boxes.flat().contains(other, row); });
      if (around != earlier.end())
        seen[row].around = *around;
      else
        seen[row].uncovered = find_uncovered(boxes.row(row), boxes.flat(), earlier, budget_of_row);
    }
  });
  std::vector<Value> said; // by the rows that have an example
  for (std::size_t row = 0; row < boxes.row_count(); ++row) {
    const std::vector<std::uint32_t>& earlier = before(row);
    if (is_empty(boxes.row(row))) {
      check_row(id, name, row, {});
      continue;
    }
    if (seen[row].around) {
      blame_boxes(id, name, boxes, row, {*seen[row].around});
      continue;
    }
    const Uncovered& found = seen[row].uncovered;
    if (found.answer == Uncovered::Answer::covered) {
      std::vector<std::uint32_t> used;
      for (const std::size_t position : found.used)
        used.push_back(earlier[position]);
      blame_boxes(id, name, boxes, row, std::move(used));
      continue;
    }
    if (found.answer == Uncovered::Answer::found && said.size() < most_examples) {
      const Node& output = graph_[node.operands[2 * row + 1]];
      if (output.op == graph::Op::constant && !std::count(said.begin(), said.end(), output.constant)) {
        said.push_back(output.constant);
        examples_.push_back({facts_at(boxes, found.point), id, output.constant});
      }
    }
    const auto is_confirmed = [&] {
      if (boxes.row_count() > most_rows_for_engine) return true;
      return witnesses_.holds(facts_at(boxes, found.point), [&](reference::Evaluator& evaluator) {
        return evaluator.truth(node.operands[2 * row]) == Truth::yes &&
               std::all_of(earlier.begin(), earlier.end(),
                           [&](auto other) { return evaluator.truth(node.operands[2 * other]) == Truth::no; });
      });
    };
    // Constraints may exclude whoever stands there.
    if (found.answer == Uncovered::Answer::found && graph_.constraints.empty() && is_confirmed())
      note(Kind::unreachable, fmt::format("row {} of {}", row + 1, name), row_span(id, row), Verdict::proved);
    else
      check_row(id, name, row, earlier);
  }
}

void Analysis::blame_boxes(NodeId id, const std::string& name, const BoxTable& boxes, std::size_t row,
                           std::vector<std::uint32_t> earlier) {
  std::vector<Part> parts;
  add_parts(graph_[id].operands[2 * row], parts);
  std::vector<Box> held;
  for (const Part& part : parts)
    held.push_back(boxes.box_of(part.node).value_or(boxes.whole()));
  const auto is_covered = [&](const std::vector<Box>& conditions, const std::vector<std::uint32_t>& rows) {
    Box box = boxes.whole();
    for (const Box& condition : conditions)
      box = common(box, condition);
    return find_uncovered(box, boxes.flat(), rows, budget_of_row).answer == Uncovered::Answer::covered;
  };
  // What can be left out is not to blame.
  for (std::size_t i = 0; i < parts.size();) {
    std::vector<Box> fewer = held;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!is_covered(fewer, earlier)) {
      ++i;
      continue;
    }
    held = std::move(fewer);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (std::size_t i = 0; i < earlier.size();) {
    std::vector<std::uint32_t> fewer = earlier;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (is_covered(held, fewer))
      earlier = std::move(fewer);
    else
      ++i;
  }
  for (const std::uint32_t other : earlier)
    parts.push_back({NodeId(), 0, row_span(id, other), fmt::format("row {} comes before it", other + 1)});
  const std::string subject = fmt::format("row {} of {}", row + 1, name);
  note(Kind::unreachable, subject, row_span(id, row), Verdict::refuted);
  report_unreachable(subject, fmt::format("row {} of `{}`", row + 1, name), row_span(id, row), parts, {});
}

/// False where the boxes do not settle it.
bool Analysis::check_gap(NodeId id, const std::string& name, const BoxTable& boxes) {
  const Node& node = graph_[id];
  const std::string subject = fmt::format("table {}", name);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < boxes.row_count(); ++row)
    if (!is_empty(boxes.row(row))) rows.push_back(row);
  const Uncovered found = find_uncovered(boxes.whole(), boxes.flat(), rows, budget_of_table);
  if (found.answer == Uncovered::Answer::covered) {
    note(Kind::gap, subject, node.span, Verdict::proved);
    return true;
  }
  if (found.answer == Uncovered::Answer::gave_up || !graph_.constraints.empty()) return false;
  const auto shows = [&](const Evaluation& e) {
    for (std::size_t i = 0; i < node.operands.size(); i += 2)
      if (e.node_values[node.operands[i].index()].truth() != Truth::no) return false;
    return true;
  };
  WitnessBuilder::Quick quick;
  if (boxes.row_count() > most_rows_for_engine)
    quick = [&](const Facts& facts) {
      const Point places = places_of(boxes, facts);
      return std::all_of(rows.begin(), rows.end(), [&](auto row) { return is_outside(boxes.row(row), places); });
    };
  auto witness = witnesses_.from_facts(facts_at(boxes, found.point), shows, quick);
  if (!witness) return false;
  note(Kind::gap, subject, node.span, Verdict::refuted);
  tell_gap(id, name, std::move(*witness), {});
  return true;
}

bool Analysis::check_overlaps(NodeId id, const std::string& name, const BoxTable& boxes,
                              const std::vector<std::vector<std::uint32_t>>& meeting) {
  const Node& node = graph_[id];
  const bool is_any = static_cast<HitPolicy>(node.reference) == HitPolicy::any;
  const auto output = [&](std::size_t row) -> const Node& { return graph_[node.operands[2 * row + 1]]; };
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<bool> overlaps(boxes.row_count());
  for (std::size_t row = 0; row < boxes.row_count(); ++row)
    for (const std::uint32_t other : meeting[row]) {
      if (is_any) {
        const bool are_fixed = output(row).op == graph::Op::constant && output(other).op == graph::Op::constant;
        if (!are_fixed) return false;
      }
      if (overlaps[row] && overlaps[other] && pairs.size() == static_cast<std::size_t>(most_shown)) continue;
      if (is_any && output(row).constant == output(other).constant) continue;
      if (pairs.size() < static_cast<std::size_t>(most_shown)) pairs.emplace_back(other, row);
      overlaps[row] = overlaps[other] = true;
    }
  if (!pairs.empty() && !graph_.constraints.empty()) return false;
  std::vector<Witness> witnesses;
  for (const auto& [first, second] : pairs) {
    const auto shows = [&, a = node.operands[2 * first], b = node.operands[2 * second]](const Evaluation& e) {
      return e.node_values[a.index()].truth() == Truth::yes && e.node_values[b.index()].truth() == Truth::yes;
    };
    WitnessBuilder::Quick quick;
    if (boxes.row_count() > most_rows_for_engine)
      quick = [&, first = first, second = second](const Facts& facts) {
        const Point places = places_of(boxes, facts);
        return is_inside(boxes.row(first), boxes.whole(), places) &&
               is_inside(boxes.row(second), boxes.whole(), places);
      };
    auto witness =
        witnesses_.from_facts(facts_at(boxes, corner(common(boxes.row(first), boxes.row(second)))), shows, quick);
    if (!witness) return false;
    witnesses.push_back(std::move(*witness));
  }
  note(Kind::overlap, fmt::format("table {}", name), node.span, pairs.empty() ? Verdict::proved : Verdict::refuted);
  std::vector<bool> is_told(boxes.row_count());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    is_told[pairs[i].first] = is_told[pairs[i].second] = true;
    tell_overlap(id, name, pairs[i], std::move(witnesses[i]));
  }
  if (pairs.empty()) return true;
  std::vector<std::size_t> all;
  for (std::size_t row = 0; row < overlaps.size(); ++row)
    if (overlaps[row]) all.push_back(row);
  tell_more_overlaps(id, all, static_cast<std::size_t>(std::count(is_told.begin(), is_told.end(), true)));
  return true;
}

} // namespace aceso::analyse
