/// `round`: the real expression under it is put together with its exact leaves and rounded once.
#include <algorithm>
#include <optional>

#include "reference/evaluator.h"
#include "values/real.h"

namespace aceso::reference {

using graph::Node;
using graph::Op;
using graph::SeriesFunction;

namespace {

std::optional<RealOp> real_op(Op op) {
  switch (op) {
  case Op::add: return RealOp::add;
  case Op::subtract: return RealOp::subtract;
  case Op::multiply: return RealOp::multiply;
  case Op::divide: return RealOp::divide;
  case Op::negate: return RealOp::negate;
  case Op::absolute: return RealOp::absolute;
  case Op::minimum: return RealOp::minimum;
  case Op::maximum: return RealOp::maximum;
  case Op::square_root: return RealOp::square_root;
  case Op::natural_logarithm: return RealOp::natural_logarithm;
  case Op::logarithm_10: return RealOp::logarithm_10;
  case Op::exponential: return RealOp::exponential;
  case Op::power: return RealOp::power;
  default: return std::nullopt;
  }
}

class Program {
public:
  Program(const graph::Graph& graph, Evaluator& evaluator) : graph_(graph), evaluator_(evaluator) {}

  /// The position of the node's value; nothing where a leaf is unknown.
  std::optional<std::uint32_t> put(NodeId id) {
    const Node& node = graph_[id];
    const bool is_real = node.range() && node.range()->step == Rational(0);
    if (node.op == Op::series && static_cast<SeriesFunction>(node.detail) == SeriesFunction::trend)
      return put_trend(node);
    if (!is_real || node.op == Op::series) return put_leaf(evaluator_.value(id));
    if (node.op == Op::conditional) {
      const Value& condition = evaluator_.value(node.operands[0]);
      if (!condition.is_known()) return unknown(condition);
      return put(node.operands[condition.as<bool>() ? 1 : 2]);
    }
    if (node.op == Op::convert) {
      const auto value = put(node.operands[0]);
      if (!value) return std::nullopt;
      const auto factor = leaf(node.details->factor);
      const auto scaled = push({RealOp::multiply, *value, factor});
      return push({RealOp::add, scaled, leaf(node.details->offset)});
    }
    const auto op = real_op(node.op);
    if (!op) return put_leaf(evaluator_.value(id));
    std::vector<std::uint32_t> operands;
    bool complete = true;
    for (const NodeId operand : node.operands) {
      const auto value = put(operand);
      complete &= value.has_value();
      operands.push_back(value.value_or(0));
    }
    if (!complete) return std::nullopt;
    std::uint32_t result = operands.size() == 1 ? push({*op, operands[0], 0}) : operands[0];
    for (std::size_t i = 1; i < operands.size(); ++i)
      result = push({*op, result, operands[i]});
    return result;
  }

  [[nodiscard]] UnknownReason reason() const { return reason_; }
  [[nodiscard]] std::optional<Rational> round(Rational step, RoundingMode mode) const {
    return round_real(nodes_, leaves_, step, mode);
  }

private:
  std::optional<std::uint32_t> unknown(const Value& value) {
    reason_ = std::min(reason_, value.reason());
    return std::nullopt;
  }
  /// By its measurements, because the slope itself may need more than 64 bits.
  std::optional<std::uint32_t> put_trend(const Node& node) {
    UnknownReason reason{};
    const auto window = evaluator_.series_window(node, reason);
    if (!window) return unknown(reason);
    const auto known = known_measurements(window->all, window->from);
    if (!has_trend(known)) return unknown(series_value(SeriesFunction::trend, window->all, window->from));
    return append_trend(known, nodes_, leaves_);
  }
  std::optional<std::uint32_t> put_leaf(const Value& value) {
    if (!value.is_known()) return unknown(value);
    return leaf(value.as<Rational>());
  }
  std::uint32_t leaf(Rational value) {
    leaves_.push_back(value);
    return push({RealOp::leaf, static_cast<std::uint32_t>(leaves_.size() - 1), 0});
  }
  std::uint32_t push(RealNode node) {
    nodes_.push_back(node);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  const graph::Graph& graph_;
  Evaluator& evaluator_;
  std::vector<RealNode> nodes_;
  std::vector<Rational> leaves_;
  UnknownReason reason_ = UnknownReason::not_applicable;
};

} // namespace

Value Evaluator::rounded(const Node& node) {
  Program program(graph_, *this);
  const auto last = program.put(node.operands[0]);
  if (!last) return program.reason();
  const auto result = program.round(node.details->factor, static_cast<RoundingMode>(node.reference));
  // A division by 0, the root of a negative number and the like: for this patient there is no such number.
  return result ? Value(*result) : Value(UnknownReason::not_applicable);
}

} // namespace aceso::reference
