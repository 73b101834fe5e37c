#include "jit/llvm_logic.h"

#include <algorithm>
#include <limits>

namespace aceso::jit {

using bytecode::HitPolicy;

namespace {

constexpr std::uint8_t invalid = 5, not_applicable = 6; // of UnknownReason, as bytes of the row machine
static_assert(static_cast<std::uint8_t>(UnknownReason::invalid) == invalid);
static_assert(static_cast<std::uint8_t>(UnknownReason::not_applicable) == not_applicable);

/// Tables with more different constants than this keep their value as one number.
constexpr std::size_t most_cases = 16;

void add_case(std::vector<NumberCase>& cases, Logic& logic, Ir when, std::int64_t value) {
  if (when == logic.none) return;
  for (NumberCase& each : cases)
    if (each.value == value) {
      each.when = logic.either(each.when, when);
      return;
    }
  cases.push_back({when, value});
}

} // namespace

Logic::Logic(LLVMContextRef context_, LLVMBuilderRef builder)
    : context(context_), b(builder), i1(LLVMInt1TypeInContext(context_)), i8(LLVMInt8TypeInContext(context_)),
      i32(LLVMInt32TypeInContext(context_)), i64(LLVMInt64TypeInContext(context_)), all(LLVMConstAllOnes(i1)),
      none(LLVMConstNull(i1)) {}

// ---------------------------------------------------------------------------------------------------- bits

// Each bit is made once: LLVM would find that out as well, but it takes its time, and what is the same value is seen
// to be settled here.

Ir Logic::both(Ir x, Ir y) {
  if (x == none || y == none) return none;
  if (x == all || x == y) return y;
  if (y == all) return x;
  if (const auto no = opposite_.find(x); no != opposite_.end() && no->second == y) return none;
  Ir& made = made_[{true, std::min(x, y), std::max(x, y)}];
  return made ? made : made = LLVMBuildAnd(b, x, y, "");
}

Ir Logic::either(Ir x, Ir y) {
  if (x == all || y == all) return all;
  if (x == none || x == y) return y;
  if (y == none) return x;
  if (const auto no = opposite_.find(x); no != opposite_.end() && no->second == y) return all;
  Ir& made = made_[{false, std::min(x, y), std::max(x, y)}];
  return made ? made : made = LLVMBuildOr(b, x, y, "");
}

Ir Logic::without(Ir x) {
  if (x == all) return none;
  if (x == none) return all;
  if (const auto found = opposite_.find(x); found != opposite_.end()) return found->second;
  const Ir made = LLVMBuildXor(b, x, all, "");
  opposite_[x] = made;
  opposite_[made] = x;
  return made;
}

Truth3 Logic::both_plain(const Truth3& x, const Truth3& y) {
  const Ir is = both(x.is, y.is);
  return {is, x.is_settled() && y.is_settled() ? is : both(x.may, y.may), nullptr};
}

Truth3 Logic::either_plain(const Truth3& x, const Truth3& y) {
  const Ir is = either(x.is, y.is);
  return {is, x.is_settled() && y.is_settled() ? is : either(x.may, y.may), nullptr};
}

Ir Logic::choose(Ir when, Ir then, Ir otherwise) {
  if (when == all || then == otherwise) return then;
  if (when == none) return otherwise;
  return either(both(when, then), both(without(when), otherwise));
}

Ir Logic::select(Ir when, Ir then, Ir otherwise) {
  if (when == all || then == otherwise) return then;
  if (when == none) return otherwise;
  return LLVMBuildSelect(b, when, then, otherwise, "");
}

Ir Logic::smaller_byte(Ir x, Ir y) {
  if (x == nullptr || x == y) return y;
  if (y == nullptr) return x;
  return LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntULT, x, y, ""), x, y, "");
}

// ---------------------------------------------------------------------------------------------------- truths

Truth3 Logic::constant_truth(std::uint8_t of) {
  return {bit_of(of == bytecode::yes), bit_of(of != bytecode::no), byte(of)};
}

Ir Logic::byte_of(const Truth3& x) {
  if (x.byte) return x.byte;
  return select(x.is, byte(bytecode::yes), byte(bytecode::no));
}

Truth3 Logic::truth(Ir is, Ir may, Ir of) {
  if (is == may) return {is, may, nullptr};
  if (of == nullptr) of = byte(0);
  return {is, may, select(is, byte(bytecode::yes), select(may, of, byte(bytecode::no)))};
}

Truth3 Logic::negation(const Truth3& x) {
  if (x.is_settled()) return settled(without(x.is));
  return truth(without(x.may), without(x.is), x.byte);
}

Truth3 Logic::conjunction(std::span<const Truth3> all_of) {
  Ir is = all, may = all, reason = nullptr;
  for (const Truth3& each : all_of) {
    is = both(is, each.is);
    may = each.is_settled() && is == each.is ? is : both(may, each.may);
    if (!each.is_settled()) reason = smaller_byte(reason, each.byte);
  }
  const bool is_settled = std::all_of(all_of.begin(), all_of.end(), [](const Truth3& x) { return x.is_settled(); });
  return is_settled ? settled(is) : truth(is, may, reason);
}

Truth3 Logic::disjunction(std::span<const Truth3> any_of) {
  Ir is = none, may = none, reason = nullptr;
  for (const Truth3& each : any_of) {
    is = either(is, each.is);
    may = either(may, each.may);
    if (!each.is_settled()) reason = smaller_byte(reason, each.byte);
  }
  const bool is_settled = std::all_of(any_of.begin(), any_of.end(), [](const Truth3& x) { return x.is_settled(); });
  return is_settled ? settled(is) : truth(is, may, reason);
}

Truth3 Logic::equal_truth(const Truth3& x, const Truth3& y) {
  const Ir known = both(without(unknown(x)), without(unknown(y)));
  const Ir equal = without(x.is == y.is ? none : LLVMBuildXor(b, x.is, y.is, ""));
  if (known == all) return settled(equal);
  const Ir reason = smaller_byte(x.is_settled() ? nullptr : x.byte, y.is_settled() ? nullptr : y.byte);
  return truth(both(known, equal), either(without(known), equal), reason);
}

/// An unknown condition decides nothing, unless both ways out are known and the same.
Truth3 Logic::choice(const Truth3& c, const Truth3& x, const Truth3& y) {
  if (c.is_settled()) {
    const bool is_settled = x.is_settled() && y.is_settled();
    const Ir is = choose(c.is, x.is, y.is);
    if (is_settled) return settled(is);
    return truth(is, choose(c.is, x.may, y.may), select(c.is, byte_of(x), byte_of(y)));
  }
  const Ir no = without(c.may);
  const Ir is = either(both(x.is, y.is), either(both(c.is, x.is), both(no, y.is)));
  const Ir x_no = without(x.may), y_no = without(y.may);
  const Ir may = without(either(both(x_no, y_no), either(both(c.is, x_no), both(no, y_no))));
  const Ir reason = select(c.is, byte_of(x), select(no, byte_of(y), c.byte));
  return truth(is, may, reason);
}

Truth3 Logic::at_least(std::uint32_t needed, std::span<const Truth3> of) {
  // As a count where many are needed, else bit by bit: most guidelines say "two or more".
  const auto reached = [&](auto get) -> Ir {
    if (needed == 0) return all;
    if (needed > of.size()) return none;
    if (needed <= 4) {
      std::vector<Ir> at(needed, none); // so many and more have been met
      for (const Truth3& each : of)
        for (std::size_t k = needed; k-- > 0;)
          at[k] = either(at[k], both(k == 0 ? all : at[k - 1], get(each)));
      return at.back();
    }
    Ir sum = whole(0);
    for (const Truth3& each : of)
      sum = LLVMBuildAdd(b, sum, select(get(each), whole(1), whole(0)), "");
    return LLVMBuildICmp(b, LLVMIntUGE, sum, whole(needed), "");
  };
  const Ir is = reached([](const Truth3& x) { return x.is; });
  const bool is_settled = std::all_of(of.begin(), of.end(), [](const Truth3& x) { return x.is_settled(); });
  if (is_settled) return settled(is);
  Ir reason = byte(not_applicable);
  for (const Truth3& each : of)
    if (!each.is_settled()) reason = smaller_byte(reason, each.byte);
  return truth(is, reached([](const Truth3& x) { return x.may; }), reason);
}

// ---------------------------------------------------------------------------------------------------- numbers

Number3 Logic::constant(std::int64_t value) {
  Number3 result;
  result.known = all;
  result.cases.push_back({all, value});
  return result;
}

Number3 Logic::unknown_number(std::uint8_t reason) { return {whole(0), none, byte(reason)}; }

Number3 Logic::nothing(const Number3&, Ir reason) {
  Number3 result = unknown_number(0);
  result.state = reason;
  return result;
}

Ir Logic::state_of(const Number3& x) {
  if (x.known == all) return byte(bytecode::known);
  return select(x.known, byte(bytecode::known), x.state ? x.state : byte(0));
}

Ir Logic::smaller_state(const Number3& x, const Number3& y) {
  return smaller_byte(x.known == all ? nullptr : state_of(x), y.known == all ? nullptr : state_of(y));
}

Ir Logic::value_of(const Number3& x) {
  if (x.value) return x.value;
  Ir value = whole(x.cases.empty() ? 0 : x.cases.back().value);
  for (std::size_t i = 0; i + 1 < x.cases.size(); ++i)
    value = select(x.cases[i].when, whole(x.cases[i].value), value);
  return value;
}

Ir Logic::compare_values(Compare how, const Number3& x, const Number3& y) {
  const auto holds = [&](std::int64_t p, std::int64_t q) {
    return how == Compare::equal ? p == q : how == Compare::less ? p < q : p <= q;
  };
  if (!x.cases.empty() && !y.cases.empty()) {
    Ir result = none;
    for (const NumberCase& p : x.cases)
      for (const NumberCase& q : y.cases)
        if (holds(p.value, q.value)) result = either(result, both(p.when, q.when));
    return result;
  }
  if (!x.cases.empty() || !y.cases.empty()) {
    Ir result = none;
    const bool is_swapped = !x.cases.empty();
    const Number3& other = is_swapped ? y : x;
    for (const NumberCase& each : is_swapped ? x.cases : y.cases) {
      const Ir fixed = whole(each.value);
      const LLVMIntPredicate predicate = how == Compare::equal  ? LLVMIntEQ
                                         : how == Compare::less ? LLVMIntSLT
                                                                : LLVMIntSLE;
      const Ir one = is_swapped ? LLVMBuildICmp(b, predicate, fixed, value_of(other), "")
                                : LLVMBuildICmp(b, predicate, value_of(other), fixed, "");
      result = either(result, both(each.when, one));
    }
    return result;
  }
  const LLVMIntPredicate predicate = how == Compare::equal ? LLVMIntEQ : how == Compare::less ? LLVMIntSLT : LLVMIntSLE;
  return LLVMBuildICmp(b, predicate, value_of(x), value_of(y), "");
}

Truth3 Logic::compare(Compare how, const Number3& x, const Number3& y) {
  const Ir known = both(x.known, y.known);
  const Ir holds = known == none ? none : compare_values(how, x, y);
  if (known == all) return settled(holds);
  return truth(both(known, holds), either(without(known), holds), smaller_state(x, y));
}

Ir Logic::same(const Number3& x, const Number3& y) {
  const Ir equal = compare_values(Compare::equal, x, y);
  if (x.known == all && y.known == all) return equal;
  const Ir both_unknown = both(without(x.known), without(y.known));
  // Without reasons all unknowns are alike; they are asked for only where that makes no difference.
  const Ir alike = both_unknown != none ? both(both_unknown, LLVMBuildICmp(b, LLVMIntEQ, state_of(x), state_of(y), ""))
                                        : both_unknown;
  return either(both(both(x.known, y.known), equal), alike);
}

Ir Logic::same(const Truth3& x, const Truth3& y) {
  if (!(x.is_settled() && y.is_settled())) return LLVMBuildICmp(b, LLVMIntEQ, byte_of(x), byte_of(y), "");
  const Ir is = without(x.is == y.is ? none : LLVMBuildXor(b, x.is, y.is, ""));
  if (x.is_settled() && y.is_settled()) return is;
  return both(is, without(x.may == y.may ? none : LLVMBuildXor(b, x.may, y.may, "")));
}

Number3 Logic::pick(Ir when, const Number3& then, const Number3& otherwise) {
  if (when == all) return then;
  if (when == none) return otherwise;
  Number3 result;
  result.known = choose(when, then.known, otherwise.known);
  if (result.known != all) result.state = select(when, state_of(then), state_of(otherwise));
  const bool then_unknown = then.known == none, otherwise_unknown = otherwise.known == none;
  if ((!then.cases.empty() || then_unknown) && (!otherwise.cases.empty() || otherwise_unknown)) {
    for (const NumberCase& each : then.cases)
      add_case(result.cases, *this, both(when, each.when), each.value);
    for (const NumberCase& each : otherwise.cases)
      add_case(result.cases, *this, both(without(when), each.when), each.value);
    if (result.cases.empty()) result.value = whole(0);
    if (result.cases.size() <= most_cases) return result;
    result.cases.clear();
  }
  result.value = select(when, value_of(then), value_of(otherwise));
  return result;
}

Truth3 Logic::pick(Ir when, const Truth3& then, const Truth3& otherwise) {
  return choice(settled(when), then, otherwise);
}

Number3 Logic::choice(const Truth3& c, const Number3& x, const Number3& y) {
  if (c.is_settled()) return pick(c.is, x, y);
  const Ir no = without(c.may);
  const Ir open = both(c.may, without(c.is));
  Number3 result = pick(no, y, x); // that of x where the condition is unknown
  const Ir agreed = both(both(x.known, y.known), compare_values(Compare::equal, x, y));
  const Ir was_known = result.known;
  result.known = both(was_known, either(without(open), agreed));
  if (!result.cases.empty() && result.known != was_known)
    for (NumberCase& each : result.cases)
      each.when = both(each.when, result.known);
  const Ir settled_state = select(c.is, state_of(x), state_of(y));
  result.state = select(open, select(agreed, byte(bytecode::known), c.byte), settled_state);
  return result;
}

Number3 Logic::count(std::span<const Truth3> of) {
  Ir sum = whole(0), known = all, state = nullptr;
  for (const Truth3& each : of) {
    sum = LLVMBuildAdd(b, sum, select(each.is, whole(1), whole(0)), "");
    known = both(known, without(unknown(each)));
    if (!each.is_settled()) state = smaller_byte(state, each.byte);
  }
  return {sum, known, state};
}

// ---------------------------------------------------------------------------------------------------- tables

template <class T>
T Logic::choose_row(HitPolicy policy, std::span<const Truth3> hits, std::span<const T> outputs) {
  const bool is_first = policy == HitPolicy::first;
  Ir active = all;   // no row has matched yet; only `first` stops there
  Ir have = none;    // some row has given an output
  Ir differs = none; // and another one a different output
  Ir found = none;   // a row matches
  Ir reason = byte(not_applicable);
  T current = nothing(T{}, reason);
  for (std::size_t row = 0; row < hits.size() && active != none; ++row) {
    const Truth3& hit = hits[row];
    const Ir open = both(active, unknown(hit));
    if (open != none) reason = select(open, smaller_byte(reason, hit.byte), reason);
    const Ir counts = both(active, is_first ? hit.may : hit.is);
    if (have != none && counts != none)
      differs = either(differs, both(both(counts, have), without(same(current, outputs[row]))));
    current = is_first ? pick(both(counts, without(have)), outputs[row], current) : pick(counts, outputs[row], current);
    have = either(have, counts);
    found = either(found, both(active, hit.is));
    if (is_first) active = both(active, without(hit.is));
  }
  // What differs is a mistake of the guideline in tables with one hit, and open in those whose first row counts.
  const Ir why = is_first ? reason : select(differs, byte(invalid), reason);
  return pick(both(found, without(differs)), current, nothing(T{}, why));
}

Truth3 Logic::table(HitPolicy policy, std::span<const Truth3> hits, std::span<const Truth3> outputs) {
  return choose_row(policy, hits, outputs);
}

Number3 Logic::table(HitPolicy policy, std::span<const Truth3> hits, std::span<const Number3> outputs) {
  if (policy <= HitPolicy::any) return choose_row(policy, hits, outputs);
  return collect(policy, hits, outputs);
}

Number3 Logic::collect(HitPolicy policy, std::span<const Truth3> hits, std::span<const Number3> outputs) {
  const Ir zero = whole(0);
  Ir count_ = zero, sum = zero, best = zero, any = none;
  Ir hits_known = all, outputs_known = all, of_hits = nullptr, of_outputs = nullptr;
  for (std::size_t row = 0; row < hits.size(); ++row) {
    const Truth3& hit = hits[row];
    hits_known = both(hits_known, without(unknown(hit)));
    outputs_known = both(outputs_known, either(without(hit.is), outputs[row].known));
    if (!hit.is_settled()) of_hits = smaller_byte(of_hits, hit.byte);
    if (outputs[row].known != all)
      of_outputs = smaller_byte(of_outputs, select(hit.is, state_of(outputs[row]), byte(bytecode::known)));
    const Ir value = value_of(outputs[row]);
    count_ = LLVMBuildAdd(b, count_, select(hit.is, whole(1), zero), "");
    sum = LLVMBuildAdd(b, sum, select(hit.is, value, zero), "");
    const Ir better = either(
        without(any), LLVMBuildICmp(b, policy == HitPolicy::collect_min ? LLVMIntSLT : LLVMIntSGT, value, best, ""));
    best = select(both(hit.is, better), value, best);
    any = either(any, hit.is);
  }
  if (policy == HitPolicy::collect_count) return {count_, hits_known, of_hits};
  Ir known = both(hits_known, outputs_known);
  Ir state = smaller_byte(of_outputs, nullptr);
  if (policy != HitPolicy::collect_sum) {
    const Ir so_far = state ? state : byte(bytecode::known);
    state = select(any, so_far, byte(not_applicable));
  }
  if (policy != HitPolicy::collect_sum) known = both(known, any);
  // Unknown conditions come first: their reason counts, whatever the outputs say.
  if (of_hits) {
    const Ir rest = state ? state : byte(bytecode::known);
    state = select(LLVMBuildICmp(b, LLVMIntULT, of_hits, byte(bytecode::known), ""), of_hits, rest);
  }
  return {policy == HitPolicy::collect_sum ? sum : best, known, state};
}

} // namespace aceso::jit
