#pragma once
/// Reads one JSON value as the value of an input. Internal to runtime/module.

#include <initializer_list>
#include <optional>
#include <string_view>

#include "module/case_faults.h"
#include "module/dictionary.h"
#include "module/json_tree.h"

namespace aceso {

/// What is being read: names for the messages, and the zone for dates without an offset.
struct ReadContext {
  const Dictionary& dictionary;
  FaultList& faults;
  Zone zone; ///< of the case
};

/// Which input, of which type (for the entries of a list: the input, and the type of an entry).
struct ValueTarget {
  const InputInfo& input;
  TypeId type;
};

/// The value in the unit of its type, or nothing after at least one fault was added.
[[nodiscard]] std::optional<Value> read_value(const ReadContext& context, const ValueTarget& target,
                                              const JsonNode& node, const JsonPath& path);

/// Numbers, quantities and durations: see read_value.
[[nodiscard]] std::optional<Value> read_quantity(const ReadContext& context, const ValueTarget& target,
                                                 const JsonNode& node, const JsonPath& path);

/// Adds a fault for every member whose name is not among `allowed`.
void refuse_other_members(FaultList& faults, const JsonNode& object, const JsonPath& path,
                          std::initializer_list<std::string_view> allowed);

} // namespace aceso
