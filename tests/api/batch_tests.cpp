/// Many patients through the C interface: every kind of column, refusals, releases; each row against an evaluator.
#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aceso/aceso.h"

namespace {

int releases = 0;

/// A struct array while it is put together. Everything lives as long as this.
class Rows {
public:
  explicit Rows(std::int64_t rows) : rows_(rows) {}

  template <class Element>
  ArrowArray& add(const char* name, const char* format, std::vector<Element> data,
                  std::optional<std::uint8_t> known = std::nullopt) {
    std::vector<std::byte> bytes(data.size() * sizeof(Element));
    if (!bytes.empty()) std::memcpy(bytes.data(), data.data(), bytes.size());
    return add_buffers(name, format, {bytes}, known);
  }
  ArrowArray& add_text(const char* name, const std::vector<std::string>& texts) {
    std::vector<std::int32_t> ends = {0};
    std::string all;
    for (const std::string& each : texts) {
      all += each;
      ends.push_back(static_cast<std::int32_t>(all.size()));
    }
    std::vector<std::byte> of_ends(ends.size() * 4), of_text(all.size() + 1);
    std::memcpy(of_ends.data(), ends.data(), of_ends.size());
    std::memcpy(of_text.data(), all.data(), all.size());
    ArrowArray& array = add_buffers(name, "u", {of_ends, of_text}, std::nullopt);
    array.length = static_cast<std::int64_t>(texts.size());
    return array;
  }
  /// The column that was added last becomes the dictionary of the one before it.
  void make_dictionary() {
    ArrowSchema* entries = schema_list_.back();
    ArrowArray* values = array_list_.back();
    schema_list_.pop_back(), array_list_.pop_back();
    schema_list_.back()->dictionary = entries, array_list_.back()->dictionary = values;
  }

  aceso_status decide(aceso_batch* batch) {
    ArrowSchema schema{};
    schema.format = "+s";
    schema.n_children = static_cast<std::int64_t>(schema_list_.size());
    schema.children = schema_list_.data();
    ArrowArray array{};
    array.length = rows_;
    array.n_children = schema.n_children;
    array.children = array_list_.data();
    array.release = [](ArrowArray* each) {
      ++releases;
      each->release = nullptr;
    };
    const int before = releases;
    const aceso_status status = aceso_batch_decide(batch, {1'795'000'000, 0}, &schema, &array, &result_schema, &result);
    EXPECT_EQ(releases, before + 1); // whatever the status
    return status;
  }
  ~Rows() {
    if (result.release != nullptr) result.release(&result);
    if (result_schema.release != nullptr) result_schema.release(&result_schema);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  [[nodiscard]] const ArrowArray* column(const std::string& name) const {
    for (std::int64_t i = 0; i < result_schema.n_children; ++i)
      if (name == result_schema.children[i]->name) return result.children[i];
    ADD_FAILURE() << "there is no column " << name;
    return nullptr;
  }
  /// "-" for a null.
  [[nodiscard]] std::string word(const std::string& name, std::size_t row) const {
    const ArrowArray* array = column(name);
    const auto* known = static_cast<const std::uint8_t*>(array->buffers[0]);
    if ((known[row / 8] >> (row % 8) & 1) == 0) return "-";
    if (array->dictionary == nullptr)
      return (static_cast<const std::uint8_t*>(array->buffers[1])[row / 8] >> (row % 8) & 1) != 0 ? "yes" : "no";
    const auto at = static_cast<const std::int32_t*>(array->buffers[1])[row];
    const auto* ends = static_cast<const std::int64_t*>(array->dictionary->buffers[1]);
    const auto* text = static_cast<const char*>(array->dictionary->buffers[2]);
    return {text + ends[at], static_cast<std::size_t>(ends[at + 1] - ends[at])};
  }

  ArrowSchema result_schema{};
  ArrowArray result{};

private:
  ArrowArray& add_buffers(const char* name, const char* format, std::vector<std::vector<std::byte>> buffers,
                          std::optional<std::uint8_t> known) {
    memory_.push_back(std::move(buffers));
    auto& pointers = pointers_.emplace_back();
    known_.push_back(known.value_or(0xff));
    pointers.push_back(known ? &known_.back() : nullptr);
    for (const auto& each : memory_.back())
      pointers.push_back(each.data());
    ArrowSchema& schema = schemas_.emplace_back();
    schema.name = name, schema.format = format;
    ArrowArray& array = arrays_.emplace_back();
    array.length = rows_;
    array.null_count = known ? -1 : 0;
    array.n_buffers = static_cast<std::int64_t>(pointers.size());
    array.buffers = pointers.data();
    schema_list_.push_back(&schema), array_list_.push_back(&array);
    return array;
  }

  std::int64_t rows_;
  std::deque<std::vector<std::vector<std::byte>>> memory_;
  std::deque<std::vector<const void*>> pointers_;
  std::deque<std::uint8_t> known_;
  std::deque<ArrowSchema> schemas_;
  std::deque<ArrowArray> arrays_;
  std::vector<ArrowSchema*> schema_list_;
  std::vector<ArrowArray*> array_list_;
};

class Batches : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(aceso_module_load_file(ACESO_TEST_MODULES "/sample.acb", nullptr, &module, nullptr), ACESO_OK);
    ASSERT_EQ(aceso_batch_create(module, nullptr, &batch), ACESO_OK);
  }
  void TearDown() override {
    aceso_batch_destroy(batch);
    aceso_module_destroy(module);
  }
  /// The status of an action for facts of one patient.
  std::string by_evaluator(const std::vector<std::pair<const char*, aceso_value>>& facts, const char* action) {
    aceso_evaluator* patient = nullptr;
    EXPECT_EQ(aceso_evaluator_create(module, nullptr, &patient), ACESO_OK);
    for (const auto& [name, value] : facts)
      EXPECT_EQ(aceso_set_named(patient, name, ACESO_NUL, &value), ACESO_OK) << name;
    EXPECT_EQ(aceso_evaluate(patient, {1'795'000'000, 0}), ACESO_OK);
    std::uint32_t index = 0;
    EXPECT_EQ(aceso_module_find(module, ACESO_ACTIONS, action, ACESO_NUL, &index), ACESO_OK);
    aceso_action result{};
    result.struct_size = sizeof result;
    EXPECT_EQ(aceso_result_action(patient, index, &result), ACESO_OK);
    aceso_evaluator_destroy(patient);
    return std::array{"advised", "not_advised", "conflict", "undetermined",
                      "overridden"}[static_cast<std::size_t>(result.status)];
  }
  std::string fault(std::uint32_t i) {
    aceso_fault fault{};
    fault.struct_size = sizeof fault;
    if (aceso_batch_fault_at(batch, i, &fault) != ACESO_OK) return {};
    return std::string(fault.id.data) + " " + fault.path.data + " " + fault.message.data;
  }
  aceso_module* module = nullptr;
  aceso_batch* batch = nullptr;
};

TEST_F(Batches, EveryKindOfColumnSaysWhatTheEvaluatorIsTold) {
  Rows rows(3);
  rows.add<std::uint8_t>("cough", "b", {0b011}, 0b111);
  rows.add<std::uint8_t>("smoker", "b", {0b100}, 0b101); // the second is assumed
  rows.add_text("side", {"left", "right", "left"});
  rows.add<std::int8_t>("severity", "c", {2, 0, 1});
  rows.add_text("", {"low", "mid", "high"});
  rows.make_dictionary();
  rows.add<double>("temperature", "g", {38.6, 37.0, 38.5});
  rows.add<std::uint16_t>("rooms", "S", {9, 0, 6}, 0b101);
  rows.add<std::int64_t>("duration", "l", {14, 13, 0});
  rows.add<std::int32_t>("born", "tdD", {1000, -1000, 0});
  rows.add<std::int64_t>("seen_at", "tsu:UTC", {5'000'000, -1'000'000, 0});
  rows.add<std::int64_t>("weight", "d:10,1", {1005, 0, 995, 0, 1000, 0}); // 16 bytes each
  ASSERT_EQ(rows.decide(batch), ACESO_OK) << fault(0);
  EXPECT_EQ(aceso_batch_fault_count(batch), 0u) << fault(0);
  const std::vector<std::vector<std::pair<const char*, aceso_value>>> patients = {
      {{"cough", aceso_bool(1)},
       {"smoker", aceso_bool(0)},
       {"side", aceso_choice_named("left")},
       {"severity", aceso_choice_named("high")},
       {"temperature", aceso_number("38.6", "Cel")},
       {"rooms", aceso_number("9", nullptr)},
       {"duration", aceso_number("14", "d")},
       {"weight", aceso_number("100.5", "kg")}},
      {{"cough", aceso_bool(1)},
       {"side", aceso_choice_named("right")},
       {"severity", aceso_choice_named("low")},
       {"temperature", aceso_number("37", "Cel")},
       {"duration", aceso_number("13", "d")},
       {"weight", aceso_number("99.5", "kg")}},
      {{"cough", aceso_bool(0)},
       {"smoker", aceso_bool(1)},
       {"side", aceso_choice_named("left")},
       {"severity", aceso_choice_named("mid")},
       {"temperature", aceso_number("38.5", "Cel")},
       {"rooms", aceso_number("6", nullptr)},
       {"duration", aceso_number("0", "d")},
       {"weight", aceso_number("100", "kg")}}};
  for (std::size_t row = 0; row < patients.size(); ++row)
    for (const char* action : {"rest", "test", "visit"})
      EXPECT_EQ(rows.word("action." + std::string(action) + ".status", row), by_evaluator(patients[row], action))
          << action << row;
  EXPECT_EQ(rows.word("value.hot", 0), "yes");
  EXPECT_EQ(rows.word("caution.careful", 0), "yes");
  EXPECT_EQ(rows.word("caution.careful", 1), "unknown");
  EXPECT_EQ(rows.word("action.rest.urgency", 2), "soon");
  EXPECT_EQ(rows.word("action.rest.urgency", 1), "-");
  EXPECT_EQ(rows.word("action.rest.within", 2), "2 days");
  EXPECT_EQ(rows.word("action.rest.within", 1), "-");
}

TEST_F(Batches, FloatsBetweenStepsAndOtherValuesAreToldAndUnknown) {
  Rows rows(3);
  rows.add<double>("temperature", "g", {38.65, 38.6, 0.0 / 1.0});
  rows.add_text("side", {"left", "middle", "right"});
  ASSERT_EQ(rows.decide(batch), ACESO_OK);
  ASSERT_EQ(aceso_batch_fault_count(batch), 3u);
  EXPECT_EQ(fault(0).substr(0, 70), "A0942 $[0].temperature what stands here is no value of `temperature`; ");
  EXPECT_EQ(fault(1).substr(0, 24), "A0942 $[2].temperature `");
  EXPECT_EQ(fault(2), "A0942 $[1].side what stands here is no value of `side`; allowed: left, right");
  EXPECT_EQ(rows.word("value.hot", 0), "-");
  EXPECT_EQ(rows.word("value.hot", 1), "yes");
  std::uint64_t bad = 0, by_row = 9;
  ASSERT_EQ(aceso_batch_counts(batch, nullptr, nullptr, &by_row, &bad), ACESO_OK);
  EXPECT_EQ(bad, 3u);
  EXPECT_EQ(by_row, 0u);
  // After a call that failed nothing was decided.
  Rows wrong(2);
  wrong.add<std::int64_t>("nobody", "l", {1, 2});
  EXPECT_EQ(wrong.decide(batch), ACESO_NOT_FOUND);
  std::uint64_t in_columns = 9;
  ASSERT_EQ(aceso_batch_counts(batch, &in_columns, nullptr, &by_row, &bad), ACESO_OK);
  EXPECT_EQ(in_columns + by_row + bad, 0u);
}

/// Where an input accepts another unit in steps of its own, it is held otherwise, and its range holds all the same.
TEST_F(Batches, RangesAndStepsHoldForEveryInput) {
  Rows rows(4);
  rows.add<double>("fahrenheit", "g", {101.3, -1e9, 38.5, 38.63});
  rows.add<double>("temperature", "g", {101.3, -1e9, 38.5, 38.63});
  rows.add<std::int64_t>("seen_at", "tss:UTC", {253'402'300'800, -62'135'596'801, 0, 1});
  ASSERT_EQ(rows.decide(batch), ACESO_OK);
  EXPECT_EQ(aceso_batch_fault_count(batch), 8u);
  EXPECT_EQ(fault(0).substr(0, 61), "A0942 $[0].fahrenheit `fahrenheit` cannot be 101.3 Cel; allow");
  for (const char* value : {"value.warm", "value.hot"}) {
    EXPECT_EQ(rows.word(value, 0), "-");
    EXPECT_EQ(rows.word(value, 1), "-");
    EXPECT_EQ(rows.word(value, 2), "yes");
    EXPECT_EQ(rows.word(value, 3), "-");
  }
}

TEST_F(Batches, RowsThatBreakAConstraintAreRefused) {
  Rows rows(2);
  rows.add<std::uint8_t>("cough", "b", {0b11});
  rows.add<float>("temperature", "f", {34.5F, 36.5F});
  ASSERT_EQ(rows.decide(batch), ACESO_OK);
  EXPECT_EQ(rows.word("refused", 0), "yes");
  EXPECT_EQ(rows.word("applies", 0), "-");
  EXPECT_EQ(rows.word("refused", 1), "no");
  EXPECT_EQ(rows.word("applies", 1), "yes");
}

TEST_F(Batches, ColumnsThatCannotBeReadAreNamed) {
  {
    Rows rows(1);
    rows.add<std::uint8_t>("coughs", "b", {1});
    EXPECT_EQ(rows.decide(batch), ACESO_NOT_FOUND);
    EXPECT_EQ(fault(0), "A0940  the column `coughs` is none of the inputs of sample");
  }
  {
    Rows rows(1);
    rows.add<double>("cough", "g", {1});
    EXPECT_EQ(rows.decide(batch), ACESO_BAD_ARGUMENT);
    EXPECT_EQ(fault(0), "A0940  the column `cough` has the Arrow format `g`, which yes/no cannot be");
  }
  EXPECT_EQ(aceso_batch_decide(batch, {0, 0}, nullptr, nullptr, nullptr, nullptr), ACESO_BAD_ARGUMENT);
  EXPECT_EQ(aceso_batch_fault_count(nullptr), 0u);
  aceso_batch_destroy(nullptr);
}

TEST_F(Batches, OffsetsAndLongColumnsAreReadWhereTheyBegin) {
  constexpr std::int64_t count = 9000; // three blocks, the last not whole
  Rows rows(count);
  std::vector<double> temperatures;
  for (std::int64_t i = 0; i < count + 5; ++i)
    temperatures.push_back(static_cast<double>(370 + i % 40) / 10);
  rows.add<double>("temperature", "g", temperatures).offset = 5;
  ASSERT_EQ(rows.decide(batch), ACESO_OK);
  for (std::size_t row = 0; row < count; ++row)
    ASSERT_EQ(rows.word("value.hot", row), (row + 5) % 40 >= 15 ? "yes" : "no") << row;
}

} // namespace
