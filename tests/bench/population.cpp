/// A file of patients through the flagship, part after part: reading the bytes, taking them apart, what they mean, the
/// decisions, the lines that are written. The yardsticks are parsers that make typed columns of the same text
/// (typed_parsers.h); `of_parser` is their time over that of the whole way, taken in turn in one run.
#include <cstring>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>
#include <variant>

#include <benchmark/benchmark.h>

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "population/csv_reader.h"
#include "population/line_scanner.h"
#include "population/ndjson_reader.h"
#include "population/result_writer.h"
#include "population/summary.h"
#include "typed_parsers.h"

namespace {

using namespace aceso;
using namespace aceso::population;

constexpr std::size_t patients_in_text = 20'000;

std::shared_ptr<const Module> flagship() {
  static const std::shared_ptr<const Module> module = [] {
    const std::string path =
        std::string(ACESO_SOURCE_FOLDER) + "/guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso";
    const Compilation compilation = compile_file(path);
    return load_module(std::get<std::string>(codegen::build(*compilation.graph(), nullptr))).module;
  }();
  return module;
}

struct Texts {
  std::string header, csv, ndjson;
  std::vector<std::size_t> inputs;
};

/// Four of five inputs are known, and then every value is as likely as any other.
Texts make_texts() {
  const Dictionary& names = flagship()->dictionary;
  std::mt19937 random(1);
  Texts texts;
  std::vector<std::size_t>& chosen = texts.inputs;
  texts.header = "id,now";
  for (std::size_t i = 0; i < names.inputs.size(); ++i) {
    if (names.inputs[i].name.starts_with("reported_")) continue; // level and region would have to fit each other
    chosen.push_back(i);
    const std::string& unit = names[names.inputs[i].type].unit;
    texts.header += "," + names.inputs[i].name + (unit.empty() ? "" : " [" + unit + "]");
  }
  texts.header += "\n";
  for (std::size_t p = 0; p < patients_in_text; ++p) {
    const std::string id = "p" + std::to_string(p + 1);
    texts.csv += id + ",2026-11-22T10:00:00Z";
    texts.ndjson += R"({"id": ")" + id + R"(", "now": "2026-11-22T10:00:00Z", "inputs": {)";
    bool is_first = true;
    for (const std::size_t i : chosen) {
      texts.csv += ',';
      if (random() % 5 == 0) continue;
      const TypeInfo& type = names[names.inputs[i].type];
      std::string cell, json;
      if (type.kind == TypeKind::yes_no) {
        const bool yes = random() % 2 == 0;
        cell = yes ? "yes" : "no";
        json = yes ? "true" : "false";
      } else if (!type.members.empty()) {
        cell = type.members[random() % type.members.size()].name;
        json = "\"" + cell + "\"";
      } else {
        cell = std::to_string(random() % 700);
        json = "{\"value\": " + cell + ", \"unit\": \"" + type.unit + "\"}";
      }
      texts.csv += cell;
      texts.ndjson += (is_first ? "\"" : ", \"") + names.inputs[i].name + "\": " + json;
      is_first = false;
    }
    texts.csv += '\n';
    texts.ndjson += "}}\n";
  }
  return texts;
}

/// The text with zeros behind it, as chunks have them.
struct Padded {
  explicit Padded(const std::string& from) : bytes(from + std::string(block_bytes, '\0')), text(bytes) {
    text.remove_suffix(block_bytes);
  }
  std::string bytes;
  std::string_view text;
};

const Texts& texts() {
  static const Texts all = make_texts();
  return all;
}
const Padded& csv() {
  static const Padded text(texts().csv);
  return text;
}
const Padded& ndjson() {
  static const Padded text(texts().ndjson);
  return text;
}

void count(benchmark::State& state, const Padded& text) {
  const auto rounds = static_cast<double>(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(rounds * static_cast<double>(text.text.size())));
  state.counters["patients/s"] =
      benchmark::Counter(rounds * static_cast<double>(patients_in_text), benchmark::Counter::kIsRate);
}

template <const Padded& (*Text)()>
void read_bytes(benchmark::State& state) {
  const Padded& text = Text();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at + 8 <= text.text.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.text.data() + at, 8);
      sum += word;
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state, text);
}
BENCHMARK(read_bytes<csv>)->Name("csv/1_floor_reading_bytes");

void split(benchmark::State& state) {
  for (auto _ : state) {
    CsvSplitter splitter(csv().text, ',', 2);
    CsvRecord record;
    std::size_t sum = 0;
    while (splitter.next(record))
      for (const std::string_view cell : record.cells)
        sum += cell.size();
    benchmark::DoNotOptimize(sum);
  }
  count(state, csv());
}
BENCHMARK(split)->Name("csv/2_splitter_alone");

bench::TypedTable& typed_table() {
  static bench::TypedTable table = [] {
    bench::TypedTable made(flagship()->dictionary, texts().inputs);
    made.resize(patients_in_text);
    return made;
  }();
  return table;
}

std::size_t parse_csv() {
  typed_table().resize(patients_in_text);
  return bench::parse_csv(csv().text, typed_table());
}
#ifdef ACESO_HAS_SIMDJSON
std::size_t parse_ndjson() {
  static simdjson::ondemand::parser parser;
  static const auto by_name = [] {
    std::unordered_map<std::string_view, std::size_t> names;
    for (std::size_t i = 0; i < typed_table().columns.size(); ++i)
      names.emplace(typed_table().columns[i].name, i);
    return names;
  }();
  typed_table().resize(patients_in_text);
  return bench::parse_ndjson(parser, ndjson().text, typed_table(), by_name);
}
#endif

template <std::size_t (*Parse)(), const Padded& (*Text)()>
void typed(benchmark::State& state) {
  for (auto _ : state)
    if (Parse() != patients_in_text) state.SkipWithError("the yardstick cannot read it");
  count(state, Text());
}
BENCHMARK(typed<parse_csv, csv>)->Name("csv/2_typed_parser");
#ifdef ACESO_HAS_SIMDJSON
BENCHMARK(typed<parse_ndjson, ndjson>)->Name("ndjson/2_typed_parser_simdjson");
#endif

enum class Upto { columns, decisions, lines };

/// All that a thread does with a text.
class Way {
public:
  Way(Upto upto, EngineKind engine, FileFormat format)
      : upto_(upto), factory_(flagship(), engine, {}), decider_(factory_.make()),
        writer_(*flagship(), {format, false, {}}), patients_(*flagship()) {}

  /// How many patients came through.
  template <class Read>
  std::size_t go(Read read) {
    patients_.clear();
    read(patients_);
    if (upto_ == Upto::columns) return patients_.count();
    decider_->decide(patients_, outcomes_);
    if (upto_ == Upto::decisions) return patients_.count();
    lines_.clear();
    writer_.write(patients_, outcomes_, *decider_, lines_);
    Summary summary(*flagship());
    summary.add(patients_, outcomes_, *decider_);
    benchmark::DoNotOptimize(lines_.data());
    return summary.patients;
  }

private:
  Upto upto_;
  DeciderFactory factory_;
  std::unique_ptr<Decider> decider_;
  ResultWriter writer_;
  Patients patients_;
  Outcomes outcomes_;
  std::string lines_;
};

template <class Read>
void run_parts(benchmark::State& state, const Padded& text, Upto upto, EngineKind engine, FileFormat format,
               Read read) {
  Way way(upto, engine, format);
  for (auto _ : state)
    if (way.go(read) != patients_in_text) state.SkipWithError("some patients are rejected");
  count(state, text);
}

/// Seconds that the processor has spent on this thread.
double spent() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The whole way and its yardstick in turn: what else the machine does falls on both alike.
template <class Read>
void compare(benchmark::State& state, const Padded& text, FileFormat format, std::size_t (*parse)(), Read read) {
  Way way(Upto::lines, EngineKind::batch, format);
  if (way.go(read) != patients_in_text) state.SkipWithError("some patients are rejected");
  double whole = 0, parser = 0;
  for (auto _ : state) {
    const double start = spent();
    (void)way.go(read);
    const double middle = spent();
    (void)parse();
    whole += middle - start;
    parser += spent() - middle;
    state.SetIterationTime(middle - start);
  }
  count(state, text);
  state.counters["of_parser"] = parser / whole;
}

/// The line is beyond those that are looked at closely for the summary, as most of a large file are.
constexpr std::uint64_t first_line = 100'001;

void csv_parts(benchmark::State& state, Upto upto, EngineKind engine) {
  const CsvOptions options;
  CsvReader reader(*flagship(), read_header(flagship()->dictionary, texts().header, options), options);
  run_parts(state, csv(), upto, engine, FileFormat::csv,
            [&](Patients& patients) { reader.read(csv().text, first_line, patients); });
}
BENCHMARK_CAPTURE(csv_parts, columns, Upto::columns, EngineKind::batch)->Name("csv/3_to_columns");
BENCHMARK_CAPTURE(csv_parts, decisions, Upto::decisions, EngineKind::batch)->Name("csv/4_to_decisions_batch");
BENCHMARK_CAPTURE(csv_parts, lines, Upto::lines, EngineKind::batch)->Name("csv/5_end_to_end_batch");
BENCHMARK_CAPTURE(csv_parts, lines_vm, Upto::lines, EngineKind::vm)->Name("csv/5_end_to_end_vm");

void csv_compared(benchmark::State& state) {
  const CsvOptions options;
  CsvReader reader(*flagship(), read_header(flagship()->dictionary, texts().header, options), options);
  compare(state, csv(), FileFormat::csv, parse_csv,
          [&](Patients& patients) { reader.read(csv().text, first_line, patients); });
}
BENCHMARK(csv_compared)->Name("csv/6_end_to_end_beside_typed_parser")->UseManualTime();

BENCHMARK(read_bytes<ndjson>)->Name("ndjson/1_floor_reading_bytes");

void scan(benchmark::State& state) {
  for (auto _ : state) {
    std::size_t sum = 0;
    const std::string_view text = ndjson().text;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      LineScanner scanner(text.data() + at);
      std::string_view name, value;
      bool is_last = !scanner.take('{');
      while (!is_last) {
        if (!scanner.string(name) || !scanner.take(':')) break;
        if (name == "inputs") {
          bool is_last_input = !scanner.take('{');
          while (!is_last_input) {
            if (!scanner.string(name) || !scanner.take(':') || !scanner.value(value)) break;
            sum += value.size();
            if (!scanner.next_member(is_last_input)) break;
          }
        } else if (!scanner.value(value)) {
          break;
        }
        if (!scanner.next_member(is_last)) break;
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state, ndjson());
}
BENCHMARK(scan)->Name("ndjson/2_scanner_alone");

void ndjson_parts(benchmark::State& state, Upto upto, EngineKind engine) {
  NdjsonReader reader(*flagship(), std::nullopt);
  run_parts(state, ndjson(), upto, engine, FileFormat::ndjson,
            [&](Patients& patients) { reader.read(ndjson().text, first_line, patients); });
}
BENCHMARK_CAPTURE(ndjson_parts, columns, Upto::columns, EngineKind::batch)->Name("ndjson/3_to_columns");
BENCHMARK_CAPTURE(ndjson_parts, decisions, Upto::decisions, EngineKind::batch)->Name("ndjson/4_to_decisions_batch");
BENCHMARK_CAPTURE(ndjson_parts, lines, Upto::lines, EngineKind::batch)->Name("ndjson/5_end_to_end_batch");
BENCHMARK_CAPTURE(ndjson_parts, lines_vm, Upto::lines, EngineKind::vm)->Name("ndjson/5_end_to_end_vm");
#ifdef ACESO_HAS_SIMDJSON
void ndjson_compared(benchmark::State& state) {
  NdjsonReader reader(*flagship(), std::nullopt);
  compare(state, ndjson(), FileFormat::ndjson, parse_ndjson,
          [&](Patients& patients) { reader.read(ndjson().text, first_line, patients); });
}
BENCHMARK(ndjson_compared)->Name("ndjson/6_end_to_end_beside_typed_parser")->UseManualTime();
#endif

} // namespace
