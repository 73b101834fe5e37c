#pragma once
/// Layered layout of a directed graph, after K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of
/// hierarchical system structures", IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981: the caller puts
/// slots into layers, with a slot of height 0 in every layer that a long link passes; `arrange` orders each layer by
/// barycentres and finds the places. Whole numbers only, so that every machine draws the same picture.

#include <cstdint>
#include <vector>

namespace aceso::graph {

struct LayoutSlot {
  std::size_t layer = 0;
  int width = 0, height = 0; ///< pixels
  bool is_passing = false;   ///< only a link's way through this layer
  int x = 0, y = 0;          ///< result: the upper left corner
};

/// From a slot to one in the next layer. `to_y`: where it arrives, counted from the upper edge of `to`.
struct LayoutLink {
  std::size_t from = 0, to = 0;
  int to_y = 0;
};

struct Layout {
  std::vector<LayoutSlot> slots; ///< in the order that ties keep
  std::vector<LayoutLink> links;
  std::vector<int> layer_x, layer_width; ///< result
  int width = 0, height = 0;             ///< result
};

void arrange(Layout& layout);

} // namespace aceso::graph
