#include "module/value_reader.h"

#include <algorithm>
#include <array>

#include "module/point_kind.h"
#include "values/interval.h"

namespace aceso {
namespace {

using Kind = CaseFaultKind;

constexpr std::array reasons = {UnknownReason::not_asked,     UnknownReason::not_done, UnknownReason::refused,
                                UnknownReason::pending,       UnknownReason::stale,    UnknownReason::invalid,
                                UnknownReason::not_applicable};

/// A string shows more of the mistake than its kind does.
std::string described(const JsonNode& node) {
  if (node.kind == JsonKind::string) return "the string " + quoted(node.text);
  if (node.kind == JsonKind::number) return "the number " + std::string(node.text.substr(0, 40));
  if (node.kind == JsonKind::boolean) return node.boolean ? "true" : "false";
  return std::string(in_words(node.kind));
}

std::optional<Value> read_unknown(const ReadContext& context, const JsonNode& node, const JsonPath& path) {
  refuse_other_members(context.faults, node, path, {"unknown"});
  const JsonNode& stated = *node.member("unknown");
  const JsonPath stated_path(path, "unknown");
  std::vector<std::string_view> names;
  for (UnknownReason reason : reasons) {
    if (stated.kind == JsonKind::string && stated.text == to_text(reason)) return Value(reason);
    names.push_back(to_text(reason));
  }
  const std::string hint = stated.kind == JsonKind::string ? did_you_mean(stated.text, names) : std::string();
  context.faults.add(Kind::bad_reason, stated, stated_path, {described(stated), hint, listed(names)});
  return std::nullopt;
}

std::optional<Value> read_yes_no(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                 const JsonPath& path) {
  if (node.kind == JsonKind::boolean) return Value(node.boolean);
  std::string hint;
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), node.text) != words.end();
  };
  if (is_one_of({"yes", "Yes", "y", "true", "True", "1"})) hint = "; write true";
  if (is_one_of({"no", "No", "n", "false", "False", "0"})) hint = "; write false";
  if (is_one_of({"unknown"})) hint = R"(; leave it out or write {"unknown": "not_asked"})";
  context.faults.add(Kind::wrong_kind, node, path, {target.input.name, "true or false", described(node), hint});
  return std::nullopt;
}

/// The members of a choice or a scale, or the names of the actions.
std::vector<std::string_view> names_of(const Dictionary& dictionary, const TypeInfo& type) {
  std::vector<std::string_view> names;
  if (type.kind == TypeKind::action) {
    for (const ActionInfo& action : dictionary.actions)
      names.push_back(action.name);
  } else {
    for (const MemberInfo& member : type.members)
      names.push_back(member.name);
  }
  return names;
}

std::optional<Value> read_choice(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                 const JsonPath& path) {
  const TypeInfo& type = context.dictionary[target.type];
  const auto position = [](const auto& rows, std::string_view name) -> std::optional<Value> {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].name == name) return Value(Choice{static_cast<std::uint32_t>(i)});
    return std::nullopt;
  };
  std::string made;
  std::string_view word = node.text;
  bool is_word = node.kind == JsonKind::string;
  if (node.kind == JsonKind::number && type.kind == TypeKind::scale) {
    // Members such as 0 to 5 may be written as numbers; 4.0 is 4.
    const std::optional<Rational> number = Rational::from_decimal(node.text);
    if (number) word = made = number->to_text();
    is_word = true;
  }
  auto found = !is_word                        ? std::nullopt
               : type.kind == TypeKind::action ? position(context.dictionary.actions, word)
                                               : position(type.members, word);
  if (found) return found;
  const std::vector<std::string_view> names = names_of(context.dictionary, type);
  if (!is_word) {
    const std::string takes = "one of the words " + listed(names);
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, takes, described(node), ""});
    return std::nullopt;
  }
  std::string hint = did_you_mean(word, names);
  if (word == "unknown") hint = R"(; leave it out or write {"unknown": "not_asked"})";
  context.faults.add(Kind::not_a_member, node, path, {quoted(word), target.input.name, hint, listed(names)});
  return std::nullopt;
}

std::optional<Value> read_date(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                               const JsonPath& path) {
  if (node.kind != JsonKind::string) {
    const std::string takes = "a date like \"2026-11-22\"";
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, takes, described(node), ""});
    return std::nullopt;
  }
  if (const std::optional<Date> date = parse_date(node.text)) return Value(*date);
  if (const std::optional<DateRange> range = parse_partial_date(node.text)) return Value(*range);
  context.faults.add(Kind::not_a_date, node, path, {quoted(node.text)});
  return std::nullopt;
}

std::optional<Value> read_instant(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                  const JsonPath& path) {
  if (node.kind != JsonKind::string) {
    const std::string takes = "a point in time like \"2026-11-22T10:00:00Z\"";
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, takes, described(node), ""});
    return std::nullopt;
  }
  if (const auto instant = parse_instant(node.text, context.zone)) return Value(instant->instant);
  context.faults.add(Kind::not_an_instant, node, path, {quoted(node.text)});
  return std::nullopt;
}

std::optional<Value> read_time(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                               const JsonPath& path) {
  if (node.kind == JsonKind::string)
    if (const auto time = parse_time_of_day(node.text)) return Value(*time);
  context.faults.add(Kind::wrong_kind, node, path,
                     {target.input.name, "a time of day like \"22:30\"", described(node), ""});
  return std::nullopt;
}

/// {"from": ..., "to": ...}, both included; an end that is left out is not known, and "unbounded" says that there is
/// none.
std::optional<Value> read_interval(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                   const JsonPath& path) {
  if (node.kind != JsonKind::object) {
    const std::string takes = "an interval like {\"from\": ..., \"to\": ...}";
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, takes, described(node), ""});
    return std::nullopt;
  }
  refuse_other_members(context.faults, node, path, {"from", "to"});
  const TypeId element = context.dictionary[target.type].element;
  bool is_sound = true;
  const auto read_end = [&](std::string_view name, Value& point) {
    const JsonNode* end = node.member(name);
    if (end == nullptr) return IntervalEnd{&point};
    if (end->kind == JsonKind::string && end->text == "unbounded") return IntervalEnd{};
    const std::optional<Value> read = read_value(context, {target.input, element}, *end, JsonPath(path, name));
    is_sound = is_sound && read;
    if (read) point = *read;
    return IntervalEnd{&point};
  };
  Value from, to;
  const IntervalEnd low = read_end("from", from), high = read_end("to", to);
  if (!is_sound) return std::nullopt;
  Value interval = make_interval(point_kind(context.dictionary[element].kind), low, high);
  if (!interval.is<Unknown>()) return interval;
  context.faults.add(
      Kind::empty_interval, node, path,
      {target.input.name, to_text(context.dictionary, element, from), to_text(context.dictionary, element, to)});
  return std::nullopt;
}

std::optional<Value> read_code(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                               const JsonPath& path) {
  const std::string takes = R"(a code like {"system": "http://...", "code": "..."})";
  if (node.kind != JsonKind::object) {
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, takes, described(node), ""});
    return std::nullopt;
  }
  refuse_other_members(context.faults, node, path, {"system", "code", "display"});
  const auto text = [&](std::string_view name, const std::string& what, bool is_needed) -> const std::string_view* {
    const JsonNode* member = node.member(name);
    if (member == nullptr && is_needed) context.faults.add(Kind::missing_member, node, path, {quoted(name), what});
    if (member == nullptr) return nullptr;
    if (member->kind == JsonKind::string) return &member->text;
    context.faults.add(Kind::wrong_shape, *member, JsonPath(path, name),
                       {quoted(name), "a string", in_words(member->kind)});
    return nullptr;
  };
  const std::string_view* system = text("system", "the address of the code system", true);
  const std::string_view* code = text("code", "the code itself", true);
  (void)text("display", "", false); // for people; the code is what counts
  if (system == nullptr || code == nullptr) return std::nullopt;
  if (!is_code(*code)) {
    context.faults.add(Kind::not_a_code, *node.member("code"), JsonPath(path, "code"), {quoted(*code)});
    return std::nullopt;
  }
  const std::vector<std::string>& systems = context.dictionary[target.type].systems;
  if (std::find(systems.begin(), systems.end(), *system) == systems.end()) {
    std::vector<std::string_view> taken(systems.begin(), systems.end());
    context.faults.add(Kind::other_system, *node.member("system"), JsonPath(path, "system"),
                       {target.input.name, listed(taken), quoted(*system)});
    return std::nullopt;
  }
  return Value(find_concept(context.dictionary, *system, *code));
}

std::optional<Value> read_list(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                               const JsonPath& path) {
  if (node.kind != JsonKind::array) {
    context.faults.add(Kind::wrong_kind, node, path, {target.input.name, "an array", described(node), ""});
    return std::nullopt;
  }
  ValueList list;
  std::size_t i = 0;
  for (const JsonNode& item : node.items()) {
    const JsonPath item_path(path, i++);
    if (item.member("unknown") != nullptr) {
      context.faults.add(Kind::unknown_in_list, item, item_path, {target.input.name});
      continue;
    }
    const ValueTarget entry{target.input, context.dictionary[target.type].element};
    if (std::optional<Value> value = read_value(context, entry, item, item_path)) list.push_back(std::move(*value));
  }
  if (list.size() != node.count) return std::nullopt;
  return Value(std::move(list));
}

} // namespace

std::optional<Value> read_value(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                const JsonPath& path) {
  if (context.faults.is_full()) return std::nullopt;
  if (node.kind == JsonKind::null) {
    context.faults.add(Kind::null_value, node, path, {target.input.name});
    return std::nullopt;
  }
  if (node.kind == JsonKind::object && node.member("unknown") != nullptr) return read_unknown(context, node, path);
  switch (context.dictionary[target.type].kind) {
  case TypeKind::yes_no: return read_yes_no(context, target, node, path);
  case TypeKind::choice:
  case TypeKind::scale:
  case TypeKind::action: return read_choice(context, target, node, path);
  case TypeKind::number:
  case TypeKind::duration: return read_quantity(context, target, node, path);
  case TypeKind::date: return read_date(context, target, node, path);
  case TypeKind::instant: return read_instant(context, target, node, path);
  case TypeKind::list: return read_list(context, target, node, path);
  case TypeKind::code: return read_code(context, target, node, path);
  case TypeKind::time: return read_time(context, target, node, path);
  case TypeKind::interval: return read_interval(context, target, node, path);
  }
  return std::nullopt;
}

void refuse_other_members(FaultList& faults, const JsonNode& object, const JsonPath& path,
                          std::initializer_list<std::string_view> allowed) {
  for (const JsonNode& item : object.items()) {
    if (faults.is_full()) return;
    if (item.is_repeated || std::find(allowed.begin(), allowed.end(), item.name) != allowed.end()) continue;
    const std::vector<std::string_view> names(allowed);
    faults.add(Kind::unknown_member, item, JsonPath(path, item.name),
               {quoted(item.name), did_you_mean(item.name, names), listed(names)});
  }
}

} // namespace aceso
