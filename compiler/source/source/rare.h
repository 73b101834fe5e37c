#pragma once
/// Room for what few of many have.

#include <memory>

namespace aceso {

/// A value that most do not have: one word where it is the default. Copies are copies of the value.
template <class T>
class Rare {
public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] const T* operator->() const {
    static const T usual{};
    return value_ ? value_.get() : &usual;
  }
  [[nodiscard]] const T& operator*() const { return *operator->(); }
  [[nodiscard]] T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

private:
  std::unique_ptr<T> value_;
};

} // namespace aceso
