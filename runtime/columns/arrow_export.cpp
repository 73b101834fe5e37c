/// Decisions as Arrow columns.
#include <algorithm>
#include <array>
#include <cstring>

#include "batch/plan.h"
#include "columns/arrow_columns.h"

namespace aceso::api {
namespace {

/// What stands behind an array or a schema that was handed out; its release ends it.
struct Held {
  std::string format, name;
  std::vector<std::vector<std::byte>> memory;
  std::vector<const void*> buffers;
  std::vector<ArrowSchema> schemas;
  std::vector<ArrowArray> arrays;
  std::vector<ArrowSchema*> schema_children;
  std::vector<ArrowArray*> array_children;
};

template <class Of>
void release(Of* of) {
  for (std::int64_t i = 0; i < of->n_children; ++i)
    if (of->children[i]->release != nullptr) of->children[i]->release(of->children[i]);
  if (of->dictionary != nullptr && of->dictionary->release != nullptr) of->dictionary->release(of->dictionary);
  delete static_cast<Held*>(of->private_data);
  of->release = nullptr;
}

ArrowSchema schema_of(std::string format, std::string name, bool is_nullable = true) {
  auto* held = new Held;
  held->format = std::move(format), held->name = std::move(name);
  ArrowSchema schema{};
  schema.format = held->format.c_str();
  schema.name = held->name.c_str();
  schema.flags = is_nullable ? ARROW_FLAG_NULLABLE : 0;
  schema.release = release<ArrowSchema>;
  schema.private_data = held;
  return schema;
}

/// A column while it is filled.
struct ExportedColumn {
  ArrowSchema schema{};
  ArrowArray array{};
};

class Filler {
public:
  explicit Filler(std::size_t rows) : rows_(rows) {}

  /// `element(row)` gives what is to be stored or nothing for a null.
  template <class Stored, class Element>
  ExportedColumn fixed(std::string format, std::string name, Element element) {
    std::vector<std::byte> valid((rows_ + 7) / 8), data(rows_ * sizeof(Stored));
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::optional<Stored> each = element(row);
      if (!each) {
        ++nulls;
        continue;
      }
      set_bit(valid, row);
      std::memcpy(data.data() + row * sizeof(Stored), &*each, sizeof(Stored));
    }
    return finish(std::move(format), std::move(name), nulls, {std::move(valid), std::move(data)});
  }
  template <class Element>
  ExportedColumn bits(std::string name, Element element) {
    std::vector<std::byte> valid((rows_ + 7) / 8), data((rows_ + 7) / 8);
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::optional<bool> each = element(row);
      if (!each) {
        ++nulls;
        continue;
      }
      set_bit(valid, row);
      if (*each) set_bit(data, row);
    }
    return finish("b", std::move(name), nulls, {std::move(valid), std::move(data)});
  }
  template <class Element>
  ExportedColumn texts(std::string name, Element element) {
    std::vector<std::byte> valid((rows_ + 7) / 8), ends(sizeof(std::int64_t) * (rows_ + 1)), data;
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::optional<std::string> each = element(row);
      if (each) {
        set_bit(valid, row);
        const auto* bytes = reinterpret_cast<const std::byte*>(each->data());
        data.insert(data.end(), bytes, bytes + each->size());
      } else {
        ++nulls;
      }
      const auto end = static_cast<std::int64_t>(data.size());
      std::memcpy(ends.data() + sizeof end * (row + 1), &end, sizeof end);
    }
    return finish("U", std::move(name), nulls, {std::move(valid), std::move(ends), std::move(data)});
  }
  /// Positions among `words`.
  template <class Element>
  ExportedColumn words(std::string name, const std::vector<std::string>& words, Element element) {
    ExportedColumn column = fixed<std::int32_t>("i", std::move(name), element);
    ExportedColumn entries = Filler(words.size()).texts("", [&](std::size_t i) { return std::optional(words[i]); });
    auto* of_schema = static_cast<Held*>(column.schema.private_data);
    auto* of_array = static_cast<Held*>(column.array.private_data);
    of_schema->schemas.push_back(entries.schema);
    of_array->arrays.push_back(entries.array);
    column.schema.dictionary = of_schema->schemas.data();
    column.array.dictionary = of_array->arrays.data();
    return column;
  }

private:
  static void set_bit(std::vector<std::byte>& bits, std::size_t at) { bits[at / 8] |= std::byte{1} << (at % 8); }
  ExportedColumn finish(std::string format, std::string name, std::int64_t nulls,
                        std::vector<std::vector<std::byte>> memory) {
    auto* held = new Held;
    held->memory = std::move(memory);
    for (auto& each : held->memory) {
      if (each.empty()) each.resize(8); // a buffer is never null
      held->buffers.push_back(each.data());
    }
    ExportedColumn column;
    column.array.length = static_cast<std::int64_t>(rows_);
    column.array.null_count = nulls;
    column.array.n_buffers = static_cast<std::int64_t>(held->buffers.size());
    column.array.buffers = held->buffers.data();
    column.array.release = release<ArrowArray>;
    column.array.private_data = held;
    column.schema = schema_of(std::move(format), std::move(name));
    return column;
  }

  std::size_t rows_;
};

template <class Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& each : rows)
    names.push_back(each.name);
  return names;
}

using Position = std::optional<std::int32_t>;

class Exporter {
public:
  Exporter(const batch::Results& results, const Module& module)
      : results_(results), module_(module), names_(module.dictionary), fill_(results.rows()) {}
  ~Exporter() {
    for (ExportedColumn& each : columns_) { // only where something threw
      each.schema.release(&each.schema);
      each.array.release(&each.array);
    }
  }
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  void add_advice() {
    columns_.push_back(fill_.bits("refused", [&](std::size_t row) { return std::optional(results_.is_refused(row)); }));
    add_truth("applies", [&](std::size_t row) { return results_.applies(row); });
    const Relations relations(module_);
    for (std::size_t i = 0; i < names_.actions.size(); ++i)
      if (!relations.voices[i].empty()) add_action(ActionId(i), aceso::terms_of(relations.voices[i]));
    if (!names_.stages.empty())
      add_words("stage", names_of(names_.stages), [&](std::size_t row) -> Position {
        const auto stage = results_.stage(row);
        return stage ? Position(static_cast<std::int32_t>(stage->index())) : std::nullopt;
      });
  }
  void add_rest() {
    for (std::size_t i = 0; i < names_.definitions.size(); ++i)
      add_definition(DefinitionId(i));
    for (std::size_t i = 0; i < names_.cautions.size(); ++i)
      add_truth("caution." + names_.cautions[i].name,
                [&, i](std::size_t row) { return results_.caution(row, CautionId(i)); });
    for (std::size_t i = 0; i < names_.differentials.size(); ++i)
      add_words("differential." + names_.differentials[i].name, names_of(names_[names_.differentials[i].type].members),
                [&, i](std::size_t row) -> Position {
                  const auto decided = results_.differential(row, DifferentialId(i)).decided;
                  return decided ? Position(static_cast<std::int32_t>(decided->index)) : std::nullopt;
                });
  }
  void finish(ArrowSchema& schema, ArrowArray& array) {
    auto* of_schema = new Held;
    auto* of_array = new Held;
    of_schema->format = "+s";
    for (const ExportedColumn& each : columns_) {
      of_schema->schemas.push_back(each.schema);
      of_array->arrays.push_back(each.array);
    }
    columns_.clear();
    for (auto& each : of_schema->schemas)
      of_schema->schema_children.push_back(&each);
    for (auto& each : of_array->arrays)
      of_array->array_children.push_back(&each);
    of_array->buffers.push_back(nullptr);
    schema = {};
    schema.format = of_schema->format.c_str();
    schema.name = of_schema->name.c_str();
    schema.n_children = static_cast<std::int64_t>(of_schema->schema_children.size());
    schema.children = of_schema->schema_children.data();
    schema.release = release<ArrowSchema>;
    schema.private_data = of_schema;
    array = {};
    array.length = static_cast<std::int64_t>(results_.rows());
    array.n_buffers = 1;
    array.buffers = of_array->buffers.data();
    array.n_children = static_cast<std::int64_t>(of_array->array_children.size());
    array.children = of_array->array_children.data();
    array.release = release<ArrowArray>;
    array.private_data = of_array;
  }

private:
  template <class Element>
  void add_words(std::string name, const std::vector<std::string>& words, Element element) {
    columns_.push_back(fill_.words(std::move(name), words, [&](std::size_t row) -> Position {
      return results_.is_refused(row) ? std::nullopt : element(row);
    }));
  }
  template <class Element>
  void add_truth(std::string name, Element element) {
    add_words(std::move(name), {"no", "unknown", "yes"},
              [&](std::size_t row) -> Position { return static_cast<std::int32_t>(element(row)); });
  }
  void add_action(ActionId id, const std::vector<Period>& terms) {
    const std::string name = "action." + names_[id].name;
    std::vector<batch::ActionOutcome> all;
    for (std::size_t row = 0; row < results_.rows(); ++row)
      all.push_back(results_.action(row, id));
    const auto words = [](auto last) {
      std::vector<std::string> list;
      for (int i = 0; i <= static_cast<int>(last); ++i)
        list.emplace_back(to_text(static_cast<decltype(last)>(i)));
      return list;
    };
    const auto but_none = [](auto value) {
      return static_cast<int>(value) == 0 ? Position() : Position(static_cast<int>(value));
    };
    add_words(name + ".status", words(RecommendationStatus::overridden),
              [&](std::size_t row) -> Position { return static_cast<int>(all[row].status); });
    add_words(name + ".verb", words(Verb::contraindicate), [&](std::size_t row) -> Position {
      return all[row].verb ? Position(static_cast<int>(*all[row].verb)) : std::nullopt;
    });
    add_words(name + ".strength", words(Strength::strong),
              [&](std::size_t row) { return but_none(all[row].strength); });
    add_words(name + ".urgency", words(Urgency::immediately),
              [&](std::size_t row) { return but_none(all[row].urgency); });
    if (terms.empty()) return;
    std::vector<std::string> terms_in_words;
    for (const Period& term : terms)
      terms_in_words.push_back(to_text(term));
    add_words(name + ".within", terms_in_words, [&](std::size_t row) -> Position {
      if (!all[row].within) return std::nullopt;
      return static_cast<std::int32_t>(std::ranges::find(terms, *all[row].within) - terms.begin());
    });
  }

  void add_definition(DefinitionId id) {
    const DefinitionInfo& info = names_.definitions[id.index()];
    const TypeInfo& type = names_[info.type];
    const std::string name = "value." + info.name;
    const auto value = [this, id](std::size_t row) {
      return results_.is_refused(row) ? Value() : results_.definition(row, id);
    };
    switch (type.kind) {
    case TypeKind::yes_no:
      columns_.push_back(fill_.bits(name, [&](std::size_t row) -> std::optional<bool> {
        const Value v = value(row);
        return v.is<bool>() ? std::optional(v.as<bool>()) : std::nullopt;
      }));
      return;
    case TypeKind::choice:
    case TypeKind::scale:
    case TypeKind::action:
      add_words(name, type.kind == TypeKind::action ? names_of(names_.actions) : names_of(type.members),
                [&](std::size_t row) -> Position {
                  const Value v = value(row);
                  return v.is<Choice>() ? Position(static_cast<std::int32_t>(v.as<Choice>().index)) : std::nullopt;
                });
      return;
    case TypeKind::date:
      columns_.push_back(fill_.fixed<std::int32_t>("tdD", name, [&](std::size_t row) -> std::optional<std::int32_t> {
        const Value v = value(row);
        return v.is<Date>() ? std::optional(static_cast<std::int32_t>(v.as<Date>().days)) : std::nullopt;
      }));
      return;
    case TypeKind::instant:
      columns_.push_back(
          fill_.fixed<std::int64_t>("tss:UTC", name, [&](std::size_t row) -> std::optional<std::int64_t> {
            const Value v = value(row);
            return v.is<Instant>() ? std::optional(v.as<Instant>().seconds) : std::nullopt;
          }));
      return;
    default: break;
    }
    if (const auto places = decimal_places(id)) return add_number(name, value, *places);
    columns_.push_back(fill_.texts(name, [&](std::size_t row) -> std::optional<std::string> {
      const Value v = value(row);
      return v.is_known() ? std::optional(to_text(names_, info.type, v)) : std::nullopt;
    }));
  }
  /// Digits behind the point that every value has room in; nothing where values are no such decimals.
  [[nodiscard]] std::optional<int> decimal_places(DefinitionId id) const {
    const Representation& form = module_.definitions[id.index()].representation;
    if (form.form != Representation::Form::number) return std::nullopt;
    std::int64_t power = 1;
    for (int places = 0; places <= 12; ++places, power *= 10)
      if (power % form.step.denominator() == 0) return places;
    return std::nullopt;
  }
  template <class Element>
  void add_number(const std::string& name, Element value, int places) {
    std::int64_t power = 1;
    for (int i = 0; i < places; ++i)
      power *= 10;
    const auto digits = [&](std::size_t row) -> std::optional<Int128> {
      const Value v = value(row);
      if (!v.is<Rational>()) return std::nullopt;
      return Int128{v.as<Rational>().numerator()} * (power / v.as<Rational>().denominator());
    };
    if (places == 0)
      columns_.push_back(fill_.fixed<std::int64_t>("l", name, [&](std::size_t row) -> std::optional<std::int64_t> {
        const auto number = digits(row);
        return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
      }));
    else
      columns_.push_back(fill_.fixed<Int128>("d:38," + std::to_string(places), name, digits));
  }

  const batch::Results& results_;
  const Module& module_;
  const Dictionary& names_;
  Filler fill_;
  std::vector<ExportedColumn> columns_;
};

} // namespace

void write_columns(const batch::Results& results, const Module& module, bool only_advice, ArrowSchema& schema,
                   ArrowArray& array) {
  Exporter exporter(results, module);
  exporter.add_advice();
  if (!only_advice) exporter.add_rest();
  exporter.finish(schema, array);
}

} // namespace aceso::api
