#include "population/population_faults.h"

#include <array>

namespace aceso::population {
namespace {

struct Row {
  std::string_view id, message;
};
constexpr std::array rows = {
#define ACESO_POPULATION_FAULT(id, name, message) Row{id, message},
#include "population/population_faults.def"
#undef ACESO_POPULATION_FAULT
};

} // namespace

CaseFault make_fault(FaultKind kind, std::string path, std::initializer_list<std::string> arguments) {
  const Row& row = rows[static_cast<std::size_t>(kind)];
  std::string message(row.message);
  std::size_t at = 0;
  for (const std::string& argument : arguments) {
    at = message.find("{}", at);
    if (at == std::string::npos) break;
    message.replace(at, 2, argument);
    at += argument.size();
  }
  return {std::string(row.id), std::move(path), std::move(message)};
}

const std::vector<std::string_view>& fault_ids() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> all;
    for (const Row& row : rows)
      all.push_back(row.id);
    return all;
  }();
  return ids;
}

} // namespace aceso::population
