#pragma once
/// The operations of value_operations.def. Internal to runtime/interpret.

#include <span>

#include "module/module.h"

namespace aceso::interpret {

/// Writes the value of the operation into `result`, which keeps its memory. `result` is none of the operands. Total: an
/// operand of the wrong kind gives unknown (invalid).
void apply(const Dictionary& dictionary, bytecode::ValueOperation operation, const Parameters& parameters,
           std::span<const Value* const> operands, Value& result);

/// Whether the first is below the second (or the same); nothing where they have no order.
[[nodiscard]] std::optional<bool> is_less(const Value& a, const Value& b, bool or_equal);

/// Makes `result` a list of `size` elements and gives it, without giving its memory back.
[[nodiscard]] ValueList& make_list(Value& result, std::size_t size);

} // namespace aceso::interpret
