#include "analyse/diff.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "proofs.h"

namespace aceso::command {
namespace {

using analyse::Side;
using analyse::Verdict;
using Json = nlohmann::ordered_json;

struct Options : ProofOptions {
  std::string old_path, new_path;
};

std::string_view side_text(Side side) { return side == Side::first ? "old" : "new"; }

/// Writes one comparison, as text or as JSON.
class Report {
public:
  Report(const Options& options, const Compilation& first, const Compilation& second, const analyse::JointGraph& joint,
         const analyse::DiffReport& diff)
      : options_(options), compilations_{&first, &second}, joint_(joint), diff_(diff) {}

  [[nodiscard]] std::string text() const {
    const GuidelineInfo& a = joint_.source(Side::first).dictionary.guideline;
    const GuidelineInfo& b = joint_.source(Side::second).dictionary.guideline;
    std::string out = fmt::format("{} {} -> {} {}\n", a.id, a.version, b.id, b.version);
    list(out, "interface", diff_.interface_changes);
    list(out, "reading of cases", diff_.reading_changes);
    list(out, "taken for the same", diff_.assumed_renames);
    list(out, "not compared", diff_.left_out);
    list(out, "pathway", diff_.pathway_changes);
    list(out, "values", diff_.value_changes);
    list(out, "words", diff_.word_changes);
    for (const analyse::ActionDiff& one : diff_.actions)
      out += action_text(one);
    for (const analyse::CautionDiff& one : diff_.cautions)
      out += caution_text(one);
    const std::size_t same = diff_.count(Verdict::proved), differ = diff_.count(Verdict::refuted),
                      open = diff_.count(Verdict::undecided);
    if (diff_.is_equivalent())
      out += fmt::format("equivalent: the same advice for every patient whom both versions accept (proved for {}){}\n",
                         count(same, "subject"), other_text());
    else
      out += fmt::format("{} the same (proved), {} with other advice, {} undecided\n", count(same, "subject"), differ,
                         open);
    return out;
  }

  [[nodiscard]] Json json() const {
    Json actions = Json::array(), cautions = Json::array();
    for (const analyse::ActionDiff& one : diff_.actions) {
      Json groups = Json::array();
      for (const analyse::AdviceGroup& group : one.groups) {
        Json entry{{"old", to_text(group.before)}, {"new", to_text(group.after)}};
        add_patient(entry, group.witness);
        for (const Side side : analyse::both_sides) {
          Json rules = Json::array();
          for (const RuleId rule : group.rules[at(side)])
            rules.push_back(rule_json(*compilations_[at(side)], rule));
          entry[fmt::format("{}_rules", side_text(side))] = std::move(rules);
        }
        groups.push_back(std::move(entry));
      }
      actions.push_back({{"action", name_of_action(one.action)},
                         {"verdict", word(one.verdict)},
                         {"unchanged_text", one.is_same_text},
                         {"complete", !one.has_more},
                         {"same_in_each_stage", one.verdict == Verdict::proved || one.is_same_in_each_stage},
                         {"groups", std::move(groups)}});
    }
    for (const analyse::CautionDiff& one : diff_.cautions) {
      Json groups = Json::array();
      for (const analyse::CautionGroup& group : one.groups) {
        Json entry{{"old", to_text(group.before)}, {"new", to_text(group.after)}};
        add_patient(entry, group.witness);
        groups.push_back(std::move(entry));
      }
      cautions.push_back({{"caution", name_of_caution(one.caution)},
                          {"verdict", word(one.verdict)},
                          {"complete", !one.has_more},
                          {"groups", std::move(groups)}});
    }
    const auto version = [&](Side side) -> Json {
      const GuidelineInfo& info = joint_.source(side).dictionary.guideline;
      return {{"guideline", info.id}, {"version", info.version}, {"hash", info.hash}};
    };
    return {{"old", version(Side::first)},
            {"new", version(Side::second)},
            {"equivalent", diff_.is_equivalent()},
            {"interface", diff_.interface_changes},
            {"taken_for_the_same", diff_.assumed_renames},
            {"not_compared", diff_.left_out},
            {"pathway", diff_.pathway_changes},
            {"reading", diff_.reading_changes},
            {"values", diff_.value_changes},
            {"words", diff_.word_changes},
            {"actions", std::move(actions)},
            {"cautions", std::move(cautions)},
            {"budget", {{"steps", options_.steps}, {"seconds", options_.seconds}}}};
  }

  /// Two case files for each patient. False where one cannot be written.
  [[nodiscard]] bool save() const {
    bool all = true;
    const auto save = [&](const std::string& name, std::size_t number, const analyse::PairWitness& witness) {
      for (const Side side : analyse::both_sides)
        all &= save_case(options_, *compilations_[at(side)], witness.cases[at(side)],
                         fmt::format("{}_{}.{}", name, number + 1, side_text(side)));
    };
    for (const analyse::ActionDiff& one : diff_.actions)
      for (std::size_t i = 0; i < one.groups.size(); ++i)
        save(name_of_action(one.action), i, one.groups[i].witness);
    for (const analyse::CautionDiff& one : diff_.cautions)
      for (std::size_t i = 0; i < one.groups.size(); ++i)
        save(name_of_caution(one.caution), i, one.groups[i].witness);
    return all;
  }

private:
  /// What is not the same all the same.
  [[nodiscard]] std::string_view other_text() const {
    const bool values = !diff_.value_changes.empty(), words = !diff_.word_changes.empty();
    return values && words ? "; values and words have changed"
           : values        ? "; values have changed"
           : words         ? "; words have changed"
                           : "";
  }
  static std::string_view word(Verdict verdict) {
    return verdict == Verdict::proved ? "same" : verdict == Verdict::refuted ? "differs" : "undecided";
  }
  static void list(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out += fmt::format("{}:\n", title);
    for (const std::string& line : lines)
      out += fmt::format("  {}\n", line);
  }
  [[nodiscard]] std::string name_of_action(std::size_t action) const {
    return joint_.graph().dictionary.actions[action].name;
  }
  [[nodiscard]] std::string name_of_caution(std::size_t caution) const {
    const auto& match = joint_.matching().cautions[caution];
    const Side side = match.second.is_valid() ? Side::second : Side::first;
    return joint_.source(side).dictionary.cautions[match.on(side).index()].name;
  }
  void add_patient(Json& entry, const analyse::PairWitness& witness) const {
    entry["patient"] = witness.joint.facts;
    for (const Side side : analyse::both_sides)
      entry[fmt::format("{}_case", side_text(side))] = case_json(*compilations_[at(side)], witness.cases[at(side)]);
  }
  [[nodiscard]] std::string undecided_text(std::string_view name) const {
    return fmt::format("{}: undecided with {}\n", name, options_.budget_text());
  }

  [[nodiscard]] static std::string left_out_text(std::string_view name) {
    return fmt::format("{}: undecided, because it may depend on what is not compared\n", name);
  }

  [[nodiscard]] std::string action_text(const analyse::ActionDiff& one) const {
    const std::string name = name_of_action(one.action);
    if (one.is_same_in_each_stage)
      return fmt::format("{}: undecided, because the ways between stages were changed; the same for whoever stands in "
                         "the same stage of both (proved)\n",
                         name);
    if (one.verdict == Verdict::undecided) return one.is_left_out ? left_out_text(name) : undecided_text(name);
    if (one.verdict == Verdict::proved) return {};
    std::string out = fmt::format("{}: other advice for {} of patients\n", name, count(one.groups.size(), "group"));
    for (const analyse::AdviceGroup& group : one.groups) {
      out += fmt::format("  {} -> {}\n{}", to_text(group.before), to_text(group.after),
                         patient_text(group.witness.joint.facts, "    "));
      for (const Side side : analyse::both_sides)
        for (const RuleId rule : group.rules[at(side)])
          out += fmt::format("    {}: {}\n", side_text(side), rule_text(*compilations_[at(side)], rule));
    }
    if (one.has_more) out += "  and perhaps further groups, which were not settled\n";
    return out;
  }

  [[nodiscard]] std::string caution_text(const analyse::CautionDiff& one) const {
    const std::string name = "caution " + name_of_caution(one.caution);
    if (one.verdict == Verdict::undecided) return one.is_left_out ? left_out_text(name) : undecided_text(name);
    if (one.verdict == Verdict::proved) return {};
    const auto fires = [](Truth truth) {
      return truth == Truth::yes ? "shown" : truth == Truth::no ? "not shown" : "not decided: something is missing";
    };
    std::string out = fmt::format("{}: otherwise for {} of patients\n", name, count(one.groups.size(), "group"));
    for (const analyse::CautionGroup& group : one.groups)
      out += fmt::format("  {} -> {}\n{}", fires(group.before), fires(group.after),
                         patient_text(group.witness.joint.facts, "    "));
    if (one.has_more) out += "  and perhaps further groups, which were not settled\n";
    return out;
  }

  const Options& options_;
  const Compilation* compilations_[2];
  const analyse::JointGraph& joint_;
  const analyse::DiffReport& diff_;
};

int diff(const Options& options) {
  int exit_code = fine;
  // What is large here the system frees, faster than we do.
  static const TwoGuidelines* const both = new TwoGuidelines(
      compile_guidelines(options.old_path, options.new_path, options.color, exit_code, options.is_json()));
  const auto& [first, second] = *both;
  if (!first || !second) return exit_code;
  static analyse::JointGraph& joint = *new analyse::JointGraph(*first->graph(), *second->graph(), "old", "new");
  analyse::DiffOptions asked;
  asked.budget = options.budget();
  const analyse::DiffReport found = analyse::diff(joint, asked);
  const Report report(options, *first, *second, joint, found);
  write_out(options.is_json() ? report.json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                              : report.text());
  if (!report.save()) exit_code = bad_input;
  const bool differs =
      found.count(Verdict::refuted) != 0 || !found.pathway_changes.empty() || !found.reading_changes.empty();
  const bool is_open = found.count(Verdict::undecided) != 0;
  return graver(exit_code, differs || (options.strict && is_open) ? findings : fine);
}

} // namespace

void add_diff(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "diff",
      "for which patients does a new version advise something else?\n\n"
      "Compares what two versions of a guideline mean, not their text: for each action the groups of\n"
      "patients whose advice is not the same, each with its smallest patient and the rules on both sides.\n"
      "Inputs and actions are matched by name, then by code, then by their words; such renames are listed.\n"
      "\"Equivalent\" is said only where it is proved for all patients whom both versions accept.",
      R"(Examples:
  aceso diff old/back_pain.aceso back_pain.aceso
  aceso diff old/back_pain.aceso back_pain.aceso --format json --save-cases changed

Exit codes: 0 no patient gets other advice; 1 some do, or with --strict something is undecided, or a
            guideline has errors; 2 bad use; 3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("OLD", options->old_path, "the .aceso file of the old version")->required()->option_text(" ");
  command->add_option("NEW", options->new_path, "the .aceso file of the new version")->required()->option_text(" ");
  add_proof_options(*command, *options);
  command->callback([options, &action] { action = [options] { return diff(*options); }; });
}

} // namespace aceso::command
