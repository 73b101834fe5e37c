#include "module/value_writer.h"

#include "values/interval.h"

namespace aceso {

void write_number(JsonWriter& writer, Rational number) {
  const std::string text = number.to_text();
  if (text.find('/') == std::string::npos) {
    writer.number(text);
  } else {
    writer.string(text);
  }
}

namespace {

/// "from" and "to"; an end that is excluded says so, one that does not exist is "unbounded", one not known is left out.
void write_interval(JsonWriter& writer, const Dictionary& dictionary, TypeId element, const Interval& interval,
                    const Zone& zone) {
  const auto write_end = [&](std::string_view name, const End& end, const Value& point, bool is_excluded) {
    if (end.is_known() && end.least.infinite != 0) {
      writer.key(name);
      writer.string("unbounded");
    } else if (!point.is<Unknown>()) {
      writer.key(name);
      write_value(writer, dictionary, element, point, zone);
      if (!is_excluded) return;
      writer.key(std::string(name) + "_excluded");
      writer.boolean(true);
    }
  };
  writer.begin_object(JsonWriter::Layout::line);
  const bool is_number = interval.kind == PointKind::number;
  write_end("from", interval.low, start_of(interval), is_number && interval.low.least.side > 0);
  write_end("to", interval.high, end_of(interval), is_number && interval.high.most.side < 0);
  writer.end_object();
}

} // namespace

void write_value(JsonWriter& writer, const Dictionary& dictionary, TypeId type_id, const Value& value,
                 const Zone& zone) {
  using Layout = JsonWriter::Layout;
  const TypeInfo& type = dictionary[type_id];
  if (value.is<Boxed<Interval>>()) {
    write_interval(writer, dictionary, type.element, *value.as<Boxed<Interval>>(), zone);
  } else if (value.is<DateRange>() && parse_partial_date(to_text(value.as<DateRange>()))) {
    writer.string(to_text(value.as<DateRange>()));
  } else if (!value.is_known()) {
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
    writer.string(to_text(zone.at(value.as<Instant>())));
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
      write_value(writer, dictionary, type.element, item, zone);
    }
    writer.end_array();
  } else {
    writer.string(to_text(dictionary, type_id, value));
  }
}

} // namespace aceso
