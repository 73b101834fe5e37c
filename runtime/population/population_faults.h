#pragma once
/// The faults of a run over a population beside those of the values of a case.

#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "module/patient_case.h"

namespace aceso::population {

enum class FaultKind : std::uint8_t {
#define ACESO_POPULATION_FAULT(id, name, message) name,
#include "population/population_faults.def"
#undef ACESO_POPULATION_FAULT
};

/// `arguments` fill the "{}" of the message in turn.
[[nodiscard]] CaseFault make_fault(FaultKind kind, std::string path, std::initializer_list<std::string> arguments);
/// All ids of population_faults.def in order, for the error index.
[[nodiscard]] const std::vector<std::string_view>& fault_ids();

/// Why a run cannot begin or go on. Caught in `run` and never seen outside of runtime/population.
class RunError : public std::exception {
public:
  enum class Cause : std::uint8_t {
    input,  ///< the file cannot be read or used
    output, ///< a file cannot be written
    use     ///< the options do not fit what is there
  };
  RunError(Cause cause, CaseFault fault) : cause_(cause), fault_(std::move(fault)) {}
  [[nodiscard]] Cause cause() const { return cause_; }
  [[nodiscard]] const CaseFault& fault() const { return fault_; }
  [[nodiscard]] const char* what() const noexcept override { return fault_.message.c_str(); }

private:
  Cause cause_;
  CaseFault fault_;
};

} // namespace aceso::population
