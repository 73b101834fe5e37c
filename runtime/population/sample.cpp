#include "population/sample.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "explain/decision_text.h"
#include "explain/explanation.h"
#include "interpret/engine.h"
#include "module/json_writer.h"

namespace aceso::population {
namespace {

/// The finaliser of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014): a permutation of 64 bits.
std::uint64_t key_of(std::uint64_t line) {
  std::uint64_t x = line * 0x9E3779B97F4A7C15u;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

/// No string of JSON holds a line end, so that what follows one is layout.
std::string on_one_line(std::string_view json) {
  std::string out;
  bool is_indent = false;
  for (const char c : json) {
    is_indent = c == '\n' || (is_indent && c == ' ');
    if (!is_indent) out += c;
  }
  return out;
}

} // namespace

std::vector<SampledPatient> Sample::candidates(const Module& module, const Patients& patients,
                                               const Outcomes& outcomes) const {
  std::vector<SampledPatient> result;
  if (size_ == 0) return result;
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  const std::uint64_t limit = limit_.load(std::memory_order_relaxed);
  for (std::size_t row = 0; row < patients.count(); ++row) {
    if (outcomes.is_refused[row] != 0) continue;
    const std::uint64_t key = key_of(patients.line(row));
    if (key <= limit) keys.emplace_back(key, row);
  }
  std::ranges::sort(keys);
  keys.resize(std::min(keys.size(), size_));
  for (const auto& [key, row] : keys)
    result.push_back({key, patients.line(row), std::string(patients.id(row)),
                      write_case(module.dictionary, case_of(module, patients, row))});
  return result;
}

void Sample::add(std::vector<SampledPatient> candidates) {
  for (SampledPatient& each : candidates)
    chosen_.push_back(std::move(each));
  std::ranges::sort(chosen_, {}, &SampledPatient::key);
  if (chosen_.size() < size_) return;
  chosen_.resize(size_);
  if (!chosen_.empty()) limit_.store(chosen_.back().key, std::memory_order_relaxed);
}

nlohmann::ordered_json Sample::to_json() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const SampledPatient& each : chosen_)
    json.push_back({{"key", each.key}, {"line", each.line}, {"id", each.id}, {"case", each.case_json}});
  return json;
}

void Sample::take_json(const nlohmann::ordered_json& json) {
  std::vector<SampledPatient> patients;
  for (const auto& each : json)
    patients.push_back({each.at("key").get<std::uint64_t>(), each.at("line").get<std::uint64_t>(),
                        each.at("id").get<std::string>(), each.at("case").get<std::string>()});
  add(std::move(patients));
}

std::string Sample::lines(const std::shared_ptr<const Module>& module) const {
  std::vector<SampledPatient> in_order = chosen_;
  std::ranges::sort(in_order, {}, &SampledPatient::line);
  const std::unique_ptr<Engine> engine = interpret::make_engine(module);
  std::string out;
  for (const SampledPatient& each : in_order) {
    const CaseReadResult read = read_case(module->dictionary, each.case_json);
    const EngineAnswer answer = engine->evaluate(read.patient_case);
    out += "{\"id\":" + json_quoted(each.id) + ",\"line\":" + std::to_string(each.line) +
           ",\"case\":" + on_one_line(each.case_json) +
           ",\"decision\":" + on_one_line(decision_to_json(module->dictionary, answer.decision)) + ",\"explanation\":";
    if (module->can_explain) {
      const ExplainResult explained = explain(*engine, read.patient_case);
      out += on_one_line(explanation_to_json(module->dictionary, explained.explanation));
    } else {
      out += "null";
    }
    out += "}\n";
  }
  return out;
}

} // namespace aceso::population
