/// The C header of a guideline that was compiled ahead of time.
#include <cctype>

#include <fmt/format.h>

#include "jit/facts_layout.h"
#include "jit/jit.h"

namespace aceso::jit {
namespace {

std::string upper(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// The name of a member as a part of a name of C: members of a scale may be numbers.
std::string as_word(std::string text) {
  for (char& c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return text;
}

/// In a comment; nothing that is said in a guideline ends it.
std::string comment(std::string text) {
  for (std::size_t at = text.find("*/"); at != std::string::npos; at = text.find("*/", at))
    text.replace(at, 2, "* /");
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text;
}

std::string c_type(const FactField& field) {
  return fmt::format("{}int{}_t", field.is_signed ? "" : "u", 8 * field.bytes);
}

std::string what_is_counted(const Dictionary& names, const InputInfo& input, const Place& place) {
  const TypeInfo& type = names[input.type];
  switch (place.representation.form) {
  case Representation::Form::choice: return "the member, from 0";
  case Representation::Form::date: return "days since 1970-01-01";
  case Representation::Form::instant: return "seconds since 1970-01-01T00:00:00Z";
  default:
    return fmt::format("so many times {}{}{}", place.representation.step.to_text(), type.unit.empty() ? "" : " ",
                       type.unit);
  }
}

} // namespace

std::string c_header(const Module& module, const std::string& prefix, bool has_decide) {
  const Dictionary& names = module.dictionary;
  const FactsLayout layout = facts_layout(module);
  std::string out;
  const auto line = [&](std::string_view format, auto&&... values) {
    out += fmt::format(fmt::runtime(format), values...);
    out += '\n';
  };
  line("/* {} {}. Made by `aceso build --native`; see docs/native.md of Aceso. */", comment(names.guideline.title),
       comment(names.guideline.version));
  line("#ifndef {}_NATIVE_H\n#define {}_NATIVE_H\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" "
       "{{\n#endif\n",
       upper(prefix), upper(prefix));
  line("/* The content hash of the module that this was made from, 64 hexadecimal digits: `aceso dump` shows it. */");
  line("extern const char {}_module_hash[65];", prefix);
  line("#define {}_MODULE_HASH \"{}\"\n", upper(prefix), module.content_hash);
  if (!has_decide) {
    line("/* There is no {}_decide: the guideline asks for more than outcomes at one instant can say. */", prefix);
  } else {
    line("/* One patient at one instant. First what is known, a byte each: 0 not asked, 1 not done, 2 refused, 3 "
         "pending,\n"
         " * 4 stale, 5 invalid, 6 not applicable; 7 no or known, 8 yes. Then the numbers of those that are known. */");
    line("typedef struct {}_facts {{", prefix);
    for (std::size_t i = 0; i < module.inputs.size(); ++i)
      if (layout.fields[i].has_state)
        line("  uint8_t {}{};", names.inputs[i].name, layout.fields[i].bytes == 0 ? "" : "_known");
    for (const unsigned bytes : {1u, 2u, 4u, 8u})
      for (std::size_t i = 0; i < module.inputs.size(); ++i)
        if (layout.fields[i].bytes == bytes)
          line("  {} {}; /* {} */", c_type(layout.fields[i]), names.inputs[i].name,
               comment(what_is_counted(names, names.inputs[i], module.inputs[i])));
    if (layout.states == 0) line("  uint8_t nothing;");
    line("}} {}_facts;\n", prefix);
    line("/* status: 0 advised, 1 not advised, 2 conflict, 3 undetermined, 4 overridden. verb: 0 none, 1 recommend,\n"
         " * 2 suggest, 3 avoid, 4 contraindicate. strength: 0 none, 1 weak, 2 strong. urgency: 0 none, 1 routinely, 2 "
         "soon,\n"
         " * 3 urgently, 4 immediately. within: which of the different terms of its rules, in their order, from 1; 0 "
         "none. */");
    line("typedef struct {}_outcome {{\n  uint8_t status, verb, strength, urgency, unused[2];\n  uint16_t "
         "within;\n}} "
         "{}_outcome;",
         prefix, prefix);
    line("/* applies and cautions: 0 no, 1 unknown, 2 yes. stage: UINT32_MAX where there is none. */");
    line("typedef struct {}_summary {{\n  uint8_t applies, unused[3];\n  uint32_t stage;\n}} {}_summary;\n", prefix,
         prefix);
    const auto rows = [&](const char* kind, const auto& list) {
      if (list.empty()) {
        line("enum {{ {}_{}_COUNT = 0 }};", upper(prefix), kind);
        return;
      }
      line("enum {{");
      for (std::size_t i = 0; i < list.size(); ++i)
        line("  {}_{}_{} = {},", upper(prefix), kind, list[i].name, i);
      line("  {}_{}_COUNT = {}\n}};", upper(prefix), kind, list.size());
    };
    rows("ACTION", names.actions);
    rows("CAUTION", names.cautions);
    rows("DIFFERENTIAL", names.differentials);
    for (const DifferentialInfo& each : names.differentials) {
      line("enum {{");
      for (const Choice candidate : each.candidates)
        line("  {}_CANDIDATE_{}_{} = {},", upper(prefix), each.name,
             as_word(names[each.type].members[candidate.index].name), candidate.index);
      line("}};");
    }
    rows("STAGE", names.stages);
    line(
        "\n/* 0: decided. 1: the facts break a constraint, and nothing else has a meaning. `outcomes`, `cautions` and\n"
        " * `differentials` have as many rows as the COUNTs above say; outcomes of actions that no rule speaks about "
        "stay as\n"
        " * they are. A differential: 0 decided, for the CANDIDATE of the upper 24 bits; 1 none, 2 tie, 3 "
        "undetermined.\n"
        " * `scratch` has {}_scratch_bytes bytes at a multiple of 16, one for each thread. Thread-safe. */",
        prefix);
    line("extern const uint64_t {}_scratch_bytes;", prefix);
    line("int32_t {}_decide(const {}_facts* facts, int64_t now_seconds, {}_outcome* outcomes, uint8_t* cautions,\n"
         "  uint32_t* differentials, {}_summary* summary, void* scratch);",
         prefix, prefix, prefix, prefix);
  }
  line("\n#ifdef __cplusplus\n}}\n#endif\n#endif");
  return out;
}

} // namespace aceso::jit
