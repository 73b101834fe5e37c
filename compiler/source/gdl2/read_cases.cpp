#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "gdl2/read_guideline.h"

namespace aceso::gdl2 {
namespace {

/// "gt0004|Age" is gt0004.
std::string code_of(const std::string& key) { return key.substr(0, key.find('|')); }

void read_values(const YAML::Node& groups, std::vector<std::pair<std::string, std::string>>& out) {
  if (!groups.IsMap()) return;
  for (const auto& group : groups) {
    if (!group.second.IsMap()) continue;
    for (const auto& value : group.second)
      if (value.first.IsScalar() && value.second.IsScalar())
        out.emplace_back(code_of(value.first.Scalar()), value.second.Scalar());
  }
}

std::string scalar(const YAML::Node& node) { return node && node.IsScalar() ? node.Scalar() : std::string(); }

} // namespace

std::vector<SourceCase> read_cases(std::string_view yaml, std::optional<ReadFault>& fault) {
  std::vector<SourceCase> result;
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (!root.IsMap() || !root["test_cases"]) {
      fault = ReadFault{0, 0, "there are no `test_cases` in it"};
      return result;
    }
    for (const auto& one : root["test_cases"]) {
      if (!one.IsMap()) continue;
      SourceCase entry{.id = scalar(one["id"])};
      if (const YAML::Node input = one["input"]) {
        read_values(input, entry.inputs);
        if (input.IsMap()) entry.now = scalar(input["current_datetime"]);
      }
      if (entry.now.empty()) entry.now = scalar(one["current_datetime"]);
      if (const YAML::Node expected = one["expected_output"]) read_values(expected, entry.expected);
      result.push_back(std::move(entry));
    }
  } catch (const YAML::Exception& error) {
    const bool placed = error.mark.line >= 0;
    fault = ReadFault{placed ? static_cast<std::size_t>(error.mark.line) + 1 : 0,
                      placed ? static_cast<std::size_t>(error.mark.column) + 1 : 0, error.msg};
  }
  return result;
}

} // namespace aceso::gdl2
