#include <span>

#include "explain/clashes.h"
#include "explain/decision_words.h"
#include "explain/explanation.h"
#include "module/value_writer.h"
#include "module/version.h"

namespace aceso {
namespace {

using Layout = JsonWriter::Layout;

class ExplanationWriter {
public:
  ExplanationWriter(const Dictionary& dictionary, const Explanation& explanation)
      : dictionary_(dictionary), explanation_(explanation), decision_(explanation.decision) {}

  std::string write() {
    writer_.begin_object();
    write_origin();
    write_each("actions", explanation_.actions, [&](const ActionExplanation& action) { write_action(action); });
    write_reason("stage", explanation_.stage);
    write_differentials();
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
  void write_number(std::string_view key, std::size_t number) {
    writer_.key(key);
    writer_.number(std::to_string(number));
  }
  void write_value_of(std::string_view key, InputId input, const Value& value) {
    writer_.key(key);
    write_value(writer_, dictionary_, dictionary_[input].type, value, decision_.at.offset_seconds);
  }
  template <class Rows, class WriteRow>
  void write_each(std::string_view key, const Rows& rows, WriteRow write_row) {
    writer_.key(key);
    writer_.begin_array();
    for (const auto& row : rows)
      write_row(row);
    writer_.end_array();
  }
  template <class Id>
  void write_names(std::string_view key, const std::vector<Id>& ids) {
    writer_.key(key);
    writer_.begin_array(Layout::line);
    for (const Id id : ids)
      writer_.string(dictionary_[id].name);
    writer_.end_array();
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
    write_reason("applies_reason", explanation_.applies);
  }

  void write_reason(std::string_view key, const std::optional<Reason>& reason) {
    writer_.key(key);
    if (!reason) return writer_.null();
    writer_.begin_object();
    write("extent", to_text(reason->extent));
    write_each("facts", reason->facts, [&](const StatedFact& fact) {
      writer_.begin_object(Layout::line);
      write("input", dictionary_[fact.input].name);
      write("question", dictionary_[fact.input].question);
      write_value_of("value", fact.input, fact.value);
      write("at", to_text(fact.at));
      writer_.end_object();
    });
    write_each("assumed", reason->assumed, [&](const AssumedInput& assumed) {
      writer_.begin_object(Layout::line);
      write("input", dictionary_[assumed.input].name);
      write_value_of("value", assumed.input, assumed.value);
      write_or_null("because", dictionary_[assumed.input].assumed_because);
      writer_.end_object();
    });
    writer_.end_object();
  }

  void write_action(const ActionExplanation& action) {
    writer_.begin_object();
    write("action", dictionary_[action.action].name);
    write("outcome", to_text(action.outcome));
    writer_.key("status");
    if (action.recommendation) {
      writer_.string(to_text(action.recommendation->status));
    } else {
      writer_.null();
    }
    write_reason("reason", action.reason);
    write_each("rules", action.rules, [&](const RuleExplanation& rule) { write_rule(rule); });
    write_clashes(action.recommendation);
    write_missing(action.missing);
    write_changes(action.changes);
    writer_.end_object();
  }

  void write_clashes(const std::optional<Recommendation>& recommendation) {
    const std::vector<Clash> clashes =
        recommendation ? clashes_of(dictionary_, decision_, *recommendation) : std::vector<Clash>();
    write_each("clashes", clashes, [&](const Clash& clash) {
      writer_.begin_object();
      write_names("actions", clash.actions);
      write_or_null("at_most_one", clash.at_most_one != nullptr ? clash.at_most_one->name : std::string());
      write_or_null("because", clash.at_most_one == nullptr ? clash.because : std::string());
      write_names("rules", clash.rules);
      writer_.end_object();
    });
  }

  void write_rule(const RuleExplanation& rule) {
    const RuleInfo& info = dictionary_[rule.rule];
    writer_.begin_object();
    write("rule", info.name);
    write("verb", to_text(rule.verb));
    write("standing", to_text(rule.standing));
    write("condition", info.condition);
    write_or_null("because", info.because);
    write_or_null("certainty", to_text(info.certainty));
    write_each("citations", info.citations, [&](const Citation& citation) {
      writer_.begin_object(Layout::line);
      write("source", citation.source);
      write_or_null("section", citation.section);
      writer_.key("references");
      writer_.begin_array(Layout::line);
      for (const std::string& reference : citation.references)
        writer_.string(reference);
      writer_.end_array();
      writer_.end_object();
    });
    write_each("overridden_by", rule.overridden_by, [&](RuleId by) { write_overrider(by, rule.rule); });
    write_reason("reason", rule.reason);
    writer_.end_object();
  }

  void write_overrider(RuleId by, RuleId loser) {
    std::string because;
    for (const OverrideInfo& override : dictionary_[by].overrides)
      if (override.rule == loser) because = override.because;
    writer_.begin_object(Layout::line);
    write("rule", dictionary_[by].name);
    write_or_null("because", because);
    writer_.end_object();
  }

  void write_missing(const std::optional<MissingReport>& report) {
    writer_.key("missing");
    if (!report) return writer_.null();
    writer_.begin_object();
    write_each("sets", report->sets, [&](const MissingSet& set) {
      writer_.begin_object();
      write_names("inputs", set.inputs);
      write_number("settling", set.settling);
      write_number("combinations", set.combinations);
      const auto write_answers = [&](std::string_view key, const Settled& settled) {
        write_each(key, settled.answers, [&](const Answer& answer) {
          writer_.begin_object(Layout::line);
          write("input", dictionary_[answer.input].name);
          write_value_of("value", answer.input, answer.value);
          writer_.end_object();
        });
        write("becomes", to_text(settled.becomes));
      };
      write_answers("example", set.examples.front());
      write_each("others", std::span(set.examples).subspan(1), [&](const Settled& other) {
        writer_.begin_object();
        write_answers("example", other);
        writer_.end_object();
      });
      writer_.end_object();
    });
    write_number("left_out", report->left_out);
    write_number("searched_size", report->searched_size);
    writer_.key("is_complete");
    writer_.boolean(report->is_complete);
    writer_.key("certain");
    if (report->certain) {
      writer_.begin_object();
      write_names("inputs", *report->certain);
      write("extent", to_text(report->certain_extent));
      writer_.end_object();
    } else {
      writer_.null();
    }
    writer_.end_object();
  }

  void write_changes(const std::optional<ChangeReport>& report) {
    writer_.key("changes");
    if (!report) return writer_.null();
    writer_.begin_object();
    write_each("proposals", report->proposals, [&](const ChangeProposal& proposal) {
      writer_.begin_object();
      write_each("facts", proposal.changes, [&](const ChangedFact& change) {
        writer_.begin_object(Layout::line);
        write("input", dictionary_[change.input].name);
        write_value_of("from", change.input, change.from);
        write_value_of("to", change.input, change.to);
        writer_.end_object();
      });
      write("becomes", to_text(proposal.becomes));
      writer_.end_object();
    });
    write_number("left_out", report->left_out);
    write_number("searched_size", report->searched_size);
    writer_.key("is_complete");
    writer_.boolean(report->is_complete);
    writer_.end_object();
  }

  void write_differentials() {
    writer_.key("differentials");
    writer_.begin_object();
    for (std::size_t i = 0; i < explanation_.differentials.size(); ++i) {
      const auto id = decision_.differentials[i].differential;
      write_reason(dictionary_.differentials[id.index()].name, explanation_.differentials[i]);
    }
    writer_.end_object();
  }

  const Dictionary& dictionary_;
  const Explanation& explanation_;
  const Decision& decision_;
  JsonWriter writer_;
};

} // namespace

std::string explanation_to_json(const Dictionary& dictionary, const Explanation& explanation) {
  return ExplanationWriter(dictionary, explanation).write();
}

} // namespace aceso
