/// Gates, inputs and yes/no nodes.
#include "analyse/encoding.h"

#include <algorithm>
#include <tuple>

namespace aceso::analyse {

using graph::HitPolicy;
using graph::Node;
using graph::Op;

Encoding::Encoding(const graph::Graph& graph, Sat& sat)
    : graph_(graph), sat_(sat), truths_(graph.nodes.size()), values_(graph.nodes.size()),
      inputs_(graph.dictionary.inputs.size()), effective_(graph.rules.size()),
      actions_(graph.dictionary.actions.size()), voices_(graph.dictionary.actions.size()),
      rivals_(graph.dictionary.actions.size()), overriders_(graph.rules.size()) {
  true_ = sat_.fresh();
  sat_.add({true_});
  for (std::size_t r = 0; r < graph.rules.size(); ++r) {
    for (const graph::Advice& advice : graph.rules[r].advice)
      voices_[advice.action.index()].emplace_back(RuleId(r), &advice);
    for (const RuleId loser : graph.rules[r].overrides)
      overriders_[loser.index()].emplace_back(r);
  }
  const auto add_rival = [&](ActionId a, ActionId b) {
    auto& list = rivals_[a.index()];
    if (a != b && !std::count(list.begin(), list.end(), b)) list.push_back(b);
  };
  for (const ActionClassInfo& group : graph.dictionary.classes)
    if (group.at_most_one)
      for (const ActionId a : group.actions)
        for (const ActionId b : group.actions)
          add_rival(a, b);
  for (const InteractionInfo& pair : graph.dictionary.interactions) {
    add_rival(pair.first, pair.second);
    add_rival(pair.second, pair.first);
  }
  meet_constraints();
}

void Encoding::meet_constraints() {
  for (const graph::Constraint& constraint : graph_.constraints) {
    constraint_switches_.push_back(sat_.fresh());
    sat_.add({-constraint_switches_.back(), -truth(constraint.require).no});
  }
}

void Encoding::find_canonical() {
  using Key = std::tuple<Op, std::uint32_t, std::uint32_t, std::uint8_t, std::vector<std::uint32_t>, std::string>;
  std::map<Key, NodeId> seen;
  canonical_.resize(graph_.nodes.size());
  may_be_partial_.resize(graph_.nodes.size());
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    std::vector<std::uint32_t> operands;
    operands.reserve(node.operands.size());
    const TypeKind kind = graph_.dictionary[node.type].kind;
    bool partial = node.op != Op::constant && (kind == TypeKind::date || kind == TypeKind::interval);
    for (const NodeId operand : node.operands) {
      operands.push_back(canonical_[operand.index()].index());
      if (node.op != Op::series) partial = partial || may_be_partial_[operand.index()]; // its moment has to be known
    }
    may_be_partial_[i] = partial;
    std::string rest;
    if (node.op == Op::constant) rest = to_text(graph_.dictionary, node.type, node.constant);
    if (node.op == Op::convert || node.op == Op::round)
      rest = node.details->factor.to_text() + " " + node.details->offset.to_text();
    if (node.details->period)
      rest += " " + std::to_string(node.details->period->months) + "," + std::to_string(node.details->period->seconds);
    for (const Value& value : node.details->list)
      rest += value.is_known() && value.is<Rational>() ? " " + value.as<Rational>().to_text()
              : value.is_known() && value.is<Choice>() ? " #" + std::to_string(value.as<Choice>().index)
              : value.is_known() && value.is<bool>()   ? (value.as<bool>() ? " yes" : " no")
                                                       : " ?" + std::to_string(i);
    const auto detail = static_cast<std::uint32_t>(node.urgency) * 16 + static_cast<std::uint32_t>(node.strength);
    const auto [found, is_new] =
        seen.emplace(Key{node.op, node.reference, node.type.index(), static_cast<std::uint8_t>(node.detail), operands,
                         rest + (detail == 0 ? "" : " ~" + std::to_string(detail))},
                     NodeId(i));
    canonical_[i] = found->second;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Gates

Lit Encoding::all_of(std::vector<Lit> literals) {
  std::sort(literals.begin(), literals.end(),
            [](Lit a, Lit b) { return std::abs(a) != std::abs(b) ? std::abs(a) < std::abs(b) : a < b; });
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  std::erase(literals, true_);
  for (std::size_t i = 0; i < literals.size(); ++i)
    if (literals[i] == -true_ || (i > 0 && literals[i] == -literals[i - 1])) return -true_;
  if (literals.empty()) return true_;
  if (literals.size() == 1) return literals.front();
  Lit& gate = gates_[literals];
  if (gate != 0) return gate;
  gate = sat_.fresh();
  std::vector<Lit> back{gate};
  for (const Lit literal : literals) {
    sat_.add({-gate, literal});
    back.push_back(-literal);
  }
  sat_.add(back);
  return gate;
}

Lit Encoding::any_of(std::vector<Lit> literals) {
  for (Lit& literal : literals)
    literal = -literal;
  return -all_of(std::move(literals));
}

Lit Encoding::at_least(std::size_t count, const std::vector<Lit>& literals) {
  if (count == 0) return true_;
  if (count > literals.size()) return -true_;
  // reached[k]: at least k + 1 among those seen so far.
  std::vector<Lit> reached(count, -true_);
  for (const Lit literal : literals)
    for (std::size_t k = count; k-- > 0;)
      reached[k] = either(reached[k], k == 0 ? literal : both(reached[k - 1], literal));
  return reached.back();
}

// ---------------------------------------------------------------------------------------------------------------------
// Inputs and what is left free

Encoding::InputLits& Encoding::input(InputId id) {
  InputLits& lits = inputs_[id.index()];
  if (lits.met) return lits;
  lits.met = true;
  const InputInfo& info = graph_.dictionary[id];
  const TypeInfo& type = graph_.dictionary[info.type];
  if (type.kind == TypeKind::yes_no) {
    lits.truth = {sat_.fresh(), sat_.fresh()};
    sat_.add({-lits.truth.yes, -lits.truth.no});
    lits.known = either(lits.truth.yes, lits.truth.no);
  } else if (type.kind == TypeKind::choice || type.kind == TypeKind::scale) {
    std::vector<Lit> guards;
    for (std::uint32_t m = 0; m < type.members.size(); ++m) {
      guards.push_back(sat_.fresh());
      lits.values.push_back({guards.back(), Value(Choice{m})});
      for (std::uint32_t earlier = 0; earlier < m; ++earlier)
        sat_.add({-guards[earlier], -guards[m]});
    }
    lits.known = any_of(guards);
  } else {
    // Its term is made by the node that reads it.
    lits.known = sat_.fresh();
  }
  // An assumption takes the place of what was not stated, never of a partial date.
  if (info.unknown_policy == UnknownPolicy::assume && type.kind != TypeKind::date && type.kind != TypeKind::interval)
    sat_.add({lits.known});
  return lits;
}

Lit Encoding::reason(InputId id, UnknownReason why) {
  InputLits& lits = input(id);
  const auto found = lits.reasons.find(why);
  if (found != lits.reasons.end()) return found->second;
  const Lit literal = sat_.fresh();
  sat_.add({-literal, -lits.known});
  for (const auto& [other, taken] : lits.reasons)
    sat_.add({-literal, -taken});
  lits.reasons.emplace(why, literal);
  constexpr std::size_t all_reasons = 7;
  if (lits.reasons.size() == all_reasons) { // then one of them holds
    std::vector<Lit> some{lits.known};
    for (const auto& [each, taken] : lits.reasons)
      some.push_back(taken);
    sat_.add(some);
  }
  return literal;
}

Lit Encoding::input_known(InputId id) const { return inputs_[id.index()].met ? inputs_[id.index()].known : 0; }

std::vector<InputId> Encoding::met_inputs() const {
  std::vector<InputId> met;
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].met) met.emplace_back(i);
  return met;
}

std::vector<Lit> Encoding::complete() const {
  std::vector<Lit> literals;
  for (const InputLits& lits : inputs_)
    if (lits.met) literals.push_back(lits.known);
  return literals;
}

TruthLits Encoding::free_truth(NodeId id) {
  const TruthLits lits{sat_.fresh(), sat_.fresh()};
  sat_.add({-lits.yes, -lits.no});
  free_truths_.push_back(id);
  return lits;
}

ValueLits Encoding::free_value(NodeId id) {
  free_values_.push_back(id);
  const TypeInfo& type = graph_.type_of(id);
  ValueLits values;
  if (type.kind == TypeKind::choice || type.kind == TypeKind::scale || type.kind == TypeKind::action) {
    const std::size_t count = type.kind == TypeKind::action ? graph_.dictionary.actions.size() : type.members.size();
    for (std::uint32_t m = 0; m < count; ++m) {
      values.push_back({sat_.fresh(), Value(Choice{m})});
      for (std::uint32_t earlier = 0; earlier < m; ++earlier)
        sat_.add({-values[earlier].guard, -values[m].guard});
    }
    return values;
  }
  const std::uint32_t term = new_term(id, false);
  return {{terms_[term].known, Affine{term}}};
}

std::uint32_t Encoding::new_term(NodeId id, bool is_input) {
  const Node& node = graph_[id];
  const TypeInfo& type = graph_.type_of(id);
  Term term;
  term.node = id;
  term.is_input = is_input;
  term.known = is_input ? input(InputId(node.reference)).known : sat_.fresh();
  if (type.kind == TypeKind::date || type.kind == TypeKind::instant) {
    term.step = Rational(1);
  } else if (is_input) {
    term.minimum = type.minimum;
    term.maximum = type.maximum;
    term.step = type.step;
    // Where another unit has steps of its own, values lie between the steps as well.
    for (const AcceptedUnit& unit : graph_.dictionary[InputId(node.reference)].accepted_units)
      if (unit.step) term.step.reset();
    if (type.minimum) term.origin = *type.minimum;
  } else if (node.range()) {
    term.minimum = node.range()->minimum;
    term.maximum = node.range()->maximum;
    if (node.range()->step > Rational(0)) term.step = node.range()->step;
  }
  terms_.push_back(std::move(term));
  return static_cast<std::uint32_t>(terms_.size() - 1);
}

Lit Encoding::reached(std::uint32_t index, Cut cut) {
  Term& term = terms_[index];
  if (term.step) {
    // To the next value that exists, so that thresholds between two steps are one.
    const auto distance = Rational::subtract(cut.value, term.origin);
    const auto steps = distance ? Rational::round(*distance, *term.step, RoundingMode::up) : std::nullopt;
    auto snapped = steps ? Rational::add(*steps, term.origin) : std::nullopt;
    if (snapped && cut.above && *snapped == cut.value) snapped = Rational::add(*snapped, *term.step);
    if (snapped) cut = {*snapped, false};
  }
  if (term.minimum && (cut.value < *term.minimum || (cut.value == *term.minimum && !cut.above))) return term.known;
  if (term.maximum && (cut.value > *term.maximum || (cut.value == *term.maximum && cut.above))) return -true_;
  const auto [place, is_new] = term.reached.emplace(cut, 0);
  if (!is_new) return place->second;
  if (!term.extreme_of.empty()) {
    std::vector<Lit> sides;
    for (const ValueLits& operand : term.extreme_of) {
      std::vector<Lit> reaching;
      for (const GuardedLeaf& one : operand) {
        const auto below = is_less(one.leaf, Leaf(Value(cut.value)), cut.above);
        reaching.push_back(both(one.guard, below ? -*below : sat_.fresh()));
      }
      sides.push_back(any_of(std::move(reaching)));
    }
    place->second = both(term.known, term.is_least ? all_of(std::move(sides)) : any_of(std::move(sides)));
    return place->second;
  }
  const Lit literal = sat_.fresh();
  place->second = literal;
  const auto next = std::next(place);
  if (next != term.reached.end()) sat_.add({-next->second, literal});
  sat_.add({-literal, place == term.reached.begin() ? term.known : std::prev(place)->second});
  return literal;
}

// ---------------------------------------------------------------------------------------------------------------------
// Nodes

bool Encoding::is_truth(NodeId id) const { return graph_.type_of(id).kind == TypeKind::yes_no; }

void Encoding::encode(NodeId id) {
  std::vector<NodeId> open{id}, cone;
  std::vector<bool> seen(id.index() + 1);
  while (!open.empty()) {
    const NodeId next = open.back();
    open.pop_back();
    const std::size_t place = canonical(next).index();
    if (seen[place] || truths_[place] || values_[place]) continue;
    seen[place] = true;
    cone.emplace_back(place);
    const Node& node = graph_.nodes[place];
    open.insert(open.end(), node.operands.begin(), node.operands.end());
  }
  std::sort(cone.begin(), cone.end()); // operands stand before their users
  for (const NodeId node : cone)
    encode_node(node);
}

void Encoding::encode_node(NodeId id) {
  if (truths_[id.index()] || values_[id.index()]) return;
  const Node& node = graph_[id];
  if (is_truth(id))
    encode_truth(id, node);
  else
    encode_value(id, node);
}

TruthLits Encoding::truth(NodeId id) {
  if (!id.is_valid()) return {true_, -true_};
  const NodeId place = canonical(id);
  if (!truths_[place.index()]) encode(place);
  return *truths_[place.index()];
}

const ValueLits& Encoding::value(NodeId id) {
  const NodeId place = canonical(id);
  if (!values_[place.index()]) encode(place);
  return *values_[place.index()];
}

Lit Encoding::known(const ValueLits& values) {
  std::vector<Lit> guards;
  guards.reserve(values.size());
  for (const GuardedLeaf& one : values)
    guards.push_back(one.guard);
  return any_of(std::move(guards));
}

Lit Encoding::known(NodeId id) {
  if (!is_truth(id)) return known(value(id));
  const TruthLits lits = truth(id);
  return either(lits.yes, lits.no);
}

std::optional<Lit> Encoding::because(NodeId id, UnknownReason why, int depth) {
  constexpr int deepest = 64;
  const auto [place, is_new] = because_.try_emplace(std::pair(id.index(), static_cast<std::uint8_t>(why)));
  if (!is_new) return place->second;
  const Node& node = graph_[id];
  std::optional<Lit> found;
  switch (node.op) {
  case Op::constant: found = !node.constant.is_known() && node.constant.reason() == why ? true_ : -true_; break;
  case Op::input: found = reason(InputId(node.reference), why); break;
  case Op::is_known:
  case Op::unknown_because: found = -true_; break;
  case Op::differential: {
    const Lit is_unknown = -known(id), is_over = nobody_can_win_.at(node.reference);
    found = why == UnknownReason::not_applicable ? both(is_unknown, is_over)
            : why == UnknownReason::not_asked    ? both(is_unknown, -is_over)
                                                 : -true_;
    break;
  }
  case Op::equal:
  case Op::less:
  case Op::less_or_equal:
    if (may_be_partial(id)) break;
    [[fallthrough]];
  case Op::logical_not:
  case Op::logical_and:
  case Op::logical_or:
  case Op::at_least: {
    // The first in the order of UnknownReason among those of the operands.
    if (depth == deepest) break;
    std::vector<Lit> some, all{-known(id)};
    bool is_exact = true;
    for (const NodeId operand : node.operands) {
      for (int earlier = 0; is_exact && earlier <= static_cast<int>(why); ++earlier) {
        const auto part = because(operand, static_cast<UnknownReason>(earlier), depth + 1);
        is_exact = part.has_value();
        if (!is_exact) break;
        if (earlier == static_cast<int>(why))
          some.push_back(*part);
        else
          all.push_back(-*part);
      }
    }
    if (!is_exact) break;
    all.push_back(any_of(std::move(some)));
    found = all_of(std::move(all));
    break;
  }
  default: break;
  }
  because_[std::pair(id.index(), static_cast<std::uint8_t>(why))] = found;
  return found;
}

void Encoding::encode_truth(NodeId id, const Node& node) {
  const auto operand = [&](std::size_t i) { return truth(node.operands[i]); };
  const auto gather = [&](auto part) {
    std::vector<Lit> literals;
    for (std::size_t i = 0; i < node.operands.size(); ++i)
      literals.push_back(part(operand(i)));
    return literals;
  };
  const auto yes_of = [](TruthLits t) { return t.yes; };
  const auto no_of = [](TruthLits t) { return t.no; };
  const auto certain = [&](Lit literal) { return TruthLits{literal, -literal}; };
  TruthLits result;
  switch (node.op) {
  case Op::constant:
    result = {node.constant.truth() == Truth::yes ? true_ : -true_,
              node.constant.truth() == Truth::no ? true_ : -true_};
    break;
  case Op::input: result = input(InputId(node.reference)).truth; break;
  case Op::is_known: result = certain(known(node.operands[0])); break;
  case Op::unknown_because:
    if (const auto exact = because(node.operands[0], static_cast<UnknownReason>(node.reference))) {
      result = certain(*exact);
    } else {
      result = free_truth(id);
      sat_.add({result.yes, result.no});
      sat_.add({-result.yes, -known(node.operands[0])});
    }
    break;
  case Op::logical_not: result = negation(operand(0)); break;
  case Op::logical_and: result = {all_of(gather(yes_of)), any_of(gather(no_of))}; break;
  case Op::logical_or: result = {any_of(gather(yes_of)), all_of(gather(no_of))}; break;
  case Op::at_least:
    result.yes = at_least(node.reference, gather(yes_of));
    // "no" once so many are no that the number cannot be reached.
    result.no = node.reference == 0 ? -true_
                : node.reference > node.operands.size()
                    ? true_
                    : at_least(node.operands.size() - node.reference + 1, gather(no_of));
    break;
  case Op::equal:
  case Op::less:
  case Op::less_or_equal: result = compare(id, node); break;
  case Op::conditional:
  case Op::table: result = choose_truth(id, node); break;
  case Op::selects: result = selects(node.operands[0], ActionId(node.reference)); break;
  case Op::series: result = series_truth(id, node); break;
  case Op::contains: result = contains(id, node); break;
  case Op::in_stage: result = certain(stage(StageId(node.reference))); break;
  case Op::outcome: result = outcome(node); break;
  case Op::caution_fires: result = caution(CautionId(node.reference)); break;
  case Op::applies: result = truth(graph_.applies); break;
  default: result = free_truth(id); break;
  }
  truths_[id.index()] = result;
}

TruthLits Encoding::compare(NodeId id, const Node& node) {
  if (is_truth(node.operands[0])) {
    const TruthLits a = truth(node.operands[0]), b = truth(node.operands[1]);
    return {either(both(a.yes, b.yes), both(a.no, b.no)), either(both(a.yes, b.no), both(a.no, b.yes))};
  }
  if (graph_.type_of(node.operands[0]).kind == TypeKind::list) return free_truth(id);
  const ValueLits& a = value(node.operands[0]);
  const ValueLits& b = value(node.operands[1]);
  std::vector<Lit> yes, no;
  std::optional<TruthLits> free;
  const bool partial = may_be_partial(id);
  for (const GuardedLeaf& left : a)
    for (const GuardedLeaf& right : b) {
      const Lit here = both(left.guard, right.guard);
      if (here == -true_) continue;
      auto holds = node.op == Op::equal ? is_equal(left.leaf, right.leaf)
                                        : is_less(left.leaf, right.leaf, node.op == Op::less_or_equal);
      if (!holds && partial) return free_truth(id);
      if (!holds) {
        // Two measured values: which is larger is left free.
        if (!free) {
          free = free_truth(id);
          sat_.add({-either(free->yes, free->no), both(known(a), known(b))});
          sat_.add({either(free->yes, free->no), -both(known(a), known(b))});
        }
        holds = free->yes;
      }
      yes.push_back(both(here, *holds));
      no.push_back(both(here, -*holds));
    }
  const TruthLits exact{any_of(std::move(yes)), any_of(std::move(no))};
  if (!partial) return exact;
  // As calculated where both are known; where bounds are known, it may be settled all the same.
  const TruthLits settled = free_truth(id);
  sat_.add({-exact.yes, settled.yes});
  sat_.add({-exact.no, settled.no});
  return settled;
}

TruthLits Encoding::choose_truth(NodeId id, const Node& node) {
  if (node.op == Op::conditional) {
    const TruthLits c = truth(node.operands[0]), a = truth(node.operands[1]), b = truth(node.operands[2]);
    const auto side = [&](Lit x, Lit y) { return any_of({both(c.yes, x), both(c.no, y), both(x, y)}); };
    return {side(a.yes, b.yes), side(a.no, b.no)};
  }
  const auto policy = static_cast<HitPolicy>(node.reference);
  if (policy > HitPolicy::any) return free_truth(id);
  TruthLits result{-true_, -true_};
  if (policy == HitPolicy::first) {
    for (std::size_t i = node.operands.size(); i > 0; i -= 2) {
      const TruthLits hit = truth(node.operands[i - 2]), output = truth(node.operands[i - 1]);
      const auto side = [&](Lit out, Lit later) {
        return any_of({both(hit.yes, out), both(hit.no, later), all_of({unknown(hit), out, later})});
      };
      result = {side(output.yes, result.yes), side(output.no, result.no)};
    }
    return result;
  }
  // unique, any: a row that matches, and no other that matches says something else.
  for (const bool wanted : {true, false}) {
    std::vector<Lit> some, none{};
    for (std::size_t i = 0; i < node.operands.size(); i += 2) {
      const TruthLits hit = truth(node.operands[i]), output = truth(node.operands[i + 1]);
      const Lit out = wanted ? output.yes : output.no;
      some.push_back(both(hit.yes, out));
      none.push_back(either(-hit.yes, out));
    }
    none.push_back(any_of(std::move(some)));
    (wanted ? result.yes : result.no) = all_of(std::move(none));
  }
  return result;
}

TruthLits Encoding::contains(NodeId id, const Node& node) {
  const Node& list = graph_[node.operands[0]];
  if (may_be_partial(id) || list.op != Op::list || (list.operands.empty() && is_truth(node.operands[1])))
    return free_truth(id);
  const Lit wanted = known(node.operands[1]);
  std::vector<Lit> found, absent{wanted};
  for (const NodeId element : list.operands) {
    if (is_truth(element)) {
      const TruthLits a = truth(element), b = truth(node.operands[1]);
      found.push_back(either(both(a.yes, b.yes), both(a.no, b.no)));
      absent.push_back(either(both(a.yes, b.no), both(a.no, b.yes)));
      continue;
    }
    std::vector<Lit> same, other;
    for (const GuardedLeaf& left : value(element))
      for (const GuardedLeaf& right : value(node.operands[1])) {
        const auto equal = is_equal(left.leaf, right.leaf);
        if (!equal) return free_truth(id);
        same.push_back(all_of({left.guard, right.guard, *equal}));
        other.push_back(all_of({left.guard, right.guard, -*equal}));
      }
    found.push_back(any_of(std::move(same)));
    absent.push_back(any_of(std::move(other)));
  }
  return {any_of(std::move(found)), all_of(std::move(absent))};
}

TruthLits Encoding::selects(NodeId id, ActionId action) {
  Lit chosen = -true_;
  std::vector<Lit> others;
  for (const GuardedLeaf& one : value(id)) {
    const bool is_this = std::get<Value>(one.leaf).as<Choice>().index == action.index();
    if (is_this)
      chosen = either(chosen, one.guard);
    else
      others.push_back(one.guard);
  }
  const Lit other = any_of(std::move(others));
  const Node& node = graph_[canonical(id)];
  if (node.op == Op::conditional) {
    const TruthLits c = truth(node.operands[0]), a = selects(node.operands[1], action),
                    b = selects(node.operands[2], action);
    const Lit open = unknown(c);
    return {any_of({chosen, both(c.yes, a.yes), both(c.no, b.yes), all_of({open, a.yes, b.yes})}),
            any_of({other, both(c.yes, a.no), both(c.no, b.no), all_of({open, a.no, b.no})})};
  }
  if (node.op != Op::table) return {chosen, other};
  const bool is_first = static_cast<HitPolicy>(node.reference) == HitPolicy::first;
  Lit rest = true_;
  for (std::size_t i = node.operands.size(); i > 0; i -= 2) {
    const TruthLits hit = truth(node.operands[i - 2]);
    const Lit not_here = selects(node.operands[i - 1], action).no;
    rest = is_first ? any_of({both(hit.no, rest), both(hit.yes, not_here), all_of({unknown(hit), not_here, rest})})
                    : both(either(hit.no, not_here), rest);
  }
  return {chosen, either(other, rest)};
}

} // namespace aceso::analyse
