#include "testing/nearby.h"

#include <algorithm>
#include <limits>

#include "analyse/witness.h"
#include "reference/outcome.h"

namespace aceso::testing {

using analyse::from_number;
using analyse::to_number;
using graph::Graph;
using graph::Node;
using graph::Op;
using reference::Evaluation;

namespace {

/// The facts in their order, as text: who has the same is the same patient.
std::string key_of(const Graph& graph, const PatientCase& patient) {
  std::string key = to_text(patient.now);
  const auto add = [&](const Fact& fact) {
    key += ' ' + std::to_string(fact.input.index()) + '=' +
           to_text(graph.dictionary, graph.dictionary[fact.input].type, fact.value);
  };
  for (const Event& event : patient.events) {
    key += " @" + to_text(event.at);
    for (const Fact& fact : event.facts)
      add(fact);
  }
  for (const Fact& fact : patient.facts)
    add(fact);
  return key;
}

const Value* present(const PatientCase& patient, InputId input) {
  for (const Fact& fact : patient.facts)
    if (fact.input == input) return &fact.value;
  return nullptr;
}

PatientCase with(PatientCase patient, InputId input, const std::optional<Value>& value) {
  std::erase_if(patient.facts, [&](const Fact& fact) { return fact.input == input; });
  if (!value) return patient;
  const auto place = std::lower_bound(patient.facts.begin(), patient.facts.end(), input,
                                      [](const Fact& fact, InputId id) { return fact.input < id; });
  patient.facts.insert(place, {input, *value, {}});
  return patient;
}

} // namespace

NearbyPatients::NearbyPatients(const Graph& graph, std::vector<std::uint32_t> inputs, std::uint64_t most_evaluations)
    : graph_(graph), inputs_(std::move(inputs)), thresholds_(graph.dictionary.inputs.size()),
      most_evaluations_(most_evaluations) {
  for (const Node& node : graph.nodes) {
    if (node.op != Op::less && node.op != Op::less_or_equal && node.op != Op::equal) continue;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const Node &subject = graph[node.operands[side]], &limit = graph[node.operands[1 - side]];
      if (limit.op != Op::constant || (subject.op != Op::input && subject.op != Op::series)) continue;
      if (graph.dictionary[subject.type].kind != graph.dictionary[graph.dictionary.inputs[subject.reference].type].kind)
        continue;
      if (const auto number = to_number(limit.constant)) thresholds_[subject.reference].push_back(*number);
    }
  }
}

NearbyPatients::Candidate NearbyPatients::graded(PatientCase patient, const Aim& aim) {
  if (!analyse::is_in_range(graph_, patient)) return {-1, std::move(patient), std::nullopt};
  ++evaluations_;
  const Evaluation evaluation = reference::evaluate_outcome(graph_, patient);
  Candidate candidate{-1, std::move(patient), std::nullopt};
  if (!evaluation.broken.empty()) return candidate;
  candidate.grade = aim.grade(evaluation);
  if (aim.subject.is_valid()) candidate.subject = to_number(evaluation.node_values[aim.subject.index()]);
  return candidate;
}

bool NearbyPatients::keep(Candidate candidate) {
  if (candidate.grade < 0) return false;
  std::string key = key_of(graph_, candidate.patient);
  const auto place = std::lower_bound(seen_.begin(), seen_.end(), key);
  if (place != seen_.end() && *place == key) return false;
  seen_.insert(place, std::move(key));
  candidates_.push_back(std::move(candidate));
  return candidates_.back().grade >= 1;
}

std::vector<Rational> NearbyPatients::numbers_for(InputId input, const Value& present) const {
  const InputInfo& info = graph_.dictionary[input];
  const TypeInfo& type = graph_.dictionary[info.type];
  const Rational step = type.step.value_or(Rational(1));
  std::vector<Rational> numbers;
  const auto add = [&](std::optional<Rational> from, std::int64_t steps) {
    const auto distance = Rational::multiply(step, Rational(steps));
    const auto moved = from && distance ? Rational::add(*from, *distance) : std::nullopt;
    const auto number = moved ? std::optional(analyse::on_step(type, *moved, RoundingMode::down)) : moved;
    if (!number || (type.minimum && *number < *type.minimum) || (type.maximum && *number > *type.maximum)) return;
    numbers.push_back(*number);
  };
  const auto now = to_number(present);
  for (const std::int64_t far : {0, 1, 2, 3, 5, 10, 20, 50, 100}) {
    add(now, far);
    add(now, -far);
  }
  for (const Rational& threshold : thresholds_[input.index()])
    for (const std::int64_t far : {-1, 0, 1})
      add(threshold, far);
  if (info.typical) add(to_number(*info.typical), 0);
  add(type.minimum, 0);
  add(type.maximum, 0);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

/// Between two patients who differ in this number, and whose subjects lie on either side of what is wanted.
bool NearbyPatients::halve(const PatientCase& from, InputId input, Point low, Point high, const Aim& aim) {
  const TypeInfo& type = graph_.dictionary[graph_.dictionary[input].type];
  for (int i = 0; i < 64; ++i) {
    const auto distance = Rational::subtract(high.at, low.at);
    const auto half = distance ? Rational::divide(*distance, Rational(2)) : std::nullopt;
    const auto steps =
        half ? Rational::round(*half, type.step.value_or(Rational(1)), RoundingMode::down) : std::nullopt;
    const auto middle = steps ? Rational::add(low.at, *steps) : std::nullopt;
    if (!middle || *middle == low.at) return false;
    std::optional<Point> there;
    if (try_number(from, input, *middle, there, aim)) return true;
    if (!there) return false;
    (aim.is_beside(there->subject, low.subject) ? low : high) = *there;
  }
  return false;
}

bool NearbyPatients::try_number(const PatientCase& from, InputId input, const Rational& number,
                                std::optional<Point>& point, const Aim& aim) {
  const TypeInfo& type = graph_.dictionary[graph_.dictionary[input].type];
  const Candidate candidate = graded(with(from, input, from_number(type, number)), aim);
  if (candidate.subject) point = Point{number, *candidate.subject};
  return keep(candidate);
}

/// Numbers of one input from the lowest to the highest.
bool NearbyPatients::sweep(const PatientCase& from, InputId input, const Aim& aim) {
  const Value* now = present(from, input);
  std::optional<Point> before;
  for (const Rational& number : numbers_for(input, now ? *now : Value())) {
    std::optional<Point> here;
    if (try_number(from, input, number, here, aim)) return true;
    if (before && here && !aim.is_beside(before->subject, here->subject) && halve(from, input, *before, *here, aim))
      return true;
    before = here;
  }
  return false;
}

/// A number that is made of two: for each of many values of one, the other that comes nearest.
bool NearbyPatients::solve_pairs(const PatientCase& from, const Aim& aim) {
  for (const std::uint32_t outer : inputs_)
    for (const std::uint32_t inner : inputs_) {
      const TypeInfo& type = graph_.dictionary[graph_.dictionary.inputs[inner].type];
      const TypeInfo& outer_type = graph_.dictionary[graph_.dictionary.inputs[outer].type];
      const Value* now = present(from, InputId(outer));
      if (outer == inner || !now || !present(from, InputId(inner)) || !analyse::is_ordered(outer_type) ||
          !analyse::is_ordered(type) || !type.minimum || !type.maximum)
        continue;
      for (const Rational& number : numbers_for(InputId(outer), *now)) {
        const PatientCase patient = with(from, InputId(outer), from_number(outer_type, number));
        std::optional<Point> low, high;
        if (try_number(patient, InputId(inner), *type.minimum, low, aim) ||
            try_number(patient, InputId(inner), *type.maximum, high, aim))
          return true;
        if (low && high && !aim.is_beside(low->subject, high->subject) &&
            halve(patient, InputId(inner), *low, *high, aim))
          return true;
        if (evaluations_ >= last_) return false;
      }
    }
  return false;
}

bool NearbyPatients::expand(const Candidate& from, const Aim& aim) {
  const PatientCase patient = from.patient;
  for (const std::uint32_t index : inputs_) {
    const InputId input(index);
    const TypeInfo& type = graph_.dictionary[graph_.dictionary[input].type];
    if (keep(graded(with(patient, input, std::nullopt), aim))) return true;
    if (keep(graded(with(patient, input, Value(UnknownReason::not_asked)), aim))) return true;
    if (type.kind == TypeKind::yes_no) {
      for (const bool value : {true, false})
        if (keep(graded(with(patient, input, Value(value)), aim))) return true;
    } else if (!type.members.empty()) {
      for (std::uint32_t member = 0; member < type.members.size(); ++member)
        if (keep(graded(with(patient, input, Value(Choice{member})), aim))) return true;
    } else if (analyse::is_ordered(type)) {
      if (sweep(patient, input, aim)) return true;
    }
    if (evaluations_ >= last_) return false;
  }
  return false;
}

std::optional<PatientCase> NearbyPatients::find(const std::vector<PatientCase>& starts, const Aim& aim) {
  candidates_.clear();
  seen_.clear();
  last_ = evaluations_ + most_evaluations_;
  for (const PatientCase& start : starts)
    if (keep(graded(start, aim))) return made_small(candidates_.back().patient, aim);
  if (aim.wanted && !candidates_.empty()) {
    const auto best = std::max_element(candidates_.begin(), candidates_.end(),
                                       [](const Candidate& a, const Candidate& b) { return a.grade < b.grade; });
    const PatientCase from = best->patient;
    if (solve_pairs(from, aim)) return made_small(candidates_.back().patient, aim);
    last_ = evaluations_ + most_evaluations_;
  }
  while (evaluations_ < last_) {
    Candidate* best = nullptr;
    for (Candidate& candidate : candidates_)
      if (!candidate.is_expanded && (!best || candidate.grade > best->grade)) best = &candidate;
    if (!best) return std::nullopt;
    best->is_expanded = true;
    const Candidate from = *best; // the list grows
    if (expand(from, aim)) return made_small(candidates_.back().patient, aim);
  }
  return std::nullopt;
}

PatientCase NearbyPatients::made_small(PatientCase patient, const Aim& aim) {
  const auto shows = [&](const PatientCase& one) { return graded(one, aim).grade >= 1; };
  for (std::size_t i = patient.facts.size(); i-- > 0;) {
    PatientCase fewer = patient;
    fewer.facts.erase(fewer.facts.begin() + static_cast<std::ptrdiff_t>(i));
    if (shows(fewer)) patient = std::move(fewer);
  }
  for (std::size_t i = patient.events.size(); i-- > 0;) {
    PatientCase fewer = patient;
    fewer.events.erase(fewer.events.begin() + static_cast<std::ptrdiff_t>(i));
    if (shows(fewer)) patient = std::move(fewer);
  }
  return patient;
}

} // namespace aceso::testing
