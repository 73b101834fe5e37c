#pragma once
/// A compiled guideline behind the interface that all engines share.

#include <memory>

#include "module/engine.h"
#include "module/module.h"
#include "module/native_code.h"

namespace aceso::interpret {

/// One for each thread; the module may be shared. With native code of this module (see Evaluator::use_native) it runs
/// that; code of another module is not used.
[[nodiscard]] std::unique_ptr<Engine> make_engine(std::shared_ptr<const Module> module,
                                                  std::shared_ptr<const NativeCode> code = nullptr);

class Evaluator;
/// Forgets what was said and says what the case says. A value that is not one of its input is unknown (invalid).
void state(Evaluator& evaluator, const PatientCase& patient_case);
/// The broken constraints of the last evaluation as faults of the case, with the path of the last fact involved.
[[nodiscard]] std::vector<CaseFault> to_faults(const Evaluator& evaluator, const PatientCase& patient_case);

} // namespace aceso::interpret
