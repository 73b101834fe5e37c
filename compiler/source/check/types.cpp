/// Types as written to types of the dictionary.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "values/units.h"

namespace aceso::check {

bool Checker::is_numeric(TypeId type) const {
  return info(type).kind == TypeKind::number || info(type).kind == TypeKind::duration;
}
bool Checker::is_enumeration(TypeId type) const {
  return info(type).kind == TypeKind::choice || info(type).kind == TypeKind::scale;
}

TypeId Checker::intern(TypeInfo type) {
  graph_.dictionary.types.push_back(std::move(type));
  return TypeId(graph_.dictionary.types.size() - 1);
}

TypeId Checker::number_type(const std::string& unit) {
  if (unit.empty()) return number_;
  const std::string key = "unit " + unit;
  if (const auto found = type_ids_.find(key); found != type_ids_.end()) return found->second;
  TypeInfo type;
  type.kind = units::seconds_in(unit) ? TypeKind::duration : TypeKind::number;
  type.unit = unit;
  return type_ids_[key] = intern(std::move(type));
}

TypeId Checker::list_of(TypeId element) {
  const std::string key = fmt::format("list {}", element.index());
  if (const auto found = type_ids_.find(key); found != type_ids_.end()) return found->second;
  TypeInfo type;
  type.kind = TypeKind::list;
  type.element = element;
  return type_ids_[key] = intern(std::move(type));
}

TypeId Checker::interval_of(TypeId element) {
  const std::string key = fmt::format("interval {}", element.index());
  if (const auto found = type_ids_.find(key); found != type_ids_.end()) return found->second;
  TypeInfo type;
  type.kind = TypeKind::interval;
  type.element = element;
  return type_ids_[key] = intern(std::move(type));
}

/// Made when it is first used, so that guidelines without it keep their types, and with them their hash.
TypeId Checker::time_type() {
  if (const auto found = type_ids_.find("a time of day"); found != type_ids_.end()) return found->second;
  TypeInfo type;
  type.kind = TypeKind::time;
  return type_ids_["a time of day"] = intern(std::move(type));
}

TypeId Checker::point_type(TypeId type) const {
  return info(type).kind == TypeKind::interval ? info(type).element : type;
}

bool Checker::has_line(TypeId type) const {
  const TypeKind kind = info(type).kind;
  return is_numeric(type) || kind == TypeKind::date || kind == TypeKind::instant || kind == TypeKind::time;
}

std::string Checker::in_words(TypeId id) const {
  const TypeInfo& type = info(id);
  switch (type.kind) {
  case TypeKind::yes_no: return "a yes/no";
  case TypeKind::choice:
  case TypeKind::scale: {
    if (!type.name.empty()) return fmt::format("a value of type `{}`", type.name);
    std::vector<std::string> names;
    for (const MemberInfo& m : type.members)
      names.push_back(m.name);
    if (names.size() > 6) {
      names.resize(6);
      names.emplace_back("...");
    }
    return fmt::format("one of {{ {} }}", fmt::join(names, ", "));
  }
  case TypeKind::number: return type.unit.empty() ? "a number" : fmt::format("a quantity in {}", type.unit);
  case TypeKind::duration: return "a duration";
  case TypeKind::date: return "a date";
  case TypeKind::instant: return "a date and time";
  case TypeKind::time: return "a time of day";
  case TypeKind::interval: return "an interval (each end " + in_words(type.element) + ")";
  case TypeKind::action: return "an action";
  case TypeKind::code: return "a code of " + system_names(type.systems);
  case TypeKind::list: return "a list (each element " + in_words(type.element) + ")";
  }
  return "a value";
}

TypeId Checker::type_of(const ast::TypeExpression& type, const std::string& name) {
  using K = ast::TypeExpressionKind;
  switch (type.kind) {
  case K::yes_no: return yes_no_;
  case K::named: return named_type(type.name);
  case K::one_of:
  case K::scale: {
    const TypeId id = enumeration(type, nullptr);
    if (id.is_valid() && !name.empty()) graph_.dictionary.types[id.index()].name = name;
    return id;
  }
  case K::number:
  case K::quantity:
  case K::duration: return ranged_type(type);
  case K::date: return date_;
  case K::instant: return instant_;
  case K::time: return time_type();
  case K::interval: {
    const TypeId element = type_of(*type.element);
    if (!element.is_valid() || has_line(element)) return element.is_valid() ? interval_of(element) : TypeId{};
    sink_.report(Kind::type_mismatch, type.element->span, "interval", in_words(element),
                 "numbers, dates, instants or times");
    return {};
  }
  case K::action: return action_type_;
  case K::code: {
    std::vector<std::string> systems;
    for (const ast::Name& written : type.systems)
      if (const auto* system = code_system(written)) systems.push_back(system->address.text);
    return systems.size() == type.systems.size() ? code_type(std::move(systems)) : TypeId{};
  }
  case K::list: {
    const TypeId element = type_of(*type.element);
    return element.is_valid() ? list_of(element) : TypeId{};
  }
  }
  return {};
}

TypeId Checker::named_type(const ast::Name& name) {
  if (const auto found = type_ids_.find(name.text); found != type_ids_.end()) {
    if (!found->second.is_valid() && std::count(in_progress_.begin(), in_progress_.end(), name.text)) {
      const auto again = std::find(in_progress_.begin(), in_progress_.end(), name.text);
      std::vector<std::string> circle(again, in_progress_.end());
      circle.push_back(name.text);
      Diagnostic& d =
          sink_.report(Kind::defined_by_itself, name.span, name.text, fmt::format("{}", fmt::join(circle, " -> ")));
      for (std::size_t i = 0; i + 1 < circle.size(); ++i)
        if (const auto place = types_.find(circle[i]); place != types_.end())
          d.notes.push_back(
              {place->second.declaration->name.span, fmt::format("`{}` needs `{}`", circle[i], circle[i + 1])});
      d.mend = "let one of them do without the others";
    }
    return found->second;
  }
  const Symbol* symbol = find(types_, name, "a type");
  if (!symbol) return {};
  const auto& declaration = static_cast<const ast::TypeDecl&>(*symbol->declaration);
  type_ids_[name.text] = TypeId{};
  in_progress_.push_back(name.text);
  TypeId id;
  if (declaration.type.kind == ast::TypeExpressionKind::one_of ||
      declaration.type.kind == ast::TypeExpressionKind::scale) {
    id = enumeration(declaration.type, &declaration);
    if (id.is_valid() && !declaration.attributes.empty()) pending_attributes_[id.index()] = &declaration;
  } else {
    id = type_of(declaration.type);
  }
  in_progress_.pop_back();
  type_ids_[name.text] = id;
  return id;
}

TypeId Checker::enumeration(const ast::TypeExpression& type, const ast::TypeDecl* declaration) {
  const bool is_scale = type.kind == ast::TypeExpressionKind::scale;
  TypeInfo result;
  result.kind = is_scale ? TypeKind::scale : TypeKind::choice;
  result.name = declaration ? declaration->name.text : std::string();
  std::string key = is_scale ? "scale" : "one of";
  bool ok = true;
  for (const ast::Member& member : type.members) {
    for (const MemberInfo& earlier : result.members)
      if (earlier.name == member.name.text) {
        sink_.report(Kind::duplicate_name, member.name.span, member.name.text);
        ok = false;
      }
    MemberInfo entry{member.name.text, member.title.text, std::nullopt, {}};
    if (is_scale) {
      entry.score = Rational::from_decimal(member.name.text);
      if (member.score)
        if (const auto score = literal_number(*member.score)) entry.score = score->number;
      if (!entry.score) {
        sink_.report(Kind::score_missing, member.name.span, member.name.text);
        ok = false;
      }
    }
    key += "|" + member.name.text + "\x1f" + member.title.text + "\x1f" + (entry.score ? entry.score->to_text() : "");
    result.members.push_back(std::move(entry));
  }
  if (!ok) return {};
  if (declaration) return intern(std::move(result));
  // Lists of choices written in place are one type where they say the same.
  if (const auto found = type_ids_.find(key); found != type_ids_.end()) return found->second;
  return type_ids_[key] = intern(std::move(result));
}

void Checker::lower_attributes(const ast::TypeDecl& declaration, TypeId type) {
  auto& table = attributes_[type.index()];
  const std::size_t members = declaration.type.members.size();
  for (const auto& attribute : declaration.attributes) {
    const TypeId attribute_type = type_of(attribute.type);
    if (attribute_type.is_valid())
      table[attribute.name.text] = {attribute_type, std::vector<Value>(members, Value(UnknownReason::not_applicable))};
  }
  for (std::size_t i = 0; i < members; ++i) {
    for (const auto& given : declaration.type.members[i].attributes) {
      const auto slot = table.find(given.name.text);
      if (slot == table.end()) {
        std::vector<std::string> names;
        for (const auto& entry : table)
          names.push_back(entry.first);
        Diagnostic& d = sink_.report(Kind::unknown_attribute, given.name.span,
                                     fmt::format("type `{}`", declaration.name.text), given.name.text);
        if (const std::string near = diagnostics::nearest(given.name.text, names); !near.empty())
          d.mend = fmt::format("did you mean `{}`?", near);
        else if (!names.empty())
          d.mend = fmt::format("its attributes are: {}", fmt::join(names, ", "));
      } else if (const auto value = constant_value(*given.value, slot->second.first, "an attribute")) {
        slot->second.second[i] = *value;
      }
    }
  }
}

TypeId Checker::ranged_type(const ast::TypeExpression& type) {
  TypeInfo result;
  result.kind = type.kind == ast::TypeExpressionKind::duration ? TypeKind::duration : TypeKind::number;
  const auto bad = [&](Span span, std::string message, std::string mend) {
    sink_.add(Kind::bad_range, span, std::move(message)).mend = std::move(mend);
    return TypeId{};
  };
  if (!type.from || !type.to)
    return bad(type.span, "a number needs its range, so that it can be held exactly and checked",
               "write: from LOWEST to HIGHEST step SMALLEST, for example: number from 0 to 120 step 1");
  const auto from = literal_number(*type.from), to = literal_number(*type.to);
  if (!from || !to) return {};
  auto step = type.step ? literal_number(*type.step) : std::optional(Quantity{Rational(1), {}});
  if (!step) return {};
  // The unit is that of the step, or else that of the upper bound; 0 may stand without one.
  result.unit = !step->unit.empty() ? step->unit : !to->unit.empty() ? to->unit : from->unit;
  const auto in_unit = [&](const Quantity& q, Span span) -> std::optional<Rational> {
    if (q.unit == result.unit || (q.unit.empty() && (q.number == Rational(0) || &q == &*step))) return q.number;
    const auto conversion = units::conversion(q.unit, result.unit);
    if (q.unit.empty() || !conversion) {
      sink_
          .report(Kind::units_differ, span, q.unit.empty() ? "a number without unit" : fmt::format("`{}`", q.unit),
                  fmt::format("`{}`", result.unit))
          .mend = fmt::format("write all numbers of the range in `{}`", result.unit);
      return std::nullopt;
    }
    const auto scaled = Rational::multiply(q.number, conversion->factor);
    return scaled ? Rational::add(*scaled, conversion->offset) : std::nullopt;
  };
  result.minimum = in_unit(*from, type.from->span);
  result.maximum = in_unit(*to, type.to->span);
  result.step = in_unit(*step, type.span);
  if (!result.minimum || !result.maximum || !result.step) return {};
  if (result.kind == TypeKind::duration && !units::seconds_in(result.unit))
    return bad(type.span, "a duration is measured in a unit of time",
               "for example: duration from 0 days to 104 weeks step 1 day");
  if (result.kind == TypeKind::number && units::seconds_in(result.unit)) result.kind = TypeKind::duration;
  if (type.kind == ast::TypeExpressionKind::quantity && result.unit.empty())
    return bad(type.span, "a quantity has a unit",
               "write the unit after the numbers, or say number instead of quantity");
  if (*result.step <= Rational(0)) return bad(type.step->span, "the step must be more than 0", "for example: step 1");
  if (*result.minimum > *result.maximum)
    return bad(
        type.span,
        fmt::format("the range is empty: {} is more than {}", result.minimum->to_text(), result.maximum->to_text()),
        "write the smaller value first");
  if (!Rational::is_on_step(*result.maximum, *result.minimum, *result.step))
    return bad(type.span, "the range does not end on a step",
               "let the highest value be the lowest plus a whole number of steps");
  return intern(std::move(result));
}

} // namespace aceso::check
