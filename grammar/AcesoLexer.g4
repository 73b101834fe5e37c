// Words and signs of Aceso. See README.md for the list of keywords and for the traps.
//
// The stream that feeds this lexer shows bytes, not code points, and every byte from 0x80 on as U+007F
// (compiler/source/parse/byte_stream.h): offsets are then byte offsets, and the lexer's tables, which remember only
// characters up to U+007F, are used for every character. Text and comments may hold anything; elsewhere a run of such
// characters is one NON_ASCII token, which never reaches the parser.
lexer grammar AcesoLexer;

// Made after lexing (compiler/source/parse/token_list.cpp):
// UNIT_WORD is a NAME (or `day`, `week`, `min`) right after a NUMBER on the same line: 4 weeks.
// ARTICLE is the NAME `a` or `an` right after `is` or `is not`: x is a fracture.
// NEW_LINE has no characters. It stands before each item of a score and each row of a table but the first.
tokens { UNIT_WORD, ARTICLE, NEW_LINE }

// ---------------------------------------------------------------- signs
LEFT_BRACE       : '{' ;
RIGHT_BRACE      : '}' ;
LEFT_PAREN       : '(' ;
RIGHT_PAREN      : ')' ;
LEFT_BRACKET     : '[' ;
RIGHT_BRACKET    : ']' ;
COMMA            : ',' ;
COLON            : ':' ;
DOT              : '.' ;
PIPE             : '|' ;
ARROW            : '->' ;
EQUAL            : '=' ;
NOT_EQUAL        : '!=' ;
LESS             : '<' ;
LESS_OR_EQUAL    : '<=' ;
GREATER          : '>' ;
GREATER_OR_EQUAL : '>=' ;
PLUS             : '+' ;
MINUS            : '-' ;
STAR             : '*' ;
SLASH            : '/' ;

// ---------------------------------------------------------------- names, numbers, texts
YES_NO  : 'yes/no' ;
NAME    : WORD ;
INSTANT : DAY 'T' DIGIT DIGIT ':' DIGIT DIGIT (':' DIGIT DIGIT ('.' DIGIT+)?)? ('Z' | [+-] DIGIT DIGIT ':' DIGIT DIGIT)? ;
DATE    : DAY | DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT ;
TIME    : DIGIT DIGIT ':' DIGIT DIGIT (':' DIGIT DIGIT)? ;
SEMVER  : DIGIT+ '.' DIGIT+ '.' DIGIT+ ('-' [A-Za-z0-9.]+)? ;
NUMBER  : DIGIT+ ('.' DIGIT+)? ;
TEXT    : '"' TEXT_PART* '"' ;

// A unit that is more than a word: mmol/L, mm[Hg], /min, %, [degF]. Units with other characters stand in single quotes.
UNIT        : '%' UNIT_DIVISOR* | WORD? UNIT_BRACKET UNIT_DIVISOR* | WORD UNIT_DIVISOR+ | UNIT_DIVISOR+ ;
QUOTED_UNIT : '\'' ~['"\r\n]+ '\'' ;

// ---------------------------------------------------------------- what lies between
LINE_COMMENT  : '//' ~[\r\n]* -> channel(HIDDEN) ;
BLOCK_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'+ '/' -> channel(HIDDEN) ;
SPACE         : [ \t\r\n]+ -> skip ;

// ---------------------------------------------------------------- mistakes that deserve a message of their own
FOREIGN_SIGN         : '==' | '===' | '!==' | '&&' | '&' | '||' | '!' | '<>' | '=>' | '=<' | ';' | ':=' | '^' | '**' ;
UNTERMINATED_TEXT    : '"' TEXT_PART* '\\'? ;
UNTERMINATED_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'* ;
NON_ASCII            : ~[\u0000-\u007E]+ ;
OTHER                : . ;

fragment DIGIT        : [0-9] ;
fragment WORD         : [A-Za-z_] [A-Za-z0-9_]* ;
fragment DAY          : DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT ;
fragment TEXT_PART    : '\\' ~[\r\n] | ~["\\\r\n] ;
fragment UNIT_BRACKET : '[' [A-Za-z_] [A-Za-z0-9_']* ']' ;
fragment UNIT_DIVISOR : '/' (WORD? UNIT_BRACKET | WORD) ;

// Nothing enters this mode. It gives the keywords their token types and their spelling; the tokenizer looks a NAME up
// among them. As rules of the mode above they would triple the time until the lexer's tables are warm.
mode KEYWORDS;

// ---------------------------------------------------------------- keywords that are never names
KW_AND : 'and' ;
KW_OR : 'or' ;
KW_NOT : 'not' ;
KW_IF : 'if' ;
KW_THEN : 'then' ;
KW_ELSE : 'else' ;
KW_IN : 'in' ;
KW_WHEN : 'when' ;
KW_UNLESS : 'unless' ;
KW_IS : 'is' ;
KW_YES : 'yes' ;
KW_NO : 'no' ;
KW_UNKNOWN : 'unknown' ;
KW_OTHERWISE : 'otherwise' ;
KW_NOW : 'now' ;

// ---------------------------------------------------------------- keywords that stay usable as names
KW_GUIDELINE : 'guideline' ;
KW_MODULE : 'module' ;
KW_USE : 'use' ;
KW_SOURCE : 'source' ;
KW_INTERPRETATION : 'interpretation' ;
KW_TYPE : 'type' ;
KW_UNIT : 'unit' ;
KW_INPUTS : 'inputs' ;
KW_CODES : 'codes' ;
KW_CONSTRAINT : 'constraint' ;
KW_FUNCTION : 'function' ;
KW_DEFINE : 'define' ;
KW_TABLE : 'table' ;
KW_DIFFERENTIAL : 'differential' ;
KW_ACTION : 'action' ;
KW_ACTION_CLASS : 'action_class' ;
KW_RULE : 'rule' ;
KW_CAUTION : 'caution' ;
KW_PATHWAY : 'pathway' ;
KW_PROPERTY : 'property' ;
KW_CASE : 'case' ;
KW_CITE : 'cite' ;
KW_TITLE : 'title' ;
KW_DEVELOPER : 'developer' ;
KW_FUNDING : 'funding' ;
KW_AUDIENCE : 'audience' ;
KW_SCOPE : 'scope' ;
KW_LANGUAGES : 'languages' ;
KW_LICENSE : 'license' ;
KW_VERSION : 'version' ;
KW_STATUS : 'status' ;
KW_PUBLISHED : 'published' ;
KW_REVIEW_BY : 'review_by' ;
KW_APPLIES : 'applies' ;
KW_DOCUMENT : 'document' ;
KW_EDITION : 'edition' ;
KW_DOI : 'doi' ;
KW_URL : 'url' ;
KW_NUMBERED : 'numbered' ;
KW_REFERENCE : 'reference' ;
KW_TEXT : 'text' ;
KW_READING : 'reading' ;
KW_DECIDED_BY : 'decided_by' ;
KW_MESSAGE : 'message' ;
KW_REQUIRE : 'require' ;
KW_RECOMMEND : 'recommend' ;
KW_SUGGEST : 'suggest' ;
KW_AVOID : 'avoid' ;
KW_CONTRAINDICATE : 'contraindicate' ;
KW_OVERRIDES : 'overrides' ;
KW_BECAUSE : 'because' ;
KW_CERTAINTY : 'certainty' ;
KW_GO : 'go' ;
KW_REPEAT : 'repeat' ;
KW_BELOW : 'below' ;
KW_UP : 'up' ;
KW_EVEN : 'even' ;
KW_GIVEN : 'given' ;
KW_EXPECT : 'expect' ;
KW_AT : 'at' ;
KW_STEP : 'step' ;
KW_TO : 'to' ;
KW_WITHIN : 'within' ;
KW_ARGUMENT : 'argument' ;
KW_CONFIRMS : 'confirms' ;
KW_EXCLUDES : 'excludes' ;
KW_DECIDE : 'decide' ;
KW_START : 'start' ;
KW_STAGE : 'stage' ;
KW_AFTER : 'after' ;
KW_WHENEVER : 'whenever' ;
KW_NEVER : 'never' ;
KW_ASK : 'ask' ;
KW_ASSUME : 'assume' ;
KW_TYPICAL : 'typical' ;
KW_SERIES : 'series' ;
KW_FRESH : 'fresh' ;
KW_ACCEPTS : 'accepts' ;
KW_MOLAR_MASS : 'molar_mass' ;
KW_SYSTEM : 'system' ;
KW_CONCEPT : 'concept' ;
KW_VALUE_SET : 'value_set' ;
KW_HIERARCHY : 'hierarchy' ;
KW_FILE : 'file' ;
KW_HASH : 'hash' ;
KW_INTERACTS : 'interacts' ;
KW_NOTE : 'note' ;
KW_OF : 'of' ;
KW_FOR : 'for' ;
KW_AGAINST : 'against' ;
KW_STRONG : 'strong' ;
KW_WEAK : 'weak' ;
KW_WEIGHT : 'weight' ;
KW_IMMEDIATELY : 'immediately' ;
KW_URGENTLY : 'urgently' ;
KW_SOON : 'soon' ;
KW_ROUTINELY : 'routinely' ;
KW_HIGH : 'high' ;
KW_MODERATE : 'moderate' ;
KW_LOW : 'low' ;
KW_VERY_LOW : 'very_low' ;
KW_DAY : 'day' ;
KW_WEEK : 'week' ;
KW_ON : 'on' ;
KW_HAS : 'has' ;
KW_ONE : 'one' ;
KW_SCALE : 'scale' ;
KW_NUMBER : 'number' ;
KW_QUANTITY : 'quantity' ;
KW_DURATION : 'duration' ;
KW_DATE : 'date' ;
KW_INSTANT : 'instant' ;
KW_CODE : 'code' ;
KW_LIST : 'list' ;
KW_UNIQUE : 'unique' ;
KW_FIRST : 'first' ;
KW_ANY : 'any' ;
KW_COLLECT : 'collect' ;
KW_SUM : 'sum' ;
KW_MIN : 'min' ;
KW_MAX : 'max' ;
KW_COUNT : 'count' ;
KW_AMONG : 'among' ;
KW_WITH : 'with' ;
KW_MOST : 'most' ;
KW_LEAST : 'least' ;
KW_EXACTLY : 'exactly' ;
KW_ALL : 'all' ;
KW_NONE : 'none' ;
KW_LATEST : 'latest' ;
KW_HIGHEST : 'highest' ;
KW_LOWEST : 'lowest' ;
KW_MEAN : 'mean' ;
KW_CHANGE : 'change' ;
KW_TREND : 'trend' ;
KW_WORSENING : 'worsening' ;
KW_IMPROVING : 'improving' ;
KW_OVER : 'over' ;
KW_AS : 'as' ;
KW_WORSE : 'worse' ;
KW_LOWER : 'lower' ;
KW_HIGHER : 'higher' ;
KW_KNOWN : 'known' ;
KW_REFUSED : 'refused' ;
KW_MISSING : 'missing' ;
KW_RECOMMENDED : 'recommended' ;
KW_SUGGESTED : 'suggested' ;
KW_ADVISED : 'advised' ;
KW_AVOIDED : 'avoided' ;
KW_CONTRAINDICATED : 'contraindicated' ;
KW_OVERRIDDEN : 'overridden' ;
KW_CONFLICT : 'conflict' ;
KW_UNDETERMINED : 'undetermined' ;
KW_ONLY : 'only' ;
KW_DATA : 'data' ;
KW_ARE : 'are' ;
KW_FROM : 'from' ;
KW_BY : 'by' ;
KW_AHEAD : 'ahead' ;
KW_NEEDS : 'needs' ;
KW_BANDS : 'bands' ;
KW_SCORE : 'score' ;
KW_EXCEPT : 'except' ;
KW_FINAL : 'final' ;
KW_TIME : 'time' ;
KW_INTERVAL : 'interval' ;
KW_OVERLAPS : 'overlaps' ;
KW_DURING : 'during' ;
KW_INCLUDES : 'includes' ;
KW_BEFORE : 'before' ;
KW_MEETS : 'meets' ;
KW_STARTS : 'starts' ;
KW_ENDS : 'ends' ;
KW_REFS : 'refs' ;
