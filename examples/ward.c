/* Goes through a ward and names the patients for whom something is to be done: outcomes first, and reasons only where
 * something is urgent. `ward MODULE`, with the module of first.c. */
#include <aceso/aceso.h>

#include <stdio.h>
#include <stdlib.h>

static void need(aceso_status status, const char* what) {
  if (status == ACESO_OK) return;
  fprintf(stderr, "%s: %s\n", what, aceso_status_name(status));
  exit(1);
}

/* What is known of a patient, as flags of an own record. */
enum { FEVER = 1, NUMB_SADDLE = 2, DEVICE = 4, ASKED = 8 };

static void set(aceso_evaluator* patient, const char* input, int facts, int flag) {
  const aceso_value value = facts & ASKED ? aceso_bool((facts & flag) != 0) : aceso_unknown(ACESO_NOT_ASKED);
  need(aceso_set_named(patient, input, ACESO_NUL, &value), input);
}

/* Why: this is worked out only when it is asked for. */
static void because(const aceso_module* guideline, aceso_evaluator* patient, uint32_t action) {
  const uint32_t* rules;
  size_t count;
  need(aceso_result_rules(patient, action, &rules, &count), "rules");
  for (size_t i = 0; i < count; ++i) {
    aceso_entry rule = {.struct_size = sizeof rule};
    need(aceso_module_entry(guideline, ACESO_RULES, rules[i], &rule), "rule");
    printf("    %s\n", rule.text.size > 0 ? rule.text.data : rule.name.data);
  }
}

int main(int count, char** arguments) {
  static const char* const urgencies[] = {"", "routinely", "soon", "urgently", "immediately"};
  static const int ward[] = {ASKED, ASKED | FEVER, ASKED | NUMB_SADDLE | DEVICE, 0};
  aceso_module* guideline = NULL;
  aceso_evaluator* patient = NULL;
  aceso_instant now;
  const aceso_value yes = aceso_bool(1);
  if (count != 2) return 2;
  need(aceso_module_load_file(arguments[1], NULL, &guideline, NULL), arguments[1]);
  need(aceso_evaluator_create(guideline, NULL, &patient), "evaluator");
  need(aceso_instant_parse("2026-11-22T10:00:00Z", ACESO_NUL, &now), "instant");

  for (size_t bed = 0; bed < sizeof ward / sizeof ward[0]; ++bed) {
    aceso_outcomes outcomes = {.struct_size = sizeof outcomes};
    unsigned open = 0;
    need(aceso_clear(patient), "clear");
    need(aceso_set_named(patient, "suspected_radiculopathy", ACESO_NUL, &yes), "set");
    set(patient, "fever", ward[bed], FEVER);
    set(patient, "saddle_anesthesia", ward[bed], NUMB_SADDLE);
    set(patient, "mri_incompatible_device", ward[bed], DEVICE);
    need(aceso_evaluate_outcomes(patient, now, &outcomes), "outcomes");
    printf("bed %u:\n", (unsigned)bed + 1);
    for (uint32_t i = 0; i < aceso_module_count(guideline, ACESO_ACTIONS); ++i) {
      const aceso_outcome* action = &outcomes.actions[i];
      aceso_entry entry = {.struct_size = sizeof entry};
      open += action->status == ACESO_UNDETERMINED;
      if (action->status != ACESO_ADVISED || action->urgency < ACESO_URGENTLY) continue;
      need(aceso_module_entry(guideline, ACESO_ACTIONS, i, &entry), "action");
      printf("  %s: %s\n", urgencies[action->urgency], entry.title.data);
      because(guideline, patient, i);
    }
    printf("  %u actions are not decided\n", open);
  }

  aceso_evaluator_destroy(patient);
  aceso_module_destroy(guideline);
  return 0;
}
