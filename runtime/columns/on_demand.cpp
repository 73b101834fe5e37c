/// Part of libaceso_runtime.so alone: the calls about many patients, handed on to libaceso_batch. In a static link the
/// batch engine itself stands in this place (batch_api.cpp).
#include "api/handles.h"
#include "columns/batch_component.h"
#include "jit/component.h"

namespace {

using aceso::api::BatchComponent;

/// Null where the library is not there, or belongs to another version.
const BatchComponent* find() {
  using namespace aceso::api;
  const auto opened = aceso::jit::open_component("libaceso_batch.so", "ACESO_BATCH_LIBRARY");
  const auto function =
      reinterpret_cast<BatchComponentFunction>(aceso::jit::function_of(opened, batch_component_symbol));
  const BatchComponent* component = function != nullptr ? function() : nullptr;
  const bool fits = component != nullptr && component->version == batch_component_version &&
                    component->module_size == sizeof(aceso::Module) && component->handle_size == sizeof(aceso_module);
  return fits ? component : nullptr;
}
const BatchComponent* component() {
  static const BatchComponent* const found = find(); // never unloaded: results may outlive the batch
  return found;
}

} // namespace

std::shared_ptr<const aceso::interpret::OutcomeFinder>
aceso::api::make_finder(std::shared_ptr<const aceso::Module> module) {
  const BatchComponent* const found = component();
  return found != nullptr ? found->finder(std::move(module)) : nullptr;
}

extern "C" {

aceso_status aceso_batch_create(const aceso_module* module, const aceso_batch_options* options, aceso_batch** batch) {
  return aceso::api::guard([&] {
    const BatchComponent* const found = component();
    if (found == nullptr) aceso::api::fail(ACESO_NOT_AVAILABLE, aceso::api::Fault::no_batches);
    return found->create(module, options, batch);
  });
}

// A batch that is not null is one of the component, which is there then.

void aceso_batch_destroy(aceso_batch* batch) {
  if (batch != nullptr) component()->destroy(batch);
}

aceso_status aceso_batch_decide(aceso_batch* batch, aceso_instant now, const struct ArrowSchema* schema,
                                struct ArrowArray* rows, struct ArrowSchema* result_schema, struct ArrowArray* result) {
  if (batch != nullptr) return component()->decide(batch, now, schema, rows, result_schema, result);
  if (rows != nullptr && rows->release != nullptr) rows->release(rows);
  return ACESO_BAD_ARGUMENT;
}

uint32_t aceso_batch_fault_count(const aceso_batch* batch) {
  return batch != nullptr ? component()->fault_count(batch) : 0;
}

aceso_status aceso_batch_fault_at(const aceso_batch* batch, uint32_t i, aceso_fault* fault) {
  return batch != nullptr ? component()->fault_at(batch, i, fault) : ACESO_BAD_ARGUMENT;
}

aceso_status aceso_batch_counts(const aceso_batch* batch, uint64_t* in_columns, uint64_t* with_rows, uint64_t* by_row,
                                uint64_t* bad_facts) {
  return batch != nullptr ? component()->counts(batch, in_columns, with_rows, by_row, bad_facts) : ACESO_BAD_ARGUMENT;
}

} // extern "C"
