#pragma once
/// How compiling with and without the function for outcomes alone share their way. Internal to runtime/jit.
///
/// That function is made from a plan of the batch engine, which is not in the shared library that applications embed;
/// so jit.cpp does not know it, and who wants it says how its parts are made.

#include "jit/backend.h"
#include "jit/jit.h"

namespace aceso::jit {

/// What the function for outcomes alone is made of, or why there is none. The module has to outlive it.
struct DecideParts {
  virtual ~DecideParts() = default;
  DecideRequest request{};
  std::string why_not;
};
using MakeDecideParts = std::unique_ptr<const DecideParts> (*)(const Module& module);

/// `decide`: nullptr for an evaluator's parts alone. Thread-safe.
[[nodiscard]] Made compile_with(const Module& module, const Options& options, MakeDecideParts decide);

/// An object file that is not loaded.
[[nodiscard]] Object emit(const Backend& backend, const Module& module, const std::string& prefix, bool for_this_cpu,
                          bool evaluator, MakeDecideParts decide, const std::string& name_of_it);

} // namespace aceso::jit
