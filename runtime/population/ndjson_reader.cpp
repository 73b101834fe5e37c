#include "population/ndjson_reader.h"

#include <algorithm>
#include <cstring>

#include "module/json_tree.h"
#include "population/line_scanner.h"
#include "population/population_faults.h"
#include "values/utf8.h"

namespace aceso::population {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The characters of a JSON string that has no escapes.
std::optional<std::string_view> plain_string(std::string_view token) {
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') return std::nullopt;
  token = token.substr(1, token.size() - 2);
  return token.find('\\') == std::string_view::npos ? std::optional(token) : std::nullopt;
}

/// A string without escapes, or a whole number as it is written.
std::optional<std::string_view> plain_id(std::string_view token) {
  if (const auto text = plain_string(token)) return text;
  const std::string_view digits = token.substr(token.starts_with('-') ? 1 : 0);
  const bool is_whole = !digits.empty() && (digits.size() == 1 || digits[0] != '0') &&
                        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return is_whole ? std::optional(token) : std::nullopt;
}

struct FoundId {
  std::size_t begin = 0, end = 0; ///< of the member in the line, its name included; equal for none
  std::string text;
  bool is_fine = true;
};

/// Nothing where the line is no object.
FoundId find_id(std::string_view line) {
  LineScanner scanner(line.data());
  if (!scanner.take('{')) return {};
  bool is_last = false;
  while (!is_last) {
    std::string_view name, token;
    if (!scanner.string(name) || !scanner.take(':') || !scanner.value(token)) return {};
    if (name == "id") {
      FoundId result;
      result.begin = static_cast<std::size_t>(name.data() - 1 - line.data());
      result.end = static_cast<std::size_t>(scanner.at() - line.data());
      const JsonParse parse = parse_json(token, {});
      result.is_fine = parse.problem == JsonProblem::none && (parse.root().kind == JsonKind::string || plain_id(token));
      result.text = parse.root().kind == JsonKind::string ? parse.root().text : std::string(token);
      return result;
    }
    if (!scanner.next_member(is_last)) return {};
  }
  return {};
}

/// The line without the member "id", which is no part of a case. Everything else keeps its column.
std::string without_id(std::string_view line, const FoundId& id) {
  std::string out(line);
  if (id.begin == id.end) return out;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(id.begin), out.begin() + static_cast<std::ptrdiff_t>(id.end),
            ' ');
  const std::size_t after = out.find_first_not_of(" \t\r", id.end);
  const std::size_t before = out.find_last_not_of(" \t\r", id.begin);
  if (after != std::string::npos && out[after] == ',') {
    out[after] = ' ';
  } else if (before != std::string::npos && out[before] == ',') {
    out[before] = ' ';
  }
  return out;
}

} // namespace

NdjsonReader::NdjsonReader(const Module& module, std::optional<ZonedInstant> at)
    : module_(module), at_(at), at_text_(at ? to_text(*at) : std::string()), seen_(module.inputs.size()) {
  for (std::size_t i = 0; i < module.inputs.size(); ++i) {
    readers_.push_back(std::make_unique<InputReader>(module, InputId(i), Spelling::json));
    names_.learn(module.dictionary.inputs[i].name, {static_cast<std::int64_t>(i), bytecode::known});
  }
}

void NdjsonReader::read(std::string_view text, std::uint64_t first_line, Patients& patients) {
  all_utf8_ = is_ascii(text) || is_utf8(text);
  std::uint64_t number = first_line;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = text.find('\n', at);
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (std::ranges::all_of(line, is_space)) continue;
    Plain plain;
    const bool is_small = line.size() <= CaseReadOptions{}.max_bytes;
    if (is_small && read_plain(line, patients, plain)) {
      if (plain.id.data() == nullptr) plain.id = patients.keep(std::to_string(number));
      patients.commit(plain.id, number, *plain.now);
    } else {
      patients.abandon();
      read_whole(line, number, patients);
    }
  }
}

std::optional<std::size_t> NdjsonReader::input_of(std::string_view name) const {
  const TextEnds ends(name);
  const TextMemory::Known& known = names_.place(name.size(), ends);
  if (known.is(name, ends) && known.state != absent) return static_cast<std::size_t>(known.number);
  const TextMemory::Meaning* const found = names_.find(name);
  if (found == nullptr || found->state == absent) return std::nullopt;
  return static_cast<std::size_t>(found->number);
}

std::optional<ZonedInstant> NdjsonReader::read_now(std::string_view text) {
  if (text != last_now_text_) {
    last_now_text_ = text;
    last_now_ = states_offset(text) ? parse_instant(text) : std::nullopt;
  }
  return last_now_;
}

bool NdjsonReader::read_inputs(LineScanner& scanner, Patients& patients) {
  if (!scanner.take('{')) return false;
  if (scanner.take('}')) return true;
  const std::size_t row = patients.row();
  bool is_last = false;
  while (!is_last) {
    std::string_view name, text;
    if (!scanner.string(name) || !scanner.take(':')) return false;
    const std::optional<std::size_t> index = input_of(name);
    if (!index || std::exchange(seen_[*index], serial_) == serial_) return false;
    Column& column = patients.columns()[*index];
    bool is_yes = false;
    if (column.space == bytecode::Space::truth && scanner.truth(is_yes)) {
      column.states[row] = static_cast<std::uint8_t>(bytecode::no + (is_yes ? 1 : 0));
      column.is_used = true;
    } else if (!scanner.value(text) || !readers_[*index]->read(text, column, row)) {
      return false;
    }
    if (!scanner.next_member(is_last)) return false;
  }
  return true;
}

bool NdjsonReader::read_plain(std::string_view line, Patients& patients, Plain& plain) {
  ++serial_;
  if (!all_utf8_ && !is_utf8(line)) return false;
  LineScanner scanner(line.data());
  if (!scanner.take('{')) return false;
  enum Member : unsigned { id = 1, now = 2, inputs = 4, title = 8, guideline = 16 };
  unsigned seen = 0;
  bool is_last = false;
  while (!is_last) {
    std::string_view name, token;
    if (!scanner.string(name) || !scanner.take(':')) return false;
    const unsigned member = name == "inputs"      ? inputs
                            : name == "id"        ? id
                            : name == "now"       ? now
                            : name == "title"     ? title
                            : name == "guideline" ? guideline
                                                  : 0u;
    if (member == 0 || (seen & member) != 0) return false;
    seen |= member;
    if (member == inputs) {
      if (!read_inputs(scanner, patients)) return false;
    } else {
      if (!scanner.value(token)) return false;
      const auto text = member == id ? plain_id(token) : plain_string(token);
      if (!text) return false;
      if (member == id) plain.id = *text;
      if (member == now) plain.now = read_now(*text);
      if (member == now && !plain.now) return false;
      if (member == guideline && *text != module_.dictionary.guideline.id) return false;
    }
    if (!scanner.next_member(is_last)) return false;
  }
  if (!scanner.is_at_end()) return false;
  if (at_) plain.now = at_;
  return plain.now.has_value();
}

void NdjsonReader::read_whole(std::string_view line, std::uint64_t number, Patients& patients) {
  FoundId id = find_id(line);
  if (!id.is_fine) {
    constexpr std::size_t longest = 60;
    const std::string shown(line.substr(id.begin, std::min(longest, id.end - id.begin)));
    patients.rejects.push_back({number, {}, {}});
    patients.rejects.back().faults.push_back(make_fault(FaultKind::bad_id, "$.id", {shown}));
    return;
  }
  CaseReadOptions options;
  options.at_override = at_text_;
  CaseReadResult read = read_case(module_.dictionary, without_id(line, id), options);
  if (!read.ok()) {
    patients.rejects.push_back({number, is_utf8(id.text) ? std::move(id.text) : std::string(), std::move(read.faults)});
    return;
  }
  const std::string_view kept = patients.keep(id.begin == id.end ? std::to_string(number) : std::move(id.text));
  const ZonedInstant now = read.patient_case.now;
  patients.whole.push_back({patients.row(), std::move(read.patient_case)});
  patients.commit(kept, number, now);
}

} // namespace aceso::population
