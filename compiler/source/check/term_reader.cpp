#include "check/term_reader.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "module/json_tree.h"
#include "values/concept.h"
#include "values/rational.h"

namespace aceso::check {
namespace {

constexpr JsonLimits limits{200, 3'000'000};
constexpr std::size_t shown_in_circle = 8;

[[noreturn]] void refuse(std::string reason) { throw TermFault{TermFault::Kind::unreadable, std::move(reason), {}}; }
[[noreturn]] void unresolved(std::string reason) {
  throw TermFault{TermFault::Kind::unresolved, std::move(reason), {}};
}

void refuse_repeated_keys(const JsonNode& node) {
  for (const JsonNode& item : node.items()) {
    if (item.is_repeated) refuse(fmt::format("the key \"{}\" stands twice in one object", item.name));
    refuse_repeated_keys(item);
  }
}

/// The member of this kind, or null where it is absent.
const JsonNode* member(const JsonNode& object, std::string_view name, JsonKind kind) {
  const JsonNode* found = object.member(name);
  if (found && found->kind != kind)
    refuse(fmt::format("\"{}\" must be {}, and is {}", name, in_words(kind), in_words(found->kind)));
  return found;
}
std::string text(const JsonNode& object, std::string_view name) {
  const JsonNode* found = member(object, name, JsonKind::string);
  return std::string(found ? found->text : std::string_view());
}
bool is_true(const JsonNode& object, std::string_view name) {
  const JsonNode* found = member(object, name, JsonKind::boolean);
  return found && found->boolean;
}
/// The objects of an array; nothing where it is absent.
template <class Visit>
void for_each(const JsonNode& object, std::string_view name, Visit visit) {
  const JsonNode* array = member(object, name, JsonKind::array);
  if (!array) return;
  for (const JsonNode& item : array->items()) {
    if (item.kind != JsonKind::object)
      refuse(fmt::format("each entry of \"{}\" must be an object, and one is {}", name, in_words(item.kind)));
    visit(item);
  }
}

JsonParse read_resource(std::string_view json, std::string_view type) {
  JsonParse parse = parse_json(json, limits);
  switch (parse.problem) {
  case JsonProblem::none: break;
  case JsonProblem::syntax:
    refuse(fmt::format("it is not valid JSON: at line {}, column {}, {}", parse.line, parse.column, parse.reason));
  case JsonProblem::too_deep: refuse(fmt::format("it is nested more than {} levels deep", limits.max_depth));
  case JsonProblem::too_many_values: refuse(fmt::format("it has more than {} values", limits.max_values));
  }
  if (parse.root().kind != JsonKind::object) refuse("it is no FHIR resource");
  refuse_repeated_keys(parse.root());
  const std::string found = text(parse.root(), "resourceType");
  if (found.empty()) refuse("it is no FHIR resource");
  if (found != type) refuse(fmt::format("it is a FHIR resource of another kind, {}", found));
  return parse;
}

/// The positions of the codes, each once.
class CodeList {
public:
  explicit CodeList(std::vector<TermCode>& codes) : codes_(codes) {}

  std::uint32_t add(TermCode code) {
    if (code.system.empty()) refuse(fmt::format("the code \"{}\" does not say its system", code.code));
    if (!is_code(code.code)) refuse(fmt::format("\"{}\" is not a code", code.code));
    const auto position = static_cast<std::uint32_t>(codes_.size());
    if (!positions_.emplace(std::pair(code.system, code.code), position).second)
      throw TermFault{TermFault::Kind::duplicate, code.code, code.system};
    codes_.push_back(std::move(code));
    return position;
  }
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& system, const std::string& code) const {
    const auto found = positions_.find(std::pair(system, code));
    return found == positions_.end() ? std::nullopt : std::optional(found->second);
  }

private:
  std::vector<TermCode>& codes_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> positions_;
};

// ------------------------------------------------------------------------------------------------ value sets

/// What a server says of an expansion that it could not finish.
void refuse_partial(const JsonNode& expansion, std::size_t codes) {
  for_each(expansion, "extension", [](const JsonNode& extension) {
    const std::string url = text(extension, "url");
    for (const std::string_view mark : {"/valueset-unclosed", "/valueset-toocostly"})
      if (url.ends_with(mark)) unresolved("the server marked its expansion as incomplete");
  });
  if (expansion.member("next")) unresolved("its expansion goes on in another file (\"next\")");
  const JsonNode* offset = member(expansion, "offset", JsonKind::number);
  if (offset && offset->text != "0") unresolved(fmt::format("its expansion begins at number {}", offset->text));
  const JsonNode* total = member(expansion, "total", JsonKind::number);
  if (!total) return;
  const auto wanted = Rational::from_decimal(total->text);
  if (!wanted) refuse("\"total\" is not a number of codes");
  if (*wanted > Rational(static_cast<std::int64_t>(codes)))
    unresolved(fmt::format("its expansion says that it has {} codes, and lists {}", total->text, codes));
}

/// `entries` counts all that stands there: some servers count groups as well.
void add_entries(const JsonNode& object, CodeList& codes, std::size_t& entries) {
  for_each(object, "contains", [&](const JsonNode& entry) {
    ++entries;
    const bool has_code = member(entry, "code", JsonKind::string) != nullptr, is_abstract = is_true(entry, "abstract");
    (void)is_true(entry, "inactive");
    if (!has_code && !is_abstract && !entry.member("contains"))
      refuse("an entry of its expansion has neither a code nor entries of its own");
    if (has_code && !is_abstract) codes.add({text(entry, "system"), text(entry, "code"), text(entry, "display")});
    add_entries(entry, codes, entries);
  });
}

ReadValueSet value_set_of(std::string_view json) {
  const JsonParse parse = read_resource(json, "ValueSet");
  const JsonNode& root = parse.root();
  const JsonNode* expansion = member(root, "expansion", JsonKind::object);
  if (!expansion) unresolved("it has no expansion, so its codes are not listed");
  ReadValueSet result{text(root, "url"), text(root, "version"), {}};
  CodeList codes(result.codes);
  std::size_t entries = 0;
  add_entries(*expansion, codes, entries);
  refuse_partial(*expansion, entries);
  return result;
}

// ------------------------------------------------------------------------------------------------ hierarchies

class HierarchyReader {
public:
  ReadHierarchy read(std::string_view json) {
    const JsonParse parse = read_resource(json, "CodeSystem");
    const JsonNode& root = parse.root();
    result_.url = text(root, "url");
    result_.version = text(root, "version");
    if (result_.url.empty()) refuse("it does not say the address of its system (\"url\")");
    const std::string content = text(root, "content");
    if (content != "complete")
      unresolved(fmt::format("its content is {}, not complete", content.empty() ? "not told" : content));
    const std::string meaning = text(root, "hierarchyMeaning");
    if (!meaning.empty() && meaning != "is-a") refuse(fmt::format("its hierarchy means {}, not is-a", meaning));
    add_concepts(root, std::nullopt);
    for (const auto& [code, other, is_parent] : named_)
      add_named(code, other, is_parent);
    std::sort(result_.below.begin(), result_.below.end());
    result_.below.erase(std::unique(result_.below.begin(), result_.below.end()), result_.below.end());
    if (result_.below.empty()) unresolved("none of its codes stands below another");
    refuse_circle();
    return std::move(result_);
  }

private:
  void add_concepts(const JsonNode& object, std::optional<std::uint32_t> parent) {
    for_each(object, "concept", [&](const JsonNode& item) {
      const std::uint32_t code = codes_.add({result_.url, text(item, "code"), text(item, "display")});
      if (parent) result_.below.emplace_back(code, *parent);
      for_each(item, "property", [&](const JsonNode& property) { note_property(code, property); });
      add_concepts(item, code);
    });
  }

  void note_property(std::uint32_t code, const JsonNode& property) {
    const std::string name = text(property, "code");
    const bool is_parent = name == "parent" || name == "subsumedBy";
    if (!is_parent && name != "child") return;
    std::string other = text(property, "valueCode");
    if (const JsonNode* coding = member(property, "valueCoding", JsonKind::object)) other = text(*coding, "code");
    named_.push_back({code, std::move(other), is_parent});
  }

  void add_named(std::uint32_t code, const std::string& name, bool is_parent) {
    const auto other = codes_.find(result_.url, name);
    if (!other)
      refuse(fmt::format("\"{}\" names \"{}\" as its {}, which is not listed", result_.codes[code].code, name,
                         is_parent ? "parent" : "child"));
    result_.below.emplace_back(is_parent ? std::pair(code, *other) : std::pair(*other, code));
  }

  /// Takes away the codes that have nothing above them, again and again; what remains goes round.
  void refuse_circle() const {
    const std::size_t count = result_.codes.size();
    std::vector<std::vector<std::uint32_t>> children(count), parents(count);
    std::vector<std::size_t> open(count);
    for (const auto& [child, parent] : result_.below) {
      children[parent].push_back(child);
      parents[child].push_back(parent);
      ++open[child];
    }
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < count; ++i)
      if (open[i] == 0) free.push_back(i);
    for (std::size_t i = 0; i < free.size(); ++i)
      for (const std::uint32_t child : children[free[i]])
        if (--open[child] == 0) free.push_back(child);
    if (free.size() == count) return;
    // Upwards from a code that remains: each such code has a parent that remains, so that one comes again.
    auto at = static_cast<std::uint32_t>(std::find_if(open.begin(), open.end(), [](auto n) { return n != 0; }) -
                                         open.begin());
    std::vector<std::uint32_t> way;
    std::set<std::uint32_t> seen;
    while (seen.insert(at).second) {
      way.push_back(at);
      at = *std::find_if(parents[at].begin(), parents[at].end(), [&](std::uint32_t p) { return open[p] != 0; });
    }
    way.erase(way.begin(), std::find(way.begin(), way.end(), at));
    way.push_back(at);
    std::vector<std::string> names;
    for (const std::uint32_t code : way)
      names.push_back(names.size() == shown_in_circle ? "..." : result_.codes[code].code);
    if (names.size() > shown_in_circle + 1) names.erase(names.begin() + shown_in_circle + 1, names.end());
    throw TermFault{TermFault::Kind::circle, fmt::format("{}", fmt::join(names, ", ")), {}};
  }

  struct Named {
    std::uint32_t code;
    std::string other;
    bool is_parent;
  };
  ReadHierarchy result_;
  CodeList codes_{result_.codes};
  std::vector<Named> named_; ///< looked up when all codes are known
};

} // namespace

std::variant<ReadValueSet, TermFault> read_value_set(std::string_view json) {
  try {
    return value_set_of(json);
  } catch (TermFault& fault) {
    return std::move(fault);
  }
}

std::variant<ReadHierarchy, TermFault> read_hierarchy(std::string_view json) {
  try {
    return HierarchyReader().read(json);
  } catch (TermFault& fault) {
    return std::move(fault);
  }
}

} // namespace aceso::check
