#include "decision_tables/variable_types.h"

#include <algorithm>

#include <fmt/format.h>

namespace aceso::decision_tables {

namespace {

using K = FeelKind;
using M = Meaning::Kind;

/// Members for these strings, each with a name of its own.
Meaning choice(const std::vector<std::string>& values, const std::vector<std::string>& scores) {
  Meaning meaning;
  meaning.kind = M::choice;
  meaning.scores = scores;
  std::set<std::string> names;
  for (const std::string& value : values) {
    if (meaning.member(value)) continue;
    std::string name = identifier(value);
    while (!names.insert(name).second)
      name += '_';
    meaning.members.emplace_back(value, std::move(name));
  }
  return meaning;
}

} // namespace

VariableTypes::VariableTypes(const DmnModel& model, const FeelReader& reader, Variables& variables,
                             std::vector<Remark>& remarks)
    : model_(model), reader_(reader), variables_(variables), remarks_(remarks) {
  for (const DmnType& type : model.types)
    types_.emplace(type.name, &type);
}

void VariableTypes::remark(Remark::Kind kind, std::size_t offset, std::string what, std::string why) {
  remarks_.push_back({kind, offset, std::move(what), std::move(why)});
}

VariableTypes::Declared VariableTypes::declared(std::string reference) const {
  Declared result;
  for (int step = 0; step < 20; ++step) { // types that name each other in a circle end here
    const auto type = types_.find(reference);
    if (type == types_.end()) break;
    if (result.allowed.empty() && !type->second->allowed.empty()) {
      result.allowed = type->second->allowed;
      result.name = type->second->name;
    }
    result.is_collection |= type->second->is_collection;
    if (result.scores.empty()) result.scores = type->second->scores;
    if (!result.number) result.number = type->second->number;
    reference = type->second->base;
  }
  result.base = types_.contains(reference) || reference == "Any" ? std::string() : reference;
  return result;
}

/// How many input data, decisions and other types are of this type.
std::ptrdiff_t VariableTypes::references(const std::string& type) const {
  const auto is_of_it = [&](const auto& one) { return one.type == type; };
  return std::count_if(model_.inputs.begin(), model_.inputs.end(), is_of_it) +
         std::count_if(model_.decisions.begin(), model_.decisions.end(), is_of_it) +
         std::count_if(model_.types.begin(), model_.types.end(), [&](const DmnType& one) { return one.base == type; });
}

VariableTypes::Allowed VariableTypes::read_allowed(const std::string& text, std::size_t offset, const std::string& of) {
  Allowed result;
  if (text.empty()) return result;
  FeelFault fault;
  const auto tests = reader_.unary_tests(text, fault);
  bool is_read = tests && !tests->negated;
  for (std::size_t i = 0; is_read && i < tests->tests.size(); ++i) {
    const FeelExpression& test = tests->tests[i];
    const auto bound = [&](std::size_t child) { return number_of(test.children[child]); };
    if (test.kind == K::string) {
      result.strings.push_back(test.text);
    } else if (const auto number = number_of(test)) {
      result.numbers.push_back(*number);
    } else if (test.kind == K::interval && bound(0) && bound(1)) {
      result.low = result.low ? std::min(*result.low, *bound(0)) : bound(0);
      result.high = result.high ? std::max(*result.high, *bound(1)) : bound(1);
      if (test.open_start || test.open_end)
        remark(Remark::Kind::changed, offset, fmt::format("the bounds of {}", of),
               "the end that is left out of the interval is let in");
    } else if (test.kind >= K::less && test.kind <= K::greater_or_equal && bound(1)) {
      (test.kind == K::less || test.kind == K::less_or_equal ? result.high : result.low) = bound(1);
    } else {
      is_read = test.kind == K::boolean;
    }
  }
  if (!is_read)
    remark(Remark::Kind::not_carried, offset, fmt::format("`{}`, what is allowed for {}", collapsed(text), of),
           "only listed values and bounds of numbers are read");
  for (const auto& bound : {result.low, result.high})
    if (bound && digits_of(*bound)) result.digits = std::max(result.digits, *digits_of(*bound));
  return result;
}

Meaning VariableTypes::number_meaning(const std::string& of, const Declared& type, const Allowed& allowed,
                                      const Uses& uses, std::size_t offset) {
  Meaning meaning;
  meaning.kind = M::number;
  std::size_t digits = allowed.digits;
  for (const auto* numbers : {&allowed.numbers, &uses.numbers})
    for (const Rational& number : *numbers)
      digits = std::max(digits, digits_of(number).value_or(0));
  const bool is_bounded = (allowed.low && allowed.high) || !allowed.numbers.empty();
  meaning.minimum = allowed.low.value_or(Rational(-1000000));
  meaning.maximum = allowed.high.value_or(Rational(1000000));
  if (!allowed.numbers.empty()) {
    meaning.minimum = *std::min_element(allowed.numbers.begin(), allowed.numbers.end());
    meaning.maximum = *std::max_element(allowed.numbers.begin(), allowed.numbers.end());
  }
  meaning.step = step_of_digits(is_bounded ? digits : std::max<std::size_t>(digits, 2));
  if (type.number) {
    meaning.unit = type.number->unit;
    if (const auto step = Rational::from_decimal(type.number->step); step && *step > Rational(0)) meaning.step = *step;
  }
  if (!type.number || !is_bounded)
    remark(Remark::Kind::assumed, offset,
           fmt::format("{} of {}, {}", is_bounded ? "the step" : "the range", of, type_text(meaning)),
           is_bounded ? "DMN does not say how exact a number is" : "the file does not say which numbers there are");
  return meaning;
}

std::optional<Meaning> VariableTypes::string_meaning(const std::string& name, const Declared& type,
                                                     const Allowed& allowed, std::size_t offset, bool is_input) {
  const Uses& uses = uses_[name];
  const std::string of = fmt::format("`{}`", name);
  std::vector<std::string> values = allowed.strings;
  for (const std::string& value : uses.strings) {
    if (std::find(values.begin(), values.end(), value) != values.end()) continue;
    if (!allowed.strings.empty())
      remark(Remark::Kind::changed, offset, fmt::format("\"{}\" of {}", value, of),
             "it is compared but not among the allowed values; it became one of them");
    values.push_back(value);
  }
  if (values.empty()) return std::nullopt;
  Meaning meaning = choice(values, type.scores);
  if (allowed.strings.empty() && is_input) {
    meaning.members.emplace_back("any other text", "any_other_text");
    std::string list;
    for (const std::string& value : values)
      list += (list.empty() ? "\"" : ", \"") + value + '"';
    remark(Remark::Kind::assumed, offset, fmt::format("the values of {}: {}, or any other text", of, list),
           "the file does not list them; these are compared");
  }
  const bool is_its_own = (type.name == name || type.name == name + "_values") && references(type.name) == 1;
  if (!type.name.empty() && !is_its_own) name_type(type.name, meaning);
  return meaning;
}

std::optional<Meaning> VariableTypes::of_variable(const std::string& name, const std::string& reference,
                                                  std::size_t offset, const std::string& more_allowed, bool is_input) {
  Declared type = declared(reference);
  if (type.allowed.empty()) type.allowed = more_allowed;
  Uses& uses = uses_[name];
  const std::string of = fmt::format("`{}`", name);
  const Allowed allowed = read_allowed(type.allowed, offset, of);
  if (type.base.empty()) {
    if (!allowed.strings.empty() || !uses.strings.empty())
      type.base = "string";
    else if (allowed.low || allowed.high || !allowed.numbers.empty() || !uses.numbers.empty())
      type.base = "number";
    else if (uses.is_truth)
      type.base = "boolean";
    else if (uses.date_like != K::null)
      type.base = uses.date_like == K::date ? "date" : uses.date_like == K::time ? "time" : "date and time";
  }
  Meaning meaning;
  if (type.base == "number" || type.base == "integer" || type.base == "long" || type.base == "double") {
    meaning = number_meaning(of, type, allowed, uses, offset);
    if (type.base == "integer" || type.base == "long") meaning.step = Rational(1);
  } else if (type.base == "string") {
    auto text = string_meaning(name, type, allowed, offset, is_input);
    if (!text) return std::nullopt;
    meaning = std::move(*text);
  } else if (type.base == "boolean") {
    meaning.kind = M::yes_no;
  } else if (type.base == "date") {
    meaning.kind = M::date;
  } else if (type.base == "time") {
    meaning.kind = M::time;
  } else if (type.base == "date and time" || type.base == "dateTime") {
    meaning.kind = M::instant;
  } else {
    return std::nullopt;
  }
  meaning.is_list = type.is_collection;
  return meaning;
}

/// A type that several use is declared once, as long as they agree on its members.
void VariableTypes::name_type(const std::string& name, Meaning& meaning) {
  auto [at, is_new] = declared_types_.try_emplace(name, meaning);
  if (is_new) {
    type_order_.push_back(name);
    std::string unused = identifier(name);
    while (!type_names_.insert(unused).second)
      unused += '_';
    at->second.type_name = unused;
  }
  if (at->second.members == meaning.members) {
    meaning.type_name = at->second.type_name;
  } else if (meaning.members.size() > at->second.members.size()) {
    // A later use knows more values: the type takes them in, and who used it before has them as well.
    const std::string type_name = at->second.type_name;
    at->second = meaning;
    at->second.type_name = meaning.type_name = type_name;
    for (auto& [variable, known] : variables_)
      if (known.meaning.type_name == type_name) known.meaning = meaning;
  } else {
    meaning = at->second;
  }
}

std::optional<Meaning> VariableTypes::declared_number(const std::string& variable, const std::string& reference,
                                                      std::size_t offset) {
  const Declared type = declared(reference);
  if (type.base != "number" || type.allowed.empty() || !type.number) return std::nullopt;
  auto meaning = of_variable(variable, reference, offset, {}, false);
  if (meaning) meaning->is_list = false;
  return meaning;
}

std::optional<std::string> VariableTypes::unit_of(const std::string& reference) const {
  const Declared type = declared(reference);
  if (type.base != "number") return std::nullopt;
  return type.number ? type.number->unit : std::string();
}

std::vector<std::pair<std::string, Meaning>> VariableTypes::declared_types() const {
  std::vector<std::pair<std::string, Meaning>> result;
  for (const std::string& name : type_order_)
    result.emplace_back(name, declared_types_.at(name));
  return result;
}

} // namespace aceso::decision_tables
