#include "module/value_writer.h"

namespace aceso {

void write_number(JsonWriter& writer, Rational number) {
  const std::string text = number.to_text();
  if (text.find('/') == std::string::npos) {
    writer.number(text);
  } else {
    writer.string(text);
  }
}

void write_value(JsonWriter& writer, const Dictionary& dictionary, TypeId type_id, const Value& value,
                 std::int32_t offset_seconds) {
  using Layout = JsonWriter::Layout;
  const TypeInfo& type = dictionary[type_id];
  if (!value.is_known()) {
    writer.begin_object(Layout::line);
    writer.key("unknown");
    writer.string(to_text(value.reason()));
    writer.end_object();
  } else if (value.is<bool>()) {
    writer.boolean(value.as<bool>());
  } else if (value.is<Rational>() && type.unit.empty()) {
    write_number(writer, value.as<Rational>());
  } else if (value.is<Rational>()) {
    writer.begin_object(Layout::line);
    writer.key("value");
    write_number(writer, value.as<Rational>());
    writer.key("unit");
    writer.string(type.unit);
    writer.end_object();
  } else if (value.is<Instant>()) {
    writer.string(to_text(ZonedInstant{value.as<Instant>(), offset_seconds}));
  } else if (value.is<Concept>()) {
    const ConceptText code = text_of(dictionary, value.as<Concept>());
    writer.begin_object(Layout::line);
    writer.key("system");
    writer.string(code.system);
    writer.key("code");
    writer.string(code.code);
    if (!code.display.empty()) {
      writer.key("display");
      writer.string(code.display);
    }
    writer.end_object();
  } else if (value.is<ValueList>()) {
    writer.begin_array(Layout::line);
    for (const Value& item : value.as<ValueList>()) {
      write_value(writer, dictionary, type.element, item, offset_seconds);
    }
    writer.end_array();
  } else {
    writer.string(to_text(dictionary, type_id, value));
  }
}

} // namespace aceso
