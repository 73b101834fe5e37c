#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/case_set.h"
#include "driver/files.h"
#include "driver/proposed_cases.h"

namespace aceso::command {
namespace {

using testing::Goal;

struct Options {
  std::string path, output, save_cases;
  bool boundary = false, mcdc = false, lacking = false;
  int steps = 20'000;
  double seconds = 0;
  ColorMode color = ColorMode::automatic;
};

/// What was asked for, and what became of it.
std::string summary(const testing::Proposals& proposals) {
  std::string text =
      fmt::format("{} for {}", count(proposals.cases.size(), "proposed case"), count(proposals.goals.size(), "goal"));
  if (const std::size_t known = proposals.count(Goal::State::known))
    text += fmt::format(", {} served by cases there are", known);
  text += fmt::format(", {} proved impossible, {} undecided", proposals.count(Goal::State::impossible),
                      proposals.count(Goal::State::undecided));
  return text;
}

/// The goals that no case serves, as comments.
std::string left_over(const testing::Proposals& proposals, Goal::State state, std::string_view heading) {
  std::string text;
  std::string subject;
  for (const Goal& goal : proposals.goals) {
    if (goal.state != state) continue;
    if (text.empty()) text = fmt::format("\n// {}\n", heading);
    if (goal.subject != subject) text += fmt::format("// {}:\n", goal.subject);
    subject = goal.subject;
    text += fmt::format("//   {}\n", goal.text);
  }
  return text;
}

int save(const std::string& folder, const std::string& path, const std::vector<driver::WrittenCase>& written) {
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) {
    write_error(fmt::format("aceso: {}: {}\n", printable(folder), fault.message()));
    return bad_input;
  }
  const std::string stem = std::filesystem::path(path).stem().string();
  for (const driver::WrittenCase& one : written) {
    const std::string place = driver::join_path(folder, fmt::format("{}-{}.json", stem, one.name));
    const std::string reason = driver::write_file(place, one.file);
    if (reason.empty()) continue;
    write_error(fmt::format("aceso: {}: {}\n", printable(place), reason));
    return bad_input;
  }
  return fine;
}

int cases(const Options& options) {
  int exit_code = fine;
  const auto compilation = compile_sound(options.path, options.color, exit_code);
  if (!compilation) return exit_code;
  testing::ProposalOptions wanted;
  if (options.boundary || options.mcdc) {
    wanted.boundary = options.boundary;
    wanted.mcdc = options.mcdc;
  }
  wanted.budget.steps_per_question = options.steps;
  if (options.seconds > 0)
    wanted.budget.end =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(options.seconds * 1000));
  if (options.lacking)
    for (driver::KeptCase& kept : driver::read_cases(*compilation, options.path).cases)
      wanted.known.insert(wanted.known.end(), kept.patients.begin(), kept.patients.end());
  const testing::Proposals proposals = testing::propose(*compilation->graph(), compilation->sources(), 0, wanted);
  const std::vector<driver::WrittenCase> written = driver::write_proposals(*compilation, proposals);
  if (!options.save_cases.empty()) exit_code = save(options.save_cases, options.path, written);

  std::size_t only_files = 0;
  std::string text = fmt::format("// {}\n// What each case expects is what the guideline says today. Let somebody who "
                                 "knows the field confirm or correct\n"
                                 "// it, and then take \"{}\" off its title.\n",
                                 summary(proposals), driver::proposal_mark);
  for (const driver::WrittenCase& one : written) {
    only_files += one.block.empty();
    if (!one.block.empty()) text += "\n" + one.block;
  }
  if (only_files > 0)
    text +=
        fmt::format("\n// {} cannot be written as a block; --save-cases writes a file.\n", count(only_files, "case"));
  text += left_over(proposals, Goal::State::impossible, "Impossible, which is proved:");
  text += left_over(proposals, Goal::State::undecided, "Undecided: neither a patient nor a proof was found.");
  if (options.output.empty() && options.save_cases.empty()) {
    write_out(text);
    return exit_code;
  }
  if (!options.output.empty())
    if (const std::string reason = driver::write_file(options.output, text); !reason.empty()) {
      write_error(fmt::format("aceso: {}: {}\n", printable(options.output), reason));
      return bad_input;
    }
  write_out(summary(proposals) + "\n");
  return exit_code;
}

} // namespace

void add_cases(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "cases",
                  "propose patients that a guideline should be tested with\n\n"
                  "Writes a case for each threshold and its neighbours (one on it, one a step below, one a step\n"
                  "above), and for each condition of each decision one patient for whom it decides alone: as yes, as\n"
                  "no, and as unknown. What a case expects is what the guideline says today: a proposal that somebody\n"
                  "who knows the field has to confirm. Without --boundary and --mcdc both kinds are written.",
                  R"(Examples:
  aceso cases guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso --boundary
  aceso cases guideline.aceso --lacking -o proposed.txt      only what no case shows yet
  aceso cases guideline.aceso --mcdc --save-cases proposed   as case files

Exit codes: 0 fine; 1 the file has errors; 2 bad use; 3 a file cannot be read or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command->add_option("GUIDELINE", options->path, "a guideline or module")->required()->option_text(" ");
  command->add_flag("--boundary", options->boundary, "thresholds, their neighbours, and the ends of waits");
  command->add_flag("--mcdc", options->mcdc, "each condition as yes, no and unknown, where it decides alone");
  command->add_flag("--lacking", options->lacking, "only what no case of the guideline shows yet");
  command->add_option("-o,--output", options->output, "write the case blocks to this file")->option_text("FILE");
  command->add_option("--save-cases", options->save_cases, "write each case as a case file into this folder")
      ->option_text("DIR");
  command->add_option("--steps", options->steps, "solver steps for each question")->check(above_zero)->option_text("N");
  command->add_option("--budget", options->seconds, "seconds for everything; no limit unless given")
      ->check(above_zero)
      ->option_text("S");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return cases(*options); }; });
}

} // namespace aceso::command
