/// One module, many threads, each with its own evaluator. Built with -fsanitize=thread by tests/api/run_threads.sh.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "aceso/aceso.h"

namespace {

constexpr int thread_count = 4;

void need(aceso_status status, const char* what) {
  if (status == ACESO_OK) return;
  std::fprintf(stderr, "%s: %s\n", what, aceso_status_name(status));
  std::abort();
}

/// Everything that two threads could meet in: the dictionary, units that are worked out on first use, texts.
std::string ask(const aceso_module* module, int rounds) {
  aceso_evaluator* patient = nullptr;
  need(aceso_evaluator_create(module, nullptr, &patient), "evaluator");
  for (uint32_t i = 0; i < aceso_module_count(module, ACESO_INPUTS); ++i) {
    aceso_input input;
    input.struct_size = sizeof input;
    need(aceso_module_input(module, i, &input), "input");
  }
  std::string told;
  aceso_text text;
  aceso_outcomes outcomes{};
  outcomes.struct_size = sizeof outcomes;
  for (int round = 0; round < rounds; ++round) {
    const aceso_value truth = aceso_bool(round % 2), days = aceso_number("21", "d"), weeks = aceso_number("3", "wk"),
                      wrong = aceso_number("3", "months");
    need(aceso_clear(patient), "clear");
    need(aceso_set_named(patient, "suspected_radiculopathy", ACESO_NUL, &truth), "set");
    need(aceso_evaluate_outcomes(patient, {1'794'000'000, 0}, &outcomes), "outcomes"); // made by whoever comes first
    for (uint32_t i = 0; i < aceso_module_count(module, ACESO_ACTIONS); ++i)
      told += static_cast<char>('0' + outcomes.actions[i].status);
    need(aceso_clear(patient), "clear");
    need(aceso_set_named(patient, "suspected_radiculopathy", ACESO_NUL, &truth), "set");
    need(aceso_set_named(patient, "conservative_care_duration", ACESO_NUL, round % 3 == 0 ? &days : &weeks), "set");
    if (aceso_set_named(patient, "conservative_care_duration", ACESO_NUL, &wrong) != ACESO_BAD_FACT) std::abort();
    need(aceso_add_fact_named(patient, {1'795'000'000, 0}, "fever", ACESO_NUL, &truth), "fact");
    need(aceso_evaluate(patient, {1'796'000'000, 3600}), "evaluate");
    need(aceso_decision_json(patient, 0, &text), "json");
    told += std::string(text.data, text.size);
  }
  aceso_explanation* why = nullptr;
  aceso_explain_options options{};
  options.struct_size = sizeof options;
  options.action = ACESO_NONE;
  options.evaluations = 50;
  need(aceso_explain(patient, &options, &why), "explain");
  while (aceso_explanation_next(why, &text) == ACESO_OK)
    told += std::string(text.data, text.size);
  aceso_explanation_destroy(why);
  aceso_evaluator_destroy(patient);
  return told;
}

/// A batch whose threads share blocks of 20,000 patients; every second one has fever.
void decide_many(const aceso_module* module) {
  constexpr std::int64_t patients = 20'000;
  const std::vector<std::uint8_t> all(patients / 8, 0xff), fever(patients / 8, 0xaa);
  const std::array<const void*, 2> bits[2] = {{nullptr, all.data()}, {nullptr, fever.data()}};
  const char* const names[2] = {"suspected_radiculopathy", "fever"};
  std::array<ArrowSchema, 2> schemas{};
  std::array<ArrowArray, 2> arrays{};
  std::array<ArrowSchema*, 2> schema_list{};
  std::array<ArrowArray*, 2> array_list{};
  for (std::size_t i = 0; i < 2; ++i) {
    schemas[i].format = "b", schemas[i].name = names[i];
    arrays[i].length = patients, arrays[i].n_buffers = 2;
    arrays[i].buffers = const_cast<const void**>(bits[i].data());
    schema_list[i] = &schemas[i], array_list[i] = &arrays[i];
  }
  aceso_batch_options options{};
  options.struct_size = sizeof options;
  options.jobs = thread_count;
  aceso_batch* batch = nullptr;
  need(aceso_batch_create(module, &options, &batch), "batch");
  for (int turn = 0; turn < 3; ++turn) {
    ArrowSchema schema{}, result_schema{};
    ArrowArray rows{}, result{};
    schema.format = "+s", schema.n_children = 2, schema.children = schema_list.data();
    rows.length = patients, rows.n_children = 2, rows.children = array_list.data();
    need(aceso_batch_decide(batch, {1'796'000'000, 0}, &schema, &rows, &result_schema, &result), "decide");
    for (std::int64_t i = 0; i < result.n_children; ++i) {
      if (std::string(result_schema.children[i]->name) != "value.infection_or_cancer") continue;
      const auto* known = static_cast<const std::uint8_t*>(result.children[i]->buffers[0]);
      const auto* values = static_cast<const std::uint8_t*>(result.children[i]->buffers[1]);
      for (std::size_t k = 0; k < patients / 8; ++k)
        if (known[k] != 0xaa || values[k] != 0xaa) std::abort(); // without fever the other two may still be
    }
    result.release(&result);
    result_schema.release(&result_schema);
  }
  aceso_batch_destroy(batch);
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  for (int turn = 0; turn < 3; ++turn) {
    aceso_module* module = nullptr;
    aceso_load_error error;
    error.struct_size = sizeof error;
    if (aceso_module_load_file(arguments[1], nullptr, &module, &error) != ACESO_OK) {
      std::fprintf(stderr, "%s: %s\n", error.id, error.message);
      return 1;
    }
    std::vector<std::string> told(thread_count);
    std::vector<std::thread> threads;
    for (int i = 0; i < thread_count; ++i)
      threads.emplace_back([&, i] { told[static_cast<std::size_t>(i)] = ask(module, 20); });
    for (std::thread& thread : threads)
      thread.join();
    for (const std::string& each : told)
      if (each.empty() || each != told.front()) {
        std::fputs("two threads were told different things\n", stderr);
        return 1;
      }
    if (turn == 0) decide_many(module);
    aceso_module_destroy(module);
  }
  // A module may be destroyed while its evaluators are at work.
  aceso_module* module = nullptr;
  need(aceso_module_load_file(arguments[1], nullptr, &module, nullptr), "load");
  aceso_evaluator* patient = nullptr;
  need(aceso_evaluator_create(module, nullptr, &patient), "evaluator");
  std::thread at_work([patient] { need(aceso_evaluate(patient, {1'796'000'000, 0}), "evaluate"); });
  aceso_module_destroy(module);
  at_work.join();
  aceso_evaluator_destroy(patient);
  std::puts("threads: the same answers");
}
