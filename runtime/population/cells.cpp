#include "population/cells.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "interpret/registers.h"
#include "module/json_writer.h"
#include "module/number_text.h"
#include "module/value_reader.h"

namespace aceso::population {
namespace {

bool is_word(std::string_view cell, std::string_view word) {
  return std::equal(cell.begin(), cell.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

/// JSON has no zeros in front of a number, and a case file reads none either.
std::string without_leading_zeros(std::string_view number) {
  const std::string sign(number.starts_with('-') ? "-" : "");
  number.remove_prefix(sign.size());
  while (number.size() > 1 && number[0] == '0' && number[1] >= '0' && number[1] <= '9')
    number.remove_prefix(1);
  return sign + std::string(number);
}

std::string code_as_json(const TypeInfo& type, std::string_view cell) {
  const std::size_t bar = cell.find('|');
  std::string_view system = cell.substr(0, bar == std::string_view::npos ? 0 : bar);
  if (bar == std::string_view::npos && type.systems.size() == 1) system = type.systems.front();
  if (system.empty()) return json_quoted(cell);
  const std::string_view code = bar == std::string_view::npos ? cell : cell.substr(bar + 1);
  return R"({"system":)" + json_quoted(system) + R"(,"code":)" + json_quoted(code) + "}";
}

bool depends_on_zone(const Dictionary& dictionary, const TypeInfo& type) {
  if (type.kind == TypeKind::instant) return true;
  const bool has_element = type.kind == TypeKind::list || type.kind == TypeKind::interval;
  return has_element && depends_on_zone(dictionary, dictionary[type.element]);
}

} // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

/// By words of 8 bytes; the loop is short enough for a compiler to make vectors of it.
bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    all |= word;
  }
  for (; at < text.size(); ++at)
    all |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at]));
  return (all & 0x8080808080808080u) == 0;
}

std::string cell_as_json(const TypeInfo& type, std::string_view column_unit, std::string_view cell) {
  constexpr std::string_view unknown = "unknown:";
  if (cell.starts_with('{') || cell.starts_with('['))
    return parse_json(cell, {}).problem == JsonProblem::none ? std::string(cell) : json_quoted(cell);
  if (cell.starts_with(unknown)) return R"({"unknown":)" + json_quoted(cell.substr(unknown.size())) + "}";
  const bool is_fraction = cell.find('/') != std::string_view::npos;
  switch (type.kind) {
  case TypeKind::yes_no:
    if (is_word(cell, "yes") || is_word(cell, "true") || cell == "1") return "true";
    if (is_word(cell, "no") || is_word(cell, "false") || cell == "0") return "false";
    break;
  case TypeKind::number:
  case TypeKind::duration:
    if (!is_number_text(cell)) break;
    if (!column_unit.empty()) return json_quoted(std::string(cell) + " " + std::string(column_unit));
    return is_fraction ? json_quoted(cell) : without_leading_zeros(cell);
  case TypeKind::scale:
    if (std::ranges::find(type.members, cell, &MemberInfo::name) != type.members.end()) break;
    if (is_number_text(cell) && !is_fraction) return without_leading_zeros(cell);
    break;
  case TypeKind::code: return code_as_json(type, cell);
  default: break;
  }
  return json_quoted(cell);
}

InputReader::InputReader(const Module& module, InputId input, Spelling spelling, std::string column_unit)
    : module_(module), input_(input), info_(module.dictionary[input]), type_(module.dictionary[info_.type]),
      place_(module.inputs[input.index()]), spelling_(spelling), column_unit_(std::move(column_unit)),
      needs_zone_(depends_on_zone(module.dictionary, type_)) {
  prepare_numbers();
}

void InputReader::prepare_numbers() {
  const Representation& representation = place_.representation;
  if (representation.form != Representation::Form::number || !type_.step || !type_.minimum || !type_.maximum) return;
  if (representation.step != *type_.step || !Rational::is_on_step(*type_.minimum, 0, *type_.step)) return;
  const auto least = Rational::divide(*type_.minimum, *type_.step);
  const auto most = Rational::divide(*type_.maximum, *type_.step);
  if (!least || !most || !least->is_integer()) return;
  least_ = least->numerator();
  most_ = most->numerator() / most->denominator() - (most->numerator() < 0 && !most->is_integer() ? 1 : 0);
  std::int64_t power = 1;
  for (Scale& scale : scales_) {
    constexpr std::int64_t largest_factor = 1000;
    const auto whole = Rational::make(type_.step->denominator(), static_cast<Int128>(power) * type_.step->numerator());
    if (whole && whole->numerator() <= largest_factor) scale = {whole->numerator(), whole->denominator()};
    power *= 10;
  }
  has_scales_ = true;
  is_number_first_ = true;
  if (type_.unit.empty() || (spelling_ == Spelling::cell && column_unit_ == type_.unit)) {
    around_ = {{"", ""}};
    is_bare_number_ = true;
  } else if (spelling_ == Spelling::cell) {
    around_ = {{"", " " + type_.unit}};
  } else {
    const std::string unit = json_quoted(type_.unit);
    around_ = {{"\"", " " + type_.unit + "\""},
               {"{\"value\": ", ", \"unit\": " + unit + "}"},
               {"{\"value\":", ",\"unit\":" + unit + "}"}};
  }
}

std::optional<InputReader::Stated> InputReader::read_number(std::string_view text) const {
  for (const Around& around : around_)
    if (text.size() > around.before.size() + around.after.size() && text.starts_with(around.before) &&
        text.ends_with(around.after))
      return read_digits(text.substr(around.before.size(), text.size() - around.before.size() - around.after.size()));
  return std::nullopt;
}

/// Up to eight digits, or seven and a point, all at once: the tests are those of LineScanner, the sums those of D.
/// Lemire
/// ("Quickly parsing eight digits", 2018).
std::optional<InputReader::Stated> InputReader::read_few_digits(std::string_view text) const {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u, zeros = ones * '0';
  std::size_t size = text.size(), decimals = 0;
  if (size == 0 || size > 8) return std::nullopt;
  std::uint64_t word = TextEnds(text.data(), size).first;
  const std::uint64_t pointed = word ^ ones * '.';
  if (const std::uint64_t points = (pointed - ones) & ~pointed & tops; points != 0) {
    const auto point = static_cast<std::size_t>(std::countr_zero(points)) / 8;
    if (point == 0 || point + 1 >= size) return std::nullopt;
    const std::uint64_t before = word & ((std::uint64_t{1} << (8 * point)) - 1);
    word = before | word >> (8 * (point + 1)) << (8 * point);
    decimals = size - point - 1;
    --size;
  }
  if ((word & 0xff) == '0' && size - decimals > 1) return std::nullopt;
  const auto blank = static_cast<unsigned>(8 * (8 - size)); // zeros in front
  word = blank == 0 ? word : word << blank | zeros >> (64 - blank);
  const std::uint64_t is_other = ((word + ones * 0x46) | (word - zeros)) & tops;
  if (is_other != 0) return std::nullopt;
  word -= zeros;
  word = word * 10 + (word >> 8);
  constexpr std::uint64_t pairs = 0x000000FF000000FFu;
  word = ((word & pairs) * (100 + (std::uint64_t{1'000'000} << 32)) +
          (word >> 16 & pairs) * (1 + (std::uint64_t{10'000} << 32))) >>
         32;
  return scaled(static_cast<std::int64_t>(word & 0xffffffffu), decimals);
}

std::optional<InputReader::Stated> InputReader::read_digits(std::string_view text) const {
  if (const std::optional<Stated> stated = read_few_digits(text)) return stated;
  constexpr std::size_t most_digits = 15;
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return std::nullopt;
  std::int64_t number = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
    } else if (c == '.' && point == text.size() && i > 0 && i + 1 < text.size()) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  return scaled(is_negative ? -number : number, point == text.size() ? 0 : text.size() - point - 1);
}

std::optional<InputReader::Stated> InputReader::scaled(std::int64_t number, std::size_t decimals) const {
  if (decimals >= scales_.size() || scales_[decimals].factor == 0) return std::nullopt;
  const Scale scale = scales_[decimals];
  if (number % scale.divisor != 0) return std::nullopt;
  const std::int64_t steps = number / scale.divisor * scale.factor;
  if (steps < least_ || steps > most_) return std::nullopt;
  return Stated{steps, bytecode::known};
}

std::optional<InputReader::Stated> InputReader::read_date(std::string_view text) const {
  if (spelling_ == Spelling::json) {
    if (text.size() != 12 || text.front() != '"' || text.back() != '"') return std::nullopt;
    text = text.substr(1, 10);
  }
  const std::optional<Date> date = parse_date(text);
  return date ? std::optional(Stated{date->days, bytecode::known}) : std::nullopt;
}

std::optional<Value> InputReader::read_slowly(std::string_view text) const {
  const std::string json = spelling_ == Spelling::cell ? cell_as_json(type_, column_unit_, text) : std::string(text);
  const JsonParse parse = parse_json(json, {});
  if (parse.problem != JsonProblem::none) return std::nullopt;
  // A series and a value with two equal keys are for the reader of the whole case.
  if (info_.is_series && parse.root().kind == JsonKind::array) return std::nullopt;
  if (parse.has_repeated) return std::nullopt;
  FaultList faults(1);
  const std::optional<Value> value =
      aceso::read_value({module_.dictionary, faults, {}}, {info_, info_.type}, parse.root(), {});
  return faults.size() == 0 ? value : std::nullopt;
}

bool InputReader::read_other(std::string_view text, Column& column, std::size_t row) {
  if (needs_zone_ && text.find(':') == std::string_view::npos) return false;
  if (needs_zone_ && type_.kind != TypeKind::instant) return false;
  if (needs_zone_) {
    // Only where it says its own offset: else that of the case counts.
    std::string_view inner = text;
    if (spelling_ == Spelling::json && inner.size() > 2) inner = inner.substr(1, inner.size() - 2);
    if (!states_offset(inner) && !text.starts_with("unknown:") && !text.starts_with('{')) return false;
  }
  if (column.space == bytecode::Space::value) {
    constexpr std::size_t most_values = 4096;
    if (values_.size() >= most_values) values_.clear();
    auto found = values_.find(std::string(text));
    if (found == values_.end()) {
      std::optional<Value> value = read_slowly(text);
      if (!value) return false;
      if (!fits(module_.dictionary, info_.type, *value)) value = UnknownReason::invalid;
      found = values_.emplace(std::string(text), std::move(*value)).first;
    }
    column.values[row] = found->second;
    column.states[row] = bytecode::known;
    return true;
  }
  const std::optional<Value> value = read_slowly(text);
  if (!value) return false;
  Stated stated;
  if (column.space == bytecode::Space::truth) {
    stated.state = interpret::to_truth(*value);
  } else {
    const bytecode::Number number = interpret::to_number(place_.representation, *value);
    stated = {number.value, number.state};
  }
  put(stated, column, row);
  memory_.learn(text, stated);
  return true;
}

bool InputReader::read_cells(const Cells& cells, Column& column, std::size_t row) {
  if (column.space == bytecode::Space::truth) return read_truths(cells, column, row);
  const auto read_closely = [&](std::size_t i) { return read(trimmed(cells[i]), column, row + i); };
  if (is_number_first_ || !column.is_narrow) {
    for (std::size_t i = 0; i < cells.count; ++i) {
      const std::string_view text = cells[i];
      const std::optional<Stated> stated = is_bare_number_ ? read_few_digits(text) : std::nullopt;
      if (stated) {
        put(*stated, column, row + i);
      } else if (!read_closely(i)) {
        return false;
      }
    }
    return true;
  }
  std::uint8_t* const states = column.states.data() + row;
  std::uint8_t* const bytes = column.bytes.data() + row;
  std::uint8_t all = absent;
  for (std::size_t i = 0; i < cells.count; ++i) {
    const std::string_view text = cells[i];
    const TextEnds ends(text);
    const TextMemory::Known& known = memory_.place(text.size(), ends);
    states[i] = known.state;
    bytes[i] = static_cast<std::uint8_t>(known.number - column.least);
    all &= known.state;
    if (!known.is(text, ends) && !read_closely(i)) return false;
  }
  column.is_used |= all != absent;
  return true;
}

/// Truths are most of what is asked: nothing but their states is written, and all is looked up once.
bool InputReader::read_truths(const Cells& cells, Column& column, std::size_t row) {
  std::uint8_t* const states = column.states.data() + row;
  std::uint8_t all = absent;
  for (std::size_t i = 0; i < cells.count; ++i) {
    const std::string_view text = cells[i];
    if (text.size() <= TextEnds::word) {
      const TextEnds ends(text.data(), text.size());
      const TextMemory::Known& known = memory_.place(text.size(), ends);
      states[i] = known.state;
      all &= known.state;
      if (((known.first ^ ends.first) | (known.size ^ text.size())) == 0) continue;
    }
    if (!read(trimmed(text), column, row + i)) return false;
  }
  column.is_used |= all != absent;
  return true;
}

bool InputReader::read_unfamiliar(std::string_view text, Column& column, std::size_t row) {
  if (text.empty()) {
    column.states[row] = absent;
    return true;
  }
  column.is_used = true;
  if (column.space == bytecode::Space::number) {
    std::optional<Stated> stated;
    if (has_scales_) {
      stated = read_number(text);
    } else if (place_.representation.form == Representation::Form::date) {
      stated = read_date(text);
    }
    if (stated) {
      put(*stated, column, row);
      return true;
    }
    if (is_number_first_ && recall(text, column, row)) return true;
  }
  if (const Stated* const stated = memory_.find(text)) {
    put(*stated, column, row);
    return true;
  }
  return read_other(text, column, row);
}

} // namespace aceso::population
