#pragma once
/// A guideline over a whole population: file in, file out.
///
///   population::RunOptions options;
///   options.input = "patients.csv";
///   options.output = "decisions.csv";
///   const population::RunReport report = population::run(module, options, [](const population::Progress&) {});
///
/// Memory is bounded by the threads and the chunk, whatever the size of the file. What is written depends on the input
/// and the options alone: not on threads, chunks, engines or interruptions. A run that is killed leaves
/// OUTPUT.checkpoint beside the output and can be resumed; docs/population.md tells how.

#include <functional>
#include <memory>
#include <optional>

#include "population/csv_reader.h"
#include "population/files.h"
#include "population/population_faults.h"
#include "population/result_writer.h"
#include "population/summary.h"

namespace aceso::population {

struct RunOptions {
  std::string input, output; ///< "-": standard input and output
  std::string rejects;       ///< JSON lines about rejected records; empty: OUTPUT.rejected.ndjson, or standard error
  std::string sample;        ///< empty: OUTPUT.sample.ndjson
  FileFormat input_format = FileFormat::csv;
  CsvOptions csv; ///< `at` counts for NDJSON as well
  ResultOptions result;
  EngineKind engine = EngineKind::batch;
  unsigned jobs = 1;
  unsigned sample_size = 0; ///< so many patients with decision and explanation; at most 1000
  bool resume = false;
  bool keeps_checkpoint = true; ///< false for pipes, which cannot be gone back on
  ChunkReader::Limits limits;
};

struct Progress {
  std::uint64_t bytes = 0, of_bytes = 0; ///< of the input; `of_bytes` is 0 where its size is not known
  std::uint64_t skipped_bytes = 0;       ///< done by the run that is resumed
  std::uint64_t patients = 0, rejected = 0;
};

struct RunReport {
  explicit RunReport(const Module& module) : summary(module) {}
  Summary summary;
  double seconds = 0;              ///< of this run
  std::uint64_t patients_here = 0; ///< in this run, without what was done before it was resumed
  bool was_resumed = false;
  std::string rejects, sample;                    ///< the files; empty where nothing was written
  std::vector<CaseFault> faults;                  ///< not empty: the run has not finished
  RunError::Cause cause = RunError::Cause::input; ///< of the faults
};

/// `tell` is called from time to time, from several threads but never at once. Never throws for bad content.
[[nodiscard]] RunReport run(const std::shared_ptr<const Module>& module, const RunOptions& options,
                            const std::function<void(const Progress&)>& tell);

} // namespace aceso::population
