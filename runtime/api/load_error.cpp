#include "api/load_error.h"

#include <algorithm>
#include <cstring>

namespace aceso::api {
namespace {

template <std::size_t N>
void copy_text(char (&to)[N], std::string_view from) {
  std::size_t size = std::min(from.size(), N - 1);
  while (size < from.size() && size > 0 && (static_cast<unsigned char>(from[size]) & 0xC0u) == 0x80u)
    --size; // not inside a character
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

void tell(aceso_load_error* error, std::string_view id, std::string_view message) {
  if (error == nullptr || error->struct_size < sizeof(aceso_load_error)) return;
  copy_text(error->id, id);
  copy_text(error->message, message);
}

} // namespace

aceso_status guard_load_call(aceso_load_error* error, PlainCall call, void* context) noexcept {
  tell(error, "", "");
  try {
    return call(context);
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
