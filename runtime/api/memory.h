#pragma once
/// The memory of the caller, and the texts that are handed out of it. Internal to runtime/api.

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "aceso/aceso.h"

namespace aceso::api {

/// A copy of the caller's allocator. Throws std::bad_alloc where it gives nothing.
class Memory {
public:
  /// Null: malloc and free.
  explicit Memory(const aceso_allocator* allocator);

  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment) const {
    if (void* memory = allocator_.allocate(allocator_.context, size, alignment)) return memory;
    throw std::bad_alloc();
  }
  void release(void* memory, std::size_t size, std::size_t alignment) const {
    if (memory != nullptr) allocator_.release(allocator_.context, memory, size, alignment);
  }

  template <class T, class... Arguments>
  [[nodiscard]] T* make(Arguments&&... arguments) const {
    void* memory = allocate(sizeof(T), alignof(T));
    try {
      return new (memory) T(std::forward<Arguments>(arguments)...);
    } catch (...) {
      release(memory, sizeof(T), alignof(T));
      throw;
    }
  }
  template <class T>
  void destroy(T* object) const {
    object->~T();
    release(object, sizeof(T), alignof(T));
  }
  [[nodiscard]] const aceso_allocator& allocator() const { return allocator_; }

private:
  aceso_allocator allocator_;
};

/// A text in the memory of the caller; it keeps what it has and grows where it must.
class OwnedText {
public:
  explicit OwnedText(const Memory& memory) : memory_(memory) {}
  OwnedText(const OwnedText&) = delete;
  OwnedText& operator=(const OwnedText&) = delete;
  ~OwnedText() { memory_.release(data_, capacity_, 1); }

  aceso_text assign(std::string_view text) {
    if (text.size() + 1 > capacity_) {
      const std::size_t capacity = text.size() + 1 + capacity_ / 2;
      char* grown = static_cast<char*>(memory_.allocate(capacity, 1));
      memory_.release(data_, capacity_, 1);
      data_ = grown;
      capacity_ = capacity;
    }
    if (!text.empty()) std::memcpy(data_, text.data(), text.size());
    data_[text.size()] = '\0';
    size_ = text.size();
    return {data_, size_};
  }
  [[nodiscard]] std::string_view view() const { return {data_, size_}; }

private:
  Memory memory_;
  char* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

} // namespace aceso::api
