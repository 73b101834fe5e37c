#pragma once
/// Facts of a case that alone give the same answer. Internal to runtime/explain.

#include <functional>

#include "explain/case_variants.h"

namespace aceso {

/// Whether an answer is still the one to explain.
using Holds = std::function<bool(const EngineAnswer&)>;

/// `holds` is true for the whole case. Statements of one input are kept or left out together first, and one by one
/// after that.
[[nodiscard]] Reason find_reason(Asker& asker, const PatientCase& patient_case, const Holds& holds);

} // namespace aceso
