#pragma once
/// Values in the JSON of cases and decisions.

#include "module/dictionary.h"
#include "module/json_writer.h"

namespace aceso {

/// The JSON value: true, "L4", {"value": 38.6, "unit": "Cel"}, 5, "2026-11-22", an array, or {"unknown": "refused"}.
/// A number without a finite decimal is the string of its fraction ("1/3"). Instants are written in `zone`; a partial
/// date as it was stated ("2026-11"), an interval as {"from", "to"}.
void write_value(JsonWriter& writer, const Dictionary& dictionary, TypeId type, const Value& value, const Zone& zone);

/// The exact decimal as a JSON number, or the fraction as a string.
void write_number(JsonWriter& writer, Rational number);

} // namespace aceso
