#!/usr/bin/python3
"""Guidelines with one known defect each, to measure what a checker finds (recall) and what it makes up (precision).

Usage: seeded.py --write FOLDER                    write the guidelines and expected.tsv, for any tool
       seeded.py --program ACESO [--sizes small,medium,large] [--table]
                                                   run `aceso check --deep` on each and compare
Each defect of DEFECTS is put into the middle of a guideline that has no finding: 5, 50 or 500 rules (small, medium,
large), each over two inputs of its own. `none` is the guideline without a defect. The same text comes out on every
machine. README.md says what each column of expected.tsv means. Exit code 0 when recall and precision are 100 %.
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
    "unreachable row, union of two rows": (
        table("first", "< 40 | - -> low", ">= 30 | yes -> high", "35 to 60 | yes -> low", "otherwise -> high"),
        {("A1001", "row 3 of t")}),
    "unreachable row, inside another": (
        table("first", "10 to 40 | - -> low", "20 to 30 | no -> high", "otherwise -> high"),
        {("A1001", "row 2 of t")}),
    "conflict": (RULE.format("rule bad { when q and v >= 80 avoid y cite s }\n"), {("A1002", "action y")}),
    "conflict, at most one": (
        "action w \"W\" : test\naction_class both at most one { w, y }\n" +
        RULE.format("rule bad { when q and v >= 80 recommend w cite s }\n"), {("A1002", "action y")}),
    "gap": (table("unique", "< 40 | - -> low", ">= 60 | - -> high"), {("A1003", "table t")}),
    "overlap": (table("unique", "< 50 | - -> low", ">= 45 | - -> high"), {("A1004", "table t rows 1 and 2")}),
    "redundant rule": (RULE.format("rule bad { when p and q and v >= 60 recommend y cite s }\n"),
                       {("A1005", "rule bad")}),
    "redundant condition": ("rule bad { when q and v >= 60 and v >= 40 recommend y cite s }\n",
                            {("A1006", "condition 3 of rule bad")}),
    "boundary": (table("unique", "<= 29 | - -> low", "> 30 | - -> high"), {("A1007", "table t")}),
    "advice withdrawn": (RULE.format("rule bad { when q is unknown and v < 20 recommend y cite s }\n"),
                         {("A1008", "action y")}),
    "unsafe assumption": ("rule good { when p and not rare recommend y cite s }\n", {("A1009", "action y")}),
    "dead end": (stages("stage first { when p go to last }", "stage last { }"), {("A1010", "stage last")}),
    "endless stage": (stages("stage first { when p go to done when q go to round }",
                             "stage round { after 1 day when v > 50 go to back }",
                             "stage back { after 1 day when v < 50 go to round }", "stage done final"),
                      {("A1011", "stage round"), ("A1011", "stage back")}),
    "unreachable stage": (stages("stage first { when p go to done }", "stage nobody { when p go to done }",
                                 "stage done final"), {("A1001", "stage nobody")}),
    "timeless circle": (stages("stage first { when v > 40 go to back }",
                               "stage back { when v < 60 go to first when p and v >= 60 go to done }",
                               "stage done final"), {("A0512", "")}),
    "property": (RULE.format("property kept { never advised y when v < 60 }\n"), {("A1012", "property kept")}),
    "unused": (RULE.format("action idle \"Idle\" : test\n"), {("A1013", "action idle")}),
    "uncited": (RULE.format("rule bad { when q and v >= 80 recommend z }\n"), {("A1014", "rule bad")}),
}


def guideline(defect, size):
    text = ['guideline seeded { title "Seeded" version 0.1.0 published 2026-01-01 }\nsource s "S"\n']
    for i in range(SIZES[size]):
        if i == SIZES[size] // 2:
            text.append(INPUTS + 'action y "Y" : test\naction z "Z" : test\n' + USED + DEFECTS[defect][0])
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


def measure(program, sizes, as_table):
    right = True
    if as_table:
        print("| defect | " + " | ".join(sizes) + " |\n|---|" + "---|" * len(sizes))
    with tempfile.TemporaryDirectory(prefix="aceso_seeded_") as folder:
        for defect, (_, expected) in DEFECTS.items():
            cells = []
            for size in sizes:
                path = Path(folder) / "seeded.aceso"
                path.write_text(guideline(defect, size), encoding="utf-8")
                found = found_by(program, path)
                hits = len(found & expected)
                cells.append(f"{hits} of {len(expected)}, {len(found - expected)} false")
                if found != expected:
                    right = False
                    print(f"{defect}, {size}: missed {sorted(expected - found)}, made up {sorted(found - expected)}",
                          file=sys.stderr)
            if as_table:
                print(f"| {defect} | " + " | ".join(cells) + " |")
    return right


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
                name = "".join(c if c.isalnum() else "_" for c in defect) + f"_{size}.aceso"
                (folder / name).write_text(guideline(defect, size), encoding="utf-8")
                lines += [f"{name}\t{id_}\t{subject}" for id_, subject in sorted(expected)]
        (folder / "expected.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if arguments.program:
        return 0 if measure(arguments.program, sizes, arguments.table) else 1
    if not arguments.write:
        parser.error("--program or --write is needed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
