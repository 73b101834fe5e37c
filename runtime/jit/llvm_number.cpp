#include "jit/llvm_number.h"

#include <array>
#include <vector>

#include "values/rounding.h"

namespace aceso::jit {

using batch::NumberNode;
using batch::NumberOp;

IrType NumberCode::type(unsigned bits) const {
  const IrType one = LLVMIntTypeInContext(context_, bits);
  return lanes_ == 1 ? one : LLVMVectorType(one, lanes_);
}

Ir NumberCode::constant(unsigned bits, std::uint64_t value) const {
  const Ir one = LLVMConstInt(LLVMIntTypeInContext(context_, bits), value, 0);
  if (lanes_ == 1) return one;
  std::vector<Ir> all(lanes_, one);
  return LLVMConstVector(all.data(), lanes_);
}

Ir NumberCode::element(const NumberNode& node, Ir raw, unsigned width) {
  const IrType wanted = type(8u * node.width);
  const Ir fitted = width < node.width   ? LLVMBuildZExt(b_, raw, wanted, "")
                    : width > node.width ? LLVMBuildTrunc(b_, raw, wanted, "")
                                         : raw;
  return LLVMBuildAdd(b_, fitted, constant(8u * node.width, static_cast<std::uint64_t>(node.constant)), "");
}

Ir NumberCode::apply(const NumberNode& node, Ir first, Ir second, Ir when) {
  const auto smaller = [&](Ir then, Ir otherwise) {
    return LLVMBuildSelect(b_, LLVMBuildICmp(b_, LLVMIntSLT, first, second, ""), then, otherwise, "");
  };
  switch (node.op) {
  case NumberOp::constant: return constant(8u * node.width, static_cast<std::uint64_t>(node.constant));
  case NumberOp::widen: return LLVMBuildSExt(b_, first, type(8u * node.width), "");
  case NumberOp::add: return LLVMBuildAdd(b_, first, second, "");
  case NumberOp::subtract: return LLVMBuildSub(b_, first, second, "");
  case NumberOp::multiply: return LLVMBuildMul(b_, first, second, "");
  case NumberOp::minimum: return smaller(first, second);
  case NumberOp::maximum: return smaller(second, first);
  case NumberOp::choose: return LLVMBuildSelect(b_, when, first, second, "");
  case NumberOp::round: return rounded(node, first);
  case NumberOp::array: break; // see element()
  }
  return nullptr;
}

/// As round_numbers of the kernels: to the whole number below, or one above it where the mode says so.
Ir NumberCode::rounded(const NumberNode& node, Ir from) {
  const auto number = [&](std::int64_t value) { return constant(64, static_cast<std::uint64_t>(value)); };
  const auto is = [&](LLVMIntPredicate how, Ir x, Ir y) { return LLVMBuildICmp(b_, how, x, y, ""); };
  const Ir divisor = number(node.divisor), zero = number(0), one = number(1);
  const Ir product = LLVMBuildMul(b_, from, number(node.constant), "");
  const Ir quotient = LLVMBuildSDiv(b_, product, divisor, "");
  const Ir left = LLVMBuildSub(b_, product, LLVMBuildMul(b_, quotient, divisor, ""), "");
  const Ir is_under = is(LLVMIntSLT, left, zero);
  const Ir floor = LLVMBuildSelect(b_, is_under, LLVMBuildSub(b_, quotient, one, ""), quotient, "");
  const Ir rest = LLVMBuildSelect(b_, is_under, LLVMBuildAdd(b_, left, divisor, ""), left, "");
  const Ir is_odd = is(LLVMIntNE, LLVMBuildAnd(b_, floor, one, ""), zero), is_negative = is(LLVMIntSLT, product, zero);
  const Ir other = LLVMBuildSub(b_, divisor, rest, "");
  const std::array<Ir, 3> half = {is(LLVMIntSLT, rest, other), is(LLVMIntEQ, rest, other), is(LLVMIntSGT, rest, other)};
  Ir up = LLVMConstNull(type(1));
  for (const bool odd : {false, true})
    for (const bool negative : {false, true})
      for (int against = -1; against <= 1; ++against) {
        if (!rounds_to_ceiling(odd, against, negative, node.mode)) continue;
        const Ir parity = odd ? is_odd : LLVMBuildNot(b_, is_odd, "");
        const Ir sign = negative ? is_negative : LLVMBuildNot(b_, is_negative, "");
        const Ir here =
            LLVMBuildAnd(b_, LLVMBuildAnd(b_, parity, sign, ""), half[static_cast<std::size_t>(against + 1)], "");
        up = LLVMBuildOr(b_, up, here, "");
      }
  up = LLVMBuildAnd(b_, up, is(LLVMIntNE, rest, zero), "");
  return LLVMBuildSelect(b_, up, LLVMBuildAdd(b_, floor, one, ""), floor, "");
}

} // namespace aceso::jit
