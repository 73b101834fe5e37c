/* Many patients at once: columns in, columns out, in the Arrow C data interface. Here the columns are written by hand;
 * Arrow, Polars, DuckDB and pandas hand out the same structs.
 *
 *   many lumbar_radiculopathy.acb
 */
#include <aceso/aceso.h>

#include <stdio.h>
#include <string.h>

enum { patients = 4, inputs = 6 };

/* Nothing here is on the heap, so there is nothing to give back. */
static void released(struct ArrowArray* array) { array->release = NULL; }

static struct ArrowSchema schemas[inputs], *schema_list[inputs];
static struct ArrowArray arrays[inputs], *array_list[inputs];
static const void* buffers[inputs][2];

static void add_column(int i, const char* name, const char* format, const void* known, const void* data) {
  memset(&schemas[i], 0, sizeof schemas[i]);
  memset(&arrays[i], 0, sizeof arrays[i]);
  schemas[i].name = name;
  schemas[i].format = format;
  buffers[i][0] = known; /* null: there are no nulls */
  buffers[i][1] = data;
  arrays[i].length = patients;
  arrays[i].null_count = known ? -1 : 0;
  arrays[i].n_buffers = 2;
  arrays[i].buffers = buffers[i];
  arrays[i].release = released;
  schema_list[i] = &schemas[i];
  array_list[i] = &arrays[i];
}

static struct ArrowArray* column(const struct ArrowSchema* schema, const struct ArrowArray* array, const char* name) {
  for (int64_t i = 0; i < schema->n_children; ++i)
    if (strcmp(schema->children[i]->name, name) == 0) return array->children[i];
  return NULL;
}

/* The word of a row: an index into a dictionary of large utf8. */
static void print_word(const struct ArrowArray* words, int row) {
  const uint8_t* known = words->buffers[0];
  if (!(known[row / 8] >> (row % 8) & 1)) {
    printf(" -");
    return;
  }
  const int64_t* ends = words->dictionary->buffers[1];
  const char* text = words->dictionary->buffers[2];
  const int32_t word = ((const int32_t*)words->buffers[1])[row];
  printf(" %.*s", (int)(ends[word + 1] - ends[word]), text + ends[word]);
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  aceso_module* guideline = NULL;
  if (aceso_module_load_file(arguments[1], NULL, &guideline, NULL) != ACESO_OK) return 1;
  aceso_batch* batch = NULL;
  aceso_batch_options options = {.struct_size = sizeof options, .jobs = 1};
  aceso_status status = aceso_batch_create(guideline, &options, &batch);

  /* Bits are counted from the lowest. The third patient was not asked about fever; the fourth cared for 10.3 days, which
   * is no whole number of days. */
  static const uint8_t all[1] = {0x0f}, none[1] = {0}, fever[1] = {0x02}, fever_known[1] = {0x0b};
  static const double care[patients] = {14, 14, 14, 10.3};
  add_column(0, "suspected_radiculopathy", "b", NULL, all);
  add_column(1, "fever", "b", fever_known, fever);
  add_column(2, "conservative_care_duration", "g", NULL, care);
  add_column(3, "mri_incompatible_device", "b", NULL, none);
  add_column(4, "significant_metallic_artifact", "b", NULL, none);
  add_column(5, "scar_or_recurrence_question", "b", NULL, none);
  struct ArrowSchema schema = {.format = "+s", .n_children = inputs, .children = schema_list};
  struct ArrowArray rows = {.length = patients, .n_children = inputs, .children = array_list, .release = released};

  struct ArrowSchema result_schema = {0};
  struct ArrowArray result = {0};
  aceso_instant now = {1795000000, 0};
  if (status == ACESO_OK) status = aceso_batch_decide(batch, now, &schema, &rows, &result_schema, &result);
  aceso_fault fault = {.struct_size = sizeof fault};
  for (uint32_t i = 0; aceso_batch_fault_at(batch, i, &fault) == ACESO_OK; ++i)
    printf("%s %s: %s\n", fault.id.data, fault.path.data, fault.message.data);
  if (status == ACESO_OK) {
    for (int row = 0; row < patients; ++row) {
      printf("patient %d:", row);
      print_word(column(&result_schema, &result, "action.lumbar_mri.status"), row);
      print_word(column(&result_schema, &result, "action.lumbar_mri.verb"), row);
      print_word(column(&result_schema, &result, "action.lumbar_mri.urgency"), row);
      printf("\n");
    }
    result.release(&result);
    result_schema.release(&result_schema);
  }
  aceso_batch_destroy(batch);
  aceso_module_destroy(guideline);
  return status == ACESO_OK ? 0 : 1;
}
