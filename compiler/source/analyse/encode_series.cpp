/// What is asked of repeated measurements. Which values there were is left free; that the functions of one window speak
/// of the same measurements is said here: all of them are known from the first measurement on, a change needs two.
#include <algorithm>

#include "analyse/encoding.h"

namespace aceso::analyse {

using graph::Node;

namespace {

/// Every measurement in the one window lies in the other, where both end together.
bool is_within(const std::optional<Period>& inner, const std::optional<Period>& outer) {
  if (!outer) return true;
  return inner && inner->months <= outer->months && inner->seconds <= outer->seconds;
}

/// The sum of as many measurements as there may be stays within 64 bits.
bool sum_fits(const TypeInfo& type) {
  if (!type.minimum || !type.maximum || !type.step) return false;
  constexpr std::int64_t most_steps = std::int64_t{1} << 40; // and at most a million measurements
  for (const Rational& end : {*type.minimum, *type.maximum}) {
    const auto steps = Rational::divide(end, *type.step);
    if (!steps || *steps > Rational(most_steps) || *steps < Rational(-most_steps)) return false;
  }
  return true;
}

} // namespace

std::size_t Encoding::history(const Node& node) {
  const NodeId until = node.operands.empty() ? NodeId() : canonical(node.operands[0]);
  for (std::size_t i = 0; i < histories_.size(); ++i)
    if (histories_[i].input == node.reference && histories_[i].until == until) return i;
  HistoryLits lits;
  lits.input = node.reference;
  lits.until = until;
  lits.ever = sat_.fresh();
  lits.last_unknown = sat_.fresh();
  lits.falls = sat_.fresh();
  lits.rises = sat_.fresh();
  histories_.push_back(std::move(lits));
  return histories_.size() - 1;
}

Encoding::MeasuredLits& Encoding::measured(const Node& node) {
  MeasuredLits lits;
  lits.history = history(node);
  lits.period = node.details->period;
  std::vector<const MeasuredLits*> others;
  for (MeasuredLits& other : measured_) {
    if (other.history != lits.history) continue;
    if (other.period == lits.period) return other;
    others.push_back(&other);
  }
  lits.some = sat_.fresh();
  lits.several = sat_.fresh();
  sat_.add({-lits.several, lits.some});
  sat_.add({-lits.some, histories_[lits.history].ever});
  const auto contains = [&](const MeasuredLits& outer, const MeasuredLits& inner) {
    sat_.add({-inner.some, outer.some});
    sat_.add({-inner.several, outer.several});
  };
  for (const MeasuredLits* other : others) {
    if (is_within(lits.period, other->period)) contains(*other, lits);
    if (is_within(other->period, lits.period)) contains(lits, *other);
  }
  // Where nobody knows when the window ends, there are none.
  if (const NodeId until = histories_[lits.history].until; until.is_valid()) sat_.add({-lits.some, known(until)});
  return measured_.emplace_back(lits);
}

TruthLits Encoding::series_truth(NodeId id, const Node& node) {
  const MeasuredLits& window = measured(node);
  HistoryLits& history = histories_[window.history];
  const auto function = static_cast<SeriesFunction>(node.detail);
  const bool is_trend = function == SeriesFunction::rising || function == SeriesFunction::falling;
  if (function == SeriesFunction::latest) {
    if (history.last_truth.yes == 0) history.last_truth = free_truth(id);
    const TruthLits last = history.last_truth;
    sat_.add({-window.some, last.yes, last.no});
    return {both(window.some, last.yes), both(window.some, last.no)};
  }
  const TruthLits result = free_truth(id);
  const Lit is_known = is_trend ? both(window.several, -history.last_unknown) : window.some;
  sat_.add({-is_known, result.yes, result.no});
  sat_.add({is_known, -result.yes});
  sat_.add({is_known, -result.no});
  history.asks_trend |= is_trend;
  if (is_trend) sat_.add({-result.yes, function == SeriesFunction::rising ? history.rises : history.falls});
  return result;
}

ValueLits Encoding::series_value(NodeId id, const Node& node) {
  MeasuredLits& window = measured(node);
  HistoryLits& history = histories_[window.history];
  const auto same = [&](Lit a, Lit b) {
    sat_.add({-a, b});
    sat_.add({a, -b});
  };
  if (static_cast<SeriesFunction>(node.detail) == SeriesFunction::latest) {
    if (history.last.empty()) {
      history.last = free_value(id);
      // What has fallen is not at the top.
      const TypeInfo& type = graph_.dictionary[graph_.dictionary.inputs[node.reference].type];
      if (!type.members.empty()) {
        sat_.add({-history.falls, -history.last.back().guard});
        sat_.add({-history.rises, -history.last.front().guard});
      } else {
        for (const GuardedLeaf& one : history.last) {
          const auto not_at = [&](Lit trend, std::optional<Lit> beyond) {
            if (beyond) sat_.add({-trend, -one.guard, *beyond});
          };
          if (type.maximum) not_at(history.falls, is_less(one.leaf, Value(*type.maximum), false));
          if (type.minimum) not_at(history.rises, is_less(Value(*type.minimum), one.leaf, false));
        }
      }
    }
    sat_.add({-window.some, known(history.last)});
    ValueLits result = history.last;
    for (GuardedLeaf& one : result)
      one.guard = both(one.guard, window.some);
    return result;
  }
  ValueLits result = free_value(id);
  switch (static_cast<SeriesFunction>(node.detail)) {
  case SeriesFunction::count: {
    // How many there are is known even where there are none; only an unknown `as of` leaves it open.
    if (node.operands.empty()) sat_.add({known(result)});
    window.count = std::get<Affine>(result.front().leaf).term;
    same(reached(*window.count, {Rational(1), false}), window.some);
    same(reached(*window.count, {Rational(2), false}), window.several);
    break;
  }
  case SeriesFunction::change:
  case SeriesFunction::trend: sat_.add({-known(result), window.several}); break;
  case SeriesFunction::mean: // may not fit 64 bits
    sat_.add({-known(result), window.some});
    if (sum_fits(graph_.dictionary[graph_.dictionary.inputs[node.reference].type]))
      sat_.add({known(result), -window.some});
    break;
  default: same(known(result), window.some); break;
  }
  return result;
}

/// Learning more adds no measurement where there is one: that would be another day, and what could not be measured then
/// never will be. It may tell of a series of which nothing is known.
void Encoding::measured_alike(Encoding& other) {
  const auto same_when = [&](Lit when, Lit a, Lit b) {
    sat_.add({-when, -a, b});
    sat_.add({-when, a, -b});
  };
  const auto same_cuts = [&](Lit when, std::uint32_t mine, std::uint32_t theirs) {
    same_when(when, terms_[mine].known, other.terms_[theirs].known);
    for (const Cut& cut : cuts_of(terms_[mine], other.terms_[theirs]))
      same_when(when, reached(mine, cut), other.reached(theirs, cut));
  };
  for (std::size_t h = 0; h < histories_.size(); ++h) {
    const HistoryLits& mine = histories_[h];
    const auto theirs = std::find_if(other.histories_.begin(), other.histories_.end(), [&](const HistoryLits& one) {
      return one.input == mine.input && !one.until.is_valid();
    });
    if (mine.until.is_valid() || theirs == other.histories_.end()) continue;
    const Lit when = mine.ever;
    same_when(when, mine.ever, theirs->ever);
    same_when(when, mine.last_unknown, theirs->last_unknown);
    if (mine.last_truth.yes != 0 && theirs->last_truth.yes != 0) {
      same_when(when, mine.last_truth.yes, theirs->last_truth.yes);
      same_when(when, mine.last_truth.no, theirs->last_truth.no);
    }
    for (std::size_t i = 0; i < std::min(mine.last.size(), theirs->last.size()); ++i) {
      same_when(when, mine.last[i].guard, theirs->last[i].guard);
      const auto* a = std::get_if<Affine>(&mine.last[i].leaf);
      const auto* b = std::get_if<Affine>(&theirs->last[i].leaf);
      if (a && b) same_cuts(when, a->term, b->term);
    }
    for (const MeasuredLits& window : measured_)
      for (const MeasuredLits& one : other.measured_) {
        if (window.history != h || &other.histories_[one.history] != &*theirs || window.period != one.period) continue;
        same_when(when, window.some, one.some);
        same_when(when, window.several, one.several);
      }
    const auto is_of_it = [&](NodeId id) {
      const Node& node = graph_[id];
      return node.op == graph::Op::series && node.operands.empty() && node.reference == mine.input &&
             static_cast<SeriesFunction>(node.detail) != SeriesFunction::latest;
    };
    for (const NodeId id : free_truths_)
      if (is_of_it(id) && truths_[id.index()] && other.truths_[id.index()]) {
        same_when(when, truths_[id.index()]->yes, other.truths_[id.index()]->yes);
        same_when(when, truths_[id.index()]->no, other.truths_[id.index()]->no);
      }
    for (const NodeId id : free_values_) {
      if (!is_of_it(id) || !values_[id.index()] || !other.values_[id.index()]) continue;
      const ValueLits &a = *values_[id.index()], &b = *other.values_[id.index()];
      for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        same_when(when, a[i].guard, b[i].guard);
        const auto* p = std::get_if<Affine>(&a[i].leaf);
        const auto* q = std::get_if<Affine>(&b[i].leaf);
        if (p && q) same_cuts(when, p->term, q->term);
      }
    }
  }
}

} // namespace aceso::analyse
