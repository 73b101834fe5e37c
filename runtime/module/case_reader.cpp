#include <algorithm>
#include <utility>

#include "module/case_assembly.h"
#include "module/value_reader.h"
#include "module/zone_files.h"
#include "values/stable_order.h"

namespace aceso {
namespace {

using Kind = CaseFaultKind;

/// A repeated key anywhere, also where nothing else is read.
void report_repeated_keys(FaultList& faults, const JsonNode& node, const JsonPath& path) {
  std::size_t i = 0;
  for (const JsonNode& item : node.items()) {
    if (faults.is_full()) return;
    const JsonPath item_path = node.kind == JsonKind::object ? JsonPath(path, item.name) : JsonPath(path, i++);
    if (item.is_repeated) faults.add(Kind::duplicate_key, item, item_path, {quoted(item.name)});
    report_repeated_keys(faults, item, item_path);
  }
}

/// Finds inputs by their names. Cases name them mostly in the order of their declaration, so the search goes on behind
/// the last one found; where it is not near, an index of all is made.
class InputNames {
public:
  explicit InputNames(const std::vector<InputInfo>& inputs) : inputs_(inputs) {}

  std::optional<InputId> find(std::string_view name) {
    constexpr std::size_t near = 64;
    for (std::size_t looked = 0; looked < std::min(near, inputs_.size()); ++looked) {
      const std::size_t at = next_ == inputs_.size() ? next_ = 0 : next_;
      ++next_;
      if (inputs_[at].name == name) return InputId(at);
    }
    if (inputs_.size() <= near) return std::nullopt;
    if (sorted_.empty()) {
      for (std::size_t i = 0; i < inputs_.size(); ++i)
        sorted_.emplace_back(inputs_[i].name, InputId(i));
      sort_stably(sorted_, [](const auto& a, const auto& b) { return a < b; });
    }
    const auto found = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(name, InputId(std::size_t{0})));
    if (found == sorted_.end() || found->first != name) return std::nullopt;
    next_ = found->second.index() + 1;
    return found->second;
  }

private:
  const std::vector<InputInfo>& inputs_;
  std::size_t next_ = 0;
  std::vector<std::pair<std::string_view, InputId>> sorted_;
};

class CaseReader {
public:
  CaseReader(const Dictionary& dictionary, const CaseReadOptions& options, FaultList& faults, CaseReadResult& result)
      : dictionary_(dictionary), options_(options), faults_(faults), result_(result), context_{dictionary, faults, {}},
        names_(dictionary.inputs) {}

  void read(const JsonParse& parse) {
    const JsonNode& root = parse.root();
    if (!expect_kind(root, path_, JsonKind::object, "a case")) return;
    if (parse.has_repeated) report_repeated_keys(faults_, root, path_);
    refuse_other_members(faults_, root, path_,
                         {"now", "time_zone", "inputs", "events", "title", "expect", "guideline", "$schema"});
    read_about(root);
    // First, whatever their place in the file: the dates of the rest are read there.
    read_time_zone(root);
    read_now(root);
    if (const JsonNode* inputs = root.member("inputs")) read_present_inputs(*inputs, JsonPath(path_, "inputs"));
    if (const JsonNode* events = root.member("events")) read_events(*events, JsonPath(path_, "events"));
    result_.patient_case = assembly_.finish(dictionary_, now_, faults_);
    result_.patient_case.time_zone = time_zone_;
    result_.patient_case.rules_of_zone = context_.zone;
  }

private:
  bool expect_kind(const JsonNode& node, const JsonPath& path, JsonKind kind, std::string_view what) {
    if (node.kind == kind) return true;
    faults_.add(Kind::wrong_shape, node, path, {what, in_words(kind), in_words(node.kind)});
    return false;
  }

  void read_about(const JsonNode& root) {
    if (const JsonNode* title = root.member("title")) {
      if (expect_kind(*title, JsonPath(path_, "title"), JsonKind::string, "\"title\""))
        result_.title = std::string(title->text);
    }
    if (const JsonNode* expect = root.member("expect")) {
      const JsonPath expect_path(path_, "expect");
      if (expect_kind(*expect, expect_path, JsonKind::array, "\"expect\"")) read_expectations(*expect, expect_path);
    }
    if (const JsonNode* guideline = root.member("guideline")) {
      const JsonPath guideline_path(path_, "guideline");
      if (!expect_kind(*guideline, guideline_path, JsonKind::string, "\"guideline\"")) return;
      if (guideline->text == dictionary_.guideline.id) return;
      faults_.add(Kind::other_guideline, *guideline, guideline_path,
                  {quoted(guideline->text), quoted(dictionary_.guideline.id)});
    }
  }

  void read_expectations(const JsonNode& expect, const JsonPath& path) {
    result_.expectations.reserve(expect.count);
    std::size_t i = 0;
    for (const JsonNode& item : expect.items())
      if (expect_kind(item, JsonPath(path, i++), JsonKind::string, "an expectation"))
        result_.expectations.emplace_back(item.text);
  }

  std::optional<ZonedInstant> read_instant(const JsonNode& node, const JsonPath& path, std::string_view what) {
    if (!expect_kind(node, path, JsonKind::string, what)) return std::nullopt;
    const std::optional<ZonedInstant> instant = parse_instant(node.text, context_.zone);
    if (!instant) faults_.add(Kind::not_an_instant, node, path, {quoted(node.text)});
    return instant;
  }

  void read_time_zone(const JsonNode& root) {
    const JsonNode* node = root.member("time_zone");
    const JsonPath zone_path(path_, "time_zone");
    if (node == nullptr || !expect_kind(*node, zone_path, JsonKind::string, "\"time_zone\"")) return;
    const ZoneFile file = read_zone_file(options_.zone_folder, node->text);
    if (file.problem == ZoneProblem::no_data) {
      faults_.add(Kind::no_zone_data, *node, zone_path, {quoted(node->text), options_.zone_folder});
    } else if (file.problem == ZoneProblem::unknown_name) {
      faults_.add(Kind::unknown_zone, *node, zone_path, {quoted(node->text)});
    } else {
      time_zone_ = std::string(node->text);
      context_.zone = Zone(file.rules);
    }
  }

  /// In the zone of the case, whatever the offset in which it was written.
  [[nodiscard]] ZonedInstant placed(ZonedInstant instant) const {
    return time_zone_.empty() ? instant : context_.zone.at(instant.instant);
  }

  void read_now(const JsonNode& root) {
    const JsonPath now_path(path_, "now");
    if (const JsonNode* now = root.member("now")) {
      now_ = read_instant(*now, now_path, "\"now\"");
      if (now_ && time_zone_.empty() && !states_offset(now->text)) {
        faults_.add(Kind::no_time_zone, *now, now_path, {quoted(now->text)});
        now_.reset();
      }
    } else if (options_.at_override.empty()) {
      faults_.add(Kind::missing_member, root, path_, {"\"now\"", "the instant for which the case is asked"});
    }
    if (now_) now_ = placed(*now_);
    if (now_ && time_zone_.empty()) context_.zone = now_->offset_seconds;
    if (!options_.at_override.empty()) override_now(root, now_path);
  }

  /// The dates of the file keep the zone of the file, or the offset of its own "now".
  void override_now(const JsonNode& root, const JsonPath& now_path) {
    const std::string& text = options_.at_override;
    std::optional<ZonedInstant> instant = parse_instant(text, context_.zone);
    if (!instant) {
      faults_.add(Kind::not_an_instant, root, now_path, {quoted(text)});
    } else if (!now_ && time_zone_.empty() && !states_offset(text)) {
      faults_.add(Kind::no_time_zone, root, now_path, {quoted(text)});
      instant.reset();
    } else if (!now_ && time_zone_.empty()) {
      context_.zone = instant->offset_seconds;
    }
    if (instant) instant = placed(*instant);
    now_ = instant;
  }

  std::optional<InputId> find_input(const JsonNode& node, const JsonPath& path, std::string_view name) {
    if (const auto found = names_.find(name)) return found;
    if (!faults_.is_full()) {
      std::vector<std::string_view> all;
      for (const InputInfo& each : dictionary_.inputs)
        all.push_back(each.name);
      faults_.add(Kind::unknown_input, node, path, {quoted(name), dictionary_.guideline.id, did_you_mean(name, all)});
    }
    return std::nullopt;
  }

  template <class Read>
  void for_each_input(const JsonNode& inputs, const JsonPath& path, Read read) {
    if (!expect_kind(inputs, path, JsonKind::object, "\"inputs\"")) return;
    for (const JsonNode& item : inputs.items()) {
      if (faults_.is_full()) return;
      const JsonPath item_path(path, item.name);
      if (item.is_repeated) continue;
      if (const std::optional<InputId> input = find_input(item, item_path, item.name)) read(*input, item, item_path);
    }
  }

  /// Adds what the value says; nothing where it is at fault.
  void read_fact(InputId input, const JsonNode& node, const JsonPath& path, FactPlace place, std::vector<Fact>& facts) {
    const InputInfo& info = dictionary_[input];
    std::optional<Value> value = read_value(context_, {info, info.type}, node, path);
    place.order = node.order;
    if (value) facts.push_back({input, std::move(*value), place});
  }

  void read_present_inputs(const JsonNode& inputs, const JsonPath& path) {
    std::vector<Fact>& facts = assembly_.present();
    facts.reserve(inputs.count);
    for_each_input(inputs, path, [&](InputId input, const JsonNode& node, const JsonPath& item_path) {
      if (is_series(input, node)) {
        read_series(input, node, item_path);
      } else {
        read_fact(input, node, item_path, {FactPlace::Part::inputs}, facts);
      }
    });
  }

  /// An array is a series of measurements, unless the input is a list and the array looks like a plain list.
  bool is_series(InputId input, const JsonNode& node) const {
    const InputInfo& info = dictionary_[input];
    if (!info.is_series || node.kind != JsonKind::array) return false;
    if (dictionary_[info.type].kind != TypeKind::list) return true;
    return node.count != 0 && node.items().begin()->member("at") != nullptr;
  }

  void read_series(InputId input, const JsonNode& series, const JsonPath& path) {
    if (!is_within_events(series, path)) return;
    std::uint32_t i = 0;
    for (const JsonNode& entry : series.items()) {
      if (faults_.is_full()) return;
      const std::uint32_t position = i++;
      const JsonPath entry_path(path, std::size_t{position});
      if (!expect_kind(entry, entry_path, JsonKind::object, "a measurement")) continue;
      refuse_other_members(faults_, entry, entry_path, {"at", "value", "unit", "unknown"});
      const std::optional<ZonedInstant> at = read_at(entry, entry_path);
      std::vector<Fact> fact;
      read_measurement(input, entry, entry_path, position, fact);
      if (at && !fact.empty()) assembly_.add_measurement(*at, std::move(fact));
    }
  }

  /// What is left of the entry without "at" is read as any other value: {"value", "unit"}, {"unknown"}, or the
  /// bare "value".
  void read_measurement(InputId input, const JsonNode& entry, const JsonPath& path, std::uint32_t position,
                        std::vector<Fact>& facts) {
    std::vector<JsonNode> rest{entry};
    rest.front().count = 0;
    for (const std::string_view name : {"value", "unit", "unknown"}) {
      const JsonNode* node = entry.member(name);
      if (node == nullptr) continue;
      ++rest.front().count;
      rest.insert(rest.end(), node, node + node->span);
    }
    rest.front().span = static_cast<std::uint32_t>(rest.size());
    if (rest.front().count == 0) {
      faults_.add(Kind::missing_member, entry, path, {"\"value\"", "what was measured"});
    } else if (rest.front().count == 1 && rest[1].name == "value") {
      read_fact(input, rest[1], JsonPath(path, "value"), {FactPlace::Part::measured_value, position}, facts);
    } else {
      read_fact(input, rest.front(), path, {FactPlace::Part::measurement, position}, facts);
    }
  }

  bool is_within_events(const JsonNode& array, const JsonPath& path) {
    entries_ += array.count;
    if (entries_ <= options_.max_events) return true;
    faults_.add(Kind::too_many_events, array, path, {std::to_string(entries_), std::to_string(options_.max_events)});
    return false;
  }

  void read_events(const JsonNode& events, const JsonPath& path) {
    if (!expect_kind(events, path, JsonKind::array, "\"events\"") || !is_within_events(events, path)) return;
    std::uint32_t i = 0;
    for (const JsonNode& event : events.items()) {
      if (faults_.is_full()) return;
      const std::uint32_t position = i++;
      const JsonPath event_path(path, std::size_t{position});
      if (expect_kind(event, event_path, JsonKind::object, "an event")) read_event(event, event_path, position);
    }
  }

  void read_event(const JsonNode& event, const JsonPath& path, std::uint32_t position) {
    refuse_other_members(faults_, event, path, {"at", "inputs"});
    const std::optional<ZonedInstant> at = read_at(event, path);
    std::vector<Fact> facts;
    if (const JsonNode* inputs = event.member("inputs")) {
      facts.reserve(inputs->count);
      for_each_input(*inputs, JsonPath(path, "inputs"),
                     [&](InputId input, const JsonNode& node, const JsonPath& item_path) {
                       read_fact(input, node, item_path, {FactPlace::Part::event, position}, facts);
                     });
    } else {
      faults_.add(Kind::missing_member, event, path, {"\"inputs\"", "what was found then"});
    }
    if (at) assembly_.add_event(*at, std::move(facts));
  }

  std::optional<ZonedInstant> read_at(const JsonNode& owner, const JsonPath& path) {
    const JsonNode* node = owner.member("at");
    if (node == nullptr) {
      faults_.add(Kind::missing_member, owner, path, {"\"at\"", "the date or instant at which this was found"});
      return std::nullopt;
    }
    const JsonPath at_path(path, "at");
    const std::optional<ZonedInstant> at = read_instant(*node, at_path, "\"at\"");
    if (!at || !now_ || at->instant <= now_->instant) return at;
    faults_.add(Kind::after_now, *node, at_path, {quoted(node->text), to_text(*now_)});
    return std::nullopt;
  }

  const Dictionary& dictionary_;
  const CaseReadOptions& options_;
  FaultList& faults_;
  CaseReadResult& result_;
  ReadContext context_;
  CaseAssembly assembly_;
  InputNames names_;
  std::string time_zone_;
  std::optional<ZonedInstant> now_;
  std::size_t entries_ = 0; ///< events and measurements of series
  JsonPath path_;
};

void add_parse_fault(FaultList& faults, const JsonParse& parse, const CaseReadOptions& options) {
  if (parse.problem == JsonProblem::too_deep) {
    faults.add(Kind::too_deep, 0, "$", {std::to_string(options.max_depth)});
  } else if (parse.problem == JsonProblem::too_many_values) {
    faults.add(Kind::too_many_values, 0, "$", {std::to_string(options.max_values)});
  } else {
    faults.add(Kind::not_json, 0, "$", {std::to_string(parse.line), std::to_string(parse.column), parse.reason});
  }
}

} // namespace

CaseReadResult read_case(const Dictionary& dictionary, std::string_view json, const CaseReadOptions& options) {
  CaseReadResult result;
  FaultList faults(options.max_faults);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::size_t start = json.substr(0, 3) == byte_order_mark ? 3 : 0;
  if (json.size() > options.max_bytes) {
    faults.add(Kind::file_too_large, 0, "$", {std::to_string(json.size()), std::to_string(options.max_bytes)});
  } else if (json.find_first_not_of(" \t\r\n", start) == std::string_view::npos) {
    faults.add(Kind::empty_file, 0, "$", {});
  } else {
    const JsonParse parse = parse_json(json, {options.max_depth, options.max_values});
    if (parse.problem == JsonProblem::none) {
      CaseReader(dictionary, options, faults, result).read(parse);
    } else {
      add_parse_fault(faults, parse, options);
    }
  }
  result.faults = faults.take();
  return result;
}

} // namespace aceso
