/// Choices, numbers, dates: guarded cases, and arithmetic on them.
#include <algorithm>
#include <map>

#include "analyse/encoding.h"

namespace aceso::analyse {

using graph::HitPolicy;
using graph::Node;
using graph::Op;

namespace {

/// More cases than this are left free instead.
constexpr std::size_t most_cases = 600, most_pairs = 40'000, most_cells = 2'000'000;

/// For comparing: dates count days, instants seconds, members their position.
std::optional<Rational> ordinal(const Value& value) {
  if (!value.is_known()) return std::nullopt;
  if (value.is<Rational>()) return value.as<Rational>();
  if (value.is<Choice>()) return Rational(static_cast<std::int64_t>(value.as<Choice>().index));
  if (value.is<Date>()) return Rational(value.as<Date>().days);
  if (value.is<Instant>()) return Rational(value.as<Instant>().seconds);
  if (value.is<bool>()) return Rational(value.as<bool>() ? 1 : 0);
  return std::nullopt;
}

std::optional<Rational> constant_of(const Leaf& leaf) {
  const auto* value = std::get_if<Value>(&leaf);
  return value ? ordinal(*value) : std::nullopt;
}

bool same_leaf(const Leaf& a, const Leaf& b) { return a == b; }

std::optional<Affine> scaled(const Affine& a, Rational by) {
  const auto factor = Rational::multiply(a.factor, by), offset = Rational::multiply(a.offset, by);
  if (!factor || !offset) return std::nullopt;
  return Affine{a.term, *factor, *offset};
}

std::optional<Affine> shifted(const Affine& a, Rational by) {
  const auto offset = Rational::add(a.offset, by);
  if (!offset) return std::nullopt;
  return Affine{a.term, a.factor, *offset};
}

} // namespace

ValueLits Encoding::simplified(ValueLits values) {
  ValueLits result;
  std::map<Rational, std::size_t> constants;
  std::vector<std::vector<Lit>> guards;
  for (GuardedLeaf& one : values) {
    if (one.guard == -true_) continue;
    std::size_t place = result.size();
    if (const auto number = constant_of(one.leaf)) {
      place = constants.emplace(*number, place).first->second;
    } else {
      for (std::size_t i = 0; i < result.size(); ++i)
        if (same_leaf(result[i].leaf, one.leaf)) place = i;
    }
    if (place == result.size()) {
      result.push_back(std::move(one));
      guards.push_back({result.back().guard});
    } else {
      guards[place].push_back(one.guard);
    }
  }
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i].guard = any_of(std::move(guards[i]));
  return result;
}

/// Literal for a < b (a <= b); nothing for two different terms.
std::optional<Lit> Encoding::is_less(const Leaf& a, const Leaf& b, bool or_equal) {
  const auto x = constant_of(a), y = constant_of(b);
  if (x && y) return (or_equal ? *x <= *y : *x < *y) ? true_ : -true_;
  const auto* p = std::get_if<Affine>(&a);
  const auto* q = std::get_if<Affine>(&b);
  if (p && q) {
    if (p->term != q->term) return std::nullopt;
    const auto factor = Rational::subtract(p->factor, q->factor), offset = Rational::subtract(q->offset, p->offset);
    if (!factor || !offset) return std::nullopt;
    if (*factor == Rational(0)) return (or_equal ? Rational(0) <= *offset : Rational(0) < *offset) ? true_ : -true_;
    return is_less(Leaf(Affine{p->term, *factor, Rational(0)}), Leaf(Value(*offset)), or_equal);
  }
  if (p && y) { // factor * t + offset < y
    const auto distance = Rational::subtract(*y, p->offset);
    const auto limit = distance ? Rational::divide(*distance, p->factor) : std::nullopt;
    if (!limit) return std::nullopt;
    if (p->factor > Rational(0)) return -reached(p->term, {*limit, or_equal}); // not above (not at or above)
    return reached(p->term, {*limit, !or_equal});
  }
  if (q && x) { // x < factor * t + offset, the same as not (factor * t + offset <= x)
    const auto turned = is_less(b, a, !or_equal);
    return turned ? std::optional<Lit>(-*turned) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Lit> Encoding::is_equal(const Leaf& a, const Leaf& b) {
  const auto x = constant_of(a), y = constant_of(b);
  if (x && y) return *x == *y ? true_ : -true_;
  if (same_leaf(a, b)) return true_;
  const auto at_most = is_less(a, b, true), less = is_less(a, b, false);
  if (!at_most || !less) return std::nullopt;
  return both(*at_most, -*less);
}

void Encoding::encode_value(NodeId id, const Node& node) {
  ValueLits result;
  switch (node.op) {
  case Op::constant:
    if (node.constant.is_known()) result = {{true_, node.constant}};
    break;
  case Op::input: {
    InputLits& lits = input(InputId(node.reference));
    if (!lits.values.empty()) {
      result = lits.values;
    } else if (graph_.type_of(id).kind == TypeKind::list) {
      result = free_value(id);
    } else {
      if (!lits.term) lits.term = new_term(id, true);
      result = {{lits.known, Affine{*lits.term}}};
    }
    break;
  }
  case Op::conditional:
  case Op::table: result = choose_value(id, node); break;
  case Op::differential: result = differential(DifferentialId(node.reference)); break;
  case Op::list: result = {{true_, Value(ValueList{})}}; break; // only `contains` and `length` look inside
  case Op::length:
    if (graph_[node.operands[0]].op == Op::list)
      result = {{true_, Value(Rational(static_cast<std::int64_t>(graph_[node.operands[0]].operands.size())))}};
    else
      result = free_value(id);
    break;
  case Op::attribute:
  case Op::score_of:
    for (const GuardedLeaf& one : value(node.operands[0])) {
      const std::uint32_t member = std::get<Value>(one.leaf).as<Choice>().index;
      const Value found = node.op == Op::attribute ? node.details->list[member]
                                                   : Value(*graph_.type_of(node.operands[0]).members[member].score);
      if (!found.is_known()) continue;
      if (!ordinal(found)) {
        result = free_value(id);
        break;
      }
      result.push_back({one.guard, found});
    }
    result = simplified(std::move(result));
    break;
  case Op::number_of:
  case Op::add:
  case Op::subtract:
  case Op::multiply:
  case Op::negate:
  case Op::absolute:
  case Op::minimum:
  case Op::maximum:
  case Op::convert:
  case Op::round: result = arithmetic(id, node); break;
  case Op::series: result = series_value(id, node); break;
  default: result = free_value(id); break;
  }
  values_[id.index()] = std::move(result);
}

/// A yes/no or other node as cases.
ValueLits Encoding::as_values(NodeId id) {
  if (!is_truth(id)) return value(id);
  const TruthLits lits = truth(id);
  return {{lits.yes, Value(true)}, {lits.no, Value(false)}};
}

std::optional<ValueLits> Encoding::combine(Op op, const ValueLits& a, const ValueLits& b) {
  if (a.size() * b.size() > most_pairs) return std::nullopt;
  ValueLits result;
  const auto add = [&](Lit guard, std::optional<Leaf> leaf) {
    if (leaf) result.push_back({guard, std::move(*leaf)});
    return leaf.has_value();
  };
  const auto from = [](const std::optional<Affine>& affine) {
    return affine ? std::optional<Leaf>(*affine) : std::nullopt;
  };
  const auto number = [](const std::optional<Rational>& r) {
    return r ? std::optional<Leaf>(Value(*r)) : std::nullopt;
  };
  for (const GuardedLeaf& left : a)
    for (const GuardedLeaf& right : b) {
      const Lit guard = both(left.guard, right.guard);
      if (guard == -true_) continue;
      const auto x = constant_of(left.leaf), y = constant_of(right.leaf);
      const auto* p = std::get_if<Affine>(&left.leaf);
      const auto* q = std::get_if<Affine>(&right.leaf);
      bool ok = false;
      switch (op) {
      case Op::add:
        ok = x && y   ? add(guard, number(Rational::add(*x, *y)))
             : p && y ? add(guard, from(shifted(*p, *y)))
             : q && x ? add(guard, from(shifted(*q, *x)))
                      : false;
        break;
      case Op::multiply:
        ok = x && y                        ? add(guard, number(Rational::multiply(*x, *y)))
             : p && y && *y == Rational(0) ? add(guard, Leaf(Value(Rational(0))))
             : q && x && *x == Rational(0) ? add(guard, Leaf(Value(Rational(0))))
             : p && y                      ? add(guard, from(scaled(*p, *y)))
             : q && x                      ? add(guard, from(scaled(*q, *x)))
                                           : false;
        break;
      case Op::minimum:
      case Op::maximum: {
        const auto less = is_less(left.leaf, right.leaf, true);
        if (!less) return std::nullopt;
        const Lit first = op == Op::minimum ? *less : -*less;
        add(both(guard, first), left.leaf);
        ok = add(both(guard, -first), right.leaf);
        break;
      }
      default: break;
      }
      if (!ok) return std::nullopt;
    }
  result = simplified(std::move(result));
  if (result.size() > most_cases) return std::nullopt;
  return result;
}

ValueLits Encoding::arithmetic(NodeId id, const Node& node) {
  if (may_be_partial(id)) return free_value(id); // min(0, a partial number) may be known
  std::vector<ValueLits> operands;
  operands.reserve(node.operands.size());
  for (const NodeId operand : node.operands)
    operands.push_back(as_values(operand));
  const auto one_by_one = [&](Op op, ValueLits total) -> std::optional<ValueLits> {
    for (const ValueLits& next : operands) {
      auto combined = combine(op, total, next);
      if (!combined) return std::nullopt;
      total = std::move(*combined);
    }
    return total;
  };
  /// Each case by itself; `change` gives nothing where it cannot.
  const auto each = [&](ValueLits values, auto change) -> std::optional<ValueLits> {
    ValueLits result;
    for (GuardedLeaf& one : values) {
      std::optional<Leaf> changed = change(one.leaf);
      if (!changed) return std::nullopt;
      result.push_back({one.guard, std::move(*changed)});
    }
    return simplified(std::move(result));
  };
  const auto times = [](const Leaf& leaf, Rational factor, Rational offset) -> std::optional<Leaf> {
    if (const auto x = constant_of(leaf)) {
      const auto product = Rational::multiply(*x, factor);
      const auto sum = product ? Rational::add(*product, offset) : std::nullopt;
      return sum ? std::optional<Leaf>(Value(*sum)) : std::nullopt;
    }
    const auto product = scaled(std::get<Affine>(leaf), factor);
    const auto sum = product ? shifted(*product, offset) : std::nullopt;
    return sum ? std::optional<Leaf>(*sum) : std::nullopt;
  };
  const ValueLits zero{{true_, Value(Rational(0))}};
  std::optional<ValueLits> result;
  switch (node.op) {
  case Op::number_of: {
    ValueLits total = zero;
    bool fits = true;
    for (const ValueLits& next : operands) {
      ValueLits counted;
      for (const GuardedLeaf& one : next)
        counted.push_back({one.guard, Value(Rational(std::get<Value>(one.leaf).as<bool>() ? 1 : 0))});
      auto sum = combine(Op::add, total, counted);
      fits &= sum.has_value();
      if (!fits) break;
      total = std::move(*sum);
    }
    if (fits) result = std::move(total);
    break;
  }
  case Op::add: result = one_by_one(Op::add, zero); break;
  case Op::subtract:
    if (auto negative = each(operands[1], [&](const Leaf& leaf) { return times(leaf, Rational(-1), Rational(0)); }))
      result = combine(Op::add, operands[0], *negative);
    break;
  case Op::multiply: result = combine(Op::multiply, operands[0], operands[1]); break;
  case Op::negate:
    result = each(operands[0], [&](const Leaf& leaf) { return times(leaf, Rational(-1), Rational(0)); });
    break;
  case Op::absolute:
    if (auto negative = each(operands[0], [&](const Leaf& leaf) { return times(leaf, Rational(-1), Rational(0)); }))
      if (operands[0].size() == 1) result = combine(Op::maximum, operands[0], *negative);
    if (!result)
      result = each(operands[0], [&](const Leaf& leaf) -> std::optional<Leaf> {
        const auto x = constant_of(leaf);
        if (!x) return std::nullopt;
        return *x < Rational(0) ? times(leaf, Rational(-1), Rational(0)) : leaf;
      });
    break;
  case Op::minimum:
  case Op::maximum: {
    ValueLits total = operands.front();
    bool fits = true;
    for (std::size_t i = 1; fits && i < operands.size(); ++i) {
      auto next = combine(node.op, total, operands[i]);
      fits = next.has_value();
      if (fits) total = std::move(*next);
    }
    result = fits ? std::move(total) : extreme(id, operands, node.op == Op::minimum);
    break;
  }
  case Op::convert:
    result =
        each(operands[0], [&](const Leaf& leaf) { return times(leaf, node.details->factor, node.details->offset); });
    break;
  case Op::round:
    result = each(operands[0], [&](const Leaf& leaf) -> std::optional<Leaf> {
      const auto x = constant_of(leaf);
      const auto rounded =
          x ? Rational::round(*x, node.details->factor, static_cast<RoundingMode>(node.reference)) : std::nullopt;
      return rounded ? std::optional<Leaf>(Value(*rounded)) : std::nullopt;
    });
    break;
  default: break;
  }
  if (result) return std::move(*result);
  // Left free, but it can be known only where everything that it is made of is known.
  ValueLits free = free_value(id);
  for (const ValueLits& operand : operands)
    sat_.add({-known(free), known(operand)});
  // A mean is rounded wherever it is known: what was measured has a range.
  const Node& first = graph_[node.operands[0]];
  if (node.op == Op::round && node.range() && first.op == Op::series &&
      static_cast<SeriesFunction>(first.detail) == SeriesFunction::mean)
    sat_.add({known(free), -known(operands[0])});
  return free;
}

/// The least or greatest of measured values, of which nobody knows in advance which it is.
ValueLits Encoding::extreme(NodeId id, const std::vector<ValueLits>& operands, bool is_least) {
  const std::uint32_t term = new_term(id, false);
  std::vector<Lit> all;
  for (const ValueLits& operand : operands)
    all.push_back(known(operand));
  terms_[term].known = all_of(std::move(all));
  terms_[term].extreme_of = operands;
  terms_[term].is_least = is_least;
  return {{terms_[term].known, Affine{term}}};
}

ValueLits Encoding::choose_value(NodeId id, const Node& node) {
  const auto policy = node.op == Op::table ? static_cast<HitPolicy>(node.reference) : HitPolicy::first;
  if (policy > HitPolicy::any) return collect(id, node);
  // A conditional is a table of two rows, the second for "no".
  std::vector<std::pair<TruthLits, NodeId>> rows;
  if (node.op == Op::conditional) {
    rows.emplace_back(truth(node.operands[0]), node.operands[1]);
    rows.emplace_back(TruthLits{true_, -true_}, node.operands[2]);
  } else {
    for (std::size_t i = 0; i < node.operands.size(); i += 2)
      rows.emplace_back(truth(node.operands[i]), node.operands[i + 1]);
  }
  std::vector<Leaf> leaves;
  std::map<Rational, std::size_t> place_of;
  bool plain = true; ///< only fixed values, so that "the same value" can be told
  const auto place = [&](const Leaf& leaf) {
    if (const auto number = constant_of(leaf)) {
      const auto [found, is_new] = place_of.emplace(*number, leaves.size());
      if (is_new) leaves.push_back(leaf);
      return found->second;
    }
    plain = false;
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (same_leaf(leaves[i], leaf)) return i;
    leaves.push_back(leaf);
    return leaves.size() - 1;
  };
  std::vector<std::vector<std::pair<std::size_t, Lit>>> outputs(rows.size()); ///< by row: leaf and its guard
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const GuardedLeaf& one : value(rows[i].second))
      outputs[i].emplace_back(place(one.leaf), one.guard);
  const auto guard_in = [&](std::size_t row, std::size_t leaf) {
    for (const auto& [which, guard] : outputs[row])
      if (which == leaf) return guard;
    return -true_;
  };
  ValueLits result;
  if (policy == HitPolicy::first && (plain || leaves.size() == 1) && leaves.size() * rows.size() <= most_cells) {
    for (std::size_t v = 0; v < leaves.size(); ++v) {
      Lit says = -true_;
      for (std::size_t i = rows.size(); i-- > 0;) {
        const TruthLits hit = rows[i].first;
        const Lit out = guard_in(i, v);
        if (out == -true_ && says == -true_) continue; // nothing below says it
        says = any_of({both(hit.yes, out), both(hit.no, says), all_of({unknown(hit), out, says})});
      }
      result.push_back({says, leaves[v]});
    }
    return simplified(std::move(result));
  }
  if (policy == HitPolicy::first) {
    // Rows before the first that matches are all no: exact. Otherwise rows that may match might agree: left free.
    Lit before = true_;
    std::vector<Lit> decided;
    for (std::size_t i = 0; i < rows.size() && before != -true_; ++i) {
      const Lit here = both(before, rows[i].first.yes);
      decided.push_back(here);
      for (const auto& [leaf, guard] : outputs[i])
        result.push_back({both(here, guard), leaves[leaf]});
      before = both(before, rows[i].first.no);
    }
    const Lit open = both(-any_of(std::move(decided)), -before);
    if (open != -true_)
      for (const GuardedLeaf& one : free_value(id))
        result.push_back({both(open, one.guard), one.leaf});
    return simplified(std::move(result));
  }
  // unique, any: a row that matches, and no other that matches says something else.
  std::vector<Lit> says(leaves.size(), -true_), unsaid{};
  std::vector<std::vector<Lit>> hits(leaves.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<Lit> guards;
    for (const auto& [leaf, guard] : outputs[i]) {
      hits[leaf].push_back(both(rows[i].first.yes, guard));
      guards.push_back(guard);
    }
    unsaid.push_back(both(rows[i].first.yes, -any_of(std::move(guards)))); // matches, and its output is unknown
  }
  for (std::size_t v = 0; v < leaves.size(); ++v)
    says[v] = any_of(std::move(hits[v]));
  Lit earlier = any_of(std::move(unsaid));
  std::vector<Lit> later(leaves.size() + 1, -true_);
  for (std::size_t v = leaves.size(); v-- > 0;)
    later[v] = either(later[v + 1], says[v]);
  for (std::size_t v = 0; v < leaves.size(); ++v) {
    result.push_back({all_of({says[v], -earlier, -later[v + 1]}), leaves[v]});
    earlier = either(earlier, says[v]);
  }
  if (!plain && leaves.size() > 1) {
    // Two rows whose measured values happen to agree do not contradict each other.
    std::vector<Lit> guards;
    for (const GuardedLeaf& one : result)
      guards.push_back(one.guard);
    const Lit open = both(earlier, -any_of(std::move(guards)));
    for (const GuardedLeaf& one : free_value(id))
      result.push_back({both(open, one.guard), one.leaf});
  }
  return simplified(std::move(result));
}

ValueLits Encoding::collect(NodeId id, const Node& node) {
  const auto policy = static_cast<HitPolicy>(node.reference);
  if ((policy != HitPolicy::collect_count && policy != HitPolicy::collect_sum) || may_be_partial(id))
    return free_value(id);
  ValueLits total{{true_, Value(Rational(0))}};
  std::vector<Lit> all_known;
  for (std::size_t i = 0; i < node.operands.size(); i += 2) {
    const TruthLits hit = truth(node.operands[i]);
    all_known.push_back(either(hit.yes, hit.no));
    ValueLits part{{hit.no, Value(Rational(0))}};
    if (policy == HitPolicy::collect_count) {
      part.push_back({hit.yes, Value(Rational(1))});
    } else {
      for (const GuardedLeaf& one : value(node.operands[i + 1]))
        part.push_back({both(hit.yes, one.guard), one.leaf});
    }
    auto sum = combine(Op::add, total, simplified(std::move(part)));
    if (!sum) return free_value(id);
    total = std::move(*sum);
  }
  const Lit complete = all_of(std::move(all_known));
  for (GuardedLeaf& one : total)
    one.guard = both(one.guard, complete);
  return total;
}

ValueLits Encoding::differential(DifferentialId id) {
  const auto known_already = differentials_.find(id.index());
  if (known_already != differentials_.end()) return known_already->second;
  const graph::Differential& d = graph_.differentials[id.index()];
  const DifferentialInfo& info = graph_.dictionary.differentials[id.index()];
  const std::size_t count = info.candidates.size();
  const ValueLits zero{{true_, Value(Rational(0))}};
  std::vector<ValueLits> lowest(count, zero), highest(count, zero);
  bool exact = true;
  const auto increase = [&](ValueLits& bound, Lit when, Rational by) {
    auto sum = combine(Op::add, bound, {{when, Value(by)}, {-when, Value(Rational(0))}});
    exact &= sum.has_value();
    if (sum) bound = std::move(*sum);
  };
  for (const graph::Argument& argument : d.arguments) {
    const Rational weight = argument.is_for ? argument.weight : Rational::subtract(0, argument.weight).value_or(0);
    const TruthLits holds = truth(argument.condition);
    increase(lowest[argument.candidate], weight < Rational(0) ? -holds.no : holds.yes, weight);
    increase(highest[argument.candidate], weight < Rational(0) ? holds.yes : -holds.no, weight);
  }
  ValueLits result;
  Lit nobody_can_win = sat_.fresh();
  if (!exact) {
    for (const Choice candidate : info.candidates) {
      result.push_back({sat_.fresh(), Value(candidate)});
      sat_.add({-nobody_can_win, -result.back().guard});
    }
  } else {
    const TruthLits never{-true_, true_};
    std::vector<TruthLits> confirmed(count, never), excluded(count, never);
    for (const auto& verdict : d.verdicts) {
      TruthLits& side = verdict.confirms ? confirmed[verdict.candidate] : excluded[verdict.candidate];
      side = disjunction(side, truth(verdict.condition));
    }
    /// Some pair of cases of a and b with a - b >= margin.
    const auto leads = [&](const ValueLits& a, const ValueLits& b, Rational margin) {
      std::vector<Lit> pairs;
      for (const GuardedLeaf& left : a)
        for (const GuardedLeaf& right : b) {
          const auto lead = Rational::subtract(*constant_of(left.leaf), *constant_of(right.leaf));
          if (lead && *lead >= margin) pairs.push_back(both(left.guard, right.guard));
        }
      return any_of(std::move(pairs));
    };
    std::vector<Lit> wins, cannot_win;
    for (std::size_t i = 0; i < count; ++i) {
      TruthLits other{-true_, true_};
      for (std::size_t k = 0; k < count; ++k)
        if (k != i) other = disjunction(other, conjunction(confirmed[k], negation(excluded[k])));
      const TruthLits is_confirmed = conjunction(conjunction(confirmed[i], negation(excluded[i])), negation(other));
      TruthLits by_score{leads(lowest[i], zero, d.needs), -leads(highest[i], zero, d.needs)};
      for (std::size_t k = 0; k < count; ++k) {
        if (k == i) continue;
        const TruthLits ahead{leads(lowest[i], highest[k], d.ahead_by), -leads(highest[i], lowest[k], d.ahead_by)};
        by_score = conjunction(by_score, disjunction(ahead, excluded[k]));
      }
      by_score = conjunction(by_score, conjunction(negation(excluded[i]), negation(other)));
      const TruthLits may_win = disjunction(is_confirmed, by_score);
      wins.push_back(may_win.yes);
      cannot_win.push_back(may_win.no);
    }
    nobody_can_win = all_of(std::move(cannot_win));
    Lit later = -true_; // where two win, the engine names the last
    for (std::size_t i = count; i-- > 0;) {
      result.push_back({both(wins[i], -later), Value(info.candidates[i])});
      later = either(later, wins[i]);
    }
  }
  differentials_.emplace(id.index(), result);
  nobody_can_win_.emplace(id.index(), nobody_can_win);
  return result;
}

} // namespace aceso::analyse
