/// A runtime without libaceso_batch: aceso_without_batch MODULE. A batch is refused by name, the rest works.
#include <cstdio>
#include <cstdlib>

#include <aceso/aceso.h>

namespace {

int faults = 0, releases = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  ++faults;
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  setenv("ACESO_BATCH_LIBRARY", "", 1); // stands for no library at all
  aceso_module* guideline = nullptr;
  expect(aceso_module_load_file(arguments[1], nullptr, &guideline, nullptr) == ACESO_OK, "the module is loaded");
  aceso_batch* batch = nullptr;
  expect(aceso_batch_create(guideline, nullptr, &batch) == ACESO_NOT_AVAILABLE, "a batch is not available");
  expect(batch == nullptr, "there is no batch");

  ArrowArray rows{};
  rows.release = [](ArrowArray* array) {
    ++releases;
    array->release = nullptr;
  };
  const aceso_instant now{0, 0};
  expect(aceso_batch_decide(nullptr, now, nullptr, &rows, nullptr, nullptr) == ACESO_BAD_ARGUMENT, "no batch decides");
  expect(releases == 1 && rows.release == nullptr, "the rows are released");
  expect(aceso_batch_fault_count(nullptr) == 0, "there are no faults");
  aceso_fault fault{};
  expect(aceso_batch_fault_at(nullptr, 0, &fault) == ACESO_BAD_ARGUMENT, "there is no fault");
  expect(aceso_batch_counts(nullptr, nullptr, nullptr, nullptr, nullptr) == ACESO_BAD_ARGUMENT, "there are no counts");
  aceso_batch_destroy(nullptr);

  aceso_evaluator* patient = nullptr;
  expect(aceso_evaluator_create(guideline, nullptr, &patient) == ACESO_OK, "an evaluator is made");
  expect(aceso_evaluate(patient, now) == ACESO_OK, "it evaluates");
  aceso_outcomes outcomes{};
  outcomes.struct_size = sizeof outcomes;
  expect(aceso_evaluate_outcomes(patient, now, &outcomes) == ACESO_OK, "it tells outcomes alone");
  expect(outcomes.is_looked_up == 0, "they are not looked up");
  aceso_evaluator_destroy(patient);
  aceso_module_destroy(guideline);
  return faults == 0 ? 0 : 1;
}
