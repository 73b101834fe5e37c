#pragma once
/// Values across the border. Internal to runtime/api.

#include "api/handles.h"

namespace aceso::api {

[[nodiscard]] std::int32_t to_c(TypeKind kind);
[[nodiscard]] inline aceso_value nothing() { return aceso_unknown(ACESO_NOT_ASKED); }
/// A number in a unit.
[[nodiscard]] aceso_value to_c(Rational number, const std::string& unit);
/// Lists and everything else that has no fields of its own are written as JSON into `scratch`, or are unknown where
/// that is null.
[[nodiscard]] aceso_value to_c(const Dictionary& dictionary, TypeId type, const Value& value, OwnedText* scratch);

/// The value of a fact, by the rules of case files. Fails with their faults.
[[nodiscard]] Value read_fact(const Dictionary& dictionary, InputId input, const aceso_value& value);

} // namespace aceso::api
