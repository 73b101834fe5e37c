#include "population/result_writer.h"

#include <algorithm>
#include <array>

#include "module/json_writer.h"
#include "module/value_writer.h"
#include "population/csv_split.h"

namespace aceso::population {
namespace {

constexpr std::array reserved = {
    std::string_view("id"),       std::string_view("applies"),           std::string_view("stage"),
    std::string_view("cautions"), std::string_view("possible_cautions"), std::string_view("missing")};

/// The name of a column; it says its kind where it would be read as another one.
std::string column_name(std::string_view kind, const std::string& name) {
  const bool is_taken = std::ranges::find(reserved, name) != reserved.end();
  return is_taken ? std::string(kind) + "." + name : name;
}

} // namespace

ResultWriter::ResultWriter(const Module& module, ResultOptions options)
    : module_(module), options_(std::move(options)), actions_(spoken_of(module)),
      pieces_(actions_.size(), std::vector<std::string>(Advice::codes)) {}

std::string ResultWriter::header() const {
  if (options_.format == FileFormat::ndjson) return {};
  const Dictionary& names = module_.dictionary;
  std::string line = "id,applies";
  for (const ActionId id : actions_) {
    const std::string name = column_name("actions", names[id].name);
    line += "," + name;
    if (options_.advice_details) line += "," + name + ".verb," + name + ".strength," + name + ".urgency";
  }
  line += ",stage";
  for (const DefinitionId id : options_.wanted.values) {
    const DefinitionInfo& info = names.definitions[id.index()];
    const std::string& unit = names[info.type].unit;
    line += ",";
    append_csv(line, column_name("values", info.name) + (unit.empty() ? "" : " [" + unit + "]"));
  }
  line += ",cautions,possible_cautions";
  if (options_.wanted.missing) line += ",missing";
  return line + "\n";
}

const std::string& ResultWriter::piece(std::size_t action, Advice advice) {
  std::string& text = pieces_[action][advice.code()];
  if (!text.empty()) return text;
  const std::string_view verb = advice.verb() ? to_text(*advice.verb()) : std::string_view{};
  const std::string_view strength = to_text(advice.strength()), urgency = to_text(advice.urgency());
  if (options_.format == FileFormat::csv) {
    text.append(",").append(to_text(advice.status()));
    if (!options_.advice_details) return text;
    for (const std::string_view each : {verb, strength, urgency})
      text.append(",").append(each);
    return text;
  }
  JsonWriter writer(true);
  writer.begin_object();
  writer.key("status");
  writer.string(to_text(advice.status()));
  const auto add = [&](std::string_view name, std::string_view word) {
    if (word.empty()) return;
    writer.key(name);
    writer.string(word);
  };
  add("verb", verb);
  add("strength", strength);
  add("urgency", urgency);
  writer.end_object();
  text = json_quoted(module_.dictionary[actions_[action]].name) + ":" + writer.take();
  return text;
}

Zone ResultWriter::zone_of(const Patients& patients, std::size_t row) const {
  const auto found = std::ranges::lower_bound(patients.whole, row, {}, &WholePatient::row);
  if (found != patients.whole.end() && found->row == row) return found->patient_case.zone();
  return Zone(patients.now(row).offset_seconds);
}

void ResultWriter::append_cautions(const Outcomes& outcomes, std::size_t row, Truth which, std::string& out) const {
  const bool is_csv = options_.format == FileFormat::csv;
  bool is_first = true;
  for (std::size_t c = 0; c < outcomes.cautions.size(); ++c) {
    if (outcomes.cautions[c][row] != which) continue;
    if (!is_first) out += is_csv ? ' ' : ',';
    is_first = false;
    const std::string& name = module_.dictionary.cautions[c].name;
    if (is_csv) {
      out += name;
    } else {
      out.append("\"").append(name).append("\"");
    }
  }
}

void ResultWriter::append_value_csv(std::size_t which, const Value& value, const Zone& zone, std::string& out) const {
  const TypeId type = module_.dictionary.definitions[options_.wanted.values[which].index()].type;
  if (value.is<bool>()) {
    out += value.as<bool>() ? "yes" : "no";
  } else if (value.is<Rational>()) {
    out += value.as<Rational>().to_text();
  } else if (value.is<Choice>() || value.is<Date>() || value.is<TimeOfDay>()) {
    append_csv(out, to_text(module_.dictionary, type, value));
  } else if (value.is<Instant>()) {
    out += to_text(zone.at(value.as<Instant>()));
  } else if (value.is<Unknown>() || value.is<Boxed<NumberBounds>>()) {
    out.append("unknown:").append(to_text(value.reason()));
  } else {
    JsonWriter writer(true);
    write_value(writer, module_.dictionary, type, value, zone);
    append_csv(out, writer.take());
  }
}

void ResultWriter::write_csv(const Patients& patients, const Outcomes& outcomes, std::size_t row, std::string& out) {
  append_csv(out, patients.id(row));
  out.append(",").append(to_text(outcomes.applies[row]));
  for (std::size_t a = 0; a < actions_.size(); ++a)
    out += piece(a, outcomes.advice[a][row]);
  out += ',';
  if (outcomes.stages[row] != 0) out += module_.dictionary.stages[outcomes.stages[row] - 1].name;
  for (std::size_t v = 0; v < outcomes.values.size(); ++v) {
    out += ',';
    append_value_csv(v, outcomes.values[v][row], zone_of(patients, row), out);
  }
  out += ',';
  append_cautions(outcomes, row, Truth::yes, out);
  out += ',';
  append_cautions(outcomes, row, Truth::unknown, out);
  if (options_.wanted.missing) {
    out += ',';
    if (next_missing_ != end_missing_ && next_missing_->row == row) {
      bool is_first = true;
      for (const InputId input : next_missing_->inputs) {
        if (!std::exchange(is_first, false)) out += ' ';
        out += module_.dictionary[input].name;
      }
    }
  }
  out += '\n';
}

void ResultWriter::write_json(const Patients& patients, const Outcomes& outcomes, std::size_t row, std::string& out) {
  const Dictionary& names = module_.dictionary;
  out.append("{\"id\":").append(json_quoted(patients.id(row)));
  if (options_.wanted.full) {
    out.append(",\"decision\":").append(outcomes.full[row]).append("}\n");
    return;
  }
  out.append(",\"applies\":\"").append(to_text(outcomes.applies[row])).append("\",\"actions\":{");
  bool is_first = true;
  for (std::size_t a = 0; a < actions_.size(); ++a) {
    const Advice advice = outcomes.advice[a][row];
    if (advice.status() == RecommendationStatus::not_advised) continue;
    if (!std::exchange(is_first, false)) out += ',';
    out += piece(a, advice);
  }
  out += "},\"stage\":";
  if (outcomes.stages[row] == 0) {
    out += "null";
  } else {
    out.append("\"").append(names.stages[outcomes.stages[row] - 1].name).append("\"");
  }
  if (!outcomes.values.empty()) {
    JsonWriter writer(true);
    writer.begin_object();
    for (std::size_t v = 0; v < outcomes.values.size(); ++v) {
      const DefinitionInfo& info = names.definitions[options_.wanted.values[v].index()];
      writer.key(info.name);
      write_value(writer, names, info.type, outcomes.values[v][row], zone_of(patients, row));
    }
    writer.end_object();
    out.append(",\"values\":").append(writer.take());
  }
  out += ",\"cautions\":[";
  append_cautions(outcomes, row, Truth::yes, out);
  out += "],\"possible_cautions\":[";
  append_cautions(outcomes, row, Truth::unknown, out);
  out += ']';
  if (options_.wanted.missing) {
    out += ",\"missing\":[";
    if (next_missing_ != end_missing_ && next_missing_->row == row) {
      is_first = true;
      for (const InputId input : next_missing_->inputs) {
        if (!std::exchange(is_first, false)) out += ',';
        out.append("\"").append(names[input].name).append("\"");
      }
    }
    out += ']';
  }
  out += "}\n";
}

void ResultWriter::write(const Patients& patients, const Outcomes& outcomes, std::string& out) {
  next_missing_ = outcomes.missing.data();
  end_missing_ = next_missing_ + outcomes.missing.size();
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) continue;
    while (next_missing_ != end_missing_ && next_missing_->row < row)
      ++next_missing_;
    if (options_.format == FileFormat::csv) {
      write_csv(patients, outcomes, row, out);
    } else {
      write_json(patients, outcomes, row, out);
    }
  }
}

std::string line_of_reject(const Reject& reject) {
  JsonWriter writer(true);
  writer.begin_object();
  writer.key("line");
  writer.number(std::to_string(reject.line));
  writer.key("id");
  writer.string_or_null(reject.id);
  writer.key("faults");
  writer.begin_array();
  for (const CaseFault& fault : reject.faults) {
    writer.begin_object();
    writer.key("id");
    writer.string(fault.id);
    writer.key("path");
    writer.string(fault.path);
    writer.key("message");
    writer.string(fault.message);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return writer.take() + "\n";
}

} // namespace aceso::population
