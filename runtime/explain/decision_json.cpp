#include "explain/decision_text.h"
#include "explain/decision_words.h"
#include "module/value_writer.h"
#include "module/version.h"

namespace aceso {
namespace {

using Layout = JsonWriter::Layout;

class DecisionWriter {
public:
  DecisionWriter(const Dictionary& dictionary, const Decision& decision, bool compact)
      : dictionary_(dictionary), decision_(decision), writer_(compact, usual_bytes) {}

  std::string write() {
    writer_.begin_object();
    write_origin();
    write_each("recommendations", decision_.recommendations, [&](const Recommendation& r) { write_recommendation(r); });
    write_stage();
    write_values();
    write_differentials();
    write_each("cautions", decision_.cautions, [&](const CautionResult& c) { write_caution(c); });
    write_each("missing", decision_.missing, [&](const MissingInput& m) { write_missing_input(m); });
    if (!decision_.assumed.empty()) {
      write_each("assumed", decision_.assumed, [&](const AssumedInput& a) { write_assumed(a); });
    }
    write("trace", decision_.trace);
    writer_.end_object();
    return writer_.take();
  }

private:
  void write(std::string_view key, std::string_view text) {
    writer_.key(key);
    writer_.string(text);
  }
  void write_or_null(std::string_view key, std::string_view text) {
    writer_.key(key);
    writer_.string_or_null(text);
  }
  void write_flag(std::string_view key, bool flag) {
    writer_.key(key);
    writer_.boolean(flag);
  }
  template <class Strings>
  void write_strings(std::string_view key, const Strings& strings, Layout layout = Layout::line) {
    writer_.key(key);
    writer_.begin_array(layout);
    for (const std::string_view text : strings)
      writer_.string(text);
    writer_.end_array();
  }
  template <class Rows, class WriteRow>
  void write_each(std::string_view key, const Rows& rows, WriteRow write_row) {
    writer_.key(key);
    writer_.begin_array();
    for (const auto& row : rows)
      write_row(row);
    writer_.end_array();
  }

  void write_inputs(std::string_view key, const std::vector<InputId>& inputs) {
    writer_.key(key);
    writer_.begin_array(Layout::line);
    for (InputId input : inputs)
      writer_.string(dictionary_[input].name);
    writer_.end_array();
  }

  void write_citation(const Citation& citation) {
    writer_.begin_object(Layout::line);
    write("source", citation.source);
    write_or_null("section", citation.section);
    write_strings("references", citation.references);
    writer_.end_object();
  }

  void write_origin() {
    writer_.key("guideline");
    writer_.begin_object();
    write("id", dictionary_.guideline.id);
    write("version", dictionary_.guideline.version);
    write("hash", dictionary_.guideline.hash);
    writer_.end_object();
    writer_.key("engine");
    writer_.begin_object();
    write("name", engine_name);
    write("version", engine_version);
    writer_.end_object();
    write("at", to_text(decision_.at));
    write("applies", to_text(decision_.applies));
  }

  void write_recommendation(const Recommendation& recommendation) {
    writer_.begin_object();
    write("action", dictionary_[recommendation.action].name);
    write_or_null("verb", recommendation.verb ? to_text(*recommendation.verb) : std::string_view());
    write("status", to_text(recommendation.status));
    write_or_null("strength", to_text(recommendation.strength));
    write_or_null("urgency", urgency_text(recommendation));
    writer_.key("rules");
    writer_.begin_array(Layout::line);
    for (RuleId rule : recommendation.rules)
      writer_.string(dictionary_[rule].name);
    writer_.end_array();
    write_strings("because", reasons_of(dictionary_, recommendation.rules), Layout::block);
    write_each("citations", citations_of(dictionary_, recommendation.rules),
               [&](const Citation* c) { write_citation(*c); });
    write_inputs("missing", recommendation.missing);
    writer_.end_object();
  }

  void write_stage() {
    writer_.key("stage");
    if (!decision_.stage) return writer_.null();
    const StageResult& stage = *decision_.stage;
    writer_.begin_object();
    write("id", dictionary_[stage.stage].name);
    write("entered_at", to_text(stage.entered_at));
    write_each("path", stage.path, [&](const StageVisit& visit) {
      writer_.begin_object(Layout::line);
      write("id", dictionary_[visit.stage].name);
      write("entered_at", to_text(visit.entered_at));
      writer_.end_object();
    });
    write_each("next", stage.next, [&](const NextStage& next) { write_next(next); });
    if (!stage.conflict.empty()) {
      writer_.key("conflict");
      writer_.begin_array(Layout::line);
      for (StageId id : stage.conflict)
        writer_.string(dictionary_[id].name);
      writer_.end_array();
    }
    writer_.end_object();
  }

  void write_next(const NextStage& next) {
    writer_.begin_object();
    write("to", dictionary_[next.to].name);
    write("when", next.when);
    if (next.not_before) write("not_before", to_text(*next.not_before));
    write_or_null("due", next.due ? to_text(*next.due) : std::string());
    if (next.overdue) write_flag("overdue", true);
    write_inputs("missing", next.missing);
    writer_.end_object();
  }

  void write_values() {
    writer_.key("values");
    writer_.begin_object();
    for (const DefinitionValue& result : decision_.values) {
      const DefinitionInfo& definition = dictionary_.definitions[result.definition.index()];
      writer_.key(definition.name);
      if (result.value.is_known()) {
        write_value(writer_, dictionary_, definition.type, result.value, decision_.zone);
        continue;
      }
      writer_.begin_object(Layout::line);
      write("unknown", to_text(result.value.reason()));
      if (result.value.is_partly_known())
        write("partly", partly_known_text(dictionary_, definition.type, result.value));
      write_inputs("missing", result.missing);
      writer_.end_object();
    }
    writer_.end_object();
  }

  void write_differentials() {
    writer_.key("differentials");
    writer_.begin_object();
    for (const DifferentialResult& result : decision_.differentials) {
      const DifferentialInfo& info = dictionary_.differentials[result.differential.index()];
      writer_.key(info.name);
      writer_.begin_object();
      write("status", to_text(result.status));
      write_or_null("decided", result.decided ? to_text(dictionary_, info.type, *result.decided) : std::string());
      write_each("candidates", result.candidates, [&](const CandidateResult& c) { write_candidate(info, c); });
      write_inputs("missing", result.missing);
      writer_.end_object();
    }
    writer_.end_object();
  }

  void write_candidate(const DifferentialInfo& info, const CandidateResult& candidate) {
    writer_.begin_object();
    write("candidate", to_text(dictionary_, info.type, candidate.candidate));
    writer_.key("lowest");
    write_number(writer_, candidate.lowest);
    writer_.key("highest");
    write_number(writer_, candidate.highest);
    write_flag("confirmed", candidate.confirmed);
    write_flag("excluded", candidate.excluded);
    write_strings("for", candidate.arguments_for, Layout::block);
    write_strings("against", candidate.arguments_against, Layout::block);
    writer_.end_object();
  }

  void write_caution(const CautionResult& result) {
    const CautionInfo& caution = dictionary_.cautions[result.caution.index()];
    writer_.begin_object();
    write("caution", caution.name);
    write("status", result.fires == Truth::yes ? "advised" : "undetermined");
    write("text", caution.text);
    write_each("citations", caution.citations, [&](const Citation& c) { write_citation(c); });
    write_inputs("missing", result.missing);
    writer_.end_object();
  }

  void write_missing_input(const MissingInput& missing) {
    const InputInfo& input = dictionary_[missing.input];
    writer_.begin_object();
    write("input", input.name);
    write("question", input.question);
    write_strings("settles", missing.settles);
    writer_.end_object();
  }

  void write_assumed(const AssumedInput& assumed) {
    const InputInfo& input = dictionary_[assumed.input];
    writer_.begin_object();
    write("input", input.name);
    writer_.key("value");
    write_value(writer_, dictionary_, input.type, assumed.value, decision_.zone);
    write_or_null("because", input.assumed_because);
    writer_.end_object();
  }

  static constexpr std::size_t usual_bytes = 16'384; ///< of the flagship's decisions; longer ones make more room

  const Dictionary& dictionary_;
  const Decision& decision_;
  JsonWriter writer_;
};

} // namespace

std::string decision_to_json(const Dictionary& dictionary, const Decision& decision,
                             const DecisionJsonOptions& options) {
  return DecisionWriter(dictionary, decision, options.compact).write();
}

} // namespace aceso
