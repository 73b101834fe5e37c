#pragma once
/// Makes the nodes of a program, each one once, and the simplest that will do. Internal to runtime/batch.

#include <initializer_list>
#include <map>
#include <span>
#include <unordered_map>

#include "batch/program.h"

namespace aceso::batch {

class Builder {
public:
  Builder();

  [[nodiscard]] Literal plane(Array array);
  /// The elements of the array are this number; are below it. `most_raw` is what they do not exceed.
  [[nodiscard]] Literal equal_to(Array array, Int128 constant, std::uint64_t most_raw);
  [[nodiscard]] Literal below(Array array, Int128 constant, std::uint64_t most_raw);

  [[nodiscard]] Literal all_of(std::vector<Literal> literals);
  [[nodiscard]] Literal any_of(std::vector<Literal> literals);
  [[nodiscard]] Literal both(Literal a, Literal b) { return all_of({a, b}); }
  [[nodiscard]] Literal either(Literal a, Literal b) { return any_of({a, b}); }
  [[nodiscard]] Literal exclusive_or(Literal a, Literal b);
  [[nodiscard]] Literal choose(Literal condition, Literal a, Literal b);

  [[nodiscard]] Literal numbers_equal(std::uint32_t a, std::uint32_t b);
  [[nodiscard]] Literal numbers_below(std::uint32_t a, std::uint32_t b);
  /// A number node; operands of another width are widened first.
  [[nodiscard]] std::uint32_t number(NumberNode node);
  [[nodiscard]] std::uint32_t widen(std::uint32_t node, std::uint8_t width);
  [[nodiscard]] std::uint32_t lane(Lane lane);
  [[nodiscard]] std::uint32_t array(Array array);

  [[nodiscard]] const Program& program() const { return program_; }
  /// Ends the work: `out_planes` and `out_numbers` are what is wanted, and what nothing of it needs is taken away.
  [[nodiscard]] Program finish(const std::vector<Literal>& out_planes, const std::vector<std::uint32_t>& out_numbers);

private:
  [[nodiscard]] std::uint32_t plane_node(PlaneNode node, std::span<const Literal> literals);
  void same_width(std::uint32_t& a, std::uint32_t& b);

  Program program_;
  std::map<Array, std::uint32_t> array_places_;
  std::map<Lane, std::uint32_t> lane_places_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> plane_places_, number_places_; ///< by a hash of what they hold
};

} // namespace aceso::batch
