#pragma once
/// Truths and numbers of one patient as LLVM values, and what the instructions of a guideline do with them.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "jit/llvm_compat.h"
#include "module/bytecode.h"

namespace aceso::jit {

/// `is` and `may` are bits: yes; yes or unknown. Equal (the same value) where it cannot be unknown. `byte` is the
/// byte of the row machine; null where it is settled, and of what rules and actions say, where nobody asks for reasons.
struct Truth3 {
  Ir is = nullptr, may = nullptr, byte = nullptr;
  [[nodiscard]] bool is_settled() const { return is == may; }
};

/// One value of a number that comes from a table or a choice: it counts where `when` is 1.
struct NumberCase {
  Ir when;
  std::int64_t value;
};

/// `state` is the byte of the row machine. The value stands in `value`, or in `cases` of which no two hold at once and,
/// where it is known, one does.
struct Number3 {
  Ir value = nullptr;
  Ir known = nullptr, state = nullptr;
  std::vector<NumberCase> cases = {};
};

enum class Compare { equal, less, less_or_equal };

class Logic {
public:
  Logic(LLVMContextRef context, LLVMBuilderRef builder);
  Logic(const Logic&) = delete;
  Logic& operator=(const Logic&) = delete;

  LLVMContextRef context;
  LLVMBuilderRef b;
  IrType i1, i8, i32, i64;
  Ir all, none;

  // Bits.
  Ir both(Ir x, Ir y);
  Ir either(Ir x, Ir y);
  Ir without(Ir x);
  Ir choose(Ir when, Ir then, Ir otherwise);
  /// The builder stands in another block: what was made before need not be there.
  void forget_bits() {
    made_.clear();
    opposite_.clear();
  }
  // The same of truths, without reasons.
  Truth3 both_plain(const Truth3& x, const Truth3& y);
  Truth3 either_plain(const Truth3& x, const Truth3& y);
  Truth3 without_plain(const Truth3& x) { return {without(x.may), without(x.is), nullptr}; }
  [[nodiscard]] Ir bit_of(bool holds) const { return holds ? all : none; }

  // Bytes and numbers.
  [[nodiscard]] Ir whole(std::int64_t value) const {
    return LLVMConstInt(i64, static_cast<unsigned long long>(value), 1);
  }
  [[nodiscard]] Ir byte(std::uint64_t value) const { return LLVMConstInt(i8, value, 0); }
  Ir smaller_byte(Ir x, Ir y); ///< null: nothing below `no`
  Ir select(Ir when, Ir then, Ir otherwise);

  // Truths.
  Truth3 settled(Ir bit) const { return {bit, bit, nullptr}; }
  Truth3 constant_truth(std::uint8_t byte_);
  Ir byte_of(const Truth3& truth);
  /// Reasons are those of `byte_` where the result is unknown.
  Truth3 truth(Ir is, Ir may, Ir byte_);
  Truth3 negation(const Truth3& x);
  Truth3 conjunction(std::span<const Truth3> all_of);
  Truth3 disjunction(std::span<const Truth3> any_of);
  Truth3 equal_truth(const Truth3& x, const Truth3& y);
  Truth3 choice(const Truth3& c, const Truth3& x, const Truth3& y);
  Truth3 at_least(std::uint32_t needed, std::span<const Truth3> of);
  Ir unknown(const Truth3& x) { return x.is_settled() ? none : both(x.may, without(x.is)); }

  // Numbers.
  Number3 constant(std::int64_t value);
  Number3 unknown_number(std::uint8_t reason);
  Number3 number(Ir value, Ir known, Ir state) { return {value, known, state}; }
  Ir state_of(const Number3& x);
  Ir smaller_state(const Number3& x, const Number3& y);
  Truth3 compare(Compare how, const Number3& x, const Number3& y);
  /// The values compare so; known or not.
  Ir compare_values(Compare how, const Number3& x, const Number3& y);
  Number3 choice(const Truth3& c, const Number3& x, const Number3& y);
  Ir same(const Number3& x, const Number3& y); ///< both unknown for one reason, or known and equal
  Ir value_of(const Number3& x);
  Number3 count(std::span<const Truth3> of);

  /// Rows of a table: see interpret/tables.h, which says what it means.
  Truth3 table(bytecode::HitPolicy policy, std::span<const Truth3> hits, std::span<const Truth3> outputs);
  Number3 table(bytecode::HitPolicy policy, std::span<const Truth3> hits, std::span<const Number3> outputs);

private:
  std::map<std::tuple<bool, Ir, Ir>, Ir> made_; ///< conjunctions and disjunctions, each made once
  std::map<Ir, Ir> opposite_;
  template <class T>
  T choose_row(bytecode::HitPolicy policy, std::span<const Truth3> hits, std::span<const T> outputs);
  Number3 collect(bytecode::HitPolicy policy, std::span<const Truth3> hits, std::span<const Number3> outputs);
  // What choose_row needs of either kind of output.
  Truth3 pick(Ir when, const Truth3& then, const Truth3& otherwise);
  Number3 pick(Ir when, const Number3& then, const Number3& otherwise);
  Ir same(const Truth3& x, const Truth3& y);
  Truth3 nothing(const Truth3&, Ir reason) { return truth(none, all, reason); }
  Number3 nothing(const Number3&, Ir reason);
};

} // namespace aceso::jit
