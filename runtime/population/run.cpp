#include "population/run.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

#include "population/checkpoint.h"
#include "population/ndjson_reader.h"
#include "population/sample.h"

namespace aceso::population {
namespace {

using Cause = RunError::Cause;

/// All that the bytes of the output depend on, beside the guideline and the input.
std::string describe(const Module& module, const RunOptions& options) {
  const auto format = [](FileFormat f) { return f == FileFormat::csv ? "csv" : "ndjson"; };
  std::string text = std::string(format(options.input_format)) + " to " + format(options.result.format);
  if (options.csv.at) text += ", at " + to_text(*options.csv.at);
  if (options.csv.delimiter != '\0') text += ", delimiter " + std::to_string(options.csv.delimiter);
  if (options.csv.ignore_other_columns) text += ", other columns ignored";
  for (const DefinitionId id : options.result.wanted.values)
    text += ", " + module.dictionary.definitions[id.index()].name;
  if (options.result.wanted.missing) text += ", missing";
  if (options.result.wanted.full) text += ", full";
  if (options.result.advice_details) text += ", advice";
  if (options.sample_size != 0) text += ", sample of " + std::to_string(options.sample_size);
  return text;
}

/// What one chunk comes to, before it is its turn to be written.
struct Worked {
  std::string lines, reject_lines;
  std::vector<SampledPatient> candidates;
};

class Run {
public:
  Run(std::shared_ptr<const Module> module, const RunOptions& options, const std::function<void(const Progress&)>& tell)
      : module_(std::move(module)), options_(options), tell_(tell), summary_(*module_), sample_(options.sample_size),
        source_(options.input, options.input_format == FileFormat::csv, options.limits),
        factory_(module_, options.engine, options.result.wanted) {
    rejects_path_ = !options.rejects.empty()      ? options.rejects
                    : !is_lasting(options.output) ? "!"
                                                  : options.output + ".rejected.ndjson";
    sample_path_ = !options.sample.empty() ? options.sample : options.output + ".sample.ndjson";
    if (is_lasting(options.output) && options.keeps_checkpoint) checkpoint_path_ = options.output + ".checkpoint";
  }

  void prepare() {
    identity_ = {module_->content_hash, describe(*module_, options_), source_.size(), source_.head_hash()};
    if (options_.input_format == FileFormat::csv) {
      header_ = read_header(module_->dictionary, source_.take_header(), options_.csv);
      source_.set_delimiter(header_.delimiter);
      if (!header_.faults.empty()) return;
    }
    expect_writable(options_.output);
    expect_writable(rejects_path_);
    if (options_.sample_size != 0) expect_writable(sample_path_);
    std::string text;
    const bool is_unfinished = !checkpoint_path_.empty() && read_small_file(checkpoint_path_, text);
    if (is_unfinished && !options_.resume)
      throw RunError(Cause::use,
                     make_fault(FaultKind::unfinished, checkpoint_path_, {options_.output, checkpoint_path_}));
    if (is_unfinished) {
      resume(text);
      return;
    }
    // The checkpoint comes first: an output that has none beside it is complete.
    save_checkpoint();
    try {
      open_outputs();
      output_->write(ResultWriter(*module_, options_.result).header());
    } catch (const RunError&) {
      if (!checkpoint_path_.empty()) remove_file(checkpoint_path_); // nothing has begun
      throw;
    }
    position_.output_bytes = output_->size();
  }

  void go() {
    const unsigned jobs = std::max(1u, options_.jobs);
    std::vector<std::future<void>> others;
    for (unsigned i = 1; i < jobs; ++i) // where the system gives no thread, the others do its work
      others.push_back(std::async(std::launch::async | std::launch::deferred, [this] { work(); }));
    work();
    for (std::future<void>& each : others)
      each.get();
    if (error_) {
      save_last_checkpoint();
      std::rethrow_exception(error_);
    }
    finish();
  }

  [[nodiscard]] const std::vector<CaseFault>& header_faults() const { return header_.faults; }

  void report(RunReport& report) const {
    report.summary = summary_;
    report.was_resumed = was_resumed_;
    report.patients_here = summary_.patients - patients_before_;
    if (rejects_)
      report.rejects = rejects_path_ == "!"   ? "the standard error"
                       : rejects_path_ == "-" ? "the standard output"
                                              : rejects_path_;
    if (options_.sample_size != 0) report.sample = sample_path_;
  }

private:
  void resume(const std::string& text) {
    const Checkpoint checkpoint = read_checkpoint(text, identity_, checkpoint_path_);
    try {
      summary_ = summary_from_json(*module_, checkpoint.summary);
      sample_.take_json(checkpoint.sample);
    } catch (const nlohmann::json::exception&) {
      throw RunError(Cause::use, make_fault(FaultKind::bad_checkpoint, checkpoint_path_, {checkpoint_path_}));
    }
    position_ = checkpoint.position;
    skipped_bytes_ = position_.input_offset;
    patients_before_ = summary_.patients;
    was_resumed_ = position_.input_offset != 0;
    open_outputs();
    if (position_.output_bytes == 0) output_->write(ResultWriter(*module_, options_.result).header());
    position_.output_bytes = output_->size();
    source_.skip_to(position_.input_offset, position_.next_line);
  }

  void open_outputs() {
    output_ = std::make_unique<OutputFile>(options_.output, position_.output_bytes, checkpoint_path_);
    if (position_.reject_bytes != 0) {
      rejects_ = std::make_unique<OutputFile>(rejects_path_, position_.reject_bytes, checkpoint_path_);
    } else if (is_lasting(rejects_path_)) {
      remove_file(rejects_path_);
    }
  }

  void work() {
    try {
      const std::unique_ptr<Decider> decider = factory_.make();
      CsvReader csv(*module_, header_, options_.csv);
      NdjsonReader ndjson(*module_, options_.csv.at);
      ResultWriter writer(*module_, options_.result);
      Patients patients(*module_);
      Outcomes outcomes;
      Chunk chunk;
      Worked worked; // keeps its memory from chunk to chunk
      while (take(chunk)) {
        patients.clear();
        if (options_.input_format == FileFormat::csv) {
          csv.read(chunk.text, chunk.first_line, patients);
        } else {
          ndjson.read(chunk.text, chunk.first_line, patients);
        }
        decider->decide(patients, outcomes);
        worked.lines.clear();
        worked.reject_lines.clear();
        writer.write(patients, outcomes, *decider, worked.lines);
        worked.candidates = sample_.candidates(*module_, patients, outcomes);
        Summary summary(*module_);
        summary.add(patients, outcomes, *decider);
        write_rejects(patients, outcomes, summary, worked.reject_lines);
        write(chunk, worked, summary);
      }
    } catch (...) {
      const std::lock_guard lock(writing_);
      if (!error_) error_ = std::current_exception();
      is_failed_ = true;
      turn_changed_.notify_all();
    }
  }

  /// The next chunk; false at the end. What is wrong with the file is told once all before it has been written.
  bool take(Chunk& chunk) {
    const std::lock_guard lock(reading_);
    if (is_read_ || is_failed_) return false;
    try {
      is_read_ = !source_.next(chunk);
    } catch (const RunError&) {
      is_read_ = true;
      read_error_ = std::current_exception();
    }
    chunk.sequence = taken_;
    if (!is_read_) ++taken_;
    return !is_read_;
  }

  /// Those of the reader and those of the engine, in the order of the file.
  static void write_rejects(const Patients& patients, Outcomes& outcomes, Summary& summary, std::string& lines) {
    std::vector<Reject> rejects = patients.rejects;
    for (auto& [row, faults] : outcomes.refusals)
      rejects.push_back({patients.line(row), std::string(patients.id(row)), std::move(faults)});
    std::ranges::stable_sort(rejects, {}, &Reject::line);
    for (const Reject& reject : rejects) {
      summary.add_reject(reject);
      lines += line_of_reject(reject);
    }
  }

  void write(const Chunk& chunk, Worked& worked, const Summary& summary) {
    std::unique_lock lock(writing_);
    turn_changed_.wait(lock, [&] { return turn_ == chunk.sequence || is_failed_; });
    if (is_failed_) return;
    output_->write(worked.lines);
    if (!worked.reject_lines.empty()) {
      if (!rejects_) rejects_ = std::make_unique<OutputFile>(rejects_path_, 0);
      rejects_->write(worked.reject_lines);
    }
    summary_.add(summary);
    sample_.add(std::move(worked.candidates));
    position_ = {chunk.end_offset, chunk.next_line, output_->size(), rejects_ ? rejects_->size() : 0};
    if (const auto now = std::chrono::steady_clock::now(); now - saved_ >= between_checkpoints) {
      save_checkpoint();
      saved_ = now;
    }
    tell_({position_.input_offset, source_.size(), skipped_bytes_, summary_.patients, summary_.rejected});
    ++turn_;
    turn_changed_.notify_all();
  }

  void save_checkpoint() {
    if (!checkpoint_path_.empty())
      replace_file(checkpoint_path_, write_checkpoint(identity_, position_, summary_, sample_));
  }

  /// After an error, which is what has to be told. Where there is no room, the one before stands.
  void save_last_checkpoint() {
    try {
      save_checkpoint();
    } catch (const RunError&) {
      return;
    }
  }

  void finish() {
    if (read_error_) {
      save_last_checkpoint();
      std::rethrow_exception(read_error_);
    }
    if (options_.sample_size != 0) OutputFile(sample_path_, 0).write(sample_.lines(module_));
    if (!checkpoint_path_.empty()) remove_file(checkpoint_path_);
  }

  std::shared_ptr<const Module> module_;
  const RunOptions& options_;
  const std::function<void(const Progress&)>& tell_;
  std::string rejects_path_, sample_path_, checkpoint_path_;
  RunIdentity identity_;
  CsvHeader header_;
  Position position_;
  /// What a kill costs at most, beside the chunks that are being worked on.
  static constexpr std::chrono::milliseconds between_checkpoints{100};
  std::chrono::steady_clock::time_point saved_{};
  std::uint64_t skipped_bytes_ = 0, patients_before_ = 0;
  bool was_resumed_ = false;
  Summary summary_;
  Sample sample_;
  std::unique_ptr<OutputFile> output_, rejects_;

  std::mutex reading_; ///< of what follows
  ChunkReader source_;
  DeciderFactory factory_;
  std::uint64_t taken_ = 0;
  bool is_read_ = false;
  std::exception_ptr read_error_;

  std::mutex writing_; ///< of outputs, sums and what follows
  std::condition_variable turn_changed_;
  std::uint64_t turn_ = 0;
  std::atomic<bool> is_failed_ = false;
  std::exception_ptr error_;
};

} // namespace

RunReport run(const std::shared_ptr<const Module>& module, const RunOptions& options,
              const std::function<void(const Progress&)>& tell) {
  RunReport report(*module);
  const auto start = std::chrono::steady_clock::now();
  try {
    Run run(module, options, tell);
    run.prepare();
    report.faults = run.header_faults();
    if (report.faults.empty()) {
      try {
        run.go();
      } catch (...) {
        run.report(report);
        throw;
      }
      run.report(report);
    }
  } catch (const RunError& error) {
    report.faults = {error.fault()};
    report.cause = error.cause();
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

} // namespace aceso::population
