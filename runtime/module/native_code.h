#pragma once
/// What native code of a guideline looks like to those who run it: runtime/jit makes it, or a shared library brings it
/// along, and an evaluator calls it in place of the row machine. Everything here has a fixed layout (checked below),
/// because code of another compiler reads and writes it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "module/bytecode.h"

namespace aceso {

/// Changes whenever a layout or a meaning below does; stands in every object file.
inline constexpr std::uint32_t native_interface_version = 2;

/// What has been found about one action.
struct NativeOutcome {
  std::uint8_t status;   ///< RecommendationStatus
  std::uint8_t verb;     ///< 1 + Verb; 0: none
  std::uint8_t strength; ///< Strength
  std::uint8_t urgency;  ///< Urgency
  /// Truth in favour; Truth against * 4; 16 where a rule that may fire speaks about it. `decide` leaves it 0.
  std::uint8_t sides;
  std::uint8_t unused;
  /// 1 + position among the voices about the action, of `decide` among their different terms; 0: no term
  std::uint16_t within;
};
static_assert(sizeof(NativeOutcome) == 8);

/// The registers of a row machine (module/bytecode.h), and what native code needs beside them. What it cannot do itself
/// it asks of the machine: `step` runs the instructions of these words, and does not throw.
struct NativeRegisters {
  std::uint8_t* truths;
  bytecode::Number* numbers;
  std::int64_t now;    ///< seconds since 1970
  std::uint32_t stage; ///< where the pathway stands; 0xffffffff: nowhere
  std::uint32_t unused;
  void* machine;
  void (*step)(void* machine, std::uint32_t begin, std::uint32_t end);
  std::uint8_t* rules;     ///< two Truths for each rule: fires, effective
  std::uint8_t* sides;     ///< two Truths for each action: in favour, against
  NativeOutcome* outcomes; ///< by action; those that nobody speaks about stay as they are
  std::uint8_t* cautions;  ///< a Truth for each
};
static_assert(sizeof(bytecode::Number) == 16 && offsetof(bytecode::Number, state) == 8);
static_assert(offsetof(NativeRegisters, step) == 40 && sizeof(NativeRegisters) == 80);

/// What the function for outcomes alone says of the whole; a result of 1 says that a constraint is broken, and then
/// nothing else has a meaning.
struct NativeSummary {
  std::uint8_t applies; ///< Truth
  std::uint8_t unused[3];
  std::uint32_t stage; ///< 0xffffffff: none
};
static_assert(sizeof(NativeSummary) == 8);

/// The functions of one guideline. Immutable and thread-safe, like the code itself.
struct NativeFunctions {
  using Part = void (*)(NativeRegisters*);
  Part constraints = nullptr, pathway = nullptr; ///< the first two parts of Module::code
  Part decision = nullptr;                       ///< the third part, and then rules, actions and cautions
  /// One patient who is complete at one instant or not, without history; docs/native.md has the layout of `facts`.
  /// Null where the guideline asks for more than that.
  using Decide = std::int32_t (*)(const void* facts, std::int64_t now, NativeOutcome* outcomes, std::uint8_t* cautions,
                                  std::uint32_t* differentials, NativeSummary* summary, void* scratch);
  Decide decide = nullptr;
};

/// Native code of one module, alive as long as somebody holds it.
struct NativeCode {
  virtual ~NativeCode() = default;
  NativeFunctions functions;
  std::string module_hash;       ///< Module::content_hash of the module that it was made from
  std::string why_no_decide;     ///< where `decide` is null: a plain sentence
  std::size_t scratch_bytes = 0; ///< of `decide`

  NativeCode() = default;
  NativeCode(const NativeCode&) = delete;
  NativeCode& operator=(const NativeCode&) = delete;
};

} // namespace aceso
