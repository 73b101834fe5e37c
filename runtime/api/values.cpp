#include "api/values.h"

#include "module/number_text.h"
#include "module/value_reader.h"
#include "module/value_writer.h"
#include "values/utf8.h"

namespace aceso::api {
namespace {

static_assert(static_cast<int>(UnknownReason::not_asked) == ACESO_NOT_ASKED &&
              static_cast<int>(UnknownReason::not_done) == ACESO_NOT_DONE &&
              static_cast<int>(UnknownReason::refused) == ACESO_REFUSED &&
              static_cast<int>(UnknownReason::pending) == ACESO_PENDING &&
              static_cast<int>(UnknownReason::stale) == ACESO_STALE &&
              static_cast<int>(UnknownReason::invalid) == ACESO_INVALID &&
              static_cast<int>(UnknownReason::not_applicable) == ACESO_NOT_APPLICABLE);

[[noreturn]] void refuse(std::string_view detail) { fail(ACESO_BAD_FACT, Fault::bad_value, detail); }

bool is_choice(const TypeInfo& type) {
  return type.kind == TypeKind::choice || type.kind == TypeKind::scale || type.kind == TypeKind::action;
}
std::size_t members_of(const Dictionary& dictionary, const TypeInfo& type) {
  return type.kind == TypeKind::action ? dictionary.actions.size() : type.members.size();
}
std::optional<Date> date_of(std::int64_t days) {
  if (days < to_date({1, 1, 1}).days || days > to_date({9999, 12, 31}).days) return std::nullopt;
  return Date{days};
}

std::string_view text_of(const aceso_value& value) {
  need(value.text);
  const std::string_view text = view(value.text, value.text_size);
  if (!is_utf8(text)) refuse("its text is not UTF-8");
  return text;
}
std::string_view unit_of(const aceso_value& value) {
  const std::string_view unit = value.unit == nullptr ? std::string_view() : view(value.unit, value.unit_size);
  if (!is_utf8(unit)) refuse("its unit is not UTF-8");
  return unit;
}
Rational number_of(const aceso_value& value) {
  const auto number = value.denominator > 0 ? Rational::make(value.numerator, value.denominator) : std::nullopt;
  if (!number) refuse("its denominator is not above 0");
  return *number;
}

/// What needs no reader and no memory; nothing where the value may be refused or has to be converted.
std::optional<Value> read_plain(const Dictionary& dictionary, const TypeInfo& type, const aceso_value& value) {
  switch (value.kind) {
  case ACESO_VALUE_UNKNOWN:
    if (value.reason < ACESO_NOT_ASKED || value.reason > ACESO_NOT_APPLICABLE) refuse("its reason does not exist");
    return Value(static_cast<UnknownReason>(value.reason));
  case ACESO_VALUE_BOOL:
    if (type.kind == TypeKind::yes_no && (value.numerator == 0 || value.numerator == 1))
      return Value(value.numerator == 1);
    return std::nullopt;
  case ACESO_VALUE_CHOICE:
    if (is_choice(type) && value.numerator >= 0 &&
        static_cast<std::uint64_t>(value.numerator) < members_of(dictionary, type))
      return Value(Choice{static_cast<std::uint32_t>(value.numerator)});
    return std::nullopt;
  case ACESO_VALUE_NUMBER: {
    if ((type.kind != TypeKind::number && type.kind != TypeKind::duration) || unit_of(value) != type.unit)
      return std::nullopt;
    const Rational number = number_of(value);
    if ((type.minimum && number < *type.minimum) || (type.maximum && number > *type.maximum)) return std::nullopt;
    if (type.step && !Rational::is_on_step(number, type.minimum.value_or(Rational(0)), *type.step)) return std::nullopt;
    return Value(number);
  }
  case ACESO_VALUE_DATE:
    if (type.kind == TypeKind::date)
      if (const auto date = date_of(value.numerator)) return Value(*date);
    return std::nullopt;
  case ACESO_VALUE_INSTANT:
    if (type.kind == TypeKind::instant) return Value(to_instant({value.numerator, 0}).instant);
    return std::nullopt;
  default: return std::nullopt;
  }
}

JsonNode node_of(JsonKind kind, std::string_view text) {
  JsonNode node;
  node.kind = kind;
  node.text = text;
  return node;
}

void be_number(JsonParse& parse, std::string amount, std::string_view unit) {
  const std::string_view text = parse.keep(std::move(amount));
  const bool is_number = is_number_text(text) && text.find('/') == std::string_view::npos;
  parse.nodes = {node_of(is_number ? JsonKind::number : JsonKind::string, text)};
  if (unit.empty()) return;
  parse.nodes = {node_of(JsonKind::object, {}), parse.root(), node_of(JsonKind::string, unit)};
  parse.nodes[0].count = 2;
  parse.nodes[0].span = 3;
  parse.nodes[1].name = "value";
  parse.nodes[2].name = "unit";
}

void check_json(const JsonNode& node, const JsonPath& path, FaultList& faults) {
  std::size_t i = 0;
  for (const JsonNode& item : node.items()) {
    if (faults.is_full()) return;
    const JsonPath item_path = node.kind == JsonKind::object ? JsonPath(path, item.name) : JsonPath(path, i++);
    if (item.is_repeated) faults.add(CaseFaultKind::duplicate_key, item, item_path, {quoted(item.name)});
    check_json(item, item_path, faults);
  }
}

JsonParse parse_value(std::string_view text, const JsonPath& path, FaultList& faults) {
  constexpr JsonLimits limits;
  JsonParse parse = parse_json(text, limits);
  switch (parse.problem) {
  case JsonProblem::none: check_json(parse.root(), path, faults); break;
  case JsonProblem::too_deep:
    faults.add(CaseFaultKind::too_deep, 0, path.to_text(), {std::to_string(limits.max_depth)});
    break;
  case JsonProblem::too_many_values:
    faults.add(CaseFaultKind::too_many_values, 0, path.to_text(), {std::to_string(limits.max_values)});
    break;
  case JsonProblem::syntax:
    faults.add(CaseFaultKind::not_json, 0, path.to_text(),
               {std::to_string(parse.line), std::to_string(parse.column), parse.reason});
    break;
  }
  return parse;
}

/// What a case file would say. The value must outlive it.
JsonParse to_json(const aceso_value& value, const JsonPath& path, FaultList& faults) {
  JsonParse result;
  const auto be_string = [&](std::string text) {
    result.nodes = {node_of(JsonKind::string, result.keep(std::move(text)))};
  };
  switch (value.kind) {
  case ACESO_VALUE_BOOL:
    result.nodes = {node_of(JsonKind::boolean, {})};
    result.nodes.front().boolean = value.numerator != 0;
    if (value.numerator != 0 && value.numerator != 1) refuse("a yes or no is 1 or 0");
    break;
  case ACESO_VALUE_CHOICE: be_number(result, std::to_string(value.numerator), {}); break;
  case ACESO_VALUE_CHOICE_NAME:
  case ACESO_VALUE_DATE_TEXT: result.nodes = {node_of(JsonKind::string, text_of(value))}; break;
  case ACESO_VALUE_NUMBER: be_number(result, number_of(value).to_text(), unit_of(value)); break;
  case ACESO_VALUE_NUMBER_TEXT: be_number(result, std::string(text_of(value)), unit_of(value)); break;
  case ACESO_VALUE_DATE: {
    const auto date = date_of(value.numerator);
    if (!date) refuse("its date lies outside of the years 0001 to 9999");
    be_string(to_text(*date));
    break;
  }
  case ACESO_VALUE_INSTANT: be_string(to_text(to_instant({value.numerator, 0}))); break;
  case ACESO_VALUE_JSON: return parse_value(text_of(value), path, faults);
  default: refuse("its kind does not exist");
  }
  return result;
}

/// A position among members is no number of the scale, so it never goes through the reader.
void check_position(const Dictionary& dictionary, const InputInfo& info, const aceso_value& value, const JsonPath& path,
                    FaultList& faults) {
  const TypeInfo& type = dictionary[info.type];
  if (value.kind != ACESO_VALUE_CHOICE) return;
  if (!is_choice(type)) refuse("only a choice has positions");
  std::vector<std::string_view> names;
  if (type.kind == TypeKind::action)
    for (const ActionInfo& action : dictionary.actions)
      names.push_back(action.name);
  for (const MemberInfo& member : type.members)
    names.push_back(member.name);
  faults.add(CaseFaultKind::not_a_member, 0, path.to_text(),
             {"position " + std::to_string(value.numerator), info.name, "", listed(names)});
}

} // namespace

std::int32_t to_c(TypeKind kind) {
  switch (kind) {
  case TypeKind::yes_no: return ACESO_TYPE_YES_NO;
  case TypeKind::choice: return ACESO_TYPE_CHOICE;
  case TypeKind::scale: return ACESO_TYPE_SCALE;
  case TypeKind::number: return ACESO_TYPE_NUMBER;
  case TypeKind::duration: return ACESO_TYPE_DURATION;
  case TypeKind::date: return ACESO_TYPE_DATE;
  case TypeKind::instant: return ACESO_TYPE_INSTANT;
  case TypeKind::action: return ACESO_TYPE_ACTION;
  case TypeKind::list: return ACESO_TYPE_LIST;
  case TypeKind::code: return ACESO_TYPE_CODE;
  default: return ACESO_TYPE_OTHER;
  }
}

aceso_value to_c(Rational number, const std::string& unit) {
  aceso_value result = aceso_rational(number.numerator(), number.denominator(), unit.empty() ? nullptr : unit.c_str());
  result.unit_size = unit.size();
  return result;
}

aceso_value to_c(const Dictionary& dictionary, TypeId type_id, const Value& value, OwnedText* scratch) {
  const TypeInfo& type = dictionary[type_id];
  if (!value.is_known()) return aceso_unknown(static_cast<std::int32_t>(value.reason()));
  if (value.is<bool>()) return aceso_bool(value.as<bool>() ? 1 : 0);
  if (value.is<Rational>()) return to_c(value.as<Rational>(), type.unit);
  if (value.is<Date>()) return aceso_value_of(ACESO_VALUE_DATE, value.as<Date>().days, 1, nullptr, nullptr);
  if (value.is<Instant>()) return aceso_value_of(ACESO_VALUE_INSTANT, value.as<Instant>().seconds, 1, nullptr, nullptr);
  if (value.is<Choice>() && is_choice(type) && value.as<Choice>().index < members_of(dictionary, type)) {
    const std::uint32_t index = value.as<Choice>().index;
    const std::string& name = type.kind == TypeKind::action ? dictionary.actions[index].name : type.members[index].name;
    aceso_value result = aceso_choice(index);
    result.text = name.c_str();
    result.text_size = name.size();
    return result;
  }
  if (scratch == nullptr) return nothing();
  JsonWriter writer(true);
  write_value(writer, dictionary, type_id, value, 0);
  aceso_value result = aceso_json(nullptr);
  const aceso_text json = scratch->assign(writer.take());
  result.text = json.data;
  result.text_size = json.size;
  return result;
}

Value read_fact(const Dictionary& dictionary, InputId input, const aceso_value& value) {
  const InputInfo& info = dictionary[input];
  if (auto plain = read_plain(dictionary, dictionary[info.type], value)) return *plain;
  FaultList faults(CaseReadOptions{}.max_faults);
  const JsonPath root, inputs(root, "inputs"), path(inputs, info.name);
  check_position(dictionary, info, value, path, faults);
  if (faults.size() == 0) {
    const JsonParse json = to_json(value, path, faults);
    if (faults.size() == 0)
      if (auto read = read_value({dictionary, faults, 0}, {info, info.type}, json.root(), path);
          read && faults.size() == 0)
        return *read;
  }
  throw Failure{ACESO_BAD_FACT, faults.take()};
}

} // namespace aceso::api
