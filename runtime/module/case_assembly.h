#pragma once
/// Puts the facts of a case file into time order. Internal to runtime/module.

#include <optional>
#include <vector>

#include "module/case_faults.h"
#include "module/patient_case.h"

namespace aceso {

struct ReadFact {
  Fact fact;
  std::uint32_t order = 0; ///< JsonNode::order of the value, so that faults found later keep their place
};

class CaseAssembly {
public:
  /// The facts of the present, to be added to.
  [[nodiscard]] std::vector<ReadFact>& present() { return present_; }
  void add_event(ZonedInstant at, std::vector<ReadFact> facts);
  /// A measurement joins the event of its instant, so that the pathway sees all of an instant together.
  void add_measurement(ZonedInstant at, std::vector<ReadFact> fact) { measurements_.push_back({at, std::move(fact)}); }

  /// The case, with a fault for each input that has two values at one instant. Facts stand in dictionary order, so
  /// that the order of the file cannot matter. Without `now` (itself a fault) the present is left out.
  [[nodiscard]] PatientCase finish(const Dictionary& dictionary, std::optional<ZonedInstant> now, FaultList& faults);

private:
  struct ReadEvent {
    ZonedInstant at;
    std::vector<ReadFact> facts;
  };
  void place_measurements();
  [[nodiscard]] bool is_plain(ZonedInstant now) const;
  void check_given_twice(const Dictionary& dictionary, ZonedInstant now, FaultList& faults) const;

  std::vector<ReadFact> present_;
  std::vector<ReadEvent> events_;
  std::vector<ReadEvent> measurements_;
};

} // namespace aceso
