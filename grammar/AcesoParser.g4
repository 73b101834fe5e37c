// The shape of Aceso programs. README.md has the table of precedence and the traps.
// compiler/source/parse calls `declaration` once for each declaration, and frees its tree before the next. `file` is never
// called, but it tells the prediction what may follow a declaration.
parser grammar AcesoParser;

options { tokenVocab = AcesoLexer; }

@members {
  // Generated parsers keep this to themselves; compiler/source/parse gives each parser tables of its own.
  const std::vector<uint16_t> getSerializedATN() const override { return _serializedATN; }

  // Reads a plain expression by hand and moves behind it; false where it is none, and the rule has to read it.
  class ExprContext;
  virtual bool readPlainly(ExprContext&) { return false; }
}

file : declaration* EOF ;

declaration
    : ( guidelineDeclaration | moduleDeclaration | useDeclaration | sourceDeclaration | interpretationDeclaration
      | typeDeclaration | unitDeclaration | inputsDeclaration | codesDeclaration | constraintDeclaration | functionDeclaration
      | defineDeclaration | tableDeclaration | differentialDeclaration | actionDeclaration | actionClassDeclaration
      | ruleDeclaration | cautionDeclaration | pathwayDeclaration | propertyDeclaration | caseDeclaration )
      trailing+=cite*
    ;

// ---------------------------------------------------------------- names and citations

dottedName : parts+=name ('.' parts+=name)* ;

cite : 'cite' origin=name ('at' section=TEXT)? ('refs' references+=NUMBER (',' references+=NUMBER)*)? ;

citeBlock : '{' cites+=cite* '}' ;

// ---------------------------------------------------------------- the guideline, modules, sources

guidelineDeclaration : 'guideline' id=name '{' items+=guidelineItem* '}' ;

guidelineItem
    : field
    | key='languages' languages+=name (',' languages+=name)*
    | 'applies' 'when' applies=expr
    | cite
    ;

field
    : key=('title' | 'developer' | 'funding' | 'audience' | 'scope' | 'license') value=TEXT
    | key='version' value=(SEMVER | NUMBER)
    | key='status' word=name
    | key=('published' | 'review_by') value=DATE
    ;

moduleDeclaration : 'module' id=dottedName title=TEXT? ('{' items+=moduleItem* '}')? ;

moduleItem : field | cite ;

useDeclaration : 'use' id=dottedName ;

sourceDeclaration : 'source' id=name title=TEXT ('{' items+=sourceItem* '}')? ;

sourceItem
    : key=('document' | 'edition' | 'doi' | 'url') value=TEXT
    | key='published' value=DATE
    | 'numbered' low=NUMBER 'to' high=NUMBER
    | 'reference' number=NUMBER reference=TEXT
    ;

interpretationDeclaration : 'interpretation' id=name '{' items+=interpretationItem* '}' ;

interpretationItem
    : key=('text' | 'reading') value=TEXT
    | key='decided_by' value=TEXT ('on' day=DATE)?
    | cite
    ;

// ---------------------------------------------------------------- types

typeDeclaration
    : 'type' id=name title=TEXT? ('has' has+=parameter (',' has+=parameter)*)? worse=worseWhen? '=' value=typeExpression
    ;

worseWhen : 'worse' 'when' direction=('lower' | 'higher') ;

unitDeclaration : 'unit' ids+=name (',' ids+=name)* title=TEXT? '=' code=unitCode ;

unitCode : UNIT | QUOTED_UNIT | name ;

parameter : id=name ':' value=typeExpression ;

typeExpression
locals [std::size_t depth = 0]
    : kind=YES_NO
    | kind='one' 'of' members
    | kind='scale' members
    | kind=('number' | 'quantity' | 'duration') limits=range?
    | kind=('date' | 'time' | 'instant' | 'action')
    | kind=('list' | 'interval') 'of' element=typeExpression
    | kind='code' 'of' systems+=name ('or' systems+=name)*
    | named=name
    ;

range : 'from' low=literal 'to' high=literal ('step' by=literal)? ;

literal : sign='-'? number=NUMBER unit=(UNIT | UNIT_WORD | QUOTED_UNIT)? ;

members : '{' items+=member (',' items+=member)* ','? '}' ;

member
    : (id=name | numeral=NUMBER) title=TEXT? ('=' sign='-'? points=NUMBER)?
      ('{' attributes+=memberAttribute (',' attributes+=memberAttribute)* ','? '}')?
    ;

memberAttribute : id=name '=' value=expr ;

// ---------------------------------------------------------------- what is asked

inputsDeclaration : 'inputs' id=name title=TEXT? cites+=cite* '{' items+=inputsItem* '}' ;

inputsItem : inputItem | unknownClause | cite ;

inputItem : id=name ':' value=typeExpression title=TEXT? attributes+=inputAttribute* ('{' details+=inputDetail* '}')? ;

inputAttribute
    : key='typical' value=typicalValue
    | key='series'
    | key='fresh' 'for' period=literal
    | key='accepts' units+=acceptedUnit (',' units+=acceptedUnit)*
    | key='molar_mass' mass=literal
    | worse=worseWhen
    ;

inputDetail : inputAttribute | unknownClause | cite ;

typicalValue : literal | constant=('yes' | 'no' | DATE | TIME | INSTANT) | id=name ;

acceptedUnit : code=unitCode ('step' by=literal)? ;

unknownClause : 'unknown' (ask='ask' | 'assume' value=expr 'because' reason=TEXT) ;

codesDeclaration : 'codes' id=name? title=TEXT? '{' items+=codesItem* '}' ;

codesItem
    : 'system' id=name address=TEXT ('version' release=TEXT)?
    | key='concept' id=name '=' system=name code=TEXT display=TEXT?
    | key='value_set' id=name title=TEXT? '=' (pinned=pinnedFile | '{' (entries+=codeEntry (',' entries+=codeEntry)* ','?)? '}')
    | key='hierarchy' id=name title=TEXT? 'of' system=name '=' pinned=pinnedFile
    | target=name ('.' (element=name | numeral=NUMBER))? '=' system=name code=TEXT display=TEXT?
    | cite
    ;

codeEntry : system=name code=TEXT display=TEXT? ;

pinnedFile : 'file' path=TEXT ('version' release=TEXT)? ('hash' digest=TEXT)? ;

constraintDeclaration : 'constraint' id=name '{' items+=constraintItem* '}' ;

constraintItem : 'require' condition=expr | 'message' message=TEXT | cite ;

// ---------------------------------------------------------------- what follows

functionDeclaration
    : 'function' id=name '(' (parameters+=parameter (',' parameters+=parameter)* ','?)? ')' (':' result=typeExpression)?
      ('require' condition=expr 'message' message=TEXT)? '=' body=expr
    ;

defineDeclaration : 'define' id=name title=TEXT? (':' value=typeExpression)? '=' (bands | score | firstOf | body=expr) ;

bands : 'bands' subject=expr '{' items+=band* '}' ;

band : (below='below' | 'up' 'to') limit=expr ':' value=expr | rest='otherwise' ':' value=expr ;

score : 'score' '{' (items+=scoreItem (NEW_LINE items+=scoreItem)*)? '}' ;

firstOf : 'first' '{' items+=firstItem* '}' ;

firstItem : ('when' condition=expr | rest='otherwise') ':' value=expr ;

scoreItem : points=operand ('if' condition=expr)? label=TEXT? ;

tableDeclaration
    : 'table' id=name title=TEXT? ':' value=typeExpression policy? '{' header (NEW_LINE items+=tableItem)* '}'
    ;

policy : kind=('unique' | 'first' | 'any') | 'collect' collect=('sum' | 'min' | 'max' | 'count' | 'list') ;

header : columns+=expr ('|' columns+=expr)* '->' output=name ;

tableItem : tableRow | cite ;

tableRow : (rest='otherwise' | cells+=cell ('|' cells+=cell)*) '->' output=expr ;

cell : all=('any' | '-') | negated='not'? tests+=cellTest (',' tests+=cellTest)* ;

cellTest
    : ops+=comparisonSign limits+=operand ('and' ops+=comparisonSign limits+=operand)*
    | low=operand ('to' high=operand)?
    | missing='unknown'
    ;

comparisonSign : '=' | '!=' | '<' | '<=' | '>' | '>=' ;

differentialDeclaration
    : 'differential' id=name title=TEXT? ':' value=typeExpression 'among' '{' candidates+=name (',' candidates+=name)* ','? '}'
      '{' items+=differentialItem* '}'
    ;

differentialItem : argument | verdict | decide | cite ;

argument
    : 'argument' side=('for' | 'against') candidate=name (word=('strong' | 'weak') | 'weight' weight=literal)
      'when' condition=expr label=TEXT? citeBlock?
    ;

verdict : kind=('confirms' | 'excludes') candidate=name 'when' condition=expr ;

decide : 'decide' parts+=decidePart (',' parts+=decidePart)* ;

decidePart : key=('strong' | 'weak' | 'needs') value=literal | key='ahead' 'by' value=literal ;

// ---------------------------------------------------------------- what can be advised

actionDeclaration : 'action' id=name title=TEXT ':' category=name ('{' items+=actionItem* '}')? ;

actionItem : key='note' note=TEXT | key='interacts' 'with' other=name reason=TEXT? | cite ;

actionClassDeclaration
    : 'action_class' id=name title=TEXT? (limit='at' 'most' 'one')? '{' targets+=name (',' targets+=name)* ','? '}'
    ;

ruleDeclaration : 'rule' id=name title=TEXT? '{' items+=ruleItem* '}' ;

ruleItem
    : key='when' condition=expr
    | key='unless' condition=expr
    | advice
    | key='overrides' target=name 'because' reason=TEXT
    | key='because' reason=TEXT
    | key='certainty' level=('high' | 'moderate' | 'low' | 'very_low')
    | cite
    ;

advice
    : verb=('recommend' | 'suggest' | 'avoid' | 'contraindicate') targets+=name (',' targets+=name)*
      modifiers+=adviceModifier*
    ;

adviceModifier
    : strength=('strong' | 'weak')
    | urgency=('immediately' | 'urgently' | 'soon' | 'routinely')
    | 'within' period=literal
    ;

cautionDeclaration : 'caution' id=name 'when' condition=expr '{' items+=cautionItem* '}' ;

cautionItem : text=TEXT | cite ;

// ---------------------------------------------------------------- the way through care

pathwayDeclaration : 'pathway' id=name title=TEXT? '{' items+=pathwayItem* '}' ;

pathwayItem : 'start' first=name | interrupt | stageItem | cite ;

interrupt : 'at' 'any' 'stage' ('except' stages+=name (',' stages+=name)*)? transition ;

stageItem : 'stage' id=name title=TEXT? final='final'? ('{' items+=stageDetail* '}')? ;

stageDetail : transition | cite ;

transition
    : ('after' after=literal)? ('within' period=literal)? ('when' condition=expr)?
      ('go' 'to' target=name | repeat='repeat' target=name 'at' 'most' limit=NUMBER) citeBlock?
    ;

// ---------------------------------------------------------------- properties and cases

propertyDeclaration : 'property' id=name '{' items+=propertyItem* '}' ;

propertyItem
    : key='whenever' condition=expr 'then' outcomes=expr (',' missing+=name)* even?
    | key='never' outcomes=expr (',' missing+=name)* 'when' condition=expr even?
    | key='stage' subject=name 'only' 'after' earlier=name even?
    | cite
    ;

even : 'even' 'when' 'data' 'are' 'missing' ;

caseDeclaration : 'case' title=TEXT '{' items+=caseItem* '}' ;

caseItem : key='at' moment | key='given' givens+=given (',' givens+=given)* | key='expect' expects+=expectation (',' expects+=expectation)* ;

moment : word=('day' | 'week') number=NUMBER | constant=(DATE | INSTANT) ;

given
    : sign=('no' | 'not') id=name
    | id=name ('=' value=operand | 'is'? missing='unknown' reason=plainName?)?
    ;

// "missing a, b": the names after the first read as expectations of their own; the tree builder gathers them.
expectation
    : 'missing' missing=name
    | 'applies' undecided='unknown'
    | 'refused' constraint=name
    | value=expr
    ;

expectationAlone : expectation (',' missing+=name)* EOF ;

// ---------------------------------------------------------------- expressions, loosest first

// Loops, not left recursion: every loop is decided by its next word, without prediction. `depth` is set by the parser;
// `plain` is for the tree builder, where the expression was read by hand.
expr
locals [std::size_t depth = 0, std::size_t plain = 0]
@init { if (readPlainly(*_localctx)) { exitRule(); return _localctx; } }
    : parts+=conjunction ('or' parts+=conjunction)*
    | choice
    ;

// Its last part reaches as far as it can, so within an operation it stands in parentheses.
choice : 'if' condition=expr 'then' yes=expr 'else' otherwise=expr ;

conjunction : parts+=comparison ('and' parts+=comparison)* ;

// More than one tail is a chained comparison, which the tree builder refuses in words.
comparison : nots+='not'* (left=operand tails+=comparisonTail* lasting? | outcome) ;

comparisonTail
    : op=('=' | '!=' | '<' | '<=' | '>' | '>=') right=operand
    | negated='not'? op='in' (choices=set | low=operand ('to' high=operand)?)
    | op='is' (known='known' | missing='unknown' reason=plainName? | negated='not' known='known' | negated='not'? article=ARTICLE general=name)
    | op=('worsening' | 'improving') 'over' period=literal past=asOf?
    | op=('during' | 'includes' | 'overlaps' | 'before' | 'after' | 'meets' | 'starts' | 'ends') right=operand
    | op='within' period=literal side=('of' | 'before' | 'after') right=operand
    ;

lasting : 'for' 'at' 'least' period=literal ;

operand : parts+=product (ops+=('+' | '-') parts+=product)* ;

product : parts+=factor (ops+=('*' | '/') parts+=factor)* ;

factor : signs+='-'* value=primary ('.' attributes+=name)* ;

primary
    : constant=('yes' | 'no' | DATE | TIME | INSTANT | 'now')
    | number=NUMBER unit=(UNIT | UNIT_WORD | QUOTED_UNIT)?
    | id=name (call='(' (arguments+=expr (',' arguments+=expr)* ','?)? ')')?
    | '(' group=expr ')'
    | bracket='[' (elements+=expr (',' elements+=expr)* ','?)? ']'
    | unitAlone=(UNIT | QUOTED_UNIT)
    | quantifier=('any' | 'all' | 'none' | 'number') 'of' (choices=set | each=name)
    | ('at' quantifier=('least' | 'most') | quantifier='exactly') bound=NUMBER 'of' choices=set
    | series=('latest' | 'first' | 'highest' | 'lowest' | 'mean' | 'count' | 'change' | 'trend') 'of'? subject=plainName
      ('within' period=literal)? past=asOf?
    | 'in' 'stage' stage=name
    ;

// Of a series: as it stood then.
asOf : 'as' 'of' (constant=(DATE | INSTANT) | id=plainName) ;

set : '{' items+=expr (',' items+=expr)* ','? '}' ;

outcome
    : verb=('recommended' | 'suggested' | 'advised' | 'avoided' | 'contraindicated' | 'overridden' | 'conflict')
      target=plainName strength=('strong' | 'weak')? urgency=('immediately' | 'urgently' | 'soon' | 'routinely')?
    | verb='undetermined' target=plainName ('missing' missing=name)?
    | verb=('caution' | 'stage') target=plainName
    ;

// ---------------------------------------------------------------- words as names

// Where nothing but a name can stand, and at the start of an expression.
name
    : NAME
    | 'guideline' | 'module' | 'use' | 'source' | 'interpretation' | 'type' | 'unit' | 'inputs' | 'codes' | 'constraint'
    | 'function' | 'define' | 'table' | 'differential' | 'action' | 'action_class' | 'rule' | 'caution'
    | 'pathway' | 'property' | 'case' | 'cite' | 'title' | 'developer' | 'funding' | 'audience' | 'scope'
    | 'license' | 'languages' | 'version' | 'status' | 'published' | 'review_by' | 'applies' | 'document' | 'edition' | 'doi'
    | 'url' | 'numbered' | 'reference' | 'text' | 'reading' | 'decided_by' | 'message' | 'require' | 'recommend'
    | 'suggest' | 'avoid' | 'contraindicate' | 'overrides' | 'because' | 'certainty' | 'go' | 'repeat' | 'below'
    | 'up' | 'even' | 'given' | 'expect' | 'at' | 'step' | 'to' | 'within' | 'argument' | 'confirms' | 'excludes'
    | 'decide' | 'start' | 'stage' | 'after' | 'whenever' | 'never' | 'ask' | 'assume' | 'typical' | 'series'
    | 'fresh' | 'accepts' | 'molar_mass' | 'system' | 'concept' | 'value_set' | 'hierarchy' | 'file' | 'hash' | 'interacts' | 'note' | 'of' | 'for' | 'against' | 'strong' | 'weak'
    | 'weight' | 'immediately' | 'urgently' | 'soon' | 'routinely' | 'high' | 'moderate' | 'low' | 'very_low'
    | 'day' | 'week' | 'on' | 'has' | 'one' | 'scale' | 'number' | 'quantity' | 'duration' | 'date' | 'instant' | 'code'
    | 'list' | 'unique' | 'first' | 'any' | 'collect' | 'sum' | 'min' | 'max' | 'count' | 'among' | 'with'
    | 'most' | 'least' | 'exactly' | 'all' | 'none' | 'latest' | 'highest' | 'lowest' | 'mean' | 'change'
    | 'trend' | 'worsening' | 'improving' | 'over' | 'as' | 'worse' | 'lower' | 'higher'
    | 'known' | 'refused' | 'missing' | 'recommended' | 'suggested' | 'advised' | 'avoided' | 'contraindicated'
    | 'overridden' | 'conflict' | 'undetermined' | 'only' | 'data' | 'are' | 'from' | 'by' | 'ahead' | 'needs'
    | 'bands' | 'score' | 'except' | 'final' | 'time' | 'interval' | 'overlaps' | 'during' | 'includes' | 'before'
    | 'meets' | 'starts' | 'ends' | 'refs'
    ;

// Where a name may also be left out, or where a keyword before it may itself be a name: without the words that begin a
// clause or a declaration.
plainName
    : NAME
    | 'for' | 'against' | 'strong' | 'weak' | 'weight' | 'immediately' | 'urgently' | 'soon' | 'routinely'
    | 'high' | 'moderate' | 'low' | 'very_low' | 'day' | 'week' | 'on' | 'has' | 'one' | 'scale' | 'number'
    | 'quantity' | 'duration' | 'date' | 'instant' | 'code' | 'file' | 'hash' | 'list' | 'unique' | 'first' | 'any' | 'collect' | 'sum'
    | 'min' | 'max' | 'count' | 'among' | 'with' | 'most' | 'least' | 'exactly' | 'all' | 'none' | 'latest'
    | 'highest' | 'lowest' | 'mean' | 'change'
    | 'trend' | 'worse' | 'lower' | 'higher' | 'known' | 'refused' | 'missing' | 'recommended' | 'suggested'
    | 'advised' | 'avoided' | 'contraindicated' | 'overridden' | 'conflict' | 'undetermined' | 'only' | 'data'
    | 'are' | 'from' | 'by' | 'ahead' | 'needs' | 'bands' | 'score' | 'except' | 'final'
    | 'time' | 'interval' | 'refs'
    ;
