#include <array>
#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "command.h"
#include "driver/files.h"

namespace aceso::command {
namespace {

/// In the templates, NAME stands for the name and TITLE for the name in words.
constexpr std::string_view guideline_template = R"(/// TITLE: a first guideline to change into your own.
guideline NAME {
  title     "TITLE"
  version   0.1.0
  status    draft
  developer "Your name"
  funding   "none"
  published 2026-01-01
  review_by 2027-01-01
  audience  "Who is meant to use it"
  applies   when has_complaint
}

// Where the advice comes from. Every rule should cite a place in a source.
source evidence "The document that this guideline puts into rules" {
  document "document.txt"
  numbered 1 to 1
}

// What is asked. An answer that is not given is unknown, and unknown is never taken for no.
inputs presentation "Presentation" {
  has_complaint : yes/no "Does the patient have the complaint?"
  alarm_sign    : yes/no "Is there an alarm sign?"
  duration      : duration from 0 days to 104 weeks step 1 day "For how long has the complaint lasted?"
}

// What follows from the answers.
define lasts_long = duration >= 6 weeks

// What can be advised.
action further_tests  "Further tests"                   : test
action watch_and_wait "Wait, and look again in 2 weeks" : self_care

rule test_at_once {
  when      alarm_sign
  recommend further_tests strong immediately
  because   "An alarm sign does not wait."
  cite      evidence at "Alarm signs" refs 1
}
rule test_after_waiting {
  when      lasts_long and not alarm_sign
  recommend further_tests weak routinely
  because   "The complaint has not gone away by itself."
  cite      evidence at "Course" refs 1
}
rule wait_first {
  when      not alarm_sign and not lasts_long
  recommend watch_and_wait strong
  because   "Most complaints of this kind pass by themselves."
  cite      evidence at "Course" refs 1
}

// What must always hold. It is looked at in every case.
property alarm_signs_are_tested {
  whenever alarm_sign then recommended further_tests
}

// Examples, run by `aceso test`.
case "An alarm sign is tested at once" {
  given  has_complaint, alarm_sign
  expect recommended further_tests immediately
  expect not recommended watch_and_wait
}
case "Nobody asked for the alarm sign: nothing is decided in silence" {
  given  has_complaint, duration = 2 weeks
  expect undetermined further_tests missing alarm_sign
}
)";

constexpr std::string_view case_template = R"({
  "title": "Two weeks, no alarm sign",
  "now": "2026-01-15T10:00:00Z",
  "inputs": {
    "has_complaint": true,
    "alarm_sign": false,
    "duration": "2 wk"
  },
  "expect": [
    "recommended watch_and_wait",
    "not recommended further_tests"
  ]
}
)";

constexpr std::string_view readme_template = R"(# TITLE

`NAME.aceso` is the guideline, `cases/` holds patients with what is expected for them.

    aceso check .                              look for mistakes
    aceso test .                               run all cases
    aceso run NAME.aceso cases/first.json      see one decision
    aceso fmt .                                put the text in order
    aceso graph NAME.aceso --format svg -o NAME.svg
)";

std::string fill(std::string_view text, const std::string& name) {
  std::string title = name;
  for (char& c : title)
    if (c == '_') c = ' ';
  if (title.front() >= 'a' && title.front() <= 'z') title.front() = static_cast<char>(title.front() - 'a' + 'A');
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("NAME"))
      out += name, text.remove_prefix(4);
    else if (text.starts_with("TITLE"))
      out += title, text.remove_prefix(5);
    else
      out += text.front(), text.remove_prefix(1);
  }
  return out;
}

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || name.size() > 100 || !is_letter(name.front())) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return false;
  return true;
}

int refuse(const std::string& sentence) {
  write_error("aceso: " + sentence + '\n');
  return bad_use;
}

int make_new(const std::string& name) {
  namespace fs = std::filesystem;
  if (!is_identifier(name))
    return refuse(printable(name) +
                  " is no name for a guideline: letters a to z, digits and _ make one, beginning with a letter");
  const std::string text = fill(guideline_template, name);
  if (const Compilation compilation = compile_text(text, name + ".aceso"); !compilation.ok()) {
    write_error(compilation.render_diagnostics(use_color(stderr, ColorMode::automatic)));
    return refuse(name + " cannot be the name of a guideline, because it already means something in the language");
  }
  std::error_code error;
  if (fs::symlink_status(name, error).type() != fs::file_type::not_found)
    return refuse(name + " exists already; nothing was changed");
  if (!fs::create_directories(name + "/cases", error)) return refuse(name + " cannot be made: " + error.message());
  const std::array<std::pair<std::string, std::string>, 3> files{
      {{name + "/" + name + ".aceso", text},
       {name + "/cases/first.json", fill(case_template, name)},
       {name + "/README.md", fill(readme_template, name)}}};
  for (const auto& [path, content] : files)
    if (const std::string reason = driver::write_file(path, content); !reason.empty())
      return refuse(path + " cannot be written: " + reason);
  for (const auto& file : files)
    write_out("made " + file.first + '\n');
  write_out(fmt::format("Next: aceso check {0}, then aceso test {0}\n", name));
  return fine;
}

} // namespace

void add_new(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "new",
                  "make the folder of a new guideline\n\n"
                  "Writes NAME/NAME.aceso, NAME/cases/first.json and NAME/README.md: a small guideline without\n"
                  "findings and a case that passes, to be changed into your own. Nothing is ever overwritten.",
                  R"(Example:
  aceso new back_pain

Exit codes: 0 fine; 2 the name is not possible, taken, or the folder cannot be made; 4 internal error.)");
  auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "letters, digits and _, such as back_pain")->required()->option_text(" ");
  command->callback([name, &action] { action = [name] { return make_new(*name); }; });
}

} // namespace aceso::command
