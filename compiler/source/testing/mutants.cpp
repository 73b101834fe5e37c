#include "testing/mutants.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "testing/thresholds.h"

namespace aceso::testing {

using ast::Expression;
using Kind = ast::ExpressionKind;
using graph::Graph;
using source::Span;

namespace {

struct MutationInfo {
  std::string_view name, words;
};
constexpr std::array mutations{
#define ACESO_MUTATION(name, words) MutationInfo{#name, words},
#include "testing/mutation_operators.def"
#undef ACESO_MUTATION
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Author {
public:
  Author(const Graph& graph, const source::SourceSet& sources, std::uint32_t file, const Literal& literal)
      : graph_(graph), sources_(sources), file_(file), literal_(literal) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      if (const auto threshold = threshold_of(graph, NodeId(i));
          threshold && graph.nodes[i].op != graph::Op::logical_not)
        for (const NodeId operand : graph.nodes[i].operands)
          if (graph[operand].op == graph::Op::constant && graph[operand].span.is_valid())
            thresholds_.emplace(std::pair(graph[operand].span.file, graph[operand].span.begin), *threshold);
  }

  std::vector<Mutant> mutants;

  void visit(const ast::GuidelineDecl& d) { condition(d.applies.get()); }
  void visit(const ast::ConstraintDecl& d) { condition(d.require.get()); }
  void visit(const ast::FunctionDecl& d) { condition(d.body.get()); }
  void visit(const ast::DefineDecl& d) {
    if (const auto* expression = std::get_if<ast::ExpressionPtr>(&d.body)) condition(expression->get());
    if (const auto* bands = std::get_if<ast::Bands>(&d.body)) {
      for (std::size_t i = 0; i < bands->bands.size(); ++i) {
        const auto& band = bands->bands[i];
        threshold(*band.limit);
        const std::string_view from = band.inclusive ? "up to" : "below", to = band.inclusive ? "below" : "up to";
        word(Mutation::comparison, {file_, band.span.begin, band.limit->span.begin}, from, to);
        const Expression& next = i + 1 < bands->bands.size() ? *bands->bands[i + 1].value : *bands->otherwise;
        swap(Mutation::results_swapped, band.value->span, next.span);
      }
    }
    if (const auto* score = std::get_if<ast::Score>(&d.body))
      for (const auto& item : score->items) {
        number(Mutation::points, *item.points);
        if (!item.condition) continue;
        edit(Mutation::dropped, item.condition->span, "no");
        condition(item.condition.get());
      }
  }
  void visit(const ast::TableDecl& d) {
    for (const auto& column : d.columns)
      walk(*column);
    for (std::size_t r = 0; r < d.rows.size(); ++r) {
      for (const ast::Cell& cell : d.rows[r].cells) {
        if (cell.is_any()) continue;
        edit(Mutation::dropped, cell.span, "any");
        for (const ast::CellTest& test : cell.tests)
          cell_test(test);
      }
      if (r + 1 == d.rows.size()) continue;
      swap(Mutation::results_swapped, d.rows[r].output->span, d.rows[r + 1].output->span);
      if (d.policy == ast::HitPolicy::first && !d.rows[r + 1].is_otherwise)
        swap(Mutation::rows_swapped, d.rows[r].span, d.rows[r + 1].span);
    }
  }
  void visit(const ast::DifferentialDecl& d) {
    for (const auto& argument : d.arguments) {
      word(Mutation::argument_side, {file_, argument.span.begin, argument.candidate.span.begin},
           argument.is_for ? "for" : "against", argument.is_for ? "against" : "for");
      if (!argument.weight_word.empty())
        word(Mutation::argument_weight, {file_, argument.candidate.span.end, argument.condition->span.begin},
             argument.weight_word, argument.weight_word == "strong" ? "weak" : "strong");
      if (argument.weight) number(Mutation::points, *argument.weight);
      condition(argument.condition.get());
    }
    for (const auto& verdict : d.verdicts)
      condition(verdict.condition.get());
    for (const auto* value : {&d.strong, &d.weak, &d.needs, &d.ahead_by})
      if (*value) number(Mutation::points, **value);
  }
  void visit(const ast::RuleDecl& d) {
    condition(d.when.get());
    if (d.unless) {
      edit(Mutation::unless_dropped, d.unless->span, "no");
      condition(d.unless.get());
    }
    for (const ast::Advice& advice : d.advice) {
      static const std::map<std::string, const char*, std::less<>> verbs{
          {"recommend", "suggest"}, {"suggest", "recommend"}, {"avoid", "contraindicate"}, {"contraindicate", "avoid"}};
      static const std::map<std::string, const char*, std::less<>> urgencies{
          {"immediately", "urgently"}, {"urgently", "soon"}, {"soon", "routinely"}, {"routinely", "soon"}};
      if (const auto verb = verbs.find(advice.verb.text); verb != verbs.end())
        edit(Mutation::verb, advice.verb.span, verb->second);
      if (advice.targets.empty()) continue;
      const Span rest{file_, advice.targets.back().span.end, advice.span.end};
      if (!advice.strength.empty())
        word(Mutation::strength, rest, advice.strength, advice.strength == "strong" ? "weak" : "strong");
      if (const auto urgency = urgencies.find(advice.urgency); urgency != urgencies.end())
        word(Mutation::urgency, rest, advice.urgency, urgency->second);
    }
    for (const auto& override : d.overrides) {
      const Span whole{file_, d.span.begin, override.rule.span.begin};
      const std::size_t at = sources_.text(whole).rfind("overrides");
      if (at == std::string_view::npos) continue;
      const std::uint32_t end = override.because.empty() ? override.rule.span.end : override.because.span.end;
      edit(Mutation::override_dropped, {file_, d.span.begin + static_cast<std::uint32_t>(at), end}, "");
    }
  }
  void visit(const ast::CautionDecl& d) { condition(d.when.get()); }
  void visit(const ast::PathwayDecl& d) {
    for (const ast::Interrupt& interrupt : d.interrupts)
      transition(interrupt.transition);
    for (const ast::StageDecl& stage : d.stages)
      for (const ast::Transition& one : stage.transitions)
        transition(one);
  }
  template <class Other>
  void visit(const Other&) {}

private:
  void edit(Mutation mutation, Span span, std::string replacement) {
    if (span.is_valid() && span.file == file_ && sources_.text(span) != replacement)
      mutants.push_back({mutation, span, std::move(replacement)});
  }
  /// The word `from` in the span becomes `to`.
  void word(Mutation mutation, Span span, std::string_view from, std::string_view to) {
    const std::string_view text = sources_.text(span);
    for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from, at + 1)) {
      if ((at > 0 && is_word(text[at - 1])) || (at + from.size() < text.size() && is_word(text[at + from.size()])))
        continue;
      const auto begin = span.begin + static_cast<std::uint32_t>(at);
      edit(mutation, {file_, begin, begin + static_cast<std::uint32_t>(from.size())}, std::string(to));
      return;
    }
  }
  void swap(Mutation mutation, Span a, Span b) {
    if (!a.is_valid() || !b.is_valid() || a.end > b.begin || sources_.text(a) == sources_.text(b)) return;
    edit(mutation, {file_, a.begin, b.end},
         fmt::format("{}{}{}", sources_.text(b), sources_.text({file_, a.end, b.begin}), sources_.text(a)));
  }
  void number(Mutation mutation, const Expression& e) {
    if (e.kind != Kind::number) return;
    const auto value = Rational::from_decimal(e.text);
    const auto more = value ? Rational::add(*value, Rational(1)) : std::nullopt;
    if (more) edit(mutation, e.span, more->to_text());
  }
  void period(const Expression* e) {
    if (!e || e->kind != Kind::quantity) return;
    const auto value = Rational::from_decimal(e->text);
    const std::string_view text = sources_.text(e->span);
    const std::size_t unit = text.find(' ');
    if (!value || !value->is_integer() || unit == std::string_view::npos) return;
    edit(Mutation::period_longer, e->span, fmt::format("{}{}", value->numerator() + 1, text.substr(unit)));
    if (value->numerator() > 1)
      edit(Mutation::period_shorter, e->span, fmt::format("{}{}", value->numerator() - 1, text.substr(unit)));
  }
  void threshold(const Expression& e) {
    const auto found = thresholds_.find({e.span.file, e.span.begin});
    if (found == thresholds_.end()) return;
    const TypeId type = graph_[found->second.subject].type;
    for (const Neighbour& neighbour : neighbours(graph_, found->second)) {
      if (neighbour.side == Side3::on) continue;
      if (const auto text = literal_(type, neighbour.value))
        edit(neighbour.side == Side3::above ? Mutation::threshold_up : Mutation::threshold_down, e.span, *text);
    }
  }
  void comparison(Kind kind, Span gap) {
    const auto replace = [&](std::string_view from, std::string_view to) {
      const std::size_t at = sources_.text(gap).find(from);
      if (at == std::string_view::npos) return;
      const auto begin = gap.begin + static_cast<std::uint32_t>(at);
      edit(Mutation::comparison, {file_, begin, begin + static_cast<std::uint32_t>(from.size())}, std::string(to));
    };
    switch (kind) {
    case Kind::less: return replace("<", "<=");
    case Kind::less_or_equal: return replace("<=", "<");
    case Kind::greater: return replace(">", ">=");
    case Kind::greater_or_equal: return replace(">=", ">");
    default: return;
    }
  }
  void cell_test(const ast::CellTest& test) {
    if (test.kind == ast::CellTest::Kind::value || test.kind == ast::CellTest::Kind::unknown) return;
    std::uint32_t from = test.span.begin;
    for (std::size_t i = 0; i < test.values.size(); ++i) {
      if (i < test.comparisons.size()) comparison(test.comparisons[i], {file_, from, test.values[i]->span.begin});
      threshold(*test.values[i]);
      from = test.values[i]->span.end;
    }
  }
  void transition(const ast::Transition& t) {
    period(t.after.get());
    if (t.at_most.span.is_valid())
      if (const auto most = Rational::from_decimal(t.at_most.text); most && most->is_integer())
        edit(Mutation::count, t.at_most.span, std::to_string(most->numerator() + 1));
    if (!t.when) return;
    edit(Mutation::way_opened, t.when->span, "yes");
    condition(t.when.get());
  }

  static bool is_composed(Kind kind) {
    switch (kind) {
    case Kind::logical_not:
    case Kind::logical_and:
    case Kind::logical_or:
    case Kind::any_of:
    case Kind::all_of:
    case Kind::none_of:
    case Kind::at_least:
    case Kind::at_most:
    case Kind::exactly: return true;
    default: return false;
    }
  }
  static bool is_condition(Kind kind) {
    switch (kind) {
    case Kind::name:
    case Kind::equal:
    case Kind::not_equal:
    case Kind::in_set:
    case Kind::not_in_set:
    case Kind::in_range:
    case Kind::not_in_range:
    case Kind::is_known:
    case Kind::is_unknown:
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
    case Kind::in_stage: return true;
    default: return false;
    }
  }

  /// A place where yes/no is asked for, or any expression: what is no condition is only walked.
  void condition(const Expression* e) {
    if (!e) return;
    walk(*e);
    if (is_condition(e->kind) && e->kind != Kind::name) negate(*e);
  }
  void negate(const Expression& e) { edit(Mutation::negated, e.span, fmt::format("not ({})", sources_.text(e.span))); }

  void walk(const Expression& e) {
    const auto& children = e.children;
    switch (e.kind) {
    case Kind::logical_not:
      edit(Mutation::negated, e.span, fmt::format("({})", sources_.text(children[0]->span)));
      break;
    case Kind::logical_and:
    case Kind::logical_or: {
      const std::string_view from = e.kind == Kind::logical_and ? "and" : "or", to = from == "and" ? "or" : "and";
      std::string text;
      bool is_plain = true;
      for (std::size_t i = 0; i + 1 < children.size(); ++i) {
        std::string gap(sources_.text({file_, children[i]->span.end, children[i + 1]->span.begin}));
        const std::size_t at = gap.find(from);
        is_plain = is_plain && at != std::string::npos && gap.find("//") == std::string::npos;
        if (!is_plain) break;
        text += gap.replace(at, from.size(), to);
        if (i + 2 < children.size()) text += sources_.text(children[i + 1]->span);
      }
      if (is_plain) edit(Mutation::connective, {file_, children.front()->span.end, children.back()->span.begin}, text);
      break;
    }
    case Kind::any_of: word(Mutation::quantifier, {file_, e.span.begin, e.span.begin + 3}, "any", "all"); break;
    case Kind::all_of: word(Mutation::quantifier, {file_, e.span.begin, e.span.begin + 3}, "all", "any"); break;
    case Kind::at_least:
    case Kind::at_most:
    case Kind::exactly:
      if (const auto number = Rational::from_decimal(e.text); number && number->is_integer() && e.text_span.is_valid())
        for (const std::int64_t more : {1, -1})
          if (number->numerator() + more > 0)
            edit(Mutation::count, e.text_span, std::to_string(number->numerator() + more));
      break;
    case Kind::less:
    case Kind::less_or_equal:
    case Kind::greater:
    case Kind::greater_or_equal:
      comparison(e.kind, {file_, children[0]->span.end, children[1]->span.begin});
      [[fallthrough]];
    case Kind::equal:
    case Kind::not_equal:
      threshold(*children[0]);
      threshold(*children[1]);
      break;
    case Kind::in_range:
    case Kind::not_in_range:
      threshold(*children[1]);
      threshold(*children[2]);
      break;
    case Kind::in_set:
    case Kind::not_in_set:
      for (std::size_t i = 1; i < children.size() && children.size() > 2; ++i)
        edit(Mutation::member_dropped,
             i > 1 ? Span{file_, children[i - 1]->span.end, children[i]->span.end}
                   : Span{file_, children[1]->span.begin, children[2]->span.begin},
             "");
      break;
    case Kind::series:
    case Kind::lasting:
    case Kind::near:
      for (std::size_t i = 1; i < children.size(); ++i)
        period(children[i].get());
      break;
    default: break;
    }
    const bool any = e.kind == Kind::logical_or || e.kind == Kind::any_of || e.kind == Kind::none_of;
    const bool all = e.kind == Kind::logical_and || e.kind == Kind::all_of;
    for (const auto& child : children) {
      if (any || all) edit(Mutation::dropped, child->span, any ? "no" : "yes");
      walk(*child);
      if (is_composed(e.kind) && e.kind != Kind::logical_not && is_condition(child->kind)) negate(*child);
    }
  }

  const Graph& graph_;
  const source::SourceSet& sources_;
  std::uint32_t file_;
  const Literal& literal_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Threshold> thresholds_;
};

} // namespace

std::string_view to_text(Mutation mutation) { return mutations[static_cast<std::size_t>(mutation)].name; }
std::string_view in_words(Mutation mutation) { return mutations[static_cast<std::size_t>(mutation)].words; }

std::vector<Mutant> mutants_of(const ast::File& file, const Graph& graph, const source::SourceSet& sources,
                               const Literal& literal) {
  Author author(graph, sources, file.file, literal);
  for (const ast::AnyDeclaration& declaration : file.declarations)
    std::visit([&](const auto& one) { author.visit(one); }, declaration);
  std::stable_sort(author.mutants.begin(), author.mutants.end(),
                   [](const Mutant& a, const Mutant& b) { return a.span.begin < b.span.begin; });
  return std::move(author.mutants);
}

std::string mutated(const source::SourceSet& sources, const Mutant& mutant) {
  std::string text(sources[mutant.span.file].text());
  text.replace(mutant.span.begin, mutant.span.end - mutant.span.begin, mutant.replacement);
  return text;
}

Lines lines_of(const source::SourceSet& sources, const Mutant& mutant) {
  const source::SourceFile& file = sources[mutant.span.file];
  const std::string_view text = file.text();
  const std::size_t last = text.rfind('\n', mutant.span.begin == 0 ? 0 : mutant.span.begin - 1);
  const std::size_t begin = last == std::string_view::npos || mutant.span.begin == 0 ? 0 : last + 1;
  const std::size_t end = std::min(text.find('\n', mutant.span.end), text.size());
  Lines lines;
  lines.line = file.place(mutant.span.begin).line;
  lines.before = text.substr(begin, end - begin);
  lines.after = fmt::format("{}{}{}", text.substr(begin, mutant.span.begin - begin), mutant.replacement,
                            text.substr(mutant.span.end, end - mutant.span.end));
  return lines;
}

} // namespace aceso::testing
