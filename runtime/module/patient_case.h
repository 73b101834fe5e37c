#pragma once
/// A patient case with every name resolved and every value converted into the unit of its input.

#include <string>
#include <string_view>
#include <vector>

#include "module/dictionary.h"

namespace aceso {

/// Where a statement stands in its case file, for messages.
struct FactPlace {
  enum class Part : std::uint8_t {
    nowhere,       ///< it comes from no file
    inputs,        ///< "$.inputs.fever"
    event,         ///< "$.events[2].inputs.fever"
    measurement,   ///< "$.inputs.fever[2]"
    measured_value ///< "$.inputs.fever[2].value"
  };
  Part part = Part::nowhere;
  std::uint32_t index = 0; ///< of the event or the measurement, in the order of the file
  std::uint32_t order = 0; ///< of the value among all values of the file, so that faults keep their place
};

/// One statement about one input. `value` is unknown with a reason where the case says so.
struct Fact {
  InputId input;
  Value value;
  FactPlace place{};
};
/// The JSON path of the statement; "$" for one that comes from no file.
[[nodiscard]] std::string path_of(const Dictionary& dictionary, const Fact& fact);

struct Event {
  ZonedInstant at;
  std::vector<Fact> facts;
};

/// What copies, moves and destroys it stands in one place, as for Decision.
struct PatientCase {
  PatientCase();
  PatientCase(const PatientCase&);
  PatientCase(PatientCase&&) noexcept;
  PatientCase& operator=(const PatientCase&);
  PatientCase& operator=(PatientCase&&) noexcept;
  ~PatientCase();

  ZonedInstant now;
  /// Whose calendar counts: that of `time_zone` where the case names one, or else the offset of `now`.
  std::string time_zone; ///< "Europe/Berlin"; empty for none
  Zone rules_of_zone;    ///< of `time_zone`; not read where that is empty
  [[nodiscard]] Zone zone() const { return time_zone.empty() ? Zone(now.offset_seconds) : rules_of_zone; }

  std::vector<Fact> facts;   ///< what holds at `now` (the "inputs" of the file)
  std::vector<Event> events; ///< in time order; events at the same instant keep the order of the file
};

/// A fault of a case file: stable id (rows of case_faults.def), JSON path and a plain sentence with the mend.
struct CaseFault {
  std::string id;   ///< "A0703"
  std::string path; ///< "$.inputs.temperature.unit"
  std::string message;
};

struct CaseReadOptions {
  std::size_t max_bytes = 16u << 20;
  std::size_t max_events = 100'000;   ///< events and dated measurements together
  std::size_t max_values = 1'000'000; ///< JSON values of any kind
  unsigned max_depth = 32;
  std::size_t max_faults = 200;
  std::string at_override; ///< an instant that replaces "now", empty for none
  /// Where the IANA data lie as TZif files.
  std::string zone_folder = "/usr/share/zoneinfo";
};

struct CaseReadResult {
  PatientCase patient_case;      ///< meaningful only where `faults` is empty
  std::vector<CaseFault> faults; ///< all of them, in the order of the file
  /// Raw members that the reader passes on: "title" and the strings of "expect".
  std::string title;
  std::vector<std::string> expectations;
  [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads a case file (docs/schemas/case.schema.json). Never throws for bad content. Thread-safe.
/// Constraints are not checked here: they need an engine (a broken constraint is a fault that the engine reports).
[[nodiscard]] CaseReadResult read_case(const Dictionary& dictionary, std::string_view json,
                                       const CaseReadOptions& options = {});

/// All ids of case_faults.def in order, for the error index.
[[nodiscard]] const std::vector<std::string_view>& case_fault_ids();

/// The inverse: a case file with two-space indentation and inputs in dictionary order.
[[nodiscard]] std::string write_case(const Dictionary& dictionary, const PatientCase& patient_case);

} // namespace aceso
