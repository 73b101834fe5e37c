#!/usr/bin/python3
"""Holds the files that cross the boundary against docs/schemas.

1. The schemas themselves are valid JSON Schema (draft 2020-12).
2. Hand-made good and bad files of tests/conformance/schema_samples: good_* pass, bad_* fail.
3. Every case of every guideline is run, and the case and the decision are both validated.
   So is what `aceso why` says of the whole decision and, for some cases, of each action.
   A case that expects to be refused ("refused..." or "fault..." in "expect") must end with exit code 3.

Usage: run_schemas.py --program PATH_TO_ACESO --root SOURCE_ROOT
Without --program (or ACESO_PROGRAM in the environment) only the first two parts run. Needs Debian's python3-jsonschema (4.10 or newer).
Exit code 0 when all holds, 1 when something does not, 77 (skipped) without python3-jsonschema.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

EXIT_BAD_INPUT = 3
SECONDS_PER_CASE = 60


class Report:
    def __init__(self):
        self.checked = 0
        self.failures = []

    def check(self, holds, what):
        self.checked += 1
        if not holds:
            self.failures.append(what)


def load(path):
    return json.loads(path.read_text(encoding="utf-8-sig"))


def validators(root, report):
    """A validator for each kind of file, by the name of its schema."""
    result = {}
    for kind in ("case", "decision", "explanation", "findings"):
        schema = load(root / "docs" / "schemas" / f"{kind}.schema.json")
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
            report.check(True, "")
        except jsonschema.SchemaError as error:
            report.check(False, f"{kind}.schema.json is not a valid schema: {error.message}")
        result[kind] = jsonschema.Draft202012Validator(schema)
    return result


def faults(validator, document):
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


def check_samples(root, schemas, report):
    for path in sorted((root / "tests" / "conformance" / "schema_samples").glob("*.json")):
        verdict, kind = path.name.split("_")[:2]
        found = faults(schemas[kind], load(path))
        if verdict == "good":
            report.check(not found, f"{path.name} should pass: {found}")
        else:
            report.check(found, f"{path.name} should fail")


def expects_refusal(case_text):
    """True also for a file that is no JSON: it can only be there in order to be refused."""
    try:
        case = json.loads(case_text)
    except json.JSONDecodeError:
        return True
    expected = case.get("expect", []) if isinstance(case, dict) else []
    if not isinstance(expected, list):
        return True
    return any(isinstance(text, str) and text.startswith(("refused", "fault")) for text in expected)


def check_case(program, guideline, path, schemas, report, each_action):
    name = f"{guideline.parent.name}/{path.name}"
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    command = [program, "run", "--format", "json", str(guideline), str(path)]
    run = subprocess.run(command, capture_output=True, timeout=SECONDS_PER_CASE, check=False)
    if expects_refusal(text):
        report.check(run.returncode == EXIT_BAD_INPUT, f"{name}: should be refused, exit code {run.returncode}")
        return
    found = faults(schemas["case"], json.loads(text))
    report.check(not found, f"{name}: {found}")
    if run.returncode not in (0, 1):  # 1: the guideline has findings, and the decision is given all the same
        message = run.stderr.decode("utf-8", "replace")[:500]
        report.check(False, f"{name}: exit code {run.returncode}: {message}")
        return
    try:
        decision = json.loads(run.stdout)
    except ValueError as error:
        report.check(False, f"{name}: the decision is not JSON: {error}")
        return
    found = faults(schemas["decision"], decision)
    report.check(not found, f"{name}: decision: {found}")
    check_explanations(program, guideline, path, decision, schemas, report, each_action)


def check_explanations(program, guideline, path, decision, schemas, report, each_action):
    actions = [entry["action"] for entry in decision["recommendations"]] if each_action else []
    for question in [[]] + [[action, "--not"] for action in actions]:
        name = f"{guideline.parent.name}/{path.name} why {' '.join(question)}"
        command = [program, "why", "--format", "json", str(guideline), str(path), *question]
        run = subprocess.run(command, capture_output=True, timeout=SECONDS_PER_CASE, check=False)
        report.check(run.returncode == 0, f"{name}: exit code {run.returncode}: {run.stderr[:500]}")
        if run.returncode != 0:
            continue
        explanation = json.loads(run.stdout)
        found = faults(schemas["explanation"], explanation)
        report.check(not found, f"{name}: {found}")
        report.check(explanation["trace"] == decision["trace"], f"{name}: another trace than the decision has")


def check_guidelines(program, root, schemas, report):
    for guideline in sorted((root / "guidelines").glob("*/*.aceso")):
        # Every action is explained for the first cases of each guideline, the whole decision for all of them.
        for place, path in enumerate(sorted((guideline.parent / "cases").glob("*.json"))):
            check_case(program, guideline, path, schemas, report, each_action=place < 3)


def main():
    parser = argparse.ArgumentParser(description="Validate cases and decisions against docs/schemas.")
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"), help="the aceso program")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    arguments = parser.parse_args()
    report = Report()
    schemas = validators(arguments.root, report)
    check_samples(arguments.root, schemas, report)
    if arguments.program:
        check_guidelines(arguments.program, arguments.root, schemas, report)
    for failure in report.failures:
        print(f"FAILED {failure}")
    print(f"{report.checked} checks, {len(report.failures)} failed")
    return 1 if report.failures or report.checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
