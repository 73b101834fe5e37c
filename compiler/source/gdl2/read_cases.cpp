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

SourceCase read_case(const YAML::Node& one) {
  SourceCase entry{.id = scalar(one["id"])};
  // Some files say `input:` twice, the first time with nothing in it: what is empty adds nothing.
  for (const auto& part : one) {
    const std::string key = scalar(part.first);
    if (key == "input") read_values(part.second, entry.inputs);
    if (key == "expected_output") read_values(part.second, entry.expected);
  }
  return entry;
}

ReadFault fault_of(const YAML::Exception& error) {
  const bool placed = error.mark.line >= 0;
  return {placed ? static_cast<std::size_t>(error.mark.line) + 1 : 0,
          placed ? static_cast<std::size_t>(error.mark.column) + 1 : 0, error.msg};
}

/// Where the whole cannot be read, each "- id:" by itself, so that one slip
/// does not take the other cases with it.
std::vector<SourceCase> read_one_by_one(std::string_view yaml) {
  std::vector<SourceCase> result;
  std::string piece;
  const auto finish = [&] {
    try {
      const YAML::Node list = YAML::Load(piece);
      if (list.IsSequence() && list.size() == 1 && list[0].IsMap()) result.push_back(read_case(list[0]));
    } catch (const YAML::Exception&) { // this one is lost; the fault of the file is told
    }
    piece.clear();
  };
  while (!yaml.empty()) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size() - 1) + 1;
    const std::string_view line = yaml.substr(0, end);
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string_view::npos && line.substr(first).starts_with("- id")) finish();
    piece += line;
    yaml.remove_prefix(end);
  }
  finish();
  return result;
}

} // namespace

std::vector<SourceCase> read_cases(std::string_view yaml, std::optional<ReadFault>& fault) {
  std::vector<SourceCase> result;
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (!root.IsMap() || !root["test_cases"]) {
      fault = ReadFault{0, 0, "there are no `test_cases` in it"};
      return result;
    }
    const std::string now = scalar(root["current_datetime"]);
    for (const auto& one : root["test_cases"])
      if (one.IsMap()) {
        result.push_back(read_case(one));
        result.back().now = now;
      }
  } catch (const YAML::Exception& error) {
    fault = fault_of(error);
    result = read_one_by_one(yaml);
  }
  return result;
}

} // namespace aceso::gdl2
