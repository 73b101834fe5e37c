#pragma once
/// The operations of value_operations.def. Internal to runtime/interpret.

#include <span>

#include "module/module.h"

namespace aceso::interpret {

/// Writes the value of the operation into `result`, of which a list keeps its memory. `result` is none of the operands.
/// Total: an operand of the wrong kind gives unknown (invalid). Civil time is that of `zone`.
void apply(const Dictionary& dictionary, const Zone& zone, bytecode::ValueOperation operation,
           const Parameters& parameters, std::span<const Value* const> operands, Value& result);

/// The first in the order of UnknownReason among the unknown operands; nothing where all are known.
[[nodiscard]] std::optional<UnknownReason> unknown_among(std::span<const Value* const> operands);

/// Whether the first is below the second (or the same); nothing where they have no order.
[[nodiscard]] std::optional<bool> is_less(const Value& a, const Value& b, bool or_equal);

/// Makes `result` a list of `size` elements and gives it, without giving its memory back.
[[nodiscard]] ValueList& make_list(Value& result, std::size_t size);

} // namespace aceso::interpret
