#include "module/zone_files.h"

#include <filesystem>
#include <fstream>

namespace aceso {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t largest_file = 1u << 20;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  bool starts_word = true;
  for (const char c : name) {
    if (starts_word && !is_letter(c)) return false;
    const bool belongs = is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
    if (!belongs) return false;
    starts_word = c == '/';
  }
  return !starts_word;
}

} // namespace

ZoneFile read_zone_file(const std::string& folder, std::string_view name) {
  if (!is_zone_name(name)) return {nullptr, ZoneProblem::unknown_name};
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return {nullptr, ZoneProblem::no_data};
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  if (!std::filesystem::is_regular_file(path, error)) return {nullptr, ZoneProblem::unknown_name};
  std::ifstream file(path, std::ios::binary);
  std::string bytes(largest_file + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > largest_file) return {nullptr, ZoneProblem::unknown_name};
  std::shared_ptr<const ZoneRules> rules = ZoneRules::parse(bytes);
  const ZoneProblem problem = rules ? ZoneProblem::none : ZoneProblem::unknown_name;
  return {std::move(rules), problem};
}

} // namespace aceso
