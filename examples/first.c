/* The shortest whole program: a patient with fever, and what the guideline advises.
 *
 *   aceso build guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso -o lumbar_radiculopathy.acb
 *   first lumbar_radiculopathy.acb
 */
#include <aceso/aceso.h>

#include <stdio.h>

static int fail(const aceso_evaluator* patient, aceso_status status) {
  aceso_fault fault = {.struct_size = sizeof fault};
  fprintf(stderr, "%s\n", aceso_status_name(status));
  for (uint32_t i = 0; aceso_fault_at(patient, i, &fault) == ACESO_OK; ++i)
    fprintf(stderr, "%s %s: %s\n", fault.id.data, fault.path.data, fault.message.data);
  return 1;
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  aceso_load_error error = {.struct_size = sizeof error};
  aceso_module* guideline = NULL;
  if (aceso_module_load_file(arguments[1], NULL, &guideline, &error) != ACESO_OK) {
    fprintf(stderr, "%s: %s\n", error.id, error.message);
    return 1;
  }
  aceso_evaluator* patient = NULL;
  aceso_status status = aceso_evaluator_create(guideline, NULL, &patient);

  static const char* const absent[] = {"mri_incompatible_device", "significant_metallic_artifact",
                                       "scar_or_recurrence_question"};
  const aceso_value yes = aceso_bool(1), no = aceso_bool(0), two_weeks = aceso_number("2", "wk");
  aceso_instant now;
  aceso_text text = {"", 0};
  if (status == ACESO_OK) status = aceso_set_named(patient, "suspected_radiculopathy", ACESO_NUL, &yes);
  if (status == ACESO_OK) status = aceso_set_named(patient, "fever", ACESO_NUL, &yes);
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; ++i)
    if (status == ACESO_OK) status = aceso_set_named(patient, absent[i], ACESO_NUL, &no);
  if (status == ACESO_OK) status = aceso_set_named(patient, "conservative_care_duration", ACESO_NUL, &two_weeks);
  if (status == ACESO_OK) status = aceso_instant_parse("2026-11-22T10:00:00Z", ACESO_NUL, &now);
  if (status == ACESO_OK) status = aceso_evaluate(patient, now);
  if (status == ACESO_OK) status = aceso_decision_text(patient, 80, &text);
  const int result = status == ACESO_OK ? 0 : fail(patient, status);
  fputs(text.data, stdout);

  aceso_evaluator_destroy(patient);
  aceso_module_destroy(guideline);
  return result;
}
