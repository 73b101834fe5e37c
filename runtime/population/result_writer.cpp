#include "population/result_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

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

TextPiece::TextPiece(std::string_view text) : bytes(text), size(text.size()) { bytes.append(move_bytes, '\0'); }

/// Writes behind a text, with room to spare so that short pieces are one move each.
class ResultWriter::Sink {
public:
  explicit Sink(std::string& text)
      : text_(text), begin_(text.data()), at_(begin_ + text.size()), end_(begin_ + text.size()) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() { text_.resize(size()); }

  /// Inline wherever it is called: it is a dozen instructions, and most of what there is to do for a patient.
  [[gnu::always_inline]] void append(const TextPiece& piece) {
    if (piece.size > TextPiece::move_bytes) {
      append(std::string_view(piece.bytes).substr(0, piece.size));
      return;
    }
    make_room(TextPiece::move_bytes);
    std::memcpy(at_, piece.bytes.data(), TextPiece::move_bytes);
    at_ += piece.size;
  }
  void append(std::string_view text) {
    make_room(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// Takes the last byte back.
  void take_back() { --at_; }
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
    : module_(module), options_(std::move(options)), actions_(spoken_of(module)),
      advice_places_(actions_.size(), std::vector<std::uint32_t>(Advice::codes)), advice_pieces_(1) {
  const bool is_csv = options_.format == FileFormat::csv;
  for (const Truth truth : {Truth::no, Truth::unknown, Truth::yes}) {
    const std::string word(to_text(truth));
    applies_pieces_[static_cast<std::size_t>(truth)] =
        TextPiece(is_csv ? "," + word : ",\"applies\":\"" + word + "\",\"actions\":{");
  }
  stage_pieces_.emplace_back(is_csv ? "," : "},\"stage\":null");
  for (const StageInfo& stage : module.dictionary.stages)
    stage_pieces_.emplace_back(is_csv ? "," + stage.name : "},\"stage\":\"" + stage.name + "\"");
  const std::size_t groups = (module.cautions.size() + cautions_in_group - 1) / cautions_in_group;
  caution_pieces_.assign(groups, std::vector<CautionPieces>(group_codes));
  row_cautions_.resize(groups);
}

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

inline const TextPiece& ResultWriter::advice_piece(std::size_t action, Advice advice) {
  std::uint32_t& place = advice_places_[action][advice.code()];
  if (place == 0) place = add_advice_piece(action, advice);
  return advice_pieces_[place];
}

std::uint32_t ResultWriter::add_advice_piece(std::size_t action, Advice advice) {
  advice_pieces_.push_back(make_advice_piece(action, advice));
  return static_cast<std::uint32_t>(advice_pieces_.size() - 1);
}

TextPiece ResultWriter::make_advice_piece(std::size_t action, Advice advice) const {
  const std::string_view verb = advice.verb() ? to_text(*advice.verb()) : std::string_view{};
  const std::string_view strength = to_text(advice.strength()), urgency = to_text(advice.urgency());
  if (options_.format == FileFormat::csv) {
    std::string text = "," + std::string(to_text(advice.status()));
    if (options_.advice_details)
      for (const std::string_view each : {verb, strength, urgency})
        text.append(",").append(each);
    return TextPiece(text);
  }
  if (advice.status() == RecommendationStatus::not_advised) return TextPiece("");
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
  return TextPiece(json_quoted(module_.dictionary[actions_[action]].name) + ":" + writer.take() + ",");
}

Zone ResultWriter::zone_of(const Patients& patients, std::size_t row) const {
  const auto found = std::ranges::lower_bound(patients.whole, row, {}, &WholePatient::row);
  if (found != patients.whole.end() && found->row == row) return found->patient_case.zone();
  return Zone(patients.now(row).offset_seconds);
}

/// Each name has what divides it from the next one behind it.
TextPiece ResultWriter::make_cautions_piece(std::size_t first, std::size_t code, Truth which) const {
  std::string text;
  const std::size_t end = std::min(first + cautions_in_group, module_.cautions.size());
  for (std::size_t c = first; c < end; ++c, code /= 3) {
    if (static_cast<Truth>(code % 3) != which) continue;
    const std::string& name = module_.dictionary.cautions[c].name;
    text += options_.format == FileFormat::csv ? name + " " : "\"" + name + "\",";
  }
  return TextPiece(text);
}

void ResultWriter::write_cautions(const Outcomes& outcomes, std::size_t row, Sink& out) {
  const bool is_csv = options_.format == FileFormat::csv;
  for (std::size_t g = 0; g < caution_pieces_.size(); ++g) {
    const std::size_t first = g * cautions_in_group;
    std::size_t code = 0, weight = 1;
    for (std::size_t c = first; c < std::min(first + cautions_in_group, outcomes.cautions.size()); ++c, weight *= 3)
      code += weight * static_cast<std::size_t>(outcomes.cautions[c][row]);
    CautionPieces& pieces = caution_pieces_[g][code];
    if (!pieces.is_made)
      pieces = {make_cautions_piece(first, code, Truth::yes), make_cautions_piece(first, code, Truth::unknown), true};
    row_cautions_[g] = &pieces;
  }
  const auto write_names = [&](TextPiece CautionPieces::*which) {
    const std::size_t before = out.size();
    for (const CautionPieces* pieces : row_cautions_)
      out.append(pieces->*which);
    if (out.size() != before) out.take_back();
  };
  out.append(is_csv ? "," : ",\"cautions\":[");
  write_names(&CautionPieces::certain);
  out.append(is_csv ? "," : "],\"possible_cautions\":[");
  write_names(&CautionPieces::possible);
  if (!is_csv) out.append("]");
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

void ResultWriter::write(const Patients& patients, const Outcomes& outcomes, std::string& out) {
  next_missing_ = outcomes.missing.data();
  end_missing_ = next_missing_ + outcomes.missing.size();
  const bool is_csv = options_.format == FileFormat::csv;
  Sink sink(out);
  std::string id;
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) continue;
    while (next_missing_ != end_missing_ && next_missing_->row < row)
      ++next_missing_;
    if (is_csv) {
      id.clear();
      append_csv(id, patients.id(row));
      sink.append(id);
    } else {
      sink.append("{\"id\":");
      sink.append(json_quoted(patients.id(row)));
      if (options_.wanted.full) {
        sink.append(",\"decision\":");
        sink.append(outcomes.full[row]);
        sink.append("}\n");
        continue;
      }
    }
    sink.append(applies_pieces_[static_cast<std::size_t>(outcomes.applies[row])]);
    const std::size_t before = sink.size();
    for (std::size_t a = 0; a < actions_.size(); ++a)
      sink.append(advice_piece(a, outcomes.advice[a][row]));
    if (!is_csv && sink.size() != before) sink.take_back(); // the comma behind the last one
    sink.append(stage_pieces_[outcomes.stages[row]]);
    if (!outcomes.values.empty()) write_values(patients, outcomes, row, sink);
    write_cautions(outcomes, row, sink);
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
