#include "case_input.h"

#include <fmt/format.h>

#include "driver/files.h"

namespace aceso::command {
namespace {

std::string name_of(const std::string& path) { return path == "-" ? "standard input" : path; }

} // namespace

void report_case_faults(const std::string& path, const std::vector<CaseFault>& faults, bool as_json) {
  const std::string name = name_of(path);
  std::string out;
  if (as_json) {
    for (const CaseFault& fault : faults)
      out += fmt::format(R"({}{{"id":{},"path":{},"message":{}}})", out.empty() ? "" : ",", json_text(fault.id),
                         json_text(fault.path), json_text(fault.message));
    write_error(fmt::format("{{\"case\":{},\"faults\":[{}]}}\n", json_text(name), out));
    return;
  }
  for (const CaseFault& fault : faults)
    out += printable(fmt::format("{}: {} at {}: {}", name, fault.id, fault.path, fault.message)) + '\n';
  write_error(
      fmt::format("{}{}: no decision, because the case has {}\n", out, printable(name), count(faults.size(), "fault")));
}

std::optional<PatientCase> read_case_file(const Dictionary& dictionary, const std::string& path, const std::string& at,
                                          bool json_faults) {
  CaseReadOptions reading;
  reading.at_override = at;
  const driver::ReadResult file =
      path == "-" ? driver::read_standard_input(reading.max_bytes) : driver::read_file(path, reading.max_bytes);
  std::vector<CaseFault> faults;
  if (file.status == driver::ReadStatus::too_large) {
    // The same words as in case_faults.def: the reader of cases never sees such a file.
    faults.push_back(
        {"A0701", "$", fmt::format("the file has {} bytes, and at most {} are read", file.size, reading.max_bytes)});
  } else if (!file.ok()) {
    faults.push_back({"A0001", "$", "the case file cannot be read: " + file.reason});
  } else {
    CaseReadResult read = read_case(dictionary, file.text, reading);
    if (read.ok()) return std::move(read.patient_case);
    faults = std::move(read.faults);
  }
  report_case_faults(path, faults, json_faults);
  return std::nullopt;
}

bool is_instant_option(const std::string& at) {
  if (at.empty() || parse_instant(at)) return true;
  write_error(
      fmt::format("aceso: --at {}: this is no instant; write for example 2026-11-22T10:00:00Z\n", printable(at)));
  return false;
}

bool decides_something(const Dictionary& dictionary, const std::string& path) {
  if (!dictionary.guideline.id.empty()) return true;
  write_error(
      fmt::format("aceso: {} is a module and decides nothing; name a guideline that uses it\n", printable(path)));
  return false;
}

} // namespace aceso::command
