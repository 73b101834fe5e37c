/// Tables: rows that nobody reaches, patients whom no row matches, patients whom two rows match.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::HitPolicy;
using graph::Node;
using graph::Op;
using reference::Evaluation;

namespace {

constexpr int most_overlaps = 5;
constexpr std::size_t most_rows_in_pairs = 64;

bool is_yes(const Evaluation& e, NodeId id) { return e.node_values[id.index()].truth() == Truth::yes; }
bool is_no(const Evaluation& e, NodeId id) { return e.node_values[id.index()].truth() == Truth::no; }

/// "1 to 3, 7" for {0, 1, 2, 6}.
std::string positions(const std::vector<std::size_t>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t last = i;
    while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1)
      ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", rows[i] + 1);
    if (last > i) text += fmt::format(" to {}", rows[last] + 1);
    i = last + 1;
  }
  return text;
}

} // namespace

void Analysis::find_in_tables() {
  std::vector<bool> is_defined(graph_.nodes.size());
  for (std::size_t d = 0; d < graph_.definitions.size(); ++d) {
    const NodeId id = graph_.definitions[d].node;
    if (graph_[id].op != Op::table || is_defined[id.index()]) continue;
    is_defined[id.index()] = true;
    check_table(id, graph_.dictionary.definitions[d].name);
  }
}

std::string Analysis::row_words(NodeId table, std::size_t row) const {
  const Node& node = graph_[table];
  const NodeId output = node.operands[2 * row + 1];
  if (graph_[output].op == Op::constant)
    return fmt::format("row {}, which says {}", row + 1,
                       to_text(graph_.dictionary, graph_[output].type, graph_[output].constant));
  return fmt::format("row {}", row + 1);
}

graph::Span Analysis::row_span(NodeId table, std::size_t row) const {
  const Node& node = graph_[table];
  const Node& condition = graph_[node.operands[2 * row]];
  const graph::Span a = condition.span, b = graph_[node.operands[2 * row + 1]].span;
  // A cell that only says "yes" is the head of its column, which stands elsewhere.
  const bool is_head = row == 0 ? condition.operands.empty() : a.begin < graph_[node.operands[2 * row - 1]].span.end;
  return a.is_valid() && b.is_valid() && a.file == b.file && !is_head ? source::join(a, b) : b;
}

std::vector<std::size_t> Analysis::overlapping_rows(NodeId table, Lit two_match) {
  const Node& node = graph_[table];
  std::vector<std::size_t> rows;
  std::vector<Lit> hits;
  for (std::size_t i = 0; i < node.operands.size(); i += 2)
    hits.push_back(encoding_.truth(node.operands[i]).yes);
  // Each answer names at least one row that was not named before.
  std::vector<bool> named(hits.size());
  while (true) {
    std::vector<Lit> others;
    for (std::size_t row = 0; row < hits.size(); ++row)
      if (!named[row]) others.push_back(hits[row]);
    std::vector<Lit> wanted{two_match, encoding_.any_of(std::move(others))};
    wanted.insert(wanted.end(), switches().begin(), switches().end());
    if (sat_.solve(wanted) != Answer::satisfiable) break;
    for (std::size_t row = 0; row < hits.size(); ++row)
      named[row] = named[row] || sat_.is_true(hits[row]);
  }
  for (std::size_t row = 0; row < named.size(); ++row)
    if (named[row]) rows.push_back(row);
  return rows;
}

const Analysis::Boxed& Analysis::boxed(NodeId id) {
  const auto [place, is_new] = boxed_.try_emplace(id.index());
  if (!is_new || !certificates_.empty()) return place->second; // a certificate is one of the solver
  place->second.table = BoxTable::from(graph_, id);
  if (place->second.table) place->second.meeting = earlier_meeting(*place->second.table);
  return place->second;
}

void Analysis::check_table(NodeId id, const std::string& name) {
  const auto policy = static_cast<HitPolicy>(graph_[id].reference);
  const std::size_t rows = graph_[id].operands.size() / 2;
  const bool has_overlaps = policy == HitPolicy::unique || policy == HitPolicy::any;
  const auto& [boxes, meeting] = boxed(id);
  if (boxes) {
    check_rows(id, name, *boxes, meeting);
  } else {
    std::vector<std::uint32_t> earlier;
    for (std::uint32_t row = 0; row < rows; ++row) {
      check_row(id, name, row, earlier);
      if (policy == HitPolicy::first) earlier.push_back(row);
    }
  }
  if (policy <= HitPolicy::any && !(boxes && check_gap(id, name, *boxes))) check_gap(id, name);
  if (has_overlaps && !(boxes && check_overlaps(id, name, *boxes, meeting))) check_overlaps(id, name);
}

void Analysis::check_row(NodeId id, const std::string& name, std::size_t row,
                         const std::vector<std::uint32_t>& earlier) {
  const Node& node = graph_[id];
  const auto condition = [&](std::size_t which) { return node.operands[2 * which]; };
  std::vector<Part> parts;
  add_parts(condition(row), parts);
  for (const std::uint32_t before : earlier)
    parts.push_back({condition(before), encoding_.truth(condition(before)).no, row_span(id, before),
                     fmt::format("row {} comes before it", before + 1)});
  const auto decides = [&](const Evaluation& e) {
    return is_yes(e, condition(row)) && std::all_of(earlier.begin(), earlier.end(),
                                                    [&](std::uint32_t before) { return is_no(e, condition(before)); });
  };
  check_reachable(fmt::format("row {} of {}", row + 1, name), fmt::format("row {} of `{}`", row + 1, name),
                  row_span(id, row), std::move(parts), decides);
}

void Analysis::check_gap(NodeId id, const std::string& name) {
  const Node& node = graph_[id];
  const std::size_t rows = node.operands.size() / 2;
  std::vector<Lit> none;
  for (std::size_t row = 0; row < rows; ++row)
    none.push_back(encoding_.truth(node.operands[2 * row]).no);
  const Shows shows = [&](const Evaluation& e) {
    for (std::size_t row = 0; row < rows; ++row)
      if (!is_no(e, node.operands[2 * row])) return false;
    return true;
  };
  // Rows that ask whether something is known are no for whom it is not: that patient says less than one who has
  // answered.
  std::vector<NodeId> conditions;
  for (std::size_t row = 0; row < rows; ++row)
    conditions.push_back(node.operands[2 * row]);
  const std::vector<NodeId> asked = asked_if_known(conditions);
  Reply reply;
  if (!asked.empty()) {
    std::vector<Lit> answered = none;
    for (const NodeId input : asked)
      answered.push_back(encoding_.known(input));
    const auto is_known = [](const Evaluation& e, NodeId input) { return e.node_values[input.index()].is_known(); };
    reply = ask(answered, [&](const Evaluation& e) {
      return shows(e) && std::all_of(asked.begin(), asked.end(), [&](NodeId input) { return is_known(e, input); });
    });
    if (reply.verdict == Verdict::proved) { // a constraint may exclude that all of them are answered
      answered.erase(answered.begin(), answered.begin() + static_cast<std::ptrdiff_t>(none.size()));
      std::vector<Lit> some = none;
      some.push_back(encoding_.any_of(std::move(answered)));
      reply = ask(std::move(some), [&](const Evaluation& e) {
        return shows(e) && std::any_of(asked.begin(), asked.end(), [&](NodeId input) { return is_known(e, input); });
      });
    }
  }
  const bool is_proved = !asked.empty() && reply.verdict == Verdict::proved;
  if (!reply.witness) reply = ask(none, shows);
  note(Kind::gap, fmt::format("table {}", name), node.span, reply.verdict);
  if (!reply.witness) return;
  Unanswered open{.others_are_proved = is_proved};
  std::vector<NodeId> unanswered;
  std::vector<Lit> answered = switches();
  for (const NodeId input : asked) {
    const InputId which(graph_[input].reference);
    const auto& facts = reply.witness->patient.facts;
    const auto fact = std::find_if(facts.begin(), facts.end(), [&](const Fact& one) { return one.input == which; });
    if (fact != facts.end() && fact->value.is_known())
      answered.push_back(encoding_.known(input));
    else
      unanswered.push_back(input);
  }
  for (const NodeId input : unanswered) {
    const std::string words = fmt::format("`{}`", graph_.dictionary[InputId(graph_[input].reference)].name);
    if (std::find(open.names.begin(), open.names.end(), words) != open.names.end()) continue;
    std::vector<Lit> wanted = answered; // what cannot be answered beside the rest is not missing
    wanted.push_back(encoding_.known(input));
    if (sat_.solve(wanted) != Answer::unsatisfiable) open.names.push_back(words);
  }
  tell_gap(id, name, std::move(*reply.witness), open);
}

std::vector<NodeId> Analysis::asked_if_known(const std::vector<NodeId>& conditions) const {
  std::vector<NodeId> result;
  std::vector<std::pair<NodeId, bool>> open; // and whether it stands below an `is known`
  for (const NodeId condition : conditions)
    open.emplace_back(condition, false);
  std::set<std::pair<std::uint32_t, bool>> seen;
  while (!open.empty()) {
    const auto [id, below] = open.back();
    open.pop_back();
    if (!id.is_valid() || !seen.emplace(id.index(), below).second) continue;
    const Node& node = graph_[id];
    if (below && node.op == Op::input) result.push_back(id);
    for (const NodeId operand : node.operands)
      open.emplace_back(operand, below || node.op == Op::is_known);
  }
  std::sort(result.begin(), result.end(), [](NodeId a, NodeId b) { return a.index() < b.index(); });
  return result;
}

void Analysis::tell_gap(NodeId id, const std::string& name, Witness witness, const Unanswered& open) {
  const bool is_one_step = !witness.single_step.empty();
  auto gap = complaint(is_one_step ? Kind::boundary : Kind::gap, graph_[id].span, fmt::format("`{}`", name));
  gap.mend = mend_of_hole(id, witness);
  if (gap.mend.empty()) gap.mend = "add a row for this patient, or an `otherwise` row";
  if (!open.names.empty()) {
    const std::size_t shown = std::min<std::size_t>(open.names.size(), 3);
    std::string names =
        fmt::format("{}", fmt::join(open.names.begin(), open.names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < open.names.size()) names += fmt::format(" and {} more", open.names.size() - shown);
    gap.message = fmt::format("`{}` has no row for a patient of whom {} {} not known", name, names,
                              open.names.size() == 1 ? "is" : "are");
    gap.mend = "add a row for a patient who has not answered";
    if (open.others_are_proved)
      gap.mend += " (proved: every patient who has answered one of these questions finds a row)";
  }
  find(fmt::format("table {}", name), std::move(gap), std::move(witness));
}

void Analysis::tell_overlap(NodeId id, const std::string& name, std::pair<std::size_t, std::size_t> rows,
                            Witness witness) {
  auto overlap = complaint(Kind::overlap, row_span(id, rows.second), fmt::format("`{}`", name));
  overlap.notes.push_back({row_span(id, rows.first), row_words(id, rows.first)});
  overlap.notes.push_back({row_span(id, rows.second), row_words(id, rows.second)});
  overlap.mend = mend_of_shared_step(id, rows, witness);
  if (overlap.mend.empty() && static_cast<HitPolicy>(graph_[id].reference) == HitPolicy::any)
    overlap.mend = "let both rows say the same, or narrow one of them";
  else if (overlap.mend.empty() && is_order_enough(id, rows))
    overlap.mend = "narrow one of the rows, or say `first` where the order of rows decides";
  else if (overlap.mend.empty())
    overlap.mend = fmt::format("take row {} out, or narrow row {}", rows.second + 1, rows.first + 1);
  find(fmt::format("table {} rows {} and {}", name, rows.first + 1, rows.second + 1), std::move(overlap),
       std::move(witness));
}

void Analysis::tell_more_overlaps(NodeId id, const std::vector<std::size_t>& rows, std::size_t told) {
  if (rows.size() > told)
    report.findings.back().diagnostic.notes.push_back(
        {graph_[id].span, fmt::format("there are more; rows that overlap with another: {}", positions(rows))});
}

void Analysis::check_overlaps(NodeId id, const std::string& name) {
  const Node& node = graph_[id];
  const auto policy = static_cast<HitPolicy>(node.reference);
  const std::size_t rows = node.operands.size() / 2;
  const auto condition = [&](std::size_t row) { return node.operands[2 * row]; };
  const auto output = [&](std::size_t row) { return node.operands[2 * row + 1]; };
  std::map<std::string, std::vector<std::size_t>> groups; // rows that say the same
  for (std::size_t row = 0; row < rows; ++row) {
    const Node& out = graph_[output(row)];
    const bool same_allowed = policy == HitPolicy::any && out.op == Op::constant;
    groups[same_allowed ? to_text(graph_.dictionary, out.type, out.constant) : fmt::format("\n{}", row)].push_back(row);
  }
  std::vector<Lit> matched;
  for (const auto& [says, members] : groups) {
    std::vector<Lit> hits;
    for (const std::size_t row : members)
      hits.push_back(encoding_.truth(condition(row)).yes);
    matched.push_back(encoding_.any_of(std::move(hits)));
  }
  const Lit two_match = encoding_.at_least(2, matched);
  const auto may_differ = [&](std::size_t a, std::size_t b) {
    const Node &x = graph_[output(a)], &y = graph_[output(b)];
    return policy == HitPolicy::unique || x.op != Op::constant || y.op != Op::constant || !(x.constant == y.constant);
  };
  const auto both_match = [&](std::size_t a, std::size_t b) {
    return encoding_.both(encoding_.truth(condition(a)).yes, encoding_.truth(condition(b)).yes);
  };
  std::set<std::pair<std::size_t, std::size_t>> told;
  std::set<std::size_t> told_rows;
  /// Two rows match that were not told yet. In a large table, patients who match a pair that was told are left out.
  const auto others_match = [&] {
    std::vector<Lit> wanted{two_match};
    if (rows > most_rows_in_pairs) {
      for (const auto& [a, b] : told)
        wanted.push_back(-both_match(a, b));
      return wanted;
    }
    std::vector<Lit> pairs;
    for (std::size_t a = 0; a < rows; ++a)
      for (std::size_t b = a + 1; b < rows; ++b)
        if (may_differ(a, b) && !told.contains({a, b})) pairs.push_back(both_match(a, b));
    wanted.push_back(encoding_.any_of(std::move(pairs)));
    return wanted;
  };
  for (int found = 0; found < most_overlaps; ++found) {
    std::pair<std::size_t, std::size_t> pair;
    const auto shows = [&](const Evaluation& e) {
      for (std::size_t a = 0; a < rows; ++a)
        for (std::size_t b = a + 1; b < rows; ++b) {
          if (!is_yes(e, condition(a)) || !is_yes(e, condition(b)) || told.contains({a, b})) continue;
          if (policy == HitPolicy::any && e.node_values[output(a).index()] == e.node_values[output(b).index()])
            continue;
          pair = {a, b};
          return true;
        }
      return false;
    };
    Reply reply = ask(found == 0 ? std::vector<Lit>{two_match} : others_match(), shows);
    if (found == 0 || reply.verdict == Verdict::undecided)
      note(Kind::overlap, fmt::format("table {}", name), node.span, reply.verdict);
    if (!reply.witness) break;
    // The last patient that was shown need not be the one that was kept: ask once more which rows match.
    static_cast<void>(shows(reference::evaluate(graph_, reply.witness->patient)));
    told.insert(pair);
    told_rows.insert({pair.first, pair.second});
    tell_overlap(id, name, pair, std::move(*reply.witness));
  }
  if (!told.empty()) tell_more_overlaps(id, overlapping_rows(id, two_match), told_rows.size());
}

} // namespace aceso::analyse
