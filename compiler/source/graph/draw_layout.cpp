#include "graph/draw_layout.h"

#include <algorithm>
#include <numeric>

namespace aceso::graph {
namespace {

constexpr int box_gap = 20, passing_gap = 12;
constexpr int narrowest_gap = 56, widest_gap = 150, gap_per_link = 4;
constexpr int sweeps = 12, rounds = 60;

class Arranger {
public:
  explicit Arranger(Layout& layout)
      : layout_(layout), links_into_(layout.slots.size()), links_out_of_(layout.slots.size()) {
    for (const LayoutSlot& slot : layout.slots)
      layers_.resize(std::max(layers_.size(), slot.layer + 1));
    for (std::size_t i = 0; i < layout.slots.size(); ++i)
      layers_[layout.slots[i].layer].push_back(i);
    for (std::size_t i = 0; i < layout.links.size(); ++i) {
      links_out_of_[layout.links[i].from].push_back(i);
      links_into_[layout.links[i].to].push_back(i);
    }
  }

  void arrange() {
    order_layers();
    columns();
    rows();
  }

private:
  using Layers = std::vector<std::vector<std::size_t>>;

  // ---------------------------------------------------------------- order

  /// Places in the order, finer than slots so that links to different rows of one box differ.
  std::vector<std::int64_t> positions() const {
    std::vector<std::int64_t> result(layout_.slots.size());
    for (const auto& layer : layers_)
      for (std::size_t i = 0; i < layer.size(); ++i)
        result[layer[i]] = static_cast<std::int64_t>(i) * 4096;
    return result;
  }
  std::int64_t arrival(const std::vector<std::int64_t>& positions, const LayoutLink& link) const {
    return positions[link.to] + 4095 * static_cast<std::int64_t>(link.to_y) / (layout_.slots[link.to].height + 1);
  }

  std::size_t crossings() const {
    const auto position = positions();
    std::size_t count = 0;
    for (const auto& layer : layers_) {
      std::vector<std::pair<std::int64_t, std::int64_t>> ends;
      for (const std::size_t slot : layer)
        for (const std::size_t link : links_out_of_[slot])
          ends.emplace_back(position[slot], arrival(position, layout_.links[link]));
      std::sort(ends.begin(), ends.end());
      std::vector<std::int64_t> arrivals;
      for (const auto& end : ends)
        arrivals.push_back(end.second);
      count += inversions(arrivals);
    }
    return count;
  }

  static std::size_t inversions(std::vector<std::int64_t>& values) {
    if (values.size() < 2) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::vector<std::int64_t> left(values.begin(), middle), right(middle, values.end());
    std::size_t count = inversions(left) + inversions(right);
    std::size_t i = 0, j = 0;
    for (std::int64_t& value : values) {
      if (j == right.size() || (i < left.size() && left[i] <= right[j])) {
        value = left[i++];
      } else {
        count += left.size() - i;
        value = right[j++];
      }
    }
    return count;
  }

  void order_layers() {
    Layers best = layers_;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < sweeps && fewest > 0; ++sweep) {
      const bool forwards = sweep % 2 == 0;
      for (std::size_t i = 0; i < layers_.size(); ++i)
        order(forwards ? i : layers_.size() - 1 - i, forwards);
      const std::size_t count = crossings();
      if (count >= fewest) continue;
      fewest = count;
      best = layers_;
    }
    layers_ = best;
  }

  /// Slots without links on the side in question stay where they are; the others are sorted among themselves.
  void order(std::size_t index, bool forwards) {
    auto& layer = layers_[index];
    const auto position = positions();
    std::vector<std::pair<std::int64_t, std::size_t>> linked;
    std::vector<std::size_t> free_places;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const auto& links = forwards ? links_into_[layer[i]] : links_out_of_[layer[i]];
      if (links.empty()) continue;
      std::int64_t sum = 0;
      for (const std::size_t link : links)
        sum += forwards ? position[layout_.links[link].from] : arrival(position, layout_.links[link]);
      linked.emplace_back(sum / static_cast<std::int64_t>(links.size()), layer[i]);
      free_places.push_back(i);
    }
    std::stable_sort(linked.begin(), linked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < linked.size(); ++i)
      layer[free_places[i]] = linked[i].second;
  }

  // ---------------------------------------------------------------- places

  void columns() {
    int x = 0;
    for (const auto& layer : layers_) {
      int width = 0, links = 0;
      for (const std::size_t slot : layer) {
        width = std::max(width, layout_.slots[slot].width);
        links += static_cast<int>(links_out_of_[slot].size());
      }
      for (const std::size_t slot : layer)
        layout_.slots[slot].x = x;
      layout_.layer_x.push_back(x);
      layout_.layer_width.push_back(width);
      layout_.width = x + width;
      x += width + std::clamp(narrowest_gap + gap_per_link * links, narrowest_gap, widest_gap);
    }
  }

  int gap(std::size_t above, std::size_t below) const {
    return layout_.slots[above].is_passing || layout_.slots[below].is_passing ? passing_gap : box_gap;
  }

  void rows() {
    for (const auto& layer : layers_) {
      int y = 0;
      for (std::size_t i = 0; i < layer.size(); ++i) {
        if (i > 0) y += gap(layer[i - 1], layer[i]);
        layout_.slots[layer[i]].y = y;
        y += layout_.slots[layer[i]].height;
      }
    }
    for (int round = 0; round < rounds; ++round)
      for (std::size_t i = 0; i < layers_.size(); ++i)
        settle(layers_[round % 2 == 0 ? i : layers_.size() - 1 - i]);
    int top = 0, bottom = 0;
    for (const LayoutSlot& slot : layout_.slots)
      top = std::min(top, slot.y);
    for (LayoutSlot& slot : layout_.slots) {
      slot.y -= top;
      bottom = std::max(bottom, slot.y + slot.height);
    }
    layout_.height = bottom;
  }

  /// Where a slot would lie best for its links, and how much that matters: ways through should be straight.
  std::pair<std::int64_t, std::int64_t> wish(std::size_t index) const {
    const LayoutSlot& slot = layout_.slots[index];
    std::int64_t sum = 0, weight = 0;
    const auto pull = [&](std::size_t other, std::int64_t y) {
      const std::int64_t strength = slot.is_passing && layout_.slots[other].is_passing ? 24 : slot.is_passing ? 2 : 1;
      sum += y * strength;
      weight += strength;
    };
    for (const std::size_t link : links_into_[index]) {
      const LayoutSlot& from = layout_.slots[layout_.links[link].from];
      pull(layout_.links[link].from, from.y + from.height / 2 - layout_.links[link].to_y);
    }
    for (const std::size_t link : links_out_of_[index]) {
      const LayoutSlot& to = layout_.slots[layout_.links[link].to];
      pull(layout_.links[link].to, to.y + layout_.links[link].to_y - slot.height / 2);
    }
    return weight == 0 ? std::pair<std::int64_t, std::int64_t>{slot.y, 1} : std::pair{sum / weight, weight};
  }

  /// The places nearest to all wishes (weighted least squares) that keep order and gaps: with the heights above a slot
  /// taken off, this is isotonic regression, solved by pooling adjacent violators.
  void settle(const std::vector<std::size_t>& layer) {
    struct Pool {
      std::int64_t sum, weight;
      std::size_t count;
      [[nodiscard]] std::int64_t mean() const { return sum >= 0 ? sum / weight : -((-sum + weight - 1) / weight); }
    };
    std::vector<Pool> pools;
    std::vector<int> above(layer.size());
    for (std::size_t i = 0; i < layer.size(); ++i) {
      if (i > 0) above[i] = above[i - 1] + layout_.slots[layer[i - 1]].height + gap(layer[i - 1], layer[i]);
      const auto [place, weight] = wish(layer[i]);
      pools.push_back({(place - above[i]) * weight, weight, 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back() = {pools.back().sum + last.sum, pools.back().weight + last.weight,
                        pools.back().count + last.count};
      }
    }
    std::size_t i = 0;
    for (const Pool& pool : pools)
      for (std::size_t end = i + pool.count; i < end; ++i)
        layout_.slots[layer[i]].y = static_cast<int>(pool.mean()) + above[i];
  }

  Layout& layout_;
  Layers layers_;
  std::vector<std::vector<std::size_t>> links_into_, links_out_of_;
};

} // namespace

void arrange(Layout& layout) { Arranger(layout).arrange(); }

} // namespace aceso::graph
