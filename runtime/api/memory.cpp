#include "api/memory.h"

#include <cstdlib>

namespace aceso::api {

Memory::Memory(const aceso_allocator* allocator)
    : allocator_{sizeof(aceso_allocator), nullptr,
                 [](void*, std::size_t size, std::size_t) { return std::malloc(size); },
                 [](void*, void* memory, std::size_t, std::size_t) { std::free(memory); }} {
  if (allocator != nullptr) allocator_ = *allocator;
}

} // namespace aceso::api
