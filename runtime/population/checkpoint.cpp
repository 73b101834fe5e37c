#include "population/checkpoint.h"

#include "population/population_faults.h"
#include "values/sha256.h"

namespace aceso::population {
namespace {

using Json = nlohmann::ordered_json;
constexpr int format = 2;

/// What differs, for the message; empty where nothing does.
std::string difference(const RunIdentity& then, const RunIdentity& now) {
  if (then.module_hash != now.module_hash) return "the guideline has changed";
  if (then.options != now.options) return "it had other options (" + then.options + "; now " + now.options + ")";
  if (then.input_size != now.input_size || then.input_head != now.input_head) return "the input has changed";
  return {};
}

} // namespace

std::string write_checkpoint(const RunIdentity& identity, const Position& position, const Summary& summary,
                             const Sample& sample) {
  const Json json{{"format", format},
                  {"module", identity.module_hash},
                  {"options", identity.options},
                  {"input_size", identity.input_size},
                  {"input_head", identity.input_head},
                  {"input_offset", position.input_offset},
                  {"next_line", position.next_line},
                  {"output_bytes", position.output_bytes},
                  {"reject_bytes", position.reject_bytes},
                  {"summary", to_json(summary)},
                  {"sample", sample.to_json()}};
  const std::string content = json.dump();
  return content + '\n' + sha256(content) + '\n';
}

Checkpoint read_checkpoint(const std::string& text, const RunIdentity& identity, const std::string& path) {
  try {
    const std::string content = text.substr(0, text.find('\n'));
    const Json json = Json::parse(content);
    if (text != content + '\n' + sha256(content) + '\n')
      throw nlohmann::json::other_error::create(501, "hash", nullptr);
    if (json.at("format").get<int>() != format) throw nlohmann::json::other_error::create(501, "format", nullptr);
    const RunIdentity then{json.at("module").get<std::string>(), json.at("options").get<std::string>(),
                           json.at("input_size").get<std::uint64_t>(), json.at("input_head").get<std::string>()};
    if (const std::string what = difference(then, identity); !what.empty())
      throw RunError(RunError::Cause::use, make_fault(FaultKind::other_run, path, {what, path}));
    Checkpoint result;
    result.position = {json.at("input_offset").get<std::uint64_t>(), json.at("next_line").get<std::uint64_t>(),
                       json.at("output_bytes").get<std::uint64_t>(), json.at("reject_bytes").get<std::uint64_t>()};
    result.summary = json.at("summary");
    result.sample = json.at("sample");
    return result;
  } catch (const nlohmann::json::exception&) {
    throw RunError(RunError::Cause::use, make_fault(FaultKind::bad_checkpoint, path, {path}));
  }
}

} // namespace aceso::population
