#pragma once
/// What libaceso_runtime asks of libaceso_batch, the library with the batch engine, which it opens when a batch is
/// first made. Both are built together; the first three members tell where they were not.

#include <cstdint>

#include "api/handles.h"

namespace aceso::api {

struct BatchComponent {
  std::uint32_t version;
  std::uint32_t module_size, handle_size; ///< sizeof(Module), sizeof(aceso_module)
  decltype(&aceso_batch_create) create;
  decltype(&aceso_batch_destroy) destroy;
  decltype(&aceso_batch_decide) decide;
  decltype(&aceso_batch_fault_count) fault_count;
  decltype(&aceso_batch_fault_at) fault_at;
  decltype(&aceso_batch_counts) counts;
  decltype(&make_finder) finder;
};
inline constexpr std::uint32_t batch_component_version = 2;

/// The one name that the library shows. Thread-safe.
inline constexpr const char* batch_component_symbol = "aceso_batch_component";
using BatchComponentFunction = const BatchComponent* (*)();

} // namespace aceso::api
