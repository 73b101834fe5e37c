/// Modules across the border: load them and look at what they declare.
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "api/load_error.h"
#include "api/values.h"
#include "module/version.h"
#include "values/utf8.h"

namespace aceso::api {
namespace {

aceso_module* make_module(std::string_view bytes, const aceso_load_options* options) {
  ModuleLoad load = load_module(bytes);
  if (!load.ok()) throw Failure{ACESO_BAD_MODULE, {{load.fault->id, {}, load.fault->message}}};
  const Memory memory(checked(options != nullptr ? options->allocator : nullptr));
  return memory.make<aceso_module>(aceso_module{memory, std::make_shared<Loaded>(std::move(load.module))});
}

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

std::string read_file(const char* path, std::size_t most) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path, "rb"));
  if (!file) fail(ACESO_BAD_FILE, Fault::unreadable_file, std::string(path) + ": " + std::strerror(errno));
  std::string bytes;
  char part[1 << 14];
  while (const std::size_t count = std::fread(part, 1, sizeof part, file.get())) {
    bytes.append(part, count);
    if (bytes.size() > most)
      fail(ACESO_BAD_FILE, Fault::unreadable_file,
           std::string(path) + " has more than " + std::to_string(most) + " bytes");
  }
  if (std::ferror(file.get()) != 0)
    fail(ACESO_BAD_FILE, Fault::unreadable_file, std::string(path) + ": " + std::strerror(errno));
  return bytes;
}

/// The types of the rows that have one.
const TypeInfo& type_of(const Dictionary& d, std::int32_t kind, std::uint32_t index) {
  switch (kind) {
  case ACESO_INPUTS: return d[row(d.inputs, index).type];
  case ACESO_DEFINITIONS: return d[row(d.definitions, index).type];
  case ACESO_DIFFERENTIALS: return d[row(d.differentials, index).type];
  default: fail(ACESO_BAD_ARGUMENT, Fault::no_such_row, std::to_string(index));
  }
}

const std::vector<Citation>& citations_of(const Dictionary& d, std::int32_t kind, std::uint32_t index) {
  static const std::vector<Citation> none;
  switch (kind) {
  case ACESO_INPUTS: return row(d.inputs, index).citations;
  case ACESO_ACTIONS: return row(d.actions, index).citations;
  case ACESO_DEFINITIONS: return row(d.definitions, index).citations;
  case ACESO_RULES: return row(d.rules, index).citations;
  case ACESO_CAUTIONS: return row(d.cautions, index).citations;
  case ACESO_DIFFERENTIALS: return row(d.differentials, index).citations;
  case ACESO_STAGES: (void)row(d.stages, index); return none;
  case ACESO_CONSTRAINTS: return row(d.constraints, index).citations;
  default: fail(ACESO_BAD_ARGUMENT, Fault::no_such_row, std::to_string(index));
  }
}

std::uint32_t count(std::size_t size) { return static_cast<std::uint32_t>(size); }

/// An entry of which only the name and what every row may have is set.
aceso_entry entry_of(const Dictionary& d, std::int32_t kind, std::uint32_t index) {
  static const std::string empty;
  aceso_entry entry{};
  entry.citation_count = count(citations_of(d, kind, index).size());
  entry.title = entry.text = entry.category = entry.condition = entry.unit = text(empty);
  entry.type = -1;
  switch (kind) {
  case ACESO_INPUTS: {
    const InputInfo& info = d.inputs[index];
    entry.name = text(info.name);
    entry.title = text(info.question);
    entry.category = text(info.group);
    entry.code_count = count(info.codes.size());
    break;
  }
  case ACESO_ACTIONS: {
    const ActionInfo& info = d.actions[index];
    entry.name = text(info.name);
    entry.title = text(info.title);
    entry.text = text(info.note);
    entry.category = text(info.category);
    entry.code_count = count(info.codes.size());
    return entry;
  }
  case ACESO_RULES:
    entry.name = text(d.rules[index].name);
    entry.text = text(d.rules[index].because);
    entry.condition = text(d.rules[index].condition);
    return entry;
  case ACESO_CAUTIONS:
    entry.name = text(d.cautions[index].name);
    entry.text = text(d.cautions[index].text);
    return entry;
  case ACESO_STAGES:
    entry.name = text(d.stages[index].name);
    entry.title = text(d.stages[index].title);
    entry.is_final = d.stages[index].is_final ? 1 : 0;
    return entry;
  case ACESO_CONSTRAINTS:
    entry.name = text(d.constraints[index].name);
    entry.text = text(d.constraints[index].message);
    return entry;
  case ACESO_DEFINITIONS:
    entry.name = text(d.definitions[index].name);
    entry.title = text(d.definitions[index].title);
    break;
  default: entry.name = text(d.differentials[index].name); break;
  }
  const TypeInfo& type = type_of(d, kind, index);
  entry.type = to_c(type.kind);
  entry.unit = text(type.unit);
  entry.member_count = count(type.members.size());
  return entry;
}

aceso_code code_of(const Code& code) {
  return {sizeof(aceso_code), text(code.system), text(code.version), text(code.code), text(code.display)};
}

aceso_input input_of(const Dictionary& d, std::uint32_t index) {
  const InputInfo& info = row(d.inputs, index);
  const TypeInfo& type = d[info.type];
  const auto number = [&](const std::optional<Rational>& n) { return n ? to_c(*n, type.unit) : nothing(); };
  const auto value = [&](const std::optional<Value>& v) { return v ? to_c(d, info.type, *v, nullptr) : nothing(); };
  aceso_input out{};
  out.name = text(info.name);
  out.question = text(info.question);
  out.group = text(info.group);
  out.group_title = text(info.group_title);
  out.type = to_c(type.kind);
  out.is_series = info.is_series ? 1 : 0;
  out.unit = text(type.unit);
  out.minimum = number(type.minimum);
  out.maximum = number(type.maximum);
  out.step = number(type.step);
  out.assumed = value(info.assumed);
  out.assumed_because = text(info.assumed_because);
  out.typical = value(info.typical);
  out.member_count = count(type.members.size());
  out.accepted_unit_count = count(info.accepted_units.size());
  out.code_count = count(info.codes.size());
  out.citation_count = count(info.citations.size());
  if (info.fresh_for) {
    out.fresh_months = info.fresh_for->months;
    out.fresh_seconds = info.fresh_for->seconds;
  }
  return out;
}

/// A call that looks at a module and puts something into `out`.
template <class Call>
aceso_status look(const aceso_module* module, const void* out, Call call) {
  return guard([&] {
    need(module);
    need(out);
    call(module->dictionary());
    return ACESO_OK;
  });
}

} // namespace
} // namespace aceso::api

using namespace aceso::api;

extern "C" {

uint32_t aceso_abi_version(void) { return ACESO_ABI_VERSION; }
const char* aceso_version(void) { return aceso::engine_version.data(); }

const char* aceso_status_name(aceso_status status) {
  constexpr const char* names[] = {"ok",
                                   "end",
                                   "bad_argument",
                                   "not_found",
                                   "bad_file",
                                   "bad_module",
                                   "bad_fact",
                                   "broken_constraint",
                                   "not_evaluated",
                                   "not_available",
                                   "out_of_memory",
                                   "internal"};
  return status >= 0 && status <= ACESO_INTERNAL ? names[status] : "?";
}

aceso_status aceso_instant_parse(const char* text, size_t size, aceso_instant* instant) {
  return guard([&] {
    need(text);
    need(instant);
    const auto at = aceso::parse_instant(view(text, size), 0);
    if (!at || at != aceso::parse_instant(view(text, size), 3600)) return ACESO_BAD_ARGUMENT;
    *instant = to_c(*at);
    return ACESO_OK;
  });
}

aceso_status aceso_module_load(const void* bytes, size_t size, const aceso_load_options* options, aceso_module** module,
                               aceso_load_error* error) {
  return guard_load(error, [&] {
    need(module);
    if (size > 0) need(bytes);
    *module = make_module({static_cast<const char*>(bytes), size}, options_of(options));
  });
}

aceso_status aceso_module_load_file(const char* path, const aceso_load_options* options, aceso_module** module,
                                    aceso_load_error* error) {
  return guard_load(error, [&] {
    need(path);
    need(module);
    std::size_t most = aceso::most_module_bytes;
    if (options_of(options) != nullptr && options->most_bytes != 0) most = std::min(most, options->most_bytes);
    *module = make_module(read_file(path, most), options);
  });
}

void aceso_module_destroy(aceso_module* module) {
  if (module == nullptr) return;
  const Memory memory = module->memory;
  memory.destroy(module);
}

aceso_status aceso_module_about(const aceso_module* module, aceso_guideline* about) {
  return look(module, about, [&](const aceso::Dictionary& d) {
    const aceso::GuidelineInfo& g = d.guideline;
    const aceso::Module& m = *module->loaded->module;
    fill(about, {0, text(g.id), text(g.title), text(g.version), text(g.status), text(g.developer), text(g.funding),
                 text(g.published), text(g.review_by), text(g.audience), text(g.hash), text(m.content_hash),
                 m.can_explain ? 1 : 0, m.pathway ? 1 : 0});
  });
}

uint32_t aceso_module_count(const aceso_module* module, int32_t kind) {
  if (module == nullptr || kind < 0 || kind >= static_cast<int32_t>(Loaded::kinds)) return 0;
  return static_cast<uint32_t>(module->loaded->names[static_cast<std::size_t>(kind)].size());
}

aceso_status aceso_module_find(const aceso_module* module, int32_t kind, const char* name, size_t size,
                               uint32_t* index) {
  return guard([&] {
    need(module);
    need(name);
    need(index);
    if (kind < 0 || kind >= static_cast<int32_t>(Loaded::kinds)) return ACESO_BAD_ARGUMENT;
    const auto& names = module->loaded->names[static_cast<std::size_t>(kind)];
    const auto found = names.find(view(name, size));
    if (found == names.end()) return ACESO_NOT_FOUND;
    *index = found->second;
    return ACESO_OK;
  });
}

aceso_status aceso_module_input(const aceso_module* module, uint32_t input, aceso_input* info) {
  return look(module, info, [&](const aceso::Dictionary& d) { fill(info, input_of(d, input)); });
}

aceso_status aceso_module_accepted_unit(const aceso_module* module, uint32_t input, uint32_t i, aceso_text* unit) {
  return look(module, unit,
              [&](const aceso::Dictionary& d) { *unit = text(row(row(d.inputs, input).accepted_units, i).code); });
}

aceso_status aceso_module_entry(const aceso_module* module, int32_t kind, uint32_t index, aceso_entry* entry) {
  return look(module, entry, [&](const aceso::Dictionary& d) { fill(entry, entry_of(d, kind, index)); });
}

aceso_status aceso_module_member(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                 aceso_member* member) {
  return look(module, member, [&](const aceso::Dictionary& d) {
    const aceso::MemberInfo& info = row(type_of(d, kind, index).members, i);
    fill(member, {0, text(info.name), text(info.title), info.score ? to_c(*info.score, {}) : nothing(),
                  static_cast<uint32_t>(info.codes.size())});
  });
}

aceso_status aceso_module_code(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i, aceso_code* code) {
  return look(module, code, [&](const aceso::Dictionary& d) {
    if (kind != ACESO_INPUTS && kind != ACESO_ACTIONS)
      fail(ACESO_BAD_ARGUMENT, Fault::no_such_row, std::to_string(index));
    const auto& codes = kind == ACESO_INPUTS ? row(d.inputs, index).codes : row(d.actions, index).codes;
    fill(code, code_of(row(codes, i)));
  });
}

aceso_status aceso_module_member_code(const aceso_module* module, int32_t kind, uint32_t index, uint32_t member,
                                      uint32_t i, aceso_code* code) {
  return look(module, code, [&](const aceso::Dictionary& d) {
    fill(code, code_of(row(row(type_of(d, kind, index).members, member).codes, i)));
  });
}

aceso_status aceso_module_citation(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                   aceso_citation* citation) {
  return look(module, citation, [&](const aceso::Dictionary& d) {
    const aceso::Citation& c = row(citations_of(d, kind, index), i);
    fill(citation, {0, text(c.source), text(c.document), text(c.section), static_cast<uint32_t>(c.references.size())});
  });
}

aceso_status aceso_module_reference(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i, uint32_t r,
                                    aceso_text* reference) {
  return look(module, reference, [&](const aceso::Dictionary& d) {
    *reference = text(row(row(citations_of(d, kind, index), i).references, r));
  });
}

} // extern "C"
