#include "gdl2/translator.h"

#include <algorithm>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/units.h"

namespace aceso::gdl2 {

Program Translator::run() {
  find_mentions();
  for (std::size_t i = 0; i < guideline_.defaults.size(); ++i)
    statement(guideline_.defaults[i], constant(true), nullptr, {}, fmt::format("default action {}", i + 1));
  program_.applies = preconditions();
  ++order_;
  for (const Rule& rule : guideline_.rules)
    run_rule(rule);
  for (const auto& [code, v] : variables_)
    if (v.assigned) finish(v);
  return std::move(program_);
}

void Translator::collect(const Expression& e, std::set<std::string>& codes, std::set<std::string>& fired) {
  if (e.is(Kind::variable)) codes.insert(e.code);
  if (e.is(Kind::fired)) fired.insert(e.code);
  for (const Expression& child : e.children)
    collect(child, codes, fired);
}

bool Translator::tests_null(const Expression& e, std::string_view sign, std::set<std::string>& codes) {
  if (e.is_sign(sign))
    for (int i = 0; i < 2; ++i)
      if (e.children[static_cast<std::size_t>(i)].is(Kind::null) &&
          e.children[static_cast<std::size_t>(1 - i)].is(Kind::variable))
        codes.insert(e.children[static_cast<std::size_t>(1 - i)].code);
  for (const Expression& child : e.children)
    (void)tests_null(child, sign, codes);
  return !codes.empty();
}

void Translator::find_mentions() {
  std::set<std::string> nothing;
  for (const Assignment& a : guideline_.defaults)
    defaulted_.insert(a.variable);
  for (const Rule& rule : guideline_.rules) {
    std::set<std::string>& codes = mentions_[rule.id];
    for (const Expression& e : rule.when) {
      collect(e, codes, fired_tested_);
      (void)tests_null(e, "==", null_tested_);
    }
    for (const Assignment& a : rule.then) {
      collect(a.value, codes, nothing);
      writers_[a.variable].insert(rule.id);
    }
  }
}

Logic Translator::preconditions() {
  std::vector<Logic> parts;
  guards_.clear();
  for (const Expression& e : guideline_.preconditions) {
    try {
      parts.push_back(condition(e, true));
    } catch (const Unsayable& problem) {
      omissions_.push_back({"precondition", describe(e), problem.why});
    }
  }
  for (const std::string& code : guards_)
    if (!is_used_in(code, guideline_.preconditions)) parts.push_back(known(code));
  return all_of(std::move(parts));
}

bool Translator::is_used_in(const std::string& code, const std::vector<Expression>& conditions) {
  std::set<std::string> codes, fired, known_only;
  for (const Expression& e : conditions) {
    std::set<std::string> guards;
    if ((e.is_sign("!=") || e.is_sign("==")) && tests_null(e, e.text, guards)) continue;
    collect(e, codes, fired);
  }
  return codes.contains(code);
}

void Translator::run_rule(const Rule& rule) {
  ++order_;
  guards_.clear();
  rule_ = &rule;
  std::vector<Logic> parts;
  std::vector<Expression> conjuncts;
  for (const Expression& e : rule.when)
    flatten(e, conjuncts);
  try {
    for (const Expression& e : conjuncts)
      parts.push_back(condition(e, true));
  } catch (const Unsayable& problem) {
    omissions_.push_back({place_of(rule), describe_all(rule.when), problem.why + "; the whole rule is left out"});
    fired_[rule.id] = constant(false);
    return;
  }
  std::vector<Logic> guards;
  for (const std::string& code : guards_)
    if (!may_drop(code, rule, conjuncts)) guards.push_back(known(code));
  parts.insert(parts.begin(), guards.begin(), guards.end());
  Logic when = all_of(std::move(parts));
  if (when.is(Logic::Kind::no))
    omissions_.push_back({place_of(rule), describe_all(rule.when), "the rule can never fire; it is left out"});
  if (fired_tested_.contains(rule.id) && !when.is(Logic::Kind::no) && !when.is(Logic::Kind::yes)) {
    const std::string name = take_name(name_from(term_text(guideline_, rule.id)), taken_);
    Definition named{.name = name, .title = term_text(guideline_, rule.id), .comment = "rule " + rule.id};
    if (std::string note = note_of(rule); !note.empty()) named.notes.push_back(std::move(note));
    named.lines.push_back({constant(true), print(when)});
    program_.definitions.push_back(std::move(named));
    program_.fired[rule.id] = name;
    when = atom(name);
  }
  fired_[rule.id] = when;
  if (when.is(Logic::Kind::no)) return;
  if (rule.then.empty() && !fired_tested_.contains(rule.id))
    omissions_.push_back({place_of(rule), describe_all(rule.when), "the rule sets nothing; it is left out"});
  std::map<std::string, int> times;
  for (const Assignment& a : rule.then)
    ++times[a.variable];
  const bool at_once = std::any_of(times.begin(), times.end(), [](const auto& one) { return one.second > 1; });
  const std::size_t before = order_;
  when_ = when;
  for (std::size_t i = 0; i < rule.then.size(); ++i) {
    if (at_once) ++order_;
    statement(rule.then[i], when, &rule, rule.then, fmt::format("{}, assignment {}", place_of(rule), i + 1));
  }
  order_ = std::max(order_, before) + 1;
}

std::string Translator::place_of(const Rule& rule) const {
  return fmt::format("rule {} \"{}\"", rule.id, term_text(guideline_, rule.id));
}

void Translator::flatten(const Expression& e, std::vector<Expression>& out) {
  if (!e.is_sign("&&")) {
    out.push_back(e);
    return;
  }
  for (const Expression& child : e.children)
    flatten(child, out);
}

bool Translator::may_drop(const std::string& code, const Rule& rule, const std::vector<Expression>& conjuncts) const {
  if (null_tested_.contains(code)) return false;
  const auto found = variables_.find(code);
  if (found != variables_.end() && found->second.units.size() > 1) return false;
  if (fired_tested_.contains(rule.id) && !is_used_in(code, conjuncts)) return false;
  for (const Assignment& a : rule.then) {
    if (defaulted_.contains(a.variable)) return false;
    for (const std::string& writer : writers_.at(a.variable))
      if (!mentions_.at(writer).contains(code)) return false;
  }
  return true;
}

const Variable& Translator::variable(const std::string& code) const {
  const auto found = variables_.find(code);
  if (found == variables_.end()) throw Unsayable{fmt::format("{} is not a variable of this guideline", code)};
  return found->second;
}

Translator::Read Translator::read(const Variable& v) {
  std::vector<Write>& writes = writes_[v.code];
  std::size_t before = 0;
  while (before < writes.size() && writes[before].order < order_)
    ++before;
  if (before == 0) {
    if (!v.asked) return {};
    const std::string name = input_name(v);
    program_.read.insert(name);
    return {Read::From::input, name, true};
  }
  // Whether later rules write it too is not known yet; the rules are looked
  // at for that.
  bool later = false, passed = false;
  for (const Rule& rule : guideline_.rules) {
    if (rule_ == &rule) passed = true;
    if (passed && writers_.contains(v.code) && writers_.at(v.code).contains(rule.id) &&
        (&rule != rule_ || writes.back().rule != rule_))
      later = true;
  }
  const bool certain = v.asked || std::any_of(writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(before),
                                              [](const Write& w) { return w.condition.is(Logic::Kind::yes); });
  if (!later) return {Read::From::value, v.name, certain};
  if (Write& last = writes[before - 1]; rule_ && last.rule == rule_ && !last.adds && same(last.condition, when_))
    return {Read::From::value, own_value(v, last, before), true};
  auto& name = versions_[{v.code, before}];
  if (name.empty()) {
    name = take_name(v.name + "_so_far", taken_);
    Definition d = definition(v, before);
    d.name = name;
    d.title = v.title + ", so far";
    program_.definitions.push_back(std::move(d));
  }
  return {Read::From::value, name, certain};
}

const std::string& Translator::own_value(const Variable& v, Write& write, std::size_t count) {
  std::string& name = own_values_[{v.code, count}];
  if (!name.empty()) return name;
  const std::string rule = term_text(guideline_, write.rule->id);
  name = take_name(name_from(v.title + " by " + rule, 60), taken_);
  program_.definitions.push_back({.name = name,
                                  .title = fmt::format("{}, by \"{}\"", v.title, rule),
                                  .type = v.kind == VariableKind::choice ? v.type_name : std::string(),
                                  .comment = fmt::format("{}; rule {}", v.code, write.rule->id),
                                  .lines = {{constant(true), std::exchange(write.value, name)}}});
  return name;
}

std::string Translator::input_name(const Variable& v) const { return v.assigned ? v.name + "_given" : v.name; }

Logic Translator::known(const std::string& code) {
  const Variable& v = variable(code);
  const Read r = read(v);
  if (r.from == Read::From::nothing) return constant(false);
  if (r.from == Read::From::input && v.units.size() > 1) {
    std::vector<Logic> parts;
    for (const UnitClass& one : v.units)
      parts.push_back(atom(used(one.name) + " is known", level_compare));
    return any_of(std::move(parts));
  }
  if (r.certain && r.from == Read::From::value && !v.asked) return constant(true);
  return atom(r.name + " is known", level_compare);
}

const std::string& Translator::used(const std::string& name) {
  program_.read.insert(name);
  return name;
}

Program translate(const Guideline& guideline, const Variables& variables, const Limits& limits,
                  std::set<std::string>& taken, std::vector<Omission>& omissions) {
  return Translator(guideline, variables, limits, taken, omissions).run();
}

} // namespace aceso::gdl2
