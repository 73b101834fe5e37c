#include "gdl2/texts.h"

#include <algorithm>
#include <map>
#include <optional>

#include "gdl2/names.h"
#include "values/rational.h"

namespace aceso::gdl2 {

using Kind = Expression::Kind;

namespace {

using Chosen = std::map<std::string, const Choice*>;

bool is_term(const Expression& e) { return e.is(Kind::variable) && e.attribute == "term"; }

void collect(const Expression& e, std::vector<std::string>& codes) {
  if (e.is(Kind::variable) && !is_term(e) && std::find(codes.begin(), codes.end(), e.code) == codes.end())
    codes.push_back(e.code);
  for (const Expression& child : e.children)
    collect(child, codes);
}

std::optional<std::string> calculated(const std::string& sign, const std::string& a, const std::string& b) {
  const auto left = Rational::from_decimal(a), right = Rational::from_decimal(b);
  if (!left || !right) return sign == "+" ? std::optional(a + b) : std::nullopt;
  const auto result = sign == "+"   ? Rational::add(*left, *right)
                      : sign == "-" ? Rational::subtract(*left, *right)
                      : sign == "*" ? Rational::multiply(*left, *right)
                      : sign == "/" ? Rational::divide(*left, *right)
                                    : std::nullopt;
  return result ? std::optional(result->to_text()) : std::nullopt;
}

std::optional<std::string> text_of(const Expression& e, const Guideline& guideline, const Chosen& chosen) {
  switch (e.kind) {
  case Kind::text:
  case Kind::number: return e.text;
  case Kind::variable: {
    if (is_term(e)) return term_text(guideline, e.code);
    const Choice& choice = *chosen.at(e.code);
    const bool as_number = (e.attribute == "value" || e.attribute == "magnitude") && !choice.score.empty();
    return as_number ? choice.score : choice.label;
  }
  case Kind::binary: {
    const auto a = text_of(e.children[0], guideline, chosen), b = text_of(e.children[1], guideline, chosen);
    return a && b ? calculated(e.text, *a, *b) : std::nullopt;
  }
  default: return std::nullopt;
  }
}

} // namespace

bool is_text(const Expression& e) {
  if (e.is(Kind::text)) return !Rational::from_decimal(e.text);
  if (e.is(Kind::variable)) return e.attribute == "term" || e.attribute == "label";
  return e.is_sign("+") && std::any_of(e.children.begin(), e.children.end(), is_text);
}

std::vector<TextAlternative> text_alternatives(const Expression& e, const Guideline& guideline,
                                               const Variables& variables) {
  std::vector<std::string> codes;
  collect(e, codes);
  std::vector<Chosen> all(1);
  for (const std::string& code : codes) {
    const auto found = variables.find(code);
    if (found == variables.end() || found->second.choices.empty()) return {};
    std::vector<Chosen> longer;
    for (const Chosen& one : all)
      for (const Choice& choice : found->second.choices) {
        longer.push_back(one);
        longer.back()[code] = &choice;
      }
    if (longer.size() > max_text_alternatives) return {};
    all = std::move(longer);
  }
  std::vector<TextAlternative> result;
  for (const Chosen& one : all) {
    const auto text = text_of(e, guideline, one);
    if (!text) return {};
    result.push_back({{one.begin(), one.end()}, one_line(*text)});
  }
  return result;
}

} // namespace aceso::gdl2
