#include "values/series.h"

#include <algorithm>

namespace aceso {
namespace {

constexpr std::int64_t seconds_a_day = 86'400;

bool is_below(const Value& a, const Value& b) {
  return a.is<Choice>() ? a.as<Choice>() < b.as<Choice>() : a.as<Rational>() < b.as<Rational>();
}

bool by_value(const Measurement& a, const Measurement& b) { return is_below(a.second, b.second); }

Value number(std::optional<Rational> value) { return value ? Value(*value) : Value(UnknownReason::invalid); }

Value mean(const std::vector<Measurement>& known) {
  std::optional<Rational> total = Rational(0);
  for (const Measurement& m : known)
    if (total) total = Rational::add(*total, m.second.as<Rational>());
  return number(total ? Rational::divide(*total, Rational(static_cast<std::int64_t>(known.size()))) : total);
}

/// Times in seconds after the first measurement, and n t - sum of t for each; at most 3.2e11 seconds and 1e6
/// measurements, so that all of it fits.
struct Times {
  std::vector<std::int64_t> after, weight;
};
Times times_of(const std::vector<Measurement>& known) {
  Times times;
  std::int64_t sum = 0;
  for (const Measurement& m : known) {
    times.after.push_back(m.first.seconds - known.front().first.seconds);
    sum += times.after.back();
  }
  for (const std::int64_t t : times.after)
    times.weight.push_back(static_cast<std::int64_t>(known.size()) * t - sum);
  return times;
}

Value short_trend(const std::vector<Measurement>& known) {
  const Times times = times_of(known);
  std::optional<Rational> above = Rational(0), below = Rational(0);
  for (std::size_t i = 0; i < known.size() && above && below; ++i) {
    const auto y = Rational::multiply(times.weight[i], known[i].second.as<Rational>());
    const auto t = Rational::multiply(times.weight[i], times.after[i]);
    above = y ? Rational::add(*above, *y) : y;
    below = t ? Rational::add(*below, *t) : t;
  }
  const auto slope = above && below ? Rational::divide(*above, *below) : std::nullopt;
  return number(slope ? Rational::multiply(*slope, seconds_a_day) : slope);
}

} // namespace

std::vector<Measurement> known_measurements(const std::vector<Measurement>& all, std::optional<Instant> from) {
  std::vector<Measurement> known;
  for (const Measurement& m : all)
    if (!m.second.is<Unknown>() && (!from || m.first >= *from)) known.push_back(m);
  return known;
}

bool has_trend(const std::vector<Measurement>& known) {
  return !known.empty() && known.front().first != known.back().first;
}

Value series_value(SeriesFunction function, const std::vector<Measurement>& all, std::optional<Instant> from) {
  const std::vector<Measurement> known = known_measurements(all, from);
  if (function == SeriesFunction::count) return Rational(static_cast<std::int64_t>(known.size()));
  if (known.empty()) {
    if (all.empty()) return UnknownReason::not_asked;
    return !all.back().second.is<Unknown>() ? UnknownReason::stale : all.back().second.reason();
  }
  const Value &first = known.front().second, &last = known.back().second;
  switch (function) {
  case SeriesFunction::latest: return last;
  case SeriesFunction::first: return first;
  case SeriesFunction::highest: return std::max_element(known.begin(), known.end(), by_value)->second;
  case SeriesFunction::lowest: return std::min_element(known.begin(), known.end(), by_value)->second;
  case SeriesFunction::mean: return mean(known);
  case SeriesFunction::change:
    if (known.size() < 2) return UnknownReason::not_done; // one measurement shows no change
    return number(Rational::subtract(last.as<Rational>(), first.as<Rational>()));
  case SeriesFunction::trend: return has_trend(known) ? short_trend(known) : Value(UnknownReason::not_done);
  case SeriesFunction::rising:
  case SeriesFunction::falling:
    if (all.back().second.is<Unknown>()) return all.back().second.reason();
    if (known.size() < 2) return UnknownReason::not_done;
    return function == SeriesFunction::rising ? is_below(first, last) : is_below(last, first);
  case SeriesFunction::count: break;
  }
  return UnknownReason::invalid;
}

std::uint32_t append_trend(const std::vector<Measurement>& known, std::vector<RealNode>& program,
                           std::vector<Rational>& leaves) {
  const auto push = [&](RealOp op, std::uint32_t a, std::uint32_t b) {
    program.push_back({op, a, b});
    return static_cast<std::uint32_t>(program.size() - 1);
  };
  const auto leaf = [&](Rational value) {
    leaves.push_back(value);
    return push(RealOp::leaf, static_cast<std::uint32_t>(leaves.size() - 1), 0);
  };
  const Times times = times_of(known);
  std::uint32_t above = leaf(0), below = leaf(0);
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::uint32_t weight = leaf(times.weight[i]);
    above = push(RealOp::add, above, push(RealOp::multiply, weight, leaf(known[i].second.as<Rational>())));
    below = push(RealOp::add, below, push(RealOp::multiply, weight, leaf(times.after[i])));
  }
  return push(RealOp::multiply, push(RealOp::divide, above, below), leaf(seconds_a_day));
}

} // namespace aceso
