/// Rules, cautions, arguments and verdicts that no patient can reach.
#include <algorithm>

#include <fmt/format.h>

#include "analyse/analysis.h"

namespace aceso::analyse {

using diagnostics::Kind;
using graph::Node;
using graph::Op;

namespace {
constexpr std::size_t most_parts = 64;
}

void Analysis::add_parts(NodeId id, std::vector<Part>& parts) {
  if (!id.is_valid()) return;
  const Node& node = graph_[id];
  if (node.op == Op::logical_and && parts.size() < most_parts) {
    for (const NodeId operand : node.operands)
      add_parts(operand, parts);
    return;
  }
  parts.push_back({id, 0, node.span, {}});
}

void Analysis::check_reachable(const std::string& subject, const std::string& words, graph::Span span,
                               std::vector<Part> parts, const Shows& shows) {
  std::vector<Lit> wanted;
  for (Part& part : parts) {
    if (part.literal == 0) part.literal = encoding_.truth(part.node).yes;
    wanted.push_back(part.literal);
  }
  const Reply reply = ask(wanted, shows, Purpose::know);
  // For this question, that there is no patient is what is to be complained about.
  note(Kind::unreachable, subject, span,
       reply.verdict == Verdict::proved    ? Verdict::refuted
       : reply.verdict == Verdict::refuted ? Verdict::proved
                                           : Verdict::undecided);
  if (reply.verdict != Verdict::proved) return;
  wanted.insert(wanted.end(), switches().begin(), switches().end());
  if (sat_.solve(wanted) != Answer::unsatisfiable) return;
  const std::vector<Lit> core = sat_.minimal_core(wanted);
  std::erase_if(parts, [&](const Part& part) { return !std::count(core.begin(), core.end(), part.literal); });
  report_unreachable(subject, words, span, parts, core);
}

void Analysis::report_unreachable(const std::string& subject, const std::string& words, graph::Span span,
                                  const std::vector<Part>& blamed, const std::vector<Lit>& core) {
  auto complaint = this->complaint(Kind::unreachable, span, words);
  std::vector<graph::Span> told;
  for (const Part& part : blamed) {
    if (std::count(told.begin(), told.end(), part.span)) continue;
    told.push_back(part.span);
    complaint.notes.push_back({part.span, part.text.empty() ? "this has to hold" : part.text});
  }
  for (std::size_t i = 0; i < switches().size(); ++i)
    if (std::count(core.begin(), core.end(), switches()[i]))
      complaint.notes.push_back(
          {graph_.constraints[i].span, fmt::format("constraint `{}`", graph_.dictionary.constraints[i].name)});
  // Rows that come before stand last, unless a constraint is to blame as well.
  const bool ends_in_row = !blamed.empty() && !blamed.back().text.empty() && complaint.notes.size() == told.size();
  if (complaint.notes.size() == 1)
    complaint.notes.front().message =
        ends_in_row ? fmt::format("{} and takes every patient", blamed.back().text) : std::string("this never holds");
  else if (!complaint.notes.empty())
    complaint.notes.back().message += ends_in_row ? " (no patient is left for it)" : " (these never hold together)";
  complaint.mend = "change one of the conditions that exclude each other, or take this out";
  for (std::size_t s = 0; s < graph_.dictionary.stages.size(); ++s)
    if (encoding_.uses_stage() && std::count(core.begin(), core.end(), encoding_.stage(StageId(s))))
      complaint.mend +=
          fmt::format(" (who has an open way out of `{}` has left it already)", graph_.dictionary.stages[s].name);
  find(subject, std::move(complaint), {});
}

void Analysis::find_examples() {
  // A certificate is one of the solver; where the patient stands is not among the facts of an example.
  if (!certificates_.empty() || graph_.pathway) return;
  is_reached_.resize(graph_.rules.size());
  for (const Example& example : examples_)
    static_cast<void>(witnesses_.holds(example.facts, [&](reference::Evaluator& evaluator) {
      // In large tables the boxes are the judge.
      if (graph_[example.table].operands.size() > 2 * most_rows_for_engine)
        evaluator.set_value(example.table, example.says);
      const bool is_possible = std::all_of(graph_.constraints.begin(), graph_.constraints.end(),
                                           [&](const auto& c) { return evaluator.truth(c.require) != Truth::no; });
      if (!is_possible || evaluator.truth(graph_.applies) != Truth::yes) return false;
      for (std::size_t r = 0; r < graph_.rules.size(); ++r)
        is_reached_[r] = is_reached_[r] || evaluator.truth(graph_.rules[r].condition) == Truth::yes;
      return true;
    }));
  for (std::size_t i = 0; i < excerpts_.size(); ++i)
    for (std::size_t r = 0; r < excerpts_[i].rules.size(); ++r)
      if (is_reached_[excerpts_[i].rules[r].index()]) of_excerpts_[i]->mark_reached(RuleId(r));
}

void Analysis::mark_reached(RuleId rule) {
  is_reached_.resize(graph_.rules.size());
  is_reached_[rule.index()] = true;
}

namespace {

WitnessBuilder::Shows holds(NodeId id) {
  return [id](const reference::Evaluation& e) {
    return !id.is_valid() || e.node_values[id.index()].truth() == Truth::yes;
  };
}

} // namespace

void Analysis::find_unreachable_rules() {
  for (std::size_t r = 0; r < graph_.rules.size(); ++r) {
    const std::string& name = graph_.dictionary.rules[r].name;
    // A certificate is one of the solver.
    if (certificates_.empty() && !is_reached_.empty() && is_reached_[r]) {
      note(Kind::unreachable, fmt::format("rule {}", name), graph_.rules[r].span, Verdict::proved);
      continue;
    }
    std::vector<Part> parts;
    add_parts(graph_.applies, parts);
    for (Part& part : parts)
      part.text = "where the guideline applies";
    add_parts(graph_.rules[r].condition, parts);
    check_reachable(fmt::format("rule {}", name), fmt::format("rule `{}`", name), graph_.rules[r].span,
                    std::move(parts), holds(graph_.rules[r].condition));
  }
}

void Analysis::find_unreachable_others() {
  const Dictionary& names = graph_.dictionary;
  for (std::size_t c = 0; c < graph_.cautions.size(); ++c) {
    std::vector<Part> parts;
    add_parts(graph_.applies, parts);
    for (Part& part : parts)
      part.text = "where the guideline applies";
    add_parts(graph_.cautions[c].condition, parts);
    check_reachable(fmt::format("caution {}", names.cautions[c].name),
                    fmt::format("caution `{}`", names.cautions[c].name), graph_.cautions[c].span, std::move(parts),
                    holds(graph_.cautions[c].condition));
  }
  for (std::size_t d = 0; d < graph_.differentials.size(); ++d) {
    const auto& differential = graph_.differentials[d];
    const DifferentialInfo& info = names.differentials[d];
    const TypeInfo& type = names[info.type];
    const auto candidate = [&](std::uint32_t position) { return type.members[info.candidates[position].index].name; };
    for (std::size_t a = 0; a < differential.arguments.size(); ++a) {
      const auto& argument = differential.arguments[a];
      std::vector<Part> parts;
      add_parts(argument.condition, parts);
      check_reachable(
          fmt::format("argument {} of {}", a + 1, info.name),
          fmt::format("this argument {} {}", argument.is_for ? "for" : "against", candidate(argument.candidate)),
          argument.span, std::move(parts), holds(argument.condition));
    }
    for (std::size_t v = 0; v < differential.verdicts.size(); ++v) {
      const auto& verdict = differential.verdicts[v];
      std::vector<Part> parts;
      add_parts(verdict.condition, parts);
      check_reachable(
          fmt::format("verdict {} of {}", v + 1, info.name),
          fmt::format("what {} {}", verdict.confirms ? "confirms" : "excludes", candidate(verdict.candidate)),
          verdict.span, std::move(parts), holds(verdict.condition));
    }
  }
}

} // namespace aceso::analyse
