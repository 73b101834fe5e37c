#include "analyse/witness.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "module/input_units.h"
#include "reference/evaluator.h"
#include "reference/outcome.h"

namespace aceso::analyse {

using graph::Node;
using graph::Op;

namespace {

constexpr std::int64_t one_day = 86'400;
/// As many are left out one by one.
constexpr std::size_t few_facts = 24;

/// About how long: months count 28 days, and no period is longer than all. For order, and to find room.
std::int64_t seconds_in(const std::optional<Period>& period) {
  return period ? period->months * 28 * one_day + period->seconds : 1'000'000 * one_day;
}

Rational step_of(const TypeInfo& type) { return type.step.value_or(Rational(1)); }

reference::Snapshot snapshot_of(const graph::Graph& graph, const WitnessBuilder::Facts& facts, ZonedInstant now) {
  const auto& inputs = graph.dictionary.inputs;
  reference::Snapshot snapshot{
      now.instant, Zone(now.offset_seconds), std::vector<Value>(inputs.size()), std::vector<bool>(inputs.size()), {}};
  snapshot.series.resize(inputs.size());
  for (const auto& fact : facts) {
    const Instant at{now.instant.seconds - fact.seconds_ago};
    auto& series = snapshot.series[fact.input.index()];
    series.insert(std::upper_bound(series.begin(), series.end(), at,
                                   [](Instant a, const auto& entry) { return a < entry.first; }),
                  {at, fact.value});
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!snapshot.series[i].empty()) snapshot.values[i] = snapshot.series[i].back().second;
    if (!snapshot.values[i].is_known() && inputs[i].unknown_policy == UnknownPolicy::assume)
      snapshot.values[i] = *inputs[i].assumed;
  }
  return snapshot;
}

} // namespace

namespace {

/// What a node is made of.
void add_parts_of(const graph::Graph& graph, const Node& node, std::vector<NodeId>& parts) {
  if (node.op == Op::differential) {
    for (const auto& argument : graph.differentials[node.reference].arguments)
      parts.push_back(argument.condition);
    for (const auto& verdict : graph.differentials[node.reference].verdicts)
      parts.push_back(verdict.condition);
  }
  parts.insert(parts.end(), node.operands.begin(), node.operands.end());
}

} // namespace

std::vector<NodeId> nodes_behind(const graph::Graph& graph, std::vector<NodeId> roots) {
  std::vector<NodeId> found;
  std::vector<bool> seen(graph.nodes.size());
  for (std::vector<NodeId>& open = roots; !open.empty();) {
    const NodeId next = open.back();
    open.pop_back();
    if (!next.is_valid() || seen[next.index()]) continue;
    seen[next.index()] = true;
    found.push_back(next);
    add_parts_of(graph, graph[next], open);
  }
  return found;
}

std::vector<std::uint32_t> inputs_behind(const graph::Graph& graph, NodeId id) {
  std::set<std::uint32_t> inputs, seen; // few nodes of many
  std::vector<NodeId> open{id};
  while (!open.empty()) {
    const NodeId next = open.back();
    open.pop_back();
    if (!seen.insert(next.index()).second) continue;
    const Node& node = graph[next];
    if (node.op == Op::input || node.op == Op::series) inputs.insert(node.reference);
    add_parts_of(graph, node, open);
  }
  return {inputs.begin(), inputs.end()};
}

std::vector<std::string> history_lines(const Dictionary& names, const std::vector<Event>& events,
                                       const reference::Evaluation& evaluation) {
  std::vector<std::pair<Instant, std::string>> lines;
  for (const Event& event : events)
    for (const Fact& fact : event.facts) {
      const InputInfo& info = names[fact.input];
      const bool is_known = fact.value.is_known();
      const std::string words =
          is_known && names[info.type].kind == TypeKind::yes_no
              ? (fact.value.as<bool>() ? "" : "no ") + info.name
              : fmt::format("{} {}{}", info.name, is_known ? "= " : "", fact_text(names, fact.input, fact.value));
      lines.emplace_back(event.at.instant, fmt::format("{} from {}", words, to_text(event.at)));
    }
  if (evaluation.decision.stage)
    for (const StageVisit& visit : evaluation.decision.stage->path)
      lines.emplace_back(visit.entered_at.instant,
                         fmt::format("stage {} from {}", names[visit.stage].name, to_text(visit.entered_at)));
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> texts;
  for (auto& [at, text] : lines)
    texts.push_back(std::move(text));
  return texts;
}

void tell_history(const graph::Graph& graph, Witness& witness, std::vector<Event> events) {
  witness.facts.resize(witness.inputs.size());
  Event taken_back{witness.patient.now, {}};
  for (const Fact& fact : witness.patient.facts)
    if (!std::count(witness.inputs.begin(), witness.inputs.end(), fact.input)) taken_back.facts.push_back(fact);
  events.push_back(std::move(taken_back));
  const reference::Evaluation evaluation = reference::evaluate(graph, witness.patient);
  for (std::string& line : history_lines(graph.dictionary, events, evaluation))
    witness.facts.push_back(std::move(line));
}

bool is_ordered(const TypeInfo& type) {
  return type.kind == TypeKind::number || type.kind == TypeKind::duration || type.kind == TypeKind::date ||
         type.kind == TypeKind::instant;
}

std::optional<Rational> to_number(const Value& value) {
  if (value.is<Rational>()) return value.as<Rational>();
  if (value.is<Date>()) return Rational(value.as<Date>().days);
  if (value.is<Instant>()) return Rational(value.as<Instant>().seconds);
  if (value.is<Choice>()) return Rational(static_cast<std::int64_t>(value.as<Choice>().index));
  return std::nullopt;
}

Value from_number(const TypeInfo& type, Rational number) {
  if (type.kind == TypeKind::date) return Date{number.numerator()};
  if (type.kind == TypeKind::instant) return Instant{number.numerator()};
  return number;
}

Rational on_step(const TypeInfo& type, const Rational& number, RoundingMode mode) {
  if (!type.step) return number;
  const Rational base = type.minimum.value_or(Rational(0));
  const auto distance = Rational::subtract(number, base);
  const auto steps = distance ? Rational::round(*distance, *type.step, mode) : std::nullopt;
  return steps ? Rational::add(base, *steps).value_or(number) : number;
}

WitnessBuilder::WitnessBuilder(const graph::Graph& graph, std::uint64_t most_tries)
    : graph_(graph), histories_(graph.dictionary.stages.size()), most_tries_(most_tries) {
  // A fixed instant, so that the same guideline gives the same patients: noon of the day it was published.
  const auto published = parse_date(graph.dictionary.guideline.published);
  const Date day = published.value_or(to_date({2026, 1, 1}));
  now_ = {Instant{day.days * one_day + one_day / 2}, 0};
}

void WitnessBuilder::set_history(StageId stage, std::vector<Event> events) {
  histories_[stage.index()] = std::move(events);
}

std::vector<Event> WitnessBuilder::earlier_history(StageId stage) const {
  std::vector<Event> events = *histories_[stage.index()];
  for (Event& event : events)
    event.at.instant.seconds -= stay_;
  return events;
}

PatientCase WitnessBuilder::build(const Facts& facts, std::optional<StageId> stage) const {
  PatientCase result;
  result.now = now_;
  std::set<std::uint32_t> stated;
  if (stage && histories_[stage->index()]) {
    result.events = earlier_history(*stage);
    for (const Event& event : result.events)
      for (const Fact& fact : event.facts)
        stated.insert(fact.input.index());
  }
  std::vector<Event> measured;
  for (const Statement& fact : facts) {
    if (fact.seconds_ago == 0) {
      stated.erase(fact.input.index());
      result.facts.push_back({fact.input, fact.value, {}});
    } else {
      measured.push_back(
          {{Instant{now_.instant.seconds - fact.seconds_ago}, now_.offset_seconds}, {{fact.input, fact.value, {}}}});
    }
  }
  for (Event& event : measured)
    result.events.push_back(std::move(event));
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const Event& a, const Event& b) { return a.at.instant < b.at.instant; });
  // What the history said and the patient of the model does not know is taken back.
  if (takes_back_)
    for (const std::uint32_t input : stated)
      result.facts.push_back({InputId(input), UnknownReason::not_asked, {}});
  std::sort(result.facts.begin(), result.facts.end(), [](const Fact& a, const Fact& b) { return a.input < b.input; });
  return result;
}

namespace {

bool lies_between(const Rational& value, const std::optional<Cut>& low, const std::optional<Cut>& high) {
  return (!low || (low->above ? value > low->value : value >= low->value)) &&
         (!high || (high->above ? value <= high->value : value < high->value));
}

/// The least value of a unit with a step of its own that the input accepts, between two steps of the input.
std::optional<Rational> in_accepted_unit(const InputInfo& info, const TypeInfo& type, const std::optional<Cut>& low,
                                         const std::optional<Cut>& high) {
  if (!low || !type.step) return std::nullopt;
  for (const AcceptedUnit& accepted : info.accepted_units) {
    if (!accepted.step) continue;
    const auto there = converted(info, type.unit, accepted.code, low->value);
    auto amount = there ? Rational::round(*there, *accepted.step, RoundingMode::up) : std::nullopt;
    for (int i = 0; amount && i < 2; ++i, amount = Rational::add(*amount, *accepted.step)) {
      const auto value = converted(info, accepted.code, type.unit, *amount);
      if (value && lies_between(*value, low, high)) return value;
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<Value> WitnessBuilder::pick(InputId input, const std::optional<Cut>& low,
                                          const std::optional<Cut>& high) const {
  const InputInfo& info = graph_.dictionary[input];
  const TypeInfo& type = graph_.dictionary[info.type];
  const Rational step = step_of(type);
  std::optional<Rational> from = type.minimum, to = type.maximum;
  const auto plus = [](Rational a, Rational b) { return Rational::add(a, b).value_or(a); };
  const auto minus = [](Rational a, Rational b) { return Rational::subtract(a, b).value_or(a); };
  if (low) {
    from = on_step(type, low->value, RoundingMode::up);
    if (!lies_between(*from, low, {})) from = plus(*from, step);
  }
  if (high) {
    to = on_step(type, high->value, RoundingMode::down);
    if (!lies_between(*to, {}, high)) to = minus(*to, step);
  }
  if (from && to && *from > *to) {
    const auto value = in_accepted_unit(info, type, low, high);
    return value ? std::optional(from_number(type, *value)) : std::nullopt;
  }
  std::optional<Rational> wanted;
  if (info.typical) wanted = to_number(*info.typical);
  if (!wanted && type.kind == TypeKind::date) wanted = Rational(now_.instant.seconds / one_day - 40 * 365);
  if (!wanted && type.kind == TypeKind::instant) wanted = Rational(now_.instant.seconds - one_day);
  if (!wanted && !from && !to) wanted = Rational(0);
  if (!wanted) wanted = low ? from : to; // next to the threshold that matters
  if (!wanted) wanted = from;
  if (from && *wanted < *from) wanted = from;
  if (to && *wanted > *to) wanted = to;
  return from_number(type, *wanted);
}

WitnessBuilder::Facts WitnessBuilder::facts_of(const Encoding& encoding) {
  Facts facts;
  for (const auto& found : encoding.found_inputs()) {
    if (!found.known) {
      if (found.reason) facts.push_back({found.input, Value(*found.reason)});
      continue;
    }
    if (found.value.is_known()) {
      facts.push_back({found.input, found.value});
    } else if (is_ordered(graph_.dictionary[graph_.dictionary[found.input].type])) {
      if (const auto value = pick(found.input, found.low, found.high)) facts.push_back({found.input, *value});
    }
  }
  return facts;
}

void WitnessBuilder::realise(const Encoding& encoding, Facts& facts, const std::function<bool()>& is_enough) {
  const auto wanted = encoding.found_free();
  std::map<std::uint32_t, Encoding::FoundInput> limits;
  for (auto& found : encoding.found_inputs())
    limits.emplace(found.input.index(), std::move(found));

  const auto comes_out = [&](const Encoding::FoundFree& free, const Value& value) {
    if (!free.known) return !value.is_known();
    if (!value.is_known()) return false;
    if (free.value.is_known()) return value == free.value;
    const auto number = to_number(value);
    if (!number) return true;
    if (free.low && (*number < free.low->value || (free.low->above && *number == free.low->value))) return false;
    return !free.high || *number < free.high->value || (free.high->above && *number == free.high->value);
  };
  const auto set = [&](InputId input, const Value& value, std::int64_t ago) {
    for (Statement& fact : facts)
      if (fact.input == input && fact.seconds_ago == ago) {
        fact.value = value;
        return;
      }
    facts.push_back({input, value, ago});
  };
  /// The known statements of an input, the newest first.
  const auto stated = [&](InputId input) {
    std::vector<Statement*> found;
    for (Statement& fact : facts)
      if (fact.input == input && fact.value.is_known()) found.push_back(&fact);
    std::sort(found.begin(), found.end(),
              [](const Statement* a, const Statement* b) { return a->seconds_ago < b->seconds_ago; });
    return found;
  };
  const auto newest = [&](InputId input) {
    const auto found = stated(input);
    return found.empty() ? 0 : found.front()->seconds_ago;
  };
  const auto clear = [&](InputId input) { std::erase_if(facts, [&](const Statement& f) { return f.input == input; }); };
  const auto value_of = [&](NodeId node) {
    if (tries_ >= last_try_) return Value(); // it stays unknown, and so nothing fits
    ++tries_;
    const reference::Snapshot snapshot = snapshot_of(graph_, facts, now_);
    reference::Evaluator evaluator(graph_, snapshot);
    return evaluator.value(node);
  };

  /// Tries values of one input until the node comes out right: ends of its region, then bisection.
  const auto try_input = [&](const Encoding::FoundFree& free, std::uint32_t index) {
    const InputId input(index);
    const InputInfo& info = graph_.dictionary[input];
    const TypeInfo& type = graph_.dictionary[info.type];
    const Facts before = facts;
    const auto fits = [&](const Value& value) {
      set(input, value, newest(input));
      return comes_out(free, value_of(free.node));
    };
    /// All measurements but the newest, of which there is at least one then.
    const auto set_earlier = [&](const Value& value) {
      const auto statements = stated(input);
      for (std::size_t i = 1; i < statements.size(); ++i)
        statements[i]->value = value;
      if (statements.size() < 2) set(input, value, newest(input) + one_day);
    };
    // A mean may lie between the steps on which the input is measured.
    const bool may_be_it = info.is_series && graph_.type_of(free.node).kind == type.kind; // a latest value, for example
    if (may_be_it && free.known && free.value.is_known()) {
      const auto number = is_ordered(type) ? to_number(free.value) : std::nullopt;
      const Value value = number ? from_number(type, on_step(type, *number, RoundingMode::half_up)) : free.value;
      if (fits(value)) return true;
    }
    if (info.is_series && is_ordered(type)) {
      std::vector<Value> ends;
      if (free.low && !free.low->above)
        ends.push_back(from_number(type, on_step(type, free.low->value, RoundingMode::up)));
      if (free.high) {
        const auto below =
            free.high->above ? free.high->value : Rational::subtract(free.high->value, step_of(type)).value_or(0);
        ends.push_back(from_number(type, on_step(type, below, RoundingMode::down)));
      }
      for (const auto& end : {type.minimum, type.maximum})
        if (end) ends.push_back(from_number(type, *end));
      // The newest alone, so that a trend stays; then the same value each time. Where it has to change is tried below.
      for (const Value& value : ends)
        if (fits(value)) return true;
      for (const Value& value : ends) {
        for (Statement* fact : stated(input))
          fact->value = value;
        if (comes_out(free, value_of(free.node))) return true;
      }
      facts = before;
    }
    if (!is_ordered(type)) {
      std::vector<Value> values;
      if (type.kind == TypeKind::yes_no) values = {Value(true), Value(false)};
      for (std::uint32_t m = 0; m < type.members.size(); ++m)
        values.emplace_back(Choice{m});
      if (!info.is_series) return false;
      const auto statements = stated(input);
      const std::size_t count = statements.size();
      const Value present = statements.empty() ? Value() : statements.front()->value;
      // The present value first: something else may need it. Then an earlier one, which may lie outside another window.
      std::stable_partition(values.begin(), values.end(), [&](const Value& v) { return v == present; });
      for (std::size_t earlier = count; earlier-- > 1;)
        for (const Value& value : values) {
          facts = before;
          stated(input)[earlier]->value = value;
          if (comes_out(free, value_of(free.node))) return true;
        }
      facts = before;
      for (const Value& value : values)
        if (fits(value)) return true;
      for (const Value& last : values)
        for (const Value& first : values) {
          facts = before;
          set_earlier(first);
          if (fits(last)) return true;
        }
      facts = before;
      return false;
    }
    const auto limit = limits.find(index);
    const bool is_limited = limit != limits.end();
    const Rational step = step_of(type);
    Rational from = type.minimum.value_or(Rational(type.kind == TypeKind::date ? -25'000 : 0));
    Rational to = type.maximum.value_or(
        Rational(type.kind == TypeKind::date ? now_.instant.seconds / one_day : now_.instant.seconds));
    if (is_limited) {
      const auto& [low, high] = std::tie(limit->second.low, limit->second.high);
      if (low && low->value > from) from = low->above ? Rational::add(low->value, step).value_or(from) : low->value;
      if (high && high->value < to) to = high->above ? high->value : Rational::subtract(high->value, step).value_or(to);
    }
    const auto search = [&] {
      Rational a = from, b = to;
      if (fits(from_number(type, a))) return true;
      const auto at_a = to_number(value_of(free.node));
      if (fits(from_number(type, b))) return true;
      const auto at_b = to_number(value_of(free.node));
      if (!at_a || !at_b || free.value.is_known()) return false;
      const bool rising = *at_a < *at_b;
      for (int i = 0; i < 64; ++i) {
        const auto sum = Rational::add(a, b);
        const auto half = sum ? Rational::divide(*sum, Rational(2)) : std::nullopt;
        const auto distance = half ? Rational::subtract(*half, from) : std::nullopt;
        const auto steps = distance ? Rational::round(*distance, step, RoundingMode::down) : std::nullopt;
        const auto middle = steps ? Rational::add(*steps, from) : std::nullopt;
        if (!middle || *middle == a || *middle == b) return false;
        if (fits(from_number(type, *middle))) return true;
        const auto here = to_number(value_of(free.node));
        if (!here) return false;
        const bool too_small = free.low && *here < free.low->value;
        ((too_small == rising) ? a : b) = *middle;
      }
      return false;
    };
    if (search()) return true;
    if (info.is_series)
      for (const Value& earlier : {from_number(type, from), from_number(type, to)}) {
        facts = before;
        set_earlier(earlier);
        if (comes_out(free, value_of(free.node)) || search()) return true; // the present value may do
      }
    facts = before;
    return false;
  };

  std::map<std::uint32_t, std::vector<Encoding::FoundWindow>> windows; ///< the shortest first
  for (const Encoding::FoundWindow& window : encoding.found_windows())
    windows[window.input.index()].push_back(window);
  for (auto& [index, of_input] : windows)
    std::sort(of_input.begin(), of_input.end(),
              [](const auto& a, const auto& b) { return seconds_in(a.period) < seconds_in(b.period); });

  // How often each series was measured: as often as the model says, or else as often as brings out most of what is
  // wanted. One statement a day, where the windows have room for it.
  std::set<std::uint32_t> measured;
  for (const auto& free : wanted)
    if (free.known)
      for (const std::uint32_t index : inputs_behind(graph_, free.node))
        if (graph_.dictionary.inputs[index].is_series) measured.insert(index);
  bool is_spread = false; ///< each window has a measurement that the shorter ones have not
  const auto measure = [&](int times) {
    for (const std::uint32_t index : measured) {
      const InputId input(index);
      const TypeInfo& type = graph_.dictionary[graph_.dictionary[input].type];
      std::optional<Value> value;
      if (is_ordered(type)) value = pick(input, {}, {});
      if (type.kind == TypeKind::yes_no) value = Value(false);
      if (!type.members.empty()) value = Value(Choice{0});
      clear(input);
      if (!value) continue;
      const auto place = windows.find(index);
      if (place == windows.end()) {
        for (int day = 0; day < times; ++day)
          set(input, *value, day * one_day);
        continue;
      }
      const auto& of_input = place->second;
      const bool last_unknown =
          std::any_of(of_input.begin(), of_input.end(), [](const auto& w) { return w.last_unknown; });
      if (last_unknown) set(input, UnknownReason::not_done, 0);
      std::int64_t count = 0, ago = last_unknown ? 1 : 0, inner = 0; ///< next measurement; end of the window before
      bool inner_is_full = false;
      for (const Encoding::FoundWindow& window : of_input) {
        std::int64_t wanted = std::max<std::int64_t>(times, window.at_least);
        if (is_spread && count > 0) wanted = std::max(wanted, count + 1);
        if (window.at_most) wanted = std::min(wanted, *window.at_most);
        const std::int64_t beyond = std::clamp<std::int64_t>((seconds_in(window.period) - inner) / 4, 1, one_day);
        if (inner_is_full || (is_spread && count > 0)) ago = std::max(ago, inner + beyond);
        const std::int64_t room = seconds_in(window.period) - ago;
        const std::int64_t space = std::clamp<std::int64_t>(room / (wanted + 1), 1, one_day);
        for (; count < wanted; ago += space, ++count)
          set(input, *value, ago);
        inner = seconds_in(window.period);
        inner_is_full = window.at_most.has_value(); // further ones must lie outside
      }
    }
  };
  std::ptrdiff_t most = -1;
  int best = 1;
  for (const int times : {1, 2, 3, 4, 5, 7, 10}) {
    if (measured.empty()) break;
    measure(times);
    if (is_enough()) return;
    const auto right = std::count_if(wanted.begin(), wanted.end(), [&](const auto& free) {
      const Value value = value_of(free.node);
      return free.known && comes_out(free, value);
    });
    if (right > most) {
      most = right;
      best = times;
    }
  }
  if (!measured.empty()) measure(best);

  const auto adjust = [&] {
    for (int round = 0; round < 4; ++round) {
      bool is_changed = false;
      for (const auto& free : wanted) {
        if (!free.known && round > 0) continue;
        if (comes_out(free, value_of(free.node))) continue;
        bool done = false;
        const auto behind = inputs_behind(graph_, free.node);
        if (!free.known) {
          for (const std::uint32_t index : behind)
            if (graph_.dictionary.inputs[index].is_series && !measured.contains(index)) clear(InputId(index));
          continue;
        }
        // Everything behind it has to be known before it can be.
        for (const std::uint32_t index : behind) {
          const bool is_stated =
              std::any_of(facts.begin(), facts.end(), [&](const Statement& f) { return f.input.index() == index; });
          if (is_stated) continue;
          const InputId input(index);
          const TypeInfo& type = graph_.dictionary[graph_.dictionary[input].type];
          if (is_ordered(type)) {
            if (const auto value = pick(input, {}, {})) set(input, *value, 0);
          } else if (type.kind == TypeKind::yes_no) {
            set(input, Value(false), 0);
          } else if (!type.members.empty()) {
            set(input, Value(Choice{0}), 0);
          }
        }
        if (comes_out(free, value_of(free.node))) continue;
        for (const std::uint32_t index : behind)
          if (!done) done = try_input(free, index);
        is_changed |= done;
      }
      if (is_enough()) return true;
      if (!is_changed) return false;
    }
    return false;
  };
  if (adjust()) return;
  is_spread = std::any_of(windows.begin(), windows.end(), [](const auto& one) { return one.second.size() > 1; });
  if (!is_spread) return;
  measure(best);
  static_cast<void>(adjust());
}

bool is_in_range(const graph::Graph& graph, const PatientCase& patient) {
  const auto fits = [&](const Fact& fact) {
    const TypeInfo& type = graph.dictionary[graph.dictionary[fact.input].type];
    if (!fact.value.is<Rational>()) return true;
    const Rational value = fact.value.as<Rational>();
    return (!type.minimum || value >= *type.minimum) && (!type.maximum || value <= *type.maximum);
  };
  return std::all_of(patient.facts.begin(), patient.facts.end(), fits) &&
         std::all_of(patient.events.begin(), patient.events.end(),
                     [&](const Event& event) { return std::all_of(event.facts.begin(), event.facts.end(), fits); });
}

bool WitnessBuilder::is_shown(const Facts& facts, std::optional<StageId> stage, const Shows& shows) {
  if (quick_) return quick_(facts);
  const PatientCase patient = build(facts, stage);
  if (!is_in_range(graph_, patient)) return false;
  ++evaluations_;
  const reference::Evaluation evaluation = reference::evaluate_outcome(graph_, patient);
  return evaluation.broken.empty() && shows(evaluation);
}

void WitnessBuilder::minimise(Facts& facts, std::optional<StageId> stage, const Shows& shows) {
  // Of many facts most do not matter: whole blocks first, half as large each time.
  for (std::size_t block = facts.size() / 2; facts.size() > few_facts && block > 1; block /= 2)
    for (std::size_t end = facts.size(); end > 0;) {
      const std::size_t begin = end > block ? end - block : 0;
      Facts fewer(facts.begin(), facts.begin() + static_cast<std::ptrdiff_t>(begin));
      fewer.insert(fewer.end(), facts.begin() + static_cast<std::ptrdiff_t>(end), facts.end());
      if (is_shown(fewer, stage, shows)) facts = std::move(fewer);
      end = begin;
    }
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = facts.size(); i-- > 0;) {
      Facts fewer = facts;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!is_shown(fewer, stage, shows)) continue;
      facts = std::move(fewer);
      again = true;
    }
  }
}

void WitnessBuilder::make_ordinary(Facts& facts, std::optional<StageId> stage, const Shows& shows) {
  for (Statement& fact : facts) {
    const auto& typical = graph_.dictionary[fact.input].typical;
    if (!typical || !fact.value.is_known() || *typical == fact.value) continue;
    const Value before = fact.value;
    fact.value = *typical;
    if (is_shown(facts, stage, shows)) continue;
    // As near to the typical value as the finding allows: bisection on the steps between.
    const TypeInfo& type = graph_.dictionary[graph_.dictionary[fact.input].type];
    std::optional<Rational> good = to_number(before), bad = to_number(*typical);
    for (int i = 0; i < 64 && good && bad && is_ordered(type); ++i) {
      const auto distance = Rational::subtract(*bad, *good);
      const auto half = distance ? Rational::divide(*distance, Rational(2)) : std::nullopt;
      const auto steps = half ? Rational::round(*half, step_of(type), RoundingMode::toward_zero) : std::nullopt;
      const auto middle = steps ? Rational::add(*good, *steps) : std::nullopt;
      if (!middle || *middle == *good) break;
      fact.value = from_number(type, *middle);
      (is_shown(facts, stage, shows) ? good : bad) = middle;
    }
    fact.value = good && is_ordered(type) ? from_number(type, *good) : before;
  }
}

namespace {

/// The least and the greatest value that there is: of a date and an instant those of the years 0001 to 9999.
std::pair<std::optional<Rational>, std::optional<Rational>> limits_of(const TypeInfo& type) {
  constexpr std::int64_t first_day = -719'162, last_day = 2'932'896;
  if (type.kind == TypeKind::date) return {Rational(first_day), Rational(last_day)};
  if (type.kind == TypeKind::instant) return {Rational(first_day * one_day), Rational((last_day + 1) * one_day - 1)};
  return {type.minimum, type.maximum};
}

} // namespace

void WitnessBuilder::describe(Witness& witness, const Facts& facts, std::optional<StageId> stage, const Shows& shows) {
  Facts changed = facts;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const InputInfo& info = graph_.dictionary[facts[i].input];
    const TypeInfo& type = graph_.dictionary[info.type];
    const auto text_of = [&](const Value& value) { return fact_text(graph_.dictionary, facts[i].input, value); };
    const auto still = [&](const Value& value) {
      changed[i].value = value;
      const bool shown = is_shown(changed, stage, shows);
      changed[i].value = facts[i].value;
      return shown;
    };
    std::string line = facts[i].value.is_known() ? fmt::format("{} = {}", info.name, text_of(facts[i].value))
                                                 : fmt::format("{} {}", info.name, text_of(facts[i].value));
    if (const std::int64_t ago = facts[i].seconds_ago; ago > 3 * one_day && ago % one_day == 0)
      line += fmt::format(", {} d earlier", ago / one_day);
    else if (ago != 0)
      line += fmt::format(", {} h earlier", ago / 3600);
    const auto number = facts[i].value.is_known() ? to_number(facts[i].value) : std::nullopt;
    if (number && is_ordered(type)) {
      // How far the value can move and the patient still shows the same.
      const Rational step = step_of(type);
      const auto end = [&](std::optional<Rational> limit, int direction) -> Rational {
        if (limit && still(from_number(type, *limit))) return *limit;
        Rational good = *number;
        std::optional<Rational> bad = limit;
        const auto moved_by = [&](std::int64_t steps) -> std::optional<Rational> {
          const auto distance = Rational::multiply(step, Rational(steps * direction));
          return distance ? Rational::add(good, *distance) : std::nullopt;
        };
        const auto is_before_bad = [&](const Rational& value) {
          return !bad || (direction > 0 ? value < *bad : *bad < value);
        };
        std::int64_t jump = 1;
        for (int doublings = 0; doublings < 50; ++doublings, jump *= 2) {
          const auto next = moved_by(jump);
          if (!next || !is_before_bad(*next)) break;
          if (!still(from_number(type, *next))) {
            bad = next;
            break;
          }
          good = *next;
        }
        while (bad && jump > 0) { // the end lies between
          const auto next = moved_by(jump);
          if (next && is_before_bad(*next)) {
            if (still(from_number(type, *next)))
              good = *next;
            else
              bad = next;
          }
          jump /= 2;
        }
        return good;
      };
      const auto [minimum, maximum] = limits_of(type);
      const Rational low = end(minimum, -1), high = end(maximum, 1);
      const bool to_bottom = minimum && low == *minimum, to_top = maximum && high == *maximum;
      if (low != high) {
        const std::string from = text_of(from_number(type, low)), to = text_of(from_number(type, high));
        if (to_bottom && to_top)
          line += " (or any other value)";
        else if (to_top)
          line += fmt::format(" (the same from {} up)", from);
        else if (to_bottom)
          line += fmt::format(" (the same up to {})", to);
        else
          line += fmt::format(" (the same from {} to {})", from, to);
      } else if (!to_bottom && !to_top) {
        witness.single_step.push_back(facts[i].input);
        line += " (only this value)";
      }
    } else if (number && type.members.size() > 2) {
      std::vector<std::string> others;
      for (std::uint32_t m = 0; m < type.members.size(); ++m)
        if (!(Value(Choice{m}) == facts[i].value) && still(Value(Choice{m}))) others.push_back(type.members[m].name);
      if (others.size() + 1 == type.members.size())
        line += " (or any other)";
      else if (!others.empty()) {
        line += " (or";
        for (std::size_t k = 0; k < others.size(); ++k)
          line += fmt::format("{} {}", k == 0 ? "" : ",", others[k]);
        line += ")";
      }
    } else if (type.kind == TypeKind::yes_no && facts[i].value.is_known()) {
      line = facts[i].value.as<bool>() ? info.name : "no " + info.name;
      if (still(Value(!facts[i].value.as<bool>()))) line += " (or the opposite)";
    }
    witness.facts.push_back(std::move(line));
    witness.inputs.push_back(facts[i].input);
  }
}

std::optional<WitnessBuilder::Found> WitnessBuilder::find(const Encoding& encoding, const Shows& shows) {
  last_try_ = tries_ + most_tries_;
  Found found{facts_of(encoding), encoding.found_stage()};
  if (found.stage && !has_history(*found.stage)) found.stage.reset();
  stay_ = 0;
  const auto is_found = [&] {
    if (is_shown(found.facts, found.stage, shows)) return true;
    if (!encoding.is_approximate()) return false;
    realise(encoding, found.facts, [&] { return is_shown(found.facts, found.stage, shows); });
    return is_shown(found.facts, found.stage, shows);
  };
  if (is_found()) return found;
  if (!found.stage) return std::nullopt;
  // What was measured on the way may be in the way: so long ago that no window has it any more.
  std::vector<std::int64_t> stays = stays_;
  std::int64_t longest = 0;
  for (const Encoding::FoundWindow& window : encoding.found_windows())
    if (window.period) longest = std::max(longest, seconds_in(window.period) + 4 * one_day);
  if (longest > 0) stays.push_back(longest);
  for (const std::int64_t stay : stays) {
    stay_ = stay;
    found.facts = facts_of(encoding);
    if (is_found()) return found;
  }
  // The history may say more than the model wants; somebody whom nobody knew before may do as well.
  stay_ = 0;
  found = {facts_of(encoding), std::nullopt};
  if (!is_found()) return std::nullopt;
  return found;
}

bool WitnessBuilder::confirms(const Encoding& encoding, const Shows& shows) {
  return find(encoding, shows).has_value();
}

std::optional<Witness> WitnessBuilder::from_model(const Encoding& encoding, const Shows& shows) {
  auto found = find(encoding, shows);
  if (!found) return std::nullopt;
  return made_small(std::move(*found), shows);
}

std::optional<Witness> WitnessBuilder::from_facts(Facts facts, const Shows& shows, const Quick& quick) {
  quick_ = quick; // in a large table it is asked first as well: an engine takes long
  if (!is_shown(facts, std::nullopt, shows)) {
    quick_ = nullptr;
    return std::nullopt;
  }
  Witness witness = made_small({std::move(facts), std::nullopt}, shows);
  quick_ = nullptr;
  if (!quick) return witness;
  ++evaluations_;
  const reference::Evaluation evaluation = reference::evaluate_outcome(graph_, witness.patient);
  if (!evaluation.broken.empty() || !shows(evaluation)) return std::nullopt;
  return witness;
}

bool WitnessBuilder::holds(const Facts& facts, const std::function<bool(reference::Evaluator&)>& shows) {
  ++evaluations_;
  const reference::Snapshot snapshot = snapshot_of(graph_, facts, now_);
  reference::Evaluator evaluator(graph_, snapshot);
  return shows(evaluator);
}

Witness WitnessBuilder::made_small(Found found, const Shows& shows) {
  Facts& facts = found.facts;
  std::optional<StageId>& stage = found.stage;
  minimise(facts, stage, shows);
  if (stage && is_shown(facts, std::nullopt, shows)) stage.reset();
  make_ordinary(facts, stage, shows);
  std::sort(facts.begin(), facts.end(), [](const Statement& a, const Statement& b) {
    return a.input != b.input ? a.input < b.input : a.seconds_ago > b.seconds_ago;
  });
  // Somebody of whom what was said before still holds is the more ordinary patient.
  takes_back_ = !keeps_history_ || !stage;
  if (!takes_back_ && !is_shown(facts, stage, shows)) takes_back_ = true;
  Witness witness;
  describe(witness, facts, stage, shows);
  witness.patient = build(facts, stage);
  if (stage && has_history(*stage)) tell_history(graph_, witness, earlier_history(*stage));
  takes_back_ = true;
  return witness;
}

} // namespace aceso::analyse
