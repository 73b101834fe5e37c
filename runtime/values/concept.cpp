#include "values/concept.h"

#include <algorithm>

#include "values/value.h"

namespace aceso {
namespace {

bool has(const std::vector<std::uint32_t>& sorted, const Concept& code) {
  return code.index != Concept::unfamiliar && std::binary_search(sorted.begin(), sorted.end(), code.index);
}

Value is_member_alone(const CodeSet& set, const Value& code) {
  if (!code.is_known()) return code;
  if (set.known && !has(*set.known, code.as<Concept>())) return UnknownReason::not_applicable;
  return has(set.members, code.as<Concept>());
}

} // namespace

bool is_code(std::string_view text) {
  const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  if (text.empty() || is_space(text.front()) || is_space(text.back())) return false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (is_space(text[i]) && (text[i] != ' ' || is_space(text[i + 1]))) return false;
  return true;
}

Value is_member(const CodeSet& set, const Value& codes, Quantifier quantifier) {
  if (!codes.is<ValueList>()) return is_member_alone(set, codes);
  std::int64_t yes = 0, no = 0;
  bool is_open = false;
  UnknownReason reason = UnknownReason::not_applicable;
  for (const Value& code : codes.as<ValueList>()) {
    const Value answer = is_member_alone(set, code);
    if (answer.is_known()) {
      ++(answer.as<bool>() ? yes : no);
    } else {
      is_open = true;
      reason = std::min(reason, answer.reason());
    }
  }
  if (quantifier == Quantifier::any && yes > 0) return true;
  if (quantifier == Quantifier::all && no > 0) return false;
  if (is_open) return reason;
  return quantifier == Quantifier::number ? Value(Rational(yes)) : Value(quantifier == Quantifier::all);
}

} // namespace aceso
