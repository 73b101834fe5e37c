#include "lookup/lookup_program.h"

#include <algorithm>
#include <array>
#include <map>

namespace aceso::lookup {

using batch::Array;
using batch::NumberNode;
using batch::NumberOp;
using batch::PlaneNode;
using batch::PlaneOp;
using Node = Cover::Node;

namespace {

constexpr std::uint64_t most_of_few = 64; ///< values that have an entry each
constexpr std::uint32_t reasons = bytecode::no;
constexpr std::uint32_t states = bytecode::yes + 1u;
constexpr std::uint32_t nowhere = 0xffffffff;

bool has_operands(NumberOp op) { return op != NumberOp::constant && op != NumberOp::array; }
bool has_second(NumberOp op) { return has_operands(op) && op != NumberOp::widen && op != NumberOp::round; }

class Builder {
public:
  Builder(LookupProgram& to, const Module& module, const OutcomeSums& outcomes,
          std::span<const batch::InputLayout> layouts, const batch::Program& program)
      : to_(to), module_(module), outcomes_(outcomes), layouts_(layouts), program_(program),
        cover_(program, outcomes.sums), bits_(cover_.nodes(), nowhere), numbers_(program.numbers.size(), nowhere) {}

  void build() {
    read_facts();
    std::size_t source = 0, lookup = 0;
    for (unsigned level = 0; source < cover_.sources.size() || lookup < cover_.lookups.size(); ++level) {
      for (; lookup < cover_.lookups.size() && cover_.lookups[lookup].level == level; ++lookup)
        look_up(cover_.lookups[lookup]);
      for (; source < cover_.sources.size() && cover_.sources[source].level == level; ++source)
        if (compares_numbers(cover_.sources[source])) compare(cover_.sources[source]);
      to_.levels.push_back({size(to_.lookup_words), size(to_.comparisons)});
    }
    for (std::size_t i = 0, sum = 0; i < outcomes_.places.size(); ++i)
      sum = put_result(i, sum);
    to_.words = std::max(1u, (filled_ + 63) / 64); // an index of no bits reads one as well
  }

private:
  template <class List>
  static std::uint32_t size(const List& list) {
    return static_cast<std::uint32_t>(list.size());
  }
  [[nodiscard]] const PlaneNode& plane(const Cover::Source& of) const { return program_.planes[of.plane]; }
  [[nodiscard]] bool compares_numbers(const Cover::Source& of) const {
    return plane(of).op == PlaneOp::numbers_equal || plane(of).op == PlaneOp::numbers_below;
  }

  /// Room for so many bits, at most 64, in one word.
  std::uint32_t place(std::uint32_t width) {
    if (filled_ % 64 + width > 64) filled_ = (filled_ / 64 + 1) * 64;
    return (filled_ += width) - width;
  }

  // ------------------------------------------------------------------------------------------------- facts

  using Sources = std::span<const Cover::Source>;

  /// What a node holds of a fact of this state, `raw` above the least value of its column.
  [[nodiscard]] bool holds(const Cover::Source& of, std::uint8_t state, std::uint64_t raw) const {
    const PlaneNode& node = plane(of);
    const auto compared = [&](std::uint64_t x) {
      return node.op == PlaneOp::below ? x < node.constant : x == node.constant;
    };
    switch (program_.arrays[node.first].kind) {
    case Array::Kind::bits: return state == bytecode::yes;
    case Array::Kind::known: return state >= bytecode::known;
    case Array::Kind::reasons: return compared(state);
    case Array::Kind::data:
    case Array::Kind::now: return state >= bytecode::known && compared(raw);
    case Array::Kind::lane_state:
    case Array::Kind::lane_number: break; // there are none
    }
    return false;
  }
  /// An entry, whose bits begin at `first` of their word.
  void add_entry(Sources of, std::uint32_t first, std::uint8_t state, std::uint64_t raw) {
    std::uint64_t entry = 0;
    for (std::size_t i = 0; i < of.size(); ++i)
      if (holds(of[i], state, raw)) entry |= std::uint64_t{1} << (first + i);
    to_.bits.push_back(entry);
  }
  void add_reasons(Sources of, std::uint32_t first) {
    for (std::uint8_t state = 0; state < reasons; ++state)
      add_entry(of, first, state, 0);
  }

  void read_facts() {
    std::map<std::uint32_t, std::vector<Cover::Source>> by_input;
    std::array<std::map<std::uint32_t, Node>, 2> plain; // yes, known: by register
    for (const Cover::Source& source : cover_.sources) {
      if (compares_numbers(source)) continue;
      const Array& array = program_.arrays[plane(source).first];
      if ((array.kind == Array::Kind::bits || array.kind == Array::Kind::known) && is_truth(array.index))
        plain[array.kind == Array::Kind::known ? 1 : 0][module_.inputs[array.index].index] = source.node;
      else
        by_input[array.kind == Array::Kind::now ? LookupProgram::now : array.index].push_back(source);
    }
    for (std::size_t i = 0; i < plain.size(); ++i)
      read_eights(plain[i], i == 1);
    for (const auto& [input, sources] : by_input)
      for (std::size_t i = 0; i < sources.size(); i += 64)
        read(input, Sources(sources).subspan(i, std::min<std::size_t>(64, sources.size() - i)));
    close_word();
  }
  [[nodiscard]] bool is_truth(std::uint32_t input) const {
    return module_.inputs[input].space() == bytecode::Space::truth;
  }
  /// The word that has room for so many bits of facts.
  std::uint32_t place_of_facts(std::uint32_t width) {
    const std::uint32_t at = place(width);
    if (at / 64 != word_) {
      close_word();
      word_ = at / 64;
    }
    return at;
  }
  /// What lies behind the registers of inputs may not be read.
  void read_eights(const std::map<std::uint32_t, Node>& nodes, bool asks_known) {
    std::uint32_t inputs = 0;
    for (const Place& each : module_.inputs)
      inputs += each.space() == bytecode::Space::truth;
    for (auto each = nodes.begin(); each != nodes.end();) {
      if (inputs < 8) { // one by one
        const std::uint32_t at = place_of_facts(1), entries = size(to_.bits);
        bits_[each->second] = at;
        for (std::uint8_t state = 0; state < states; ++state)
          to_.bits.push_back(std::uint64_t{state >= (asks_known ? bytecode::known : bytecode::yes)} << (at % 64));
        to_.truths.push_back({each->first, entries});
        ++each;
        continue;
      }
      const std::uint32_t first = std::min(each->first, inputs - 8), at = place_of_facts(8);
      to_.eights.push_back({first, static_cast<std::uint8_t>(at % 64), asks_known});
      for (; each != nodes.end() && each->first < first + 8; ++each)
        bits_[each->second] = at + (each->first - first);
    }
  }
  void read(std::uint32_t input, Sources of) {
    const std::uint32_t at = place_of_facts(size(of));
    for (std::uint32_t i = 0; i < of.size(); ++i)
      bits_[of[i].node] = at + i;
    const std::uint32_t first = at % 64, entries = size(to_.bits);
    if (input != LookupProgram::now && is_truth(input)) {
      for (std::uint8_t state = 0; state < states; ++state)
        add_entry(of, first, state, 0);
      to_.truths.push_back({module_.inputs[input].index, entries});
      return;
    }
    if (input != LookupProgram::now && layouts_[input].most_raw < most_of_few) {
      const batch::InputLayout& layout = layouts_[input];
      for (std::uint64_t raw = 0; raw <= layout.most_raw; ++raw)
        add_entry(of, first, bytecode::known, raw);
      add_reasons(of, first);
      to_.few.push_back({module_.inputs[input].index, entries, layout.least, layout.most_raw});
      return;
    }
    std::vector<std::uint64_t> bounds;
    for (const Cover::Source& each : of) {
      const Array::Kind kind = program_.arrays[plane(each).first].kind;
      if (kind != Array::Kind::data && kind != Array::Kind::now) continue;
      bounds.push_back(plane(each).constant);
      if (plane(each).op != PlaneOp::below && plane(each).constant != ~std::uint64_t{0})
        bounds.push_back(plane(each).constant + 1);
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    add_entry(of, first, bytecode::known, 0); // where a bound is 0, nothing is below it
    for (const std::uint64_t bound : bounds)
      add_entry(of, first, bytecode::known, bound);
    const bool is_now = input == LookupProgram::now;
    if (!is_now) add_reasons(of, first);
    to_.many.push_back({is_now ? LookupProgram::now : module_.inputs[input].index, entries,
                        is_now ? 0 : layouts_[input].least, size(to_.bounds), size(bounds)});
    to_.bounds.insert(to_.bounds.end(), bounds.begin(), bounds.end());
  }
  void close_word() {
    if (word_ != nowhere)
      to_.fact_words.push_back({word_, size(to_.eights), size(to_.truths), size(to_.few), size(to_.many)});
    word_ = nowhere;
  }

  // ------------------------------------------------------------------------------------------------- numbers

  void compare(const Cover::Source& source) {
    const PlaneNode& node = plane(source);
    const std::uint32_t first = number(node.first), second = number(node.second);
    bits_[source.node] = place(1);
    to_.comparisons.push_back(
        {size(to_.numbers), first, second, bits_[source.node], node.op == PlaneOp::numbers_below});
  }

  /// The place of a number; those that it is made of are there before.
  std::uint32_t number(std::uint32_t id) {
    std::vector<std::uint32_t> open{id};
    while (!open.empty()) {
      const std::uint32_t one = open.back();
      const NumberNode& node = program_.numbers[one];
      const std::size_t before = open.size();
      if (numbers_[one] == nowhere) {
        if (has_operands(node.op) && numbers_[node.first] == nowhere) open.push_back(node.first);
        if (has_second(node.op) && numbers_[node.second] == nowhere) open.push_back(node.second);
      }
      if (open.size() > before) continue;
      open.pop_back();
      if (numbers_[one] == nowhere) add_number(one, node);
    }
    return numbers_[id];
  }
  void add_number(std::uint32_t id, const NumberNode& node) {
    LookupProgram::Number made{node, to_.number_places++, 0, 0, 0, false, {}, false, 0};
    numbers_[id] = made.place;
    if (has_operands(node.op)) made.first = numbers_[node.first];
    if (has_second(node.op)) made.second = numbers_[node.second];
    if (node.op == NumberOp::choose) {
      const batch::Literal condition = cover_.literal(node.condition);
      made.condition = bits_[condition.node()];
      made.is_inverted = condition.is_inverted();
    }
    if (node.op == NumberOp::array) {
      made.array = program_.arrays[node.first];
      if (made.array.kind != Array::Kind::now) {
        made.first = module_.inputs[made.array.index].index;
        made.least = layouts_[made.array.index].least;
        made.is_truth = is_truth(made.array.index);
      }
    }
    to_.numbers.push_back(made);
  }

  // ------------------------------------------------------------------------------------------------- look-ups

  /// A step whose index are the leaves, which are put in order.
  LookupProgram::Step step_of(std::vector<Node>& leaves) {
    std::sort(leaves.begin(), leaves.end(), [&](Node a, Node b) { return bits_[a] < bits_[b]; });
    LookupProgram::Step step;
    for (std::uint32_t i = 0; i < leaves.size();) {
      LookupProgram::Part part{0, bits_[leaves[i]] / 64, i};
      for (; i < leaves.size() && bits_[leaves[i]] / 64 == part.word; ++i)
        part.mask |= std::uint64_t{1} << (bits_[leaves[i]] % 64);
      if (part.to == 0) {
        step.mask = part.mask;
        step.word = part.word;
      } else {
        to_.parts.push_back(part);
        ++step.more;
      }
    }
    return step;
  }

  void look_up(const Cover::Lookup& of) {
    std::vector<Node> leaves = of.leaves;
    LookupProgram::Step step = step_of(leaves);
    const std::vector<std::uint64_t> wide = cover_.entries(leaves, of.nodes);
    std::vector<std::uint8_t> entries(wide.size());
    std::transform(wide.begin(), wide.end(), entries.begin(),
                   [](std::uint64_t each) { return static_cast<std::uint8_t>(each); });
    const auto [found, is_new] = byte_tables_.try_emplace(entries, size(to_.bytes));
    if (is_new) to_.bytes.insert(to_.bytes.end(), entries.begin(), entries.end());
    const std::uint32_t at = place(size(of.nodes));
    for (std::uint32_t i = 0; i < of.nodes.size(); ++i)
      bits_[of.nodes[i]] = at + i;
    const bool begins_level = to_.lookup_words.size() == (to_.levels.empty() ? 0 : to_.levels.back().words_end);
    if (begins_level || to_.lookup_words.back().word != at / 64) to_.lookup_words.push_back({at / 64, 0});
    step.entries = found->second;
    step.to = static_cast<std::uint16_t>(at % 64);
    to_.lookups.push_back(step);
    to_.lookup_words.back().end = size(to_.lookups);
  }

  std::size_t put_result(std::size_t result, std::size_t sum) {
    const OutcomeSums::Place& to = outcomes_.places[result];
    const std::uint64_t ones = to.bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * to.bytes)) - 1;
    std::uint64_t base = outcomes_.sums[result].base;
    const std::uint32_t first = size(to_.sums);
    for (; sum < cover_.sums.size() && cover_.sums[sum].result == result; ++sum) {
      std::vector<Node> leaves = cover_.sums[sum].leaves;
      LookupProgram::Step step = step_of(leaves);
      std::vector<std::uint64_t> entries = cover_.entries(leaves, cover_.sums[sum], base);
      for (std::uint64_t& each : entries)
        each &= ones;
      base = 0;
      const auto [found, is_new] = value_tables_.try_emplace(entries, size(to_.values));
      if (is_new) to_.values.insert(to_.values.end(), entries.begin(), entries.end());
      step.entries = found->second;
      to_.sums.push_back(step);
    }
    to_.results.push_back({to.to, static_cast<std::uint8_t>(to.bytes), static_cast<std::uint32_t>(to.offset),
                           size(to_.sums) - first - 1});
    return sum;
  }

  LookupProgram& to_;
  const Module& module_;
  const OutcomeSums& outcomes_;
  std::span<const batch::InputLayout> layouts_;
  const batch::Program& program_;
  Cover cover_;
  std::vector<std::uint32_t> bits_;    ///< by node of the cover: 64 times the word, plus the position
  std::vector<std::uint32_t> numbers_; ///< by number of the program: its place
  std::uint32_t filled_ = 0;           ///< bits that have been given away
  std::uint32_t word_ = nowhere;       ///< that facts are read into
  std::map<std::vector<std::uint8_t>, std::uint32_t> byte_tables_;
  std::map<std::vector<std::uint64_t>, std::uint32_t> value_tables_;
};

} // namespace

LookupProgram::LookupProgram(const Module& module, const Relations& relations, const batch::OutputLayout& outputs,
                             std::span<const batch::InputLayout> layouts, const batch::Program& program) {
  const OutcomeSums outcomes(module, relations, outputs, program);
  Builder(*this, module, outcomes, layouts, program).build();
}

} // namespace aceso::lookup
