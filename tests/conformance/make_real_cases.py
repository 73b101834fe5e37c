#!/usr/bin/python3
"""Writes tests/conformance/real_cases.tsv: real expressions and what `round` makes of them.

Every value is calculated twice to 400 digits, by Python's `decimal` and, where it is installed, by mpmath (other
algorithms, other code), and the two have to agree to 300 digits. A value within 10^-250 of a point where the rounding
changes is that point: the expressions are too short for anything else.

A line is: expression in postfix notation, step, mode, result ("-" for none). Numbers are written n/d.

    make_real_cases.py          writes the table
    make_real_cases.py --check  fails when the table is not what would be written (needs mpmath)
"""

import decimal
import random
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

try:
    import mpmath
    mpmath.mp.dps = 420
except ImportError:
    mpmath = None

DIGITS = 400
decimal.getcontext().prec = DIGITS + 20
decimal.getcontext().Emax = decimal.MAX_EMAX
decimal.getcontext().Emin = decimal.MIN_EMIN
TINY = Decimal(10) ** -250
LARGEST = 2**63 - 1
MODES = ["half_up", "half_even", "half_down", "up", "down", "toward_zero", "away_from_zero"]
ONE_OPERAND = ["negate", "absolute", "sqrt", "ln", "log10", "exp"]
TWO_OPERANDS = ["add", "subtract", "multiply", "divide", "minimum", "maximum", "power"]


class Absent(Exception):
    """The real number does not exist."""


class Unsuitable(Exception):
    """Too large or too close to call for a reference with 400 digits."""


def nearly(value, other):
    return abs(value - other) < TINY


class WithDecimal:
    @staticmethod
    def number(value):
        return Decimal(value.numerator) / Decimal(value.denominator)

    def exp(self, a):
        return a.exp()

    def ln(self, a):
        return a.ln()

    def log10(self, a):
        return a.log10()

    def sqrt(self, a):
        return a.sqrt()

    def power(self, a, b):
        return a**b


class WithMpmath:
    @staticmethod
    def number(value):
        return mpmath.mpf(value.numerator) / value.denominator

    def exp(self, a):
        return mpmath.exp(a)

    def ln(self, a):
        return mpmath.log(a)

    def log10(self, a):
        return mpmath.log(a) / mpmath.log(10)

    def sqrt(self, a):
        return mpmath.sqrt(a)

    def power(self, a, b):
        return mpmath.exp(b * mpmath.log(a))


def sign(value):
    if value == 0:
        return 0
    if abs(value) < (TINY if isinstance(value, Decimal) else mpmath.mpf(10) ** -250):
        # Far below any leaf: a cancellation, unless it is a small product.
        raise Unsuitable
    return 1 if value > 0 else -1


def raised(system, a, b):
    if sign(a) == 0:
        if sign(b) <= 0:
            raise Absent
        return a
    whole = system.number(Fraction(int(round(b))))
    is_whole = b == whole
    if not is_whole and abs(b - whole) < system.number(Fraction(1, 10**250)):
        raise Unsuitable
    if b == 0:
        return system.number(Fraction(1))
    magnitude = abs(system.ln(abs(a)) * b)
    if magnitude > 2000:
        raise Unsuitable
    if sign(a) > 0:
        return system.power(a, b)
    if not is_whole:
        raise Absent
    result = system.power(-a, b)
    return -result if int(whole) % 2 else result


def evaluate(expression, system):
    stack = []
    for word in expression:
        if isinstance(word, Fraction):
            stack.append(system.number(word))
            continue
        b = stack.pop() if word in TWO_OPERANDS else None
        a = stack.pop()
        if word == "add":
            result = a + b
        elif word == "subtract":
            result = a - b
        elif word == "multiply":
            result = a * b
        elif word == "divide":
            if sign(b) == 0:
                raise Absent
            result = a / b
        elif word == "minimum":
            result = min(a, b)
        elif word == "maximum":
            result = max(a, b)
        elif word == "power":
            result = raised(system, a, b)
        elif word == "negate":
            result = -a
        elif word == "absolute":
            result = abs(a)
        elif word == "exp":
            if abs(a) > 2000:
                raise Unsuitable
            result = system.exp(a)
        elif word == "sqrt":
            if sign(a) < 0:
                raise Absent
            result = system.sqrt(a)
        else:
            if sign(a) <= 0:
                raise Absent
            result = system.ln(a) if word == "ln" else system.log10(a)
        stack.append(result)
    return stack[0]


def round_to(value, step, mode):
    if abs(value) > 2**70:
        return None
    halves = value / (Decimal(step.numerator) / Decimal(step.denominator)) * 2
    nearest = int(halves.to_integral_value())
    if nearest == 0 and value != 0 and nearly(halves, 0):
        raise Unsuitable  # Cancelled out, or small? Other points than 0 are not met by chance.
    if nearly(halves, nearest):
        floor, rest = nearest // 2, nearest % 2  # rest: 0 on a step, 1 on a tie
        if rest == 0:
            return fitting(floor * step)
        against_half = 0
    else:
        floor = int((halves / 2).to_integral_value(decimal.ROUND_FLOOR))
        against_half = 1 if halves / 2 - floor > Decimal("0.5") else -1
    negative = value < 0
    to_ceiling = {
        "half_up": against_half > 0 or (against_half == 0 and not negative),
        "half_down": against_half > 0 or (against_half == 0 and negative),
        "half_even": against_half > 0 or (against_half == 0 and floor % 2 == 1),
        "up": True,
        "down": False,
        "toward_zero": negative,
        "away_from_zero": not negative,
    }[mode]
    return fitting((floor + to_ceiling) * step)


def fitting(value):
    fits = -LARGEST - 1 <= value.numerator <= LARGEST and value.denominator <= LARGEST
    return value if fits else None


def expected(expression, step, mode):
    try:
        value = evaluate(expression, WithDecimal())
    except Absent:
        return None
    if mpmath:
        other = evaluate(expression, WithMpmath())
        other = Decimal(mpmath.nstr(other, DIGITS))
        if abs(value - other) > Decimal(10) ** -300 * max(abs(value), Decimal(1)):
            raise SystemExit(f"decimal and mpmath differ: {text_of(expression)}")
    return round_to(value, step, mode)


def text_of(expression):
    return " ".join(str(word) for word in expression)


def leaf(pick):
    kind = pick.randrange(8)
    if kind == 0:
        return Fraction(pick.choice([0, 1, -1, 2, 3, 4, 9, 10, 100, 1000, 8, 27]))
    if kind == 1:
        return Fraction(pick.randrange(-50, 51), pick.randrange(1, 50))
    if kind == 2:
        return Fraction(pick.randrange(1, 100000), pick.choice([10, 100, 1000]))
    if kind == 3:
        return Fraction(pick.randrange(1, LARGEST), pick.randrange(1, LARGEST))
    if kind == 4:
        return Fraction(2**62 + pick.randrange(-3, 4), 2**62)
    if kind == 5:
        return Fraction(pick.choice([1, -1]), pick.choice([2, 3, 4, 5, 6]))
    return Fraction(pick.randrange(1, 3000), pick.randrange(1, 300))


def tree(pick, depth):
    if depth == 0 or pick.random() < 0.15:
        return [leaf(pick)]
    if pick.random() < 0.45:
        return tree(pick, depth - 1) + [pick.choice(ONE_OPERAND)]
    return tree(pick, depth - 1) + tree(pick, depth - 1) + [pick.choice(TWO_OPERANDS)]


def near_tie(pick, step):
    """An expression whose value is as close to a tie as a leaf of 64 bits can make it."""
    half = step / 2
    target = half * (2 * pick.randrange(1, 400) + 1)
    offset = pick.choice([-2, -1, 1, 2])
    word, inverse = pick.choice([("exp", "ln"), ("ln", "exp"), ("log10", None), ("sqrt", None), ("power", None)])
    value = WithDecimal.number(target)
    if word == "ln":
        if target > 30:
            target = half * (2 * pick.randrange(0, 20) + 1)
            value = WithDecimal.number(target)
        if target > 40:
            return None
        argument = value.exp()
    elif word == "log10":
        if target > 17:
            target = half
            value = WithDecimal.number(target)
        if target > 17:
            return None
        argument = Decimal(10) ** value
    elif word == "exp":
        argument = value.ln()
    elif word == "sqrt":
        argument = value * value
    else:
        argument = value ** (Decimal(5) / 3)
    if argument <= 0:
        return None
    bits = 62 - max(0, int(argument).bit_length())
    fraction = Fraction(int(argument * 2**bits) + offset, 2**bits)
    if fraction.numerator > LARGEST:
        return None
    return [fraction, Fraction(3, 5), "power"] if word == "power" else [fraction, word]


def steps(pick):
    return pick.choice([Fraction(1), Fraction(1), Fraction(1, 10), Fraction(1, 100), Fraction(1, 4), Fraction(5),
                        Fraction(1, 3), Fraction(1, 10**6), Fraction(1, 10**15), Fraction(7, 2**40)])


def cases():
    pick = random.Random(3)
    kept = absent = ties = 0
    while kept < 420:
        step = steps(pick)
        expression = tree(pick, pick.randrange(1, 5))
        if len(expression) == 1:
            continue
        mode = pick.choice(MODES)
        try:
            result = expected(expression, step, mode)
        except Unsuitable:
            continue
        if result is None:
            if absent >= 60:
                continue
            absent += 1
        kept += 1
        yield expression, step, mode, result
    while ties < 150:
        step = pick.choice([Fraction(1), Fraction(1, 10), Fraction(1, 4), Fraction(1, 3)])
        expression = near_tie(pick, step)
        if expression is None:
            continue
        mode = pick.choice(MODES[:3])
        ties += 1
        yield expression, step, mode, expected(expression, step, mode)


def main():
    lines = ["# Written by tests/conformance/make_real_cases.py.", "# expression\tstep\tmode\tresult"]
    for expression, step, mode, result in cases():
        lines.append(f"{text_of(expression)}\t{step}\t{mode}\t{'-' if result is None else result}")
    text = "\n".join(lines) + "\n"
    path = Path(__file__).with_name("real_cases.tsv")
    if sys.argv[1:] == ["--check"]:
        if not mpmath:
            raise SystemExit("mpmath is not installed")
        if path.read_text() != text:
            raise SystemExit(f"{path} is not what this script writes")
        return
    path.write_text(text)


if __name__ == "__main__":
    main()
