#pragma once
/// The closed set of faults of a case file and the list that gathers them.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "module/json_tree.h"
#include "module/patient_case.h"

namespace aceso {

enum class CaseFaultKind : std::uint8_t {
#define CASE_FAULT(id, name, message) name,
#include "module/case_faults.def"
#undef CASE_FAULT
};

/// Gathers faults in any order and gives them back in the order of the file. Not thread-safe.
class FaultList {
public:
  explicit FaultList(std::size_t limit) : limit_(limit) {}

  /// `order` is the JsonNode::order of what is at fault; `arguments` fill the "{}" of the message in turn.
  void add(CaseFaultKind kind, std::uint32_t order, std::string path,
           std::initializer_list<std::string_view> arguments);
  void add(CaseFaultKind kind, const JsonNode& node, const JsonPath& path,
           std::initializer_list<std::string_view> arguments);
  [[nodiscard]] std::size_t size() const { return faults_.size(); }
  /// No further fault will be kept; callers may stop looking.
  [[nodiscard]] bool is_full() const { return faults_.size() > limit_; }
  [[nodiscard]] std::vector<CaseFault> take();

private:
  struct Entry {
    std::uint32_t order;
    CaseFault fault;
  };
  std::size_t limit_;
  std::vector<Entry> faults_;
};

/// The text in quotes, escaped and cut to a length that fits a message.
[[nodiscard]] std::string quoted(std::string_view text);
/// "; did you mean \"fever\"?" for the nearest candidate within two edits, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);
/// "a, b, c", cut after a dozen.
[[nodiscard]] std::string listed(const std::vector<std::string_view>& names);

} // namespace aceso
