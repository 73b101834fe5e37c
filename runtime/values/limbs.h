#pragma once
/// The digits of a BigNatural: a vector of 64-bit numbers that needs no memory from the heap while it is short, as
/// nearly all of them are (64-bit values, and the 64 and 128 bits with which nearly every rounding is decided).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace aceso {

class Limbs {
public:
  Limbs() = default;
  ~Limbs() = default;
  Limbs(const Limbs& other) { assign(other); }
  Limbs(Limbs&& other) noexcept { take(other); }
  Limbs& operator=(const Limbs& other) {
    if (this != &other) assign(other);
    return *this;
  }
  Limbs& operator=(Limbs&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint64_t* begin() { return heap_ ? heap_.get() : local_.data(); }
  [[nodiscard]] std::uint64_t* end() { return begin() + size_; }
  [[nodiscard]] const std::uint64_t* begin() const { return heap_ ? heap_.get() : local_.data(); }
  [[nodiscard]] const std::uint64_t* end() const { return begin() + size_; }
  [[nodiscard]] std::uint64_t& operator[](std::size_t i) { return begin()[i]; }
  [[nodiscard]] std::uint64_t operator[](std::size_t i) const { return begin()[i]; }
  [[nodiscard]] std::uint64_t& back() { return begin()[size_ - 1]; }
  [[nodiscard]] std::uint64_t back() const { return begin()[size_ - 1]; }

  void clear() { size_ = 0; }
  void pop_back() { --size_; }
  void push_back(std::uint64_t limb) {
    resize(size_ + 1);
    back() = limb;
  }
  /// New limbs are 0.
  void resize(std::size_t size);

  friend bool operator==(const Limbs& a, const Limbs& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

private:
  static constexpr std::size_t local_capacity = 8;

  // Not inline: numbers are copied in so many places that it would double the size of the code.
  void reserve(std::size_t size);
  void assign(const Limbs& other);
  void take(Limbs& other) noexcept;

  std::size_t size_ = 0;
  std::size_t capacity_ = local_capacity;
  std::unique_ptr<std::uint64_t[]> heap_;
  std::array<std::uint64_t, local_capacity> local_; ///< in use while there is nothing on the heap
};

} // namespace aceso
