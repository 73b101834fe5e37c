#pragma once
/// Puts the facts of a case file into time order. Internal to runtime/module.

#include <map>
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
  /// Makes room for so many facts of the present.
  void expect_present(std::size_t facts) { present_.reserve(facts); }

  void add_present(ReadFact fact) { present_.push_back(std::move(fact)); }
  void add_event(ZonedInstant at, std::vector<ReadFact> facts);
  /// A measurement joins the event of its instant, so that the pathway sees all of an instant together.
  void add_measurement(ZonedInstant at, ReadFact fact) { measurements_.push_back({at, {std::move(fact)}}); }

  /// The case, with a fault for each input that has two values at one instant. Facts stand in dictionary order, so
  /// that the order of the file cannot matter. Without `now` (itself a fault) the present is left out.
  [[nodiscard]] PatientCase finish(const Dictionary& dictionary, std::optional<ZonedInstant> now, FaultList& faults);

private:
  struct ReadEvent {
    ZonedInstant at;
    std::vector<ReadFact> facts;
  };
  void place_measurements();
  void check_given_twice(const Dictionary& dictionary, ZonedInstant now, FaultList& faults) const;

  std::vector<ReadFact> present_;
  std::vector<ReadEvent> events_;
  std::vector<ReadEvent> measurements_;
};

} // namespace aceso
