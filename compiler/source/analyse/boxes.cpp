#include "analyse/boxes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>

#include "graph/in_parallel.h"

namespace aceso::analyse {

using graph::Node;
using graph::Op;
using Lane = FlatBoxes::Lane;

namespace {

constexpr std::size_t most_inputs = 64;
constexpr std::size_t lanes_at_once = FlatBoxes::lanes_at_once;
/// Fewer rows are not worth a thread.
constexpr std::size_t rows_at_once = 512;
constexpr std::int64_t most_places = std::numeric_limits<Lane>::max() - 1;

/// How many steps lie between the smallest value and this one, rounded down and up.
struct Steps {
  std::int64_t down, up;
};
std::optional<Steps> steps_to(const TypeInfo& type, const Rational& value) {
  const auto distance = Rational::subtract(value, *type.minimum);
  const auto steps = distance ? Rational::divide(*distance, *type.step) : std::nullopt;
  if (!steps) return std::nullopt;
  if (steps->denominator() == 1) return Steps{steps->numerator(), steps->numerator()};
  const auto down = Rational::round(*steps, Rational(1), RoundingMode::down);
  const auto up = Rational::round(*steps, Rational(1), RoundingMode::up);
  if (!down || !up) return std::nullopt;
  return Steps{down->numerator(), up->numerator()};
}

} // namespace

bool is_empty(const Box& box) {
  return std::any_of(box.begin(), box.end(), [](const Places& p) { return p.low > p.high; });
}

bool meet(const Box& a, const Box& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].low > b[i].high || b[i].low > a[i].high) return false;
  return true;
}

bool contains(const Box& outer, const Box& inner) {
  for (std::size_t i = 0; i < outer.size(); ++i)
    if (inner[i].low < outer[i].low || inner[i].high > outer[i].high) return false;
  return true;
}

Places common(const Places& a, const Places& b) { return {std::max(a.low, b.low), std::min(a.high, b.high)}; }

Box common(const Box& a, const Box& b) {
  Box box = a;
  for (std::size_t i = 0; i < a.size(); ++i)
    box[i] = common(a[i], b[i]);
  return box;
}

// ---------------------------------------------------------------------------------------------------------------------
// From the graph

std::optional<BoxTable> BoxTable::from(const graph::Graph& graph, NodeId table) {
  BoxTable result(graph);
  const Node& node = graph[table];
  for (std::size_t i = 0; i < node.operands.size(); i += 2)
    if (!result.add_inputs(node.operands[i])) return std::nullopt;
  result.rows_.resize(node.operands.size() / 2);
  std::atomic<bool> are_boxes = true;
  in_parallel(result.rows_.size(), rows_at_once, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end && are_boxes; ++row) {
      auto box = result.box_of(node.operands[2 * row]);
      if (box)
        result.rows_[row] = std::move(*box);
      else
        are_boxes = false;
    }
  });
  if (!are_boxes) return std::nullopt;
  result.flat_ = FlatBoxes(result.inputs_.size());
  for (const Box& row : result.rows_)
    result.flat_.add(row);
  return result;
}

bool BoxTable::add_inputs(NodeId condition) {
  const Node& node = (*graph_)[condition];
  if (node.op != Op::input)
    return std::all_of(node.operands.begin(), node.operands.end(), [&](NodeId id) { return add_inputs(id); });
  if (position(condition)) return true;
  const InputInfo& info = graph_->dictionary[InputId(node.reference)];
  const TypeInfo& type = graph_->dictionary[info.type];
  Places all;
  if (type.kind == TypeKind::yes_no) {
    all.high = 1;
  } else if (type.kind == TypeKind::choice || type.kind == TypeKind::scale) {
    all.high = static_cast<std::int64_t>(type.members.size()) - 1;
  } else if ((type.kind == TypeKind::number || type.kind == TypeKind::duration) && type.minimum && type.maximum &&
             type.step && *type.step > Rational(0)) {
    // Where another unit has steps of its own, values lie between the places as well.
    for (const AcceptedUnit& unit : info.accepted_units)
      if (unit.step) return false;
    const auto last = steps_to(type, *type.maximum);
    if (!last || last->down > most_places) return false;
    all.high = last->down;
  } else {
    return false;
  }
  inputs_.emplace_back(node.reference);
  whole_.push_back(all);
  return inputs_.size() <= most_inputs;
}

std::optional<std::size_t> BoxTable::position(NodeId id) const {
  const Node& node = (*graph_)[id];
  if (node.op != Op::input) return std::nullopt;
  const auto found = std::find(inputs_.begin(), inputs_.end(), InputId(node.reference));
  if (found == inputs_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - inputs_.begin());
}

std::optional<Box> BoxTable::box_of(NodeId condition) const {
  const Node& node = (*graph_)[condition];
  Box box = whole_;
  if (node.op == Op::constant) {
    if (!node.constant.is_known() || !node.constant.is<bool>()) return std::nullopt;
    if (node.constant.as<bool>()) return box;
    if (box.empty()) return std::nullopt; // nothing to be empty in
    box.front() = {1, 0};
    return box;
  }
  if (node.op == Op::input) {
    const auto at = position(condition);
    if (!at || graph_->type_of(condition).kind != TypeKind::yes_no) return std::nullopt;
    box[*at] = {1, 1};
    return box;
  }
  if (node.op == Op::logical_and) {
    return narrow(box, condition) ? std::optional(box) : std::nullopt;
  }
  if (node.op == Op::logical_not || node.op == Op::logical_or) {
    // A box again only where a single input is concerned, and what is left of it is in one piece.
    std::optional<std::size_t> which;
    std::vector<Places> pieces;
    for (const NodeId operand : node.operands) {
      const auto part = box_of(operand);
      if (!part || is_empty(*part)) return std::nullopt;
      for (std::size_t i = 0; i < box.size(); ++i) {
        if ((*part)[i].low == whole_[i].low && (*part)[i].high == whole_[i].high) continue;
        if (which && *which != i) return std::nullopt;
        which = i;
      }
      if (!which) return std::nullopt;
      pieces.push_back((*part)[*which]);
    }
    const Places all = whole_[*which];
    if (node.op == Op::logical_not) {
      const Places p = pieces.front();
      if (p.low != all.low && p.high != all.high) return std::nullopt;
      box[*which] = p.low == all.low ? Places{p.high + 1, all.high} : Places{all.low, p.low - 1};
      return box;
    }
    std::sort(pieces.begin(), pieces.end(), [](const Places& a, const Places& b) { return a.low < b.low; });
    Places together = pieces.front();
    for (const Places& next : pieces) {
      if (next.low > together.high + 1) return std::nullopt;
      together.high = std::max(together.high, next.high);
    }
    box[*which] = together;
    return box;
  }
  const auto side = side_of(node);
  if (!side) return std::nullopt;
  box[side->input] = side->places;
  return box;
}

bool BoxTable::narrow(Box& box, NodeId condition) const {
  const Node& node = (*graph_)[condition];
  if (node.op == Op::logical_and)
    return std::all_of(node.operands.begin(), node.operands.end(), [&](NodeId id) { return narrow(box, id); });
  if (const auto side = side_of(node)) {
    box[side->input] = common(box[side->input], side->places);
    return true;
  }
  const auto part = box_of(condition);
  if (part) box = common(box, *part);
  return part.has_value();
}

std::optional<BoxTable::Side> BoxTable::side_of(const Node& node) const {
  if (node.op != Op::equal && node.op != Op::less && node.op != Op::less_or_equal) return std::nullopt;
  const bool is_left = position(node.operands[0]).has_value();
  const NodeId subject = node.operands[is_left ? 0 : 1];
  const Node& limit = (*graph_)[node.operands[is_left ? 1 : 0]];
  const auto at = position(subject);
  if (!at || limit.op != Op::constant || !limit.constant.is_known()) return std::nullopt;
  const TypeInfo& type = graph_->dictionary[graph_->dictionary[inputs_[*at]].type];
  Places places = whole_[*at];
  if (!limit.constant.is<Rational>()) {
    const auto member = place(*at, limit.constant);
    if (!member) return std::nullopt;
    if (node.op == Op::equal)
      places = {*member, *member};
    else if (is_left)
      places.high = *member - (node.op == Op::less);
    else
      places.low = *member + (node.op == Op::less);
    return Side{*at, places};
  }
  if (!type.step) return std::nullopt;
  const auto& value = limit.constant.as<Rational>();
  const auto steps = steps_to(type, value);
  if (!steps) return std::nullopt;
  const std::int64_t below = steps->down, above = steps->up;
  // x <= v, x < v, v <= x, v < x: the last or first place that is meant.
  if (node.op == Op::equal)
    places = below == above && below >= places.low && below <= places.high ? Places{below, below} : Places{1, 0};
  else if (is_left)
    places.high = std::min(places.high, node.op == Op::less ? above - 1 : below);
  else
    places.low = std::max(places.low, node.op == Op::less ? below + 1 : above);
  return Side{*at, places};
}

Value BoxTable::value(std::size_t input, std::int64_t place) const {
  const TypeInfo& type = graph_->dictionary[graph_->dictionary[inputs_[input]].type];
  if (type.kind == TypeKind::yes_no) return place == 1;
  if (!type.step) return Choice{static_cast<std::uint32_t>(place)};
  const auto distance = Rational::multiply(*type.step, Rational(place));
  return Rational::add(*type.minimum, distance.value_or(0)).value_or(*type.minimum);
}

std::optional<std::int64_t> BoxTable::place(std::size_t input, const Value& value) const {
  if (value.is<bool>()) return value.as<bool>() ? 1 : 0;
  if (value.is<Choice>()) return static_cast<std::int64_t>(value.as<Choice>().index);
  if (!value.is<Rational>()) return std::nullopt;
  const TypeInfo& type = graph_->dictionary[graph_->dictionary[inputs_[input]].type];
  const auto steps = steps_to(type, value.as<Rational>());
  if (!steps || steps->down != steps->up) return std::nullopt;
  return steps->down;
}

// ---------------------------------------------------------------------------------------------------------------------
// What is not covered

namespace {

/// In how many lanes is `a` smaller: on how many sides does the box `a` reach beyond `b`?
std::int32_t sides_beyond(const Lane* a, const Lane* b, std::size_t width) {
  std::array<std::int32_t, lanes_at_once> beyond{};
  for (std::size_t i = 0; i < width; i += lanes_at_once)
    for (std::size_t k = 0; k < lanes_at_once; ++k)
      beyond[k] += a[i + k] < b[i + k] ? 1 : 0;
  return std::accumulate(beyond.begin(), beyond.end(), 0);
}

/// Adds 1 to each lane of `counts` in which `a` is smaller.
void count_smaller(const Lane* a, const Lane* b, std::size_t width, Lane* counts) {
  for (std::size_t i = 0; i < width; i += lanes_at_once) {
    std::array<Lane, lanes_at_once> sums{};
    for (std::size_t k = 0; k < lanes_at_once; ++k)
      sums[k] = counts[i + k] + (a[i + k] < b[i + k] ? 1 : 0);
    std::copy(sums.begin(), sums.end(), counts + i);
  }
}

/// Boxes that are looked at and boxes that are still open lie on stacks of their own, so that a step costs no memory.
class Search {
public:
  Search(const FlatBoxes& others, std::int64_t budget)
      : others_(others), width_(others.width()), budget_(budget), used_(others.count()), meeting_(width_) {}

  using Answer = Uncovered::Answer;
  Uncovered run(const Box& box, const std::vector<std::uint32_t>& among) {
    FlatBoxes alone(box.size());
    alone.add(box);
    boxes_.assign(alone.lanes(0), alone.lanes(0) + width_);
    // Where another one begins beyond an end of the box, they do not meet.
    std::vector<Lane> ends(width_);
    for (std::size_t lane = 0; lane < width_; ++lane)
      ends[lane] = -boxes_[lane ^ 1U];
    for (const std::uint32_t one : among)
      if (sides_beyond(ends.data(), others_.lanes(one), width_) == 0) open_.push_back(one);
    Uncovered result;
    result.answer = search(0, 0);
    if (result.answer == Answer::found)
      for (std::size_t i = 0; i < box.size(); ++i)
        result.point.push_back(boxes_[found_at_ + 2 * i]);
    for (std::size_t i = 0; i < among.size() && result.answer == Answer::covered; ++i)
      if (used_[among[i]]) result.used.push_back(i);
    return result;
  }

private:
  /// A part of the box that lies beyond one of the others, on the side of this lane.
  struct Way {
    std::int32_t meeting; ///< how many of the open ones meet it
    std::uint32_t lane;
  };

  [[nodiscard]] static bool meets(const Lane* a, const Lane* b, std::size_t lane) {
    return a[lane] <= -b[lane ^ 1U] && a[lane ^ 1U] <= -b[lane];
  }
  /// Of the box at `at`, that those from `first` on may cover.
  Answer search(std::size_t at, std::size_t first) {
    while (true) {
      budget_ -= static_cast<std::int64_t>(open_.size() - first) + 1;
      if (budget_ < 0) return Answer::gave_up;
      if (open_.size() == first) {
        found_at_ = at;
        return Answer::found;
      }
      std::uint32_t chosen = open_[first];
      auto fewest = static_cast<std::int32_t>(width_) + 1;
      for (std::size_t i = first; i < open_.size() && fewest > 1; ++i) {
        const std::int32_t sides = sides_beyond(&boxes_[at], others_.lanes(open_[i]), width_);
        if (sides >= fewest) continue;
        fewest = sides;
        chosen = open_[i];
      }
      used_[chosen] = true;
      if (fewest == 0) return Answer::covered;
      const Lane* other = others_.lanes(chosen);
      const std::size_t first_way = ways_.size();
      add_ways(at, first, other, fewest > 1);
      // Each part beyond the chosen one in turn, without those that were looked at; the last goes on here.
      for (std::size_t w = first_way; w + 1 < ways_.size(); ++w) {
        const std::uint32_t lane = ways_[w].lane;
        const std::size_t part = boxes_.size(), end = open_.size(), last_way = ways_.size();
        boxes_.resize(part + width_);
        std::copy_n(boxes_.begin() + static_cast<std::ptrdiff_t>(at), width_,
                    boxes_.begin() + static_cast<std::ptrdiff_t>(part));
        boxes_[part + (lane ^ 1U)] = 1 - other[lane];
        boxes_[at + lane] = other[lane];
        for (std::size_t i = first; i < end; ++i)
          if (meets(others_.lanes(open_[i]), &boxes_[part], lane)) open_.push_back(open_[i]);
        const Answer answer = search(part, end);
        if (answer != Answer::covered) return answer;
        boxes_.resize(part);
        ways_.resize(last_way);
        open_.resize(end);
        keep_those_that_meet(at, first, lane);
      }
      const std::uint32_t lane = ways_.back().lane;
      ways_.resize(first_way);
      boxes_[at + (lane ^ 1U)] = 1 - other[lane];
      keep_those_that_meet(at, first, lane);
    }
  }

  /// The sides on which the box reaches beyond `other`; first those that the fewest open ones meet.
  void add_ways(std::size_t at, std::size_t first, const Lane* other, bool is_order_of_use) {
    if (is_order_of_use) {
      std::fill(meeting_.begin(), meeting_.end(), 0);
      for (std::size_t i = first; i < open_.size(); ++i)
        count_smaller(others_.lanes(open_[i]), other, width_, meeting_.data());
    }
    const auto first_way = static_cast<std::ptrdiff_t>(ways_.size());
    for (std::uint32_t lane = 0; lane < width_; ++lane)
      if (boxes_[at + lane] < other[lane]) ways_.push_back({meeting_[lane], lane});
    if (is_order_of_use)
      std::stable_sort(ways_.begin() + first_way, ways_.end(),
                       [](const Way& a, const Way& b) { return a.meeting < b.meeting; });
  }

  void keep_those_that_meet(std::size_t at, std::size_t first, std::size_t lane) {
    open_.erase(std::remove_if(open_.begin() + static_cast<std::ptrdiff_t>(first), open_.end(),
                               [&](std::uint32_t one) { return !meets(others_.lanes(one), &boxes_[at], lane); }),
                open_.end());
  }

  const FlatBoxes& others_;
  std::size_t width_, found_at_ = 0;
  std::int64_t budget_;
  std::vector<bool> used_;
  std::vector<Lane> boxes_, meeting_;
  std::vector<std::uint32_t> open_;
  std::vector<Way> ways_;
};

} // namespace

void FlatBoxes::add(const Box& box) {
  for (const Places& places : box) {
    // What lies outside of every whole is empty, wherever it lies.
    lanes_.push_back(static_cast<Lane>(std::clamp(places.low, -most_places - 1, most_places + 1)));
    lanes_.push_back(static_cast<Lane>(std::clamp(-places.high, -most_places - 1, most_places + 1)));
  }
  lanes_.resize(++count_ * width_);
}

bool FlatBoxes::contains(std::size_t outer, std::size_t inner) const {
  return sides_beyond(lanes(inner), lanes(outer), width_) == 0;
}

Uncovered find_uncovered(const Box& box, const std::vector<const Box*>& others, std::int64_t budget) {
  FlatBoxes flat(box.size());
  std::vector<std::uint32_t> all(others.size());
  std::iota(all.begin(), all.end(), 0U);
  for (const Box* other : others)
    flat.add(*other);
  return find_uncovered(box, flat, all, budget);
}

Uncovered find_uncovered(const Box& box, const FlatBoxes& boxes, const std::vector<std::uint32_t>& others,
                         std::int64_t budget) {
  if (is_empty(box)) return {Uncovered::Answer::covered, {}, {}};
  if (box.empty()) { // no input is asked for: each of the others is for everybody
    if (others.empty()) return {Uncovered::Answer::found, {}, {}};
    return {Uncovered::Answer::covered, {}, {0}};
  }
  return Search(boxes, budget).run(box, others);
}

namespace {

using Words = std::vector<std::uint64_t>;
constexpr std::size_t bits = 64;

/// For one input: which rows start at or before a place, and which end at or after it, as sets of bits. The rows are
/// sorted by their end; a whole set is kept after every `bits` of them, the rest is added one by one.
class Ends {
public:
  /// `ends`: by row. A set holds the rows whose end is smaller than a place.
  explicit Ends(std::vector<std::int64_t> ends) : ends_(std::move(ends)), order_(ends_.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return ends_[a] < ends_[b]; });
    Words set((ends_.size() + bits - 1) / bits);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i % bits == 0) kept_.push_back(set);
      set[order_[i] / bits] |= std::uint64_t{1} << order_[i] % bits;
    }
    kept_.push_back(std::move(set));
  }

  /// Takes the rows whose end is smaller than `place` out of the first words of `set`.
  void take_out_below(std::int64_t place, Words& set) const {
    const auto count = static_cast<std::size_t>(
        std::lower_bound(order_.begin(), order_.end(), place, [&](auto row, auto p) { return ends_[row] < p; }) -
        order_.begin());
    const Words& kept = kept_[count / bits];
    std::size_t w = 0;
    constexpr std::size_t at_once = 4; // compilers make one instruction of it
    for (; w + at_once <= set.size(); w += at_once) {
      std::array<std::uint64_t, at_once> left{};
      for (std::size_t k = 0; k < at_once; ++k)
        left[k] = set[w + k] & ~kept[w + k];
      std::copy(left.begin(), left.end(), set.begin() + static_cast<std::ptrdiff_t>(w));
    }
    for (; w < set.size(); ++w)
      set[w] &= ~kept[w];
    for (std::size_t i = count / bits * bits; i < count; ++i)
      if (order_[i] / bits < set.size()) set[order_[i] / bits] &= ~(std::uint64_t{1} << order_[i] % bits);
  }

private:
  std::vector<std::int64_t> ends_;
  std::vector<std::uint32_t> order_;
  std::vector<Words> kept_;
};

} // namespace

std::vector<std::vector<std::uint32_t>> earlier_meeting(const BoxTable& table) {
  const std::size_t rows = table.row_count(), inputs = table.inputs().size();
  // A row does not meet those that end before it starts, or start after it ends (the latter by their negative).
  std::vector<std::pair<Ends, Ends>> ends;
  for (std::size_t i = 0; i < inputs; ++i) {
    std::vector<std::int64_t> last(rows), first(rows);
    for (std::size_t r = 0; r < rows; ++r) {
      last[r] = table.row(r)[i].high;
      first[r] = -table.row(r)[i].low;
    }
    ends.emplace_back(Ends(std::move(last)), Ends(std::move(first)));
  }
  Words all((rows + bits - 1) / bits);
  for (std::size_t r = 0; r < rows; ++r)
    if (!is_empty(table.row(r))) all[r / bits] |= std::uint64_t{1} << r % bits;
  std::vector<std::vector<std::uint32_t>> meeting(rows);
  const auto find_those_of = [&](std::size_t r) {
    const Box& box = table.row(r);
    if (is_empty(box)) return;
    Words set(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(r / bits + 1));
    set.back() &= (std::uint64_t{1} << r % bits) - 1;
    for (std::size_t i = 0; i < inputs; ++i) {
      const Places whole = table.whole()[i];
      if (box[i].low > whole.low) ends[i].first.take_out_below(box[i].low, set);
      if (box[i].high < whole.high) ends[i].second.take_out_below(-box[i].high, set);
    }
    std::size_t count = 0;
    for (const std::uint64_t word : set)
      count += static_cast<std::size_t>(std::popcount(word));
    meeting[r].reserve(count);
    for (std::size_t w = 0; w < set.size(); ++w)
      for (std::uint64_t left = set[w]; left != 0; left &= left - 1)
        meeting[r].push_back(static_cast<std::uint32_t>(w * bits + static_cast<std::size_t>(std::countr_zero(left))));
  };
  in_parallel(rows, rows_at_once, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r)
      find_those_of(r);
  });
  return meeting;
}

} // namespace aceso::analyse
