#pragma once
/// Units and steps of an input: the same for the checker, which reads them in a guideline, and for case files.
/// Pure; safe to call from several threads.

#include <optional>
#include <string>
#include <string_view>

#include "module/dictionary.h"
#include "values/units.h"

namespace aceso {

/// How a number in the unit `from` becomes one in `to`: by UCUM, or between mass and substance by the molar mass of
/// the input where it has one. An equivalent is a mole where the input accepts one beside the other. Nothing where
/// there is no exact way. Months and years are averages here.
[[nodiscard]] std::optional<units::Conversion> conversion_for(const InputInfo& input, std::string_view from,
                                                              std::string_view to);

/// A value in one unit, in the other; nothing where `conversion_for` has nothing.
[[nodiscard]] std::optional<Rational> converted(const InputInfo& input, std::string_view from, std::string_view to,
                                                Rational value);

/// Whether `value`, in the unit of `type`, lies on the steps of the input: those of its type, counted from the lowest
/// value, or those of an accepted unit that has a step of its own, counted from 0 of that unit.
[[nodiscard]] bool lies_on_steps(const InputInfo& input, const TypeInfo& type, Rational value);

/// A value of the input for a reader: `to_text`, and where that has no finite decimal ("93750/707 umol/L") in a unit
/// that the input accepts and in which it has one ("1.5 mg/dL").
[[nodiscard]] std::string fact_text(const Dictionary& dictionary, InputId input, const Value& value);

} // namespace aceso
