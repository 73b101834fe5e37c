#!/usr/bin/env python3
"""Imports the whole library of GDL2 guidelines, checks what comes out, and runs the cases that came with it.

    run_cases.py [--program ACESO] [--engines ACESO_GDL2_ENGINES] [--corpus FOLDER] [--renew] [--native N]

- every imported file compiles (`aceso check`) and is in the canonical layout (`aceso fmt --check`);
- the expected values of the cases are met by the row VM and by the reference, which `aceso test` compares byte by byte; the
  batch engine and native code (of every Nth guideline) say the same as the row VM (--engines);
- those that are not met stand in expectations.tsv with a class and a reason that can be checked by hand, and nothing else
  stands there; where the class says that the expectation is wrong, the independent evaluator must not meet it either;
- at least 97 of 100 are met.

--renew writes expectations.tsv anew and keeps what was said of entries that are still there; new ones get the class `new`,
which the test refuses. Exit: 0 fine, 1 something differs, 77 the library is not there.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "expectations.tsv"
# `evaluator` is what gdl2_evaluator.py gives: "-" for nothing.
COLUMNS = ["source", "case", "value", "expected", "got", "evaluator", "class", "why"]
CLASSES = {
    "wrong expectation": "the rules of the source itself give something else",
    "needs a clock": "the result depends on the date, and the case sets none",
    "malformed source": "the guideline or the case cannot be read as it is written",
    "unit semantics": "the source compares or calculates with numbers whose units differ; Aceso converts them",
    "refused on purpose": "Aceso does not decide where facts are missing, or has no such values",
    "not carried over": "the importer lists the rule or the value as one that it cannot say",
}
LONGEST = 44  # what is longer is a text of the library, which is not copied
FEWEST_MET = 97.0


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def expectation_of(path):
    found = re.match(r"\$\.expect\[(\d+)\]", path or "")
    return int(found.group(1)) if found else None


def outcomes(imported, tested):
    """Yields (source, case, code, met, expected, got) for each expected value of a case that has a guideline."""
    failures = {}
    for file in tested["files"]:
        for case in file["cases"]:
            failures[os.path.abspath(case["file"])] = case
    for file in imported["files"]:
        source = os.path.basename(file["source"]).removesuffix(".gdl2.json")
        for omission in file.get("case_omissions", []):
            if not omission["why"].startswith("expectation: "):
                continue
            case, code = omission["place"].removeprefix("case ").rsplit(", ", 1)
            yield source, case, code, False, omission["what"], omission["why"].removeprefix("expectation: ")
        for case in file.get("cases", []):
            result = failures.get(os.path.abspath(case["file"]))
            wrong, whole = {}, None
            for failure in result["failures"] if result else [{"path": "", "expected": "", "got": "the guideline does not compile"}]:
                index = expectation_of(failure.get("path"))
                if index is None:
                    whole = failure["got"]
                else:
                    wrong[index] = failure
            for index, code in enumerate(case["expected"]):
                if whole is not None or index in wrong:
                    failure = wrong.get(index, {"expected": "", "got": whole})
                    yield source, case["id"], code, False, failure["expected"], whole or failure["got"]
                else:
                    yield source, case["id"], code, True, "", ""


def flat(text):
    return " ".join(str(text).split())


def short(text):
    """A value as the table names it: codes and numbers, not the texts of the library."""
    text = re.sub(r"(::at[\w.]+)\|[^|]*\|?", r"\1", flat(text))
    words = [word for word in re.split(r" (?== )", text)]
    return text if len(words[-1]) <= LONGEST else " ".join(words[:-1] + [f"a text of {len(words[-1])} characters"])


class SecondOpinion:
    """What the independent evaluator gives; None for everything where it cannot be asked."""

    def __init__(self, library):
        try:
            import gdl2_evaluator
        except ImportError:
            gdl2_evaluator = None
            print("python3-yaml is not installed: the independent evaluator is not asked")
        self.evaluator, self.library, self.runs = gdl2_evaluator, library, {}

    def load(self, source):
        e, found = self.evaluator, {}
        try:
            guideline = e.Guideline(json.loads((self.library / f"{source}.gdl2.json").read_text(encoding="utf-8-sig")))
            cases = e.read_cases(self.library / f"{source}.test.yml")
        except (OSError, ValueError, KeyError, e.Malformed):
            return found
        for case in cases:
            inputs = {name: e.value_of(text) for name, text in case.inputs.items()}
            found.setdefault(flat(case.identifier), (case, guideline.run(inputs, e.instant_of(str(case.now or e.DEFAULT_NOW)))))
        return found

    def of(self, source, case, code):
        """(what it gives, whether that is what the case expects)"""
        if self.evaluator is None:
            return None
        if source not in self.runs:
            self.runs[source] = self.load(source)
        if case not in self.runs[source]:
            return None
        known, run = self.runs[source][case]
        got = run.result(code)
        return "-" if got is None else short(got), self.evaluator.agrees(known.expected.get(code), got)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", default=os.environ.get("ACESO_PROGRAM", HERE.parents[1] / "build/release/tools/aceso/aceso"))
    arguments.add_argument("--engines", help="aceso_gdl2_engines, as it is built")
    arguments.add_argument("--native", default="8", help="native code of every Nth guideline")
    arguments.add_argument("--corpus", default=os.environ.get("ACESO_CORPUS", str(HERE.parents[2] / "shared" / "corpus")))
    arguments.add_argument("--renew", action="store_true")
    arguments.add_argument("--keep", help="import into this folder, and leave it there")
    options = arguments.parse_args()
    library = pathlib.Path(options.corpus) / "gdl2" / "guidelines"
    sources = sorted(library.glob("*.gdl2.json"))
    if not sources:
        print(f"skipped: there are no guidelines in {library}")
        return 77

    faults = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        result = run(options.program, "import", "gdl2", *sources, "--cases", "--force", "-o", folder, "--format", "json")
        if result.returncode not in (0, 1, 3):
            print(result.stderr)
            return 1
        imported = json.loads(result.stdout)
        checked = run(options.program, "check", folder)
        if checked.returncode not in (0, 1) or " error " in checked.stdout + checked.stderr:
            faults.append("aceso check:\n" + (checked.stdout + checked.stderr)[-3000:])
        laid = run(options.program, "fmt", "--check", folder)
        if laid.returncode != 0:
            faults.append("aceso fmt --check:\n" + (laid.stdout + laid.stderr)[-3000:])
        tested = json.loads(run(options.program, "test", folder, "--format", "json").stdout)
        if options.engines:
            compared = run(options.engines, folder, "--native", options.native)
            print(compared.stdout.strip()[:2000])
            if compared.returncode != 0:
                faults.append(f"the engines differ, or {options.engines} failed: {compared.stderr.strip()[:500]}")

    whole = sum(1 for file in imported["files"] if "fault" not in file and not file["omissions"])
    refused = sum(1 for file in imported["files"] if "fault" in file)
    print(f"{len(sources)} guidelines: {whole} imported wholly, {len(sources) - whole - refused} with listed omissions, {refused} refused")

    every = list(outcomes(imported, tested))
    missed = [one for one in every if not one[3]]
    share = 100.0 * (len(every) - len(missed)) / max(1, len(every))
    print(f"{len(every) - len(missed)} of {len(every)} expected values are met ({share:.2f} %)")
    if share < FEWEST_MET:
        faults.append(f"fewer than {FEWEST_MET} % are met")

    known = {}
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                known[row["source"], row["case"], row["value"]] = row
    rows, opinion, met_by_source = [], SecondOpinion(library), 0
    for source, case, code, _, expected, got in missed:
        second = opinion.of(source, flat(case), code)
        met_by_source += second is not None and second[1]
        row = {"source": source, "case": flat(case), "value": code, "expected": short(expected), "got": short(got),
               "evaluator": second[0] if second else "?"}
        old = known.get((row["source"], row["case"], row["value"]), {})
        rows.append({**row, "class": old.get("class", "new"), "why": old.get("why", "")})
        if rows[-1]["class"] == "wrong expectation" and second is not None and second[1]:
            faults.append(f"{source}, {case}, {code}: the expectation is not wrong, the evaluator of GDL2 meets it")
        if old and (old["got"] != row["got"] or old["expected"] != row["expected"]) and not options.renew:
            faults.append(f"{source}, {case}, {code}: {TABLE.name} says {old['got']}, it is {row['got']}")
    if options.renew:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    found = {(row["source"], row["case"], row["value"]): row for row in rows}
    for key in sorted(found.keys() - known.keys()):
        if not options.renew:
            faults.append(f"not met, and not in {TABLE.name}: {key}: expected {found[key]['expected']}, got {found[key]['got']}")
    for key in sorted(known.keys() - found.keys()):
        if not options.renew:
            faults.append(f"in {TABLE.name}, but it is met: {key}")
    if opinion.evaluator is not None:
        possible = len(every) - len(missed) + met_by_source
        print(f"of the {possible} that the source's own semantics meet, {100.0 * (len(every) - len(missed)) / possible:.2f} % are met")
    for row in rows:
        if row["class"] not in CLASSES or not row["why"]:
            faults.append(f"{row['source']}, {row['case']}, {row['value']}: no class of the list, or no reason: {row['class']}")
    for name in CLASSES:
        print(f"  {sum(1 for row in rows if row['class'] == name):4} {name}")
    for fault in faults[:40]:
        print(fault)
    if len(faults) > 40:
        print(f"... and {len(faults) - 40} more")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
