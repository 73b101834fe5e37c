/// Evaluators across the border: facts go in, a decision is made.
#include "api/values.h"
#include "explain/decision_text.h"
#include "module/case_faults.h"

namespace aceso::api {
namespace {

using interpret::state;

InputId input_at(const aceso_evaluator& evaluator, std::uint32_t input) {
  (void)row(evaluator.dictionary().inputs, input);
  return InputId(input);
}

InputId input_named(const aceso_evaluator& evaluator, const char* name, std::size_t size) {
  need(name);
  const std::string_view wanted = view(name, size);
  const auto& names = evaluator.loaded->names[ACESO_INPUTS];
  if (const auto found = names.find(wanted); found != names.end()) return InputId(found->second);
  std::vector<std::string_view> all;
  for (const InputInfo& each : evaluator.dictionary().inputs)
    all.push_back(each.name);
  FaultList faults(1);
  faults.add(CaseFaultKind::unknown_input, 0, "$.inputs",
             {quoted(wanted), evaluator.dictionary().guideline.id, did_you_mean(wanted, all)});
  throw Failure{ACESO_NOT_FOUND, faults.take()};
}

void set(aceso_evaluator& evaluator, InputId input, const aceso_value* value) {
  need(value);
  const Value read = read_fact(evaluator.dictionary(), input, *value);
  if (!evaluator.engine.set(input, read)) fail(ACESO_BAD_FACT, Fault::bad_value, "it does not fit the input");
  evaluator.facts_change();
}

void add(aceso_evaluator& evaluator, aceso_instant at, InputId input, const aceso_value* value) {
  need(value);
  const Instant when = to_instant(at).instant;
  const Value read = read_fact(evaluator.dictionary(), input, *value);
  evaluator.facts_change();
  if (!evaluator.engine.add_event(when, input, read))
    fail(ACESO_BAD_FACT, Fault::bad_value, "it does not fit the input");
}

} // namespace
} // namespace aceso::api

void aceso_evaluator::evaluate_whole() {
  evaluated = Evaluated::refused;
  if (!engine.evaluate(now, zone()))
    throw aceso::api::Failure{ACESO_BROKEN_CONSTRAINT, aceso::interpret::to_faults(engine, patient_case())};
  evaluated = Evaluated::whole;
}

using namespace aceso::api;

extern "C" {

aceso_status aceso_evaluator_create(const aceso_module* module, const aceso_evaluator_options* options,
                                    aceso_evaluator** evaluator) {
  return guard([&] {
    need(module);
    need(evaluator);
    const aceso_allocator* own = options_of(options) != nullptr ? checked(options->allocator) : nullptr;
    const Memory memory = own != nullptr ? Memory(own) : module->memory;
    *evaluator = memory.make<aceso_evaluator>(memory, module->loaded);
    return ACESO_OK;
  });
}

void aceso_evaluator_destroy(aceso_evaluator* evaluator) {
  if (evaluator == nullptr) return;
  const Memory memory = evaluator->memory;
  memory.destroy(evaluator);
}

aceso_status aceso_clear(aceso_evaluator* evaluator) {
  return guard(evaluator, [&] {
    evaluator->facts_change();
    evaluator->engine.clear();
    evaluator->set_zone({}, {});
  });
}

aceso_status aceso_set(aceso_evaluator* evaluator, uint32_t input, const aceso_value* value) {
  return guard(evaluator, [&] { set(*evaluator, input_at(*evaluator, input), value); });
}

aceso_status aceso_set_named(aceso_evaluator* evaluator, const char* name, size_t size, const aceso_value* value) {
  return guard(evaluator, [&] { set(*evaluator, input_named(*evaluator, name, size), value); });
}

aceso_status aceso_forget(aceso_evaluator* evaluator, uint32_t input) {
  return guard(evaluator, [&] {
    const aceso::InputId id = input_at(*evaluator, input);
    evaluator->facts_change();
    evaluator->engine.forget(id);
  });
}

aceso_status aceso_add_fact(aceso_evaluator* evaluator, aceso_instant at, uint32_t input, const aceso_value* value) {
  return guard(evaluator, [&] { add(*evaluator, at, input_at(*evaluator, input), value); });
}

aceso_status aceso_add_fact_named(aceso_evaluator* evaluator, aceso_instant at, const char* name, size_t size,
                                  const aceso_value* value) {
  return guard(evaluator, [&] { add(*evaluator, at, input_named(*evaluator, name, size), value); });
}

aceso_status aceso_add_visit(aceso_evaluator* evaluator, aceso_instant at) {
  return guard(evaluator, [&] {
    const aceso::Instant when = to_instant(at).instant;
    evaluator->facts_change();
    evaluator->engine.add_event(when);
  });
}

aceso_status aceso_read_case(aceso_evaluator* evaluator, const char* json, size_t size, aceso_instant* now) {
  return guard(evaluator, [&] {
    need(json);
    aceso::CaseReadResult read = read_case(evaluator->dictionary(), view(json, size));
    if (!read.ok()) throw Failure{ACESO_BAD_FACT, std::move(read.faults)};
    evaluator->facts_change();
    state(evaluator->engine, read.patient_case);
    evaluator->set_zone(read.patient_case.time_zone, read.patient_case.rules_of_zone);
    if (now != nullptr) *now = to_c(read.patient_case.now);
  });
}

aceso_status aceso_write_case(aceso_evaluator* evaluator, aceso_text* json) {
  return guard(evaluator, [&] {
    need(json);
    if (evaluator->evaluated == aceso_evaluator::Evaluated::no) fail(ACESO_NOT_EVALUATED, Fault::not_evaluated);
    *json = evaluator->text.assign(write_case(evaluator->dictionary(), evaluator->patient_case()));
  });
}

aceso_status aceso_evaluate(aceso_evaluator* evaluator, aceso_instant now) {
  return guard(evaluator, [&] {
    const aceso::ZonedInstant at = to_instant(now);
    evaluator->facts_change();
    evaluator->now = at;
    evaluator->evaluate_whole();
  });
}

uint32_t aceso_fault_count(const aceso_evaluator* evaluator) {
  if (evaluator == nullptr) return 0;
  return evaluator->lacks_memory ? 1 : static_cast<uint32_t>(evaluator->faults.size());
}

aceso_status aceso_fault_at(const aceso_evaluator* evaluator, uint32_t i, aceso_fault* fault) {
  return guard([&] {
    need(evaluator);
    if (evaluator->lacks_memory && i == 0) {
      constexpr std::string_view id = "A0859", message = "there is not enough memory";
      fill(fault, {0, {id.data(), id.size()}, {"", 0}, {message.data(), message.size()}});
      return ACESO_OK;
    }
    const aceso::CaseFault& each = row(evaluator->faults, i);
    fill(fault, {0, text(each.id), text(each.path), text(each.message)});
    return ACESO_OK;
  });
}

} // extern "C"
