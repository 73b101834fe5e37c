#include "jit/llvm_lookup.h"

#include <algorithm>
#include <array>
#include <bit>

namespace aceso::jit {

using batch::Literal;
using Node = Cover::Node;

LookUpCode::LookUpCode(Unit& unit, const CpuFeatures& cpu, const std::string& name, std::size_t nodes,
                       std::uint64_t words_at)
    : u_(unit), b_(unit.builder), cpu_(cpu), words_at_(words_at),
      tables_(LLVMAddGlobal(unit.ir, LLVMArrayType(unit.i8, 0), (name + "_tables").c_str())), bits_(nodes, no_place) {}

void LookUpCode::begin_function(Ir scratch) {
  scratch_ = scratch;
  found_.clear();
  for (Word& word : words_)
    word.versions.clear(), word.is_changed = false;
}

void LookUpCode::keep_words() {
  for (std::size_t i = 0; i < words_.size(); ++i)
    if (words_[i].is_changed) u_.store(words_[i].versions.back().first, scratch_, place_of_word(i), 8);
}

LookUpCode::Word& LookUpCode::word(std::uint32_t index) {
  Word& of = words_[index];
  if (of.versions.empty())
    of.versions = {{of.is_there ? u_.load(scratch_, place_of_word(index), u_.i64, 8) : whole_number(0), of.filled}};
  return of;
}

/// The word as it was when it first had the bits below `end`: it waits for no look-up that it does not need.
Ir LookUpCode::word(std::uint32_t index, unsigned end) {
  for (const auto& [value, filled] : word(index).versions)
    if (filled >= end) return value;
  return nullptr;
}

std::uint32_t LookUpCode::place(Ir value, unsigned width) {
  if (words_.empty() || words_.back().filled + width > 64) words_.emplace_back();
  const auto index = static_cast<std::uint32_t>(words_.size() - 1);
  Word& to = word(index);
  const std::uint32_t first = 64 * index + to.filled;
  const Ir moved = shifted(value, to.filled);
  to.filled += width;
  to.versions.emplace_back(to.is_there ? LLVMBuildOr(b_, to.versions.back().first, moved, "") : moved, to.filled);
  to.is_there = to.is_changed = true;
  return first;
}

void LookUpCode::place_bit(Node node, Ir holds) { set(node, place(LLVMBuildZExt(b_, holds, u_.i64, ""), 1)); }

Ir LookUpCode::holds(Literal of) {
  const std::uint32_t bit = bits_[of.node()];
  const Ir low = LLVMBuildLShr(b_, word(bit / 64, bit % 64 + 1), whole_number(bit % 64), "");
  const Ir one = LLVMBuildTrunc(b_, low, LLVMInt1TypeInContext(u_.context), "");
  return of.is_inverted() ? LLVMBuildNot(b_, one, "") : one;
}

Ir LookUpCode::gathered(Ir from, std::uint64_t mask) {
  if (cpu_.gathers_bits) {
    constexpr std::string_view name = "llvm.x86.bmi.pext.64";
    const unsigned id = LLVMLookupIntrinsicID(name.data(), name.size());
    const Ir gather = LLVMGetIntrinsicDeclaration(u_.ir, id, nullptr, 0);
    std::array<Ir, 2> arguments = {from, whole_number(mask)};
    return LLVMBuildCall2(b_, LLVMGlobalGetValueType(gather), gather, arguments.data(), 2, "");
  }
  Ir result = nullptr;
  unsigned to = 0;
  while (mask != 0) { // run by run
    const auto at = static_cast<unsigned>(std::countr_zero(mask));
    const auto length = static_cast<unsigned>(std::countr_one(mask >> at));
    const std::uint64_t ones = length == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << length) - 1;
    const Ir low = LLVMBuildLShr(b_, from, whole_number(at), "");
    const Ir run = shifted(LLVMBuildAnd(b_, low, whole_number(ones), ""), to);
    result = result ? LLVMBuildOr(b_, result, run, "") : run;
    to += length;
    mask &= ~(ones << at);
  }
  return result;
}

Ir LookUpCode::index_of(std::vector<Node>& leaves) {
  std::sort(leaves.begin(), leaves.end(), [&](Node a, Node b) { return bits_[a] < bits_[b]; });
  Ir result = nullptr;
  unsigned to = 0;
  for (std::size_t i = 0; i < leaves.size();) {
    const std::uint32_t index = bits_[leaves[i]] / 64;
    std::uint64_t mask = 0;
    unsigned count = 0;
    for (; i < leaves.size() && bits_[leaves[i]] / 64 == index; ++i, ++count)
      mask |= std::uint64_t{1} << (bits_[leaves[i]] % 64);
    Ir& found = found_[{index, mask}];
    if (!found) found = gathered(word(index, 64 - static_cast<unsigned>(std::countl_zero(mask))), mask);
    const Ir part = shifted(found, to);
    result = result ? LLVMBuildOr(b_, result, part, "") : part;
    to += count;
  }
  return result;
}

Ir LookUpCode::entry(Ir index, const std::vector<std::uint64_t>& values, unsigned bytes) {
  auto& offset = places_[{bytes, values}];
  if (offset == 0) {
    table_bytes_.resize((table_bytes_.size() + bytes - 1) / bytes * bytes);
    offset = table_bytes_.size() + 1;
    for (const std::uint64_t value : values)
      for (unsigned i = 0; i < bytes; ++i)
        table_bytes_.push_back(static_cast<char>(value >> (8 * i)));
  }
  const IrType type = LLVMIntTypeInContext(u_.context, 8 * bytes);
  Ir where = bytes == 1 ? index : LLVMBuildMul(b_, index, whole_number(bytes), "");
  const Ir table = u_.at(LLVMBuildBitCast(b_, tables_, u_.pointer, ""), offset - 1);
  return u_.load_fixed(LLVMBuildGEP2(b_, u_.i8, table, &where, 1, ""), 0, type, bytes);
}

void LookUpCode::finish_tables() {
  const Ir values =
      LLVMConstStringInContext(u_.context, table_bytes_.data(), static_cast<unsigned>(table_bytes_.size()), 1);
  const Ir global = LLVMAddGlobal(u_.ir, LLVMTypeOf(values), "");
  LLVMSetInitializer(global, values);
  LLVMSetGlobalConstant(global, 1);
  LLVMSetLinkage(global, LLVMInternalLinkage);
  LLVMSetAlignment(global, 64);
  LLVMReplaceAllUsesWith(tables_, LLVMConstBitCast(global, LLVMTypeOf(tables_)));
  LLVMDeleteGlobal(tables_);
}

} // namespace aceso::jit
