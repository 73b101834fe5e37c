#include "values/unit_suggestions.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>
#include <variant>

#include "values/ucum_table.h"
#include "values/unit_syntax.h"

namespace aceso::units {
namespace {

struct Slip {
  std::string_view written; ///< in lower case
  std::string_view meant;
};

constexpr Slip slips[] = {
#define UNIT_SLIP(written, meant) {written, meant},
#include "values/unit_slips.def"
#undef UNIT_SLIP
};

struct Replacement {
  std::string_view written;
  std::string_view meant;
};

/// Characters and shorthands that are wrong anywhere in a code, both Unicode micro signs among them.
constexpr Replacement replacements[] = {
    // clang-format off
    {"\u00b5", "u"}, {"\u03bc", "u"}, {"\u00b2", "2"}, {"\u00b3", "3"}, {"\u00b9", "1"}, {"\u207b", "-"},
    {"\u00b7", "."}, {"\u22c5", "."}, {"\u00d7", "."}, {"\u2032", "'"},
    {"x10^", "10*"}, {"x10*", "10*"}, {"10e", "10*"},
    {"/1.73m2", "/{1.73_m2}"}, {"/1.73 m2", "/{1.73_m2}"},
    // clang-format on
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return result;
}

std::string_view slip_for(std::string_view text) {
  const std::string written = lower(text);
  const auto* const found = std::ranges::find(slips, written, &Slip::written);
  return found == std::end(slips) ? std::string_view() : found->meant;
}

/// Whether one letter inserted, left out, changed or swapped with its neighbour turns one text into the other.
bool is_one_edit_apart(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto difference = std::ranges::mismatch(a, b);
  const std::string_view rest_a(difference.in1, a.end());
  const std::string_view rest_b(difference.in2, b.end());
  if (rest_a.empty()) return true;
  if (a.size() != b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

/// The first symbol, without a prefix if possible, that `accept` takes. Small prefixes come first: who writes "MMOL"
/// or "mEq" means milli, not mega.
std::string find_spelling(const auto& accept) {
  for (const UnitAtom& atom : all_atoms()) {
    if (accept(atom.code())) return std::string(atom.code());
  }
  for (const UnitAtom& atom : all_atoms()) {
    if (!atom.is_metric) continue;
    const auto prefixes = all_prefixes();
    for (auto prefix = prefixes.rbegin(); prefix != prefixes.rend(); ++prefix) {
      std::string code = std::string(prefix->code) + std::string(atom.code());
      if (accept(code)) return code;
    }
  }
  return {};
}

/// Another spelling of one symbol, which exists, or nothing in it.
std::string other_spelling(std::string_view symbol) {
  if (const std::string_view meant = slip_for(symbol); !meant.empty()) return std::string(meant);
  const std::string wanted = lower(symbol);
  if (std::string bracketed = find_spelling([&](std::string_view c) { return lower(c) == "[" + wanted + "]"; });
      !bracketed.empty()) {
    return bracketed;
  }
  if (std::string other_case = find_spelling([&](std::string_view c) { return lower(c) == wanted; });
      !other_case.empty()) {
    return other_case;
  }
  // Short symbols are one letter apart from too many others.
  if (symbol.size() < 3) return {};
  return find_spelling([&](std::string_view c) { return c.size() >= 3 && is_one_edit_apart(symbol, c); });
}

std::string with_usual_characters(std::string_view code) {
  std::string text(code);
  for (const Replacement& replacement : replacements) {
    for (std::size_t at = 0; (at = text.find(replacement.written, at)) != std::string::npos;) {
      text.replace(at, replacement.written.size(), replacement.meant);
      at += replacement.meant.size();
    }
  }
  std::erase(text, ' ');
  return text;
}

/// Mends the first error of the code; false when there is no way known.
bool mend(std::string& code, const SyntaxError& error) {
  const std::string wrong = code.substr(error.begin, error.size);
  if (error.kind == SyntaxError::Kind::missing_dot) {
    const std::size_t letter = wrong.find_first_not_of("0123456789");
    if (letter == 0 || letter == std::string::npos) return false;
    std::string meant = wrong.substr(0, letter) + "." + wrong.substr(letter);
    if (error.begin > 0 && code[error.begin - 1] == '/') meant = "(" + meant + ")";
    code.replace(error.begin, error.size, meant);
    return true;
  }
  if (error.kind == SyntaxError::Kind::special_in_product) {
    // A difference of temperatures is counted in kelvin.
    const std::size_t at = code.find("Cel");
    if (at == std::string::npos) return false;
    code.replace(at, 3, "K");
    return true;
  }
  if (error.kind != SyntaxError::Kind::unknown_symbol) return false;
  if (wrong.size() > 1 && wrong.back() == '^') {
    code.erase(error.begin + error.size - 1, 1); // m^2
    return true;
  }
  std::string meant = other_spelling(wrong);
  if (meant.empty()) return false;
  if (meant.front() == '/' && error.begin > 0) return false;
  code.replace(error.begin, error.size, meant);
  return true;
}

} // namespace

std::string suggest_unit(std::string_view code) {
  if (code.empty()) return "1";
  if (code.size() > largest_code_bytes) return {};
  if (const std::string_view meant = slip_for(code); !meant.empty()) return std::string(meant);
  std::string text = with_usual_characters(code);
  if (const std::string_view meant = slip_for(text); !meant.empty()) return std::string(meant);
  constexpr int most_errors = 8;
  for (int errors = 0; errors <= most_errors; ++errors) {
    const auto parsed = parse_unit(text);
    const auto* error = std::get_if<SyntaxError>(&parsed);
    if (!error) return text;
    if (!mend(text, *error)) return {};
  }
  return {};
}

} // namespace aceso::units
