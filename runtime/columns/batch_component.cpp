#include "columns/batch_component.h"

extern "C" __attribute__((visibility("default"))) const aceso::api::BatchComponent* aceso_batch_component() {
  static constexpr aceso::api::BatchComponent component = {aceso::api::batch_component_version,
                                                           sizeof(aceso::Module),
                                                           sizeof(aceso_module),
                                                           &aceso_batch_create,
                                                           &aceso_batch_destroy,
                                                           &aceso_batch_decide,
                                                           &aceso_batch_fault_count,
                                                           &aceso_batch_fault_at,
                                                           &aceso_batch_counts,
                                                           &aceso::api::make_finder};
  return &component;
}
