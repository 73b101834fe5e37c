#pragma once
/// What is asked of repeated measurements. Pure functions, safe to call from several threads; every engine calls these.
/// Statements are in order of time. A statement whose value is unknown says that something was not measured or not
/// found out; which of the functions pass over it is told below.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "values/real.h"
#include "values/value.h"

namespace aceso {

enum class SeriesFunction : std::uint8_t {
  latest,
  first,
  highest, ///< of numbers and scales, like the next
  lowest,
  mean, ///< of numbers, like the next two
  count,
  change,
  trend,  ///< the slope of the least-squares line, for each day of 86,400 seconds
  rising, ///< of numbers and scales: the last known value is above the first known one
  falling
};

using Measurement = std::pair<Instant, Value>;

/// Of the statements in `all`, those from the instant `from` on (all without one). Unknown ones are passed over,
/// except: where the last statement is unknown, `rising` and `falling` are unknown for its reason, because nobody knows
/// how it stands. Without a known value: not_asked where `all` is empty, stale where the last statement is known, or
/// else the reason of the last. With too few known ones (`change`, `rising`, `falling`: two; `trend`: two at different
/// times): not_done. Numbers that do not fit 64 bits: invalid; of `trend`, append_trend has them all the same.
[[nodiscard]] Value series_value(SeriesFunction function, const std::vector<Measurement>& all,
                                 std::optional<Instant> from);

/// Whether there are measurements at two different times, so that a line can be drawn.
[[nodiscard]] bool has_trend(const std::vector<Measurement>& known);
/// The known ones from `from` on.
[[nodiscard]] std::vector<Measurement> known_measurements(const std::vector<Measurement>& all,
                                                          std::optional<Instant> from);
/// The slope as a real expression, for `round_real`: sum of w y over sum of w t, where w = n t - sum of t (ordinary
/// least squares: A.-M. Legendre, Nouvelles methodes pour la determination des orbites des cometes, 1805, appendix).
/// `known` must have a trend; at most 1,000,000 measurements. Gives the position of the slope in the program.
std::uint32_t append_trend(const std::vector<Measurement>& known, std::vector<RealNode>& program,
                           std::vector<Rational>& leaves);

} // namespace aceso
