#pragma once
/// What a register of the row machine is in the nodes of a program. Internal to runtime/batch.

#include <array>
#include <span>
#include <utility>

#include "batch/builder.h"
#include "values/truth.h"

namespace aceso::batch {

inline constexpr std::size_t reasons = 7; ///< of UnknownReason
/// By UnknownReason: unknown for it. At most one is 1 in a row.
using Because = std::array<Literal, reasons>;

struct SymbolicTruth {
  Literal yes, no;   ///< neither: unknown
  Because because{}; ///< one of them is 1 where it is unknown
  [[nodiscard]] bool is_always_known() const { return yes == !no; }
  friend bool operator==(const SymbolicTruth&, const SymbolicTruth&) = default;
};

/// A number of any kind, in the form that makes least work. What the form holds counts only where it is known.
struct SymbolicNumber {
  enum class Form : std::uint8_t {
    cases,  ///< one of a few constants: where it is known, the literal of exactly one is 1
    bits,   ///< `least` plus a binary number, of which these are the digits, the lowest first
    column, ///< `least` plus the elements of an array of the input
    node    ///< a number node
  } form = Form::cases;
  Literal known = always;
  Because because{};
  std::int64_t least = 0,
               most = 0; ///< bounds where it is known; the smallest and largest of 64 bits where none are known

  std::vector<std::pair<std::int64_t, Literal>> cases; ///< ascending
  std::vector<Literal> bits;
  Array array;
  std::uint32_t node = 0;
};

/// Operations on symbols. Kleene's logic with reasons as the row machine has them: the first in the order of
/// UnknownReason among those of unknown operands.
class Symbols {
public:
  explicit Symbols(Builder& builder) : build_(builder) {}

  // symbols_truth.cpp
  [[nodiscard]] static SymbolicTruth constant(Truth truth);
  [[nodiscard]] static SymbolicTruth unknown(UnknownReason reason);
  /// Known in every row.
  [[nodiscard]] static SymbolicTruth known(Literal yes) { return {yes, !yes, {}}; }
  [[nodiscard]] static SymbolicTruth negation(const SymbolicTruth& a) { return {a.no, a.yes, a.because}; }
  [[nodiscard]] SymbolicTruth conjunction(std::span<const SymbolicTruth> list);
  [[nodiscard]] SymbolicTruth disjunction(std::span<const SymbolicTruth> list);
  [[nodiscard]] SymbolicTruth conjunction(const SymbolicTruth& a, const SymbolicTruth& b);
  [[nodiscard]] SymbolicTruth disjunction(const SymbolicTruth& a, const SymbolicTruth& b);
  [[nodiscard]] SymbolicTruth at_least(std::uint32_t needed, std::span<const SymbolicTruth> list);
  [[nodiscard]] SymbolicTruth equal(const SymbolicTruth& a, const SymbolicTruth& b);
  [[nodiscard]] SymbolicTruth choose(const SymbolicTruth& condition, const SymbolicTruth& a, const SymbolicTruth& b);
  [[nodiscard]] Literal unknown_of(const SymbolicTruth& a) { return build_.all_of({!a.yes, !a.no}); }
  /// The first reason of the list, in rows of `where`.
  [[nodiscard]] Because first_reason(Literal where, std::span<const Because> list);
  /// `a` in rows of `where`, else `b`.
  [[nodiscard]] Because choose(Literal where, const Because& a, const Because& b);
  [[nodiscard]] static Because because_of(UnknownReason reason, Literal where);
  [[nodiscard]] Literal any_of(const Because& because) { return build_.any_of({because.begin(), because.end()}); }

  // symbols_number.cpp
  [[nodiscard]] static SymbolicNumber constant(std::int64_t value);
  [[nodiscard]] static SymbolicNumber unknown_number(UnknownReason reason);
  [[nodiscard]] SymbolicNumber column(Array array, std::int64_t least, std::uint64_t most_raw);
  [[nodiscard]] SymbolicNumber from_node(std::uint32_t node, std::int64_t least, std::int64_t most);
  /// Literals that hold where both are known.
  [[nodiscard]] Literal is_equal(const SymbolicNumber& a, const SymbolicNumber& b);
  [[nodiscard]] Literal is_below(const SymbolicNumber& a, const SymbolicNumber& b);
  [[nodiscard]] Literal is(const SymbolicNumber& a, std::int64_t value);
  /// From `low` to `high`, both among them.
  [[nodiscard]] Literal is_between(const SymbolicNumber& a, std::int64_t low, std::int64_t high);
  [[nodiscard]] SymbolicTruth compared(const SymbolicNumber& a, const SymbolicNumber& b, Literal holds);
  /// The number without its being known: `known` and `because` are for the caller to set.
  [[nodiscard]] SymbolicNumber sum(const SymbolicNumber& a, const SymbolicNumber& b);
  [[nodiscard]] SymbolicNumber negated(const SymbolicNumber& a);
  [[nodiscard]] SymbolicNumber product(const SymbolicNumber& a, const SymbolicNumber& b);
  [[nodiscard]] SymbolicNumber extreme(const SymbolicNumber& a, const SymbolicNumber& b, bool smallest);
  [[nodiscard]] SymbolicNumber picked(Literal condition, const SymbolicNumber& a, const SymbolicNumber& b);
  [[nodiscard]] SymbolicNumber absolute(const SymbolicNumber& a);
  /// `a` times `numerator` over `divisor`, both above 0. Nothing where a product may leave 64 bits.
  [[nodiscard]] std::optional<SymbolicNumber> rounded(RoundingMode mode, const SymbolicNumber& a,
                                                      std::int64_t numerator, std::int64_t divisor);
  /// How many literals are 1.
  [[nodiscard]] SymbolicNumber count(std::span<const Literal> literals);
  /// `known` and `because` of what needs all of the list.
  void need_all(SymbolicNumber& result, std::span<const SymbolicNumber> list);

  [[nodiscard]] std::uint32_t to_node(const SymbolicNumber& a);
  /// Digits of what it is above `least`, as many as `most` asks for.
  [[nodiscard]] std::vector<Literal> to_bits(const SymbolicNumber& a, std::int64_t least, std::int64_t most);
  /// A few constants; nothing where there are too many.
  [[nodiscard]] std::optional<SymbolicNumber> to_cases(const SymbolicNumber& a);

  [[nodiscard]] Builder& build() { return build_; }

private:
  [[nodiscard]] bool is_small(const SymbolicNumber& a) const;
  [[nodiscard]] std::vector<Literal> add_bits(std::span<const Literal> a, std::span<const Literal> b, Literal carry,
                                              std::size_t width);
  [[nodiscard]] Literal bits_at_least(std::span<const Literal> bits, std::uint64_t constant);
  [[nodiscard]] SymbolicNumber binary(NumberOp op, const SymbolicNumber& a, const SymbolicNumber& b, Int128 least,
                                      Int128 most);
  template <class Function>
  [[nodiscard]] SymbolicNumber mapped(const SymbolicNumber& cases, Function function);

  Builder& build_;
};

} // namespace aceso::batch
