#pragma once
/// Calls that have no handle yet: what went wrong is told in a struct of the caller. Internal to runtime/api.

#include "api/handles.h"

namespace aceso::api {

[[nodiscard]] aceso_status guard_load_call(aceso_load_error* error, PlainCall call, void* context) noexcept;

template <class Call>
aceso_status guard_load(aceso_load_error* error, Call call) {
  return guard_load_call(
      error,
      [](void* context) -> aceso_status {
        (*static_cast<Call*>(context))();
        return ACESO_OK;
      },
      &call);
}

} // namespace aceso::api
