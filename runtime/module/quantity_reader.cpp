#include <algorithm>
#include <array>

#include "module/input_units.h"
#include "module/number_text.h"
#include "module/value_reader.h"
#include "values/units.h"

namespace aceso {
namespace {

using Kind = CaseFaultKind;

/// A number as it stands in the file, before it is converted.
struct Written {
  Rational amount;
  std::string_view amount_text;
  std::string_view unit; ///< as written; empty where none is
  std::string_view code; ///< UCUM: `unit`, or what its everyday name stands for
  const JsonNode* unit_node = nullptr;
  bool unit_has_own_path = false;
};

struct UnitWord {
  std::string_view word, code;
};
constexpr std::array unit_words = {
    UnitWord{"second", "s"}, UnitWord{"sec", "s"}, UnitWord{"minute", "min"}, UnitWord{"hour", "h"},
    UnitWord{"hr", "h"},     UnitWord{"day", "d"}, UnitWord{"week", "wk"},
};

std::string with_unit(const std::string& amount, std::string_view unit) {
  return unit.empty() ? amount : amount + " " + std::string(unit);
}

class QuantityReader {
public:
  QuantityReader(const ReadContext& context, const ValueTarget& target, const JsonNode& node, const JsonPath& path)
      : faults_(context.faults), input_(target.input), type_(context.dictionary[target.type]), node_(node), path_(path),
        names_(context.dictionary.units) {}

  std::optional<Value> read() {
    std::optional<Written> written = read_written();
    if (written) written->code = code_of(written->unit);
    if (!written || !check_unit(*written)) return std::nullopt;
    const std::optional<Rational> amount = convert(*written);
    if (!amount || !check_range(*written, *amount) || !check_step(*written, *amount)) return std::nullopt;
    return Value(*amount);
  }

private:
  std::optional<Written> read_written() {
    if (node_.kind == JsonKind::number) return with_amount(node_.text, {}, nullptr, node_, path_);
    if (node_.kind == JsonKind::string) return read_string();
    if (node_.kind == JsonKind::object) return read_object();
    wrong_kind(node_, path_, "");
    return std::nullopt;
  }

  /// Names never mean something else than a code of the same spelling: the checker sees to it.
  [[nodiscard]] std::string_view code_of(std::string_view unit) const {
    const auto found = std::ranges::find(names_, unit, &UnitName::name);
    return found == names_.end() ? unit : std::string_view(found->code);
  }

  /// "38.6 Cel", "3 wk", and "1/3" for a pure number.
  std::optional<Written> read_string() {
    const std::string_view text = node_.text;
    const std::size_t space = text.find(' ');
    const std::string_view amount = text.substr(0, space);
    const std::string_view unit = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    const bool is_quoted_number = type_.unit.empty() && unit.empty() && amount.find('/') == std::string_view::npos;
    if (!is_number_text(amount) || is_quoted_number) {
      wrong_kind(node_, path_, is_number_text(amount) ? "; write the number without quotes" : "");
      return std::nullopt;
    }
    return with_amount(amount, unit, &node_, node_, path_);
  }

  std::optional<Written> read_object() {
    refuse_other_members(faults_, node_, path_, {"value", "unit"});
    const JsonNode* value = node_.member("value");
    const JsonNode* unit = node_.member("unit");
    if (value == nullptr) {
      faults_.add(Kind::missing_member, node_, path_, {"\"value\"", "the number that belongs to the unit"});
    }
    if (unit != nullptr && unit->kind != JsonKind::string) {
      faults_.add(Kind::wrong_shape, *unit, JsonPath(path_, "unit"),
                  {"a unit", "a string like \"Cel\"", in_words(unit->kind)});
      return std::nullopt;
    }
    if (value == nullptr) return std::nullopt;
    const JsonPath value_path(path_, "value");
    const bool is_fraction = value->kind == JsonKind::string && is_number_text(value->text) &&
                             value->text.find('/') != std::string_view::npos;
    if (value->kind == JsonKind::null) {
      faults_.add(Kind::null_value, *value, value_path, {input_.name});
      return std::nullopt;
    }
    if (value->kind != JsonKind::number && !is_fraction) {
      faults_.add(Kind::wrong_shape, *value, value_path, {"\"value\"", "a number", in_words(value->kind)});
      return std::nullopt;
    }
    std::optional<Written> written = with_amount(value->text, {}, unit, *value, value_path);
    if (written && unit != nullptr) {
      written->unit = unit->text;
      written->unit_has_own_path = true;
    }
    return written;
  }

  std::optional<Written> with_amount(std::string_view amount, std::string_view unit, const JsonNode* unit_node,
                                     const JsonNode& at, const JsonPath& path) {
    const std::optional<Rational> exact = number_from_text(amount);
    if (exact) return Written{*exact, amount, unit, unit, unit_node};
    faults_.add(Kind::inexact_number, at, path, {amount.substr(0, 60)});
    return std::nullopt;
  }

  void wrong_kind(const JsonNode& at, const JsonPath& path, const std::string& hint) {
    const std::string takes = type_.unit.empty()
                                  ? std::string("a number")
                                  : "a number with a unit, like {\"value\": 1, \"unit\": " + quoted(type_.unit) +
                                        "} or " + quoted("1 " + type_.unit);
    const std::string found = at.kind == JsonKind::string ? quoted(at.text) : std::string(in_words(at.kind));
    faults_.add(Kind::wrong_kind, at, path, {input_.name, takes, found, hint});
  }

  void unit_fault(Kind kind, const Written& written, std::initializer_list<std::string_view> arguments) {
    const JsonNode& at = written.unit_node != nullptr ? *written.unit_node : node_;
    faults_.add(kind, at, written.unit_has_own_path ? JsonPath(path_, "unit") : path_, arguments);
  }

  bool check_unit(const Written& written) {
    const bool is_written = written.unit_has_own_path || !written.unit.empty();
    if (type_.unit.empty()) {
      if (!is_written) return true;
      unit_fault(Kind::unit_unexpected, written, {input_.name, quoted(written.unit)});
      return false;
    }
    if (!is_written) {
      const std::string amount(written.amount_text.substr(0, 60));
      unit_fault(Kind::unit_missing, written, {input_.name, type_.unit, amount, type_.unit, amount, type_.unit});
      return false;
    }
    if (written.code == type_.unit) return true;
    map_ = conversion_for(input_, written.code, type_.unit);
    if (map_) return true;
    if (units::is_valid(written.code)) {
      if (units::is_comparable(written.code, type_.unit)) return true;
      refuse_unit(written);
      return false;
    }
    if (!is_duration_word(written)) explain_invalid(written);
    return false;
  }

  void refuse_unit(const Written& written) {
    std::string reason(units::what_differs(written.code, type_.unit));
    if (is_calendar(written.code) != is_calendar(type_.unit) && units::is_comparable(written.code, type_.unit))
      reason = is_calendar(type_.unit) ? "days and weeks are no fixed part of a month or a year"
                                       : "months and years have no fixed length in days";
    if (!reason.empty()) reason.insert(0, ": ");
    unit_fault(Kind::other_dimension, written, {input_.name, quoted(written.unit), type_.unit, reason});
  }

  /// "3 weeks" is what people write; it is refused with the code that stands for it.
  bool is_duration_word(const Written& written) {
    if (!units::seconds_in(type_.unit)) return false;
    std::string_view word = written.unit;
    if (word.size() > 3 && word.back() == 's') word.remove_suffix(1);
    if (word == "month" || word == "year" || word == "yr") {
      const std::string advice = "months and years have no fixed length, so write weeks or days, like \"6 wk\"";
      unit_fault(Kind::duration_in_words, written, {quoted(written.unit), advice});
      return true;
    }
    for (const UnitWord& row : unit_words) {
      if (word != row.word) continue;
      const std::string meant = std::string(written.amount_text.substr(0, 60)) + " " + std::string(row.code);
      unit_fault(Kind::duration_in_words, written, {quoted(written.unit), "write " + quoted(meant)});
      return true;
    }
    return false;
  }

  void explain_invalid(const Written& written) {
    const std::optional<units::UnitError> error = units::explain_invalid(written.unit);
    std::vector<std::string_view> usual{type_.unit};
    for (const AcceptedUnit& accepted : input_.accepted_units)
      usual.emplace_back(accepted.code);
    for (const UnitName& name : names_)
      if (units::is_comparable(name.code, type_.unit)) usual.emplace_back(name.name);
    // What people are known to write comes first: by letters alone "mcg" is next to "mg".
    std::string meant = error ? error->suggestion : std::string();
    if (!units::is_comparable(meant, type_.unit)) meant.clear();
    if (const auto name = std::ranges::find(names_, meant, &UnitName::code); name != names_.end()) meant = name->name;
    std::string hint = meant.empty() ? did_you_mean(written.unit, usual) : "; did you mean " + quoted(meant) + "?";
    if (hint.empty() && error && !error->suggestion.empty()) hint = "; did you mean " + quoted(error->suggestion) + "?";
    std::string reason = error ? error->message : std::string("it is not known");
    if (reason.ends_with('.')) reason.pop_back(); // the hint goes on with the sentence
    unit_fault(Kind::invalid_unit, written, {quoted(written.unit), reason, hint});
  }

  static bool is_calendar(std::string_view unit) { return unit == "mo" || unit == "a"; }

  std::optional<Rational> convert(const Written& written) {
    if (written.code == type_.unit) return written.amount;
    // UCUM's months and years are averages; by the calendar their length depends on the date.
    if (is_calendar(written.code) != is_calendar(type_.unit)) {
      if (is_calendar(type_.unit) || !is_duration_word(written)) refuse_unit(written);
      return std::nullopt;
    }
    std::optional<units::Conversion> map = map_;
    if (written.code == "a" && type_.unit == "mo") map = units::Conversion{Rational(12), Rational(0)};
    if (written.code == "mo" && type_.unit == "a") map = units::Conversion{*Rational::make(1, 12), Rational(0)};
    const auto scaled = map ? Rational::multiply(written.amount, map->factor) : std::nullopt;
    const auto result = scaled ? Rational::add(*scaled, map->offset) : std::nullopt;
    if (!result) faults_.add(Kind::inexact_conversion, node_, path_, {as_written(written), type_.unit});
    return result;
  }

  static std::string as_written(const Written& written) {
    return with_unit(std::string(written.amount_text.substr(0, 60)), written.unit);
  }
  std::string in_type_unit(Rational amount) const { return with_unit(amount.to_text(), type_.unit); }
  /// "101 [degF], which is 115/3 Cel," where a conversion stands between the file and the limit.
  std::string both(const Written& written, Rational amount) const {
    if (written.code == type_.unit) return as_written(written);
    return as_written(written) + ", which is " + in_type_unit(amount) + ",";
  }

  bool check_range(const Written& written, Rational amount) {
    const bool too_low = type_.minimum && amount < *type_.minimum;
    const bool too_high = type_.maximum && amount > *type_.maximum;
    if (!too_low && !too_high) return true;
    std::string range;
    if (type_.minimum) range += "from " + in_type_unit(*type_.minimum);
    if (type_.minimum && type_.maximum) range += " ";
    if (type_.maximum) range += "to " + in_type_unit(*type_.maximum);
    faults_.add(Kind::out_of_range, node_, path_, {both(written, amount), input_.name, range});
    return false;
  }

  bool check_step(const Written& written, Rational amount) {
    if (lies_on_steps(input_, type_, amount)) return true;
    for (const AcceptedUnit& accepted : input_.accepted_units)
      if (accepted.step && accepted.code == written.code) return off_accepted_step(written, *accepted.step);
    const Rational origin = type_.minimum.value_or(Rational(0));
    std::string nearest;
    for (const RoundingMode mode : {RoundingMode::down, RoundingMode::up}) {
      const auto distance = Rational::subtract(amount, origin);
      const auto steps = distance ? Rational::round(*distance, *type_.step, mode) : std::nullopt;
      const auto neighbour = steps ? Rational::add(origin, *steps) : std::nullopt;
      if (!neighbour || (type_.maximum && *neighbour > *type_.maximum)) continue;
      nearest += (nearest.empty() ? "" : " and ") + in_type_unit(*neighbour);
    }
    faults_.add(Kind::off_step, node_, path_,
                {both(written, amount), input_.name, in_type_unit(*type_.step), in_type_unit(origin), nearest});
    return false;
  }

  bool off_accepted_step(const Written& written, Rational step) {
    std::string nearest;
    for (const RoundingMode mode : {RoundingMode::down, RoundingMode::up})
      if (const auto neighbour = Rational::round(written.amount, step, mode))
        nearest += (nearest.empty() ? "" : " and ") + with_unit(neighbour->to_text(), written.unit);
    faults_.add(Kind::off_step, node_, path_,
                {as_written(written), input_.name, with_unit(step.to_text(), written.unit),
                 with_unit("0", written.unit), nearest});
    return false;
  }

  FaultList& faults_;
  const InputInfo& input_;
  const TypeInfo& type_;
  const JsonNode& node_;
  const JsonPath& path_;
  const std::vector<UnitName>& names_;
  std::optional<units::Conversion> map_; ///< into the unit of the type, from another one
};

} // namespace

std::optional<Value> read_quantity(const ReadContext& context, const ValueTarget& target, const JsonNode& node,
                                   const JsonPath& path) {
  return QuantityReader(context, target, node, path).read();
}

} // namespace aceso
