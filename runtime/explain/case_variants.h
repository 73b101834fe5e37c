#pragma once
/// The case of a patient with facts left out, added or changed. Internal to runtime/explain.

#include <optional>
#include <string_view>
#include <vector>

#include "explain/explanation.h"

namespace aceso {

/// The engine, with a count of how often it was asked.
class Asker {
public:
  Asker(Engine& engine, std::size_t limit) : engine_(engine), limit_(limit) {}
  [[nodiscard]] EngineAnswer ask(const PatientCase& patient_case) {
    ++asked_;
    return engine_.evaluate(patient_case);
  }
  [[nodiscard]] const Dictionary& dictionary() const { return engine_.dictionary(); }
  [[nodiscard]] bool is_exhausted() const { return asked_ >= limit_; }
  [[nodiscard]] std::size_t asked() const { return asked_; }

private:
  Engine& engine_;
  std::size_t limit_;
  std::size_t asked_ = 0;
};

/// All statements in time order, those at the instant of the case last.
[[nodiscard]] std::vector<StatedFact> statements_of(const PatientCase& patient_case);
/// Only the statements whose mark is set, counted as `statements_of` does. Events stay, also without facts: the patient
/// was seen.
[[nodiscard]] PatientCase keep_only(const PatientCase& patient_case, const std::vector<bool>& kept);
/// States a value at the instant of the case, in place of what is stated at that instant.
void state(PatientCase& patient_case, InputId input, const Value& value);
/// States a value that was found at an earlier instant, behind what is stated at that instant.
void state_earlier(PatientCase& patient_case, ZonedInstant at, InputId input, const Value& value);
/// What the case says about the input now; a stale value is unknown (stale).
[[nodiscard]] Value stated_value(const Dictionary& dictionary, const PatientCase& patient_case, InputId input);
/// What is known now by what the case says or the guideline assumes; a stale value is unknown (stale).
[[nodiscard]] Value present_value(const Dictionary& dictionary, const PatientCase& patient_case, InputId input);

/// Stands for a code of which the guideline says nothing.
inline constexpr std::string_view any_other_code = "any-other-code";

/// Values that stand for all answers to an input: yes and no; every member; every
/// concept that the guideline names, and another; for numbers and dates those next to what
/// the guideline compares with (InputInfo::landmarks). Never empty.
[[nodiscard]] std::vector<Value> representative_answers(const Dictionary& dictionary, InputId input, ZonedInstant now);
/// The same without `from`, the nearest to it first.
[[nodiscard]] std::vector<Value> alternatives_to(const Dictionary& dictionary, InputId input, ZonedInstant now,
                                                 const Value& from);

/// Calls `visit(indices)` with every choice of `size` from `count`, in lexicographic order, until it gives false.
/// False when it was stopped.
template <class Visit>
bool for_each_subset(std::size_t count, std::size_t size, Visit visit) {
  if (size > count) return true;
  std::vector<std::size_t> chosen(size);
  for (std::size_t i = 0; i < size; ++i)
    chosen[i] = i;
  while (true) {
    if (!visit(chosen)) return false;
    std::size_t i = size;
    while (i > 0 && chosen[i - 1] == count - size + i - 1)
      --i;
    if (i == 0) return true;
    ++chosen[i - 1];
    for (; i < size; ++i)
      chosen[i] = chosen[i - 1] + 1;
  }
}

} // namespace aceso
