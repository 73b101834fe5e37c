#pragma once
/// What stands behind the handles, and how calls fail. Internal to runtime/api.

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/memory.h"
#include "explain/decision_text.h"
#include "interpret/engine.h"
#include "interpret/evaluator.h"
#include "interpret/outcomes.h"

namespace aceso::api {

enum class Fault : std::uint8_t {
#define ACESO_API_FAULT(id, name, message) name,
#include "api/api_faults.def"
#undef ACESO_API_FAULT
};

/// Ends a call: caught at the border.
struct Failure {
  aceso_status status;
  std::vector<CaseFault> faults;
};
[[nodiscard]] CaseFault make_fault(Fault fault, std::string_view detail = {});
[[noreturn]] void fail(aceso_status status, Fault fault, std::string_view detail = {});

inline void need(const void* pointer) {
  if (pointer == nullptr) fail(ACESO_BAD_ARGUMENT, Fault::null_pointer);
}
template <class Rows>
const auto& row(const Rows& rows, std::size_t index) {
  if (index >= rows.size()) fail(ACESO_BAD_ARGUMENT, Fault::no_such_row, std::to_string(index));
  return rows[index];
}

[[nodiscard]] std::string_view view(const char* data, std::size_t size);
[[nodiscard]] inline aceso_text text(const std::string& from) { return {from.c_str(), from.size()}; }

/// For structs that the caller reads: checks, and fills.
template <class T>
void fill(T* out, T value) {
  need(out);
  if (out->struct_size < sizeof(T)) fail(ACESO_BAD_ARGUMENT, Fault::small_struct);
  value.struct_size = out->struct_size;
  *out = value;
}
/// For options: those of the caller, or nothing for null.
template <class T>
const T* options_of(const T* options) {
  if (options != nullptr && options->struct_size < sizeof(T)) fail(ACESO_BAD_ARGUMENT, Fault::small_struct);
  return options;
}
/// The allocator that stands in options; null where none does.
[[nodiscard]] const aceso_allocator* checked(const aceso_allocator* allocator);

[[nodiscard]] ZonedInstant to_instant(aceso_instant at);
[[nodiscard]] inline aceso_instant to_c(ZonedInstant at) { return {at.instant.seconds, at.offset_seconds}; }
[[nodiscard]] inline std::int32_t to_c(Truth truth) {
  return truth == Truth::no ? ACESO_NO : truth == Truth::yes ? ACESO_YES : ACESO_UNKNOWN;
}

/// A module and what is derived from it, shared by its evaluators.
struct Loaded {
  static constexpr std::size_t kinds = 8;
  explicit Loaded(std::shared_ptr<const Module> of);
  std::shared_ptr<const Module> module;
  std::array<std::unordered_map<std::string_view, std::uint32_t>, kinds> names;

  /// By action: the terms of its advice.
  [[nodiscard]] const std::vector<std::vector<Period>>& terms() const;
  /// Null where outcomes cannot be looked up. Made when it is first asked for.
  [[nodiscard]] const interpret::OutcomeFinder* finder() const;

private:
  mutable std::once_flag terms_once_, finder_once_;
  mutable std::vector<std::vector<Period>> terms_;
  mutable std::shared_ptr<const interpret::OutcomeFinder> finder_;
};

/// Null where there is none. In a static link that of the batch engine, else the one of libaceso_batch, if it is there.
[[nodiscard]] std::shared_ptr<const interpret::OutcomeFinder> make_finder(std::shared_ptr<const Module> module);

} // namespace aceso::api

struct aceso_module {
  aceso::api::Memory memory;
  std::shared_ptr<const aceso::api::Loaded> loaded;
  [[nodiscard]] const aceso::Dictionary& dictionary() const { return loaded->module->dictionary; }
};

struct aceso_evaluator {
  aceso_evaluator(const aceso::api::Memory& with, std::shared_ptr<const aceso::api::Loaded> of)
      : memory(with), loaded(std::move(of)), engine(loaded->module), text(with), scratch(with) {}

  [[nodiscard]] const aceso::Dictionary& dictionary() const { return loaded->module->dictionary; }
  /// Evaluates the whole. Fails where the facts cannot be true together.
  void evaluate_whole();
  /// Results are asked for. Of what was looked up the rest is worked out now.
  void need_results() {
    if (evaluated < Evaluated::outcomes) aceso::api::fail(ACESO_NOT_EVALUATED, aceso::api::Fault::not_evaluated);
    if (evaluated == Evaluated::outcomes) evaluate_whole();
  }
  /// Everything about the last evaluation, made when it is first asked for.
  const aceso::Decision& whole_decision() {
    need_results();
    if (decision == nullptr) decision = &engine.decision();
    return *decision;
  }
  [[nodiscard]] aceso::Zone zone() const { return time_zone.empty() ? aceso::Zone(now.offset_seconds) : rules_of_zone; }
  void set_zone(std::string name, aceso::Zone rules) {
    time_zone = std::move(name);
    rules_of_zone = std::move(rules);
  }
  /// What has been said up to the last evaluation.
  [[nodiscard]] aceso::PatientCase patient_case() const {
    aceso::PatientCase result = engine.patient_case(now);
    result.time_zone = time_zone;
    result.rules_of_zone = rules_of_zone;
    return result;
  }
  void facts_change() {
    evaluated = Evaluated::no;
    decision = nullptr;
  }

  aceso::api::Memory memory;
  std::shared_ptr<const aceso::api::Loaded> loaded;
  aceso::interpret::Evaluator engine;
  std::unique_ptr<aceso::Engine> explainer; ///< asks what would be if; made when it is first needed
  enum class Evaluated : std::uint8_t { no, refused, outcomes, whole }; ///< refused: a constraint is broken
  Evaluated evaluated = Evaluated::no;                                  ///< of the facts as they stand, as of `now`
  aceso::ZonedInstant now;
  std::string time_zone; ///< empty: the offset of `now` counts
  aceso::Zone rules_of_zone;
  const aceso::Decision* decision = nullptr;                          ///< of the engine
  std::array<std::optional<aceso::DecisionJson>, 2> decision_writers; ///< the second for one line
  std::vector<aceso::CaseFault> faults;
  bool lacks_memory = false;                          ///< the one fault that takes no memory to tell
  aceso::api::OwnedText text;                         ///< what was handed out last
  aceso::api::OwnedText scratch;                      ///< texts of values
  std::vector<std::uint32_t> ids;                     ///< the list that was handed out last
  std::optional<aceso::interpret::Outcomes> outcomes; ///< once they were asked for
};

namespace aceso::api {

/// No exception crosses the border. A call is handed on as a pointer, so that what catches is compiled once.
using PlainCall = aceso_status (*)(void* call);
[[nodiscard]] aceso_status guard_call(PlainCall call, void* context) noexcept;
/// The same for a call on an evaluator, which keeps the faults.
[[nodiscard]] aceso_status guard_call(aceso_evaluator* evaluator, PlainCall call, void* context) noexcept;

template <class Call>
aceso_status guard(Call call) {
  return guard_call([](void* context) -> aceso_status { return (*static_cast<Call*>(context))(); }, &call);
}
template <class Call>
aceso_status guard(aceso_evaluator* evaluator, Call call) {
  return guard_call(
      evaluator,
      [](void* context) -> aceso_status {
        (*static_cast<Call*>(context))();
        return ACESO_OK;
      },
      &call);
}

} // namespace aceso::api
