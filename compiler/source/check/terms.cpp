/// Code systems, concepts, value sets and hierarchies, and what is asked of them.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/checker.h"
#include "check/term_reader.h"
#include "values/sha256.h"

namespace aceso::check {

using E = ast::ExpressionKind;

namespace {

std::string quoted_name(const ast::Text& path) { return "\"" + path.text + "\""; }

std::string version_in_words(const std::string& version) {
  return version.empty() ? "no version" : fmt::format("the version \"{}\"", version);
}

} // namespace

// ------------------------------------------------------------------------------------------------ systems and files

void Checker::declare_system(const ast::CodesDecl::System& system, bool is_main) {
  const auto found = systems_.find(system.name.text);
  if (found != systems_.end()) {
    // Every block may say which systems it speaks of, as long as all say the same.
    const auto& first = static_cast<const ast::CodesDecl::System&>(*found->second.declaration);
    if (first.address.text == system.address.text && first.version.text == system.version.text) return;
  }
  declare(systems_, system.name, Symbol{Symbol::Kind::code_system, &system, nullptr, is_main});
}

const ast::CodesDecl::System* Checker::code_system(const ast::Name& name) {
  if (const auto found = systems_.find(name.text); found != systems_.end())
    return static_cast<const ast::CodesDecl::System*>(found->second.declaration);
  Diagnostic& d = sink_.report(Kind::unknown_name, name.span, name.text);
  const std::string near = nearest_name(name.text, {&systems_});
  d.mend = near.empty() ? fmt::format("declare it first: system {} \"its address\"", name.text)
                        : fmt::format("did you mean `{}`?", near);
  return nullptr;
}

/// The name by which the author calls a system, or else its address.
std::string Checker::system_name(const std::string& address) const {
  for (const auto& [name, symbol] : systems_)
    if (static_cast<const ast::CodesDecl::System*>(symbol.declaration)->address.text == address)
      return fmt::format("`{}`", name);
  return address;
}

std::string Checker::system_names(const std::vector<std::string>& addresses) const {
  std::vector<std::string> names;
  for (const std::string& address : addresses)
    names.push_back(system_name(address));
  return fmt::format("{}", fmt::join(names, " or "));
}

TypeId Checker::code_type(std::vector<std::string> systems) {
  std::sort(systems.begin(), systems.end());
  systems.erase(std::unique(systems.begin(), systems.end()), systems.end());
  const std::string key = fmt::format("code of {}", fmt::join(systems, "|"));
  if (const auto found = type_ids_.find(key); found != type_ids_.end()) return found->second;
  TypeInfo type;
  type.kind = TypeKind::code;
  type.systems = std::move(systems);
  return type_ids_[key] = intern(std::move(type));
}

/// The content of the file, where it is the one that the author has seen; reports and gives null otherwise.
const std::string* Checker::pinned_text(const ast::CodesDecl::PinnedFile& file) {
  const auto found = std::find_if(program_->term_files.begin(), program_->term_files.end(),
                                  [&](const TermFile& one) { return one.path_span == file.path.span; });
  if (found == program_->term_files.end()) {
    sink_.report(Kind::cannot_read_file, file.path.span, file.path.text, "it was not given to the compiler");
    return nullptr;
  }
  const std::string hash = "sha256:" + sha256(found->text);
  if (file.hash.text == hash) return &found->text;
  Diagnostic& d = file.hash.empty()
                      ? sink_.report(Kind::not_pinned, file.path.span,
                                     fmt::format("{} is not pinned: it could change, and nobody would see it",
                                                 quoted_name(file.path)))
                      : sink_.report(Kind::not_pinned, file.hash.span,
                                     fmt::format("{} is not the file that was pinned here", quoted_name(file.path)));
  d.mend = fmt::format("look at its codes; if they are right, write: hash \"{}\"", hash);
  return nullptr;
}

bool Checker::check_version(const ast::CodesDecl::PinnedFile& file, const std::string& version) {
  if (file.version.text == version) return true;
  Diagnostic& d = sink_.report(Kind::version_differs, file.version.empty() ? file.path.span : file.version.span,
                               quoted_name(file.path), version_in_words(version), version_in_words(file.version.text));
  d.mend = version.empty() ? "leave `version` out" : fmt::format("write: version \"{}\"", version);
  return false;
}

void Checker::report_term_fault(const ast::CodesDecl::PinnedFile& file, const TermFault& fault, std::string_view what) {
  const std::string name = quoted_name(file.path);
  const Span span = file.path.span;
  switch (fault.kind) {
  case TermFault::Kind::unreadable:
    sink_.report(Kind::bad_term_file, span, name, what, fault.reason).mend =
        fmt::format("give a {} in the JSON of FHIR", what);
    break;
  case TermFault::Kind::unresolved:
    sink_.report(Kind::unresolved_set, span, name, fault.reason).mend =
        what == "ValueSet" ? "let a terminology server expand the whole set ($expand), and give that file"
                           : "give a complete CodeSystem with its hierarchy";
    break;
  case TermFault::Kind::duplicate:
    sink_.report(Kind::duplicate_code, span, name, fault.reason, fault.system).mend = "list each code once";
    break;
  case TermFault::Kind::circle:
    sink_.report(Kind::hierarchy_circle, span, name, fault.reason).mend =
        "mend the file: a code cannot be a kind of itself by way of others";
    break;
  }
}

// ------------------------------------------------------------------------------------------------ declarations

/// All codes first, so that each has its place in one table, in order; then the sets, as positions in that table.
void Checker::lower_terms() {
  std::map<std::pair<std::string, std::string>, Code> table;
  struct Listed {
    ValueSetInfo info;
    std::vector<TermCode> codes;
    const ast::CodesDecl::ValueSet* declaration;
  };
  std::vector<Listed> listed;
  std::vector<std::pair<Hierarchy, ReadHierarchy>> read;
  const auto enter = [&](const TermCode& code) {
    Code& entry = table[{code.system, code.code}];
    entry.system = code.system;
    entry.code = code.code;
    if (entry.display.empty()) entry.display = code.display;
  };
  const auto checked = [&](const ast::Name& system, const ast::Text& code) -> const ast::CodesDecl::System* {
    const auto* found = code_system(system);
    if (is_code(code.text)) return found;
    sink_.report(Kind::bad_code, code.span, "\"" + code.text + "\"").mend = "write the code as its system spells it";
    return nullptr;
  };
  for (const ast::File& file : program_->files)
    for (const auto& declaration : file.declarations) {
      const auto* codes = std::get_if<ast::CodesDecl>(&declaration);
      if (!codes) continue;
      for (const auto& one : codes->concepts)
        if (const auto* system = checked(one.system, one.code))
          enter({system->address.text, one.code.text, one.title.text});
      for (const auto& set : codes->value_sets) {
        Listed entry{{}, {}, &set};
        entry.info.name = set.name.text;
        entry.info.title = set.title.text;
        if (!set.file ? list_entries(set, entry.codes) : read_set_file(*set.file, entry.info, entry.codes)) {
          for (const TermCode& code : entry.codes)
            enter(code);
          listed.push_back(std::move(entry));
        }
      }
      for (const auto& hierarchy : codes->hierarchies)
        if (auto found = read_hierarchy_file(hierarchy)) {
          for (const TermCode& code : found->codes)
            enter(code);
          read.emplace_back(Hierarchy{hierarchy.name.text, found->url, {}, {}}, std::move(*found));
        }
    }
  for (auto& [key, code] : table)
    graph_.dictionary.concepts.push_back(std::move(code));
  const auto position = [&](const TermCode& code) {
    return find_concept(graph_.dictionary, code.system, code.code).index;
  };
  for (Listed& entry : listed) {
    for (const TermCode& code : entry.codes)
      entry.info.codes.members.push_back(position(code));
    std::sort(entry.info.codes.members.begin(), entry.info.codes.members.end());
    value_set_ids_[entry.info.name] = static_cast<std::uint32_t>(graph_.dictionary.value_sets.size());
    graph_.dictionary.value_sets.push_back(std::move(entry.info));
  }
  for (auto& [hierarchy, content] : read) {
    for (const TermCode& code : content.codes)
      hierarchy.codes.push_back(position(code));
    for (const auto& [child, parent] : content.below)
      hierarchy.children[hierarchy.codes[parent]].push_back(hierarchy.codes[child]);
    std::sort(hierarchy.codes.begin(), hierarchy.codes.end());
    hierarchies_.push_back(std::move(hierarchy));
  }
}

bool Checker::list_entries(const ast::CodesDecl::ValueSet& set, std::vector<TermCode>& codes) {
  bool ok = true;
  for (const auto& entry : set.entries) {
    const auto* system = code_system(entry.system);
    ok &= system != nullptr;
    if (!is_code(entry.code.text)) {
      sink_.report(Kind::bad_code, entry.code.span, "\"" + entry.code.text + "\"").mend =
          "write the code as its system spells it";
      ok = false;
    }
    if (!system) continue;
    const bool is_new = std::none_of(codes.begin(), codes.end(), [&](const TermCode& other) {
      return other.system == system->address.text && other.code == entry.code.text;
    });
    if (!is_new) {
      sink_
          .report(Kind::duplicate_code, entry.code.span, fmt::format("`{}`", set.name.text), entry.code.text,
                  fmt::format("`{}`", entry.system.text))
          .mend = "list each code once";
      ok = false;
    }
    codes.push_back({system->address.text, entry.code.text, entry.display.text});
  }
  return ok;
}

bool Checker::read_set_file(const ast::CodesDecl::PinnedFile& file, ValueSetInfo& info, std::vector<TermCode>& codes) {
  const std::string* text = pinned_text(file);
  if (!text) return false;
  auto read = read_value_set(*text);
  if (const auto* fault = std::get_if<TermFault>(&read)) {
    report_term_fault(file, *fault, "ValueSet");
    return false;
  }
  auto& set = std::get<ReadValueSet>(read);
  if (!check_version(file, set.version)) return false;
  info.url = std::move(set.url);
  info.version = std::move(set.version);
  info.hash = file.hash.text;
  codes = std::move(set.codes);
  return true;
}

std::optional<ReadHierarchy> Checker::read_hierarchy_file(const ast::CodesDecl::Hierarchy& hierarchy) {
  const auto* system = code_system(hierarchy.system);
  const std::string* text = pinned_text(hierarchy.file);
  if (!system || !text) return std::nullopt;
  auto read = read_hierarchy(*text);
  if (const auto* fault = std::get_if<TermFault>(&read)) {
    report_term_fault(hierarchy.file, *fault, "CodeSystem");
    return std::nullopt;
  }
  auto& found = std::get<ReadHierarchy>(read);
  if (!check_version(hierarchy.file, found.version)) return std::nullopt;
  if (found.url != system->address.text) {
    sink_
        .report(Kind::systems_differ, hierarchy.system.span,
                fmt::format("{} is a hierarchy of {}, not of {}", quoted_name(hierarchy.file.path), found.url,
                            system->address.text))
        .mend = "name the system whose codes the file holds";
    return std::nullopt;
  }
  for (const Hierarchy& other : hierarchies_of_text_)
    if (other.system == found.url) {
      sink_
          .report(Kind::systems_differ, hierarchy.name.span,
                  fmt::format("`{}` and `{}` are both hierarchies of `{}`", other.name, hierarchy.name.text,
                              hierarchy.system.text))
          .mend = "keep one of them";
      return std::nullopt;
    }
  hierarchies_of_text_.push_back({hierarchy.name.text, found.url, {}, {}});
  return std::move(found);
}

// ------------------------------------------------------------------------------------------------ what is asked

NodeId Checker::lower_concept(const ast::CodesDecl::Concept& declared, Span span) {
  const auto found = systems_.find(declared.system.text);
  if (found == systems_.end() || !is_code(declared.code.text)) return {}; // reported where it is declared
  const std::string& system = static_cast<const ast::CodesDecl::System&>(*found->second.declaration).address.text;
  return constant(find_concept(graph_.dictionary, system, declared.code.text), code_type({system}), span);
}

/// A fixed code takes the type that is wanted where that has its system; other nodes are left as they are.
NodeId Checker::as_code(NodeId id, TypeId wanted) {
  if (!id.is_valid() || !wanted.is_valid() || at(id).type == wanted || !is_constant(id)) return id;
  if (info(wanted).kind != TypeKind::code || info(at(id).type).kind != TypeKind::code) return id;
  const auto& systems = info(wanted).systems;
  const std::string& system = info(at(id).type).systems.front();
  if (info(at(id).type).systems.size() != 1 || !std::count(systems.begin(), systems.end(), system)) return id;
  return constant(at(id).constant, wanted, at(id).span);
}

bool Checker::is_code_question(const ast::Expression& e) const {
  const auto is_set = [&](const ast::ExpressionPtr& child) {
    if (child->kind != E::name || (!parameters_.empty() && parameters_.back().count(child->text))) return false;
    const auto found = values_.find(child->text);
    return found != values_.end() && found->second.kind == Symbol::Kind::value_set;
  };
  return e.children[0]->kind == E::each_of || std::any_of(e.children.begin() + 1, e.children.end(), is_set);
}

/// The code, or the list of codes, that is asked; `subject` is the expression before `in` or `is a`.
std::optional<Checker::AskedCodes> Checker::lower_asked(const ast::Expression& subject, std::string_view question) {
  AskedCodes result;
  const bool is_list = subject.kind == E::each_of;
  result.node = lower_exact(is_list ? *subject.children[0] : subject);
  if (!result.node.is_valid()) return std::nullopt;
  const TypeInfo& type = info(at(result.node).type);
  const TypeId element = type.kind == TypeKind::list ? type.element : at(result.node).type;
  if (info(element).kind != TypeKind::code || (type.kind == TypeKind::list) != is_list) {
    const std::string text = text_of(is_list ? subject.children[0]->span : subject.span);
    Diagnostic& d = sink_.report(Kind::type_mismatch, subject.span, text, in_words(at(result.node).type),
                                 is_list ? "a list of codes" : "a code");
    if (info(element).kind == TypeKind::code)
      d.mend = is_list ? fmt::format("leave out `{} of`", subject.text)
                       : fmt::format("say how many of them: any of {} {}", text, question);
    return std::nullopt;
  }
  result.element = element;
  if (is_list) {
    result.quantifier = subject.text == "all"      ? Quantifier::all
                        : subject.text == "number" ? Quantifier::number
                                                   : Quantifier::any;
    result.is_negated = subject.text == "none";
  }
  return result;
}

NodeId Checker::ask(const AskedCodes& asked, std::uint32_t set, Span span) {
  Node n;
  n.op = Op::member_of;
  n.type = asked.quantifier == Quantifier::number ? number_ : yes_no_;
  n.span = span;
  n.operands = {asked.node};
  n.reference = set;
  n.detail = static_cast<std::uint8_t>(asked.quantifier);
  const NodeId result = add(std::move(n));
  return asked.is_negated && result.is_valid() ? negation(result, span) : result;
}

std::uint32_t Checker::add_set(ValueSetInfo info) {
  auto& sets = graph_.dictionary.value_sets;
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (sets[i].name == info.name) return static_cast<std::uint32_t>(i); // the same words, so the same codes
  sets.push_back(std::move(info));
  return static_cast<std::uint32_t>(sets.size() - 1);
}

NodeId Checker::lower_code_question(const ast::Expression& e) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < e.children.size(); ++i)
    names.push_back(e.children[i]->text);
  const auto asked = lower_asked(
      *e.children[0], names.size() == 1 ? "in " + names.front() : fmt::format("in {{ {} }}", fmt::join(names, ", ")));
  if (!asked) return {};
  ValueSetInfo joined;
  joined.name = fmt::format("{{ {} }}", fmt::join(names, ", "));
  std::vector<std::uint32_t>& members = joined.codes.members;
  std::optional<std::uint32_t> alone;
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    const ast::Expression& child = *e.children[i];
    const auto symbol = child.kind == E::name ? values_.find(child.text) : values_.end();
    if (symbol != values_.end() && symbol->second.kind == Symbol::Kind::value_set) {
      const auto set = value_set_ids_.find(child.text);
      if (set == value_set_ids_.end()) return {}; // reported where it is declared
      const auto& codes = graph_.dictionary.value_sets[set->second].codes.members;
      members.insert(members.end(), codes.begin(), codes.end());
      alone = set->second;
      continue;
    }
    const NodeId code = lower_exact(child, asked->element);
    if (!code.is_valid()) return {};
    if (!is_constant(code) || !at(code).constant.is<Concept>()) {
      sink_.report(Kind::not_a_constant, child.span, fmt::format("`{}`", text_of(child.span))).mend =
          "name value sets and concepts here";
      return {};
    }
    members.push_back(at(code).constant.as<Concept>().index);
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  std::vector<std::string> systems;
  for (const std::uint32_t member : members)
    if (const std::string& system = graph_.dictionary.concepts[member].system;
        systems.empty() || systems.back() != system)
      systems.push_back(system);
  const auto& taken = info(asked->element).systems;
  const bool can_be = std::any_of(systems.begin(), systems.end(),
                                  [&](const std::string& s) { return std::count(taken.begin(), taken.end(), s) != 0; });
  if (!can_be) {
    sink_
        .report(Kind::systems_differ, e.span,
                fmt::format("`{}` takes codes of {}, and {}, so this would always be no", text_of(at(asked->node).span),
                            system_names(taken),
                            systems.empty() ? fmt::format("`{}` is empty", fmt::join(names, "`, `"))
                                            : fmt::format("`{}` has only codes of {}", fmt::join(names, "`, `"),
                                                          system_names(systems))))
        .mend = "use a set with codes of that system, or let the input take codes of the other";
    return {};
  }
  const bool is_union = e.children.size() != 2 || !alone;
  const NodeId result = ask(*asked, is_union ? add_set(std::move(joined)) : *alone, e.span);
  return e.kind == E::not_in_set && result.is_valid() ? negation(result, e.span) : result;
}

NodeId Checker::lower_is_a(const ast::Expression& e) {
  const auto asked = lower_asked(*e.children[0], "is a " + e.text);
  const Symbol* symbol = find(values_, {e.text, e.text_span}, "a concept");
  if (!asked || !symbol) return {};
  if (symbol->kind != Symbol::Kind::coded_concept) {
    Diagnostic& d =
        sink_.report(Kind::wrong_kind_of_name, e.text_span, e.text, check::in_words(symbol->kind), "a concept");
    if (symbol->kind == Symbol::Kind::value_set) d.mend = fmt::format("ask whether the set has it: in {}", e.text);
    return {};
  }
  const NodeId general = lower_concept(static_cast<const ast::CodesDecl::Concept&>(*symbol->declaration), e.text_span);
  if (!general.is_valid()) return {};
  const std::uint32_t top = at(general).constant.as<Concept>().index;
  const Code& code = graph_.dictionary.concepts[top];
  const auto& taken = info(asked->element).systems;
  if (!std::count(taken.begin(), taken.end(), code.system)) {
    sink_
        .report(Kind::systems_differ, e.span,
                fmt::format("`{}` takes codes of {}, and `{}` is a code of {}", text_of(at(asked->node).span),
                            system_names(taken), e.text, system_name(code.system)))
        .mend = "name a concept of that system, or let the input take codes of the other";
    return {};
  }
  const auto hierarchy = std::find_if(hierarchies_.begin(), hierarchies_.end(),
                                      [&](const Hierarchy& one) { return one.system == code.system; });
  if (hierarchy == hierarchies_.end()) {
    const bool is_declared = std::any_of(values_.begin(), values_.end(), [&](const auto& entry) {
      if (entry.second.kind != Symbol::Kind::hierarchy) return false;
      const auto& declared = static_cast<const ast::CodesDecl::Hierarchy&>(*entry.second.declaration);
      const auto system = systems_.find(declared.system.text);
      return system != systems_.end() &&
             static_cast<const ast::CodesDecl::System&>(*system->second.declaration).address.text == code.system;
    });
    if (is_declared) return {}; // it could not be read, and that is reported there
    sink_.report(Kind::no_hierarchy, e.span, system_name(code.system), e.text).mend =
        "declare it in `codes`: hierarchy NAME of SYSTEM = file \"...\"";
    return {};
  }
  if (!std::binary_search(hierarchy->codes.begin(), hierarchy->codes.end(), top)) {
    sink_.report(Kind::not_in_hierarchy, e.text_span, "\"" + code.code + "\"", e.text, hierarchy->name).mend =
        "mend the code, or supply a hierarchy that has it";
    return {};
  }
  ValueSetInfo below;
  below.name = "is a " + e.text;
  std::set<std::uint32_t> reached{top};
  std::vector<std::uint32_t> open{top};
  while (!open.empty()) {
    const auto children = hierarchy->children.find(open.back());
    open.pop_back();
    if (children == hierarchy->children.end()) continue;
    for (const std::uint32_t child : children->second)
      if (reached.insert(child).second) open.push_back(child);
  }
  below.codes.members.assign(reached.begin(), reached.end());
  below.codes.known = hierarchy->codes;
  return ask(*asked, add_set(std::move(below)), e.span);
}

} // namespace aceso::check
