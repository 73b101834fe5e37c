#pragma once
/// The instructions of compiled guidelines: what an opcode is called, which operands it has, how a word is taken apart.
/// The format is described byte by byte in docs/bytecode.md.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "values/real.h"
#include "values/series.h"
#include "values/truth.h"

namespace aceso::bytecode {

using Word = std::uint32_t;

enum class Opcode : std::uint8_t {
#define ACESO_OPCODE(name, signature, walk, meaning) name,
#include "module/opcodes.def"
#undef ACESO_OPCODE
};

/// Which operands may be behind an unknown result; see `Walk` in interpret/missing.cpp.
enum class Walk : std::uint8_t { leaf, all, choice, table, series, differential, look_back, branch };

struct OpcodeInfo {
  std::string_view name, signature;
  Walk walk;
};
inline constexpr std::array opcodes = {
#define ACESO_OPCODE(name, signature, walk, meaning) OpcodeInfo{#name, signature, Walk::walk},
#include "module/opcodes.def"
#undef ACESO_OPCODE
};
[[nodiscard]] constexpr const OpcodeInfo& info(Opcode opcode) { return opcodes[static_cast<std::size_t>(opcode)]; }

enum class ValueOperation : std::uint8_t {
#define ACESO_VALUE_OPERATION(name, fewest, most, real, meaning) name,
#include "module/value_operations.def"
#undef ACESO_VALUE_OPERATION
};
struct ValueOperationInfo {
  std::string_view name;
  int fewest, most; ///< operands; most -1: any number
  RealOp real;      ///< leaf: has no place inside a real expression
};
inline constexpr std::array value_operations = {
#define ACESO_VALUE_OPERATION(name, fewest, most, real, meaning) ValueOperationInfo{#name, fewest, most, RealOp::real},
#include "module/value_operations.def"
#undef ACESO_VALUE_OPERATION
};
[[nodiscard]] constexpr const ValueOperationInfo& info(ValueOperation operation) {
  return value_operations[static_cast<std::size_t>(operation)];
}

/// Three spaces of registers. A truth is one byte: 0 to 6 is unknown for that UnknownReason, then no, then yes.
/// A number is 64 bits and a state: 0 to 6 unknown for that reason, 7 known.
enum class Space : std::uint8_t { truth, number, value };

inline constexpr std::uint8_t no = 7, yes = 8; ///< of truths
inline constexpr std::uint8_t known = 7;       ///< of numbers

/// A number of any kind: steps of a quantity, days of a date, seconds of an instant, position of a choice.
struct Number {
  std::int64_t value = 0;
  std::uint8_t state = 0;
};

[[nodiscard]] constexpr Truth to_truth(std::uint8_t truth) {
  return truth == yes ? Truth::yes : truth == no ? Truth::no : Truth::unknown;
}

inline constexpr std::uint32_t most_registers = 1u << 24; ///< of one space: a destination has 24 bits

[[nodiscard]] constexpr Word first_word(Opcode opcode, std::uint32_t destination) {
  return static_cast<Word>(opcode) | destination << 8;
}
[[nodiscard]] constexpr Opcode opcode_of(Word word) { return static_cast<Opcode>(word & 0xff); }
[[nodiscard]] constexpr std::uint32_t destination_of(Word word) { return word >> 8; }

/// One operand of an instruction, with its letter of the signature; a block is one operand with a count.
struct Operand {
  char letter;
  Word word;
  Word count = 1; ///< of a block
};

/// Takes the operands of one instruction apart. `visit(Operand)` is called with each in order; the result is the number
/// of words of the whole instruction, or 0 where the code ends too early.
template <class Visit>
std::size_t for_each_operand(std::span<const Word> code, Visit visit) {
  const std::string_view signature = info(opcode_of(code[0])).signature;
  std::size_t at = 1;
  const auto have = [&](std::size_t words) { return code.size() - at >= words; };
  for (std::size_t i = 1; i < signature.size(); ++i) {
    const std::size_t group_begin = signature[i] == '(' ? i + 1 : i;
    const std::size_t group_end = signature[i] == '(' ? signature.find(')', i) : i + 1;
    const std::size_t after = signature[i] == '(' ? group_end + 1 : group_end;
    if (after < signature.size() && signature[after] == '*') {
      const std::string_view group = signature.substr(group_begin, group_end - group_begin);
      if (!have(1)) return 0;
      const std::size_t count = code[at++];
      if (count > (code.size() - at) / group.size()) return 0;
      for (std::size_t k = 0; k < count; ++k)
        for (const char letter : group)
          visit(Operand{letter, code[at++]});
      i = after;
    } else if (signature[i] == 'T' || signature[i] == 'N') {
      if (!have(2)) return 0;
      visit(Operand{signature[i], code[at], code[at + 1]});
      at += 2;
    } else {
      if (!have(1)) return 0;
      visit(Operand{signature[i], code[at++]});
    }
  }
  return at;
}

enum class HitPolicy : std::uint8_t {
  unique,
  first,
  any,
  collect_sum,
  collect_min,
  collect_max,
  collect_count,
  collect_list
};
using aceso::SeriesFunction;

} // namespace aceso::bytecode
