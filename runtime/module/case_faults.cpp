#include "module/case_faults.h"

#include <algorithm>
#include <array>

#include "module/json_writer.h"
#include "values/stable_order.h"

namespace aceso {
namespace {

struct FaultRow {
  std::string_view id;
  std::string_view message;
};
constexpr std::array rows = {
#define CASE_FAULT(id, name, message) FaultRow{id, message},
#include "module/case_faults.def"
#undef CASE_FAULT
};

const FaultRow& row_of(CaseFaultKind kind) { return rows[static_cast<std::size_t>(kind)]; }

std::string fill(std::string_view message, std::initializer_list<std::string_view> arguments) {
  std::string text;
  const std::string_view* argument = arguments.begin();
  while (!message.empty()) {
    const std::size_t hole = message.find("{}");
    text += message.substr(0, hole);
    if (hole == std::string_view::npos) break;
    if (argument != arguments.end()) text += *argument++;
    message.remove_prefix(hole + 2);
  }
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Optimal string alignment distance (edits and swaps of neighbours), without regard to the case of letters.
/// R. A. Wagner and M. J. Fischer, J. ACM 21 (1974), with the transposition of F. J. Damerau, CACM 7 (1964).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

} // namespace

const std::vector<std::string_view>& case_fault_ids() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> all;
    for (const FaultRow& row : rows)
      all.push_back(row.id);
    return all;
  }();
  return ids;
}

void FaultList::add(CaseFaultKind kind, std::uint32_t order, std::string path,
                    std::initializer_list<std::string_view> arguments) {
  if (is_full()) return;
  const FaultRow& row = row_of(kind);
  faults_.push_back({order, {std::string(row.id), std::move(path), fill(row.message, arguments)}});
}

void FaultList::add(CaseFaultKind kind, const JsonNode& node, const JsonPath& path,
                    std::initializer_list<std::string_view> arguments) {
  if (!is_full()) add(kind, node.order, path.to_text(), arguments);
}

std::vector<CaseFault> FaultList::take() {
  const bool more = is_full();
  sort_stably(faults_, [](const Entry& a, const Entry& b) { return a.order < b.order; });
  std::vector<CaseFault> result;
  for (Entry& entry : faults_) {
    if (result.size() == limit_) break;
    result.push_back(std::move(entry.fault));
  }
  faults_.clear();
  if (more) {
    const FaultRow& row = row_of(CaseFaultKind::too_many_faults);
    result.push_back({std::string(row.id), "$", fill(row.message, {std::to_string(limit_)})});
  }
  return result;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return json_quoted(text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
    --end; // not inside a UTF-8 character
  return json_quoted(std::string(text.substr(0, end)) + "...");
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t most_edits = 2;
  constexpr std::size_t longest = 80;
  if (word.empty() || word.size() > longest) return {};
  std::size_t best_distance = most_edits + 1;
  std::string_view best;
  for (std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - std::min(candidate.size(), word.size()) > most_edits) continue;
    const std::size_t distance = edit_distance(word, candidate);
    // Two edits in a word of two letters make any word: more than half of it must stay.
    if (distance < best_distance && distance * 2 < longer) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best.empty() ? std::string() : "; did you mean " + json_quoted(best) + "?";
}

std::string listed(const std::vector<std::string_view>& names) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == most && names.size() > most + 1) return text + "and " + std::to_string(names.size() - most) + " more";
    text += names[i];
  }
  return text;
}

} // namespace aceso
