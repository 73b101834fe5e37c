#include "explain/decision_text.h"
#include "explain/decision_words.h"
#include "module/value_writer.h"
#include "module/version.h"

namespace aceso {
namespace {

using Layout = JsonWriter::Layout;

void write_text(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.plain_key(key);
  writer.string(text);
}
void write_or_null(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.plain_key(key);
  writer.string_or_null(text);
}
void write_flag(JsonWriter& writer, std::string_view key, bool flag) {
  writer.plain_key(key);
  writer.boolean(flag);
}
template <class Strings>
void write_strings(JsonWriter& writer, std::string_view key, const Strings& strings, Layout layout = Layout::line) {
  writer.plain_key(key);
  writer.begin_array(layout);
  for (const std::string_view text : strings)
    writer.string(text);
  writer.end_array();
}
template <class Rows, class WriteRow>
void write_each(JsonWriter& writer, std::string_view key, const Rows& rows, WriteRow write_row) {
  writer.plain_key(key);
  writer.begin_array();
  for (const auto& row : rows)
    write_row(row);
  writer.end_array();
}

void write_citation(JsonWriter& writer, const Citation& citation) {
  writer.begin_object(Layout::line);
  write_text(writer, "source", citation.source);
  write_or_null(writer, "section", citation.section);
  write_strings(writer, "references", citation.references);
  writer.end_object();
}

/// Texts that are written when they are first needed, and kept.
class Pieces {
public:
  template <class Make>
  std::string_view at(std::size_t i, std::size_t count, Make make) {
    if (all_.empty()) all_.resize(count);
    if (all_[i].empty()) all_[i] = make();
    return all_[i];
  }

private:
  std::vector<std::string> all_;
};

} // namespace

class DecisionJson::Writer {
public:
  Writer(const Dictionary& dictionary, bool compact)
      : dictionary_(dictionary), compact_(compact), writer_(compact, usual_bytes) {}

  std::string_view write(const Decision& decision) {
    writer_.begin_object();
    write_origin(decision);
    write_each(writer_, "recommendations", decision.recommendations,
               [&](const Recommendation& r) { write_recommendation(r); });
    write_stage(decision);
    write_values(decision);
    write_differentials(decision);
    write_each(writer_, "cautions", decision.cautions, [&](const CautionResult& c) { write_caution(c); });
    write_each(writer_, "missing", decision.missing, [&](const MissingInput& m) { write_missing_input(m); });
    if (!decision.assumed.empty()) {
      write_each(writer_, "assumed", decision.assumed, [&](const AssumedInput& a) { write_assumed(a, decision.zone); });
    }
    write_text(writer_, "trace", decision.trace);
    writer_.end_object();
    return writer_.finish();
  }

private:
  /// The containers that are open around the members of a recommendation, a caution and a missing input.
  static constexpr std::size_t depth_of_row = 3;

  template <class Write>
  [[nodiscard]] std::string made(std::size_t depth, Write write_piece) const {
    JsonWriter writer = JsonWriter::for_piece(compact_, depth);
    write_piece(writer);
    return writer.take_piece();
  }

  void write_inputs(const std::vector<InputId>& inputs) {
    if (inputs.empty()) return writer_.piece(missing_nothing_);
    writer_.key_piece(missing_key_);
    writer_.begin_array(Layout::line);
    for (const InputId input : inputs)
      writer_.piece(
          names_.at(input.index(), dictionary_.inputs.size(), [&] { return json_quoted(dictionary_[input].name); }));
    writer_.end_array();
  }

  void write_origin(const Decision& decision) {
    writer_.piece(origin_.at(0, 1, [&] {
      return made(1, [&](JsonWriter& writer) {
        writer.plain_key("guideline");
        writer.begin_object();
        write_text(writer, "id", dictionary_.guideline.id);
        write_text(writer, "version", dictionary_.guideline.version);
        write_text(writer, "hash", dictionary_.guideline.hash);
        writer.end_object();
        writer.plain_key("engine");
        writer.begin_object();
        write_text(writer, "name", engine_name);
        write_text(writer, "version", engine_version);
        writer.end_object();
      });
    }));
    write_text(writer_, "at", to_text(decision.at));
    write_text(writer_, "applies", to_text(decision.applies));
  }

  void write_recommendation(const Recommendation& recommendation) {
    writer_.begin_object();
    writer_.piece(actions_.at(recommendation.action.index(), dictionary_.actions.size(), [&] {
      return made(depth_of_row,
                  [&](JsonWriter& writer) { write_text(writer, "action", dictionary_[recommendation.action].name); });
    }));
    write_outcome(recommendation);
    const auto write_reasons = [&](JsonWriter& writer) { write_rules(writer, recommendation.rules); };
    if (recommendation.rules.size() > 1) {
      write_reasons(writer_);
    } else {
      const std::size_t place = recommendation.rules.empty() ? 0 : recommendation.rules.front().index() + 1;
      writer_.piece(
          reasons_.at(place, dictionary_.rules.size() + 1, [&] { return made(depth_of_row, write_reasons); }));
    }
    write_inputs(recommendation.missing);
    writer_.end_object();
  }

  void write_outcome(const Recommendation& r) {
    const auto write_members = [&](JsonWriter& writer) {
      write_or_null(writer, "verb", r.verb ? to_text(*r.verb) : std::string_view());
      write_text(writer, "status", to_text(r.status));
      write_or_null(writer, "strength", to_text(r.strength));
      write_or_null(writer, "urgency", urgency_text(r.urgency, r.within));
    };
    if (r.within) return write_members(writer_);
    constexpr std::size_t verbs = 5, strengths = 3, urgencies = 5, all_statuses = 5;
    const std::size_t verb = r.verb ? static_cast<std::size_t>(*r.verb) + 1 : 0;
    const std::size_t place =
        ((static_cast<std::size_t>(r.status) * verbs + verb) * strengths + static_cast<std::size_t>(r.strength)) *
            urgencies +
        static_cast<std::size_t>(r.urgency);
    writer_.piece(outcomes_.at(place, all_statuses * verbs * strengths * urgencies,
                               [&] { return made(depth_of_row, write_members); }));
  }

  void write_rules(JsonWriter& writer, const std::vector<RuleId>& rules) const {
    writer.plain_key("rules");
    writer.begin_array(Layout::line);
    for (const RuleId rule : rules)
      writer.string(dictionary_[rule].name);
    writer.end_array();
    write_strings(writer, "because", reasons_of(dictionary_, rules), Layout::block);
    write_each(writer, "citations", citations_of(dictionary_, rules),
               [&](const Citation* c) { write_citation(writer, *c); });
  }

  void write_stage(const Decision& decision) {
    writer_.plain_key("stage");
    if (!decision.stage) return writer_.null();
    const StageResult& stage = *decision.stage;
    writer_.begin_object();
    write_text(writer_, "id", dictionary_[stage.stage].name);
    write_text(writer_, "entered_at", to_text(stage.entered_at));
    write_each(writer_, "path", stage.path, [&](const StageVisit& visit) {
      writer_.begin_object(Layout::line);
      write_text(writer_, "id", dictionary_[visit.stage].name);
      write_text(writer_, "entered_at", to_text(visit.entered_at));
      writer_.end_object();
    });
    write_each(writer_, "next", stage.next, [&](const NextStage& next) { write_next(next); });
    if (!stage.conflict.empty()) {
      writer_.plain_key("conflict");
      writer_.begin_array(Layout::line);
      for (StageId id : stage.conflict)
        writer_.string(dictionary_[id].name);
      writer_.end_array();
    }
    writer_.end_object();
  }

  void write_next(const NextStage& next) {
    writer_.begin_object();
    write_text(writer_, "to", dictionary_[next.to].name);
    write_text(writer_, "when", next.when);
    if (next.not_before) write_text(writer_, "not_before", to_text(*next.not_before));
    write_or_null(writer_, "due", next.due ? to_text(*next.due) : std::string());
    if (next.overdue) write_flag(writer_, "overdue", true);
    write_inputs(next.missing);
    writer_.end_object();
  }

  void write_values(const Decision& decision) {
    writer_.plain_key("values");
    writer_.begin_object();
    for (const DefinitionValue& result : decision.values) {
      const std::size_t place = result.definition.index();
      const DefinitionInfo& definition = dictionary_.definitions[place];
      writer_.key_piece(values_.at(place, dictionary_.definitions.size(),
                                   [&] { return made(2, [&](JsonWriter& writer) { writer.key(definition.name); }); }));
      if (result.value.is_known()) {
        write_value(writer_, dictionary_, definition.type, result.value, decision.zone);
        continue;
      }
      writer_.begin_object(Layout::line);
      write_text(writer_, "unknown", to_text(result.value.reason()));
      if (result.value.is_partly_known())
        write_text(writer_, "partly", partly_known_text(dictionary_, definition.type, result.value));
      write_inputs(result.missing);
      writer_.end_object();
    }
    writer_.end_object();
  }

  void write_differentials(const Decision& decision) {
    writer_.plain_key("differentials");
    writer_.begin_object();
    for (const DifferentialResult& result : decision.differentials) {
      const DifferentialInfo& info = dictionary_.differentials[result.differential.index()];
      writer_.key(info.name);
      writer_.begin_object();
      write_text(writer_, "status", to_text(result.status));
      write_or_null(writer_, "decided",
                    result.decided ? to_text(dictionary_, info.type, *result.decided) : std::string());
      write_each(writer_, "candidates", result.candidates, [&](const CandidateResult& c) { write_candidate(info, c); });
      write_inputs(result.missing);
      writer_.end_object();
    }
    writer_.end_object();
  }

  void write_candidate(const DifferentialInfo& info, const CandidateResult& candidate) {
    writer_.begin_object();
    write_text(writer_, "candidate", to_text(dictionary_, info.type, candidate.candidate));
    writer_.plain_key("lowest");
    write_number(writer_, candidate.lowest);
    writer_.plain_key("highest");
    write_number(writer_, candidate.highest);
    write_flag(writer_, "confirmed", candidate.confirmed);
    write_flag(writer_, "excluded", candidate.excluded);
    write_strings(writer_, "for", candidate.arguments_for, Layout::block);
    write_strings(writer_, "against", candidate.arguments_against, Layout::block);
    writer_.end_object();
  }

  void write_caution(const CautionResult& result) {
    const CautionInfo& caution = dictionary_.cautions[result.caution.index()];
    const bool is_advised = result.fires == Truth::yes;
    writer_.begin_object();
    writer_.piece(cautions_.at(2 * result.caution.index() + (is_advised ? 1 : 0), 2 * dictionary_.cautions.size(), [&] {
      return made(depth_of_row, [&](JsonWriter& writer) {
        write_text(writer, "caution", caution.name);
        write_text(writer, "status", is_advised ? "advised" : "undetermined");
        write_text(writer, "text", caution.text);
        write_each(writer, "citations", caution.citations, [&](const Citation& c) { write_citation(writer, c); });
      });
    }));
    write_inputs(result.missing);
    writer_.end_object();
  }

  void write_missing_input(const MissingInput& missing) {
    const InputInfo& input = dictionary_[missing.input];
    writer_.begin_object();
    writer_.piece(questions_.at(missing.input.index(), dictionary_.inputs.size(), [&] {
      return made(depth_of_row, [&](JsonWriter& writer) {
        write_text(writer, "input", input.name);
        write_text(writer, "question", input.question);
      });
    }));
    write_strings(writer_, "settles", missing.settles);
    writer_.end_object();
  }

  void write_assumed(const AssumedInput& assumed, const Zone& zone) {
    const InputInfo& input = dictionary_[assumed.input];
    writer_.begin_object();
    write_text(writer_, "input", input.name);
    writer_.plain_key("value");
    write_value(writer_, dictionary_, input.type, assumed.value, zone);
    write_or_null(writer_, "because", input.assumed_because);
    writer_.end_object();
  }

  static constexpr std::size_t usual_bytes = 16'384; ///< of the flagship's decisions; longer ones make more room

  const Dictionary& dictionary_;
  bool compact_;
  JsonWriter writer_;
  const std::string missing_key_ = made(1, [](JsonWriter& writer) { writer.plain_key("missing"); });
  const std::string missing_nothing_ =
      made(1, [](JsonWriter& writer) { write_strings(writer, "missing", std::vector<std::string_view>()); });
  Pieces origin_, actions_, outcomes_, values_, cautions_, questions_;
  Pieces reasons_; ///< of one rule; the first of none
  Pieces names_;   ///< of inputs
};

DecisionJson::DecisionJson(const Dictionary& dictionary, const DecisionJsonOptions& options)
    : writer_(std::make_unique<Writer>(dictionary, options.compact)) {}
DecisionJson::~DecisionJson() = default;
std::string_view DecisionJson::write(const Decision& decision) { return writer_->write(decision); }

std::string decision_to_json(const Dictionary& dictionary, const Decision& decision,
                             const DecisionJsonOptions& options) {
  return std::string(DecisionJson(dictionary, options).write(decision));
}

} // namespace aceso
