#include "batch/builder.h"

#include <algorithm>
#include <array>

namespace aceso::batch {
namespace {

class Hash {
public:
  Hash& add(std::uint64_t part) {
    value_ = (value_ ^ part) * 0x9e3779b97f4a7c15u;
    value_ ^= value_ >> 32;
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

bool is_of_literals(PlaneOp op) {
  return op == PlaneOp::conjunction || op == PlaneOp::exclusive_or || op == PlaneOp::choose;
}
bool is_of_numbers(PlaneOp op) { return op == PlaneOp::numbers_equal || op == PlaneOp::numbers_below; }
bool is_of_array(PlaneOp op) { return op == PlaneOp::plane || op == PlaneOp::equal_to || op == PlaneOp::below; }

} // namespace

Builder::Builder() { program_.planes.emplace_back(); }

namespace {

/// Where it stands in the list: each once. `places` has those that are there already.
template <class T>
std::uint32_t placed(const T& what, std::vector<T>& all, std::map<T, std::uint32_t>& places) {
  const auto [place, is_new] = places.try_emplace(what, static_cast<std::uint32_t>(all.size()));
  if (is_new) all.push_back(what);
  return place->second;
}

} // namespace

std::uint32_t Builder::array(Array array) { return placed(array, program_.arrays, array_places_); }

std::uint32_t Builder::lane(Lane lane) { return placed(lane, program_.lanes, lane_places_); }

std::uint32_t Builder::plane_node(PlaneNode node, std::span<const Literal> literals) {
  node.count = static_cast<std::uint32_t>(literals.size());
  Hash hash;
  hash.add(static_cast<std::uint64_t>(node.op)).add(node.constant).add(node.second);
  if (literals.empty()) hash.add(node.first);
  for (const Literal each : literals)
    hash.add(each.code);
  const auto [begin, end] = plane_places_.equal_range(hash.value());
  for (auto at = begin; at != end; ++at) {
    const PlaneNode& other = program_.planes[at->second];
    if (other.op != node.op || other.constant != node.constant || other.second != node.second ||
        other.count != node.count || (literals.empty() && other.first != node.first))
      continue;
    bool is_same = true;
    for (std::uint32_t i = 0; i < node.count; ++i)
      is_same &= program_.operand(other, i) == literals[i];
    if (is_same) return at->second;
  }
  if (!literals.empty()) {
    node.first = static_cast<std::uint32_t>(program_.operands.size());
    for (const Literal each : literals)
      program_.operands.push_back(each.code);
  }
  const auto place = static_cast<std::uint32_t>(program_.planes.size());
  program_.planes.push_back(node);
  plane_places_.emplace(hash.value(), place);
  return place;
}

Literal Builder::plane(Array of) { return Literal::of(plane_node({PlaneOp::plane, array(of)}, {})); }

Literal Builder::equal_to(Array of, Int128 constant, std::uint64_t most_raw) {
  if (constant < 0 || constant > Int128{most_raw}) return never;
  if (most_raw == 0) return always;
  return Literal::of(plane_node({PlaneOp::equal_to, array(of), 0, 0, static_cast<std::uint64_t>(constant)}, {}));
}

Literal Builder::below(Array of, Int128 constant, std::uint64_t most_raw) {
  if (constant <= 0) return never;
  if (constant > Int128{most_raw}) return always;
  if (constant == 1) return equal_to(of, 0, most_raw);
  if (constant == Int128{most_raw}) return !equal_to(of, constant, most_raw);
  return Literal::of(plane_node({PlaneOp::below, array(of), 0, 0, static_cast<std::uint64_t>(constant)}, {}));
}

Literal Builder::all_of(std::vector<Literal> literals) {
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  std::erase(literals, always);
  for (std::size_t i = 0; i < literals.size(); ++i)
    if (literals[i] == never || (i > 0 && literals[i] == !literals[i - 1])) return never;
  // What stands inside a conjunction among the literals needs not be said again; its complement makes it impossible.
  const auto has = [&](Literal wanted) { return std::binary_search(literals.begin(), literals.end(), wanted); };
  std::vector<Literal> kept;
  for (const Literal each : literals) {
    const PlaneNode& node = program_.planes[each.node()];
    if (node.op != PlaneOp::conjunction) {
      kept.push_back(each);
      continue;
    }
    bool is_implied = false; // of an inverted conjunction: one part is known to be 0
    std::vector<Literal> rest;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const Literal part = program_.operand(node, i);
      if (has(!part)) is_implied = true;
      if (!has(part)) rest.push_back(part);
    }
    if (!each.is_inverted()) {
      if (is_implied) return never;
      kept.push_back(each);
    } else if (!is_implied) {
      if (rest.empty()) return never;
      // not (a and b), beside a, is not b
      kept.push_back(rest.size() == 1 ? !rest.front() : each);
    }
  }
  if (kept != literals) return all_of(std::move(kept));
  if (literals.empty()) return always;
  if (literals.size() == 1) return literals.front();
  return Literal::of(plane_node({PlaneOp::conjunction}, literals));
}

Literal Builder::any_of(std::vector<Literal> literals) {
  for (Literal& each : literals)
    each = !each;
  return !all_of(std::move(literals));
}

Literal Builder::exclusive_or(Literal a, Literal b) {
  const bool inverted = a.is_inverted() != b.is_inverted();
  a = Literal::of(a.node()), b = Literal::of(b.node());
  const auto result = [&](Literal plain) { return inverted ? !plain : plain; };
  if (a == b) return result(never);
  if (a == never) return result(b);
  if (b == never) return result(a);
  const std::array<Literal, 2> both = {std::min(a, b), std::max(a, b)};
  return result(Literal::of(plane_node({PlaneOp::exclusive_or}, both)));
}

Literal Builder::choose(Literal condition, Literal a, Literal b) {
  if (condition == always || a == b) return a;
  if (condition == never) return b;
  if (condition.is_inverted()) return choose(!condition, b, a);
  if (a == always || a == condition) return either(condition, b);
  if (a == never || a == !condition) return both(!condition, b);
  if (b == never || b == condition) return both(condition, a);
  if (b == always || b == !condition) return either(!condition, a);
  if (a == !b) return exclusive_or(condition, b);
  if (a.is_inverted()) return !choose(condition, !a, !b);
  const std::array<Literal, 3> all = {condition, a, b};
  return Literal::of(plane_node({PlaneOp::choose}, all));
}

void Builder::same_width(std::uint32_t& a, std::uint32_t& b) {
  const std::uint8_t width = std::max(program_.numbers[a].width, program_.numbers[b].width);
  a = widen(a, width), b = widen(b, width);
}

Literal Builder::numbers_equal(std::uint32_t a, std::uint32_t b) {
  same_width(a, b);
  if (a == b) return always;
  return Literal::of(plane_node({PlaneOp::numbers_equal, std::min(a, b), 0, std::max(a, b)}, {}));
}

Literal Builder::numbers_below(std::uint32_t a, std::uint32_t b) {
  same_width(a, b);
  if (a == b) return never;
  return Literal::of(plane_node({PlaneOp::numbers_below, a, 0, b}, {}));
}

std::uint32_t Builder::widen(std::uint32_t node, std::uint8_t width) {
  const NumberNode& from = program_.numbers[node];
  if (from.width >= width) return node;
  if (from.op == NumberOp::constant || from.op == NumberOp::array) {
    NumberNode wide = from;
    wide.width = width;
    return number(wide);
  }
  return number({NumberOp::widen, width, {}, node});
}

std::uint32_t Builder::number(NumberNode node) {
  switch (node.op) {
  case NumberOp::constant:
  case NumberOp::array:
  case NumberOp::widen: break;
  case NumberOp::round: node.first = widen(node.first, node.width); break;
  case NumberOp::choose:
    if (node.condition == always || node.first == node.second) return widen(node.first, node.width);
    if (node.condition == never) return widen(node.second, node.width);
    [[fallthrough]];
  default: node.first = widen(node.first, node.width), node.second = widen(node.second, node.width);
  }
  Hash hash;
  hash.add(static_cast<std::uint64_t>(node.op)).add(node.width).add(static_cast<std::uint64_t>(node.mode));
  hash.add(node.first).add(node.second).add(node.condition.code);
  hash.add(static_cast<std::uint64_t>(node.constant)).add(static_cast<std::uint64_t>(node.divisor));
  const auto [begin, end] = number_places_.equal_range(hash.value());
  for (auto at = begin; at != end; ++at) {
    const NumberNode& other = program_.numbers[at->second];
    if (other.op == node.op && other.width == node.width && other.mode == node.mode && other.first == node.first &&
        other.second == node.second && other.condition == node.condition && other.constant == node.constant &&
        other.divisor == node.divisor)
      return at->second;
  }
  const auto place = static_cast<std::uint32_t>(program_.numbers.size());
  program_.numbers.push_back(node);
  number_places_.emplace(hash.value(), place);
  return place;
}

namespace {

/// Takes away the nodes that nothing needs. Planes and numbers may need each other, and stand in two lists: which come
/// first is settled by where their operands stand.
class Cleaner {
public:
  explicit Cleaner(const Program& from) : from_(from), planes_(from.planes.size()), numbers_(from.numbers.size()) {}

  Program clean(const std::vector<Literal>& out_planes, const std::vector<std::uint32_t>& out_numbers) {
    for (const Literal each : out_planes)
      need_plane(each.node());
    for (const std::uint32_t each : out_numbers)
      need_number(each);
    while (!pending_.empty()) {
      const auto [is_plane, node] = pending_.back();
      pending_.pop_back();
      visit_operands(
          is_plane, node, [&](std::uint32_t plane) { need_plane(plane); },
          [&](std::uint32_t number) { need_number(number); });
    }
    Program result;
    result.planes.emplace_back();
    planes_[0].place = 0;
    for (std::size_t i = 1; i < planes_.size(); ++i)
      if (planes_[i].is_needed) keep_plane(result, i);
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      if (numbers_[i].is_needed) keep_number(result, i);
    for (PlaneNode& node : result.planes)
      if (is_of_numbers(node.op)) node.first = numbers_[node.first].place, node.second = numbers_[node.second].place;
    for (const Literal each : out_planes)
      result.out_planes.push_back(moved(each));
    for (const std::uint32_t each : out_numbers)
      result.out_numbers.push_back(numbers_[each].place);
    return result;
  }

private:
  struct Kept {
    bool is_needed = false;
    std::uint32_t place = 0;
  };
  void need_plane(std::uint32_t node) { need(planes_[node], true, node); }
  void need_number(std::uint32_t node) { need(numbers_[node], false, node); }
  void need(Kept& kept, bool is_plane, std::uint32_t node) {
    if (!kept.is_needed) pending_.emplace_back(is_plane, node);
    kept.is_needed = true;
  }
  template <class Plane, class Number>
  void visit_operands(bool is_plane, std::uint32_t at, Plane plane, Number number) const {
    if (is_plane) {
      const PlaneNode& node = from_.planes[at];
      if (is_of_literals(node.op))
        for (std::uint32_t i = 0; i < node.count; ++i)
          plane(from_.operand(node, i).node());
      if (is_of_numbers(node.op)) number(node.first), number(node.second);
      return;
    }
    const NumberNode& node = from_.numbers[at];
    if (node.op == NumberOp::constant || node.op == NumberOp::array) return;
    number(node.first);
    if (node.op != NumberOp::widen && node.op != NumberOp::round) number(node.second);
    if (node.op == NumberOp::choose) plane(node.condition.node());
  }
  [[nodiscard]] Literal moved(Literal each) const {
    return Literal::of(planes_[each.node()].place, each.is_inverted());
  }
  std::uint32_t keep_array(Program& result, std::uint32_t at) {
    Array array = from_.arrays[at];
    if (array.kind == Array::Kind::lane_state || array.kind == Array::Kind::lane_number) {
      const Lane lane = from_.lanes[array.index];
      array.index = placed(lane, result.lanes, lanes_);
    }
    return placed(array, result.arrays, arrays_);
  }
  void keep_plane(Program& result, std::size_t at) {
    PlaneNode node = from_.planes[at];
    if (is_of_array(node.op)) node.first = keep_array(result, node.first);
    if (is_of_literals(node.op)) {
      const auto first = static_cast<std::uint32_t>(result.operands.size());
      for (std::uint32_t i = 0; i < node.count; ++i)
        result.operands.push_back(moved(from_.operand(node, i)).code);
      node.first = first;
    }
    planes_[at].place = static_cast<std::uint32_t>(result.planes.size());
    result.planes.push_back(node);
  }
  void keep_number(Program& result, std::size_t at) {
    NumberNode node = from_.numbers[at];
    if (node.op == NumberOp::array) {
      node.first = keep_array(result, node.first);
    } else if (node.op != NumberOp::constant) {
      node.first = numbers_[node.first].place;
      if (node.op != NumberOp::widen && node.op != NumberOp::round) node.second = numbers_[node.second].place;
      if (node.op == NumberOp::choose) node.condition = moved(node.condition);
    }
    numbers_[at].place = static_cast<std::uint32_t>(result.numbers.size());
    result.numbers.push_back(node);
  }

  const Program& from_;
  std::map<Array, std::uint32_t> arrays_;
  std::map<Lane, std::uint32_t> lanes_;
  std::vector<Kept> planes_, numbers_;
  std::vector<std::pair<bool, std::uint32_t>> pending_;
};

} // namespace

Program Builder::finish(const std::vector<Literal>& out_planes, const std::vector<std::uint32_t>& out_numbers) {
  return Cleaner(program_).clean(out_planes, out_numbers);
}

} // namespace aceso::batch
