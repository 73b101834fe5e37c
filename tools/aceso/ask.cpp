#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "case_input.h"
#include "engines.h"
#include "explain/decision_text.h"
#include "explain/fact_words.h"
#include "explain/interview.h"
#include "interpret/engine.h"
#include "population/files.h"
#include "population/population_faults.h"

namespace aceso::command {
namespace {

struct Options {
  std::string guideline, start, save, at;
  ColorMode color = ColorMode::automatic;
};

enum class Reply { next, stop };

/// One interview at a terminal or in a pipe.
class Session {
public:
  Session(Engine& engine, PatientCase start, bool color)
      : dictionary_(engine.dictionary()), interview_(engine, std::move(start)), color_(color),
        echoes_(::isatty(STDIN_FILENO) == 0) {}

  void run() {
    write_out(styled("1", dictionary_.guideline.title) + "\n");
    write_out("Type ? for help on a question, unknown where nobody can say, back to take the last answer back,\n"
              "stop to end.\n");
    std::optional<InputId> again;
    while (true) {
      std::optional<Question> question = interview_.next();
      if (again)
        question =
            Question{*again, question ? question->open_inputs : 1, {}, false, interview_.asks_for_earlier(*again)};
      again.reset();
      if (!question || ask(*question, again) == Reply::stop) return;
    }
  }
  [[nodiscard]] const Interview& interview() const { return interview_; }

private:
  [[nodiscard]] std::string styled(const char* code, const std::string& text) const {
    return color_ ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
  }

  /// `again`: set where the last answer was taken back, to its input.
  Reply ask(const Question& question, std::optional<InputId>& again) {
    show(question);
    while (true) {
      write_out("> ");
      const std::optional<std::string> line = read_line();
      if (!line || *line == "stop") {
        if (!line) write_out("\n");
        return Reply::stop;
      }
      if (line->empty()) continue;
      if (*line == "?") {
        show_help(question);
      } else if (*line == "back") {
        again = interview_.back();
        if (again) return Reply::next;
        write_out("There is no answer to take back.\n");
      } else if (take(question, *line)) {
        return Reply::next;
      }
    }
  }

  void show(const Question& question) {
    const InputInfo& input = dictionary_[question.input];
    std::string group = input.group_title.empty() ? input.group : input.group_title;
    if (!group.empty()) group += ", ";
    write_out(fmt::format("\n{}\n", styled("2", printable(fmt::format("{}{} still open", group,
                                                                      count(question.open_inputs, "question"))))));
    const std::string words = question.asks_for_earlier ? "Before, with its date: " + input.question : input.question;
    write_out(fmt::format("{}  [{}]\n", styled("1", printable(words)), help_on(question)));
    const auto choices = choices_of(dictionary_, question.input);
    for (std::size_t i = 0; i < choices.size(); ++i)
      write_out(printable(fmt::format("  {}  {}", i + 1, choices[i])) + "\n");
  }

  void show_help(const Question& question) {
    const InputInfo& input = dictionary_[question.input];
    std::string text = fmt::format("{}: {}\n", input.name, help_on(question));
    if (question.asks_for_earlier) text += "What is known of it now stays as it is; what it was before may decide.\n";
    std::string units;
    for (const AcceptedUnit& unit : input.accepted_units)
      units += (units.empty() ? "" : ", ") + unit.code;
    if (!units.empty()) text += fmt::format("Units also taken: {}\n", units);
    if (question.decides_whether_it_applies) text += "It is asked because it decides whether this guideline applies.\n";
    if (!question.settles.empty())
      text += fmt::format("It is asked because it can settle: {}\n", beginning_of(question.settles));
    text += "Where it is not known: unknown, or with the reason: not_asked, not_done, refused, pending, stale,\n"
            "invalid, not_applicable.\n";
    write_out(text);
  }

  [[nodiscard]] std::string help_on(const Question& question) const {
    return question.asks_for_earlier ? earlier_answer_help(dictionary_, question.input)
                                     : answer_help(dictionary_, question.input);
  }

  static std::string beginning_of(const std::vector<std::string>& names) {
    constexpr std::size_t shown = 6;
    if (names.size() <= shown) return fmt::format("{}", fmt::join(names, ", "));
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + shown, ", "), names.size() - shown);
  }

  /// True when the answer was taken.
  bool take(const Question& question, const std::string& line) {
    const AnswerResult result = interview_.answer(question.input, line);
    for (const CaseFault& fault : result.faults)
      write_out(styled("1;31", printable(fmt::format("{}: {}", fault.id, fault.message))) + "\n");
    if (!result.ok()) {
      write_out(fmt::format("Please answer with {}.\n", help_on(question)));
      return false;
    }
    if (!result.settled.empty())
      write_out(styled("1;32", printable(fmt::format("Settled: {}", fmt::join(result.settled, "; ")))) + "\n");
    return true;
  }

  /// In a pipe the answer is shown, so that the whole reads like the interview it was.
  std::optional<std::string> read_line() {
    finish_prompt();
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    const std::size_t from = line.find_first_not_of(" \t\r");
    line = from == std::string::npos ? std::string() : line.substr(from, line.find_last_not_of(" \t\r") - from + 1);
    if (echoes_) write_out(printable(line) + "\n");
    return line;
  }
  static void finish_prompt() { std::fflush(stdout); }

  const Dictionary& dictionary_;
  Interview interview_;
  bool color_, echoes_;
};

/// The instant of the clock, to the second, in UTC: the case states it, so that its decision does not change later.
ZonedInstant present() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {Instant{std::chrono::duration_cast<std::chrono::seconds>(now).count()}, 0};
}

std::optional<PatientCase> start_of(const Options& options, const Dictionary& dictionary) {
  if (!options.start.empty()) return read_case_file(dictionary, options.start, options.at, false);
  PatientCase start;
  start.now = options.at.empty() ? present() : *parse_instant(options.at);
  return start;
}

bool save(const Dictionary& dictionary, const PatientCase& patient_case, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const std::string text = write_case(dictionary, patient_case);
  const bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (written && closed) {
    write_out(fmt::format("\nThe case is saved in {}.\n", printable(path)));
    return true;
  }
  write_error(fmt::format("aceso: {} cannot be written\n", printable(path)));
  return false;
}

int ask(const Options& options) {
  if (!is_instant_option(options.at)) return bad_use;
  if (options.start == "-") {
    write_error("aceso: --case -: the answers come from standard input; name a file\n");
    return bad_use;
  }
  if (!options.save.empty()) {
    try { // before anybody has answered anything
      population::expect_writable(options.save);
    } catch (const population::RunError& error) {
      write_error(fmt::format("aceso: {}\n", printable(error.fault().message)));
      return bad_input;
    }
  }
  int exit_code = fine;
  const auto module = load_explainable(options.guideline, options.color, exit_code);
  if (!module) return exit_code;
  const Dictionary& dictionary = module->dictionary;
  std::optional<PatientCase> start = start_of(options, dictionary);
  if (!start) return bad_input;
  const auto engine = interpret::make_engine(module);
  if (const EngineAnswer first = engine->evaluate(*start); !first.ok()) {
    report_case_faults(options.start, first.faults, false);
    return bad_input;
  }
  const bool color = use_color(stdout, options.color);
  Session session(*engine, std::move(*start), color);
  session.run();
  const Interview& interview = session.interview();
  write_out(interview.is_settled() ? "\nAll is settled.\n\n" : "\nNot all is settled; what is left is told below.\n\n");
  write_out(decision_to_text(dictionary, interview.decision(), {.color = color, .width = output_width()}));
  if (!options.save.empty() && !save(dictionary, interview.patient_case(), options.save)) return bad_input;
  return fine;
}

} // namespace

void add_ask(CLI::App& program, Action& action) {
  CLI::App* command =
      add_command(program, "ask",
                  "interview about a patient, asking only what still matters\n\n"
                  "First what decides whether the guideline applies, then always the question whose answer settles\n"
                  "most. It ends when the decision is settled, or with stop, and prints the decision. In a pipe the\n"
                  "answers are the lines of standard input.",
                  R"(Answers: yes, no; 38.6 Cel, or 38.6 in the unit shown; a choice by name or number; 2026-11-22;
  unknown, or with a reason such as unknown refused; ? for help; back; stop.

Examples:
  aceso ask back_pain.aceso
  aceso ask back_pain.aceso --save case.json
  aceso ask back_pain.aceso --case partial.json --at 2026-11-22T10:00:00Z --save case.json

Exit codes: 0 fine; 1 the guideline has errors; 2 bad use; 3 a file cannot be read or written, or the case is
            faulty; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command
      ->add_option("GUIDELINE", options->guideline,
                   "the .aceso file of the guideline, or what `aceso build` made of it")
      ->required()
      ->option_text(" ");
  command->add_option("--case", options->start, "a case file with what is known already")->option_text("FILE");
  command->add_option("--save", options->save, "write the case to this file, for aceso run")->option_text("FILE");
  command
      ->add_option("--at", options->at,
                   "the instant of the case; without it that of the case file, or now by the clock")
      ->option_text("INSTANT");
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return ask(*options); }; });
}

} // namespace aceso::command
