#include "analyse/matching.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace aceso::analyse {

namespace {

/// What one declaration offers for being recognised.
struct Marks {
  std::string name, words;
  std::set<std::pair<std::string, std::string>> codes;
};

std::set<std::pair<std::string, std::string>> codes_of(const std::vector<Code>& codes) {
  std::set<std::pair<std::string, std::string>> result;
  for (const Code& code : codes)
    result.emplace(code.system, code.code);
  return result;
}

std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Pairs what has equal keys, where a key stands for exactly one open thing on either side.
template <class AnyId>
class Matcher {
public:
  using MayBeOne = std::function<bool(std::size_t, std::size_t)>;
  Matcher(std::vector<Marks> first, std::vector<Marks> second, MayBeOne may_be_one)
      : first_(std::move(first)), second_(std::move(second)), may_be_one_(std::move(may_be_one)),
        partner_(second_.size()), taken_(first_.size()) {}

  std::vector<Match<AnyId>> run() {
    pair_by(MatchedBy::name, [](const Marks& m) { return std::vector<std::string>{m.name}; });
    pair_by(MatchedBy::code, [](const Marks& m) {
      std::vector<std::string> keys;
      for (const auto& [system, code] : m.codes)
        keys.push_back(system + "|" + code);
      return keys;
    });
    pair_by(MatchedBy::words, [](const Marks& m) { return std::vector<std::string>{m.words}; });
    std::vector<Match<AnyId>> result;
    for (std::size_t i = 0; i < second_.size(); ++i)
      result.push_back({partner_[i] ? AnyId(partner_[i]->first) : AnyId(), AnyId(i),
                        partner_[i] ? partner_[i]->second : MatchedBy::name});
    for (std::size_t i = 0; i < first_.size(); ++i)
      if (!taken_[i]) result.push_back({AnyId(i), AnyId(), MatchedBy::name});
    return result;
  }

private:
  template <class Keys>
  void pair_by(MatchedBy by, Keys keys_of) {
    std::map<std::string, std::set<std::size_t>> open[2];
    for (std::size_t i = 0; i < first_.size(); ++i)
      if (!taken_[i])
        for (const std::string& key : keys_of(first_[i]))
          if (!key.empty()) open[0][key].insert(i);
    for (std::size_t i = 0; i < second_.size(); ++i)
      if (!partner_[i])
        for (const std::string& key : keys_of(second_[i]))
          if (!key.empty()) open[1][key].insert(i);
    for (const auto& [key, places] : open[1]) {
      const auto found = open[0].find(key);
      if (found == open[0].end() || places.size() != 1 || found->second.size() != 1) continue;
      const std::size_t a = *found->second.begin(), b = *places.begin();
      if (taken_[a] || partner_[b] || !may_be_one_(a, b)) continue;
      taken_[a] = true;
      partner_[b] = {a, by};
    }
  }

  std::vector<Marks> first_, second_;
  MayBeOne may_be_one_;
  std::vector<std::optional<std::pair<std::size_t, MatchedBy>>> partner_;
  std::vector<bool> taken_;
};

std::vector<Marks> marks_of_inputs(const Dictionary& dictionary) {
  std::vector<Marks> marks;
  for (const InputInfo& input : dictionary.inputs)
    marks.push_back({input.name, folded(input.question), codes_of(input.codes)});
  return marks;
}

std::vector<Marks> marks_of_actions(const Dictionary& dictionary) {
  std::vector<Marks> marks;
  for (const ActionInfo& action : dictionary.actions)
    marks.push_back({action.name, folded(action.title), codes_of(action.codes)});
  return marks;
}

std::vector<Marks> marks_of_cautions(const Dictionary& dictionary) {
  std::vector<Marks> marks;
  for (const CautionInfo& caution : dictionary.cautions)
    marks.push_back({caution.name, folded(caution.text), {}});
  return marks;
}

/// Bounds, step and origin of the numbers that both types have; false where they have none in common.
bool share_grid(TypeInfo& shared, const TypeInfo& other) {
  const auto pick = [](std::optional<Rational>& mine, const std::optional<Rational>& theirs, bool larger) {
    if (theirs && (!mine || (larger ? *theirs > *mine : *theirs < *mine))) mine = theirs;
  };
  const TypeInfo first = shared;
  pick(shared.minimum, other.minimum, true);
  pick(shared.maximum, other.maximum, false);
  if (!shared.step) shared.step = other.step;
  const auto fits = [&](Rational value) {
    const auto on = [&](const TypeInfo& type) {
      return !type.step || Rational::is_on_step(value, type.minimum.value_or(Rational(0)), *type.step);
    };
    return on(first) && on(other);
  };
  if (shared.step && other.step && *other.step > *shared.step) shared.step = other.step;
  // The smallest common value, and the distance to the next, on the finer grid.
  const bool first_is_finer = first.step && (!other.step || *first.step <= *other.step);
  const TypeInfo& finer = first_is_finer ? first : other;
  const Rational small = finer.step.value_or(Rational(1)), origin = finer.minimum.value_or(Rational(0));
  Rational value = shared.minimum.value_or(Rational(0));
  if (const auto distance = Rational::subtract(value, origin))
    if (const auto steps = Rational::round(*distance, small, RoundingMode::up))
      value = Rational::add(*steps, origin).value_or(value);
  std::vector<Rational> found;
  for (int i = 0; shared.step && i < 10'000 && found.size() < 2; ++i) {
    if (shared.maximum && value > *shared.maximum) break;
    if (fits(value)) found.push_back(value);
    const auto next = Rational::add(value, small);
    if (!next) return false;
    value = *next;
  }
  if (!shared.step) return !shared.minimum || !shared.maximum || *shared.minimum <= *shared.maximum;
  if (found.empty()) return false;
  if (shared.minimum) shared.minimum = found.front();
  if (found.size() == 2) shared.step = Rational::subtract(found[1], found[0]);
  return true;
}

} // namespace

bool add_members(TypeInfo& shared, const TypeInfo& other) {
  std::vector<MemberInfo> members = shared.members;
  std::size_t next = 0; // behind the last member of `other` that was placed
  bool common = false, in_order = true;
  for (const MemberInfo& member : other.members) {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const MemberInfo& m) { return m.name == member.name; });
    if (found == members.end()) {
      members.insert(members.begin() + static_cast<std::ptrdiff_t>(next), member);
      ++next;
      continue;
    }
    common = true;
    const auto place = static_cast<std::size_t>(found - members.begin());
    in_order &= place + 1 > next;
    next = place + 1;
  }
  if (!common || (shared.kind == TypeKind::scale && !in_order)) return false;
  shared.members = std::move(members);
  return true;
}

std::string_view to_text(MatchedBy by) {
  return by == MatchedBy::name ? "the same name" : by == MatchedBy::code ? "the same code" : "the same words";
}

std::optional<TypeInfo> shared_type(const Dictionary& first, TypeId a, const Dictionary& second, TypeId b) {
  const TypeInfo& x = first[a];
  const TypeInfo& y = second[b];
  if (x.kind != y.kind || x.unit != y.unit) return std::nullopt;
  TypeInfo shared = x;
  switch (x.kind) {
  case TypeKind::number:
  case TypeKind::duration:
    if (!share_grid(shared, y)) return std::nullopt;
    break;
  case TypeKind::choice:
  case TypeKind::scale: {
    if (!add_members(shared, y)) return std::nullopt;
    break;
  }
  case TypeKind::list:
    if (!shared_type(first, x.element, second, y.element)) return std::nullopt;
    break;
  default: break;
  }
  return shared;
}

Matching match(const Dictionary& first, const Dictionary& second) {
  Matching result;
  const auto may_be_one = [&](std::size_t a, std::size_t b) {
    return shared_type(first, first.inputs[a].type, second, second.inputs[b].type).has_value();
  };
  result.inputs = Matcher<InputId>(marks_of_inputs(first), marks_of_inputs(second), may_be_one).run();
  const auto always = [](std::size_t, std::size_t) { return true; };
  result.actions = Matcher<ActionId>(marks_of_actions(first), marks_of_actions(second), always).run();
  result.cautions = Matcher<CautionId>(marks_of_cautions(first), marks_of_cautions(second), always).run();
  std::map<std::string, InputId> alone;
  for (const auto& one : result.inputs)
    if (!one.second.is_valid()) alone.emplace(first[one.first].name, one.first);
  for (const auto& one : result.inputs)
    if (!one.first.is_valid())
      if (const auto found = alone.find(second[one.second].name); found != alone.end())
        result.other_type.push_back({found->second, one.second, MatchedBy::name});
  return result;
}

} // namespace aceso::analyse
