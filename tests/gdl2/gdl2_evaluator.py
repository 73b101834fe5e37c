#!/usr/bin/env python3
"""A small evaluator of GDL2 guidelines, as plain as can be: the second opinion on what the importer makes of them.

It shares nothing with the importer and is never built into a program. What it does follows the GDL2 specification (openEHR
Guideline Definition Language 2.0: "Rules", "Expressions") and, where that is silent, what the cases of the library expect:

- default actions first, then the rules once each, those with the higher priority first, equal ones in the order of the file;
- a rule fires when each of its conditions is true; what it assigns is seen by the rules after it, so the last writer wins;
- `fired(x)` is whether rule x has fired so far;
- a comparison with something missing is false, whichever way it is put; only `== null` and `!= null` ask for it;
- arithmetic with something missing has no result, and an assignment of it is left out;
- numbers are doubles, as in the source's own engines.

Usage as a module: `Guideline(json).run(inputs, now)`, `read_cases(path)`. As a program: gdl2_evaluator.py GUIDELINE CASES
runs a file of cases and says what differs. Exit: 0 all as expected, 1 something differs, 3 a file cannot be read.
"""
import datetime
import json
import math
import pathlib
import re
import sys

import yaml


class Malformed(Exception):
    """The source is not what the specification allows."""


class Fault(Exception):
    """An expression has no result with these values, such as a division by zero."""


class Quantity:
    """A number with a unit (DV_QUANTITY), or without one (DV_COUNT, DV_PROPORTION as its numerator)."""

    def __init__(self, magnitude=None, unit=None, precision=None):
        self.magnitude, self.unit, self.precision = magnitude, unit, precision

    def __repr__(self):
        return f"{self.magnitude}" + (f",{self.unit}" if self.unit else "")


class Coded:
    """A coded text or, with a value, an ordinal."""

    def __init__(self, code, text="", value=None):
        self.code, self.text, self.value = code, text, value

    def __repr__(self):
        return (f"{self.value}|" if self.value is not None else "") + f"{self.code}|{self.text}|"


# ---------------------------------------------------------------------------------------------------------------------
# Expressions: text -> tuples such as ("+", a, b)

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?)?")
ORDINAL = re.compile(r"(-?\d+)\|([\w.\-]+::[^|]*)\|([^|]*)\|")
CODED = re.compile(r"([\w.\-()]+::[^|\s]*)\|([^|]*)\|")
UNIT = re.compile(r",\s*(10\*\d+(?:/[\w\[\]]+)*|%|1(?![\d.])|/?[A-Za-zµμ°\[][\w\[\]/µμ°*.%{}]*)")
VARIABLE = re.compile(r"\$(\w+)(\|[^|]*\|)?((?:\.(?!\d)\w+)*)")
WORD = re.compile(r"[A-Za-z_]\w*")
OPERATORS = ["||", "&&", "==", "!=", "<=", ">=", "!is_a", "is_a", "<", ">", "+", "-", "*", "/", "^", "!", "(", ")", ","]
LEVELS = [{"||"}, {"&&"}, {"==", "!=", "is_a", "!is_a"}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "/"}]


def tokens_of(text):
    at, tokens, groups = 0, [], []  # groups: of each open parenthesis, whether it holds arguments

    def previous_ends_a_value():
        return bool(tokens) and tokens[-1][0] in ("value", "variable", ")", "word")

    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] == "'" or text[at] == '"':
            end = text.find(text[at], at + 1)
            if end < 0:
                raise Malformed(f"a quote is never closed: {text[at:at + 40]}")
            tokens.append(("value", text[at + 1:end]))
            at = end + 1
            continue
        for pattern, make in ((ORDINAL, lambda m: Coded(m[2], m[3], int(m[1]))), (CODED, lambda m: Coded(m[1], m[2])),
                              (INSTANT, lambda m: instant_of(m[0]))):
            match = pattern.match(text, at)
            if match and not (pattern is ORDINAL and text[at] == "-" and previous_ends_a_value()):
                tokens.append(("value", make(match)))
                at = match.end()
                break
        else:
            match = VARIABLE.match(text, at)
            if match:
                path = [part for part in match[3].split(".") if part]
                tokens.append(("variable", (match[1], path)))
                at = match.end()
                continue
            match = NUMBER.match(text, at)
            if match:
                at = match.end()
                unit = UNIT.match(text, at)
                if unit:
                    at = unit.end()
                tokens.append(("value", Quantity(float(match[0]), unit[1]) if unit else float(match[0])))
                continue
            for operator in OPERATORS:
                if text.startswith(operator, at):
                    if operator == "(":
                        groups.append(bool(tokens) and tokens[-1][0] == "word")
                    is_call = groups.pop() if operator == ")" and groups else True
                    tokens.append((operator, operator))
                    at += len(operator)
                    unit = None if is_call else UNIT.match(text, at)
                    if unit:  # `(-2),1`
                        tokens.append(("unit", unit[1]))
                        at = unit.end()
                    break
            else:
                match = WORD.match(text, at)
                if not match:
                    raise Malformed(f"cannot be read from here: {text[at:at + 40]}")
                tokens.append(("word", match[0]))
                at = match.end()
    return tokens


class Parser:
    def __init__(self, text):
        self.text, self.tokens, self.at = text, tokens_of(text), 0

    def peek(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def take(self, kind=None):
        if self.at >= len(self.tokens) or (kind and self.tokens[self.at][0] != kind):
            raise Malformed(f"expected {kind or 'a value'} at part {self.at + 1} of: {self.text}")
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self):
        result = self.level(0)
        if self.at != len(self.tokens):
            raise Malformed(f"more than one expression: {self.text}")
        return result

    def level(self, depth):
        if depth == len(LEVELS):
            return self.prefix()
        left = self.level(depth + 1)
        while self.peek() in LEVELS[depth]:
            operator = self.take()[0]
            left = (operator, left, self.level(depth + 1))
        return left

    def prefix(self):
        if self.peek() == "!":
            self.take()
            return ("!", self.prefix())
        if self.peek() == "-":
            self.take()
            return ("negate", self.prefix())
        base = self.primary()
        if self.peek() == "^":
            self.take()
            return ("^", base, self.prefix())
        return base

    def primary(self):
        kind, value = self.take()
        if kind == "(":
            inside = self.level(0)
            self.take(")")
            return ("with unit", inside, self.take()[1]) if self.peek() == "unit" else inside
        if kind == "value":
            return ("constant", value)
        if kind == "variable":
            return ("variable", *value)
        if kind != "word":
            raise Malformed(f"unexpected {value} in: {self.text}")
        if self.peek() == "(":
            self.take()
            arguments = []
            while self.peek() != ")":
                arguments.append(self.level(0))
                if self.peek() == ",":
                    self.take()
            self.take(")")
            return ("call", value, arguments)
        constants = {"null": None, "true": True, "false": False, "e": math.e, "E": math.e}
        if value not in constants:
            raise Malformed(f"unknown word {value} in: {self.text}")
        return ("constant", constants[value])


def assignment_of(text):
    """`$gt0012|Total score|.magnitude = ...`: name, attribute (or empty), expression."""
    match = VARIABLE.match(text.strip())
    if not match:
        raise Malformed(f"not an assignment: {text}")
    rest = text.strip()[match.end():].lstrip()
    if not rest.startswith("=") or rest.startswith("=="):
        raise Malformed(f"not an assignment: {text}")
    return match[1], match[3].lstrip("."), Parser(rest[1:]).whole()


# ---------------------------------------------------------------------------------------------------------------------
# Values

def instant_of(text):
    text = re.sub(r"\[[\w/]+\]$", "", text.strip()).replace("Z", "+00:00")
    if "T" in text and re.search(r"T\d{2}:\d{2}(?:[-+]\d{2})", text):
        text = re.sub(r"(T\d{2}:\d{2})", r"\1:00", text, count=1)
    value = datetime.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)


def minus_months(instant, months):
    month = instant.year * 12 + instant.month - 1 - months
    year, month = divmod(month, 12)
    for day in range(instant.day, 27, -1):
        try:
            return instant.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return instant.replace(year=year, month=month + 1)


LENGTHS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7, "d": 1}  # in days, of `(later - earlier)/1,a`; UCUM's year
DAYS = {"d": 1, "wk": 7, "h": 1 / 24, "min": 1 / 1440, "s": 1 / 86400}


def moved(instant, quantity, sign):
    if quantity.unit == "a":
        return minus_months(instant, int(-sign * quantity.magnitude * 12))
    if quantity.unit == "mo":
        return minus_months(instant, int(-sign * quantity.magnitude))
    if quantity.unit not in DAYS:
        raise Fault(f"{quantity.unit} is no unit of time")
    return instant + datetime.timedelta(days=sign * quantity.magnitude * DAYS[quantity.unit])


def number_of(value):
    """The number that arithmetic and order go by; None where there is none."""
    if isinstance(value, Quantity):
        return value.magnitude
    if isinstance(value, Coded):
        return value.value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):  # negative constants are written as texts
        return float(value) if re.fullmatch(r"\s*[-+]?\d+(\.\d+)?\s*", value) else None
    return value if isinstance(value, (int, float)) else None


def text_of(value):
    """As it is written where texts are joined."""
    if isinstance(value, Coded):
        return value.text
    if isinstance(value, Quantity):
        value = value.magnitude
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def attribute(value, name):
    if value is None:
        return None
    if isinstance(value, Quantity):
        return {"magnitude": value.magnitude, "value": value.magnitude, "unit": value.unit, "units": value.unit,
                "precision": value.precision, "numerator": value.magnitude}.get(name)
    if isinstance(value, Coded):
        return {"value": value.value, "magnitude": value.value, "code": code_only(value.code), "term": value.text,
                "label": value.text, "symbol": value.code}.get(name)
    if isinstance(value, datetime.datetime):
        return float(getattr(value, name)) if name in ("year", "month", "day", "hour", "minute") else value
    return value


def code_only(code):
    return code.split("::")[-1].strip()


def are_equal(a, b):
    if isinstance(a, Coded) and isinstance(b, Coded):
        return code_only(a.code) == code_only(b.code)
    if isinstance(a, Quantity) and isinstance(b, Quantity) and a.unit and b.unit and a.unit != b.unit:
        return False
    x, y = number_of(a), number_of(b)
    if x is not None and y is not None:
        return x == y
    if isinstance(a, Coded) and isinstance(b, str):
        return a.text == b or code_only(a.code) == b
    if isinstance(b, Coded) and isinstance(a, str):
        return are_equal(b, a)
    return type(a) is type(b) and a == b


def is_below(a, b, or_same):
    if isinstance(a, datetime.datetime) and isinstance(b, datetime.datetime):
        return a <= b if or_same else a < b
    x, y = number_of(a), number_of(b)
    if x is None or y is None:
        return False
    return x <= y if or_same else x < y


def arithmetic(operator, a, b):
    if isinstance(a, datetime.datetime) and operator in "+-":
        if isinstance(b, Quantity):
            return moved(a, b, 1 if operator == "+" else -1)
        if isinstance(b, datetime.datetime) and operator == "-":
            return Quantity((a - b).total_seconds() / 86400, "d")
    x, y = number_of(a), number_of(b)
    if operator == "/" and isinstance(a, Quantity) and isinstance(b, Quantity) and a.unit == "d" and b.unit in LENGTHS and y:
        return x / (y * LENGTHS[b.unit])
    if x is None or y is None:
        is_joined = operator == "+" and a is not None and b is not None and (isinstance(a, str) or isinstance(b, str))
        return text_of(a) + text_of(b) if is_joined else None
    try:
        return {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y, "^": lambda: x ** y}[operator]()
    except (ZeroDivisionError, OverflowError) as fault:
        raise Fault(str(fault)) from None


FUNCTIONS = {
    "abs": abs, "exp": math.exp, "log": math.log, "log10": math.log10, "sqrt": math.sqrt, "floor": math.floor,
    "ceil": math.ceil, "round": lambda x: math.floor(x + 0.5), "max": max, "min": min,
}


# ---------------------------------------------------------------------------------------------------------------------
# Guidelines

def terms_of(source):
    """The texts of local codes, in the language of the original."""
    definitions = (source.get("ontology") or {}).get("term_definitions") or {}
    language = (source.get("language") or {}).get("original_language", "::en").split("::")[-1]
    terms = (definitions.get(language) or definitions.get("en") or {}).get("terms") or {}
    return {code: term.get("text", "") for code, term in terms.items()}


def aliases_of(definition):
    """Of each local code, the others that stand for the same element of the same model."""
    places = {}
    for binding in (definition.get("data_bindings") or {}).values():
        for code, element in (binding.get("elements") or {}).items():
            places.setdefault((binding.get("model_id"), element.get("path")), []).append(code)
    return {code: [other for other in codes if other != code] for codes in places.values() for code in codes}


class Guideline:
    """Reads a guideline; `problems` lists what cannot be read, with its place, and is left out."""

    def __init__(self, source):
        self.identifier, self.problems = source["id"], []
        definition = source["definition"]
        self.terms = terms_of(source)
        self.rules = []
        rules = definition.get("rules") or {}
        for order, rule in enumerate(rules.values() if isinstance(rules, dict) else rules):
            conditions = self.read(rule.get("when"), f"rules.{rule['id']}.when", lambda x: Parser(x).whole())
            assignments = self.read(rule.get("then"), f"rules.{rule['id']}.then", assignment_of)
            self.rules.append((-int(rule.get("priority") or 0), order, rule["id"], conditions, assignments))
        self.rules.sort(key=lambda rule: rule[:2])
        self.pre_conditions = self.read(definition.get("pre_conditions"), "pre_conditions", lambda x: Parser(x).whole())
        self.default_actions = self.read(definition.get("default_actions"), "default_actions", assignment_of)
        self.aliases = aliases_of(definition)
        self.written = {name for rule in self.rules for name, _, _ in rule[4]} | {a[0] for a in self.default_actions}

    def read(self, texts, place, parse):
        result = []
        for number, text in enumerate(texts or []):
            try:
                result.append(parse(text))
            except (Malformed, ValueError) as problem:
                self.problems.append((f"{place}[{number}]", str(problem)))
                if ".when" in place:
                    result.append(("constant", False))  # a condition that nobody can read is never met
        return result

    def run(self, inputs, now):
        """`inputs` by local code. Gives the values afterwards, the rules that fired in their order, and the faults."""
        return Run(self, inputs, now)


class Run:
    def __init__(self, guideline, inputs, now):
        self.values, self.fired, self.faults, self.now, self.terms = dict(inputs), [], [], now, guideline.terms
        self.aliases = guideline.aliases
        self.applies = all(self.holds(condition, "pre_conditions") for condition in guideline.pre_conditions)
        if not self.applies:
            return
        for action in guideline.default_actions:
            self.assign(action, "default_actions")
        for _, _, identifier, conditions, assignments in guideline.rules:
            if all(self.holds(condition, identifier) for condition in conditions):
                self.fired.append(identifier)
                for action in assignments:
                    self.assign(action, identifier)

    def result(self, name):
        """The value of a local code; where nothing wrote it, that of another code for the same element of the record."""
        if self.values.get(name) is None:
            for other in self.aliases.get(name, []):
                if self.values.get(other) is not None:
                    return self.values[other]
        return self.values.get(name)

    def holds(self, condition, place):
        try:
            return self.value(condition) is True
        except (Fault, ValueError) as fault:
            self.faults.append((place, str(fault)))
            return False

    def assign(self, action, place):
        name, attribute_name, expression = action
        try:
            value = self.value(expression)
        except (Fault, ValueError) as fault:
            self.faults.append((place, str(fault)))
            return
        if value is None and expression != ("constant", None):
            return
        if not attribute_name:
            self.values[name] = value
            return
        present = self.values.get(name)
        if attribute_name in ("magnitude", "value", "unit", "units", "precision", "numerator"):
            if isinstance(value, str) and attribute_name in ("magnitude", "value"):
                self.values[name] = value
                return
            target = Quantity(present.magnitude, present.unit, present.precision) if isinstance(present, Quantity) else Quantity(number_of(present))
            if attribute_name in ("unit", "units"):
                target.unit = value
            elif attribute_name == "precision":
                target.precision = int(number_of(value) or 0)
            else:
                target.magnitude = number_of(value)
            if target.precision is not None and target.magnitude is not None and math.isfinite(target.magnitude):
                target.magnitude = round(target.magnitude, target.precision)
            self.values[name] = target
        else:
            self.values[name] = value

    def value(self, expression):
        kind = expression[0]
        if kind == "constant":
            return expression[1]
        if kind == "variable":
            _, name, path = expression
            value = self.now if name == "currentDateTime" else self.values.get(name)
            if value is None and path in (["term"], ["label"]):
                return self.terms.get(name)
            if isinstance(value, Quantity) and value.magnitude is None and not path:
                return None
            for part in path:
                value = attribute(value, part)
            return value
        if kind == "call":
            return self.call(expression[1], expression[2])
        if kind == "!":
            return self.value(expression[1]) is not True
        if kind == "with unit":
            return Quantity(number_of(self.value(expression[1])), expression[2])
        if kind == "negate":
            x = number_of(self.value(expression[1]))
            return None if x is None else -x
        if kind == "&&":
            return self.value(expression[1]) is True and self.value(expression[2]) is True
        if kind == "||":
            return self.value(expression[1]) is True or self.value(expression[2]) is True
        a, b = self.value(expression[1]), self.value(expression[2])
        if kind in ("==", "!="):
            if ("constant", None) in (expression[1], expression[2]):
                return (a is None and b is None) == (kind == "==")
            if a is None or b is None:
                return False
            return are_equal(a, b) == (kind == "==")
        if kind in ("<", "<="):
            return is_below(a, b, kind == "<=")
        if kind in (">", ">="):
            return is_below(b, a, kind == ">=")
        if kind in ("is_a", "!is_a"):
            raise Fault("is_a needs a terminology")
        return arithmetic(kind, a, b)

    def call(self, name, arguments):
        if name == "fired":
            return arguments[0][0] == "variable" and arguments[0][1] in self.fired
        if name not in FUNCTIONS:
            raise Fault(f"unknown function {name}")
        numbers = [number_of(self.value(each)) for each in arguments]
        return None if None in numbers else FUNCTIONS[name](*numbers)


# ---------------------------------------------------------------------------------------------------------------------
# Cases

NAME = re.compile(r"^(gt\d+)")


def value_of(text):
    """A value of a case file: `60,a`, `2|local::at0007|High|`, `local::at0010|Yes|`, `true`, a date, a number, a text."""
    if isinstance(text, (bool, datetime.datetime)) or text is None:
        return text
    if isinstance(text, datetime.date):
        return datetime.datetime(text.year, text.month, text.day, tzinfo=datetime.timezone.utc)
    if isinstance(text, (int, float)):
        return Quantity(float(text))
    text = text.strip()
    match = re.fullmatch(r"(-?\d+)\|([^|]*)\|([^|]*)\|?", text)
    if match:
        return Coded(match[2], match[3], int(match[1]))
    match = re.fullmatch(r"([^|\s]+::[^|]*)\|([^|]*)\|?", text)
    if match:
        return Coded(match[1], match[2])
    match = re.fullmatch(r"([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?:,\s*(.*))?", text)
    if match:
        return Quantity(float(match[1]), match[2])
    if INSTANT.fullmatch(re.sub(r"\[[\w/]+\]$", "", text)):
        return instant_of(text)
    return {"true": True, "false": False}.get(text, text)


class Case:
    def __init__(self, identifier, inputs, expected, now):
        self.identifier, self.inputs, self.expected, self.now = identifier, inputs, expected, now


class TextLoader(yaml.SafeLoader):
    """Everything stays the text that the author wrote; `2.0` and `2` have different precision."""


TextLoader.yaml_implicit_resolvers = {}


def flat(sections):
    """Sections by number, or one without a number, as one list of code and text."""
    result = {}
    for section in (sections.values() if isinstance(sections, dict) else sections or []):
        for key, value in (section or {}).items() if isinstance(section, dict) else []:
            name = NAME.match(str(key).strip())
            if name:
                result[name[1]] = value
    return result


def read_cases(path):
    """The cases of a file. Raises Malformed where it is no YAML of that shape."""
    try:
        document = yaml.load(pathlib.Path(path).read_text(encoding="utf-8-sig"), TextLoader)
    except (yaml.YAMLError, UnicodeError) as problem:
        raise Malformed(str(problem).splitlines()[0]) from None
    cases = []
    for each in document.get("test_cases") or []:
        now = each.get("current_datetime") or document.get("current_datetime")
        cases.append(Case(str(each.get("id")), flat(each.get("input")), flat(each.get("expected_output")), now))
    return cases


def guideline_of(path):
    """The identifier of the first guideline that a file of cases names, or an empty text."""
    match = re.search(r"^guidelines:\s*\n\s+'?\"?1'?\"?:\s*(.+?)\s*$", pathlib.Path(path).read_text(encoding="utf-8-sig"), re.MULTILINE)
    return match[1].strip("'\"") if match else ""


def decimals(text):
    match = re.match(r"[-+]?\d+(?:\.(\d+))?", str(text).strip())
    return len(match[1] or "") if match else 0


def agrees(expected_text, got):
    """Whether a value is what the file expects, to the digits that it writes."""
    expected = value_of(expected_text)
    if got is None:
        return expected is None or expected == "null"
    if isinstance(expected, Coded):
        if isinstance(got, Coded):
            return code_only(expected.code) == code_only(got.code)
        return False
    if isinstance(expected, Quantity):
        number = number_of(got)
        if number is None:
            return isinstance(got, str) and str(expected_text).strip() == got.strip()
        unit_of_got = got.unit if isinstance(got, Quantity) else None
        if expected.unit and unit_of_got and expected.unit != unit_of_got:
            return False
        if not expected.unit and decimals(expected_text) == 0 and int(number) == expected.magnitude:
            return True  # a count keeps whole numbers only
        return abs(number - expected.magnitude) <= 0.5000001 * 10.0 ** -decimals(expected_text)
    if isinstance(expected, datetime.datetime) and isinstance(got, datetime.datetime):
        return expected == got
    if isinstance(got, Coded):
        return str(expected).strip() == got.text.strip()
    return str(expected).strip() == str(got).strip()


# Most files of cases with ages set no clock. This is the instant that those set which set one; it was then that they were written.
DEFAULT_NOW = "2019-11-28T00:00:00+01:00"


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: gdl2_evaluator.py GUIDELINE.gdl2.json CASES.test.yml")
    try:
        guideline = Guideline(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8-sig")))
        cases = read_cases(sys.argv[2])
    except (OSError, ValueError, KeyError, Malformed) as problem:
        print(f"{problem}", file=sys.stderr)
        sys.exit(3)
    for place, problem in guideline.problems:
        print(f"{guideline.identifier}: {place}: {problem}")
    differing = 0
    for case in cases:
        inputs = {name: value_of(text) for name, text in case.inputs.items()}
        run = guideline.run(inputs, instant_of(str(case.now or DEFAULT_NOW)))
        for name, text in case.expected.items():
            if not agrees(text, run.result(name)):
                differing += 1
                print(f"{guideline.identifier}: {case.identifier}: {name}: expected {text}, got {run.result(name)}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
