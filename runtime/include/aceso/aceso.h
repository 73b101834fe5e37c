/* Aceso, the runtime: runs guidelines that `aceso build` compiled. C99, and C++ from C++98 on.
 *
 *   aceso_module* module = NULL;
 *   aceso_evaluator* patient = NULL;
 *   aceso_load_error error = {sizeof error, {0}, {0}};
 *   if (aceso_module_load_file("back_pain.acb", NULL, &module, &error) != ACESO_OK) puts(error.message);
 *   aceso_evaluator_create(module, NULL, &patient);
 *   aceso_value yes = aceso_bool(1);
 *   aceso_set_named(patient, "fever", ACESO_NUL, &yes);
 *   aceso_evaluate(patient, now);
 *   aceso_text text;
 *   if (aceso_decision_text(patient, 80, &text) == ACESO_OK) fputs(text.data, stdout);
 *
 * Threads. A module is immutable: any number of threads may use it at once. An evaluator, and an explanation, is used
 * by one thread at a time; evaluators of one module run at the same time. There is no global state that a caller
 * sees.
 *
 * Memory. Every create, load and explain has a destroy; destroying NULL does nothing. A module may be destroyed while
 * its evaluators live on: they keep what they need. Strings that are handed out are UTF-8, end with a NUL that their
 * size does not count, and belong to the handle that they came from:
 *   - from a module: until the module is destroyed;
 *   - from an evaluator: until the next call that takes this evaluator as other than const, or its destruction;
 *   - from an explanation: until the next call for this explanation, or its destruction.
 * Strings that are handed in need not outlive the call. A size may be ACESO_NUL: then the string ends with a NUL.
 *
 * Errors. A function that can fail gives a status and leaves its results untouched unless the status is ACESO_OK (or
 * what it says itself). The faults behind a failed call on an evaluator, each with a stable id such as A0725, can be
 * read with aceso_fault_count and aceso_fault_at until the next call that changes the evaluator. Nothing throws,
 * nothing writes to a stream.
 *
 * Structs begin with `struct_size`, which the caller sets to its own sizeof: a later library with longer structs then
 * writes and reads no more than the caller knows. */
#ifndef ACESO_ACESO_H
#define ACESO_ACESO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ACESO_API __attribute__((visibility("default")))
#else
#define ACESO_API
#endif

/* ------------------------------------------------------------------------------------------------ basics */

/** The version of this interface. It changes only when a program that was built against an older one could break. */
#define ACESO_ABI_VERSION 1
/** As the size of a string that is handed in: it ends with a NUL. */
#define ACESO_NUL ((size_t)-1)
/** As an index: there is none; as the action of an explanation: all of them. */
#define ACESO_NONE UINT32_MAX

/** A compiled guideline. Immutable, shared between threads. */
typedef struct aceso_module aceso_module;
/** The facts of one patient and the decision for them. One thread at a time. */
typedef struct aceso_evaluator aceso_evaluator;
/** Why a decision is as it is. One thread at a time. */
typedef struct aceso_explanation aceso_explanation;

/** How a call went. */
typedef int32_t aceso_status;
enum {
  ACESO_OK = 0,
  ACESO_END = 1,               /**< an iterator has no more */
  ACESO_BAD_ARGUMENT = 2,      /**< a null pointer, a row that is not there, a struct_size that is too small */
  ACESO_NOT_FOUND = 3,         /**< no input, action ... of this name */
  ACESO_BAD_FILE = 4,          /**< the file cannot be read */
  ACESO_BAD_MODULE = 5,        /**< the bytes are no sound module; the faults A0881 to A0899 */
  ACESO_BAD_FACT = 6,          /**< a fact or a case was refused, with the faults of case files, A0701 to A0789 */
  ACESO_BROKEN_CONSTRAINT = 7, /**< the facts cannot be true together, A0790: there is no decision */
  ACESO_NOT_EVALUATED = 8,     /**< results are asked for, and the facts have not been evaluated since they changed */
  ACESO_NOT_AVAILABLE = 9,     /**< explanations of a module from which they were stripped */
  ACESO_OUT_OF_MEMORY = 10,    /**< the evaluator may have lost a fact: clear or destroy it */
  ACESO_INTERNAL = 11          /**< a mistake of ours; please report it */
};

/** UTF-8. `data` is never null and ends with a NUL that `size` does not count. */
typedef struct aceso_text {
  const char* data;
  size_t size;
} aceso_text;

/** A point in time: seconds since 1970-01-01T00:00:00Z without leap seconds, in the years 0001 to 9999, and the offset
 *  from UTC of the place, -50400 to 50400 seconds, which decides what day it is there. */
typedef struct aceso_instant {
  int64_t seconds;
  int32_t offset_seconds;
} aceso_instant;

/** The memory of a caller. `allocate` gives memory for `size` bytes (never 0) at a multiple of `alignment` (a power of
 *  two, at most that of max_align_t), or null. `release` takes it back with the same numbers. Both may be called by
 *  every thread that uses a handle made with it, and must not call this library. */
typedef struct aceso_allocator {
  size_t struct_size;
  void* context; /**< given to both functions */
  void* (*allocate)(void* context, size_t size, size_t alignment);
  void (*release)(void* context, void* memory, size_t size, size_t alignment);
} aceso_allocator;

/** ACESO_ABI_VERSION of the library. Thread-safe. */
ACESO_API uint32_t aceso_abi_version(void);
/** Version of the library, such as "0.1.0". Lives for ever. Thread-safe. */
ACESO_API const char* aceso_version(void);
/** "bad_fact" for ACESO_BAD_FACT and so on; "?" for a number that is no status. Lives for ever. Thread-safe. */
ACESO_API const char* aceso_status_name(aceso_status status);
/** Reads "2026-11-22T10:00:00Z" or "2026-11-22T10:00:00+01:00". ACESO_BAD_ARGUMENT for anything else, also for an
 *  instant without its offset. Thread-safe. */
ACESO_API aceso_status aceso_instant_parse(const char* text, size_t size, aceso_instant* instant);

/* ------------------------------------------------------------------------------------------------ values */

/** The kinds of an aceso_value. */
enum {
  ACESO_VALUE_UNKNOWN = 0,     /**< `reason` says why */
  ACESO_VALUE_BOOL = 1,        /**< numerator: 0 no, 1 yes */
  ACESO_VALUE_CHOICE = 2,      /**< numerator: the member, from 0. Handed out with its name as `text` */
  ACESO_VALUE_CHOICE_NAME = 3, /**< text: the name of the member. Never handed out */
  ACESO_VALUE_NUMBER = 4,      /**< numerator / denominator in `unit`. Handed out in lowest terms */
  ACESO_VALUE_NUMBER_TEXT = 5, /**< text: an exact decimal such as "38.6", or "1/3", in `unit`. Never handed out */
  ACESO_VALUE_DATE = 6,        /**< numerator: days since 1970-01-01 */
  ACESO_VALUE_INSTANT = 7,     /**< numerator: seconds since 1970-01-01T00:00:00Z */
  ACESO_VALUE_DATE_TEXT = 8,   /**< text: "2026-11-22" or "2026-11-22T10:00:00Z". Never handed out */
  ACESO_VALUE_JSON = 9         /**< text: the value as case files write it; for lists and all else but series */
};

/** Why a value is unknown. */
enum {
  ACESO_NOT_ASKED = 0,
  ACESO_NOT_DONE = 1,
  ACESO_REFUSED = 2,
  ACESO_PENDING = 3,
  ACESO_STALE = 4,
  ACESO_INVALID = 5,
  ACESO_NOT_APPLICABLE = 6
};

/** A value of an input or a derived value; what is not named for its kind is 0 or null. The layout is fixed for this
 *  ABI version. */
typedef struct aceso_value {
  int32_t kind;
  int32_t reason;
  int64_t numerator;
  int64_t denominator;
  const char* text;
  size_t text_size; /**< may be ACESO_NUL where handed in; likewise below */
  const char* unit; /**< UCUM code. A number of an input with a unit needs it; null for a pure number */
  size_t unit_size;
} aceso_value;

/** What a value can be; the kind of an input or of a derived value. */
enum {
  ACESO_TYPE_YES_NO = 0,
  ACESO_TYPE_CHOICE = 1,
  ACESO_TYPE_SCALE = 2,    /**< a choice whose members are ordered and have scores */
  ACESO_TYPE_NUMBER = 3,   /**< with a unit it is a quantity */
  ACESO_TYPE_DURATION = 4, /**< a number whose unit is one of time */
  ACESO_TYPE_DATE = 5,
  ACESO_TYPE_INSTANT = 6,
  ACESO_TYPE_ACTION = 7, /**< a choice among the actions of the guideline */
  ACESO_TYPE_LIST = 8,   /**< as JSON */
  ACESO_TYPE_CODE = 9,   /**< a coded concept, as JSON */
  ACESO_TYPE_OTHER = 10  /**< as JSON */
};

static inline aceso_value aceso_value_of(int32_t kind, int64_t numerator, int64_t denominator, const char* text,
                                         const char* unit) {
  aceso_value value;
  value.kind = kind;
  value.reason = 0;
  value.numerator = numerator;
  value.denominator = denominator;
  value.text = text;
  value.text_size = text ? ACESO_NUL : 0;
  value.unit = unit;
  value.unit_size = unit ? ACESO_NUL : 0;
  return value;
}
/** Yes (not 0) or no. */
static inline aceso_value aceso_bool(int yes) { return aceso_value_of(ACESO_VALUE_BOOL, yes != 0, 1, NULL, NULL); }
/** The member of a choice by its position, from 0. */
static inline aceso_value aceso_choice(uint32_t member) {
  return aceso_value_of(ACESO_VALUE_CHOICE, (int64_t)member, 1, NULL, NULL);
}
/** The member of a choice by its name. */
static inline aceso_value aceso_choice_named(const char* name) {
  return aceso_value_of(ACESO_VALUE_CHOICE_NAME, 0, 1, name, NULL);
}
/** An exact number as text: aceso_number("38.6", "Cel"). The unit of a pure number is NULL. */
static inline aceso_value aceso_number(const char* text, const char* unit) {
  return aceso_value_of(ACESO_VALUE_NUMBER_TEXT, 0, 1, text, unit);
}
/** An exact fraction: aceso_rational(386, 10, "Cel"). In the unit of the input this is the quickest way. */
static inline aceso_value aceso_rational(int64_t numerator, int64_t denominator, const char* unit) {
  return aceso_value_of(ACESO_VALUE_NUMBER, numerator, denominator, NULL, unit);
}
/** `digits` with `places` of them after the point, at most 18: aceso_decimal(386, 1, "Cel") is 38.6 Cel. */
static inline aceso_value aceso_decimal(int64_t digits, unsigned places, const char* unit) {
  int64_t scale = places > 18 ? 0 : 1; /* 0 is refused as a denominator */
  while (scale != 0 && places-- > 0)
    scale *= 10;
  return aceso_rational(digits, scale, unit);
}
/** A date as text, "2026-11-22", or for an input that is an instant "2026-11-22T10:00:00Z". */
static inline aceso_value aceso_date(const char* text) {
  return aceso_value_of(ACESO_VALUE_DATE_TEXT, 0, 1, text, NULL);
}
/** Unknown, for a reason: ACESO_NOT_DONE, ACESO_REFUSED ... */
static inline aceso_value aceso_unknown(int32_t reason) {
  aceso_value value = aceso_value_of(ACESO_VALUE_UNKNOWN, 0, 1, NULL, NULL);
  value.reason = reason;
  return value;
}
/** Any value as case files write it: aceso_json("[\"a\", \"b\"]"). */
static inline aceso_value aceso_json(const char* text) { return aceso_value_of(ACESO_VALUE_JSON, 0, 1, text, NULL); }

/* ------------------------------------------------------------------------------------------------ modules */

/** How a module is loaded. */
typedef struct aceso_load_options {
  size_t struct_size;
  const aceso_allocator* allocator; /**< null: malloc and free. Copied. */
  size_t most_bytes;                /**< larger files are not read; 0: 64 MiB, which no value can raise */
} aceso_load_options;

/** Why a module was not loaded; filled by value, so that there is nothing to destroy. */
typedef struct aceso_load_error {
  size_t struct_size;
  char id[8];        /**< such as "A0883" */
  char message[512]; /**< a plain sentence in UTF-8, cut where it is longer */
} aceso_load_error;

/** Loads a module from memory, verifies it from the first byte to the last, and copies what it needs: `bytes` need not
 *  outlive the call. `options` and `error` may be null. ACESO_BAD_MODULE for bytes that are not sound, whatever they
 *  are. Thread-safe. */
ACESO_API aceso_status aceso_module_load(const void* bytes, size_t size, const aceso_load_options* options,
                                         aceso_module** module, aceso_load_error* error);
/** The same from a file; `path` ends with a NUL. ACESO_BAD_FILE where it cannot be read. Thread-safe. */
ACESO_API aceso_status aceso_module_load_file(const char* path, const aceso_load_options* options,
                                              aceso_module** module, aceso_load_error* error);
/** Ends the use of the handle. Its evaluators may live on. No other thread may be using this handle. */
ACESO_API void aceso_module_destroy(aceso_module* module);

/** What the guideline says of itself. */
typedef struct aceso_guideline {
  size_t struct_size;
  aceso_text id, title, version, status, developer, funding, published, review_by, audience; /**< may be empty */
  aceso_text hash;         /**< "sha256:..." of the meaning; decisions carry it */
  aceso_text content_hash; /**< 64 hexadecimal digits of the module file */
  int32_t can_explain;     /**< 0: what explanations need was stripped */
  int32_t has_pathway;
} aceso_guideline;
/** Thread-safe, like all functions that take a const module. */
ACESO_API aceso_status aceso_module_about(const aceso_module* module, aceso_guideline* about);

/** The kinds of rows that a module has. */
enum {
  ACESO_INPUTS = 0,
  ACESO_ACTIONS = 1,
  ACESO_DEFINITIONS = 2, /**< derived values that the decision reports */
  ACESO_RULES = 3,
  ACESO_CAUTIONS = 4,
  ACESO_DIFFERENTIALS = 5,
  ACESO_STAGES = 6,
  ACESO_CONSTRAINTS = 7
};
/** How many rows of this kind there are; 0 for a kind that does not exist. A row is named by its index, in the order of
 *  the declarations, which is the same in every load of the same module. */
ACESO_API uint32_t aceso_module_count(const aceso_module* module, int32_t kind);
/** The index of the row of this name; ACESO_NOT_FOUND where there is none. Names stay the same between versions of a
 *  guideline, indices may not. */
ACESO_API aceso_status aceso_module_find(const aceso_module* module, int32_t kind, const char* name, size_t size,
                                         uint32_t* index);

/** What can be asked about a patient. */
typedef struct aceso_input {
  size_t struct_size;
  aceso_text name;
  aceso_text question; /**< for people; never empty */
  aceso_text group, group_title;
  int32_t type;        /**< ACESO_TYPE_... */
  int32_t is_series;   /**< its history counts */
  aceso_text unit;     /**< UCUM code of numbers; empty for a pure number and for everything else */
  aceso_value minimum; /**< numbers: the least that is taken, in `unit`; unknown where there is none. Likewise: */
  aceso_value maximum;
  aceso_value step;
  aceso_value assumed;        /**< stands in where nothing is known; unknown where nothing is assumed */
  aceso_text assumed_because; /**< why it may */
  aceso_value typical;
  uint32_t member_count;        /**< of choices and scales; see aceso_module_member */
  uint32_t accepted_unit_count; /**< units that are offered beside `unit`; every unit of the dimension is taken */
  uint32_t code_count;          /**< see aceso_module_code */
  uint32_t citation_count;      /**< see aceso_module_citation */
  int64_t fresh_months, fresh_seconds; /**< after this time a dated value is stale; both 0: never */
} aceso_input;
/** ACESO_BAD_ARGUMENT for an index that is not below the count; likewise below. A value that is a list or a code is
 *  unknown here; the decision gives it. */
ACESO_API aceso_status aceso_module_input(const aceso_module* module, uint32_t input, aceso_input* info);
/** The UCUM code of accepted unit `i` of the input. */
ACESO_API aceso_status aceso_module_accepted_unit(const aceso_module* module, uint32_t input, uint32_t i,
                                                  aceso_text* unit);

/** What a row of any kind says of itself; fields that a kind has not are empty or 0. */
typedef struct aceso_entry {
  size_t struct_size;
  aceso_text name;
  aceso_text title;     /**< for people; empty where there is none */
  aceso_text text;      /**< action: its note; rule: why; caution: what it says; constraint: its message */
  aceso_text category;  /**< of an action */
  aceso_text condition; /**< of a rule, as its author wrote it */
  int32_t type;         /**< of inputs, definitions and differentials: ACESO_TYPE_...; else -1 */
  int32_t is_final;     /**< of a stage */
  aceso_text unit;
  uint32_t member_count, code_count, citation_count;
} aceso_entry;
/** Row `index` of `kind`. */
ACESO_API aceso_status aceso_module_entry(const aceso_module* module, int32_t kind, uint32_t index, aceso_entry* entry);

/** A member of a choice or a scale. */
typedef struct aceso_member {
  size_t struct_size;
  aceso_text name;
  aceso_text title;  /**< for people; empty where there is none */
  aceso_value score; /**< of a scale; otherwise unknown */
  uint32_t code_count;
} aceso_member;
/** Member `i` of the type of a row: an input, a definition or a differential. For inputs that are actions see
 *  ACESO_ACTIONS. */
ACESO_API aceso_status aceso_module_member(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                           aceso_member* member);

/** A code of a terminology. */
typedef struct aceso_code {
  size_t struct_size;
  aceso_text system; /**< canonical address, such as "http://loinc.org" */
  aceso_text version, code, display;
} aceso_code;
/** Code `i` of an input or an action. */
ACESO_API aceso_status aceso_module_code(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                         aceso_code* code);
/** Code `i` of member `member` of the type of a row. */
ACESO_API aceso_status aceso_module_member_code(const aceso_module* module, int32_t kind, uint32_t index,
                                                uint32_t member, uint32_t i, aceso_code* code);

/** Where something was taken from. */
typedef struct aceso_citation {
  size_t struct_size;
  aceso_text source;   /**< the name of the source in the guideline */
  aceso_text document; /**< its title */
  aceso_text section;
  uint32_t reference_count;
} aceso_citation;
/** Citation `i` of a row; stages have none. */
ACESO_API aceso_status aceso_module_citation(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                             aceso_citation* citation);
/** Reference `r` of that citation, as numbered in the document. */
ACESO_API aceso_status aceso_module_reference(const aceso_module* module, int32_t kind, uint32_t index, uint32_t i,
                                              uint32_t r, aceso_text* reference);

/* ------------------------------------------------------------------------------------------------ evaluators */

/** How an evaluator is made. */
typedef struct aceso_evaluator_options {
  size_t struct_size;
  const aceso_allocator* allocator; /**< null: that of the module. Copied. */
} aceso_evaluator_options;

/** An evaluator without facts. `options` may be null. Thread-safe: several threads may make evaluators of one module.
 */
ACESO_API aceso_status aceso_evaluator_create(const aceso_module* module, const aceso_evaluator_options* options,
                                              aceso_evaluator** evaluator);
/** Ends the evaluator. Its explanations live on. */
ACESO_API void aceso_evaluator_destroy(aceso_evaluator* evaluator);

/** Machine code of one module. Immutable, shared between threads; evaluators that use it keep what they need. */
typedef struct aceso_native aceso_native;

/** How native code is made. */
typedef struct aceso_native_options {
  size_t struct_size;
  const char* cache_folder; /**< code is kept here from run to run; null: ACESO_CACHE_DIR of the environment, or
                               nowhere. Whoever can write to the folder can run code in this process. */
} aceso_native_options;

/** Compiles the module for this machine. Decisions stay the same, byte by byte. ACESO_NOT_AVAILABLE, with A0900, where
 *  libaceso_jit or LLVM is not there: everything else works without. `options` and `error` may be null. Thread-safe. */
ACESO_API aceso_status aceso_native_compile(const aceso_module* module, const aceso_native_options* options,
                                            aceso_native** native, aceso_load_error* error);
/** Takes a shared library that `aceso build --native` made; needs no LLVM. It runs code of the file: trust it as you
 *  trust a program. ACESO_BAD_MODULE, with A0902, where it was made for another module, with A0903 where it is none.
 *  Thread-safe. */
ACESO_API aceso_status aceso_native_load_file(const aceso_module* module, const char* path, aceso_native** native,
                                              aceso_load_error* error);
/** Ends the use of the handle. */
ACESO_API void aceso_native_destroy(aceso_native* native);
/** From now on native code runs in place of the row machine; null: the machine again. Facts stay. ACESO_BAD_MODULE
 * where it was made for another module. */
ACESO_API aceso_status aceso_use_native(aceso_evaluator* evaluator, const aceso_native* native);

/** Forgets all facts, for the next patient, and keeps the memory. */
ACESO_API aceso_status aceso_clear(aceso_evaluator* evaluator);
/** States what holds at the instant of the evaluation, or why it is unknown; what was set before is replaced.
 *  ACESO_BAD_FACT, with the fault of case files, where the value is not one of the input: then nothing is changed.
 *  Nothing is allocated for yes/no, a choice by its index, a date in days, an instant in seconds, a reason, and a
 *  fraction in the unit of the input. */
ACESO_API aceso_status aceso_set(aceso_evaluator* evaluator, uint32_t input, const aceso_value* value);
/** The same by the name of the input; ACESO_NOT_FOUND where there is none. */
ACESO_API aceso_status aceso_set_named(aceso_evaluator* evaluator, const char* name, size_t size,
                                       const aceso_value* value);
/** Takes back what was set. What dated facts say counts again. */
ACESO_API aceso_status aceso_forget(aceso_evaluator* evaluator, uint32_t input);
/** States what was found at an instant. What lies after the instant of the evaluation does not count; of two
 *  statements about one input at one instant the later one counts, and at the instant of the evaluation what was set.
 *  A series is stated measurement by measurement. Quickest in the order of time. Otherwise like aceso_set. */
ACESO_API aceso_status aceso_add_fact(aceso_evaluator* evaluator, aceso_instant at, uint32_t input,
                                      const aceso_value* value);
/** The same by the name of the input; ACESO_NOT_FOUND where there is none. */
ACESO_API aceso_status aceso_add_fact_named(aceso_evaluator* evaluator, aceso_instant at, const char* name, size_t size,
                                            const aceso_value* value);
/** The patient was seen, with nothing to state; it moves the pathway. */
ACESO_API aceso_status aceso_add_visit(aceso_evaluator* evaluator, aceso_instant at);
/** Replaces all facts by those of a case file, and gives its "now". ACESO_BAD_FACT with all its faults where it has
 *  any; then nothing is changed. `now` may be null. A time zone that the case names counts in every evaluation until
 *  aceso_clear or the next case; otherwise the offset of the instant of the evaluation says which day it is. */
ACESO_API aceso_status aceso_read_case(aceso_evaluator* evaluator, const char* json, size_t size, aceso_instant* now);
/** The facts up to the last evaluation as a case file, also where a constraint was broken. ACESO_NOT_EVALUATED where
 * they have changed since. Belongs to the evaluator. */
ACESO_API aceso_status aceso_write_case(aceso_evaluator* evaluator, aceso_text* json);

/** Decides as of `now`. ACESO_BROKEN_CONSTRAINT where the facts cannot be true together: then there are no results.
 *  The results below hold until the facts change; before that they are ACESO_NOT_EVALUATED. Nothing is allocated once
 *  the evaluator has seen a patient with as many facts, but for some calculations (docs/embedding.md, Memory). */
ACESO_API aceso_status aceso_evaluate(aceso_evaluator* evaluator, aceso_instant now);

/** One reason why the last call failed. */
typedef struct aceso_fault {
  size_t struct_size;
  aceso_text id;      /**< stable, such as "A0725"; docs/errors tells more */
  aceso_text path;    /**< where in the case: "$.inputs.temperature.unit"; empty where it is not about a case */
  aceso_text message; /**< a plain sentence */
} aceso_fault;
/** How many faults the last call on this evaluator left; 0 where it went well. Reading results that do not exist
 *  (ACESO_BAD_ARGUMENT for a row, ACESO_NOT_EVALUATED) leaves one as well. */
ACESO_API uint32_t aceso_fault_count(const aceso_evaluator* evaluator);
/** Fault `i`. Strings live until the next call that is not const. */
ACESO_API aceso_status aceso_fault_at(const aceso_evaluator* evaluator, uint32_t i, aceso_fault* fault);

/* ------------------------------------------------------------------------------------------------ decisions */

/** Three-valued truth. */
enum { ACESO_NO = 0, ACESO_UNKNOWN = 1, ACESO_YES = 2 };
/** The status of an action; what decisions call advised, not_advised, conflict, undetermined, overridden. */
enum { ACESO_ADVISED = 0, ACESO_NOT_ADVISED = 1, ACESO_CONFLICT = 2, ACESO_UNDETERMINED = 3, ACESO_OVERRIDDEN = 4 };
/** What rules say about an action. */
enum { ACESO_VERB_NONE = -1, ACESO_RECOMMEND = 0, ACESO_SUGGEST = 1, ACESO_AVOID = 2, ACESO_CONTRAINDICATE = 3 };
enum { ACESO_STRENGTH_NONE = 0, ACESO_WEAK = 1, ACESO_STRONG = 2 };
enum { ACESO_URGENCY_NONE = 0, ACESO_ROUTINELY = 1, ACESO_SOON = 2, ACESO_URGENTLY = 3, ACESO_IMMEDIATELY = 4 };

/** What the decision says about an action. An advised action whose verb is avoid or contraindicate is advised against.
 */
typedef struct aceso_action {
  size_t struct_size;
  int32_t status;
  int32_t verb;
  int32_t strength;
  int32_t urgency;
  int64_t within_months, within_seconds; /**< the term that the rule gives; both -1 where it gives none */
  int32_t in_favour, against;            /**< what rules that hold say: ACESO_NO, ACESO_UNKNOWN, ACESO_YES */
} aceso_action;

/** Whether the guideline is about this patient: ACESO_NO, ACESO_UNKNOWN or ACESO_YES. */
ACESO_API aceso_status aceso_result_applies(aceso_evaluator* evaluator, int32_t* applies);
/** Action `action`. Nothing is allocated; likewise for rules and cautions. */
ACESO_API aceso_status aceso_result_action(aceso_evaluator* evaluator, uint32_t action, aceso_action* result);
/** The rules behind the status of an action, by index, in their order. The list belongs to the evaluator. */
ACESO_API aceso_status aceso_result_rules(aceso_evaluator* evaluator, uint32_t action, const uint32_t** rules,
                                          size_t* count);
/** The inputs that could settle an action that is undetermined; of ACESO_NONE all that could settle anything, those
 *  that settle most first. The list belongs to the evaluator. */
ACESO_API aceso_status aceso_result_missing(aceso_evaluator* evaluator, uint32_t action, const uint32_t** inputs,
                                            size_t* count);
/** Whether a rule fires (its condition holds), and whether it is effective (nothing overrides it). */
ACESO_API aceso_status aceso_result_rule(aceso_evaluator* evaluator, uint32_t rule, int32_t* fires, int32_t* effective);
/** Whether a caution is to be heeded. */
ACESO_API aceso_status aceso_result_caution(aceso_evaluator* evaluator, uint32_t caution, int32_t* fires);
/** A derived value. */
ACESO_API aceso_status aceso_result_definition(aceso_evaluator* evaluator, uint32_t definition, aceso_value* value);
/** What is known of an input as of `now`: stated, taken from dated facts, stale, or assumed. `is_assumed` may be null.
 */
ACESO_API aceso_status aceso_result_input(aceso_evaluator* evaluator, uint32_t input, aceso_value* value,
                                          int32_t* is_assumed);

enum { ACESO_DECIDED = 0, ACESO_NONE_HOLDS = 1, ACESO_TIE = 2, ACESO_OPEN = 3 };
/** What a differential came to. */
typedef struct aceso_differential {
  size_t struct_size;
  int32_t status;   /**< ACESO_DECIDED, ACESO_NONE_HOLDS, ACESO_TIE, ACESO_OPEN */
  uint32_t decided; /**< the member of its type, see aceso_module_member; or ACESO_NONE */
  uint32_t candidate_count;
} aceso_differential;
/** Differential `differential`. */
ACESO_API aceso_status aceso_result_differential(aceso_evaluator* evaluator, uint32_t differential,
                                                 aceso_differential* result);
/** One candidate of a differential. */
typedef struct aceso_candidate {
  size_t struct_size;
  uint32_t member;             /**< of the type of the differential */
  int32_t confirmed, excluded; /**< 0 or 1 */
  aceso_value lowest, highest; /**< bounds of its score; equal where nothing is unknown */
} aceso_candidate;
/** Candidate `i` of it, in the order of the declarations. */
ACESO_API aceso_status aceso_result_candidate(aceso_evaluator* evaluator, uint32_t differential, uint32_t i,
                                              aceso_candidate* result);

/** Where the patient stands on the pathway. */
typedef struct aceso_stage {
  size_t struct_size;
  uint32_t stage;           /**< ACESO_NONE without a pathway, or before it has started */
  aceso_instant entered_at; /**< likewise */
  uint32_t visit_count;     /**< stages from the start to this one */
  uint32_t next_count;      /**< ways out that have not been taken */
  int32_t is_in_conflict;   /**< ways out hold at once and lead to different stages */
} aceso_stage;
/** The present stage. */
ACESO_API aceso_status aceso_result_stage(aceso_evaluator* evaluator, aceso_stage* result);
/** Visit `i`, the first is the start. */
ACESO_API aceso_status aceso_result_visit(aceso_evaluator* evaluator, uint32_t i, uint32_t* stage,
                                          aceso_instant* entered_at);
/** A way out of the present stage. */
typedef struct aceso_next_stage {
  size_t struct_size;
  uint32_t stage;
  int32_t condition;  /**< ACESO_NO, ACESO_UNKNOWN, ACESO_YES */
  aceso_text when;    /**< the condition as its author wrote it */
  int32_t has_due;    /**< 0: `due` means nothing */
  int32_t is_overdue; /**< `due` is past */
  aceso_instant due;
  int32_t has_wait;         /**< 0: `not_before` means nothing */
  aceso_instant not_before; /**< it is not taken earlier */
} aceso_next_stage;
/** Way out `i` of the present stage. */
ACESO_API aceso_status aceso_result_next_stage(aceso_evaluator* evaluator, uint32_t i, aceso_next_stage* result);

/** The decision as JSON (docs/schemas/decision.schema.json), on one line where `compact` is not 0: equal facts give
 *  equal bytes, and the same as `aceso run --format json`. Belongs to the evaluator. */
ACESO_API aceso_status aceso_decision_json(aceso_evaluator* evaluator, int32_t compact, aceso_text* json);
/** The decision for a reader, in lines of up to `width` columns (0: 100). Belongs to the evaluator. */
ACESO_API aceso_status aceso_decision_text(aceso_evaluator* evaluator, uint32_t width, aceso_text* text);
/** "sha256:..." over all that was decided: the same on every engine. Belongs to the evaluator. */
ACESO_API aceso_status aceso_decision_trace(aceso_evaluator* evaluator, aceso_text* trace);

/* ------------------------------------------------------------------------------------------------ outcomes alone */

/** What is decided about one action, in eight bytes. */
typedef struct aceso_outcome {
  uint8_t status;      /**< ACESO_ADVISED ... ACESO_OVERRIDDEN */
  uint8_t verb;        /**< 1 + ACESO_RECOMMEND ... 1 + ACESO_CONTRAINDICATE; 0: none */
  uint8_t strength;    /**< ACESO_STRENGTH_NONE ... ACESO_STRONG */
  uint8_t urgency;     /**< ACESO_URGENCY_NONE ... ACESO_IMMEDIATELY */
  uint8_t reserved[2]; /**< without a meaning */
  uint16_t within;     /**< 1 + the position of the term among those of the action, see aceso_module_term; 0: none */
} aceso_outcome;

/** What is decided, without reasons, rules, derived values and what is missing. Lists belong to the evaluator, and hold
 *  until facts change or outcomes are asked for again. */
typedef struct aceso_outcomes {
  size_t struct_size;
  int32_t applies;               /**< ACESO_NO, ACESO_UNKNOWN, ACESO_YES */
  uint32_t stage;                /**< of the pathway, or ACESO_NONE */
  const aceso_outcome* actions;  /**< by index, aceso_module_count(ACESO_ACTIONS) of them; likewise below */
  const uint8_t* cautions;       /**< ACESO_NO, ACESO_UNKNOWN, ACESO_YES */
  const uint32_t* differentials; /**< ACESO_DECIDED plus 256 times the member; ACESO_NONE_HOLDS, ACESO_TIE, ACESO_OPEN
                                  */
  int32_t is_looked_up;          /**< 1: found by look-ups; 0: by a whole evaluation, which takes longer */
} aceso_outcomes;

/** Decides as of `now` and tells the outcomes alone: the same as those of aceso_evaluate, up to five times as fast.
 * They are looked up in tables, which are made when this is first called for a module (milliseconds; shared by its
 *  evaluators) and need libaceso_batch.so. Where that is not there, where dated facts or visits were stated, or where
 *  the guideline asks for something that tables cannot hold (docs/embedding.md), the whole is evaluated in their place:
 *  `is_looked_up` tells. All results and explanations can be read afterwards, as after aceso_evaluate: what was not
 *  looked up is worked out when it is first asked for. ACESO_BROKEN_CONSTRAINT as for aceso_evaluate. Nothing is
 *  allocated from the second call on where they are looked up; otherwise as for aceso_evaluate. */
ACESO_API aceso_status aceso_evaluate_outcomes(aceso_evaluator* evaluator, aceso_instant now, aceso_outcomes* outcomes);
/** Term `i` of those that rules give for an action ("within 2 weeks"), from 0, in months and seconds of which one is 0.
 */
ACESO_API aceso_status aceso_module_term(const aceso_module* module, uint32_t action, uint32_t i, int64_t* months,
                                         int64_t* seconds);

/* ------------------------------------------------------------------------------------------------ explanations */

/** What is explained, and how far is searched. 0 in a field stands for what is said there. */
typedef struct aceso_explain_options {
  size_t struct_size;
  uint32_t action;      /**< or ACESO_NONE: the whole decision in brief */
  int32_t why_not;      /**< not 0: also why rules that speak for the action do not fire */
  uint32_t largest_set; /**< of missing inputs and of changed facts that are tried together, at most 6; 0: 3 */
  uint32_t most_sets;   /**< told of more than one input or fact, of each kind; 0: 8. Single ones are all told */
  uint32_t evaluations; /**< bounds the time of one search; 0: 6000 */
  uint32_t width;       /**< columns of the text; 0: 100 */
} aceso_explain_options;

/** Explains the decision of the last evaluation: the facts that are enough for it, the rules with their citations and
 *  what overrides them, the smallest sets of missing inputs that would settle it, the smallest changes that would turn
 *  it. Null options: the whole decision in brief. It takes thousands of evaluations: milliseconds, not microseconds.
 *  Uses the allocator of the evaluator, and does not need it any longer. ACESO_NOT_AVAILABLE where the module was
 *  stripped. */
ACESO_API aceso_status aceso_explain(aceso_evaluator* evaluator, const aceso_explain_options* options,
                                     aceso_explanation** explanation);
/** Ends the explanation. */
ACESO_API void aceso_explanation_destroy(aceso_explanation* explanation);
/** The next line of the text, without its end; ACESO_END after the last. */
ACESO_API aceso_status aceso_explanation_next(aceso_explanation* explanation, aceso_text* line);
/** The first line comes next again. */
ACESO_API aceso_status aceso_explanation_rewind(aceso_explanation* explanation);
/** All lines. */
ACESO_API aceso_status aceso_explanation_text(aceso_explanation* explanation, aceso_text* text);
/** As JSON (docs/schemas/explanation.schema.json); the same bytes as `aceso why --format json`. */
ACESO_API aceso_status aceso_explanation_json(aceso_explanation* explanation, aceso_text* json);

/* ------------------------------------------------------------------------------------------------ many patients */

/* The Arrow C data interface (arrow.apache.org/docs/format/CDataInterface.html), as it asks programs to declare it. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
#endif

/** A guideline made ready for many patients at once. One thread at a time; it has threads of its own. */
typedef struct aceso_batch aceso_batch;

/** How an aceso_batch is made. */
typedef struct aceso_batch_options {
  size_t struct_size;
  const aceso_allocator* allocator; /**< null: that of the module. Copied. Columns are kept in the C++ heap. */
  uint32_t jobs;                    /**< threads; 0: one for each core */
  int32_t only_advice;              /**< not 0: without derived values, cautions and differentials */
} aceso_batch_options;

/** Makes a guideline ready for many patients. `options` may be null. Thread-safe. ACESO_NOT_AVAILABLE where the shared
 *  library does not find libaceso_batch.so. */
ACESO_API aceso_status aceso_batch_create(const aceso_module* module, const aceso_batch_options* options,
                                          aceso_batch** batch);
/** Ends it. Results that were handed out live on. */
ACESO_API void aceso_batch_destroy(aceso_batch* batch);

/** Decides, as of `now`, a struct array of which every row is a patient and every child the column of the input with
 * its name. An input without a column, and a null, is unknown (not_asked). What a column may be: yes/no a bool; a
 * choice text (utf8, large utf8, or a dictionary of these) with names of members; a number an integer, a float, a
 * decimal128, or text with an exact decimal, in the unit of the input; a date date32 or text; an instant a timestamp or
 * text. Times of day, codes, lists and intervals have no column (ACESO_BAD_ARGUMENT, A0940), and of a series a column
 * holds what was measured now: decide other patients by an evaluator. A float counts as the value on a step of the
 * input that it is the nearest float of; any other, and whatever else is no value of the input, is unknown (invalid) in
 * its row and told as a fault: nothing is rounded. `rows` is taken over and released, whatever the status; `schema` is
 * only read. The results are the caller's to release: bool `refused` (the facts break a constraint; then the rest of
 * the row is null), `applies`, for each action that rules speak about `action.NAME.status`, `.verb`, `.strength`,
 * `.urgency` and, where a rule gives a term,
 * `.within`, `stage`, `value.NAME`, `caution.NAME` and `differential.NAME`. Names are dictionaries of large utf8, with
 * the words of decisions; numbers are decimal128 or int64 in the unit of the value, dates date32, instants timestamps
 * in seconds, yes/no bool, all else large utf8: so are numbers of which nobody can say beforehand how many digits they
 * have, such as ages ("66 a"); null is unknown. ACESO_BAD_ARGUMENT or ACESO_NOT_FOUND, with a fault, where columns
 * cannot be read. */
ACESO_API aceso_status aceso_batch_decide(aceso_batch* batch, aceso_instant now, const struct ArrowSchema* schema,
                                          struct ArrowArray* rows, struct ArrowSchema* result_schema,
                                          struct ArrowArray* result);
/** How many faults the last call left, at most 1,000: why it failed, or which facts of rows are no values. The path of
 * a fact is "$[ROW].NAME", rows counted from 0. */
ACESO_API uint32_t aceso_batch_fault_count(const aceso_batch* batch);
/** Fault `i`. Strings live until the next call that is not const. */
ACESO_API aceso_status aceso_batch_fault_at(const aceso_batch* batch, uint32_t i, aceso_fault* fault);
/** How the rows of the last call were decided: wholly in columns, in columns but for instructions that ran row by row,
 *  one by one; and how many facts of rows were no values. Any pointer may be null. */
ACESO_API aceso_status aceso_batch_counts(const aceso_batch* batch, uint64_t* in_columns, uint64_t* with_rows,
                                          uint64_t* by_row, uint64_t* bad_facts);

#ifdef __cplusplus
}
#endif
#endif
