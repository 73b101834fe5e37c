/* A guideline as machine code, without any library of Aceso:
 *
 *   aceso build fever.aceso --native -o fever
 *   cc -I. decide.c fever.o -o decide
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fever.h"

static const char* const statuses[] = {"advised", "not advised", "conflict", "undetermined", "overridden"};

int main(void) {
  fever_outcome outcomes[FEVER_ACTION_COUNT + 1];
  uint8_t cautions[FEVER_CAUTION_COUNT + 1];
  uint32_t differentials[FEVER_DIFFERENTIAL_COUNT + 1];
  fever_summary summary;
  fever_facts patient;
  void* scratch = malloc(fever_scratch_bytes);
  int tenths;
  if (scratch == NULL) return 1;

  /* The header and the code belong together. */
  if (strcmp(fever_module_hash, FEVER_MODULE_HASH) != 0) return 1;

  memset(&patient, 0, sizeof patient); /* nothing has been asked */
  patient.fever = 8;                   /* yes */
  for (tenths = 370; tenths <= 390; tenths += 10) {
    patient.temperature_known = 7;
    patient.temperature = (uint16_t)tenths;
    if (fever_decide(&patient, 0, outcomes, cautions, differentials, &summary, scratch) != 0) return 1;
    printf("%d.%d: cool is %s\n", tenths / 10, tenths % 10, statuses[outcomes[FEVER_ACTION_cool].status]);
  }
  patient.temperature_known = 0;
  if (fever_decide(&patient, 0, outcomes, cautions, differentials, &summary, scratch) != 0) return 1;
  printf("not asked: cool is %s\n", statuses[outcomes[FEVER_ACTION_cool].status]);
  free(scratch);
  return 0;
}
