#include "gdl2/logic.h"

#include <algorithm>

#include <fmt/format.h>

namespace aceso::gdl2 {

using LogicKind = Logic::Kind;

Logic constant(bool value) {
  Logic result;
  result.kind = value ? LogicKind::yes : LogicKind::no;
  return result;
}

Logic atom(std::string text, int level) {
  Logic result;
  result.kind = LogicKind::atom;
  result.text = std::move(text);
  result.level = level;
  return result;
}

Logic comparison(std::string subject, std::string sign, std::string value, std::optional<Rational> number, bool whole) {
  Logic result = atom({}, level_compare);
  result.subject = std::move(subject);
  result.sign = std::move(sign);
  result.value = std::move(value);
  result.number = number;
  result.whole = whole;
  return result;
}

Logic literal_comparison(std::string subject, std::string sign, std::string value, std::optional<Rational> number,
                         bool whole) {
  Logic result = comparison(std::move(subject), std::move(sign), std::move(value), number, whole);
  result.literal = true;
  return result;
}

bool same(const Logic& a, const Logic& b) { return a.kind == b.kind && print(a) == print(b); }

namespace {

Logic joined(std::vector<Logic> parts, LogicKind kind) {
  const LogicKind neutral = kind == LogicKind::all ? LogicKind::yes : LogicKind::no;
  const LogicKind absorbing = kind == LogicKind::all ? LogicKind::no : LogicKind::yes;
  Logic result;
  result.kind = kind;
  for (Logic& part : parts) {
    if (part.kind == absorbing) return constant(absorbing == LogicKind::yes);
    if (part.kind == neutral) continue;
    std::vector<Logic> inner;
    if (part.kind == kind)
      inner = std::move(part.children);
    else
      inner.push_back(std::move(part));
    for (Logic& one : inner)
      if (std::none_of(result.children.begin(), result.children.end(),
                       [&](const Logic& had) { return same(had, one); }))
        result.children.push_back(std::move(one));
  }
  if (result.children.empty()) return constant(neutral == LogicKind::yes);
  if (result.children.size() == 1) {
    Logic only = std::move(result.children.front());
    return only;
  }
  return result;
}

std::string opposite(const std::string& sign) {
  if (sign == "=") return "!=";
  if (sign == "!=") return "=";
  if (sign == "<") return ">=";
  if (sign == ">=") return "<";
  return sign == ">" ? "<=" : ">";
}

bool is_empty(const Stretch& s) {
  if (!s.low || !s.high) return false;
  return *s.low > *s.high || (*s.low == *s.high && (s.low_open || s.high_open));
}

void narrow(Stretch& s, const std::string& sign, Rational limit) {
  const auto low = [&](bool open) {
    if (!s.low || limit > *s.low || (limit == *s.low && open)) s.low = limit, s.low_open = open;
  };
  const auto high = [&](bool open) {
    if (!s.high || limit < *s.high || (limit == *s.high && open)) s.high = limit, s.high_open = open;
  };
  if (sign == ">" || sign == ">=") low(sign == ">");
  if (sign == "<" || sign == "<=") high(sign == "<");
  if (sign == "=") low(false), high(false);
}

std::vector<const Logic*> parts_of(const Logic& logic) {
  std::vector<const Logic*> result;
  if (logic.is(LogicKind::all))
    for (const Logic& child : logic.children)
      result.push_back(&child);
  else
    result.push_back(&logic);
  return result;
}

bool atoms_exclude(const Logic& a, const Logic& b) {
  if (a.subject.empty() || a.subject != b.subject) {
    const auto denies = [](const Logic& x, const Logic& y) {
      return x.is(LogicKind::negation) && x.children[0].is(LogicKind::atom) && y.is(LogicKind::atom) &&
             same(x.children[0], y);
    };
    return denies(a, b) || denies(b, a);
  }
  if (a.number && b.number) {
    if (a.sign == "!=" || b.sign == "!=")
      return a.sign != b.sign && *a.number == *b.number && (a.sign == "=" || b.sign == "=");
    Stretch both;
    narrow(both, a.sign, *a.number);
    narrow(both, b.sign, *b.number);
    return is_empty(both);
  }
  if (a.number || b.number) return false;
  if (a.sign == "=" && b.sign == "=") return a.value != b.value;
  return a.value == b.value && ((a.sign == "=" && b.sign == "!=") || (a.sign == "!=" && b.sign == "="));
}

} // namespace

Logic all_of(std::vector<Logic> parts) { return joined(std::move(parts), LogicKind::all); }
Logic any_of(std::vector<Logic> parts) { return joined(std::move(parts), LogicKind::any); }

Logic negation(Logic one) {
  if (one.is(LogicKind::yes) || one.is(LogicKind::no)) return constant(one.is(LogicKind::no));
  if (one.is(LogicKind::negation)) {
    Logic inner = std::move(one.children.front());
    return inner;
  }
  if (!one.sign.empty()) {
    one.sign = opposite(one.sign);
    return one;
  }
  Logic result;
  result.kind = LogicKind::negation;
  result.children.push_back(std::move(one));
  return result;
}

std::string print(const Logic& logic, int level) {
  std::string text;
  int own = level_primary;
  const auto list = [&](std::string_view word, int binds) {
    for (const Logic& child : logic.children)
      text += (text.empty() ? std::string() : fmt::format(" {} ", word)) + print(child, binds + 1);
    own = binds;
  };
  switch (logic.kind) {
  case LogicKind::yes: text = "yes"; break;
  case LogicKind::no: text = "no"; break;
  case LogicKind::atom:
    text = logic.subject.empty() ? logic.text : fmt::format("{} {} {}", logic.subject, logic.sign, logic.value);
    own = logic.level;
    break;
  case LogicKind::all: list("and", level_and); break;
  case LogicKind::any: list("or", level_or); break;
  case LogicKind::negation:
    text = "not " + print(logic.children[0], level_not + 1);
    own = level_not;
    break;
  }
  return own < level ? '(' + text + ')' : text;
}

bool exclude(const Logic& a, const Logic& b) {
  if (a.is(LogicKind::no) || b.is(LogicKind::no)) return true;
  if (a.is(LogicKind::any))
    return std::all_of(a.children.begin(), a.children.end(), [&](const Logic& one) { return exclude(one, b); });
  if (b.is(LogicKind::any)) return exclude(b, a);
  const auto left = parts_of(a), right = parts_of(b);
  for (const Logic* x : left)
    for (const Logic* y : right) {
      if (atoms_exclude(*x, *y)) return true;
      if (x->is(LogicKind::any) && exclude(*x, *y)) return true;
      if (y->is(LogicKind::any) && exclude(*y, *x)) return true;
    }
  // Two limits of one side and one of the other may exclude each other only
  // together.
  for (const Logic* x : left) {
    if (!x->number) continue;
    Stretch both;
    for (const auto* side : {&left, &right})
      for (const Logic* y : *side)
        if (y->subject == x->subject && y->number) narrow(both, y->sign, *y->number);
    if (is_empty(both)) return true;
  }
  return false;
}

std::optional<Stretch> stretch_of(const Logic& logic, std::string& subject, bool& whole) {
  Stretch result;
  for (const Logic* part : parts_of(logic)) {
    if (!part->is(LogicKind::atom) || !part->number || part->sign == "!=") return std::nullopt;
    if (!subject.empty() && subject != part->subject) return std::nullopt;
    subject = part->subject;
    whole = part->whole;
    narrow(result, part->sign, *part->number);
  }
  return result;
}

} // namespace aceso::gdl2
