#include "gdl2/write_cases.h"

#include <algorithm>

#include <fmt/format.h>

#include "gdl2/names.h"
#include "gdl2/read_expression.h"
#include "gdl2/units.h"
#include "module/json_writer.h"

namespace aceso::gdl2 {

using Kind = Expression::Kind;

namespace {

/// For cases that name no date: the instant that those of the library name
/// which name one.
constexpr std::string_view default_now = "2019-11-28T00:00:00+01:00";

const Choice* choice_of(const Variable& v, const Expression& value) {
  const std::string label = one_line(value.is(Kind::text) ? value.text : value.label);
  return v.find(value.is(Kind::text) ? std::string() : value.code, label,
                value.is(Kind::ordinal) ? value.text : std::string());
}

/// Rational::from_decimal wants no "+", no ".5".
bool is_number(const Expression& value) {
  return (value.is(Kind::number) || value.is(Kind::quantity)) && Rational::from_decimal(value.text).has_value();
}

/// "05" is no number in JSON.
std::string plain(const std::string& number) {
  const bool negative = number.starts_with('-');
  std::size_t from = negative ? 1 : 0;
  while (from + 1 < number.size() && number[from] == '0' && number[from + 1] != '.')
    ++from;
  return (negative ? "-" : "") + number.substr(from);
}

class CaseWriter {
public:
  CaseWriter(const Variables& variables, const std::set<std::string>& read, const std::set<std::string>& decided,
             std::vector<Omission>& omissions)
      : variables_(variables), read_(read), decided_(decided), omissions_(omissions) {}

  CaseFile write(const std::string& guideline, const SourceCase& source) {
    case_ = source.id;
    CaseFile result{.id = source.id};
    JsonWriter json;
    json.begin_object();
    json.key("title");
    json.string(source.id);
    json.key("guideline");
    json.string(guideline);
    json.key("now");
    json.string(source.now.empty() ? default_now : std::string_view(source.now).substr(0, source.now.find('[')));
    json.key("inputs");
    json.begin_object();
    std::set<std::string> given;
    for (const auto& [code, text] : source.inputs)
      input(json, code, text, given);
    json.end_object();
    json.key("expect");
    json.begin_array();
    for (const auto& [code, text] : source.expected) {
      const std::string words = expectation(code, text);
      if (words.empty()) continue;
      json.string(words);
      result.expected.push_back(code);
    }
    json.end_array();
    json.end_object();
    result.json = json.take();
    return result;
  }

private:
  void omit(const std::string& code, const std::string& text, std::string why) {
    omissions_.push_back({fmt::format("case {}, {}", case_, code), text, std::move(why)});
  }

  void input(JsonWriter& json, const std::string& code, const std::string& text, std::set<std::string>& given) {
    const auto found = variables_.find(code);
    if (found == variables_.end()) return omit(code, text, "input: the guideline does not read it");
    const Variable& v = found->second;
    const Expression value = read_value(text);
    std::string name = v.assigned ? v.name + "_given" : v.name;
    const UnitClass* chosen = nullptr;
    std::string unit;
    if (v.kind == VariableKind::quantity) {
      unit = value.is(Kind::quantity) ? ucum_code(value.unit) : std::string();
      for (const UnitClass& one : v.units)
        if (!unit.empty() && (one.unit == unit || (!chosen && converts(unit, one.unit)))) chosen = &one;
      if (chosen && chosen->plain && chosen->unit != unit) chosen = nullptr;
      if (!chosen) return omit(code, text, fmt::format("input: its unit does not convert into {}", v.unit()));
      if (v.units.size() > 1) name = chosen->name;
    }
    if (!read_.contains(name)) return omit(code, text, "input: the guideline does not read it");
    if (!given.insert(name).second) return omit(code, text, "input: it is given twice");
    const auto key = [&] { json.key(name); };
    switch (v.kind) {
    case VariableKind::quantity:
      if (!is_number(value)) break;
      key();
      if (chosen->plain) return json.number(plain(value.text));
      json.begin_object(JsonWriter::Layout::line);
      json.key("value");
      json.number(plain(value.text));
      json.key("unit");
      json.string(unit);
      json.end_object();
      return;
    case VariableKind::number:
      if (!is_number(value)) break;
      key();
      json.number(plain(value.text));
      return;
    case VariableKind::yes_no:
      if (value.is(Kind::yes_no)) {
        key();
        return json.boolean(value.text == "true");
      }
      if (const Choice* one = choice_of(v, value)) {
        key();
        return json.boolean(one->name == "yes");
      }
      break;
    case VariableKind::choice:
      if (const Choice* one = choice_of(v, value)) {
        key();
        return json.string(one->name);
      }
      break;
    case VariableKind::date:
      if (text.size() < 10) break;
      key();
      return json.string(std::string_view(text).substr(0, 10));
    case VariableKind::unknown: break;
    }
    given.erase(name);
    omit(code, text, "input: it is no value of this kind");
  }

  std::string expectation(const std::string& code, const std::string& text) {
    const auto fail = [&](const std::string& why) {
      omit(code, text, "expectation: " + why);
      return std::string();
    };
    const auto found = variables_.find(code);
    if (found == variables_.end()) return fail("no rule of the guideline speaks of it");
    const Variable& v = found->second;
    if (!decided_.contains(v.name)) return fail("no rule assigns it");
    const Expression value = read_value(text);
    switch (v.kind) {
    case VariableKind::quantity:
    case VariableKind::number: {
      if (!is_number(value)) return fail("it is no number");
      std::string suffix, unit;
      if (v.kind == VariableKind::quantity) {
        unit = value.is(Kind::quantity) ? ucum_code(value.unit) : v.unit();
        if (unit.empty() || !converts(unit, v.unit()))
          return fail(fmt::format("its unit does not convert into {}", v.unit()));
        suffix = unit_suffix(unit, value.text == "1");
      }
      const std::size_t point = value.text.find('.');
      const std::size_t decimals = point == std::string::npos ? 0 : value.text.size() - point - 1;
      const std::string step = decimals == 0 ? "1" : "0." + std::string(decimals - 1, '0') + "1";
      const std::string step_suffix = v.kind == VariableKind::quantity ? unit_suffix(unit, step == "1") : std::string();
      return fmt::format("round({}, {}{}, half_even) = {}{}", v.name, step, step_suffix, value.text, suffix);
    }
    case VariableKind::yes_no:
      if (value.is(Kind::yes_no)) return value.text == "true" ? v.name : "not " + v.name;
      if (const Choice* one = choice_of(v, value)) return one->name == "yes" ? v.name : "not " + v.name;
      return fail("no rule assigns this value");
    case VariableKind::choice:
      if (const Choice* one = choice_of(v, value)) return fmt::format("{} = {}", v.name, one->name);
      return fail("no rule assigns this value");
    case VariableKind::date:
      if (text.size() >= 10) return fmt::format("{} = {}", v.name, text.substr(0, 10));
      break;
    case VariableKind::unknown: break;
    }
    return fail("it is no value of this kind");
  }

  const Variables& variables_;
  const std::set<std::string>&read_, &decided_;
  std::vector<Omission>& omissions_;
  std::string case_;
};

} // namespace

std::vector<CaseFile> write_cases(const std::string& guideline, const std::vector<SourceCase>& cases,
                                  const Variables& variables, const std::set<std::string>& read,
                                  const std::set<std::string>& decided, std::vector<Omission>& omissions) {
  std::vector<CaseFile> result;
  CaseWriter writer(variables, read, decided, omissions);
  for (const SourceCase& one : cases)
    result.push_back(writer.write(guideline, one));
  return result;
}

} // namespace aceso::gdl2
