#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.h"
#include "driver/files.h"
#include "driver/mutation.h"

namespace aceso::command {
namespace {

using driver::MutantResult;
using driver::MutationReport;
using State = MutantResult::State;

struct Options {
  std::string path, format, save_cases;
  double at_least = 0, seconds = 0;
  int steps = 20'000;
  unsigned jobs = 0;
  ColorMode color = ColorMode::automatic;
};

std::string percent(double value) {
  std::string text = fmt::format("{:.1f}", value);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

/// Lines with a mark before each, "- " or "+ ".
std::string marked(std::string_view text, std::string_view mark) {
  std::string out = fmt::format("  {} ", mark);
  for (const char c : text)
    out += c == '\n' ? fmt::format("\n  {} ", mark) : std::string(1, c);
  return out + "\n";
}

std::string mutant_text(const MutantResult& one) {
  return fmt::format("line {}: {}\n{}{}", one.lines.line, testing::in_words(one.mutant.mutation),
                     marked(one.lines.before, "-"), marked(one.lines.after, "+"));
}

std::string as_text(const Options& options, const MutationReport& report) {
  std::string text;
  for (const State state : {State::survived, State::undecided, State::equivalent}) {
    if (report.count(state) == 0) continue;
    text += state == State::survived ? "No case notices these; the case below each would:\n\n"
            : state == State::undecided
                ? "Undecided: no case notices these, and neither a patient nor a proof was found:\n\n"
                : "Equivalent, which is proved: advice, cautions and values stay the same for every patient:\n\n";
    for (const MutantResult& one : report.mutants) {
      if (one.state != state) continue;
      text += mutant_text(one);
      if (state == State::survived)
        text +=
            one.killer.block.empty() ? "  (--save-cases writes the case: a block cannot say it)\n" : one.killer.block;
      text += "\n";
    }
  }
  text += fmt::format("{}: {}: {} noticed, {} not, {} undecided", printable(options.path),
                      count(report.mutants.size(), "mutant"), report.count(State::killed),
                      report.count(State::survived), report.count(State::undecided));
  text += fmt::format("; {} proved equivalent, {} refused by the compiler\n", report.count(State::equivalent),
                      report.count(State::refused));
  return text + fmt::format("score: {} % of those that a case could notice\n", percent(report.score()));
}

std::string as_json(const Options& options, const MutationReport& report) {
  using Json = nlohmann::ordered_json;
  Json mutants = Json::array();
  for (const MutantResult& one : report.mutants) {
    Json json{{"mutation", testing::to_text(one.mutant.mutation)},
              {"line", one.lines.line},
              {"before", one.lines.before},
              {"after", one.lines.after},
              {"state", driver::to_text(one.state)}};
    json["by"] = one.by.empty() ? Json(nullptr) : Json(one.by);
    json["case"] = one.state == State::survived ? Json::parse(one.killer.file) : Json(nullptr);
    mutants.push_back(std::move(json));
  }
  const Json all{{"file", options.path},
                 {"score", report.score()},
                 {"killed", report.count(State::killed)},
                 {"survived", report.count(State::survived)},
                 {"undecided", report.count(State::undecided)},
                 {"equivalent", report.count(State::equivalent)},
                 {"refused", report.count(State::refused)},
                 {"mutants", std::move(mutants)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// A patient who would notice several mutants is written once for each, under the name of the mutant.
int save(const Options& options, const MutationReport& report) {
  std::error_code fault;
  std::filesystem::create_directories(options.save_cases, fault);
  std::string reason = fault ? fault.message() : std::string(), place = options.save_cases;
  const std::string stem = std::filesystem::path(options.path).stem().string();
  std::size_t number = 0;
  for (const MutantResult& one : report.mutants) {
    ++number;
    if (one.state != State::survived || !reason.empty()) continue;
    place = driver::join_path(options.save_cases, fmt::format("{}-{:04}-{}.json", stem, number, one.killer.name));
    reason = driver::write_file(place, one.killer.file);
  }
  if (reason.empty()) return fine;
  write_error(fmt::format("aceso: {}: {}\n", printable(place), reason));
  return bad_input;
}

int mutate(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_sound(options.path, options.color, exit_code);
  if (!compilation) return exit_code;
  driver::MutationOptions wanted;
  wanted.budget.steps_per_question = options.steps;
  if (options.seconds > 0)
    wanted.budget.end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000));
  wanted.jobs = options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  MutationReport report;
  {
    Progress progress("trying", driver::mutant_count(*compilation));
    wanted.on_step = [&](const std::string& what) { progress.step(what); };
    report = driver::mutate(*compilation, options.path, wanted);
  }
  if (!report.failing.empty()) {
    for (const std::string& failing : report.failing)
      write_error(fmt::format("aceso: {}: case \"{}\" fails already; see `aceso test`\n", printable(options.path),
                              printable(failing)));
    return findings;
  }
  if (!options.save_cases.empty()) exit_code = save(options, report);
  write_out(options.format == "json" ? as_json(options, report) : as_text(options, report));
  if (report.score() >= options.at_least) return exit_code;
  write_error(fmt::format("aceso: {}: {} % is less than {} %\n", printable(options.path), percent(report.score()),
                          percent(options.at_least)));
  return graver(exit_code, findings);
}

} // namespace

void add_mutate(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "mutate",
                  "would the cases of a guideline notice a slip?\n\n"
                  "Makes small slips in the text, one at a time: a threshold moved by one step, `<` for `<=`, a\n"
                  "condition dropped or negated, `and` for `or`, a verb or a strength swapped. Runs all cases of the\n"
                  "guideline against each. Of each slip that no case notices it is proved that it changes nothing, or\n"
                  "the case is shown that would notice it, or it is told as undecided.",
                  R"(Examples:
  aceso mutate guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso
  aceso mutate guideline.aceso --save-cases proposed --at-least 90
  aceso mutate guideline.aceso --format json

Exit codes: 0 fine; 1 less than --at-least, or a case fails already; 2 bad use; 3 a file cannot be read or written;
            4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->path, "a guideline or module")->required()->option_text(" ");
  command->add_option("--at-least", options->at_least, "fail where the score is less than this")
      ->check(CLI::Range(0.0, 100.0))
      ->option_text("PERCENT");
  command->add_option("--save-cases", options->save_cases, "write each case that would notice a slip into this folder")
      ->option_text("DIR");
  add_jobs_option(*command, options->jobs, "threads; one for each core unless said otherwise");
  command->add_option("--steps", options->steps, "solver steps for each question")->check(above_zero)->option_text("N");
  command->add_option("--budget", options->seconds, "seconds for everything; no limit unless given")
      ->check(above_zero)
      ->option_text("S");
  add_format_option(*command, options->format, {"text", "json"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return mutate(*options); }; });
}

} // namespace aceso::command
