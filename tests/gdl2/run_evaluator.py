#!/usr/bin/env python3
"""The evaluator of GDL2 (gdl2_evaluator.py) on small guidelines whose results are known by reading them."""
import sys

try:
    import yaml  # noqa: F401 - the evaluator needs it
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

from gdl2_evaluator import DEFAULT_NOW, Coded, Guideline, Quantity, agrees, instant_of, value_of

failures = 0


def guideline(rules, **more):
    return Guideline({"id": "made_up", "definition": {"rules": {rule["id"]: rule for rule in rules}, **more}})


def rule(identifier, priority, when, then):
    return {"id": identifier, "priority": priority, "when": when, "then": then}


def expect(what, given, inputs, expected, now=DEFAULT_NOW):
    global failures
    run = given.run({name: value_of(text) for name, text in inputs.items()}, instant_of(now))
    for name, text in expected.items():
        got = run.result(name)
        if not (got is None if text is None else agrees(text, got)):
            failures += 1
            print(f"{what}: {name} is {got}, expected {text}")


last_writer = guideline([
    rule("gt1", 2, ["$gt10|Age|>=60,a"], ["$gt20|Points|.magnitude=1"]),
    rule("gt2", 1, ["$gt10|Age|>=80,a"], ["$gt20|Points|.magnitude=2"]),
])
for age, points in (("59,a", None), ("60,a", "1"), ("80,a", "2")):
    expect("the last writer wins", last_writer, {"gt10": age}, {"gt20": points})

priorities = guideline([
    rule("gt1", 1, ["$gt20|Points|>1"], ["$gt21|Risk|=1|local::at2|High|"]),
    rule("gt2", 5, [], ["$gt20|Points|.magnitude=$gt10.value+$gt11.value"]),
])
expect("higher priorities run first", priorities, {"gt10": "1|local::at1|Yes|", "gt11": "1|local::at1|Yes|"},
       {"gt20": "2", "gt21": "1|local::at2|High|"})
expect("a sum with something missing has no result", priorities, {"gt10": "1|local::at1|Yes|"}, {"gt20": None, "gt21": None})

fired = guideline([
    rule("gt1", 2, ["$gt10==local::at1|Yes|"], ["$gt20='first'"]),
    rule("gt2", 1, ["!fired($gt1)"], ["$gt20='second'"]),
], default_actions=["$gt21='default'"])
expect("fired", fired, {"gt10": "local::at1|Yes|"}, {"gt20": "first", "gt21": "default"})
expect("not fired", fired, {"gt10": "local::at2|No|"}, {"gt20": "second"})

missing = guideline([
    rule("gt1", 3, ["$gt10!=local::at1|Yes|"], ["$gt20='differs'"]),
    rule("gt2", 2, ["$gt10==null"], ["$gt21='nobody knows'"]),
])
expect("a comparison with something missing is false", missing, {}, {"gt20": None, "gt21": "nobody knows"})

numbers = guideline([rule("gt1", 1, [], [
    "$gt20.magnitude=2^3+7/2-abs(0-1)*log10(100)", "$gt20.precision=1", "$gt20.unit='mg'",
    "$gt21.magnitude=($currentDateTime-$gt10)/1,a", "$gt22='a'+1"])])
expect("numbers", numbers, {"gt10": "2000-01-01T00:00Z"}, {"gt20": "9.5,mg", "gt21": "20.00", "gt22": "a1"}, "2020-01-01T00:00:00Z")

conditional = guideline([rule("gt1", 1, [], ["$gt20='x'"])], pre_conditions=["$gt10>($currentDateTime-65,a)"])
expect("born later", conditional, {"gt10": "2000-01-01T00:00Z"}, {"gt20": "x"})
expect("born earlier", conditional, {"gt10": "1900-01-01T00:00Z"}, {"gt20": None})

broken = guideline([rule("gt1", 1, ["$gt10>'"], ["$gt20='x'"]), rule("gt2", 1, [], ["$gt21"])])
expect("what cannot be read holds for nobody", broken, {"gt10": "3"}, {"gt20": None})
if [place for place, _ in broken.problems] != ["rules.gt1.when[0]", "rules.gt2.then[0]"]:
    failures += 1
    print(f"problems: {broken.problems}")

for text, value, fits in (("2.35", Quantity(2.348), True), ("2.35", Quantity(2.36), False), ("4", Quantity(4.8), True),
                          ("1|local::at1|Yes|", Coded("at1"), True), ("60,a", Quantity(60.0, "mo"), False)):
    if agrees(text, value) != fits:
        failures += 1
        print(f"agrees({text}, {value}) is not {fits}")

print(f"{failures} differences")
sys.exit(1 if failures else 0)
