#include "population/csv_reader.h"

#include <algorithm>
#include <array>

#include "module/case_faults.h"
#include "module/input_units.h"
#include "module/json_writer.h"
#include "population/population_faults.h"
#include "values/units.h"
#include "values/utf8.h"

namespace aceso::population {
namespace {

using Role = CsvColumn::Role;

char delimiter_of(std::string_view line) {
  std::array<std::size_t, 3> counts{};
  constexpr std::string_view delimiters = ",;\t";
  bool inside = false;
  for (const char c : line) {
    if (c == '"') inside = !inside;
    const std::size_t which = delimiters.find(c);
    if (!inside && which != std::string_view::npos) ++counts[which];
  }
  return delimiters[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

class HeaderReader {
public:
  HeaderReader(const Dictionary& dictionary, const CsvOptions& options) : dictionary_(dictionary), options_(options) {
    for (const InputInfo& input : dictionary.inputs)
      names_.emplace_back(input.name);
  }

  CsvHeader read(std::string_view line) {
    header_.delimiter = options_.delimiter != '\0' ? options_.delimiter : delimiter_of(line);
    std::string padded(line);
    if (!padded.ends_with('\n')) padded += '\n';
    const std::size_t size = padded.size();
    padded.append(block_bytes, '\0');
    CsvSplitter splitter(std::string_view(padded).substr(0, size), header_.delimiter, 1);
    CsvRecord record;
    if (!splitter.next(record)) {
      fault(FaultKind::no_header, {});
      return std::move(header_);
    }
    for (const std::string_view cell : record.cells)
      add(std::string(trimmed(cell)));
    const bool has_now = std::ranges::any_of(header_.columns, [](const CsvColumn& c) { return c.role == Role::now; });
    if (!has_now && !options_.at) fault(FaultKind::no_instant, {"the file"});
    return std::move(header_);
  }

private:
  void fault(FaultKind kind, std::initializer_list<std::string> arguments) {
    header_.faults.push_back(make_fault(kind, "line 1", arguments));
  }

  void add(const std::string& name) {
    CsvColumn column = column_of(name);
    const auto is_same = [&](const CsvColumn& other) {
      if (column.role == Role::ignored) return false;
      return other.role == column.role && (column.role != Role::input || other.input == column.input);
    };
    if (std::ranges::any_of(header_.columns, is_same)) fault(FaultKind::repeated_column, {aceso::quoted(name)});
    header_.columns.push_back(std::move(column));
  }

  CsvColumn column_of(const std::string& name) {
    if (name == "id") return {Role::id, name, {}};
    if (name == "now" || name == "at") return {Role::now, name, {}};
    if (name == "time_zone") return {Role::time_zone, name, {}};
    std::string_view word = name;
    std::string unit;
    // "pressure [mm[Hg]]": a unit may have brackets of its own.
    if (const std::size_t bracket = name.find('['); name.ends_with(']') && bracket != std::string::npos) {
      unit = trimmed(std::string_view(name).substr(bracket + 1, name.size() - bracket - 2));
      word = trimmed(word.substr(0, bracket));
    }
    constexpr std::string_view prefix = "inputs.";
    if (word.starts_with(prefix)) word.remove_prefix(prefix.size());
    const auto found = std::ranges::find(names_, word);
    if (found == names_.end()) {
      if (!options_.ignore_other_columns)
        fault(FaultKind::unknown_column, {aceso::quoted(name), dictionary_.guideline.id, did_you_mean(word, names_)});
      return {Role::ignored, name, {}};
    }
    const InputId input(static_cast<std::size_t>(found - names_.begin()));
    if (!unit.empty()) check_unit(name, input, unit);
    return {Role::input, name, input, unit};
  }

  /// What a bare number of the column would mean is told now, not at each cell.
  void check_unit(const std::string& name, InputId input, const std::string& unit) {
    const TypeInfo& type = dictionary_[dictionary_[input].type];
    const bool is_number = type.kind == TypeKind::number || type.kind == TypeKind::duration;
    if (!is_number || type.unit.empty()) {
      fault(FaultKind::bad_column_unit, {aceso::quoted(name), aceso::quoted(unit), "the input takes no unit"});
      return;
    }
    const auto known = std::ranges::find(dictionary_.units, unit, &UnitName::name);
    const std::string code = known == dictionary_.units.end() ? unit : known->code;
    const InputInfo& info = dictionary_[input];
    const bool can_be_converted =
        code == type.unit ||
        (units::is_valid(code) && (units::is_comparable(code, type.unit) || conversion_for(info, code, type.unit)));
    if (!can_be_converted)
      fault(FaultKind::bad_column_unit,
            {aceso::quoted(name), aceso::quoted(unit), "it cannot be converted into " + type.unit});
  }

  const Dictionary& dictionary_;
  const CsvOptions& options_;
  std::vector<std::string_view> names_;
  CsvHeader header_;
};

} // namespace

CsvHeader read_header(const Dictionary& dictionary, std::string_view line, const CsvOptions& options) {
  return HeaderReader(dictionary, options).read(line);
}

CsvReader::CsvReader(const Module& module, CsvHeader header, const CsvOptions& options)
    : module_(module), header_(std::move(header)), at_(options.at), at_text_(at_ ? to_text(*at_) : std::string()) {
  for (std::size_t i = 0; i < header_.columns.size(); ++i) {
    const CsvColumn& column = header_.columns[i];
    switch (column.role) {
    case Role::input:
      inputs_.push_back({i, std::make_unique<InputReader>(module_, column.input, Spelling::cell, column.unit)});
      break;
    case Role::id: id_ = i; break;
    case Role::now: now_ = i; break;
    case Role::time_zone: time_zone_ = i; break;
    case Role::ignored: break;
    }
  }
}

void CsvReader::read(std::string_view text, std::uint64_t first_line, Patients& patients) {
  all_utf8_ = is_ascii(text) || is_utf8(text);
  if (all_utf8_) {
    read_by_columns(text, first_line, patients);
  } else {
    read_alone(text, first_line, patients);
  }
}

/// One record after the other.
void CsvReader::read_alone(std::string_view text, std::uint64_t line, Patients& patients) {
  CsvSplitter splitter(text, header_.delimiter, line);
  CsvRecord record;
  while (splitter.next(record))
    read_irregular(text, record, patients);
}

void CsvReader::read_by_columns(std::string_view text, std::uint64_t line, Patients& patients) {
  CellIndex index(text, header_.delimiter);
  while (index.next()) {
    for (const CellIndex::Record& record : index.records()) {
      const std::uint32_t begin = index.begins()[record.first_cell];
      const std::uint32_t end = index.ends()[record.first_cell + record.cells - 1] + 1;
      if (!add_to_sheaf(text, index, record, line)) {
        read_sheaf(text, index, patients);
        read_alone(text.substr(begin, end - begin), line, patients);
      }
      ++line;
      if (record.quotes != 0) line += count_of(text.substr(begin, end - begin - 1), '\n');
    }
    read_sheaf(text, index, patients);
  }
}

/// Takes the quotation marks off; false where that takes a closer look.
bool CsvReader::unquote(std::string_view text, CellIndex& index, const CellIndex::Record& record) {
  std::uint32_t marks = 0;
  for (std::uint32_t i = record.first_cell; i < record.first_cell + record.cells; ++i) {
    std::uint32_t &begin = index.begins()[i], &end = index.ends()[i];
    if (end - begin < 2 || text[begin] != '"' || text[end - 1] != '"') continue;
    ++begin;
    --end;
    marks += 2;
  }
  return marks == record.quotes;
}

bool CsvReader::add_to_sheaf(std::string_view text, CellIndex& index, const CellIndex::Record& record,
                             std::uint64_t line) {
  if (record.cells != header_.columns.size()) return false;
  std::uint32_t& end = index.ends()[record.first_cell + record.cells - 1];
  if (end > index.begins()[record.first_cell + record.cells - 1] && text[end - 1] == '\r') --end;
  if (record.quotes != 0 && !unquote(text, index, record)) return false;
  const auto cell = [&](std::size_t i) {
    const std::uint32_t begin = index.begins()[record.first_cell + i];
    return trimmed(text.substr(begin, index.ends()[record.first_cell + i] - begin));
  };
  // An empty line is no record.
  if (record.cells == 1 && end == index.begins()[record.first_cell]) return false;
  if (time_zone_ != none && !cell(time_zone_).empty()) return false;
  std::optional<ZonedInstant> now = at_;
  if (now_ != none) {
    const std::string_view said = cell(now_);
    const std::optional<ZonedInstant> stated = read_now(said);
    if (!stated && !(said.empty() && at_)) return false;
    if (!at_) now = stated;
  }
  if (!now) return false;
  if (sheaf_.lines.empty()) sheaf_.first_cell = record.first_cell;
  sheaf_.lines.push_back(line);
  sheaf_.ids.push_back(id_ == none ? std::string_view{} : cell(id_));
  sheaf_.nows.push_back(*now);
  return true;
}

void CsvReader::read_sheaf(std::string_view text, CellIndex& index, Patients& patients) {
  const std::size_t count = sheaf_.lines.size(), stride = header_.columns.size();
  if (count == 0) return;
  patients.reserve(count);
  const std::uint32_t* const begins = index.begins() + sheaf_.first_cell;
  const std::uint32_t* const ends = index.ends() + sheaf_.first_cell;
  const bool is_read = std::ranges::all_of(inputs_, [&](const InputColumn& input) {
    Column& column = patients.columns()[input.reader->input().index()];
    return input.reader->read_cells({text.data(), begins + input.column, ends + input.column, stride, count}, column,
                                    patients.row());
  });
  for (std::size_t i = 0; i < count; ++i)
    if (sheaf_.ids[i].empty()) sheaf_.ids[i] = patients.keep(std::to_string(sheaf_.lines[i]));
  if (is_read) {
    patients.commit(sheaf_.ids, sheaf_.lines, sheaf_.nows);
  } else {
    // One of them needs a closer look: the others are read again one by one.
    patients.abandon(count);
    CsvRecord record;
    for (std::size_t i = 0; i < count; ++i) {
      record.cells.clear();
      for (std::size_t c = 0; c < stride; ++c)
        record.cells.push_back(text.substr(begins[i * stride + c], ends[i * stride + c] - begins[i * stride + c]));
      record.line = sheaf_.lines[i];
      read_record(record, patients);
    }
  }
  sheaf_.lines.clear();
  sheaf_.ids.clear();
  sheaf_.nows.clear();
}

void CsvReader::read_irregular(std::string_view text, const CsvRecord& record, Patients& patients) {
  const auto reject = [&](CaseFault fault) {
    const bool has_id = id_ < record.cells.size() && is_utf8(record.cells[id_]);
    patients.rejects.push_back({record.line, has_id ? std::string(record.cells[id_]) : std::string(), {}});
    patients.rejects.back().faults.push_back(std::move(fault));
  };
  if (!all_utf8_ && !is_utf8(text.substr(record.begin, record.end - record.begin))) {
    reject(make_fault(FaultKind::not_utf8, "$", {}));
  } else if (record.stray_quote >= 0) {
    const auto column = static_cast<std::size_t>(record.stray_quote);
    const std::string name =
        column < header_.columns.size() ? aceso::quoted(header_.columns[column].name) : std::to_string(column + 1);
    reject(make_fault(FaultKind::stray_quote, "$", {name}));
  } else if (record.cells.size() != header_.columns.size()) {
    reject(make_fault(FaultKind::wrong_cell_count, "$",
                      {std::to_string(record.cells.size()), std::to_string(header_.columns.size())}));
  } else {
    read_record(record, patients);
  }
}

std::optional<ZonedInstant> CsvReader::read_now(std::string_view cell) {
  if (cell != last_now_text_) {
    last_now_text_ = cell;
    last_now_ = states_offset(cell) ? parse_instant(cell) : std::nullopt;
  }
  return last_now_;
}

void CsvReader::read_record(const CsvRecord& record, Patients& patients) {
  const std::size_t row = patients.row();
  std::vector<Column>& columns = patients.columns();
  std::string_view id;
  if (id_ != none) id = trimmed(record.cells[id_]);
  if (id.empty()) id = patients.keep(std::to_string(record.line));
  if (record.own_cells != 0) id = patients.keep(std::string(id)); // the record goes, the id stays
  std::optional<ZonedInstant> now = at_;
  bool is_plain = time_zone_ == none || trimmed(record.cells[time_zone_]).empty();
  if (is_plain && now_ != none) {
    const std::string_view cell = trimmed(record.cells[now_]);
    const std::optional<ZonedInstant> stated = read_now(cell);
    is_plain = stated || (cell.empty() && at_);
    if (!at_) now = stated;
  }
  for (const InputColumn& input : inputs_) {
    if (!is_plain) break;
    const std::string_view cell = trimmed(record.cells[input.column]);
    is_plain = input.reader->read(cell, columns[input.reader->input().index()], row);
  }
  if (is_plain && now) {
    patients.commit(id, record.line, *now);
  } else {
    patients.abandon();
    read_whole(record, id, patients);
  }
}

/// As the case that the row stands for; what is wrong with it is told by the reader of cases.
void CsvReader::read_whole(const CsvRecord& record, std::string_view id, Patients& patients) {
  std::string json = "{";
  std::string inputs;
  for (std::size_t i = 0; i < header_.columns.size(); ++i) {
    const CsvColumn& column = header_.columns[i];
    const std::string_view cell = trimmed(record.cells[i]);
    if (cell.empty() || column.role == Role::id || column.role == Role::ignored) continue;
    if (column.role == Role::now) json += "\"now\":" + json_quoted(cell) + ",";
    if (column.role == Role::time_zone) json += "\"time_zone\":" + json_quoted(cell) + ",";
    if (column.role != Role::input) continue;
    const InputInfo& input = module_.dictionary[column.input];
    inputs += inputs.empty() ? "" : ",";
    inputs += json_quoted(input.name) + ":" + cell_as_json(module_.dictionary[input.type], column.unit, cell);
  }
  json += "\"inputs\":{" + inputs + "}}";
  CaseReadOptions options;
  options.at_override = at_text_;
  CaseReadResult read = read_case(module_.dictionary, json, options);
  if (!read.ok()) {
    patients.rejects.push_back({record.line, std::string(id), std::move(read.faults)});
    return;
  }
  const ZonedInstant now = read.patient_case.now;
  patients.whole.push_back({patients.row(), std::move(read.patient_case)});
  patients.commit(id, record.line, now);
}

} // namespace aceso::population
