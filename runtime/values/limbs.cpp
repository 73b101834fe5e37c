#include "values/limbs.h"

#include <utility>

namespace aceso {

void Limbs::resize(std::size_t size) {
  reserve(size);
  if (size > size_) std::fill(begin() + size_, begin() + size, 0);
  size_ = size;
}

void Limbs::reserve(std::size_t size) {
  if (size <= capacity_) return;
  const std::size_t capacity = std::max(size, 2 * capacity_);
  std::unique_ptr<std::uint64_t[]> larger(new std::uint64_t[capacity]);
  std::copy(begin(), end(), larger.get());
  heap_ = std::move(larger);
  capacity_ = capacity;
}

void Limbs::assign(const Limbs& other) {
  size_ = 0; // What is here need not be kept when the memory grows.
  reserve(other.size_);
  std::copy(other.begin(), other.end(), begin());
  size_ = other.size_;
}

void Limbs::take(Limbs& other) noexcept {
  heap_ = std::move(other.heap_);
  capacity_ = std::exchange(other.capacity_, local_capacity);
  size_ = std::exchange(other.size_, 0);
  if (!heap_) std::copy(other.local_.data(), other.local_.data() + size_, local_.data());
}

} // namespace aceso
