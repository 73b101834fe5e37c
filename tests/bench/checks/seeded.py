#!/usr/bin/python3
"""Guidelines with one known defect each, to measure what a checker finds (recall) and what it makes up (precision).

Usage: seeded.py --write FOLDER                    write the guidelines and expected.tsv, for any tool
       seeded.py --program ACESO [--sizes small,medium,large] [--table]
                                                   run `aceso check --deep` on each and compare
Each defect of DEFECTS is put into the middle of a guideline that has no finding: 5, 50 or 500 rules (small, medium,
large), each over two inputs of its own. `none` is the guideline without a defect. PAIRS has two guidelines each, for
`aceso diff` and `aceso compare`. The same text comes out on every machine. README.md says what each column of
expected.tsv means. Exit code 0 when recall and precision are 100 %.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = {"small": 5, "medium": 50, "large": 500}

INPUTS = """inputs seed "Seed" {
  p : yes/no
  q : yes/no
  rare : yes/no { unknown assume no because "rare" }
  v : number from 0 to 100 step 1 typical 50
}
"""
USED = "rule uses_inputs { when p and q and rare and v > 60 recommend z cite s }\n"

RULE = "rule good {{ when p and v >= 50 recommend y cite s }}\n{}"


def table(policy, *rows):
    body = "".join(f"  {row}\n" for row in rows)
    return (f"table t : one of {{ low, high }} {policy} {{\n  v | p -> t\n{body}}}\n"
            "rule by_table { when t = low recommend y cite s }\n")


def differential(*lines):
    body = "".join(f"  {line}\n" for line in lines)
    return (f"differential t : one of {{ low, high }} among {{ low, high }} {{\n{body}"
            "  decide strong 3, weak 1, needs 1, ahead by 1\n}\n"
            "rule by_cause { when t = low recommend y cite s }\n")


def stages(*lines):
    return RULE.format("") + "pathway care \"Care\" {\n  start first\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


#: name: (text, expected findings as (id, subject)). A finding that the plain check has already has no subject.
DEFECTS = {
    "none": (RULE.format(""), set()),
    "unreachable rule": (RULE.format("rule bad { when q and v < 10 and v > 20 recommend y cite s }\n"),
                         {("A1001", "rule bad")}),
    "unreachable rule, through a derived value": (
        "define old = v >= 70\ndefine risk = score { 1 if p 2 if old }\n"
        "rule bad { when risk >= 2 and v < 60 recommend y cite s }\n", {("A1001", "rule bad")}),
    "unreachable rule, through a constraint": (
        'constraint adults { require v >= 18 message "Adults." }\n' +
        RULE.format("rule bad { when q and v < 18 recommend y cite s }\n"), {("A1001", "rule bad")}),
    "unreachable rule, through a stage": (
        "rule bad { when in stage first and p recommend y cite s }\n" +
        stages("stage first { when p go to done }", "stage done final"), {("A1001", "rule bad")}),
    "unreachable argument": (
        differential("argument for low weight 2 when p", "argument for high weight 2 when v > 60",
                     "argument against high weight 2 when v > 60 and v < 40"), {("A1001", "argument 3 of t")}),
    "unreachable way": (stages("stage first { when p go to done when v < 10 and v > 20 go to done }",
                               "stage done final"), {("A1001", "transition 2 to done")}),
    "unreachable row, union of two rows": (
        table("first", "< 40 | - -> low", ">= 30 | yes -> high", "35 to 60 | yes -> low", "otherwise -> high"),
        {("A1001", "row 3 of t")}),
    "unreachable row, inside another": (
        table("first", "10 to 40 | - -> low", "20 to 30 | no -> high", "otherwise -> high"),
        {("A1001", "row 2 of t")}),
    "unreachable band": (
        "define t : one of { low, mid, high } = bands v { below 40 : low  up to 100 : mid  otherwise : high }\n"
        "rule by_band { when t = low or t = mid recommend y cite s }\n", {("A1001", "row 3 of t")}),
    "unreachable case of first": (
        "define t : one of { low, mid, high } = first { when v < 40 : low  when v < 30 : mid  otherwise : high }\n"
        "rule by_first { when t = low or t = high recommend y cite s }\n", {("A1001", "row 2 of t")}),
    "unreachable exclusion": (
        differential("argument for low weight 2 when p", "argument for high weight 2 when v > 60",
                     "excludes high when v < 40 and v > 50"), {("A1001", "verdict 1 of t")}),
    "conflict": (RULE.format("rule bad { when q and v >= 80 avoid y cite s }\n"), {("A1002", "action y")}),
    "conflict, at most one": (
        "action w \"W\" : test\naction_class both at most one { w, y }\n" +
        RULE.format("rule bad { when q and v >= 80 recommend w cite s }\n"), {("A1002", "action y")}),
    "conflict, interaction": (
        "action w \"W\" : test { interacts with y \"both harm\" }\n" +
        RULE.format("rule bad { when q and v >= 80 recommend w cite s }\n"), {("A1002", "action y")}),
    "conflict, class": (
        "action w \"W\" : test\naction_class both { w, y }\n" +
        RULE.format("rule gives { when q and v < 30 recommend w cite s }\n"
                    "rule bad { when q and v >= 80 avoid both cite s }\n"), {("A1002", "action y")}),
    "conflict, beside one that is overridden": (
        RULE.format("rule settled { when q and v >= 80 avoid y overrides good because \"b\" cite s }\n"
                    "rule bad { when not q and v >= 70 avoid y cite s }\n"), {("A1002", "action y")}),
    "gap": (table("unique", "< 40 | - -> low", ">= 60 | - -> high"), {("A1003", "table t")}),
    "gap, first row": (table("first", "< 40 | yes -> low", ">= 30 | no -> high", ">= 60 | - -> high"),
                       {("A1003", "table t")}),
    "gap, who has not answered": (
        "table t : one of { low, high } first {\n  v is known and v < 50 | v is known and v >= 50 -> t\n"
        "  yes | - -> low\n  - | yes -> high\n}\nrule by_table { when t = low and p recommend y cite s }\n",
        {("A1003", "table t")}),
    "gap, cases of first": (
        "define t : one of { low, mid } = first { when v < 40 : low  when v >= 60 : mid }\n"
        "rule by_first { when t = low recommend y cite s }\n", {("A1003", "table t")}),
    "gap, above the bands": (
        "define t : one of { low, mid } = bands v { below 40 : low  up to 60 : mid }\n"
        "rule by_band { when t = low recommend y cite s }\n", {("A0107", "")}),
    "overlap": (table("unique", "< 50 | - -> low", ">= 45 | - -> high"), {("A1004", "table t rows 1 and 2")}),
    "overlap, any": (table("any", "< 50 | - -> low", "40 to 60 | - -> low", ">= 55 | - -> high"),
                     {("A1004", "table t rows 2 and 3")}),
    "overlap, one step": (table("unique", "<= 50 | - -> low", ">= 50 | - -> high"),
                          {("A1004", "table t rows 1 and 2")}),
    "redundant rule": (RULE.format("rule bad { when p and q and v >= 60 recommend y cite s }\n"),
                       {("A1005", "rule bad")}),
    "redundant condition": ("rule bad { when q and v >= 60 and v >= 40 recommend y cite s }\n",
                            {("A1006", "condition 3 of rule bad")}),
    "boundary": (table("unique", "<= 29 | - -> low", "> 30 | - -> high"), {("A1007", "table t")}),
    "advice withdrawn": (RULE.format("rule bad { when q is unknown and v < 20 recommend y cite s }\n"),
                         {("A1008", "action y")}),
    "unsafe assumption": ("rule good { when p and not rare recommend y cite s }\n", {("A1009", "action y")}),
    "dead end": (stages("stage first { when p go to last }", "stage last { }"), {("A1010", "stage last")}),
    "two ways at once": (stages("stage first { when p go to done when q go to last }", "stage last final",
                                "stage done final"), {("A1017", "stage first")}),
    "endless stage": (stages("stage first { when p go to done when q and not p go to round }",
                             "stage round { after 1 day when v > 50 go to back }",
                             "stage back { after 1 day when v < 50 go to round }", "stage done final"),
                      {("A1011", "stage round"), ("A1011", "stage back")}),
    "unasked wait": (stages("stage first { when p go to tested }",
                            "stage tested { when q is known and q and v > 40 go to done }", "stage done final"),
                     {("A1016", "stage tested")}),
    "unreachable stage": (stages("stage first { when p go to done }", "stage nobody { when p go to done }",
                                 "stage done final"), {("A1001", "stage nobody")}),
    "timeless circle": (stages("stage first { when v > 40 go to back }",
                               "stage back { when v < 60 go to first when p and v >= 60 go to done }",
                               "stage done final"), {("A0512", "")}),
    "property": (RULE.format("property kept { never advised y when v < 60 }\n"), {("A1012", "property kept")}),
    "property, order of stages": (
        "property kept { stage done only after tested }\n" +
        stages("stage first { when p go to tested when q and not p go to done }", "stage tested { when v > 50 go to done }",
               "stage done final"), {("A1012", "property kept")}),
    "property, even when data are missing": (
        RULE.format("property kept { whenever p then recommended y even when data are missing }\n"),
        {("A1012", "property kept")}),
    "unused": (RULE.format("action idle \"Idle\" : test\n"), {("A1013", "action idle")}),
    "unused input": (RULE.format("inputs more \"More\" { idle : yes/no }\n"), {("A1013", "")}),
    "unused derived value": (RULE.format("define idle = p and q\n"), {("A1013", "")}),
    "unused source": (RULE.format("source idle \"Idle\"\n"), {("A1013", "")}),
    "unused interpretation": (
        RULE.format('interpretation idle { text "old" reading "from 70 years" decided_by "editors" }\n'),
        {("A1013", "")}),
    "uncited": (RULE.format("rule bad { when q and v >= 80 recommend z }\n"), {("A1014", "rule bad")}),
}


BAD = "rule bad {{ when {} recommend w cite s }}\n"
W = 'action w "W" : test\n'
#: name: (command, text of the first, text of the second, what is found). Both guidelines are of one size and have the
#: same inputs and actions. `diff`: the actions that some patient is advised otherwise about; `compare`: the actions of
#: the first that cannot be followed together with the second.
PAIRS = {
    "versions, another name for a rule": ("diff", RULE.format(""), RULE.format("").replace("good", "better"), set()),
    "versions, the same in other words": (
        "diff", RULE.format(""), RULE.format("").replace("p and v >= 50", "v > 49 and not (not p)"), set()),
    "versions, one step of a threshold": (
        "diff", RULE.format(""), RULE.format("").replace(">= 50", ">= 51"), {"action y"}),
    "versions, a rule is gone": ("diff", W + RULE.format(BAD.format("q and v < 30")), W + RULE.format(""), {"action w"}),
    "versions, an exception is new": (
        "diff", RULE.format(""), RULE.format("").replace("recommend", "unless q and v > 90 recommend"), {"action y"}),
    "guidelines, nothing in common": (
        "compare", RULE.format(""), "rule bad { when p and v < 50 avoid y cite s }\n", set()),
    "guidelines, for and against": (
        "compare", RULE.format(""), "rule bad { when q and v >= 80 avoid y cite s }\n", {"action y"}),
    "guidelines, class": (
        "compare", RULE.format(""),
        W + "action_class both { w, y }\nrule bad { when q and v >= 80 avoid both cite s }\n", {"action y"}),
    "guidelines, interaction": (
        "compare", RULE.format(""),
        'action w "W" : test { interacts with y "both harm" }\n' + BAD.format("q and v >= 80"), {"action y"}),
}


def guideline(middle, size, name="seeded"):
    text = [f'guideline {name} {{ title "Seeded" version 0.1.0 published 2026-01-01 }}\nsource s "S"\n']
    for i in range(SIZES[size]):
        if i == SIZES[size] // 2:
            text.append(INPUTS + 'action y "Y" : test\naction z "Z" : test\n' + USED + middle)
        text.append(f'inputs g{i} "G {i}" {{\n  a{i} : yes/no\n  n{i} : number from 0 to 100 step 1 typical 50\n}}\n'
                    f'action x{i} "X {i}" : test\n'
                    f"rule r{i} {{ when a{i} and n{i} >= {10 + i % 80} recommend x{i} cite s }}\n")
    return "".join(text)


def found_by(program, path):
    done = subprocess.run([program, "check", "--deep", "--format", "json", path], capture_output=True, timeout=600,
                          check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{path}: {done.stdout.decode()}{done.stderr.decode()}")
    report = json.loads(done.stdout)["files"][0]
    return {(one["id"], one.get("subject", "")) for one in report["diagnostics"]}


def found_in_pair(program, command, first, second):
    done = subprocess.run([program, command, "--format", "json", first, second], capture_output=True, timeout=600,
                          check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{first}: {done.stdout.decode()}{done.stderr.decode()}")
    report = json.loads(done.stdout)
    if command == "diff":
        return {f"action {one['action']}" for one in report["actions"] if one["verdict"] == "differs"}
    return {f"action {one['sides'][0]['action']}" for one in report["meetings"] if one["verdict"] == "conflict"}


def pair_of(name, size):
    command, first, second, _ = PAIRS[name]
    return guideline(first, size), guideline(second, size, "other" if command == "compare" else "seeded")


def measure(program, sizes, as_table):
    right = True

    def compare(name, size, found, expected):
        nonlocal right
        if found != expected:
            right = False
            print(f"{name}, {size}: missed {sorted(expected - found)}, made up {sorted(found - expected)}",
                  file=sys.stderr)
        return f"{len(found & expected)} of {len(expected)}, {len(found - expected)} false"

    if as_table:
        print("| defect | " + " | ".join(sizes) + " |\n|---|" + "---|" * len(sizes))
    with tempfile.TemporaryDirectory(prefix="aceso_seeded_") as folder:
        for defect, (_, expected) in DEFECTS.items():
            cells = []
            for size in sizes:
                path = Path(folder) / "seeded.aceso"
                path.write_text(guideline(DEFECTS[defect][0], size), encoding="utf-8")
                cells.append(compare(defect, size, found_by(program, path), expected))
            if as_table:
                print(f"| {defect} | " + " | ".join(cells) + " |")
        for name, (command, _, _, expected) in PAIRS.items():
            cells = []
            for size in sizes:
                paths = [Path(folder) / "first.aceso", Path(folder) / "second.aceso"]
                for path, text in zip(paths, pair_of(name, size)):
                    path.write_text(text, encoding="utf-8")
                cells.append(compare(name, size, found_in_pair(program, command, *paths), expected))
            if as_table:
                print(f"| {name} | " + " | ".join(cells) + " |")
    return right


def file_name(defect, size):
    return "".join(c if c.isalnum() else "_" for c in defect) + f"_{size}.aceso"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program")
    parser.add_argument("--write")
    parser.add_argument("--sizes", default="small,medium,large")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    sizes = arguments.sizes.split(",")
    if arguments.write:
        folder = Path(arguments.write)
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["file\tid\tsubject"]
        for defect, (_, expected) in DEFECTS.items():
            for size in sizes:
                name = file_name(defect, size)
                (folder / name).write_text(guideline(DEFECTS[defect][0], size), encoding="utf-8")
                lines += [f"{name}\t{id_}\t{subject}" for id_, subject in sorted(expected)]
        for pair, (command, _, _, expected) in PAIRS.items():
            for size in sizes:
                names = [file_name(pair, f"{size}_{which}") for which in ("first", "second")]
                for name, text in zip(names, pair_of(pair, size)):
                    (folder / name).write_text(text, encoding="utf-8")
                lines += [f"{' '.join(names)}\t{command}\t{subject}" for subject in sorted(expected)]
        (folder / "expected.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if arguments.program:
        return 0 if measure(arguments.program, sizes, arguments.table) else 1
    if not arguments.write:
        parser.error("--program or --write is needed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
