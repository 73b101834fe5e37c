/// A file of patients through the flagship, part after part: reading the bytes, taking them apart, what they mean, the
/// decisions, the lines that are written. The yardstick of NDJSON is simdjson, where it is installed.
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>
#include <variant>

#include <benchmark/benchmark.h>

#ifdef ACESO_HAS_SIMDJSON
#include <simdjson.h>
#endif

#include "aceso/compiler.h"
#include "codegen/codegen.h"
#include "graph/graph.h"
#include "population/csv_reader.h"
#include "population/line_scanner.h"
#include "population/ndjson_reader.h"
#include "population/result_writer.h"
#include "population/summary.h"

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
};

/// Four of five inputs are known, and then every value is as likely as any other.
Texts make_texts() {
  const Dictionary& names = flagship()->dictionary;
  std::mt19937 random(1);
  Texts texts;
  std::vector<std::size_t> chosen;
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

enum class Upto { columns, decisions, lines };

template <class Read>
void run_parts(benchmark::State& state, const Padded& text, Upto upto, EngineKind engine, FileFormat format,
               Read read) {
  const Wanted wanted;
  const DeciderFactory factory(flagship(), engine, wanted);
  const auto decider = factory.make();
  ResultWriter writer(*flagship(), {format, false, wanted});
  Patients patients(*flagship());
  Outcomes outcomes;
  std::string lines;
  for (auto _ : state) {
    patients.clear();
    read(patients);
    if (patients.count() != patients_in_text) state.SkipWithError("some patients are rejected");
    if (upto == Upto::columns) continue;
    decider->decide(patients, outcomes);
    if (upto == Upto::decisions) continue;
    lines.clear();
    writer.write(patients, outcomes, lines);
    Summary summary(*flagship());
    summary.add(patients, outcomes);
    benchmark::DoNotOptimize(lines.data());
    benchmark::DoNotOptimize(summary.patients);
  }
  count(state, text);
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

BENCHMARK(read_bytes<ndjson>)->Name("ndjson/1_floor_reading_bytes");

#ifdef ACESO_HAS_SIMDJSON
void simdjson_fields(benchmark::State& state) {
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    std::size_t sum = 0;
    const std::string_view text = ndjson().text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      auto document = parser.iterate(text.data() + at, end - at, end - at + simdjson::SIMDJSON_PADDING);
      for (auto member : document.get_object()) {
        if (member.key().value_unsafe().unsafe_is_equal("inputs")) {
          for (auto input : member.value().get_object()) {
            sum += static_cast<std::size_t>(input.key().value_unsafe().raw()[0]);
            sum += std::string_view(input.value().raw_json_token()).size();
          }
        } else {
          sum += std::string_view(member.value().get_string()).size();
        }
      }
      at = end + 1;
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state, ndjson());
}
BENCHMARK(simdjson_fields)->Name("ndjson/2_simdjson_alone");
#endif

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

} // namespace
