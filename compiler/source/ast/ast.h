#pragma once
/// The syntax tree: what the author wrote, with a span on every part and nothing resolved.
/// The parser builds it, the formatter prints it, the checker reads it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "source/rare.h"
#include "source/source_file.h"

namespace aceso::ast {

using source::Span;

/// A word with its place: a declared name or a reference to one.
struct Name {
  std::string text;
  Span span;
  [[nodiscard]] bool empty() const { return text.empty(); }
};

/// A text in quotation marks, with escapes resolved (\" \\ \n).
struct Text {
  std::string text;
  Span span;
  [[nodiscard]] bool empty() const { return !span.is_valid(); }
};

/// "cite note at "Section" refs 1, 2"
struct Cite {
  Name source;
  Text section;
  std::vector<Name> references; ///< numerals as written
  Span span;
};

// ------------------------------------------------------------------------------------------------ expressions

enum class ExpressionKind : std::uint8_t {
  name,        ///< text = name
  yes_no,      ///< text = "yes" or "no"
  number,      ///< text = decimal as written ("38.6"); unit empty
  quantity,    ///< text = decimal, unit = unit as written ("weeks", "mmol/L", "'10*3/uL'" without the quotes)
  date,        ///< text = "2026-11-22" or a partial date "2026-11"
  instant,     ///< text = "2026-11-22T10:00Z"
  time,        ///< text = "22:30"
  negate,      ///< -a
  logical_not, ///< not a
  logical_and, ///< a and b and c: two or more children, flat
  logical_or,  ///< likewise
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  in_set, ///< children[0] in { children[1..] }; "a in b", where b is a list, has b as its only other child
  not_in_set,
  in_range, ///< children[0] in children[1] to children[2], both ends included
  not_in_range,
  relation,   ///< a WORD b: text = during|includes|overlaps|before|after|meets|starts|ends
  near,       ///< a within PERIOD of b: text = of|before|after; children[2] = a quantity
  lasting,    ///< a for at least PERIOD: children[1] = a quantity
  is_known,   ///< a is known
  is_unknown, ///< a is unknown; text = reason, empty for any
  add,
  subtract,
  multiply,
  divide,
  any_of, ///< any of { children }
  all_of,
  none_of,
  at_least, ///< at least N of { children }: text = N
  at_most,
  exactly,
  number_of,   ///< number of { children }
  conditional, ///< if children[0] then children[1] else children[2]
  call,        ///< text = function, children = arguments (also round, min, max, absolute, years_between ...)
  attribute,   ///< children[0] . text
  series,      ///< text = latest|first|highest|lowest|mean|count|change|trend|worsening|improving;
               ///< children[0] = the series (a name); children[1], optional = a quantity: "within 3 months"
  as_of,       ///< children[0] as of children[1]: a series at an earlier date or instant
  unit,        ///< text = a unit: the second argument of `convert`
  in_stage,    ///< in stage text
  outcome,     ///< recommended lumbar_mri immediately: see Expression::outcome. Properties and expectations only.
  now,         ///< the instant of the evaluation
  list,        ///< [a, b]
  each_of,     ///< any|all|none|number (text) of children[0], a list of codes; before `in` and `is a`
  is_a         ///< children[0] is a text: a concept, or one below it in its hierarchy
};

enum class OutcomeKind : std::uint8_t {
  recommended,
  suggested,
  advised,
  avoided,
  contraindicated,
  conflict,
  undetermined,
  overridden,
  caution,
  stage
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// What only the outcomes of decisions have.
struct OutcomeWords {
  std::string urgency;       ///< "immediately" ... or empty
  std::string strength;      ///< "strong", "weak" or empty
  std::vector<Name> missing; ///< undetermined: "missing a, b"
};

/// Large tables have hundreds of thousands of them.
struct Expression {
  ExpressionKind kind = ExpressionKind::name;
  OutcomeKind outcome = OutcomeKind::recommended;
  Span span;
  std::string text;
  Span text_span; ///< the place of `text` where it is a part of the whole (attribute, call, outcome target)
  std::string unit;
  Span unit_span;
  std::vector<ExpressionPtr> children;
  Rare<OutcomeWords> outcome_words;
};

// ------------------------------------------------------------------------------------------------ types

struct Member {
  Name name; ///< a word or, in a scale, a numeral
  Text title;
  ExpressionPtr score; ///< "= 2"; scales only
  struct Attribute {
    Name name;
    ExpressionPtr value;
  };
  std::vector<Attribute> attributes;
};

enum class TypeExpressionKind : std::uint8_t {
  yes_no,
  named,
  one_of,
  scale,
  number,
  quantity,
  duration,
  date,
  instant,
  action,
  list,
  code,
  time,
  interval
};

struct TypeExpression {
  TypeExpressionKind kind = TypeExpressionKind::yes_no;
  Span span;
  Name name;                               ///< named
  std::vector<Member> members;             ///< one_of, scale
  ExpressionPtr from, to, step;            ///< number, quantity, duration; literals, maybe negated
  std::unique_ptr<TypeExpression> element; ///< list of, interval of
  std::vector<Name> systems;               ///< code of
};

// ------------------------------------------------------------------------------------------------ declarations

/// What every declaration has.
struct Declaration {
  Name name;
  Text title;
  Span span;                    ///< the whole declaration
  std::vector<std::string> doc; ///< lines of /// before it, without the slashes
  std::vector<Cite> cites;
};

/// `title "..."`, `version 0.1.0`, `published 2026-11-22`, ...: the value as written (texts unescaped).
struct Field {
  Name name;
  std::string value;
  Span value_span;
};

struct GuidelineDecl : Declaration {
  std::vector<Field> fields;
  std::vector<Name> languages; ///< languages en, de
  ExpressionPtr applies;       ///< null where absent
};
struct ModuleDecl : Declaration { ///< name = "std.spine"
  std::vector<Field> fields;
};
struct UseDecl : Declaration {}; ///< name = "std.spine"
struct SourceDecl : Declaration {
  std::vector<Field> fields;                     ///< document, edition, doi, url, published
  std::optional<std::pair<Name, Name>> numbered; ///< numbered 1 to 6
  std::vector<std::pair<Name, Text>> references; ///< reference 1 "..."
};
struct InterpretationDecl : Declaration {
  Text text, reading, decided_by;
  Name on; ///< date
};
struct TypeDecl : Declaration {
  struct AttributeDecl {
    Name name;
    TypeExpression type;
  };
  std::vector<AttributeDecl> attributes; ///< has region : spine_region, ...
  Name worse_when;                       ///< "lower", "higher" or empty
  TypeExpression type;
};
struct UnitDecl : Declaration { ///< unit week, weeks "..." = wk
  std::vector<Name> more_names; ///< after the first
  Name code;                    ///< as written, without quotes
};
/// A unit in which values may come, maybe with a step of its own.
struct AcceptedUnit {
  Name unit; ///< as written, without quotes
  ExpressionPtr step;
};

struct UnknownClause { ///< unknown ask | unknown assume VALUE because "..."
  Span span;
  bool assume = false;
  ExpressionPtr value;
  Text because;
};
struct InputItem : Declaration { ///< title = the question
  TypeExpression type;
  ExpressionPtr typical;
  ExpressionPtr fresh_for; ///< a quantity of time
  std::vector<AcceptedUnit> accepts;
  ExpressionPtr molar_mass;
  Name worse_when; ///< "lower", "higher" or empty
  bool is_series = false;
  std::optional<UnknownClause> unknown;
};
struct InputsDecl : Declaration { ///< a group
  std::vector<InputItem> items;
  std::optional<UnknownClause> unknown;
};

struct CodesDecl : Declaration {
  struct System : Declaration {
    Text address, version;
  };
  struct Concept : Declaration { ///< title = what the system calls it
    Name system;
    Text code;
  };
  struct PinnedFile {
    Text path, version, hash;
  };
  struct Entry {
    Name system;
    Text code, display;
  };
  struct ValueSet : Declaration {
    std::optional<PinnedFile> file; ///< else `entries`
    std::vector<Entry> entries;
  };
  struct Hierarchy : Declaration {
    Name system;
    PinnedFile file;
  };
  struct Binding {
    Name target;
    Name member; ///< TYPE.member or empty
    Name system;
    Text code, display;
  };
  std::vector<System> systems;
  std::vector<Concept> concepts;
  std::vector<ValueSet> value_sets;
  std::vector<Hierarchy> hierarchies;
  std::vector<Binding> bindings;
};

struct ConstraintDecl : Declaration {
  ExpressionPtr require;
  Text message;
};

struct Parameter {
  Name name;
  TypeExpression type;
};
struct FunctionDecl : Declaration {
  std::vector<Parameter> parameters;
  std::optional<TypeExpression> result;
  ExpressionPtr require; ///< optional precondition
  Text message;          ///< of the precondition
  ExpressionPtr body;
};

struct Bands {
  ExpressionPtr subject;
  struct Band {
    bool inclusive = false; ///< "up to X" includes X, "below X" does not
    ExpressionPtr limit;
    ExpressionPtr value;
    Span span;
  };
  std::vector<Band> bands;
  ExpressionPtr otherwise;
};
struct Score {
  struct Item {
    ExpressionPtr points;    ///< a numeral, maybe negated, or any numeric expression
    ExpressionPtr condition; ///< null: always added
    Text label;
    Span span;
  };
  std::vector<Item> items;
};
/// The value of the first item whose condition holds; no value where none does.
struct FirstOf {
  struct Item {
    ExpressionPtr condition; ///< null: `otherwise`, the last item
    ExpressionPtr value;
    Span span;
  };
  std::vector<Item> items;
};
struct DefineDecl : Declaration {
  std::optional<TypeExpression> type;
  std::variant<ExpressionPtr, Bands, Score, FirstOf> body;
};

enum class HitPolicy : std::uint8_t {
  unique,
  first,
  any,
  collect_sum,
  collect_min,
  collect_max,
  collect_count,
  collect_list
};

/// One of the alternatives that a cell lists.
struct CellTest {
  enum class Kind : std::uint8_t {
    value,   ///< is values[0]
    range,   ///< values[0] to values[1], both included
    compare, ///< each of comparisons holds for the value beside it: "> 1 and <= 5"
    unknown  ///< the column is unknown
  } kind = Kind::value;
  std::vector<ExpressionKind> comparisons; ///< parallel to `values`; compare only
  std::vector<ExpressionPtr> values;
  Span span;
};
struct Cell {
  bool negated = false;        ///< not ...
  std::vector<CellTest> tests; ///< one of them is enough; none: any or -
  Span span;
  [[nodiscard]] bool is_any() const { return tests.empty(); }
};
struct TableRow {
  std::vector<Cell> cells; ///< empty for `otherwise`
  bool is_otherwise = false;
  ExpressionPtr output;
  Span span;
};
struct TableDecl : Declaration {
  TypeExpression type;
  HitPolicy policy = HitPolicy::unique;
  std::vector<ExpressionPtr> columns;
  Name output; ///< must equal the table's name
  std::vector<TableRow> rows;
};

struct DifferentialDecl : Declaration {
  TypeExpression type;
  std::vector<Name> candidates; ///< among { L4, L5 }
  struct Argument {
    bool is_for = true;
    Name candidate;
    std::string weight_word; ///< "strong", "weak" or empty
    ExpressionPtr weight;    ///< weight 2
    ExpressionPtr condition;
    Text label;
    std::vector<Cite> cites;
    Span span;
  };
  std::vector<Argument> arguments;
  struct Verdict {
    bool confirms = true; ///< else excludes
    Name candidate;
    ExpressionPtr condition;
    Span span;
  };
  std::vector<Verdict> verdicts;
  ExpressionPtr strong, weak, needs, ahead_by; ///< of `decide`
  Span decide_span;
};

struct ActionDecl : Declaration {
  Name category;
  Text note;
  std::vector<std::pair<Name, Text>> interactions; ///< interacts with NAME "why"
};
struct ActionClassDecl : Declaration {
  bool at_most_one = false;
  std::vector<Name> members;
};

struct Advice {
  Name verb; ///< recommend, suggest, avoid, contraindicate
  std::vector<Name> targets;
  std::string strength, urgency; ///< as written or empty
  ExpressionPtr within;          ///< a quantity of time
  Span span;
};
struct RuleDecl : Declaration {
  ExpressionPtr when, unless;
  std::vector<Advice> advice;
  struct Override {
    Name rule;
    Text because;
  };
  std::vector<Override> overrides;
  Text because;
  std::string certainty; ///< "high", "moderate", "low", "very_low" or empty
};
struct CautionDecl : Declaration {
  ExpressionPtr when;
  std::vector<Text> texts;
};

struct Transition {
  ExpressionPtr after, within, when; ///< each may be null; after and within are quantities of time
  Name target;
  bool repeat = false; ///< "repeat STAGE at most N"
  Name at_most;        ///< numeral
  std::vector<Cite> cites;
  Span span;
};
struct StageDecl : Declaration {
  bool is_final = false;
  std::vector<Transition> transitions;
};
struct Interrupt { ///< at any stage except a, b when ... go to ...
  std::vector<Name> except;
  Transition transition;
};
struct PathwayDecl : Declaration {
  Name start;
  std::vector<Interrupt> interrupts;
  std::vector<StageDecl> stages;
};

struct PropertyDecl : Declaration {
  struct Statement {
    enum class Kind : std::uint8_t { whenever_then, never_when, stage_only_after } kind = Kind::whenever_then;
    ExpressionPtr condition; ///< whenever C then O; never O when C
    ExpressionPtr outcome;
    Name stage, after; ///< stage X only after Y
    bool even_when_missing = false;
    Span span;
  };
  std::vector<Statement> statements;
};

struct Given {
  enum class Kind : std::uint8_t { holds, does_not_hold, equals, group_absent, unknown } kind = Kind::holds;
  Name name;           ///< input, or the group of "no red_flags"
  ExpressionPtr value; ///< equals
  std::string reason;  ///< unknown
  Span span;
};
struct Expectation {
  enum class Kind : std::uint8_t {
    expression, ///< any yes/no expression, outcomes included
    missing,    ///< missing a, b: the decision asks for these
    applies,    ///< applies / not applies / applies unknown: `value` has yes, no or unknown
    refused     ///< refused CONSTRAINT: the case is refused because it breaks this constraint
  } kind = Kind::expression;
  ExpressionPtr expression;
  std::vector<Name> names;
  std::string value;
  Span span;
};
struct CaseStep {
  ExpressionPtr at; ///< quantity ("day 42" is 42 days), date or instant; null in a case without times
  std::vector<Given> given;
  std::vector<Expectation> expect;
  Span span;
};
struct CaseDecl : Declaration { ///< title = the name of the case
  std::vector<CaseStep> steps;
};

using AnyDeclaration =
    std::variant<GuidelineDecl, ModuleDecl, UseDecl, SourceDecl, InterpretationDecl, TypeDecl, UnitDecl, InputsDecl,
                 CodesDecl, ConstraintDecl, FunctionDecl, DefineDecl, TableDecl, DifferentialDecl, ActionDecl,
                 ActionClassDecl, RuleDecl, CautionDecl, PathwayDecl, PropertyDecl, CaseDecl>;

/// A comment as written, for the formatter.
struct Comment {
  Span span;
  bool own_line = false; ///< nothing but white space before it on its line
};

struct File {
  std::uint32_t file = Span::none; ///< in the SourceSet
  std::vector<AnyDeclaration> declarations;
  std::vector<Comment> comments; ///< `//` and `/* */`, in order, doc comments included
};

} // namespace aceso::ast
