#include "analyse/compare.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "proofs.h"

namespace aceso::command {
namespace {

using analyse::Collision;
using analyse::Side;
using analyse::Verdict;
using Json = nlohmann::ordered_json;

struct Options : ProofOptions {
  std::string first, second;
};

class Report {
public:
  Report(const Options& options, const Compilation& first, const Compilation& second, const analyse::JointGraph& joint,
         const analyse::CompareReport& found)
      : options_(options), compilations_{&first, &second}, joint_(joint), found_(found) {}

  [[nodiscard]] std::string text() const {
    std::string out = fmt::format("{} and {}\n", id(Side::first), id(Side::second));
    list(out, "shared inputs", found_.shared_inputs);
    list(out, "shared actions", found_.shared_actions);
    list(out, "not compared", found_.left_out);
    for (const Collision& one : found_.collisions) {
      if (one.verdict == Verdict::proved) continue;
      out += headline(one);
      if (one.verdict == Verdict::undecided) {
        out += fmt::format("  undecided with {}\n", options_.budget_text());
        continue;
      }
      out += patient_text(one.witness->joint.facts, "  ");
      for (const Side side : analyse::both_sides) {
        out += fmt::format("  {}: {} {}\n", id(side), to_text(one.said[at(side)]), action(one, side));
        for (const RuleId rule : one.rules[at(side)])
          out += fmt::format("    {}\n", rule_text(*compilations_[at(side)], rule));
      }
    }
    const std::size_t conflicts = found_.count(Verdict::refuted), open = found_.count(Verdict::undecided);
    if (found_.collisions.empty())
      out += "no conflict: nothing that the one advises meets anything that the other advises\n";
    else if (conflicts == 0 && open == 0)
      out += fmt::format("no conflict, for no patient (proved for {} that could have been)\n",
                         count(found_.collisions.size(), "meeting"));
    else
      out += fmt::format("{}, {} undecided, {} proved impossible\n", count(conflicts, "conflict"), open,
                         found_.count(Verdict::proved));
    return out;
  }

  [[nodiscard]] Json json() const {
    Json collisions = Json::array();
    for (const Collision& one : found_.collisions) {
      Json entry{{"kind", kind(one)}, {"because", one.because}, {"verdict", word(one.verdict)}};
      Json sides = Json::array();
      for (const Side side : analyse::both_sides) {
        Json part{{"guideline", id(side)},
                  {"action", action(one, side)},
                  {"advises", one.in_favour[at(side)] ? "for" : "against"}};
        if (one.witness) {
          part["says"] = to_text(one.said[at(side)]);
          part["rules"] = Json::array();
          for (const RuleId rule : one.rules[at(side)])
            part["rules"].push_back(rule_json(*compilations_[at(side)], rule));
          part["case"] = case_json(*compilations_[at(side)], one.witness->cases[at(side)]);
        }
        sides.push_back(std::move(part));
      }
      entry["sides"] = std::move(sides);
      if (one.witness) entry["patient"] = one.witness->joint.facts;
      collisions.push_back(std::move(entry));
    }
    return {{"guidelines", {id(Side::first), id(Side::second)}},
            {"shared_inputs", found_.shared_inputs},
            {"shared_actions", found_.shared_actions},
            {"not_compared", found_.left_out},
            {"meetings", std::move(collisions)},
            {"budget", {{"steps", options_.steps}, {"seconds", options_.seconds}}}};
  }

  [[nodiscard]] bool save() const {
    bool all = true;
    std::size_t number = 0;
    for (const Collision& one : found_.collisions) {
      if (!one.witness) continue;
      ++number;
      for (const Side side : analyse::both_sides)
        all &= save_case(options_, *compilations_[at(side)], one.witness->cases[at(side)],
                         fmt::format("conflict_{}.{}", number, id(side)));
    }
    return all;
  }

private:
  static std::string_view word(Verdict verdict) {
    return verdict == Verdict::proved ? "impossible" : verdict == Verdict::refuted ? "conflict" : "undecided";
  }
  static std::string_view kind(const Collision& one) {
    return one.kind == Collision::Kind::opposed       ? "opposed"
           : one.kind == Collision::Kind::at_most_one ? "at_most_one"
                                                      : "interaction";
  }
  static void list(std::string& out, std::string_view title, const std::vector<std::string>& names) {
    out += fmt::format("{}:{}\n", title, names.empty() ? " none" : "");
    for (const std::string& name : names)
      out += fmt::format("  {}\n", name);
  }
  [[nodiscard]] std::string id(Side side) const { return joint_.source(side).dictionary.guideline.id; }
  [[nodiscard]] std::string action(const Collision& one, Side side) const {
    const ActionId action = joint_.matching().actions[one.actions[at(side)]].on(side);
    return joint_.source(side).dictionary[action].name;
  }
  [[nodiscard]] std::string headline(const Collision& one) const {
    const std::string a = action(one, Side::first), b = action(one, Side::second);
    switch (one.kind) {
    case Collision::Kind::opposed:
      return fmt::format("`{}`: {} advises it, {} advises against it\n", one.in_favour[0] ? a : b,
                         id(one.in_favour[0] ? Side::first : Side::second),
                         id(one.in_favour[0] ? Side::second : Side::first));
    case Collision::Kind::at_most_one:
      return fmt::format("`{}` and `{}`: at most one of `{}` may be advised\n", a, b, one.because);
    case Collision::Kind::interaction: return fmt::format("`{}` with `{}`: {}\n", a, b, one.because);
    }
    return {};
  }

  const Options& options_;
  const Compilation* compilations_[2];
  const analyse::JointGraph& joint_;
  const analyse::CompareReport& found_;
};

int compare(const Options& options) {
  int exit_code = fine;
  const auto [first, second] = compile_guidelines(options.first, options.second, options.color, exit_code, false);
  if (!first || !second) return exit_code;
  analyse::JointGraph joint(*first->graph(), *second->graph(), first->graph()->dictionary.guideline.id,
                            second->graph()->dictionary.guideline.id);
  const analyse::CompareReport found = analyse::compare(joint, {options.budget()});
  const Report report(options, *first, *second, joint, found);
  write_out(options.is_json() ? report.json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                              : report.text());
  if (!report.save()) exit_code = bad_input;
  const bool failed = found.count(Verdict::refuted) != 0 || (options.strict && found.count(Verdict::undecided) != 0);
  return graver(exit_code, failed ? findings : fine);
}

} // namespace

void add_compare(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "compare",
      "is there a patient to whom two guidelines give advice that cannot both be followed?\n\n"
      "Two guidelines may both apply to one patient. Inputs and actions are matched by name, then by code,\n"
      "then by their words; the list of them is shown. A conflict is an action that one advises and the\n"
      "other advises against, or two actions that must not be advised together (at most one of a class,\n"
      "interactions). Each comes with a patient and the rules of both.",
      R"(Examples:
  aceso compare diabetes.aceso heart_failure.aceso

Exit codes: 0 no conflict; 1 there is one, or with --strict something is undecided, or a guideline has
            errors; 2 bad use; 3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("A", options->first, "the .aceso file of a guideline")->required()->option_text(" ");
  command->add_option("B", options->second, "the .aceso file of another guideline")->required()->option_text(" ");
  add_proof_options(*command, *options);
  command->callback([options, &action] { action = [options] { return compare(*options); }; });
}

} // namespace aceso::command
