#include <algorithm>
#include <filesystem>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "batch_report.h"
#include "case_input.h"
#include "column_pipes.h"
#include "command.h"
#include "diagnostics/diagnostic.h"
#include "engines.h"

namespace aceso::command {
namespace {

using population::FileFormat;

struct Options {
  std::string guideline, at, input_format, output_format, delimiter, engine = "batch", allow_rejects = "0", format;
  std::vector<std::string> values;
  std::size_t chunk_kib = 1024;
  population::RunOptions run;
  ColorMode color = ColorMode::automatic;
};

/// The format of a file by its ending; nothing, with a message, where the ending tells nothing.
std::optional<FileFormat> format_of(const std::string& path, const std::string& option, std::string_view option_name) {
  const auto ends = [&](std::initializer_list<std::string_view> endings) {
    return std::ranges::any_of(endings, [&](std::string_view ending) { return path.ends_with(ending); });
  };
  // Arrow and Parquet come and go as CSV through a pipe.
  if (is_columnar(path)) return FileFormat::csv;
  if (option == "csv" || (option.empty() && ends({".csv", ".tsv", ".txt"}))) return FileFormat::csv;
  if (option == "ndjson" || (option.empty() && ends({".ndjson", ".jsonl"}))) return FileFormat::ndjson;
  write_error(fmt::format("aceso: {}: its name does not end in .csv, .tsv, .ndjson or .jsonl; say {} csv or ndjson\n",
                          path == "-" ? "a standard stream" : printable(path), option_name));
  return std::nullopt;
}

bool choose_values(const Dictionary& dictionary, Options& options) {
  std::vector<DefinitionId>& chosen = options.run.result.wanted.values;
  for (const std::string& name : options.values) {
    bool is_known = name == "all";
    for (std::size_t i = 0; i < dictionary.definitions.size(); ++i) {
      if (name != "all" && dictionary.definitions[i].name != name) continue;
      is_known = true;
      if (std::ranges::find(chosen, DefinitionId(i)) == chosen.end()) chosen.emplace_back(i);
    }
    if (is_known) continue;
    std::vector<std::string> names;
    for (const DefinitionInfo& definition : dictionary.definitions)
      names.push_back(definition.name);
    const std::string near = diagnostics::nearest(name, names);
    write_error(fmt::format("aceso: --values: {} defines no {}{}\n", dictionary.guideline.id, printable(name),
                            near.empty() ? "" : "; did you mean " + near + "?"));
    return false;
  }
  return true;
}

/// How many records may be rejected before that is a finding; nothing for any number.
std::optional<std::uint64_t> allowed_rejects(const Options& options) {
  return options.allow_rejects == "all" ? std::nullopt
                                        : std::optional<std::uint64_t>(std::stoull(options.allow_rejects));
}

/// What cannot be gone back on cannot be resumed, and what is read must not be written over.
bool check_files(const population::RunOptions& run) {
  const auto name_of = [](const std::string& path, std::string_view stream) {
    return path == "-" ? std::string(stream) : printable(path);
  };
  const std::pair<const std::string&, std::string_view> files[] = {
      {run.input, "the standard input"}, {run.output, "the standard output"}, {run.rejects, "the standard output"}};
  for (const auto& [path, stream] : files)
    if (run.resume && !path.empty() && !population::is_lasting(path)) {
      write_error(fmt::format("aceso: --resume needs files, and {} is none: what went there cannot be gone back on\n",
                              name_of(path, stream)));
      return false;
    }
  if (!population::is_lasting(run.output) && run.sample_size != 0 && run.sample.empty()) {
    write_error(fmt::format("aceso: --explain-sample: beside {} no file can be put; say --sample FILE\n",
                            name_of(run.output, "the standard output")));
    return false;
  }
  return true;
}

/// No file of a run may be written over by another: what is read stays, and each output has a file of its own.
bool are_different_files(const std::string& guideline, const population::RunOptions& run) {
  struct File {
    std::string path;
    std::string_view what, option;
  };
  const bool lasts = population::is_lasting(run.output);
  const auto or_beside = [&](const std::string& named, std::string_view ending) {
    return !named.empty() || !lasts ? named : run.output + std::string(ending);
  };
  std::vector<File> files{
      {guideline, "the guideline", ""}, {run.input, "the input", ""}, {run.output, "the output", "-o"}};
  files.push_back({or_beside(run.rejects, ".rejected.ndjson"), "where rejected records are told", "--rejects"});
  if (run.sample_size != 0)
    files.push_back({or_beside(run.sample, ".sample.ndjson"), "where the sample is told", "--sample"});
  if (lasts) files.push_back({run.output + ".checkpoint", "the checkpoint of the run", ""});
  const auto plain = [](const std::string& path) {
    std::error_code unknown;
    const auto absolute = std::filesystem::weakly_canonical(path, unknown);
    return unknown ? std::filesystem::path(path).lexically_normal() : absolute;
  };
  for (std::size_t i = 2; i < files.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const std::string &one = files[i].path, &other = files[k].path;
      if (one.empty() || other.empty() || !population::is_lasting(one) || !population::is_lasting(other)) continue;
      if (plain(one) != plain(other) && !population::is_same_file(one, other)) continue;
      // Who named the one that comes later is told, but nobody names a checkpoint.
      const bool is_checkpoint = files[i].option.empty();
      const File &named = is_checkpoint ? files[k] : files[i], &taken = is_checkpoint ? files[i] : files[k];
      write_error(fmt::format("aceso: {}{}{}: that is {}; name another file\n", named.option,
                              named.option.empty() ? "" : " ", printable(named.path), taken.what));
      return false;
    }
  return true;
}

bool complete(Options& options) {
  population::RunOptions& run = options.run;
  if (!is_instant_option(options.at)) return false;
  if (!options.at.empty() && !states_offset(options.at)) {
    write_error(
        fmt::format("aceso: --at {}: say the time zone as well, as in 2026-11-22T10:00:00Z\n", printable(options.at)));
    return false;
  }
  if (!options.at.empty()) run.csv.at = parse_instant(options.at);
  const auto in = format_of(run.input, options.input_format, "--input-format");
  const auto out = in ? format_of(run.output, options.output_format, "--output-format") : std::nullopt;
  if (!in || !out) return false;
  run.input_format = *in;
  run.result.format = *out;
  if (run.resume && (is_columnar(run.input) || is_columnar(run.output))) {
    write_error("aceso: --resume: a run over Arrow or Parquet files cannot be gone on with\n");
    return false;
  }
  if (run.result.wanted.full && *out == FileFormat::csv) {
    write_error("aceso: --full gives whole decisions, which do not fit into CSV; write to a .ndjson file\n");
    return false;
  }
  if (!check_files(run) || !are_different_files(options.guideline, run)) return false;
  const std::map<std::string, char> delimiters{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}};
  if (!options.delimiter.empty()) run.csv.delimiter = delimiters.at(options.delimiter);
  if (run.jobs == 0) run.jobs = std::max(1u, std::thread::hardware_concurrency());
  run.limits.chunk_bytes = options.chunk_kib << 10;
  run.engine = options.engine == "batch"    ? population::EngineKind::batch
               : options.engine == "native" ? population::EngineKind::native
                                            : population::EngineKind::vm;
  return true;
}

/// "40% of the file, 3,200,000 patients, 410,000 a second, 12 s left".
class Teller {
public:
  void tell(const population::Progress& progress) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::string line;
    const std::uint64_t done = progress.bytes - progress.skipped_bytes;
    if (progress.of_bytes != 0) line += fmt::format("{}% of the file, ", progress.bytes * 100 / progress.of_bytes);
    if (patients_before_ == unset) patients_before_ = progress.skipped_bytes == 0 ? 0 : progress.patients;
    const double rate = static_cast<double>(progress.patients - patients_before_) / seconds;
    line +=
        fmt::format("{} patients, {} a second", grouped(progress.patients), grouped(static_cast<std::uint64_t>(rate)));
    if (progress.rejected != 0) line += fmt::format(", {} rejected", grouped(progress.rejected));
    if (progress.of_bytes != 0 && done != 0) {
      const double left = seconds *
                          static_cast<double>(progress.of_bytes - std::min(progress.bytes, progress.of_bytes)) /
                          static_cast<double>(done);
      line += fmt::format(", {:.0f} s left", left);
    }
    status_.show(line);
  }
  void clear() { status_.clear(); }

private:
  static constexpr std::uint64_t unset = static_cast<std::uint64_t>(-1);
  StatusLine status_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::uint64_t patients_before_ = unset;
};

int report_faults(const Options& options, const population::RunReport& report) {
  const bool is_about_input = report.cause == population::RunError::Cause::input;
  const std::string_view about = !is_about_input            ? std::string_view("aceso")
                                 : options.run.input == "-" ? std::string_view("the standard input")
                                                            : std::string_view(options.run.input);
  for (const CaseFault& fault : report.faults)
    write_error(printable(fmt::format("{}: {}: {}", about, fault.id, fault.message)) + '\n');
  return report.cause == population::RunError::Cause::use ? bad_use : bad_input;
}

int batch(Options& options) {
  if (!complete(options)) return bad_use;
  int exit_code = fine;
  const std::shared_ptr<const Module> module = load_guideline(options.guideline, options.color, exit_code);
  if (!module) return exit_code;
  if (!choose_values(module->dictionary, options)) return bad_use;
  const std::string input = options.run.input, output = options.run.output;
  ColumnPipes pipes;
  if (!pipes.open(options.run)) return bad_use;
  Teller teller;
  const population::RunReport report =
      population::run(module, options.run, [&](const population::Progress& progress) { teller.tell(progress); });
  teller.clear();
  options.run.input = input;
  options.run.output = output;
  if (!pipes.close()) return bad_input;
  if (!report.faults.empty()) return report_faults(options, report);
  const BatchRun done{*module, options.run, report};
  const std::string text = options.format == "json" ? batch_report_json(done) : batch_report_text(done);
  // What was asked for stands on standard output; a summary must not stand in between.
  if (options.run.output == "-") {
    write_error(text);
  } else {
    write_out(text);
  }
  const auto allowed = allowed_rejects(options);
  return allowed && report.summary.rejected > *allowed ? findings : fine;
}

std::function<std::string(const std::string&)> one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& word) {
    const bool is_known = std::ranges::find(words, word) != words.end();
    return is_known ? std::string{} : word + " is none of " + CLI::detail::join(words, ", ");
  };
}

void add_input_options(CLI::App& command, Options& options) {
  command.add_option("--input-format", options.input_format, "csv or ndjson, where the name of the file does not tell")
      ->check(one_of({"csv", "ndjson"}))
      ->option_text("csv|ndjson");
  command
      .add_option("--delimiter", options.delimiter, "between cells; found out from the header unless said otherwise")
      ->check(one_of({"comma", "semicolon", "tab"}))
      ->option_text("comma|semicolon|tab");
  command.add_flag("--ignore-other-columns", options.run.csv.ignore_other_columns,
                   "pass over columns that are no input of the guideline");
  command.add_option("--at", options.at, "ask all patients as of this instant, in place of their own")
      ->option_text("INSTANT");
}

void add_output_options(CLI::App& command, Options& options) {
  population::ResultOptions& result = options.run.result;
  command
      .add_option("--output-format", options.output_format, "csv or ndjson, where the name of the file does not tell")
      ->check(one_of({"csv", "ndjson"}))
      ->option_text("csv|ndjson");
  command.add_flag("--advice", result.advice_details, "CSV: also verb, strength and urgency of every action");
  command.add_option("--values", options.values, "also these derived values, or all")
      ->delimiter(',')
      ->option_text("NAME,...|all");
  command.add_flag("--missing", result.wanted.missing, "also the inputs that could settle what is undetermined");
  command.add_flag("--full", result.wanted.full, "NDJSON: the whole decision of each patient, as `aceso run` gives it");
  command
      .add_option("--explain-sample", options.run.sample_size,
                  "explain so many patients, chosen evenly and always the same")
      ->check(CLI::Range(0, 1000))
      ->option_text("N");
  command.add_option("--sample", options.run.sample, "where to; OUTPUT.sample.ndjson unless said otherwise")
      ->option_text("FILE");
  command
      .add_option("--rejects", options.run.rejects,
                  "where rejected records are told; OUTPUT.rejected.ndjson unless said otherwise")
      ->option_text("FILE");
  command.add_option("--allow-rejects", options.allow_rejects, "so many rejected records are no reason to end with 1")
      ->check([](const std::string& word) {
        const bool is_number =
            !word.empty() && word.size() < 19 && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
        return is_number || word == "all" ? std::string{} : word + " is neither a number nor all";
      })
      ->option_text("N|all");
}

} // namespace

void add_batch(CLI::App& program, Action& action) {
  CLI::App* command = add_command(
      program, "batch",
      "ask a guideline about a whole population\n\n"
      "Reads patients from CSV (one row each; the header names the inputs) or NDJSON (one case a line), writes one\n"
      "line for each, and tells at the end how often what was recommended, what was missing, and what was rejected.\n"
      "Memory does not grow with the file. A run that was interrupted goes on with --resume.",
      R"(Examples:
  aceso batch back_pain.acb patients.csv -o decisions.csv
  aceso batch back_pain.aceso patients.ndjson -o decisions.ndjson --values all --missing
  aceso batch back_pain.acb patients.csv -o decisions.csv --at 2026-11-22T10:00:00Z --resume
  zcat patients.csv.gz | aceso batch back_pain.acb - --input-format csv -o - --output-format csv > decisions.csv

A row:  id,now,fever,temperature [Cel]
        p1,2026-11-22T10:00:00Z,yes,38.6
An empty cell is unknown; `unknown:refused` says why.

Exit codes: 0 fine; 1 the guideline has errors, or more records were rejected than allowed; 2 bad use;
            3 a file cannot be read, used or written; 4 internal error.)");
  auto options = std::make_shared<Options>();
  command
      ->add_option("GUIDELINE", options->guideline,
                   "the .aceso file of the guideline, or what `aceso build` made of it")
      ->required()
      ->option_text(" ");
  command->add_option("INPUT", options->run.input, "the patients; - is the standard input")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options->run.output, "the file to write; - is the standard output")
      ->required()
      ->option_text("FILE");
  add_input_options(*command, *options);
  add_output_options(*command, *options);
  command->add_flag("--resume", options->run.resume, "go on where an earlier run into OUTPUT was interrupted");
  options->run.jobs = 0;
  add_jobs_option(*command, options->run.jobs, "threads; one for each core unless said otherwise");
  command->add_option("--chunk", options->chunk_kib, "size of the pieces in which the file is read, in KiB; 1024")
      ->check(CLI::Range(1, 1 << 20))
      ->option_text("KIB");
  command
      ->add_option("--engine", options->engine,
                   "what decides: columns (batch; native: as machine code), or one by one (vm)")
      ->check(one_of({"batch", "vm", "native"}))
      ->option_text("batch|vm|native");
  add_format_option(*command, options->format, {"text", "json"});
  add_color_option(*command, options->color);
  command->callback([options, &action] { action = [options] { return batch(*options); }; });
}

} // namespace aceso::command
