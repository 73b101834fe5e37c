/// Decision tables. See interpret/tables.h for what they mean in one row.
#include <map>

#include "batch/lowering.h"

namespace aceso::batch {

using bytecode::HitPolicy;
using bytecode::Opcode;
using bytecode::Word;

/// Which rows of a table may be the one that decides.
struct Lowering::Rows {
  std::vector<SymbolicTruth> hits;
  std::vector<Literal> candidates; ///< first: matches or may match, and none before it matches; else: matches
  Literal has_match = never;       ///< one of them matches for certain
  Literal is_blurred = never;      ///< more than one may have a say
  Because why_open{};              ///< why it is not known which, where candidates differ or nothing matches
};

Lowering::Rows Lowering::hits(HitPolicy policy, std::span<const Word> rows) {
  const bool is_first = policy == HitPolicy::first;
  Rows result;
  Literal before = always; // no row so far matches
  std::vector<Because> open_reasons;
  std::vector<Literal> matches, open;
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    const SymbolicTruth& hit = result.hits.emplace_back(truths_[rows[i]]);
    const Literal unknown = symbols_.unknown_of(hit);
    result.candidates.push_back(is_first ? builder_.both(before, !hit.no) : hit.yes);
    matches.push_back(hit.yes);
    const Literal counts = is_first ? builder_.both(before, unknown) : unknown;
    open.push_back(counts);
    Because because{};
    for (std::size_t r = 0; r < reasons; ++r)
      because[r] = builder_.both(counts, hit.because[r]);
    open_reasons.push_back(because);
    if (!is_first) result.is_blurred = builder_.either(result.is_blurred, builder_.both(!before, hit.yes));
    before = builder_.both(before, !hit.yes);
  }
  result.has_match = builder_.any_of(std::move(matches));
  const Literal is_open = builder_.any_of(std::move(open));
  if (is_first) result.is_blurred = is_open;
  result.why_open = symbols_.first_reason(is_open, open_reasons);
  result.why_open[static_cast<std::size_t>(UnknownReason::not_applicable)] =
      builder_.either(result.why_open[static_cast<std::size_t>(UnknownReason::not_applicable)],
                      builder_.both(!is_open, !result.has_match));
  return result;
}

namespace {

/// Why a table gives nothing: `agree` says that all rows with a say have the same output, `of_outputs` which reason
/// they then have.
Because because_of_table(Symbols& symbols, HitPolicy policy, const Because& why_open, Literal has_match, Literal agree,
                         const Because& of_outputs) {
  Because other = why_open;
  if (policy != HitPolicy::first) { // rows that match differ
    const Literal differ = symbols.build().both(has_match, !agree);
    for (Literal& each : other)
      each = symbols.build().both(each, !has_match);
    auto& invalid = other[static_cast<std::size_t>(UnknownReason::invalid)];
    invalid = symbols.build().either(invalid, differ);
  }
  return symbols.choose(symbols.build().both(has_match, agree), of_outputs, other);
}

} // namespace

SymbolicTruth Lowering::table_truth(HitPolicy policy, std::span<const Word> rows) {
  const Rows table = hits(policy, rows);
  // Each thing that a row can say is one plane: some row with a say says it.
  std::vector<Literal> yes, no;
  std::array<std::vector<Literal>, reasons> unknown;
  for (std::size_t i = 0; i < table.candidates.size(); ++i) {
    const SymbolicTruth& output = truths_[rows[2 * i + 1]];
    yes.push_back(builder_.both(table.candidates[i], output.yes));
    no.push_back(builder_.both(table.candidates[i], output.no));
    for (std::size_t r = 0; r < reasons; ++r)
      unknown[r].push_back(builder_.both(table.candidates[i], output.because[r]));
  }
  std::vector<Literal> said = {builder_.any_of(std::move(yes)), builder_.any_of(std::move(no))};
  for (auto& each : unknown)
    said.push_back(builder_.any_of(std::move(each)));
  const auto only = [&](std::size_t wanted) {
    std::vector<Literal> all = {table.has_match, said[wanted]};
    for (std::size_t i = 0; i < said.size() && table.is_blurred != never; ++i)
      if (i != wanted) all.push_back(!builder_.both(table.is_blurred, said[i]));
    return builder_.all_of(std::move(all));
  };
  SymbolicTruth result{only(0), only(1), {}};
  Because of_outputs{};
  for (std::size_t r = 0; r < reasons; ++r)
    of_outputs[r] = only(2 + r);
  const Literal agree = builder_.any_of({result.yes, result.no, symbols_.any_of(of_outputs)});
  const Because because = because_of_table(symbols_, policy, table.why_open, table.has_match, agree, of_outputs);
  const Literal open = symbols_.unknown_of(result);
  for (std::size_t r = 0; r < reasons; ++r)
    result.because[r] = builder_.both(open, because[r]);
  return result;
}

SymbolicNumber Lowering::table_number(HitPolicy policy, std::span<const Word> rows) {
  if (policy > HitPolicy::any) return collected(policy, rows);
  const Rows table = hits(policy, rows);
  // The output of the first row that has a say; then whether all others say the same.
  std::vector<Literal> first_at;
  Literal before = always;
  for (const Literal candidate : table.candidates) {
    first_at.push_back(builder_.both(before, candidate));
    before = builder_.both(before, !candidate);
  }
  SymbolicNumber chosen = Symbols::constant(0);
  bool is_constant = true;
  std::map<std::int64_t, std::vector<Literal>> constants;
  for (std::size_t i = 0; i < first_at.size(); ++i) {
    const SymbolicNumber& output = numbers_[rows[2 * i + 1]];
    if (output.known == never || first_at[i] == never) continue;
    is_constant &= output.least == output.most;
    constants[output.least].push_back(first_at[i]);
  }
  if (is_constant && !constants.empty()) {
    chosen.cases.clear();
    for (auto& [value, literals] : constants)
      chosen.cases.emplace_back(value, constants.size() == 1 ? always : builder_.any_of(std::move(literals)));
    chosen.least = chosen.cases.front().first, chosen.most = chosen.cases.back().first;
  } else if (!is_constant) {
    bool is_new = true;
    for (std::size_t i = first_at.size(); i-- > 0;) {
      const SymbolicNumber& output = numbers_[rows[2 * i + 1]];
      if (output.known == never || first_at[i] == never) continue;
      chosen = is_new ? output : symbols_.picked(first_at[i], output, chosen);
      is_new = false;
    }
  }
  std::vector<Literal> known, disagree;
  std::array<std::vector<Literal>, reasons> unknown;
  for (std::size_t i = 0; i < first_at.size(); ++i) {
    const SymbolicNumber& output = numbers_[rows[2 * i + 1]];
    known.push_back(builder_.both(first_at[i], output.known));
    for (std::size_t r = 0; r < reasons; ++r)
      unknown[r].push_back(builder_.both(first_at[i], output.because[r]));
  }
  chosen.known = builder_.any_of(std::move(known));
  Because of_outputs{};
  for (std::size_t r = 0; r < reasons; ++r)
    of_outputs[r] = builder_.any_of(std::move(unknown[r]));
  if (table.is_blurred != never)
    for (std::size_t i = 1; i < first_at.size(); ++i) {
      if (table.candidates[i] == first_at[i]) continue; // nothing with a say before it
      const SymbolicNumber& output = numbers_[rows[2 * i + 1]];
      std::vector<Literal> same = {builder_.all_of({output.known, chosen.known, symbols_.is_equal(output, chosen)})};
      for (std::size_t r = 0; r < reasons; ++r)
        same.push_back(builder_.both(output.because[r], of_outputs[r]));
      disagree.push_back(builder_.both(table.candidates[i], !builder_.any_of(std::move(same))));
    }
  const Literal agree = !builder_.any_of(std::move(disagree));
  const Because because = because_of_table(symbols_, policy, table.why_open, table.has_match, agree, of_outputs);
  chosen.known = builder_.all_of({table.has_match, agree, chosen.known});
  for (std::size_t r = 0; r < reasons; ++r)
    chosen.because[r] = builder_.both(!chosen.known, because[r]);
  return chosen;
}

/// All rows that match: every condition has to be known.
SymbolicNumber Lowering::collected(HitPolicy policy, std::span<const Word> rows) {
  std::vector<Because> because;
  std::vector<Literal> hit, conditions_known, outputs_known;
  SymbolicNumber total = Symbols::constant(0);
  Literal any = never;
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    const SymbolicTruth& condition = truths_[rows[i]];
    const SymbolicNumber& output = numbers_[rows[i + 1]];
    hit.push_back(condition.yes);
    conditions_known.push_back(!symbols_.unknown_of(condition));
    because.push_back(condition.because);
    outputs_known.push_back(builder_.either(!condition.yes, output.known));
    if (policy == HitPolicy::collect_sum)
      total = symbols_.sum(total, symbols_.picked(condition.yes, output, Symbols::constant(0)));
    if (policy == HitPolicy::collect_min || policy == HitPolicy::collect_max) {
      const bool smallest = policy == HitPolicy::collect_min;
      const Literal better = smallest ? symbols_.is_below(output, total) : symbols_.is_below(total, output);
      total = symbols_.picked(builder_.both(condition.yes, builder_.either(!any, better)), output, total);
    }
    any = builder_.either(any, condition.yes);
  }
  const Literal all_conditions = builder_.all_of(conditions_known);
  if (policy == HitPolicy::collect_count) {
    total = symbols_.count(hit);
    total.known = all_conditions;
    total.because = symbols_.first_reason(!all_conditions, because);
    return total;
  }
  std::vector<Because> of_outputs;
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    Because each{};
    for (std::size_t r = 0; r < reasons; ++r)
      each[r] = builder_.both(truths_[rows[i]].yes, numbers_[rows[i + 1]].because[r]);
    of_outputs.push_back(each);
  }
  const Literal all_outputs = builder_.all_of(std::move(outputs_known));
  const bool needs_one = policy != HitPolicy::collect_sum;
  total.known = builder_.all_of({all_conditions, all_outputs, needs_one ? any : always});
  const Because of_conditions = symbols_.first_reason(!all_conditions, because);
  Because of_rest = symbols_.first_reason(builder_.both(all_conditions, !all_outputs), of_outputs);
  if (needs_one) {
    auto& not_applicable = of_rest[static_cast<std::size_t>(UnknownReason::not_applicable)];
    not_applicable = builder_.either(not_applicable, builder_.both(all_conditions, !any));
  }
  for (std::size_t r = 0; r < reasons; ++r)
    total.because[r] = builder_.either(of_conditions[r], of_rest[r]);
  return total;
}

/// Machine::selects: row by row, so that one unknown column need not blur every action.
SymbolicTruth Lowering::selects(std::uint32_t number, std::uint32_t action) {
  const SymbolicNumber& whole = numbers_[number];
  const Literal is_it = symbols_.is(whole, action);
  SymbolicTruth result{builder_.both(whole.known, is_it), builder_.both(whole.known, !is_it), {}};
  const auto done = [&] {
    result.because = Symbols::because_of(UnknownReason::not_asked, symbols_.unknown_of(result));
    return result;
  };
  const std::uint32_t writer = row_plan_.writers[1][number];
  if (whole.known == always || writer == interpret::Plan::nobody) return done();
  const std::span<const Word> code = std::span<const Word>(module_.code).subspan(writer);
  if (bytecode::opcode_of(code[0]) == Opcode::choose_number) {
    const SymbolicTruth& condition = truths_[code[1]];
    const SymbolicTruth a = selects(code[2], action), b = selects(code[3], action);
    const auto side = [&](Literal x, Literal y) {
      return builder_.any_of({builder_.both(condition.yes, x), builder_.both(condition.no, y),
                              builder_.all_of({symbols_.unknown_of(condition), x, y})});
    };
    result.yes = builder_.choose(whole.known, result.yes, side(a.yes, b.yes));
    result.no = builder_.choose(whole.known, result.no, side(a.no, b.no));
    return done();
  }
  if (bytecode::opcode_of(code[0]) != Opcode::table_number) return done();
  const bool is_first = static_cast<HitPolicy>(code[1]) == HitPolicy::first;
  Literal before = always;
  std::vector<Literal> may;
  for (std::uint32_t row = 0; row < code[2]; ++row) {
    const SymbolicTruth& hit = truths_[code[3 + 2 * row]];
    const Literal candidate = builder_.both(is_first ? before : always, !hit.no);
    if (candidate != never) may.push_back(builder_.both(candidate, !selects(code[4 + 2 * row], action).no));
    before = builder_.both(before, !hit.yes);
  }
  const Literal none = !builder_.any_of(std::move(may));
  result.no = builder_.either(result.no, builder_.both(!whole.known, none));
  return done();
}

} // namespace aceso::batch
