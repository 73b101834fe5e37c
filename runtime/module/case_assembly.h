#pragma once
/// Puts the facts of a case file into time order. Internal to runtime/module.

#include <optional>
#include <vector>

#include "module/case_faults.h"
#include "module/patient_case.h"

namespace aceso {

class CaseAssembly {
public:
  /// The facts of the present, to be added to.
  [[nodiscard]] std::vector<Fact>& present() { return present_; }
  void add_event(ZonedInstant at, std::vector<Fact> facts);
  /// A measurement joins the event of its instant, so that the pathway sees all of an instant together.
  void add_measurement(ZonedInstant at, std::vector<Fact> fact) { measurements_.push_back({at, std::move(fact)}); }

  /// The case, with a fault for each input that has two values at one instant. Facts stand in dictionary order, so
  /// that the order of the file cannot matter. Without `now` (itself a fault) the present is left out.
  [[nodiscard]] PatientCase finish(const Dictionary& dictionary, std::optional<ZonedInstant> now, FaultList& faults);

private:
  void place_measurements();
  [[nodiscard]] bool is_plain(ZonedInstant now) const;
  void check_given_twice(const Dictionary& dictionary, ZonedInstant now, FaultList& faults) const;
  void drop_repeated(ZonedInstant now);

  std::vector<Fact> present_;
  std::vector<Event> events_;
  std::vector<Event> measurements_;
};

} // namespace aceso
