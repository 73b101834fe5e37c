/// What a model of the solver says about the patient.
#include <algorithm>

#include "analyse/encoding.h"

namespace aceso::analyse {

namespace {

struct Region {
  std::optional<Cut> low, high;
};

Region region_of(const Sat& sat, const Term& term) {
  Region region;
  for (const auto& [cut, literal] : term.reached) {
    if (sat.is_true(literal))
      region.low = cut;
    else if (!region.high)
      region.high = cut;
  }
  return region;
}

} // namespace

std::vector<Encoding::FoundInput> Encoding::found_inputs() const {
  std::vector<FoundInput> found;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const InputLits& lits = inputs_[i];
    if (!lits.met) continue;
    FoundInput one;
    one.input = InputId(i);
    one.known = sat_.is_true(lits.known);
    if (!one.known) {
      for (const auto& [why, literal] : lits.reasons)
        if (sat_.is_true(literal)) one.reason = why;
      // What is not stated is not asked; where that is ruled out, one of the reasons that nobody asks about.
      if (!one.reason && lits.reasons.contains(UnknownReason::not_asked))
        for (const UnknownReason other : {UnknownReason::not_done, UnknownReason::refused, UnknownReason::pending,
                                          UnknownReason::invalid, UnknownReason::not_applicable, UnknownReason::stale})
          if (!one.reason && !lits.reasons.contains(other)) one.reason = other;
    } else if (lits.truth.yes != 0) {
      one.value = sat_.is_true(lits.truth.yes);
    } else if (!lits.values.empty()) {
      for (const GuardedLeaf& leaf : lits.values)
        if (sat_.is_true(leaf.guard)) one.value = std::get<Value>(leaf.leaf);
    } else if (lits.term) {
      const Region region = region_of(sat_, terms_[*lits.term]);
      one.low = region.low;
      one.high = region.high;
    }
    found.push_back(std::move(one));
  }
  return found;
}

std::optional<StageId> Encoding::found_stage() const {
  for (std::size_t s = 0; s < stages_.size(); ++s)
    if (sat_.is_true(stages_[s])) return StageId(s);
  return std::nullopt;
}

std::vector<Encoding::FoundFree> Encoding::found_free() const {
  std::vector<FoundFree> found;
  for (const NodeId id : free_truths_) {
    FoundFree one;
    one.node = id;
    // A comparison of two measured values is free inside its node; the node itself says what was taken.
    if (const auto& lits = truths_[id.index()]) {
      one.known = sat_.is_true(lits->yes) || sat_.is_true(lits->no);
      if (one.known) one.value = Value(sat_.is_true(lits->yes));
    }
    found.push_back(std::move(one));
  }
  for (const NodeId id : free_values_) {
    FoundFree one;
    one.node = id;
    if (const auto& lits = values_[id.index()])
      for (const GuardedLeaf& leaf : *lits) {
        if (!sat_.is_true(leaf.guard)) continue;
        one.known = true;
        if (const auto* value = std::get_if<Value>(&leaf.leaf)) {
          one.value = *value;
        } else {
          const auto& affine = std::get<Affine>(leaf.leaf);
          if (!(affine.factor == Rational(1)) || !(affine.offset == Rational(0))) continue;
          const Region region = region_of(sat_, terms_[affine.term]);
          one.low = region.low;
          one.high = region.high;
        }
      }
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<Encoding::FoundWindow> Encoding::found_windows() const {
  std::vector<FoundWindow> found;
  for (const MeasuredLits& lits : measured_) {
    const HistoryLits& history = histories_[lits.history];
    if (history.until.is_valid()) continue;
    FoundWindow one{InputId(history.input), lits.period, 0, std::nullopt, false};
    const bool some = sat_.is_true(lits.some), several = sat_.is_true(lits.several);
    one.at_least = several ? 2 : some ? 1 : 0;
    if (!several) one.at_most = one.at_least;
    if (several && lits.count) {
      const Region region = region_of(sat_, terms_[*lits.count]);
      /// The smallest whole number that reaches the cut.
      const auto first_at = [](const Cut& cut) {
        const auto mode = cut.above ? RoundingMode::down : RoundingMode::up;
        const std::int64_t whole = Rational::round(cut.value, Rational(1), mode).value_or(Rational(0)).numerator();
        return cut.above ? whole + 1 : whole;
      };
      if (region.low) one.at_least = std::max(one.at_least, first_at(*region.low));
      if (region.high) one.at_most = first_at(*region.high) - 1;
    }
    one.last_unknown = several && history.asks_trend && sat_.is_true(history.last_unknown);
    found.push_back(one);
  }
  return found;
}

std::vector<InputId> Encoding::found_measured() const {
  std::vector<InputId> found;
  for (const HistoryLits& history : histories_)
    if (!history.until.is_valid() && sat_.is_true(history.ever)) found.emplace_back(history.input);
  return found;
}

std::vector<Lit> Encoding::found_free_literals() const {
  std::vector<Lit> literals;
  const auto note = [&](Lit literal) {
    if (std::abs(literal) != true_) literals.push_back(sat_.is_true(literal) ? literal : -literal);
  };
  for (const NodeId id : free_truths_)
    if (const auto& lits = truths_[id.index()]) {
      note(lits->yes);
      note(lits->no);
    }
  for (const NodeId id : free_values_)
    if (const auto& lits = values_[id.index()])
      for (const GuardedLeaf& leaf : *lits)
        note(leaf.guard);
  for (const Term& term : terms_)
    if (!term.is_input)
      for (const auto& [cut, literal] : term.reached)
        note(literal);
  for (const MeasuredLits& lits : measured_)
    for (const Lit literal : {lits.some, lits.several, histories_[lits.history].last_unknown})
      note(literal);
  return literals;
}

/// The input has this value.
Lit Encoding::says(const InputLits& lits, const Value& value) {
  if (value.is<bool>()) return value.as<bool>() ? lits.truth.yes : lits.truth.no;
  for (const GuardedLeaf& one : lits.values)
    if (std::get<Value>(one.leaf) == value) return one.guard;
  return lits.term ? is_equal(Leaf(Affine{*lits.term}), Leaf(value)).value_or(-true_) : -true_;
}

std::vector<Cut> Encoding::cuts_of(const Term& a, const Term& b) {
  std::vector<Cut> cuts;
  for (const Term* term : {&a, &b})
    for (const auto& [cut, literal] : term->reached)
      cuts.push_back(cut);
  return cuts;
}

void Encoding::refined_by(Encoding& other) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!inputs_[i].met && !other.inputs_[i].met) continue;
    const InputInfo& info = graph_.dictionary.inputs[i];
    InputLits& mine = input(InputId(i));
    InputLits& theirs = other.input(InputId(i));
    // An assumption lasts only while nothing is stated: then the value may differ.
    const Lit is_assumed = info.unknown_policy == UnknownPolicy::assume ? says(mine, *info.assumed) : -true_;
    const auto implies = [&](Lit a, Lit b) { sat_.add({is_assumed, -a, b}); };
    implies(mine.known, theirs.known);
    if (mine.truth.yes != 0) {
      implies(mine.truth.yes, theirs.truth.yes);
      implies(mine.truth.no, theirs.truth.no);
    }
    for (std::size_t m = 0; m < mine.values.size(); ++m)
      implies(mine.values[m].guard, theirs.values[m].guard);
    if (mine.term || theirs.term) {
      // The same thresholds on both sides, and where it is known here, the same answers.
      if (!mine.term || !theirs.term) continue;
      for (const Cut& cut : cuts_of(terms_[*mine.term], other.terms_[*theirs.term])) {
        const Lit a = reached(*mine.term, cut), b = other.reached(*theirs.term, cut);
        sat_.add({is_assumed, -a, b});
        sat_.add({is_assumed, -mine.known, a, -b});
      }
    }
  }
  // What is left free follows from the inputs all the same: once known, it stays as it is, where what was measured
  // stays (the literal that says so; nothing where that is not enough).
  const auto stays = [&](NodeId id) -> std::optional<Lit> {
    std::vector<NodeId> open{id};
    std::vector<bool> seen(graph_.nodes.size());
    std::vector<Lit> measured;
    while (!open.empty()) {
      const NodeId next = open.back();
      open.pop_back();
      if (seen[next.index()]) continue;
      seen[next.index()] = true;
      const graph::Node& node = graph_[next];
      if (node.op == graph::Op::is_known || node.op == graph::Op::unknown_because || node.op == graph::Op::held_for ||
          node.op == graph::Op::in_stage || node.op == graph::Op::table || node.op == graph::Op::differential)
        return std::nullopt;
      if (node.op == graph::Op::input &&
          graph_.dictionary.inputs[node.reference].unknown_policy == UnknownPolicy::assume)
        return std::nullopt;
      if (node.op == graph::Op::series) {
        if (!node.operands.empty()) return std::nullopt;
        measured.push_back(histories_[history(node)].ever);
      }
      open.insert(open.end(), node.operands.begin(), node.operands.end());
    }
    return all_of(std::move(measured));
  };
  const auto is_free_there = [](const std::vector<NodeId>& list, NodeId id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  for (const NodeId id : free_truths_) {
    if (!truths_[id.index()] || !is_free_there(other.free_truths_, id) || !other.truths_[id.index()]) continue;
    const std::optional<Lit> when = stays(id);
    if (!when) continue;
    sat_.add({-*when, -truths_[id.index()]->yes, other.truths_[id.index()]->yes});
    sat_.add({-*when, -truths_[id.index()]->no, other.truths_[id.index()]->no});
  }
  for (std::uint32_t t = 0; t < terms_.size(); ++t) {
    if (terms_[t].is_input) continue;
    const std::optional<Lit> when = stays(terms_[t].node);
    if (!when) continue;
    for (std::uint32_t o = 0; o < other.terms_.size(); ++o) {
      if (other.terms_[o].is_input || other.terms_[o].node != terms_[t].node) continue;
      sat_.add({-*when, -terms_[t].known, other.terms_[o].known});
      for (const Cut& cut : cuts_of(terms_[t], other.terms_[o])) {
        const Lit a = reached(t, cut), b = other.reached(o, cut);
        sat_.add({-*when, -a, b});
        sat_.add({-*when, -terms_[t].known, a, -b});
      }
    }
  }
  measured_alike(other);
  for (std::size_t s = 0; s < std::min(stages_.size(), other.stages_.size()); ++s) {
    sat_.add({-stages_[s], other.stages_[s]});
    sat_.add({stages_[s], -other.stages_[s]});
  }
}

} // namespace aceso::analyse
