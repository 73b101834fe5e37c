#pragma once
/// Calls that have no handle yet: what went wrong is told in a struct of the caller. Internal to runtime/api.

#include <algorithm>
#include <cstring>

#include "api/handles.h"

namespace aceso::api {

template <std::size_t N>
void copy_text(char (&to)[N], std::string_view from) {
  std::size_t size = std::min(from.size(), N - 1);
  while (size < from.size() && size > 0 && (static_cast<unsigned char>(from[size]) & 0xC0u) == 0x80u)
    --size; // not inside a character
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

inline void tell(aceso_load_error* error, std::string_view id, std::string_view message) {
  if (error == nullptr || error->struct_size < sizeof(aceso_load_error)) return;
  copy_text(error->id, id);
  copy_text(error->message, message);
}

template <class Call>
aceso_status guard_load(aceso_load_error* error, Call call) {
  tell(error, "", "");
  try {
    call();
    return ACESO_OK;
  } catch (const Failure& failure) {
    tell(error, failure.faults.front().id, failure.faults.front().message);
    return failure.status;
  } catch (const std::bad_alloc&) {
    tell(error, "A0859", "there is not enough memory");
    return ACESO_OUT_OF_MEMORY;
  } catch (...) {
    tell(error, "A0860", "a mistake inside of Aceso; please report it");
    return ACESO_INTERNAL;
  }
}

} // namespace aceso::api
