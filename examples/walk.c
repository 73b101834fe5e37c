/* Walks over what a guideline asks, and over a decision: what is advised and for which reasons, what is still missing,
 * why. `walk MODULE`, with the module of examples/first.c. */
#include <aceso/aceso.h>

#include <stdio.h>
#include <stdlib.h>

static void need(aceso_status status, const char* what) {
  if (status == ACESO_OK) return;
  fprintf(stderr, "%s: %s\n", what, aceso_status_name(status));
  exit(1);
}

/* A form to fill in: each input with its question, its choices or its unit. */
static void list_inputs(const aceso_module* guideline) {
  for (uint32_t i = 0; i < aceso_module_count(guideline, ACESO_INPUTS); ++i) {
    aceso_input input = {.struct_size = sizeof input};
    need(aceso_module_input(guideline, i, &input), "input");
    printf("%s: %s", input.name.data, input.question.data);
    if (input.unit.size > 0) printf(" [%s]", input.unit.data);
    for (uint32_t m = 0; m < input.member_count; ++m) {
      aceso_member member = {.struct_size = sizeof member};
      need(aceso_module_member(guideline, ACESO_INPUTS, i, m, &member), "member");
      printf("%s%s", m == 0 ? " (" : ", ", member.name.data);
    }
    puts(input.member_count > 0 ? ")" : "");
  }
}

/* The reasons that the rules behind an action give, and where they stand. */
static void print_reasons(const aceso_module* guideline, aceso_evaluator* patient, uint32_t action) {
  const uint32_t* rules;
  size_t count;
  need(aceso_result_rules(patient, action, &rules, &count), "rules");
  for (size_t i = 0; i < count; ++i) {
    aceso_entry rule = {.struct_size = sizeof rule};
    need(aceso_module_entry(guideline, ACESO_RULES, rules[i], &rule), "rule");
    printf("    %s\n", rule.text.size > 0 ? rule.text.data : rule.name.data);
    for (uint32_t c = 0; c < rule.citation_count; ++c) {
      aceso_citation citation = {.struct_size = sizeof citation};
      need(aceso_module_citation(guideline, ACESO_RULES, rules[i], c, &citation), "citation");
      printf("    (%s, %s)\n", citation.source.data, citation.section.data);
    }
  }
}

static void print_advice(const aceso_module* guideline, aceso_evaluator* patient) {
  static const char* const verbs[] = {"recommend", "suggest", "avoid", "contraindicate"};
  for (uint32_t i = 0; i < aceso_module_count(guideline, ACESO_ACTIONS); ++i) {
    aceso_action result = {.struct_size = sizeof result};
    aceso_entry action = {.struct_size = sizeof action};
    need(aceso_result_action(patient, i, &result), "result");
    need(aceso_module_entry(guideline, ACESO_ACTIONS, i, &action), "action");
    if (result.status == ACESO_ADVISED) {
      printf("  %s: %s\n", verbs[result.verb], action.title.data);
      print_reasons(guideline, patient, i);
    }
    if (result.status == ACESO_UNDETERMINED) printf("  not decided: %s\n", action.title.data);
  }
}

/* What to ask next: of the whole decision, the answers that settle most come first. */
static void print_missing(const aceso_module* guideline, aceso_evaluator* patient) {
  const uint32_t* inputs;
  size_t count;
  need(aceso_result_missing(patient, ACESO_NONE, &inputs, &count), "missing");
  for (size_t i = 0; i < count && i < 3; ++i) {
    aceso_input input = {.struct_size = sizeof input};
    need(aceso_module_input(guideline, inputs[i], &input), "input");
    printf("  ask: %s\n", input.question.data);
  }
}

/* Why an action is advised, or not, line by line. */
static void print_why(const aceso_module* guideline, aceso_evaluator* patient, const char* action) {
  aceso_explain_options options = {.struct_size = sizeof options, .why_not = 1, .width = 80};
  aceso_explanation* explanation = NULL;
  aceso_text line;
  need(aceso_module_find(guideline, ACESO_ACTIONS, action, ACESO_NUL, &options.action), action);
  need(aceso_explain(patient, &options, &explanation), "explain");
  while (aceso_explanation_next(explanation, &line) == ACESO_OK)
    printf("  | %s\n", line.data);
  aceso_explanation_destroy(explanation);
}

int main(int count, char** arguments) {
  aceso_module* guideline = NULL;
  aceso_evaluator* patient = NULL;
  uint32_t suspected, fever, disabling;
  aceso_instant now;
  if (count != 2) return 2;
  need(aceso_module_load_file(arguments[1], NULL, &guideline, NULL), arguments[1]);
  need(aceso_evaluator_create(guideline, NULL, &patient), "evaluator");
  puts("Inputs:");
  list_inputs(guideline);

  /* Names are looked up once; from then on facts are set by index. */
  need(aceso_module_find(guideline, ACESO_INPUTS, "suspected_radiculopathy", ACESO_NUL, &suspected), "find");
  need(aceso_module_find(guideline, ACESO_INPUTS, "fever", ACESO_NUL, &fever), "find");
  need(aceso_module_find(guideline, ACESO_INPUTS, "disabling_symptoms", ACESO_NUL, &disabling), "find");
  static const char* const absent[] = {"mri_incompatible_device", "significant_metallic_artifact",
                                       "scar_or_recurrence_question"};
  const aceso_value yes = aceso_bool(1), no = aceso_bool(0), refused = aceso_unknown(ACESO_REFUSED);
  need(aceso_set(patient, suspected, &yes), "set");
  need(aceso_set(patient, fever, &yes), "set");
  need(aceso_set(patient, disabling, &refused), "set");
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; ++i)
    need(aceso_set_named(patient, absent[i], ACESO_NUL, &no), absent[i]);
  need(aceso_instant_parse("2026-11-22T10:00:00Z", ACESO_NUL, &now), "instant");
  need(aceso_evaluate(patient, now), "evaluate");

  puts("\nDecision:");
  print_advice(guideline, patient);
  puts("\nMissing:");
  print_missing(guideline, patient);
  puts("\nWhy:");
  print_why(guideline, patient, "lumbar_mri");

  aceso_evaluator_destroy(patient);
  aceso_module_destroy(guideline);
  return 0;
}
