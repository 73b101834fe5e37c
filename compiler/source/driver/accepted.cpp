#include "driver/accepted.h"

#include <algorithm>
#include <array>

#include "module/json_tree.h"

namespace aceso::driver {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using source::Span;

namespace {

constexpr std::string_view example =
    R"({"accepted": [{"finding": "A1008", "subject": "action bed_rest", "because": "..."}]})";
constexpr std::size_t most_entries = 10'000;
constexpr std::size_t shortest_meaning = 12; ///< hexadecimal digits
constexpr std::string_view hash_begin = "sha256:";

Diagnostic make(Kind kind, Span span, std::string message, std::string mend) {
  Diagnostic made;
  made.kind = kind;
  made.span = span;
  made.message = std::move(message);
  made.mend = std::move(mend);
  return made;
}

std::string filled(Kind kind, const std::string& with) {
  return fmt::format(fmt::runtime(diagnostics::info(kind).message), with);
}

Diagnostic bad(Span span, const std::string& what, std::string mend) {
  return make(Kind::bad_accepted_finding, span, filled(Kind::bad_accepted_finding, what), std::move(mend));
}

/// Findings about all patients: those that depend on what patients there are, and not on how the text is written.
bool can_be_accepted(std::string_view id) {
  const auto& kinds = diagnostics::all_kinds();
  return id.starts_with("A10") && id < diagnostics::info(Kind::bad_accepted_finding).id &&
         std::any_of(kinds.begin(), kinds.end(), [&](const diagnostics::KindInfo& kind) { return kind.id == id; });
}

bool ends_in(std::string_view path, std::string_view file) {
  return path.ends_with(file) && (path.size() == file.size() || path[path.size() - file.size() - 1] == '/');
}

} // namespace

AcceptedFindings::AcceptedFindings(std::string path, std::string text) {
  sources_.add(std::move(path), std::move(text));
  const std::string_view all = sources_[0].text();
  const JsonParse json = parse_json(all, {});
  const auto span_of = [&](const JsonNode& node) {
    const char* const at = node.text.data();
    if (at == nullptr || at < all.data() || at > all.data() + all.size()) return Span{0, 0, 0};
    const auto begin = static_cast<std::uint32_t>(at - all.data());
    return Span{0, begin, begin + static_cast<std::uint32_t>(node.text.size())};
  };
  const auto refuse = [&](const JsonNode* at, const std::string& what, std::string mend) {
    faults_.push_back(bad(at != nullptr ? span_of(*at) : Span{0, 0, 0}, what, std::move(mend)));
  };
  if (json.problem != JsonProblem::none) {
    refuse(nullptr,
           json.problem == JsonProblem::syntax
               ? fmt::format("line {}, column {}: {}", json.line, json.column, json.reason)
               : "it is nested too deep, or too long",
           fmt::format("write JSON: {}", example));
    return;
  }
  const JsonNode* const list = json.root().kind == JsonKind::object ? json.root().member("accepted") : nullptr;
  if (list != nullptr && list->kind == JsonKind::array && (list->count > most_entries || json.root().count != 1)) {
    refuse(nullptr,
           json.root().count != 1 ? "beside the list `accepted` there is something else"
                                  : fmt::format("it has more than {} entries", most_entries),
           "keep one list of what really stays");
    return;
  }
  if (list == nullptr || list->kind != JsonKind::array) {
    refuse(nullptr, "it has no list `accepted`", fmt::format("write: {}", example));
    return;
  }
  for (const JsonNode& item : list->items()) {
    Entry entry;
    if (item.kind != JsonKind::object) {
      refuse(&item, fmt::format("{} stands where an object should", in_words(item.kind)),
             fmt::format("write: {}", example));
      continue;
    }
    const std::array<std::pair<std::string_view, std::string*>, 6> members = {{{"finding", &entry.finding},
                                                                               {"subject", &entry.subject},
                                                                               {"message", &entry.message},
                                                                               {"file", &entry.file},
                                                                               {"meaning", &entry.meaning},
                                                                               {"because", &entry.because}}};
    bool is_sound = true;
    for (const JsonNode& member : item.items()) {
      if (member.name == "notes" && member.kind == JsonKind::array && !member.is_repeated) {
        for (const JsonNode& note : member.items()) {
          if (note.kind != JsonKind::string) {
            refuse(&note, fmt::format("{} stands among the notes", in_words(note.kind)), "write texts");
            is_sound = false;
          }
          entry.notes.emplace_back(note.text);
        }
        continue;
      }
      const auto known =
          std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == member.name; });
      if (known == members.end() || member.kind != JsonKind::string || member.is_repeated) {
        std::vector<std::string> names{"notes"};
        for (const auto& [name, to] : members)
          names.emplace_back(name);
        const std::string near = diagnostics::nearest(member.name, names);
        refuse(&member,
               known == members.end() && member.name != "notes"
                   ? fmt::format("`{}` is no member of an accepted finding", member.name)
               : member.is_repeated ? fmt::format("`{}` is given twice", member.name)
                                    : fmt::format("`{}` is {}, and should be {}", member.name, in_words(member.kind),
                                                  member.name == "notes" ? "a list of texts" : "a text"),
               near.empty() || known != members.end() ? fmt::format("write: {}", example)
                                                      : fmt::format("did you mean `{}`?", near));
        is_sound = false;
        continue;
      }
      *known->second = member.text;
      if (member.text.empty()) {
        refuse(&member, fmt::format("`{}` is empty", member.name), "leave it out, or write what is meant");
        is_sound = false;
      }
      if (member.name == "finding") entry.span = span_of(member);
    }
    if (!is_sound) continue;
    if (!entry.span.is_valid()) entry.span = Span{0, 0, 0};
    const auto need = [&](bool holds, const std::string& what, std::string mend) {
      if (holds || !is_sound) return;
      faults_.push_back(bad(entry.span, what, std::move(mend)));
      is_sound = false;
    };
    need(can_be_accepted(entry.finding), fmt::format("`{}` is no finding about all patients", entry.finding),
         "name the id of a finding of `aceso check --deep`, such as A1008");
    need(!entry.subject.empty() || !entry.message.empty(), fmt::format("{} is accepted of everything", entry.finding),
         "name its \"subject\" or its \"message\", as `aceso check --deep --format json` has them");
    need(entry.because.find_first_not_of(" \t\r\n") != std::string::npos,
         fmt::format("{} of {} is accepted without a reason", entry.finding,
                     entry.subject.empty() ? entry.message : entry.subject),
         "write \"because\": what was considered, and by whom");
    if (is_sound) entries_.push_back(std::move(entry));
  }
}

void AcceptedFindings::note_file(std::string_view path) {
  for (Entry& entry : entries_)
    entry.is_about_us |= entry.file.empty() || ends_in(path, entry.file);
}

const std::string* AcceptedFindings::because(const Origin& origin, const Diagnostic& finding,
                                             std::string_view subject) {
  const auto digits = [](std::string_view hash) {
    if (hash.starts_with(hash_begin)) hash.remove_prefix(hash_begin.size());
    return hash;
  };
  const auto is_same = [](const diagnostics::Note& note, const std::string& text) { return note.message == text; };
  const std::string* reason = nullptr;
  const std::string_view meaning = digits(origin.meaning);
  for (Entry& entry : entries_) {
    if (entry.finding != diagnostics::info(finding.kind).id) continue;
    if (!entry.subject.empty() && entry.subject != subject) continue;
    if (!entry.message.empty() && entry.message != finding.message) continue;
    if (!entry.file.empty() && !ends_in(origin.checked, entry.file) && !ends_in(origin.shown_in, entry.file)) continue;
    if (!entry.notes.empty() &&
        !std::equal(finding.notes.begin(), finding.notes.end(), entry.notes.begin(), entry.notes.end(), is_same))
      continue;
    const std::string_view wanted = digits(entry.meaning);
    if (wanted.size() < shortest_meaning || !meaning.starts_with(wanted)) {
      entry.other_meaning = meaning.substr(0, shortest_meaning);
      continue;
    }
    ++entry.matches;
    if (reason == nullptr) reason = &entry.because;
  }
  return reason;
}

std::vector<Diagnostic> AcceptedFindings::complaints() const {
  std::vector<Diagnostic> all = faults_;
  for (const Entry& entry : entries_) {
    const std::string what =
        fmt::format("{} of {}", entry.finding, entry.subject.empty() ? entry.message : entry.subject);
    if (entry.matches == 0 && !entry.other_meaning.empty())
      all.push_back(bad(
          entry.span,
          entry.meaning.empty() ? fmt::format("{} does not say of which meaning it was accepted", what)
                                : fmt::format("{} was accepted when the guideline had another meaning", what),
          fmt::format("look at the finding again; if it may stay, write \"meaning\": \"{}\"", entry.other_meaning)));
    else if (entry.matches == 0 && entry.is_about_us)
      all.push_back(make(Kind::accepted_and_gone, entry.span, filled(Kind::accepted_and_gone, what),
                         "take it out of the list, or mend what it names"));
    if (entry.matches > 1)
      all.push_back(bad(entry.span, fmt::format("{} is accepted {} times over", what, entry.matches),
                        "accept each finding by itself: add its \"message\", its \"notes\" or its \"file\""));
  }
  return all;
}

} // namespace aceso::driver
