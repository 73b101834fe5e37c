/// Many patients across the border: columns in, columns out.
#include "api/handles.h"
#include "columns/arrow_columns.h"
#include "lookup/lookup_machine.h"

struct aceso_batch {
  aceso_batch(const aceso::api::Memory& with, std::shared_ptr<const aceso::Module> of, bool advice, unsigned jobs)
      : memory(with), module(std::move(of)), only_advice(advice), plan(aceso::batch::make_plan(module, plan_options())),
        table(plan), runner(plan, {jobs, {}, {}, {}}) {}
  [[nodiscard]] aceso::batch::PlanOptions plan_options() const {
    return {!only_advice, !only_advice, !only_advice, false, false};
  }

  aceso::api::Memory memory;
  std::shared_ptr<const aceso::Module> module;
  bool only_advice;
  std::shared_ptr<const aceso::batch::Plan> plan;
  aceso::batch::Table table;
  aceso::batch::Runner runner;
  aceso::batch::Results results;
  aceso::batch::RowCounts counts; ///< of the last call
  aceso::api::RowFaults faults;
};

std::shared_ptr<const aceso::interpret::OutcomeFinder>
aceso::api::make_finder(std::shared_ptr<const aceso::Module> module) {
  return aceso::lookup::make_finder(std::move(module)).finder;
}

using namespace aceso::api;

extern "C" {

aceso_status aceso_batch_create(const aceso_module* module, const aceso_batch_options* options, aceso_batch** batch) {
  return guard([&] {
    need(module);
    need(batch);
    const aceso_allocator* own = options_of(options) != nullptr ? checked(options->allocator) : nullptr;
    const Memory memory = own != nullptr ? Memory(own) : module->memory;
    constexpr std::uint32_t most_jobs = 1024;
    const std::uint32_t jobs = options != nullptr ? options->jobs : 0;
    if (jobs > most_jobs) fail(ACESO_BAD_ARGUMENT, Fault::bad_option, "jobs");
    *batch =
        memory.make<aceso_batch>(memory, module->loaded->module, options != nullptr && options->only_advice != 0, jobs);
    return ACESO_OK;
  });
}

void aceso_batch_destroy(aceso_batch* batch) {
  if (batch == nullptr) return;
  const Memory memory = batch->memory;
  memory.destroy(batch);
}

aceso_status aceso_batch_decide(aceso_batch* batch, aceso_instant now, const struct ArrowSchema* schema,
                                struct ArrowArray* rows, struct ArrowSchema* result_schema, struct ArrowArray* result) {
  const aceso_status status = guard([&] {
    need(batch);
    batch->faults.faults.clear();
    batch->faults.count = 0;
    batch->counts = {};
    try {
      for (const void* each : {static_cast<const void*>(schema), static_cast<const void*>(rows),
                               static_cast<const void*>(result_schema), static_cast<const void*>(result)})
        need(each);
      const aceso::ZonedInstant at = to_instant(now);
      read_columns(*batch->module, *schema, *rows, batch->table, batch->faults);
      batch->runner.run(batch->table.view(at), batch->results);
      write_columns(batch->results, *batch->module, batch->only_advice, *result_schema, *result);
      batch->counts = batch->results.counts();
    } catch (Failure& failure) {
      batch->faults.faults = std::move(failure.faults);
      batch->faults.count = 0;
      throw;
    }
    return ACESO_OK;
  });
  if (rows != nullptr && rows->release != nullptr) rows->release(rows);
  return status;
}

uint32_t aceso_batch_fault_count(const aceso_batch* batch) {
  return batch == nullptr ? 0 : static_cast<std::uint32_t>(batch->faults.faults.size());
}

aceso_status aceso_batch_fault_at(const aceso_batch* batch, uint32_t i, aceso_fault* fault) {
  return guard([&] {
    need(batch);
    const aceso::CaseFault& each = row(batch->faults.faults, i);
    fill(fault, aceso_fault{sizeof(aceso_fault), text(each.id), text(each.path), text(each.message)});
    return ACESO_OK;
  });
}

aceso_status aceso_batch_counts(const aceso_batch* batch, uint64_t* in_columns, uint64_t* with_rows, uint64_t* by_row,
                                uint64_t* bad_facts) {
  return guard([&] {
    need(batch);
    const aceso::batch::RowCounts& counts = batch->counts;
    if (in_columns != nullptr) *in_columns = counts.by_columns;
    if (with_rows != nullptr) *with_rows = counts.with_lanes;
    if (by_row != nullptr) *by_row = counts.by_row;
    if (bad_facts != nullptr) *bad_facts = batch->faults.count;
    return ACESO_OK;
  });
}

} // extern "C"
