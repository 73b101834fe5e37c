#pragma once
/// Modules that are damaged in a way that only the verifier can find: fields are changed and the hash is made anew.
/// Shared by the unit tests and the fuzzer.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "explain/decision_text.h"
#include "interpret/evaluator.h"
#include "module/module.h"
#include "values/sha256.h"

namespace aceso::testing {

/// Gives the bytes the hash of their content.
inline void reseal(std::string& bytes) {
  if (bytes.size() < 48) return;
  const std::string hex = sha256(std::string_view(bytes).substr(48));
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < 32; ++i)
    bytes[16 + i] = static_cast<char>(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
}

inline std::uint32_t word_at(const std::string& bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i)
    word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return word;
}
inline void put_word(std::string& bytes, std::size_t at, std::uint32_t word) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<char>(word >> (8 * i) & 0xff);
}

/// One change, told by a number; `bytes` is a sound module. Sections stay where they are.
inline void mutate(std::string& bytes, std::uint64_t how) {
  const auto take = [&](std::uint64_t count) {
    const std::uint64_t part = how % count;
    how /= count;
    return part;
  };
  const std::size_t row = 48 + 16 * take(word_at(bytes, 12));
  const std::size_t begin = word_at(bytes, row + 4), size = word_at(bytes, row + 8);
  if (size < 4) return;
  const std::uint64_t kind = take(8);
  const std::size_t at = begin + take(size - 3);
  const std::size_t aligned = begin + (at - begin) / 4 * 4; // the words of the code are aligned
  switch (kind) {
  case 0: bytes[at] = static_cast<char>(take(256)); break;
  case 1: bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << take(8))); break;
  case 2: put_word(bytes, at, static_cast<std::uint32_t>(take(64))); break;
  case 3: put_word(bytes, aligned, static_cast<std::uint32_t>(take(64))); break;
  case 4: put_word(bytes, aligned, word_at(bytes, aligned) + 1 - static_cast<std::uint32_t>(take(3))); break;
  case 5: put_word(bytes, aligned, word_at(bytes, begin + take(size / 4) * 4)); break; // a copy of another word
  case 6: put_word(bytes, aligned, 0xffffffffu >> take(32)); break;
  default: // another opcode, the same destination
    bytes[aligned] = static_cast<char>(take(bytecode::opcodes.size()));
  }
}

/// Loads the bytes; where they are sound, decides a few patients and writes the decisions. False where they are
/// refused.
inline bool load_and_run(std::string_view bytes) {
  const ModuleLoad loaded = load_module(bytes);
  if (!loaded.ok()) return false;
  (void)dump_module(*loaded.module, bytes);
  interpret::Evaluator evaluator(loaded.module);
  const Dictionary& names = loaded.module->dictionary;
  const ZonedInstant now{{1'795'000'000}, 3600};
  for (std::uint32_t round = 0; round < 4; ++round) {
    evaluator.clear();
    const std::array<Value, 7> values{Value(round % 2 == 0),
                                      Value(Choice{round}),
                                      Value(Rational(40 + round)),
                                      Value(Date{10'000}),
                                      Value(Instant{now.instant.seconds - 1000}),
                                      Value(UnknownReason::refused),
                                      Value(*Rational::make(1, 2))};
    for (std::size_t i = 0; round > 0 && i < names.inputs.size(); ++i)
      for (const Value& value : values) {
        if (round == 3 &&
            evaluator.add_event(Instant{now.instant.seconds - 3600 * static_cast<std::int64_t>(i)}, InputId(i), value))
          break;
        if (evaluator.set(InputId(i), value)) break;
      }
    if (!evaluator.evaluate(now)) continue;
    const Decision& decision = evaluator.decision();
    (void)decision_to_json(names, decision);
    (void)decision_to_text(names, decision);
  }
  return true;
}

} // namespace aceso::testing
