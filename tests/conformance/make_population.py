#!/usr/bin/python3
"""Made-up patients for a guideline: the same bytes for the same words, whatever the machine.

    make_population.py GUIDELINE.graph COUNT [--seed N] [--format csv|ndjson|histories] [--known 0.8] [--faulty 0]
                       [--mixed] [--skip NAME,...]

GUIDELINE.graph is what `aceso graph GUIDELINE` prints. Each input is known with the given chance, and then any of its
values is as likely as any other: the patients are no picture of a real population. "histories" is NDJSON in which every
fourth patient has events and series. Of a thousand records, `--faulty` are spoilt. Writes to the standard output.
"""

import argparse
import json
import random
import re
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction

TYPE = re.compile(r'^type (\S+) (\w+)(?: from (\S+) to (\S+))?(?: step (\S+))?(?: unit "([^"]*)")?$')
INPUT = re.compile(r"^input (\w+) : (\S+) ")
REASONS = ["not_asked", "not_done", "refused", "pending", "not_applicable"]
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone.utc)


def read_inputs(lines):
    """(name, kind, members or (low, step, count), unit, is_series) for each input."""
    types, last, inputs = {}, None, []
    for line in lines:
        if found := TYPE.match(line):
            name, kind, low, high, step, unit = found.groups()
            members = []
            if kind in ("number", "duration") and low is not None and step is not None:
                members = (Fraction(low), Fraction(step), int((Fraction(high) - Fraction(low)) / Fraction(step)) + 1)
            types[name] = last = (kind, members, unit)
        elif line.startswith("  member ") and last and isinstance(last[1], list):
            last[1].append(line.split()[1])
        elif found := INPUT.match(line):
            kind, members, unit = types[found.group(2)]
            inputs.append((found.group(1), kind, members, unit, re.search(r'" .*\bseries\b', line) is not None))
            last = None
        elif not line.startswith("  "):
            last = None
    return inputs


def decimal(value):
    text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    assert Fraction(text) == value, value
    return text


def draw(random_, kind, members):
    if kind == "yes_no":
        return random_.random() < 0.5
    if kind in ("choice", "scale"):
        return random_.choice(members)
    if kind in ("number", "duration"):
        low, step, count = members
        return decimal(low + step * random_.randrange(count))
    if kind == "date":
        return (NOW.date() - timedelta(days=random_.randrange(36500))).isoformat()
    raise SystemExit(f"no values are made for inputs that are a {kind}")


def as_json(random_, value, kind, unit):
    if kind not in ("number", "duration"):
        return json.dumps(int(value) if kind == "scale" and value.isdigit() else value)
    if not unit:
        return value
    if random_.random() < 0.5:
        return json.dumps(f"{value} {unit}")
    return f'{{"value": {value}, "unit": {json.dumps(unit)}}}'


def csv_rows(inputs, options, random_):
    yield ",".join(["id", "now"] + [f"{name} [{unit}]" if unit else name for name, _, _, unit, _ in inputs])
    words = ["yes", "no", "true", "false", "1", "0"]
    for number in range(1, options.count + 1):
        cells = [f"p{number}", "2026-11-22T10:00:00Z"]
        for _, kind, members, unit, _ in inputs:
            chance = random_.random()
            if chance > options.known:
                cells.append("unknown:" + random_.choice(REASONS) if chance > 0.99 else "")
                continue
            value = draw(random_, kind, members)
            if kind == "yes_no":
                value = words[(0 if value else 1) + 2 * (random_.randrange(30) // 10 if options.mixed else 0)]
            elif unit and options.mixed and random_.random() < 0.1:
                value = f"{value} {unit}"
            cells.append(f'"{value}"' if options.mixed and random_.random() < 0.02 else value)
        if random_.randrange(1000) < options.faulty:
            spoil = random_.randrange(4)
            if spoil == 0:
                cells.append("one too many")
            elif spoil == 1:
                cells[2] = "perhaps"
            elif spoil == 2:
                cells[1] = "yesterday"
            else:
                cells[2] = 'a "word" in it'
        yield ",".join(cells)


def ndjson_rows(inputs, options, random_):
    for number in range(1, options.count + 1):
        stated, events = [], []
        has_history = options.format == "histories" and random_.randrange(4) == 0
        for name, kind, members, unit, is_series in inputs:
            if random_.random() > options.known:
                if random_.random() < 0.05:
                    stated.append(f'"{name}": {{"unknown": "{random_.choice(REASONS)}"}}')
                continue
            if has_history and is_series:
                entries = []
                for day in range(random_.randrange(1, 8)):
                    at = (NOW - timedelta(days=day, hours=2)).isoformat().replace("+00:00", "Z")
                    value = as_json(random_, draw(random_, kind, members), kind, None)
                    in_unit = f', "unit": {json.dumps(unit)}' if unit else ""
                    entries.append(f'{{"at": "{at}", "value": {value}{in_unit}}}')
                stated.append(f'"{name}": [{", ".join(entries)}]')
                continue
            text = f'"{name}": {as_json(random_, draw(random_, kind, members), kind, unit)}'
            (events if has_history and random_.random() < 0.3 else stated).append(text)
        if random_.randrange(1000) < options.faulty:
            stated.append(random_.choice(['"no_such_input": true', '"broken": ', stated[0] if stated else '"x": 1']))
        line = f'{{"id": "p{number}", "now": "2026-11-22T10:00:00Z", "inputs": {{{", ".join(stated)}}}'
        if events:
            line += f', "events": [{{"at": "2026-11-01T08:00:00Z", "inputs": {{{", ".join(events)}}}}}]'
        yield line + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=["csv", "ndjson", "histories"], default="csv")
    parser.add_argument("--known", type=float, default=0.8, help="the chance that an input is known")
    parser.add_argument("--faulty", type=int, default=0, help="records in a thousand that are spoilt")
    parser.add_argument("--mixed", action="store_true", help="CSV: every spelling of a value, not one")
    parser.add_argument("--skip", default="", help="inputs about which nothing is said, with commas between")
    options = parser.parse_args()
    with open(options.graph, encoding="utf-8") as file:
        inputs = [each for each in read_inputs(file.read().splitlines()) if each[0] not in options.skip.split(",")]
    random_ = random.Random(options.seed)
    rows = csv_rows if options.format == "csv" else ndjson_rows
    for row in rows(inputs, options, random_):
        sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main()
