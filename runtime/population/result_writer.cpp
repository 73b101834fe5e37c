#include "population/result_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "explain/decision_words.h"
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

/// Whether a JSON string of this text is the text between quotation marks. By words of 8 bytes, like LineScanner.
bool is_plain_in_json(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
}

/// One move copies so many bytes, whatever the size of the piece.
constexpr std::size_t move_bytes = 64;

} // namespace

/// Writes behind a text, with room to spare so that short pieces are one move each.
class ResultWriter::Sink {
public:
  explicit Sink(std::string& text)
      : text_(text), begin_(text.data()), at_(begin_ + text.size()), end_(begin_ + text.size()) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() { text_.resize(size()); }

  /// `move_bytes` can be read from where the text begins. Inline wherever it is called: it is a dozen instructions, and
  /// most of what there is to do for a patient.
  [[gnu::always_inline]] void append_piece(const char* text, std::size_t size) {
    if (size > move_bytes) {
      append(std::string_view(text, size));
      return;
    }
    make_room(move_bytes);
    std::memcpy(at_, text, move_bytes);
    at_ += size;
  }
  void append(std::string_view text) {
    make_room(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// Takes the last byte back where it is this one.
  void take_back(char byte) { at_ -= static_cast<std::ptrdiff_t>(at_[-1] == byte); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

private:
  void make_room(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) >= bytes) return;
    constexpr std::size_t step = 1u << 14;
    const std::size_t size = this->size();
    text_.resize(size + bytes + step);
    begin_ = text_.data();
    at_ = begin_ + size;
    end_ = begin_ + text_.size();
  }
  std::string& text_;
  char *begin_, *at_, *end_;
};

ResultWriter::ResultWriter(const Module& module, ResultOptions options)
    : module_(module), options_(std::move(options)), actions_(spoken_of(module)), terms_(terms_of(module)),
      fields_(fields_of(module)), texts_(move_bytes, '\0') {}

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

std::string ResultWriter::advice_text(std::size_t action, Advice advice) const {
  const std::string_view verb = advice.verb() ? to_text(*advice.verb()) : std::string_view{};
  const std::string_view strength = to_text(advice.strength());
  const std::string urgency =
      urgency_text(advice.urgency(), advice.term() ? std::optional(terms_[action][*advice.term()]) : std::nullopt);
  if (options_.format == FileFormat::csv) {
    std::string text = "," + std::string(to_text(advice.status()));
    if (options_.advice_details)
      for (const std::string_view each : {verb, strength, std::string_view(urgency)})
        text.append(",").append(each);
    return text;
  }
  if (advice.status() == RecommendationStatus::not_advised) return {};
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
  return json_quoted(module_.dictionary[actions_[action]].name) + ":" + writer.take() + ",";
}

/// With what divides it from the next one behind it.
std::string ResultWriter::caution_text(std::size_t caution) const {
  const std::string& name = module_.dictionary.cautions[caution].name;
  return options_.format == FileFormat::csv ? name + " " : "\"" + name + "\",";
}

std::string ResultWriter::text_of(Field field, std::uint32_t code) const {
  const bool is_csv = options_.format == FileFormat::csv;
  if (field.kind == Field::Kind::advice) return advice_text(field.index, Advice(code));
  if (field.kind == Field::Kind::applies) {
    const std::string word(to_text(static_cast<Truth>(code)));
    return is_csv ? "," + word : ",\"applies\":\"" + word + "\",\"actions\":{";
  }
  if (code == 0) return is_csv ? "," : "},\"stage\":null";
  const std::string& name = module_.dictionary.stages[code - 1].name;
  return is_csv ? "," + name : "},\"stage\":\"" + name + "\"";
}

ResultWriter::Piece ResultWriter::keep(std::string_view text) {
  const std::size_t begin = texts_.size() - move_bytes;
  texts_.insert(begin, text);
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size())};
}

ResultWriter::Pieces ResultWriter::make_pieces(std::size_t first_field, std::span<const std::uint32_t> codes) {
  std::string text, possible;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const Field field = fields_[first_field + i];
    if (field.kind != Field::Kind::caution) {
      text += text_of(field, codes[i]);
    } else if (const auto truth = static_cast<Truth>(codes[i]); truth != Truth::no) {
      (truth == Truth::yes ? text : possible) += caution_text(field.index);
    }
  }
  return {true, keep(text), keep(possible)};
}

/// Makes the texts of all keys of the rows that are not known yet.
void ResultWriter::learn(const Outcomes& outcomes, std::size_t rows, Decider& decider) {
  pieces_.resize(outcomes.keys.size());
  for (std::size_t g = 0; g < outcomes.keys.size(); ++g) {
    std::vector<Pieces>& pieces = pieces_[g];
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint32_t key = outcomes.keys[g][row];
      if (key < pieces.size() && pieces[key].is_made) continue;
      if (outcomes.is_refused[row] != 0) continue;
      if (key >= pieces.size()) pieces.resize(key + std::size_t{1});
      pieces[key] = make_pieces(decider.groups()[g].first, decider.meaning(g, key));
    }
  }
}

Zone ResultWriter::zone_of(const Patients& patients, std::size_t row) const {
  const auto found = std::ranges::lower_bound(patients.whole, row, {}, &WholePatient::row);
  if (found != patients.whole.end() && found->row == row) return found->patient_case.zone();
  return Zone(patients.now(row).offset_seconds);
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

void ResultWriter::write_values(const Patients& patients, const Outcomes& outcomes, std::size_t row, Sink& out) const {
  const Dictionary& names = module_.dictionary;
  if (options_.format == FileFormat::csv) {
    for (std::size_t v = 0; v < outcomes.values.size(); ++v) {
      std::string text = ",";
      append_value_csv(v, outcomes.values[v][row], zone_of(patients, row), text);
      out.append(text);
    }
    return;
  }
  JsonWriter writer(true);
  writer.begin_object();
  for (std::size_t v = 0; v < outcomes.values.size(); ++v) {
    const DefinitionInfo& info = names.definitions[options_.wanted.values[v].index()];
    writer.key(info.name);
    write_value(writer, names, info.type, outcomes.values[v][row], zone_of(patients, row));
  }
  writer.end_object();
  out.append(",\"values\":" + writer.take());
}

void ResultWriter::write_missing(std::size_t row, Sink& out) const {
  const bool is_csv = options_.format == FileFormat::csv;
  std::string text;
  if (next_missing_ != end_missing_ && next_missing_->row == row) {
    for (const InputId input : next_missing_->inputs) {
      if (!text.empty()) text += is_csv ? ' ' : ',';
      const std::string& name = module_.dictionary[input].name;
      text += is_csv ? name : "\"" + name + "\"";
    }
  }
  out.append(is_csv ? "," + text : ",\"missing\":[" + text + "]");
}

void ResultWriter::write_full(const Patients& patients, const Outcomes& outcomes, Sink& out) const {
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) continue;
    out.append("{\"id\":");
    out.append(json_quoted(patients.id(row)));
    out.append(",\"decision\":");
    out.append(outcomes.full[row]);
    out.append("}\n");
  }
}

void ResultWriter::write(const Patients& patients, const Outcomes& outcomes, Decider& decider, std::string& out) {
  next_missing_ = outcomes.missing.data();
  end_missing_ = next_missing_ + outcomes.missing.size();
  const bool is_csv = options_.format == FileFormat::csv;
  Sink sink(out);
  if (options_.wanted.full) return write_full(patients, outcomes, sink);
  const std::size_t rows = patients.count();
  learn(outcomes, rows, decider);
  // Applies and advice; the stage; cautions.
  const std::size_t groups = outcomes.keys.size();
  std::size_t stage = 0;
  while (fields_[decider.groups()[stage].first].kind != Field::Kind::stage)
    ++stage;
  const auto append = [&](std::size_t group, std::size_t row, Piece Pieces::*which) {
    const Piece piece = pieces_[group][outcomes.keys[group][row]].*which;
    sink.append_piece(texts_.data() + piece.begin, piece.size);
  };
  const bool has_refusals = !outcomes.refusals.empty();
  std::string quoted;
  for (std::size_t row = 0; row < rows; ++row) {
    if (has_refusals && outcomes.is_refused[row] != 0) continue;
    while (next_missing_ != end_missing_ && next_missing_->row < row)
      ++next_missing_;
    const std::string_view id = patients.id(row);
    if (is_csv) {
      if (needs_quotes_in_csv(id)) {
        quoted.clear();
        append_csv(quoted, id);
        sink.append(quoted);
      } else {
        sink.append(id);
      }
    } else if (is_plain_in_json(id)) {
      sink.append("{\"id\":\"");
      sink.append(id);
      sink.append("\"");
    } else {
      sink.append("{\"id\":");
      sink.append(json_quoted(id));
    }
    for (std::size_t g = 0; g < stage; ++g)
      append(g, row, &Pieces::text);
    if (!is_csv) sink.take_back(','); // behind the last action
    append(stage, row, &Pieces::text);
    if (!outcomes.values.empty()) write_values(patients, outcomes, row, sink);
    sink.append(is_csv ? "," : ",\"cautions\":[");
    for (std::size_t g = stage + 1; g < groups; ++g)
      append(g, row, &Pieces::text);
    sink.take_back(is_csv ? ' ' : ',');
    sink.append(is_csv ? "," : "],\"possible_cautions\":[");
    for (std::size_t g = stage + 1; g < groups; ++g)
      append(g, row, &Pieces::possible);
    sink.take_back(is_csv ? ' ' : ',');
    if (!is_csv) sink.append("]");
    if (options_.wanted.missing) write_missing(row, sink);
    sink.append(is_csv ? "\n" : "}\n");
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
