#include "batch_report.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.h"

namespace aceso::command {
namespace {

using population::ActionCounts;
using population::Summary;

struct CountColumn {
  std::string_view title, name;
  std::uint64_t ActionCounts::*count;
};
constexpr std::array columns = {
    CountColumn{"advised", "advised", &ActionCounts::advised},
    CountColumn{"against", "advised_against", &ActionCounts::advised_against},
    CountColumn{"conflict", "conflict", &ActionCounts::conflict},
    CountColumn{"undetermined", "undetermined", &ActionCounts::undetermined},
    CountColumn{"overridden", "overridden", &ActionCounts::overridden},
    CountColumn{"not advised", "not_advised", &ActionCounts::not_advised},
};

/// The inputs that are missing most often, at most so many.
std::vector<std::pair<InputId, std::uint64_t>> most_missing(const Summary& summary, std::size_t most) {
  std::vector<std::pair<InputId, std::uint64_t>> all;
  for (std::size_t i = 0; i < summary.missing.size(); ++i)
    if (summary.missing[i] != 0) all.emplace_back(InputId(i), summary.missing[i]);
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.second > b.second; });
  all.resize(std::min(all.size(), most));
  return all;
}

std::uint64_t rate_of(const population::RunReport& report) {
  return report.seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(report.patients_here) / report.seconds)
                            : 0;
}

std::string action_table(const BatchRun& run) {
  const std::vector<ActionId> actions = population::spoken_of(run.module);
  std::size_t width = 0;
  for (const ActionId id : actions)
    width = std::max(width, run.module.dictionary[id].name.size());
  std::string out = fmt::format("{:<{}}", "", width);
  for (const CountColumn& column : columns)
    out += fmt::format("  {:>13}", column.title);
  out += '\n';
  for (std::size_t a = 0; a < actions.size(); ++a) {
    out += fmt::format("{:<{}}", run.module.dictionary[actions[a]].name, width);
    for (const CountColumn& column : columns)
      out += fmt::format("  {:>13}", grouped(run.report.summary.actions[a].*column.count));
    out += '\n';
  }
  return out;
}

} // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

std::string batch_report_text(const BatchRun& run) {
  const Dictionary& names = run.module.dictionary;
  const Summary& summary = run.report.summary;
  std::string out = fmt::format("{} {} with a decision, {} rejected\n", grouped(summary.patients),
                                summary.patients == 1 ? "patient" : "patients", grouped(summary.rejected));
  out += fmt::format("{} applies to {}, not to {}, and for {} it is not known\n\n", names.guideline.id,
                     grouped(summary.applies), grouped(summary.does_not_apply), grouped(summary.applies_unknown));
  out += action_table(run);
  constexpr std::size_t most_inputs = 8;
  if (summary.with_undetermined != 0) {
    out += fmt::format("\nundetermined for {}; missing most often, of {} looked at:\n",
                       grouped(summary.with_undetermined), grouped(summary.looked_at));
    for (const auto& [input, count] : most_missing(summary, most_inputs))
      out += fmt::format("  {:>13}  {}\n", grouped(count), names[input].name);
  }
  const std::vector<ActionId> actions = population::spoken_of(run.module);
  for (std::size_t a = 0; a < actions.size(); ++a)
    if (const ActionCounts& counts = summary.actions[a]; counts.conflict != 0)
      out += fmt::format("\nconflict about {} for {}, first {} in line {}\n", names[actions[a]].name,
                         grouped(counts.conflict), printable(counts.conflict_example), counts.conflict_line);
  if (summary.rejected != 0) {
    out += fmt::format("\nrejected {}, told in {}:\n", grouped(summary.rejected), printable(run.report.rejects));
    for (const auto& [id, count] : summary.faults)
      out += fmt::format("  {:>13}  {}\n", grouped(count), id);
  }
  if (!run.report.sample.empty()) out += fmt::format("\nexplained in {}\n", printable(run.report.sample));
  out += fmt::format("\nengine {}, {}, {:.1f} s, {} patients a second{}\n", to_text(run.options.engine),
                     count(run.options.jobs, "thread"), run.report.seconds, grouped(rate_of(run.report)),
                     run.report.was_resumed ? fmt::format(" ({} in this run)", grouped(run.report.patients_here)) : "");
  return out;
}

std::string batch_report_json(const BatchRun& run) {
  const Dictionary& names = run.module.dictionary;
  const Summary& summary = run.report.summary;
  nlohmann::ordered_json json;
  json["guideline"] = {
      {"id", names.guideline.id}, {"version", names.guideline.version}, {"hash", names.guideline.hash}};
  json["patients"] = summary.patients;
  json["rejected"] = summary.rejected;
  json["applies"] = {{"yes", summary.applies}, {"no", summary.does_not_apply}, {"unknown", summary.applies_unknown}};
  json["actions"] = nlohmann::ordered_json::object();
  const std::vector<ActionId> actions = population::spoken_of(run.module);
  for (std::size_t a = 0; a < actions.size(); ++a) {
    const ActionCounts& counts = summary.actions[a];
    auto& one = json["actions"][names[actions[a]].name];
    for (const CountColumn& column : columns)
      one[std::string(column.name)] = counts.*column.count;
    if (counts.conflict != 0)
      one["conflict_example"] = {{"id", counts.conflict_example}, {"line", counts.conflict_line}};
  }
  json["undetermined"] = {{"patients", summary.with_undetermined}, {"looked_at", summary.looked_at}};
  json["undetermined"]["missing"] = nlohmann::ordered_json::object();
  for (const auto& [input, count] : most_missing(summary, names.inputs.size()))
    json["undetermined"]["missing"][names[input].name] = count;
  json["faults"] = summary.faults;
  const auto name_or_null = [](const std::string& name) {
    return name.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(name);
  };
  json["files"] = {{"output", run.options.output},
                   {"rejects", name_or_null(run.report.rejects)},
                   {"sample", name_or_null(run.report.sample)}};
  json["engine"] = to_text(run.options.engine);
  json["jobs"] = run.options.jobs;
  json["resumed"] = run.report.was_resumed;
  json["seconds"] = run.report.seconds;
  json["patients_per_second"] = rate_of(run.report);
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

} // namespace aceso::command
