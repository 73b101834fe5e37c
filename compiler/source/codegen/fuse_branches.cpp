#include "codegen/fuse_branches.h"

#include <algorithm>
#include <array>

namespace aceso::codegen {

using bytecode::Opcode;
using bytecode::Operand;
using bytecode::Space;
using bytecode::ValueOperation;
using bytecode::Walk;
using bytecode::Word;

namespace {

constexpr std::uint32_t nobody = 0xffffffff;

/// What a skip must save at least, in simple instructions: it costs one itself wherever it does not skip.
constexpr std::uint32_t least_saving = 3;

/// Connectives inside each other; what is nested deeper is left where it stood.
constexpr std::uint32_t deepest = 100;

/// Roughly, in simple instructions.
std::uint32_t cost_of(Opcode opcode, std::span<const Operand> operands) {
  switch (opcode) {
  case Opcode::series_number: return 8;
  case Opcode::series_value:
  case Opcode::series_at: return 30;
  case Opcode::held_for: return 200;
  case Opcode::round_real: return 60;
  case Opcode::apply:
  case Opcode::apply_real: return 15;
  case Opcode::truth_as_value:
  case Opcode::number_as_value:
  case Opcode::value_as_truth:
  case Opcode::value_as_number:
  case Opcode::round: return 4;
  default: return 1 + static_cast<std::uint32_t>(operands.size()) / 4;
  }
}

struct Instruction {
  std::uint32_t begin = 0, length = 0; ///< words of the old code
  Opcode opcode{};
  Space space = Space::truth;
  std::uint32_t destination = 0;
  std::uint32_t cost = 0, cost_with_inside = 0;
  std::vector<std::uint32_t> uses; ///< who reads it
  bool is_root = false;            ///< something beside the code reads it
  /// Where it stands: behind the operand before number `position` of the connective `user`; nobody: where it stood.
  std::uint32_t user = nobody;
  std::size_t position = 0;
  std::uint32_t depth = 0;             ///< how many connectives it stands inside of
  std::vector<std::uint32_t> operands; ///< of a connective: registers of truths, in the order in which they are asked

  [[nodiscard]] bool is_and() const { return opcode == Opcode::and_two || opcode == Opcode::and_all; }
  [[nodiscard]] bool is_connective() const { return is_and() || opcode == Opcode::or_two || opcode == Opcode::or_all; }
};

class Fuser {
public:
  explicit Fuser(Module& module) : module_(module) {}

  void run() {
    for (std::size_t space = 0; space < writers_.size(); ++space)
      writers_[space].assign(std::array{module_.truths, module_.numbers, module_.values}[space], nobody);
    read();
    mark_roots();
    place();
    order_operands();
    place();
    write();
  }

private:
  [[nodiscard]] std::span<const Word> words(const Instruction& each) const {
    return std::span<const Word>(module_.code).subspan(each.begin, each.length);
  }

  // ---------------------------------------------------------------- what there is

  void read() {
    const std::span<const Word> code = module_.code;
    for (std::uint32_t at = 0; at < code.size();) {
      Instruction each;
      each.begin = at;
      each.opcode = bytecode::opcode_of(code[at]);
      each.destination = bytecode::destination_of(code[at]);
      const char space = bytecode::info(each.opcode).signature[0];
      each.space = space == 't' ? Space::truth : space == 'n' ? Space::number : Space::value;
      std::vector<Operand> operands;
      each.length = static_cast<std::uint32_t>(
          bytecode::for_each_operand(code.subspan(at), [&](Operand operand) { operands.push_back(operand); }));
      each.cost = cost_of(each.opcode, operands);
      const auto self = static_cast<std::uint32_t>(instructions_.size());
      for (const Operand& operand : operands) {
        if (each.is_connective()) each.operands.push_back(operand.word);
        for (std::uint32_t i = 0; i < operand.count; ++i) {
          if (operand.letter == 't' || operand.letter == 'T') note_use(Space::truth, operand.word + i, self);
          if (operand.letter == 'n' || operand.letter == 'N') note_use(Space::number, operand.word + i, self);
          if (operand.letter == 'v') note_use(Space::value, operand.word, self);
        }
      }
      writers_[static_cast<std::size_t>(each.space)][each.destination] = self;
      at += each.length;
      instructions_.push_back(std::move(each));
    }
  }

  [[nodiscard]] Instruction* writer(Space space, std::uint32_t index) {
    const std::uint32_t found = writers_[static_cast<std::size_t>(space)][index];
    return found == nobody ? nullptr : &instructions_[found];
  }
  void note_use(Space space, std::uint32_t index, std::uint32_t user) {
    if (Instruction* const by = writer(space, index)) by->uses.push_back(user);
  }

  void root(Space space, std::uint32_t index) {
    if (index == no_register) return;
    if (Instruction* const by = writer(space, index)) by->is_root = true;
  }
  void mark_roots() {
    const auto truth = [&](std::uint32_t index) { root(Space::truth, index); };
    truth(module_.applies);
    std::for_each(module_.constraints.begin(), module_.constraints.end(), truth);
    std::for_each(module_.cautions.begin(), module_.cautions.end(), truth);
    for (const Place& each : module_.definitions)
      root(each.space(), each.index);
    for (const ModuleRule& rule : module_.rules) {
      truth(rule.condition);
      for (const ModuleAdvice& advice : rule.advice)
        truth(advice.selected);
    }
    for (const ModuleDifferential& each : module_.differentials) {
      for (const ModuleArgument& argument : each.arguments)
        truth(argument.condition);
      for (const ModuleVerdict& verdict : each.verdicts)
        truth(verdict.condition);
    }
    if (module_.pathway)
      for (const ModuleTransition& each : module_.pathway->transitions)
        truth(each.condition);
    // A differential is decided whether anything asks for it or not.
    for (Instruction& each : instructions_)
      each.is_root |= bytecode::info(each.opcode).walk == Walk::differential;
  }

  [[nodiscard]] int part_of(const Instruction& each) const {
    return static_cast<int>(each.begin >= module_.constraints_end) +
           static_cast<int>(each.begin >= module_.pathway_end);
  }

  // ---------------------------------------------------------------- where it goes

  /// A place behind an operand of a connective, or nowhere: where the instruction stood.
  struct Spot {
    std::uint32_t user = nobody;
    std::size_t position = 0;
  };
  [[nodiscard]] Spot spot_of(std::uint32_t instruction) const {
    return {instructions_[instruction].user, instructions_[instruction].position};
  }

  /// The innermost spot that is run before both.
  [[nodiscard]] Spot common(Spot a, Spot b) const {
    while (a.user != b.user) {
      // Users stand behind what they use, so the one that stands first is the inner one.
      if (a.user < b.user)
        a = spot_of(a.user);
      else
        b = spot_of(b.user);
    }
    return {a.user, std::min(a.position, b.position)};
  }

  /// Users stand behind what they use: from the last to the first, the places of all users are known.
  void place() {
    for (std::uint32_t i = static_cast<std::uint32_t>(instructions_.size()); i-- > 0;) {
      Instruction& each = instructions_[i];
      each.user = nobody;
      each.depth = 0;
      if (each.is_root || each.uses.empty()) continue;
      std::optional<Spot> spot;
      for (const std::uint32_t user : each.uses) {
        const Spot wanted = spot_for(each, user);
        spot = spot ? common(*spot, wanted) : wanted;
      }
      each.user = spot->user;
      each.position = spot->position;
      if (each.user != nobody) each.depth = instructions_[each.user].depth + 1;
    }
    inside_.assign(instructions_.size(), {});
    for (std::uint32_t i = 0; i < instructions_.size(); ++i) {
      // What stands inside comes before, so its cost is whole by now.
      Instruction& each = instructions_[i];
      each.cost_with_inside = each.cost;
      for (const std::uint32_t inner : inside_[i])
        each.cost_with_inside += instructions_[inner].cost_with_inside;
      if (each.user != nobody) inside_[each.user].push_back(i);
    }
  }

  [[nodiscard]] Spot spot_for(const Instruction& each, std::uint32_t user) const {
    const Instruction& by = instructions_[user];
    if (part_of(by) != part_of(each)) return {};
    if (!by.is_connective() || by.depth == deepest) return spot_of(user);
    const auto found = std::find(by.operands.begin(), by.operands.end(), each.destination);
    return {user, static_cast<std::size_t>(found - by.operands.begin())};
  }

  /// What stands behind an operand, all the way down.
  [[nodiscard]] std::uint32_t cost_behind(std::uint32_t user, std::size_t first_position) const {
    std::uint32_t cost = 0;
    for (const std::uint32_t each : inside_[user])
      if (instructions_[each].position >= first_position) cost += instructions_[each].cost_with_inside;
    return cost;
  }

  /// What is there anyhow is asked first, what costs most last. The order changes no result.
  void order_operands() {
    for (std::uint32_t i = 0; i < instructions_.size(); ++i) {
      std::vector<std::uint32_t>& operands = instructions_[i].operands;
      std::vector<std::pair<std::uint32_t, std::uint32_t>> by_cost;
      for (const std::uint32_t operand : operands)
        by_cost.emplace_back(0, operand);
      for (const std::uint32_t inner : inside_[i])
        by_cost[instructions_[inner].position].first += instructions_[inner].cost_with_inside;
      std::stable_sort(by_cost.begin(), by_cost.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t k = 0; k < operands.size(); ++k)
        operands[k] = by_cost[k].second;
    }
  }

  // ---------------------------------------------------------------- the new code

  void write() {
    std::vector<Word> old = module_.code;
    std::vector<Word> made;
    const std::uint32_t ends[] = {module_.constraints_end, module_.pathway_end, static_cast<std::uint32_t>(old.size())};
    std::uint32_t new_ends[3] = {};
    std::uint32_t next = 0;
    for (std::size_t part = 0; part < 3; ++part) {
      for (; next < instructions_.size() && instructions_[next].begin < ends[part]; ++next)
        if (instructions_[next].user == nobody) write(next, made);
      new_ends[part] = static_cast<std::uint32_t>(made.size());
    }
    module_.constraints_end = new_ends[0];
    module_.pathway_end = new_ends[1];
    module_.code = std::move(made);
  }

  void write(std::uint32_t index, std::vector<Word>& made) {
    const Instruction& each = instructions_[index];
    if (!each.is_connective() || inside_[index].empty()) {
      const auto all = words(each);
      made.insert(made.end(), all.begin(), all.end());
      return;
    }
    std::vector<std::size_t> skips; ///< where the words to go are to be filled in
    for (std::size_t k = 0; k < each.operands.size(); ++k) {
      std::uint32_t fused = nobody;
      const bool skips_on = k + 1 < each.operands.size() && cost_behind(index, k + 1) >= least_saving;
      for (const std::uint32_t inner : inside_[index]) {
        if (instructions_[inner].position != k) continue;
        // A comparison that only this connective reads is made in the skip; its register is needed only where it did
        // not settle the matter.
        const bool is_operand =
            instructions_[inner].space == Space::truth && instructions_[inner].destination == each.operands[k];
        if (is_operand && skips_on && skip_of_comparison(each, instructions_[inner])) fused = inner;
        if (inner != fused) write(inner, made);
      }
      if (skips_on) {
        made.push_back(bytecode::first_word(fused != nobody ? *skip_of_comparison(each, instructions_[fused])
                                            : each.is_and() ? Opcode::no_skips
                                                            : Opcode::yes_skips,
                                            each.destination));
        if (fused != nobody) {
          const auto compared = words(instructions_[fused]);
          made.insert(made.end(), {compared[1], compared[2]});
        } else {
          made.push_back(each.operands[k]);
        }
        skips.push_back(made.size());
        made.push_back(0);
      }
      if (fused != nobody) write(fused, made);
    }
    made.push_back(words(each)[0]);
    if (each.opcode == Opcode::and_all || each.opcode == Opcode::or_all)
      made.push_back(static_cast<Word>(each.operands.size()));
    made.insert(made.end(), each.operands.begin(), each.operands.end());
    for (const std::size_t skip : skips)
      made[skip] = static_cast<Word>(made.size() - skip - 1);
  }

  /// A skip that decides the connective by the comparison itself; only where the comparison is no operand twice.
  static std::optional<Opcode> skip_of_comparison(const Instruction& connective, const Instruction& comparison) {
    if (comparison.uses.size() != 1) return std::nullopt;
    switch (comparison.opcode) {
    case Opcode::less: return connective.is_and() ? Opcode::not_less_skips : Opcode::less_skips;
    case Opcode::less_or_equal:
      return connective.is_and() ? Opcode::not_less_or_equal_skips : Opcode::less_or_equal_skips;
    case Opcode::equal_number: return connective.is_and() ? Opcode::not_equal_skips : Opcode::equal_skips;
    default: return std::nullopt;
    }
  }

  Module& module_;
  std::vector<Instruction> instructions_;
  std::array<std::vector<std::uint32_t>, 3> writers_;
  std::vector<std::vector<std::uint32_t>> inside_; ///< by connective: what stands behind its operands
};

} // namespace

void fuse_branches(Module& module) { Fuser(module).run(); }

} // namespace aceso::codegen
