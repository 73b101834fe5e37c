#include "lookup/outcome_sums.h"

#include <algorithm>

#include "module/decision.h"
#include "module/native_code.h"

namespace aceso::lookup {

using batch::Literal;
using batch::Output;
using batch::OutputKey;
using batch::OutputLayout;

namespace {

std::uint64_t minus(std::uint64_t value) { return ~value + 1; }

} // namespace

OutcomeSums::OutcomeSums(const Module& module, const Relations& relations, const batch::OutputLayout& outputs,
                         const batch::Program& program)
    : outputs_(outputs), program_(program) {
  const Dictionary& names = module.dictionary;
  begin({Table::refused, 0, 4}, 0);
  add({Output::refused, 0, 0}, 1);
  // A truth is 1 but for what is added: yes 2, no 0.
  begin({Table::summary, 0, 8}, 1 + (std::uint64_t{0xffffffff} << 32));
  static_assert(offsetof(NativeSummary, applies) == 0 && offsetof(NativeSummary, stage) == 4);
  add({Output::applies, 0, 0}, 1);
  add({Output::applies_not, 0, 0}, minus(1));
  for (std::uint32_t i = 0; i < names.stages.size(); ++i)
    add({Output::stage, i, 0}, (std::uint64_t{i} + 1) << 32);
  for (std::uint32_t i = 0; i < names.actions.size(); ++i)
    if (!relations.voices[i].empty()) add_action(i);
  std::uint32_t caution = 0;
  for (unsigned bytes = 8; bytes > 0; bytes /= 2)
    for (; caution + bytes <= names.cautions.size(); caution += bytes) {
      begin({Table::cautions, caution, bytes}, 0);
      for (unsigned i = 0; i < bytes; ++i) {
        sums.back().base += std::uint64_t{1} << (8 * i);
        add({Output::caution, caution + i, 0}, std::uint64_t{1} << (8 * i));
        add({Output::caution_not, caution + i, 0}, minus(std::uint64_t{1} << (8 * i)));
      }
    }
  for (std::uint32_t i = 0; i < names.differentials.size(); ++i) {
    const auto status = [](DifferentialStatus s) { return static_cast<std::uint64_t>(s); };
    const std::uint64_t none = status(DifferentialStatus::none);
    begin({Table::differentials, 4 * std::uint64_t{i}, 4}, none);
    for (std::uint32_t k = 0; k < names.differentials[i].candidates.size(); ++k)
      add({Output::decided, i, k}, 0x100 * std::uint64_t{names.differentials[i].candidates[k].index} +
                                       status(DifferentialStatus::decided) - none);
    add({Output::differential_open, i, 0}, status(DifferentialStatus::undetermined) - none);
    add({Output::differential_tie, i, 0}, status(DifferentialStatus::tie) - none);
  }
  for (Cover::Result& each : sums)
    std::erase_if(each.terms, [](const Cover::Term& term) { return term.addition == 0; });
}

void OutcomeSums::begin(Place place, std::uint64_t base) {
  places.push_back(place);
  sums.push_back({base, {}});
}

/// Of one plane and its complement one term is kept.
void OutcomeSums::add(OutputKey key, std::uint64_t addition) {
  const OutputLayout::Bit bit = outputs_.bit(key);
  Cover::Result& sum = sums.back();
  if (bit == OutputLayout::is_never) return;
  Literal when = batch::always;
  if (bit != OutputLayout::is_always) {
    when = program_.out_planes[bit / 2];
    if (bit % 2 != 0) when = !when;
  }
  if (when.is_inverted()) {
    sum.base += addition;
    addition = minus(addition);
    when = !when;
  }
  if (when == batch::never) return;
  for (Cover::Term& each : sum.terms)
    if (each.when == when) {
      each.addition += addition;
      return;
    }
  sum.terms.push_back({when, addition});
}

void OutcomeSums::add_action(std::uint32_t i) {
  const auto add_at = [&](Output output, std::uint32_t detail, std::uint64_t value, std::size_t byte) {
    add({output, i, detail}, value << (8 * byte));
  };
  const auto status = [](RecommendationStatus s) { return static_cast<std::uint64_t>(s); };
  const std::uint64_t usual = status(RecommendationStatus::not_advised);
  begin({Table::outcomes, sizeof(NativeOutcome) * std::uint64_t{i}, sizeof(NativeOutcome)}, usual);
  for (const auto each : {RecommendationStatus::advised, RecommendationStatus::conflict,
                          RecommendationStatus::undetermined, RecommendationStatus::overridden})
    add_at(Output::status, static_cast<std::uint32_t>(each), status(each) - usual, offsetof(NativeOutcome, status));
  for (std::uint32_t verb = 0; verb < 4; ++verb)
    add_at(Output::verb, verb, 1 + verb, offsetof(NativeOutcome, verb));
  for (std::uint32_t strength = 1; strength < 3; ++strength)
    add_at(Output::strength, strength, strength, offsetof(NativeOutcome, strength));
  for (std::uint32_t urgency = 1; urgency < 5; ++urgency)
    add_at(Output::urgency, urgency, urgency, offsetof(NativeOutcome, urgency));
  for (std::uint32_t term = 0; term < outputs_.terms[i].size(); ++term)
    add_at(Output::within, term, 1 + term, offsetof(NativeOutcome, within));
}

} // namespace aceso::lookup
