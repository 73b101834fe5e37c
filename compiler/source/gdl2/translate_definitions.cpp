#include "gdl2/translator.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

Definition Translator::definition(const Variable& v, std::size_t count) {
  Definition d;
  d.name = v.name;
  d.title = v.title;
  if (v.kind == VariableKind::choice) d.type = v.type_name;
  const std::vector<Write>& writes = writes_[v.code];
  std::set<std::string> rules;
  for (std::size_t i = 0; i < count; ++i)
    if (writes[i].rule) rules.insert(writes[i].rule->id);
  d.comment = v.code;
  for (std::size_t i = 0; i < count; ++i)
    if (std::string note = writes[i].rule ? note_of(*writes[i].rule) : std::string();
        !note.empty() && std::find(d.notes.begin(), d.notes.end(), note) == d.notes.end())
      d.notes.push_back(std::move(note));
  if (!rules.empty()) d.comment += (rules.size() == 1 ? "; rule " : "; rules ") + fmt::format("{}", joined(rules));
  if (as_score(v, count, d)) return d;
  for (std::size_t i = count; i-- > 0;) {
    if (const auto before = versions_.find({v.code, i + 1}); i + 1 < count && before != versions_.end()) {
      d.lines.push_back({constant(true), before->second}); // the lines further down have a name
      break;
    }
    const Write& w = writes[i];
    std::string value = w.value;
    if (w.adds) {
      const std::size_t now = std::exchange(order_, w.order);
      const Rule* rule = std::exchange(rule_, w.rule);
      const Read r = read_before(v, i);
      order_ = now;
      rule_ = rule;
      value = fmt::format("{} + {}", r.name, w.value);
    }
    d.lines.push_back({w.condition, std::move(value)});
    if (w.condition.is(Logic::Kind::yes)) break;
  }
  if (v.asked && (d.lines.empty() || !d.lines.back().condition.is(Logic::Kind::yes))) {
    program_.read.insert(input_name(v));
    d.lines.push_back({constant(true), input_name(v)});
  }
  if (d.lines.size() == 1 && d.lines[0].condition.is(Logic::Kind::yes) && as_sum(v, writes[count - 1], d)) return d;
  straighten(d);
  return d;
}

bool Translator::as_sum(const Variable& v, const Write& write, Definition& d) {
  if (v.kind != VariableKind::number || !write.source->is_sign("+")) return false;
  std::vector<const Expression*> terms{write.source};
  std::vector<ScoreItem> items;
  const std::size_t now = std::exchange(order_, write.order);
  const Rule* rule = std::exchange(rule_, write.rule);
  bool fits = true;
  while (!terms.empty() && fits) {
    const Expression* e = terms.back();
    terms.pop_back();
    if (e->is_sign("+")) {
      terms.push_back(&e->children[1]);
      terms.push_back(&e->children[0]);
      continue;
    }
    const Number n = number_of(*e);
    fits = !n.is_real && (n.level == level_primary || n.level == level_if || n.level == level_multiply);
    if (n.level == level_if && e->is(Kind::variable)) {
      const auto [yes, no] = points_of(variable(e->code));
      const Logic is = atom(read(variable(e->code)).name);
      if (yes != "0") items.push_back({yes, is});
      if (no != "0") items.push_back({no, negation(is)});
      continue;
    }
    items.push_back({wrapped(n, level_multiply), constant(true)});
  }
  order_ = now;
  rule_ = rule;
  if (!fits) return false;
  d.lines.clear();
  d.score = std::move(items);
  return true;
}

Translator::Read Translator::read_before(const Variable& v, std::size_t count) {
  if (count == 0) {
    program_.read.insert(input_name(v));
    return {Read::From::input, input_name(v), true};
  }
  auto& name = versions_[{v.code, count}];
  if (name.empty()) {
    name = take_name(v.name + "_so_far", taken_);
    Definition d = definition(v, count);
    d.name = name;
    d.title = v.title + ", so far";
    program_.definitions.push_back(std::move(d));
  }
  return {Read::From::value, name, true};
}

std::string Translator::note_of(const Rule& rule) const {
  const auto term = guideline_.terms.find(rule.id);
  const std::string title = term_text(guideline_, rule.id);
  std::string said =
      rule.description.empty() && term != guideline_.terms.end() ? term->second.description : rule.description;
  said = one_line(said);
  return said.size() < 2 || said == title ? std::string() : fmt::format("{}: {}", title, said); // "*" is none
}

std::string Translator::joined(const std::set<std::string>& codes) {
  std::string result;
  for (const std::string& one : codes)
    result += (result.empty() ? "" : ", ") + one;
  return result;
}

bool Translator::as_score(const Variable& v, std::size_t count, Definition& d) const {
  const std::vector<Write>& writes = writes_.at(v.code);
  if (count < 2 || v.kind != VariableKind::number) return false;
  std::size_t first = 0;
  if (!writes[0].adds) {
    if (!writes[0].condition.is(Logic::Kind::yes)) return false;
    first = 1;
  } else if (!v.asked) {
    return false;
  }
  for (std::size_t i = first; i < count; ++i)
    if (!writes[i].adds) return false;
  if (first == 0)
    d.score.push_back({input_name(v), constant(true)});
  else if (writes[0].value != "0")
    d.score.push_back({writes[0].value, constant(true)});
  for (std::size_t i = first; i < count; ++i)
    d.score.push_back({writes[i].value, writes[i].condition});
  return true;
}

void Translator::straighten(Definition& d) {
  const std::size_t last = d.lines.size() - (!d.lines.empty() && d.lines.back().condition.is(Logic::Kind::yes) ? 1 : 0);
  for (std::size_t i = 0; i < last; ++i)
    for (std::size_t k = i + 1; k < last; ++k)
      if (!exclude(d.lines[i].condition, d.lines[k].condition)) return;
  std::reverse(d.lines.begin(), d.lines.begin() + static_cast<std::ptrdiff_t>(last));
}

void Translator::finish(const Variable& v) {
  std::vector<Write>& writes = writes_[v.code];
  if (writes.empty()) return;
  rule_ = nullptr;
  ++order_;
  tell_overwritten(v);
  Definition d = definition(v, writes.size());
  if (v.description.size() > 1 && v.description != v.title) d.notes.insert(d.notes.begin(), v.description);
  program_.definitions.push_back(std::move(d));
}

void Translator::tell_overwritten(const Variable& v) {
  const std::vector<Write>& writes = writes_[v.code];
  std::size_t last = writes.size() - 1;
  while (last > 0 && (writes[last].adds || !writes[last].condition.is(Logic::Kind::yes)))
    --last;
  std::size_t from = 0; // what is read before has a name
  for (const auto& [place, name] : versions_)
    if (place.first == v.code && place.second <= last) from = std::max(from, place.second);
  for (std::size_t i = from; i < last; ++i) {
    if (own_values_.contains({v.code, i + 1})) continue;
    const Rule* rule = writes[i].rule;
    omissions_.push_back({rule ? place_of(*rule) : "default action", fmt::format("{} = {}", v.title, writes[i].value),
                          "a later rule always sets another value"});
  }
}

std::string Translator::describe(const Expression& e) const {
  switch (e.kind) {
  case Kind::null: return "null";
  case Kind::variable:
    return fmt::format("${}|{}|{}{}", e.code, term_text(guideline_, e.code), e.attribute.empty() ? "" : ".",
                       e.attribute);
  case Kind::now: return "$currentDateTime" + (e.attribute.empty() ? "" : "." + e.attribute);
  case Kind::fired: return fmt::format("fired(${})", e.code);
  case Kind::quantity: return e.text + "," + e.unit;
  case Kind::ordinal: return fmt::format("{}|{}|{}|", e.text, e.code, e.label);
  case Kind::coded: return fmt::format("{}|{}|", e.code, e.label);
  case Kind::text: return '\'' + e.text + '\'';
  case Kind::minus: return "-(" + describe(e.children[0]) + ')';
  case Kind::logical_not: return "!(" + describe(e.children[0]) + ')';
  case Kind::binary: return fmt::format("({} {} {})", describe(e.children[0]), e.text, describe(e.children[1]));
  case Kind::call: return e.text + (e.children.empty() ? std::string() : '(' + describe(e.children[0]) + ')');
  default: return e.text;
  }
}

std::string Translator::describe_all(const std::vector<Expression>& list) const {
  std::string result;
  for (const Expression& e : list)
    result += (result.empty() ? "" : " && ") + describe(e);
  return result;
}

} // namespace aceso::gdl2
