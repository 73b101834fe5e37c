#include "graph/describe.h"

#include <algorithm>
#include <map>
#include <set>

#include "graph/roots.h"

namespace aceso::graph {
namespace {

/// How a value follows from a single input: `factor` * x + `offset`, or a length of time since x.
struct OneInput {
  enum class Scale : std::uint8_t { value, years_ago, days_ago } scale = Scale::value;
  std::uint32_t input = 0;
  Rational factor{1}, offset{0};
};

std::optional<Rational> number_of(const Value& value) {
  if (value.is<Rational>()) return value.as<Rational>();
  if (value.is<Date>()) return Rational(value.as<Date>().days);
  return std::nullopt;
}

bool lies_between(const TypeInfo& type, Rational x) {
  return !(type.minimum && x < *type.minimum) && !(type.maximum && x > *type.maximum);
}

/// The nodes of which decisions are made; what only properties and cases ask does not count here.
std::vector<bool> decisive_nodes(const Graph& graph) {
  std::vector<bool> used(graph.nodes.size());
  visit_decision_roots(graph, [&](NodeId id) {
    if (id.index() < used.size()) used[id.index()] = true;
  });
  mark_operands(graph, used);
  return used;
}

/// The landmarks of all inputs in one walk over the nodes, operands before users.
class Landmarks {
public:
  explicit Landmarks(Graph& graph)
      : graph_(graph), place_of_form_(graph.nodes.size()), seen_(graph.dictionary.inputs.size()) {}

  void find(const std::vector<bool>& used) {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (used[i]) look_at(i);
    for (std::size_t i = 0; i < seen_.size(); ++i)
      store(graph_.dictionary.inputs[i], seen_[i]);
  }

private:
  struct Seen {
    std::vector<Rational> cuts; ///< values on either side of what the input is compared with
    std::set<std::int64_t> years, days;
    bool is_used_otherwise = false;
  };

  [[nodiscard]] const OneInput* form(NodeId id) const {
    if (id.index() >= place_of_form_.size()) return nullptr;
    const std::uint32_t place = place_of_form_[id.index()];
    return place == 0 ? nullptr : &forms_[place - 1];
  }
  void set_form(std::size_t node, const std::optional<OneInput>& form) {
    if (!form) return;
    forms_.push_back(*form);
    place_of_form_[node] = static_cast<std::uint32_t>(forms_.size());
  }
  std::optional<Rational> constant(NodeId id) const {
    if (id.index() >= graph_.nodes.size() || graph_[id].op != Op::constant) return std::nullopt;
    return number_of(graph_[id].constant);
  }
  const TypeInfo& type_of_input(std::uint32_t input) const {
    return graph_.dictionary[graph_.dictionary.inputs[input].type];
  }
  bool is_today(NodeId id) const {
    if (id.index() >= graph_.nodes.size()) return false;
    const Node& node = graph_[id];
    return node.op == Op::date_of && node.operands.size() == 1 && node.operands[0].index() < graph_.nodes.size() &&
           graph_[node.operands[0]].op == Op::now;
  }

  void look_at(std::size_t i) {
    const Node& node = graph_.nodes[i];
    if (node.operands.size() < static_cast<std::size_t>(info(node.op).fewest)) return;
    switch (node.op) {
    case Op::input: set_form(i, input(node.reference)); return;
    case Op::series: return look_at_series(i);
    case Op::less:
    case Op::less_or_equal:
    case Op::equal: return compare(node);
    case Op::is_known:
    case Op::unknown_because: return;
    default: break;
    }
    set_form(i, derived(node));
    if (place_of_form_[i] != 0) return;
    for (const NodeId operand : node.operands)
      use_otherwise(operand);
  }

  std::optional<OneInput> input(std::uint32_t reference) const {
    if (reference >= seen_.size()) return std::nullopt;
    const TypeKind kind = type_of_input(reference).kind;
    const bool has_size = kind == TypeKind::number || kind == TypeKind::duration || kind == TypeKind::date;
    return has_size ? std::optional(OneInput{OneInput::Scale::value, reference, Rational(1), Rational(0)})
                    : std::nullopt;
  }

  void look_at_series(std::size_t i) {
    const Node& node = graph_.nodes[i];
    if (node.reference >= seen_.size()) return;
    const auto function = static_cast<SeriesFunction>(node.detail);
    const bool is_one_of_them = function == SeriesFunction::latest || function == SeriesFunction::first ||
                                function == SeriesFunction::highest || function == SeriesFunction::lowest;
    if (is_one_of_them) {
      set_form(i, input(node.reference));
    } else if (function != SeriesFunction::count) {
      seen_[node.reference].is_used_otherwise = true;
    }
  }

  std::optional<OneInput> derived(const Node& node) const {
    switch (node.op) {
    case Op::convert: return scaled(form(node.operands[0]), node.details->factor, node.details->offset);
    case Op::negate: return scaled(form(node.operands[0]), Rational(-1), Rational(0));
    case Op::multiply: {
      const auto a = constant(node.operands[0]), b = constant(node.operands[1]);
      if (a && *a != Rational(0)) return scaled(form(node.operands[1]), *a, Rational(0));
      return b && *b != Rational(0) ? scaled(form(node.operands[0]), *b, Rational(0)) : std::nullopt;
    }
    case Op::add:
    case Op::subtract: return shifted(node);
    case Op::years_between: return since(node, OneInput::Scale::years_ago);
    case Op::days_between: return since(node, OneInput::Scale::days_ago);
    default: return std::nullopt;
    }
  }

  static std::optional<OneInput> scaled(const OneInput* from, Rational factor, Rational offset) {
    if (!from) return std::nullopt;
    const auto new_factor = Rational::multiply(from->factor, factor);
    const auto moved = Rational::multiply(from->offset, factor);
    const auto new_offset = moved ? Rational::add(*moved, offset) : std::nullopt;
    if (!new_factor || !new_offset) return std::nullopt;
    return OneInput{from->scale, from->input, *new_factor, *new_offset};
  }

  std::optional<OneInput> shifted(const Node& node) const {
    if (node.operands.size() != 2) return std::nullopt;
    const auto a = constant(node.operands[0]), b = constant(node.operands[1]);
    const bool minus = node.op == Op::subtract;
    if (b) {
      const auto offset = minus ? Rational::subtract(Rational(0), *b) : b;
      return offset ? scaled(form(node.operands[0]), Rational(1), *offset) : std::nullopt;
    }
    return a ? scaled(form(node.operands[1]), Rational(minus ? -1 : 1), *a) : std::nullopt;
  }

  std::optional<OneInput> since(const Node& node, OneInput::Scale scale) const {
    const auto* from = form(node.operands[0]);
    if (!from || from->scale != OneInput::Scale::value || !is_today(node.operands[1])) return std::nullopt;
    if (from->factor != Rational(1) || from->offset != Rational(0)) return std::nullopt;
    return OneInput{scale, from->input, Rational(1), Rational(0)};
  }

  void use_otherwise(NodeId operand) {
    if (const auto* from = form(operand)) seen_[from->input].is_used_otherwise = true;
  }

  void compare(const Node& node) {
    const auto *left = form(node.operands[0]), *right = form(node.operands[1]);
    const auto a = constant(node.operands[0]), b = constant(node.operands[1]);
    if (left && b) return cut(*left, *b, node.op == Op::less_or_equal, node.op == Op::equal);
    if (right && a) return cut(*right, *a, node.op == Op::less, node.op == Op::equal);
    use_otherwise(node.operands[0]);
    use_otherwise(node.operands[1]);
  }

  /// `belongs_below`: the cut itself lies on the lower side ("x <= c"), otherwise on the upper one ("x < c").
  void cut(const OneInput& from, Rational c, bool belongs_below, bool is_point) {
    Seen& seen = seen_[from.input];
    const auto moved = Rational::subtract(c, from.offset);
    const auto x = moved ? Rational::divide(*moved, from.factor) : std::nullopt;
    if (!x) {
      seen.is_used_otherwise = true;
      return;
    }
    if (from.factor < Rational(0)) belongs_below = !belongs_below;
    if (from.scale != OneInput::Scale::value) return cut_age(seen, from.scale, *x, belongs_below, is_point);
    const TypeInfo& type = type_of_input(from.input);
    const Rational step = type.step.value_or(Rational(1)), origin = type.minimum.value_or(Rational(0));
    const auto distance = Rational::subtract(*x, origin);
    const auto down = distance ? Rational::round(*distance, step, RoundingMode::down) : std::nullopt;
    const auto floor = down ? Rational::add(origin, *down) : std::nullopt;
    if (!floor) return;
    const bool is_on_step = *floor == *x;
    add(seen, type, *floor, 0, step);
    if (is_point || belongs_below || !is_on_step) add(seen, type, *floor, 1, step);
    if ((is_point || !belongs_below) && is_on_step) add(seen, type, *floor, -1, step);
  }

  static void add(Seen& seen, const TypeInfo& type, Rational at, int steps, Rational step) {
    const auto x =
        steps == 0 ? std::optional(at) : (steps > 0 ? Rational::add(at, step) : Rational::subtract(at, step));
    if (x && lies_between(type, *x)) seen.cuts.push_back(*x);
  }

  /// Completed years and days are whole: "older than 65" begins at 66.
  static void cut_age(Seen& seen, OneInput::Scale scale, Rational x, bool belongs_below, bool is_point) {
    const auto floor = Rational::round(x, Rational(1), RoundingMode::down);
    if (!floor) return;
    auto& ages = scale == OneInput::Scale::years_ago ? seen.years : seen.days;
    const std::int64_t whole = floor->numerator();
    const std::int64_t furthest = scale == OneInput::Scale::years_ago ? 9'999 : 3'652'424; // so far dates reach
    if (whole < -furthest || whole > furthest) return;
    if (is_point || (!belongs_below && *floor == x)) ages.insert(whole);
    if (is_point || belongs_below || *floor != x) ages.insert(whole + 1);
  }

  void store(InputInfo& input, Seen& seen) const {
    const TypeInfo& type = graph_.dictionary[input.type];
    if (seen.is_used_otherwise) spread(type, seen);
    const bool is_date = type.kind == TypeKind::date;
    std::sort(seen.cuts.begin(), seen.cuts.end());
    seen.cuts.erase(std::unique(seen.cuts.begin(), seen.cuts.end()), seen.cuts.end());
    for (const Rational x : seen.cuts) {
      if (is_date) {
        input.landmarks.emplace_back(Date{x.numerator()});
      } else {
        input.landmarks.emplace_back(x);
      }
    }
    for (const std::int64_t years : seen.years)
      input.landmark_ages.push_back({years * 12, 0});
    for (const std::int64_t days : seen.days)
      input.landmark_ages.push_back({0, days * 86'400});
  }

  /// Lowest, highest and three between, on the steps of the type.
  static void spread(const TypeInfo& type, Seen& seen) {
    if (!type.minimum || !type.maximum) return;
    const auto range = Rational::subtract(*type.maximum, *type.minimum);
    for (std::int64_t quarter = 0; range && quarter <= 4; ++quarter) {
      const auto part = Rational::multiply(*range, *Rational::make(quarter, 4));
      const auto on_step =
          part ? Rational::round(*part, type.step.value_or(Rational(1)), RoundingMode::down) : std::nullopt;
      const auto x = on_step ? Rational::add(*type.minimum, *on_step) : std::nullopt;
      if (x && lies_between(type, *x)) seen.cuts.push_back(*x);
    }
  }

  Graph& graph_;
  std::vector<std::uint32_t> place_of_form_; ///< by node: one more than the place in `forms_`; 0 where it has none
  std::vector<OneInput> forms_;
  std::vector<Seen> seen_;
};

/// Which inputs stand behind nodes.
class Sources {
public:
  explicit Sources(const Graph& graph) : graph_(graph) { seen_.visited.resize(graph.nodes.size()); }

  struct Found {
    std::set<InputId> inputs;
    bool asks_stage = false;
  };
  /// Adds what stands behind `id` to `found`. Between two calls of `restart` no node is looked at twice.
  void add(NodeId id, Found& found) { walk(id, found, seen_, true); }
  void restart() { ++seen_.round; }

private:
  /// Which nodes were looked at since the round began.
  struct Seen {
    std::vector<std::uint32_t> visited; ///< by node: the last round
    std::uint32_t round = 1;
  };
  /// Many rules may ask for one table; a large one is gone through once.
  static constexpr std::size_t most_operands_each_time = 64;

  void walk(NodeId id, Found& found, Seen& seen, bool remembers) {
    std::vector<NodeId> open{id};
    while (!open.empty()) {
      const NodeId next = open.back();
      open.pop_back();
      if (next.index() >= graph_.nodes.size() || seen.visited[next.index()] == seen.round) continue;
      seen.visited[next.index()] = seen.round;
      const Node& node = graph_[next];
      if (remembers && node.operands.size() > most_operands_each_time) {
        const Found& behind = behind_large(next);
        found.inputs.insert(behind.inputs.begin(), behind.inputs.end());
        found.asks_stage |= behind.asks_stage;
        continue;
      }
      if ((node.op == Op::input || node.op == Op::series) && node.reference < graph_.dictionary.inputs.size())
        found.inputs.insert(InputId(node.reference));
      if (node.op == Op::in_stage) found.asks_stage = true;
      if (node.op == Op::differential && node.reference < graph_.differentials.size()) {
        for (const Argument& argument : graph_.differentials[node.reference].arguments)
          open.push_back(argument.condition);
        for (const DifferentialVerdict& verdict : graph_.differentials[node.reference].verdicts)
          open.push_back(verdict.condition);
      }
      open.insert(open.end(), node.operands.begin(), node.operands.end());
    }
  }

  const Found& behind_large(NodeId id) {
    const auto [place, is_new] = large_.try_emplace(id);
    if (is_new) {
      inner_.visited.resize(graph_.nodes.size());
      ++inner_.round;
      walk(id, place->second, inner_, false);
    }
    return place->second;
  }

  const Graph& graph_;
  Seen seen_, inner_;
  std::map<NodeId, Found> large_;
};

void describe_rules(Graph& graph, Sources& sources) {
  Sources::Found pathway;
  if (graph.pathway) {
    sources.restart();
    sources.add(graph.applies, pathway);
    for (const Transition& transition : graph.pathway->transitions)
      sources.add(transition.condition, pathway);
  }
  bool any_asks_stage = false;
  const std::size_t count = std::min(graph.rules.size(), graph.dictionary.rules.size());
  for (std::size_t r = 0; r < count; ++r) {
    const Rule& rule = graph.rules[r];
    RuleInfo& info = graph.dictionary.rules[r];
    info.condition = rule.condition_text;
    Sources::Found found;
    sources.restart();
    sources.add(graph.applies, found);
    sources.add(rule.condition, found);
    info.advice.clear();
    for (const Advice& advice : rule.advice) {
      sources.add(advice.selected, found);
      info.advice.push_back({advice.verb, advice.action, advice.selected.is_valid()});
    }
    if (found.asks_stage) found.inputs.insert(pathway.inputs.begin(), pathway.inputs.end());
    any_asks_stage |= found.asks_stage;
    info.inputs.assign(found.inputs.begin(), found.inputs.end());
  }
  // An unanswered condition leaves the patient in a stage, and the stage is known: it moves with what is known.
  if (!any_asks_stage) return;
  for (const InputId input : pathway.inputs)
    graph.dictionary.inputs[input.index()].known_matters = true;
}

void describe_knowledge(Graph& graph, Sources& sources, const std::vector<bool>& used) {
  Sources::Found found;
  sources.restart();
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const Node& node = graph.nodes[i];
    const bool asks = node.op == Op::is_known || node.op == Op::unknown_because;
    if (asks && !node.operands.empty()) sources.add(node.operands[0], found);
    if (node.op == Op::series && node.reference < graph.dictionary.inputs.size())
      found.inputs.insert(InputId(node.reference));
  }
  for (const InputId input : found.inputs)
    graph.dictionary.inputs[input.index()].known_matters = true;
}

} // namespace

void describe(Graph& graph) {
  for (InputInfo& input : graph.dictionary.inputs) {
    input.landmarks.clear();
    input.landmark_ages.clear();
    input.known_matters = false;
  }
  const std::vector<bool> used = decisive_nodes(graph);
  Landmarks(graph).find(used);
  Sources sources(graph);
  describe_rules(graph, sources);
  describe_knowledge(graph, sources, used);
}

} // namespace aceso::graph
