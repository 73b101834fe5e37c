#include "population/summary.h"

#include <array>
#include <set>

#include <nlohmann/json.hpp>

namespace aceso::population {
namespace {

using Json = nlohmann::ordered_json;

std::uint64_t& count_of(ActionCounts& counts, Advice advice) {
  switch (advice.status()) {
  case RecommendationStatus::advised: {
    const auto verb = advice.verb();
    return verb && !is_for(*verb) ? counts.advised_against : counts.advised;
  }
  case RecommendationStatus::conflict: return counts.conflict;
  case RecommendationStatus::undetermined: return counts.undetermined;
  case RecommendationStatus::overridden: return counts.overridden;
  case RecommendationStatus::not_advised: break;
  }
  return counts.not_advised;
}

/// Every number of a summary but the tables, with its name in a checkpoint.
constexpr std::array totals = {
    std::pair("patients", &Summary::patients),
    std::pair("rejected", &Summary::rejected),
    std::pair("applies", &Summary::applies),
    std::pair("does_not_apply", &Summary::does_not_apply),
    std::pair("applies_unknown", &Summary::applies_unknown),
    std::pair("with_undetermined", &Summary::with_undetermined),
    std::pair("looked_at", &Summary::looked_at),
};
constexpr std::array counts = {
    std::pair("advised", &ActionCounts::advised),
    std::pair("advised_against", &ActionCounts::advised_against),
    std::pair("conflict", &ActionCounts::conflict),
    std::pair("undetermined", &ActionCounts::undetermined),
    std::pair("overridden", &ActionCounts::overridden),
    std::pair("not_advised", &ActionCounts::not_advised),
    std::pair("conflict_line", &ActionCounts::conflict_line),
};

} // namespace

Summary::Summary(const Module& module) : actions(spoken_of(module).size()), missing(module.inputs.size()) {}

void Summary::add(const Patients& patients, const Outcomes& outcomes, Decider& decider) {
  const std::size_t rows = patients.count();
  const bool has_refusals = !outcomes.refusals.empty();
  // Each combination is counted, and looked at once.
  std::vector<std::uint32_t> times;
  for (std::size_t g = 0; g < outcomes.keys.size(); ++g) {
    const FieldGroup group = decider.groups()[g];
    if (group.first > actions.size()) break; // behind the advice
    times.clear();
    for (std::size_t row = 0; row < rows; ++row) {
      if (has_refusals && outcomes.is_refused[row] != 0) continue;
      const std::uint32_t key = outcomes.keys[g][row];
      if (key >= times.size()) times.resize(key + std::size_t{1});
      ++times[key];
    }
    for (std::uint32_t key = 0; key < times.size(); ++key)
      if (times[key] != 0) add(patients, outcomes, decider, {g, key, times[key]});
  }
  for (std::size_t row = 0; row < rows; ++row)
    with_undetermined += outcomes.is_open[row];
  this->patients += rows - outcomes.refusals.size();
  for (const MissingOf& each : outcomes.missing) {
    ++looked_at;
    for (const InputId input : each.inputs)
      ++missing[input.index()];
  }
}

void Summary::add(const Patients& patients, const Outcomes& outcomes, Decider& decider, Combination found) {
  const FieldGroup group = decider.groups()[found.group];
  const std::span<const std::uint32_t> codes = decider.meaning(found.group, found.key);
  for (std::size_t i = 0; i < group.count; ++i) {
    const std::size_t field = group.first + i;
    if (field == 0) {
      const auto truth = static_cast<Truth>(codes[i]);
      (truth == Truth::yes ? applies : truth == Truth::no ? does_not_apply : applies_unknown) += found.times;
      continue;
    }
    const Advice advice(codes[i]);
    ActionCounts& all = actions[field - 1];
    count_of(all, advice) += found.times;
    if (advice.status() != RecommendationStatus::conflict) continue;
    for (std::size_t row = 0; row < patients.count(); ++row) {
      if (all.conflict_line != 0 && all.conflict_line <= patients.line(row)) break;
      if (outcomes.is_refused[row] != 0 || outcomes.keys[found.group][row] != found.key) continue;
      all.conflict_example = patients.id(row);
      all.conflict_line = patients.line(row);
      break;
    }
  }
}

void Summary::add_reject(const Reject& reject) {
  ++rejected;
  std::set<std::string> ids;
  for (const CaseFault& fault : reject.faults)
    ids.insert(fault.id);
  for (const std::string& id : ids)
    ++faults[id];
}

void Summary::add(const Summary& other) {
  for (const auto& [name, member] : totals)
    this->*member += other.*member;
  for (std::size_t a = 0; a < actions.size(); ++a) {
    ActionCounts& mine = actions[a];
    const ActionCounts& its = other.actions[a];
    const bool takes_example =
        its.conflict_line != 0 && (mine.conflict_line == 0 || its.conflict_line < mine.conflict_line);
    const std::uint64_t line = takes_example ? its.conflict_line : mine.conflict_line;
    if (takes_example) mine.conflict_example = its.conflict_example;
    for (const auto& [name, member] : counts)
      mine.*member += its.*member;
    mine.conflict_line = line;
  }
  for (std::size_t i = 0; i < missing.size(); ++i)
    missing[i] += other.missing[i];
  for (const auto& [id, number] : other.faults)
    faults[id] += number;
}

nlohmann::ordered_json to_json(const Summary& summary) {
  Json json;
  for (const auto& [name, member] : totals)
    json[name] = summary.*member;
  json["actions"] = Json::array();
  for (const ActionCounts& action : summary.actions) {
    Json one;
    for (const auto& [name, member] : counts)
      one[name] = action.*member;
    one["conflict_example"] = action.conflict_example;
    json["actions"].push_back(std::move(one));
  }
  json["missing"] = summary.missing;
  json["faults"] = summary.faults;
  return json;
}

Summary summary_from_json(const Module& module, const nlohmann::ordered_json& json) {
  Summary summary(module);
  for (const auto& [name, member] : totals)
    summary.*member = json.at(name).get<std::uint64_t>();
  for (std::size_t a = 0; a < summary.actions.size(); ++a) {
    const Json& one = json.at("actions").at(a);
    for (const auto& [name, member] : counts)
      summary.actions[a].*member = one.at(name).get<std::uint64_t>();
    summary.actions[a].conflict_example = one.at("conflict_example").get<std::string>();
  }
  for (std::size_t i = 0; i < summary.missing.size(); ++i)
    summary.missing[i] = json.at("missing").at(i).get<std::uint64_t>();
  summary.faults = json.at("faults").get<std::map<std::string, std::uint64_t>>();
  return summary;
}

} // namespace aceso::population
