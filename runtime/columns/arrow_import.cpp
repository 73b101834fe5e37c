/// Facts from Arrow columns. The format strings are those of the Arrow C data interface.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "api/handles.h"
#include "columns/arrow_columns.h"
#include "module/input_units.h"

namespace aceso::api {
namespace {

/// One element of a column: its value, or nothing and why.
using Read = std::function<std::optional<Value>(std::int64_t row)>;

constexpr std::uint64_t most_faults = 1000;

class Column {
public:
  Column(const Module& module, InputId input, const ArrowSchema& schema, const ArrowArray& array)
      : names_(module.dictionary), info_(names_[input]), type_(names_[info_.type]), format_(schema.format),
        schema_(schema), array_(array) {
    if (array.n_buffers > 0 && array.null_count != 0) validity_ = static_cast<const std::uint8_t*>(array.buffers[0]);
  }
  [[nodiscard]] bool is_null(std::int64_t row) const {
    const auto at = static_cast<std::uint64_t>(row + array_.offset);
    return format_ == "n" || (validity_ != nullptr && (validity_[at / 8] >> (at % 8) & 1) == 0);
  }

  [[nodiscard]] Read reader() {
    if (schema_.dictionary != nullptr) return dictionary();
    if (format_ == "n") return [](std::int64_t) { return std::optional<Value>(Value()); };
    if (format_ == "b") {
      if (type_.kind != TypeKind::yes_no) refuse();
      return [this, bits = buffer<std::uint8_t>(1)](std::int64_t row) -> std::optional<Value> {
        const auto at = static_cast<std::uint64_t>(row + array_.offset);
        return Value((bits[at / 8] >> (at % 8) & 1) != 0);
      };
    }
    if (format_ == "u") return text<std::int32_t>();
    if (format_ == "U") return text<std::int64_t>();
    if (format_ == "f") return floating<float>();
    if (format_ == "g") return floating<double>();
    if (format_.starts_with("d:")) return decimal();
    if (format_ == "tdD") {
      if (type_.kind != TypeKind::date) refuse();
      return [this, days = buffer<std::int32_t>(1)](std::int64_t row) {
        return std::optional(Value(Date{days[row + array_.offset]}));
      };
    }
    if (format_.starts_with("ts")) return timestamp();
    return integer([](std::int64_t number) -> std::optional<Value> { return Value(Rational(number)); }, true);
  }

private:
  [[noreturn]] void refuse() const {
    fail(ACESO_BAD_ARGUMENT, Fault::bad_column,
         fmt::format("`{}` has the Arrow format `{}`, which {} cannot be", info_.name, format_, kind()));
  }
  [[nodiscard]] std::string_view kind() const {
    switch (type_.kind) {
    case TypeKind::yes_no: return "yes/no";
    case TypeKind::choice:
    case TypeKind::scale:
    case TypeKind::action: return "a choice";
    case TypeKind::number:
    case TypeKind::duration: return "a number";
    case TypeKind::date: return "a date";
    case TypeKind::instant: return "an instant";
    default: return "an input of this kind";
    }
  }
  [[nodiscard]] bool is_number() const { return type_.kind == TypeKind::number || type_.kind == TypeKind::duration; }

  template <class Element>
  [[nodiscard]] const Element* buffer(std::int64_t index) const {
    if (array_.n_buffers <= index || (array_.buffers[index] == nullptr && array_.length > 0))
      fail(ACESO_BAD_ARGUMENT, Fault::bad_column, fmt::format("`{}` lacks a buffer", info_.name));
    return static_cast<const Element*>(array_.buffers[index]);
  }

  /// Integers of any width; `use` makes a value of one.
  template <class Use>
  [[nodiscard]] Read integer(Use use, bool needs_number) {
    if (needs_number && !is_number()) refuse();
    const auto of = [&](auto sample) -> Read {
      using Element = decltype(sample);
      return [this, data = buffer<Element>(1), use](std::int64_t row) -> std::optional<Value> {
        const Element element = data[row + array_.offset];
        if (std::is_same_v<Element, std::uint64_t> && element > std::numeric_limits<std::int64_t>::max())
          return std::nullopt;
        return use(static_cast<std::int64_t>(element));
      };
    };
    if (format_ == "c") return of(std::int8_t{});
    if (format_ == "C") return of(std::uint8_t{});
    if (format_ == "s") return of(std::int16_t{});
    if (format_ == "S") return of(std::uint16_t{});
    if (format_ == "i") return of(std::int32_t{});
    if (format_ == "I") return of(std::uint32_t{});
    if (format_ == "l") return of(std::int64_t{});
    if (format_ == "L") return of(std::uint64_t{});
    refuse();
  }

  template <class Element>
  [[nodiscard]] Read floating() {
    if (!is_number()) refuse();
    return [this, data = buffer<Element>(1)](std::int64_t row) { return exact(data[row + array_.offset]); };
  }
  /// The value on a step that the float stands for: the one of which it is the nearest float.
  template <class Element>
  [[nodiscard]] std::optional<Value> exact(Element number) const {
    const Rational step = type_.step.value_or(Rational(1));
    const double size = static_cast<double>(step.numerator()) / static_cast<double>(step.denominator());
    const double steps = std::round(static_cast<double>(number) / size);
    constexpr double most = 9007199254740992.0;          // 2^53: integers up to here are exact
    if (!(std::fabs(steps) < most)) return std::nullopt; // not a number as well
    const auto value = Rational::make(static_cast<Int128>(steps) * step.numerator(), step.denominator());
    if (!value || std::fabs(static_cast<double>(value->numerator())) >= most) return std::nullopt;
    const double nearest = static_cast<double>(value->numerator()) / static_cast<double>(value->denominator());
    if (static_cast<Element>(nearest) != number) return std::nullopt;
    return Value(*value);
  }

  [[nodiscard]] Read decimal() {
    if (!is_number()) refuse();
    const std::size_t comma = format_.find(',');
    const int scale = comma == std::string_view::npos ? -1 : std::atoi(format_.data() + comma + 1);
    const bool is_wide = comma != std::string_view::npos && format_.find(',', comma + 1) != std::string_view::npos;
    if (scale < 0 || scale > 18 || is_wide) refuse();
    Int128 below = 1;
    for (int i = 0; i < scale; ++i)
      below *= 10;
    return [this, below, data = buffer<std::uint8_t>(1)](std::int64_t row) -> std::optional<Value> {
      Int128 digits = 0;
      std::memcpy(&digits, data + (row + array_.offset) * 16, 16);
      const auto value = Rational::make(digits, below);
      return value ? std::optional(Value(*value)) : std::nullopt;
    };
  }

  [[nodiscard]] Read timestamp() {
    if (type_.kind != TypeKind::instant || format_.size() < 3) refuse();
    const std::int64_t unit = format_[2] == 's'   ? 1
                              : format_[2] == 'm' ? 1000
                              : format_[2] == 'u' ? 1'000'000
                              : format_[2] == 'n' ? 1'000'000'000
                                                  : 0;
    if (unit == 0) refuse();
    return [this, unit, data = buffer<std::int64_t>(1)](std::int64_t row) -> std::optional<Value> {
      const std::int64_t count = data[row + array_.offset];
      if (count % unit != 0) return std::nullopt; // parts of a second
      return Value(Instant{count / unit});
    };
  }

  template <class Offset>
  [[nodiscard]] Read text() {
    return [this, offsets = buffer<Offset>(1),
            data = static_cast<const char*>(array_.n_buffers > 2 ? array_.buffers[2] : nullptr)](std::int64_t row) {
      const Offset* const at = offsets + row + array_.offset;
      return of_text({data + at[0], static_cast<std::size_t>(at[1] - at[0])});
    };
  }
  [[nodiscard]] std::optional<Value> of_text(std::string_view text) const {
    switch (type_.kind) {
    case TypeKind::choice:
    case TypeKind::scale:
      for (std::uint32_t i = 0; i < type_.members.size(); ++i)
        if (type_.members[i].name == text) return Value(Choice{i});
      return std::nullopt;
    case TypeKind::action:
      for (std::uint32_t i = 0; i < names_.actions.size(); ++i)
        if (names_.actions[i].name == text) return Value(Choice{i});
      return std::nullopt;
    case TypeKind::number:
    case TypeKind::duration: {
      const auto number = Rational::from_decimal(text);
      return number ? std::optional(Value(*number)) : std::nullopt;
    }
    case TypeKind::date: {
      if (const auto date = parse_date(text)) return Value(*date);
      const auto range = parse_partial_date(text);
      return range ? std::optional(Value(*range)) : std::nullopt;
    }
    case TypeKind::instant: {
      const auto instant = states_offset(text) ? parse_instant(text) : std::nullopt;
      return instant ? std::optional(Value(instant->instant)) : std::nullopt;
    }
    default: refuse();
    }
  }

  [[nodiscard]] Read dictionary() {
    if (array_.dictionary == nullptr)
      fail(ACESO_BAD_ARGUMENT, Fault::bad_column, fmt::format("`{}` lacks its dictionary", info_.name));
    Column entries(*this, *schema_.dictionary, *array_.dictionary);
    const Read read = entries.reader();
    std::vector<std::optional<Value>> values;
    for (std::int64_t i = 0; i < array_.dictionary->length; ++i)
      values.push_back(entries.is_null(i) ? std::optional(Value()) : read(i));
    return integer(
        [values = std::move(values)](std::int64_t index) -> std::optional<Value> {
          if (index < 0 || static_cast<std::size_t>(index) >= values.size()) return std::nullopt;
          return values[static_cast<std::size_t>(index)];
        },
        false);
  }
  Column(const Column& of, const ArrowSchema& schema, const ArrowArray& array)
      : names_(of.names_), info_(of.info_), type_(of.type_), format_(schema.format), schema_(schema), array_(array) {
    if (array.n_buffers > 0 && array.null_count != 0) validity_ = static_cast<const std::uint8_t*>(array.buffers[0]);
  }

  const Dictionary& names_;
  const InputInfo& info_;
  const TypeInfo& type_;
  std::string_view format_;
  const ArrowSchema& schema_;
  const ArrowArray& array_;
  const std::uint8_t* validity_ = nullptr;
};

/// Within the range of the input and on its steps, as everywhere else; instants within the years 0001 to 9999.
bool is_allowed(const InputInfo& info, const TypeInfo& type, const Value& value) {
  if (value.is<Instant>()) {
    constexpr std::int64_t first = -62'135'596'800, last = 253'402'300'799;
    return value.as<Instant>().seconds >= first && value.as<Instant>().seconds <= last;
  }
  if (!value.is<Rational>()) return true;
  const Rational number = value.as<Rational>();
  if ((type.minimum && number < *type.minimum) || (type.maximum && number > *type.maximum)) return false;
  return lies_on_steps(info, type, number);
}

/// What the input can be, for a fault.
std::string what_it_can_be(const Dictionary& names, const InputInfo& info) {
  const TypeInfo& type = names[info.type];
  if (!type.members.empty()) {
    std::string all;
    for (const MemberInfo& member : type.members)
      all += (all.empty() ? "" : ", ") + member.name;
    return "; allowed: " + all;
  }
  if (type.minimum && type.maximum)
    return fmt::format("; allowed: from {} to {}{}{}, on its steps, as a number without a unit",
                       type.minimum->to_text(), type.maximum->to_text(), type.unit.empty() ? "" : " ", type.unit);
  return {};
}

} // namespace

void read_columns(const Module& module, const ArrowSchema& schema, const ArrowArray& rows, batch::Table& table,
                  RowFaults& faults) {
  const Dictionary& names = module.dictionary;
  const auto bad = [](std::string_view why) { fail(ACESO_BAD_ARGUMENT, Fault::bad_columns, why); };
  if (schema.format == nullptr || std::string_view(schema.format) != "+s") bad("its format is not `+s`");
  if (schema.n_children != rows.n_children) bad("schema and array have not the same columns");
  if (rows.length < 0 || rows.offset < 0) bad("its length or its offset is below 0");
  if (rows.null_count > 0) bad("rows themselves are null");
  table.resize(static_cast<std::size_t>(rows.length));
  std::vector<bool> is_there(names.inputs.size());
  for (std::int64_t c = 0; c < schema.n_children; ++c) {
    const ArrowSchema& child = *schema.children[c];
    const std::string_view name = child.name == nullptr ? "" : child.name;
    std::size_t i = 0;
    while (i < names.inputs.size() && names.inputs[i].name != name)
      ++i;
    if (i == names.inputs.size())
      fail(ACESO_NOT_FOUND, Fault::bad_column,
           fmt::format("`{}` is none of the inputs of {}", name, names.guideline.id));
    if (is_there[i]) fail(ACESO_BAD_ARGUMENT, Fault::bad_column, fmt::format("`{}` is there twice", name));
    is_there[i] = true;
    const ArrowArray& array = *rows.children[c];
    if (array.offset < 0 || array.length < rows.length + rows.offset)
      fail(ACESO_BAD_ARGUMENT, Fault::bad_column, fmt::format("`{}` has not as many rows as the struct", name));
    const InputId input(i);
    Column column(module, input, child, array);
    const Read read = column.reader();
    for (std::int64_t row = 0; row < rows.length; ++row) {
      const std::int64_t at = row + rows.offset;
      if (column.is_null(at)) continue;
      const std::optional<Value> value = read(at);
      const auto place = static_cast<std::size_t>(row);
      const bool is_value = value && is_allowed(names.inputs[i], names[names.inputs[i].type], *value);
      if (is_value && table.set(place, input, *value)) continue;
      if (!is_value) table.set_unknown(place, input, UnknownReason::invalid);
      if (++faults.count > most_faults) continue;
      CaseFault fault =
          make_fault(Fault::bad_fact_in_row,
                     (value ? fmt::format("`{}` cannot be {}", name, to_text(names, names.inputs[i].type, *value))
                            : fmt::format("what stands here is no value of `{}`", name)) +
                         what_it_can_be(names, names.inputs[i]));
      fault.path = fmt::format("$[{}].{}", row, name);
      faults.faults.push_back(std::move(fault));
    }
  }
}

} // namespace aceso::api
