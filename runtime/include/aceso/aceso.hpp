#pragma once
/// Aceso for C++17 and later: the C interface (aceso.h) with destructors, exceptions and string views. Header-only, so
/// that it fits every compiler; link with the library of the C interface.
///
///   aceso::Module guideline = aceso::Module::load_file("back_pain.acb");
///   aceso::Evaluator patient(guideline);
///   patient.set("fever", aceso::yes);
///   patient.set("temperature", aceso::number("38.6", "Cel"));
///   patient.evaluate(aceso::instant("2026-11-22T10:00:00+01:00"));
///   std::cout << patient.text();
///
/// A Module may be used by any number of threads at once, an Evaluator or an Explanation by one at a time. Views that
/// are handed out live as aceso.h says: those of a module as long as the module, others until the next call. What fails
/// throws aceso::Error.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aceso/aceso.h"

namespace aceso {
// The name of the library's own classes must not be the same.
inline namespace abi1 {

/// A reason why a call failed; see aceso_fault.
struct Fault {
  std::string id, path, message;
};

/// A call failed. `what` gives the first fault, or the name of the status.
class Error : public std::runtime_error {
public:
  Error(aceso_status status, std::vector<Fault> faults)
      : std::runtime_error(text_of(status, faults)), status_(status), faults_(std::move(faults)) {}
  [[nodiscard]] aceso_status status() const { return status_; }
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

private:
  static std::string text_of(aceso_status status, const std::vector<Fault>& faults) {
    if (faults.empty()) return aceso_status_name(status);
    const Fault& first = faults.front();
    return first.id + (first.path.empty() ? "" : " " + first.path) + ": " + first.message;
  }
  aceso_status status_;
  std::vector<Fault> faults_;
};

[[nodiscard]] inline std::string_view view(aceso_text text) { return {text.data, text.size}; }
inline void check(aceso_status status) {
  if (status != ACESO_OK) throw Error(status, {});
}

/// Values. A view that is given to `number`, `choice`, `date` or `json` must outlive the call that uses the value.
inline const aceso_value yes = aceso_bool(1);
inline const aceso_value no = aceso_bool(0);
[[nodiscard]] inline aceso_value text_value(std::int32_t kind, std::string_view text, std::string_view unit = {}) {
  aceso_value value =
      aceso_value_of(kind, 0, 1, text.data() != nullptr ? text.data() : "", unit.empty() ? nullptr : unit.data());
  value.text_size = text.size();
  value.unit_size = unit.size();
  return value;
}
/// An exact number as text, "38.6" or "1/3", with its unit.
[[nodiscard]] inline aceso_value number(std::string_view text, std::string_view unit = {}) {
  return text_value(ACESO_VALUE_NUMBER_TEXT, text, unit);
}
/// An exact fraction.
[[nodiscard]] inline aceso_value rational(std::int64_t numerator, std::int64_t denominator,
                                          std::string_view unit = {}) {
  aceso_value value = aceso_rational(numerator, denominator, unit.empty() ? nullptr : unit.data());
  value.unit_size = unit.size();
  return value;
}
[[nodiscard]] inline aceso_value choice(std::string_view name) { return text_value(ACESO_VALUE_CHOICE_NAME, name); }
[[nodiscard]] inline aceso_value choice(std::uint32_t member) { return aceso_choice(member); }
[[nodiscard]] inline aceso_value date(std::string_view text) { return text_value(ACESO_VALUE_DATE_TEXT, text); }
[[nodiscard]] inline aceso_value json(std::string_view text) { return text_value(ACESO_VALUE_JSON, text); }
/// Not known, and why: ACESO_NOT_DONE, ACESO_REFUSED ...
[[nodiscard]] inline aceso_value unknown(std::int32_t reason = ACESO_NOT_ASKED) { return aceso_unknown(reason); }

/// "2026-11-22T10:00:00+01:00".
[[nodiscard]] inline aceso_instant instant(std::string_view text) {
  aceso_instant at{};
  if (aceso_instant_parse(text.data() != nullptr ? text.data() : "", text.size(), &at) != ACESO_OK)
    throw Error(ACESO_BAD_ARGUMENT, {{"A0854", "", "\"" + std::string(text) + "\" is no instant with its offset"}});
  return at;
}

/// A struct of the interface, ready to be filled.
template <class T>
[[nodiscard]] T sized() {
  T value{};
  value.struct_size = sizeof(T);
  return value;
}

/// Owns a handle.
template <class Handle, void (*destroy)(Handle*)>
class Owner {
public:
  explicit Owner(Handle* handle = nullptr) : handle_(handle) {}
  Owner(Owner&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owner& operator=(Owner&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() { destroy(handle_); }
  /// For functions of aceso.h that have no method here.
  [[nodiscard]] Handle* get() const { return handle_; }

private:
  Handle* handle_;
};

/// A compiled guideline.
class Module {
public:
  [[nodiscard]] static Module load(std::string_view bytes, const aceso_load_options* options = nullptr) {
    auto error = sized<aceso_load_error>();
    aceso_module* module = nullptr;
    const aceso_status status = aceso_module_load(bytes.data(), bytes.size(), options, &module, &error);
    return finish(status, module, error);
  }
  [[nodiscard]] static Module load_file(const std::string& path, const aceso_load_options* options = nullptr) {
    auto error = sized<aceso_load_error>();
    aceso_module* module = nullptr;
    const aceso_status status = aceso_module_load_file(path.c_str(), options, &module, &error);
    return finish(status, module, error);
  }

  [[nodiscard]] aceso_guideline about() const {
    auto about = sized<aceso_guideline>();
    check(aceso_module_about(get(), &about));
    return about;
  }
  /// How many rows of a kind there are: ACESO_INPUTS, ACESO_ACTIONS ...
  [[nodiscard]] std::uint32_t count(std::int32_t kind) const { return aceso_module_count(get(), kind); }
  [[nodiscard]] std::uint32_t find(std::int32_t kind, std::string_view name) const {
    std::uint32_t index = ACESO_NONE;
    const aceso_status status =
        aceso_module_find(get(), kind, name.data() != nullptr ? name.data() : "", name.size(), &index);
    if (status != ACESO_OK) throw Error(status, {{"A0853", "", "there is no row \"" + std::string(name) + "\""}});
    return index;
  }
  [[nodiscard]] aceso_input input(std::uint32_t index) const {
    auto info = sized<aceso_input>();
    check(aceso_module_input(get(), index, &info));
    return info;
  }
  [[nodiscard]] aceso_entry entry(std::int32_t kind, std::uint32_t index) const {
    auto entry = sized<aceso_entry>();
    check(aceso_module_entry(get(), kind, index, &entry));
    return entry;
  }
  [[nodiscard]] aceso_member member(std::int32_t kind, std::uint32_t index, std::uint32_t i) const {
    auto member = sized<aceso_member>();
    check(aceso_module_member(get(), kind, index, i, &member));
    return member;
  }
  [[nodiscard]] aceso_citation citation(std::int32_t kind, std::uint32_t index, std::uint32_t i) const {
    auto citation = sized<aceso_citation>();
    check(aceso_module_citation(get(), kind, index, i, &citation));
    return citation;
  }
  [[nodiscard]] const aceso_module* get() const { return owner_.get(); }

private:
  explicit Module(aceso_module* module) : owner_(module) {}
  static Module finish(aceso_status status, aceso_module* module, const aceso_load_error& error) {
    if (status != ACESO_OK) throw Error(status, {{error.id, "", error.message}});
    return Module(module);
  }
  Owner<aceso_module, aceso_module_destroy> owner_;
};

/// Why a decision is as it is.
class Explanation {
public:
  explicit Explanation(aceso_explanation* explanation) : owner_(explanation) {}
  /// The next line; false after the last.
  [[nodiscard]] bool next(std::string_view& line) {
    aceso_text text{};
    const aceso_status status = aceso_explanation_next(get(), &text);
    if (status == ACESO_END) return false;
    check(status);
    line = view(text);
    return true;
  }
  [[nodiscard]] std::string_view text() { return read(aceso_explanation_text); }
  [[nodiscard]] std::string_view json() { return read(aceso_explanation_json); }
  [[nodiscard]] aceso_explanation* get() const { return owner_.get(); }

private:
  template <class Call>
  std::string_view read(Call call) {
    aceso_text text{};
    check(call(get(), &text));
    return view(text);
  }
  Owner<aceso_explanation, aceso_explanation_destroy> owner_;
};

/// The facts of one patient, and the decision.
class Evaluator {
public:
  explicit Evaluator(const Module& module, const aceso_evaluator_options* options = nullptr)
      : owner_(make(module, options)) {}

  void clear() { need(aceso_clear(get())); }
  void set(std::uint32_t input, const aceso_value& value) { need(aceso_set(get(), input, &value)); }
  void set(std::string_view name, const aceso_value& value) {
    need(aceso_set_named(get(), name.data() != nullptr ? name.data() : "", name.size(), &value));
  }
  void forget(std::uint32_t input) { need(aceso_forget(get(), input)); }
  void add(aceso_instant at, std::uint32_t input, const aceso_value& value) {
    need(aceso_add_fact(get(), at, input, &value));
  }
  void add(aceso_instant at, std::string_view name, const aceso_value& value) {
    need(aceso_add_fact_named(get(), at, name.data() != nullptr ? name.data() : "", name.size(), &value));
  }
  void add_visit(aceso_instant at) { need(aceso_add_visit(get(), at)); }
  /// The facts of a case file; gives its "now".
  aceso_instant read_case(std::string_view case_json) {
    aceso_instant now{};
    need(aceso_read_case(get(), case_json.data() != nullptr ? case_json.data() : "", case_json.size(), &now));
    return now;
  }
  [[nodiscard]] std::string_view write_case() {
    aceso_text text{};
    need(aceso_write_case(get(), &text));
    return view(text);
  }
  void evaluate(aceso_instant now) { need(aceso_evaluate(get(), now)); }
  /// Lists in it hold until facts change or outcomes are asked for again. Results can be read afterwards.
  [[nodiscard]] aceso_outcomes evaluate_outcomes(aceso_instant now) {
    aceso_outcomes outcomes{};
    outcomes.struct_size = sizeof outcomes;
    need(aceso_evaluate_outcomes(get(), now, &outcomes));
    return outcomes;
  }

  [[nodiscard]] std::int32_t applies() {
    std::int32_t applies = ACESO_UNKNOWN;
    need(aceso_result_applies(get(), &applies));
    return applies;
  }
  [[nodiscard]] aceso_action action(std::uint32_t index) { return result<aceso_action>(aceso_result_action, index); }
  [[nodiscard]] std::vector<std::uint32_t> rules(std::uint32_t action) { return list(aceso_result_rules, action); }
  /// What could settle an action; of ACESO_NONE what could settle anything.
  [[nodiscard]] std::vector<std::uint32_t> missing(std::uint32_t action = ACESO_NONE) {
    return list(aceso_result_missing, action);
  }
  [[nodiscard]] std::int32_t caution(std::uint32_t index) {
    std::int32_t fires = ACESO_UNKNOWN;
    need(aceso_result_caution(get(), index, &fires));
    return fires;
  }
  [[nodiscard]] aceso_value definition(std::uint32_t index) {
    aceso_value value{};
    need(aceso_result_definition(get(), index, &value));
    return value;
  }
  [[nodiscard]] aceso_value input(std::uint32_t index) {
    aceso_value value{};
    need(aceso_result_input(get(), index, &value, nullptr));
    return value;
  }
  [[nodiscard]] aceso_differential differential(std::uint32_t index) {
    return result<aceso_differential>(aceso_result_differential, index);
  }
  [[nodiscard]] aceso_stage stage() {
    auto stage = sized<aceso_stage>();
    need(aceso_result_stage(get(), &stage));
    return stage;
  }
  [[nodiscard]] aceso_next_stage next_stage(std::uint32_t i) {
    return result<aceso_next_stage>(aceso_result_next_stage, i);
  }
  [[nodiscard]] std::string_view json(bool compact = false) {
    aceso_text text{};
    need(aceso_decision_json(get(), compact ? 1 : 0, &text));
    return view(text);
  }
  [[nodiscard]] std::string_view text(std::uint32_t width = 0) {
    aceso_text text{};
    need(aceso_decision_text(get(), width, &text));
    return view(text);
  }
  [[nodiscard]] std::string_view trace() {
    aceso_text text{};
    need(aceso_decision_trace(get(), &text));
    return view(text);
  }

  /// Of one action, or of everything in brief.
  [[nodiscard]] Explanation explain(std::uint32_t action = ACESO_NONE, bool why_not = false) {
    auto options = sized<aceso_explain_options>();
    options.action = action;
    options.why_not = why_not ? 1 : 0;
    return explain(options);
  }
  [[nodiscard]] Explanation explain(const aceso_explain_options& options) {
    aceso_explanation* explanation = nullptr;
    need(aceso_explain(get(), &options, &explanation));
    return Explanation(explanation);
  }
  [[nodiscard]] aceso_evaluator* get() const { return owner_.get(); }

private:
  static aceso_evaluator* make(const Module& module, const aceso_evaluator_options* options) {
    aceso_evaluator* evaluator = nullptr;
    check(aceso_evaluator_create(module.get(), options, &evaluator));
    return evaluator;
  }
  /// Throws with the faults of the call.
  void need(aceso_status status) const {
    if (status == ACESO_OK) return;
    std::vector<Fault> faults;
    for (std::uint32_t i = 0; i < aceso_fault_count(get()); ++i) {
      auto fault = sized<aceso_fault>();
      check(aceso_fault_at(get(), i, &fault));
      faults.push_back({std::string(view(fault.id)), std::string(view(fault.path)), std::string(view(fault.message))});
    }
    throw Error(status, std::move(faults));
  }
  template <class T, class Call>
  T result(Call call, std::uint32_t index) {
    auto value = sized<T>();
    need(call(get(), index, &value));
    return value;
  }
  template <class Call>
  std::vector<std::uint32_t> list(Call call, std::uint32_t index) {
    const std::uint32_t* ids = nullptr;
    std::size_t count = 0;
    need(call(get(), index, &ids, &count));
    return {ids, ids + count};
  }
  Owner<aceso_evaluator, aceso_evaluator_destroy> owner_;
};

} // namespace abi1
} // namespace aceso
