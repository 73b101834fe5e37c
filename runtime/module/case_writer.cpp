#include <algorithm>

#include "module/patient_case.h"
#include "module/value_writer.h"
#include "values/stable_order.h"

namespace aceso {
namespace {

void write_inputs(JsonWriter& writer, const Dictionary& dictionary, std::vector<Fact> facts, const Zone& zone) {
  sort_stably(facts, [](const Fact& a, const Fact& b) { return a.input < b.input; });
  writer.key("inputs");
  writer.begin_object();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (i > 0 && facts[i].input == facts[i - 1].input) continue; // a key stands once
    const InputInfo& input = dictionary[facts[i].input];
    writer.key(input.name);
    write_value(writer, dictionary, input.type, facts[i].value, zone);
  }
  writer.end_object();
}

} // namespace

std::string write_case(const Dictionary& dictionary, const PatientCase& patient_case) {
  const Zone zone = patient_case.zone();
  JsonWriter writer;
  writer.begin_object();
  writer.key("now");
  writer.string(to_text(patient_case.now));
  if (!patient_case.time_zone.empty()) {
    writer.key("time_zone");
    writer.string(patient_case.time_zone);
  }
  write_inputs(writer, dictionary, patient_case.facts, zone);
  if (!patient_case.events.empty()) {
    writer.key("events");
    writer.begin_array();
    for (const Event& event : patient_case.events) {
      writer.begin_object();
      writer.key("at");
      writer.string(to_text(event.at));
      write_inputs(writer, dictionary, event.facts, zone);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  return writer.take();
}

} // namespace aceso
