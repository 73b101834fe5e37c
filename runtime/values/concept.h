#pragma once
/// Concepts of code systems, and sets of them. A guideline knows a table of concepts; engines compare positions in it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aceso {

/// A code and the address of its system, both exactly as given.
struct CodedText {
  std::string system, code;
  friend bool operator==(const CodedText&, const CodedText&) = default;
};

/// A coded concept: a position in the table of the guideline (Dictionary::concepts), or, for a code of which the
/// guideline says nothing, the text that the case gave, so that it is reported as it came. Such a code is a member of
/// no set. Copies share the text; safe to share between threads.
struct Concept {
  static constexpr std::uint32_t unfamiliar = 0xFFFFFFFF;
  std::uint32_t index = unfamiliar;
  std::shared_ptr<const CodedText> text; ///< set exactly where `index` is `unfamiliar`

  friend bool operator==(const Concept& a, const Concept& b) {
    return a.index == b.index &&
           (a.index != unfamiliar || a.text == b.text || (a.text && b.text && *a.text == *b.text));
  }
};

/// Members by their position in the table of the guideline, rising.
struct CodeSet {
  std::vector<std::uint32_t> members;
  /// Of what a hierarchy says: the codes that it lists, rising. Of any other code it is not known whether it belongs to
  /// the set. Without this, what is no member does not belong.
  std::optional<std::vector<std::uint32_t>> known;
};

/// How the elements of a list are asked: `any of LIST in SET`, `all of`, `number of`.
enum class Quantifier : std::uint8_t { any, all, number };

/// Whether this can be a code: not empty, no spaces around it, and only single spaces within (the rule of FHIR).
[[nodiscard]] bool is_code(std::string_view text);

class Value;

/// Whether a known code, or the elements of a known list of codes, belong to the set: yes/no, or a number for
/// `Quantifier::number`. Kleene: unknown elements, and codes of which the hierarchy says nothing (not_applicable),
/// leave the answer unknown only as long as it could still go either way; of an empty list `any` is no, `all` is yes.
[[nodiscard]] Value is_member(const CodeSet& set, const Value& codes, Quantifier quantifier);

} // namespace aceso
