#pragma once
/// The layout of a module's sections, described once for reading and for writing (docs/bytecode.md). Little-endian,
/// fixed widths. Internal to runtime/module.

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "module/module.h"

namespace aceso {

/// Appends fields to bytes.
class ArchiveWriter {
public:
  static constexpr bool is_reading = false;

  template <std::unsigned_integral T>
  void number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bytes_.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  }
  void signed_number(std::int64_t value) { number(static_cast<std::uint64_t>(value)); }
  void text(const std::string& value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
  }
  template <class T, class Each>
  void list(std::vector<T>& items, Each each) {
    number(static_cast<std::uint32_t>(items.size()));
    for (T& item : items)
      each(item);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
  std::string bytes_;
};

/// Reads the same fields. After the first field that is not there or not allowed everything reads as empty, and
/// `fault()` tells what was wrong.
class ArchiveReader {
public:
  static constexpr bool is_reading = true;
  explicit ArchiveReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  void number(T& value) {
    value = 0;
    if (!have(sizeof(T))) return;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    } else {
      for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes_[at_ + i])) << (8 * i));
    }
    at_ += sizeof(T);
  }
  void signed_number(std::int64_t& value) {
    std::uint64_t bits = 0;
    number(bits);
    value = static_cast<std::int64_t>(bits);
  }
  void text(std::string& value);
  /// There is never room for more items than what is left to read could fill, so a count without items behind it costs
  /// nothing.
  template <class T, class Each>
  void list(std::vector<T>& items, Each each) {
    std::uint32_t count = 0;
    number(count);
    items.clear();
    for (std::size_t i = 0; i < count && ok(); ++i) {
      if (i == items.size()) items.resize(std::min<std::size_t>(count, i + 1 + (bytes_.size() - at_) / sizeof(T)));
      each(items[i]);
    }
  }
  void refuse(std::string_view what);
  [[nodiscard]] bool ok() const { return fault_.empty(); }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  [[nodiscard]] const std::string& fault() const { return fault_; }

private:
  /// Nothing is left after a fault, so one comparison tells both.
  [[nodiscard]] bool have(std::size_t count) {
    if (bytes_.size() - at_ >= count) return true;
    refuse("it ends in the middle of a field");
    return false;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string fault_;
};

/// The content of one section, by name. Each is a function over an archive of either direction.
template <class Archive>
void archive_names(Archive& archive, Module& module);
template <class Archive>
void archive_tables(Archive& archive, Module& module);
template <class Archive>
void archive_constants(Archive& archive, Module& module);
template <class Archive>
void archive_code(Archive& archive, Module& module);
template <class Archive>
void archive_explanation(Archive& archive, Module& module);
/// What the search for explanations goes by.
template <class Archive>
void archive_search(Archive& archive, Module& module);
template <class Archive>
void archive_source_map(Archive& archive, Module& module);
template <class Archive>
void archive_citations(Archive& archive, Module& module);

} // namespace aceso
