#!/usr/bin/python3
"""`aceso check --deep` as a program: its formats, its exit codes, the cases it saves, and the same bytes in each run.

Usage: run_deep_check.py --program PATH_TO_ACESO --root SOURCE_ROOT [--published]
(the tests give both through ACESO_PROGRAM and ACESO_ROOT)

deep_samples/defects.aceso has one seeded defect of nearly every kind. sarif_parts.schema.json, written for this test, has what
Aceso writes of SARIF. The published schema of the standard (OASIS, 2.1.0-rtm.5) is taken from the npm package
@microsoft/jest-sarif where `tools/dev peers` has put it below ACESO_PEERS or build/peers; with --published only that test is
run. Exit code 0 when all holds, 1 when something does not, 77 (skipped) without python3-jsonschema or the published schema.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

PROGRAM = ROOT = SAMPLES = None
# What defects.aceso was made to show: id and what it is about.
SEEDED = {
    ("A1001", "rule never_fires"), ("A1001", "rule contradictory"), ("A1001", "row 3 of dose"),
    ("A1001", "stage three"), ("A1001", "stage four"), ("A1002", "action ct"), ("A1004", "table risk rows 2 and 3"),
    ("A1005", "rule xr_for_cough"), ("A1005", "rule weaker"), ("A1006", "condition 2 of rule redundant_part"),
    ("A1007", "table risk"), ("A1008", "action xr"), ("A1009", "action pen"), ("A1011", "stage one"),
    ("A1011", "stage two"), ("A1012", "property no_ct_for_young"), ("A1012", "property p2"), ("A1014", "rule early"),
    ("A1001", "transition 2 to three"), ("A1016", "stage two"),
}


def run(*words, cwd=None):
    done = subprocess.run([PROGRAM, *words], cwd=cwd, capture_output=True, timeout=300, check=False,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "NO_COLOR": "1"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(path):
    loaded = json.loads(path.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(loaded)
    kind.check_schema(loaded)
    return kind(loaded)


def published_sarif():
    """The schema of the standard, where it has been fetched."""
    peers = Path(os.environ.get("ACESO_PEERS", ROOT / "build/peers"))
    found = sorted(peers.glob("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0*.json"))
    return found[0] if found else None


def problems(validator, document):
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]


class Program(unittest.TestCase):
    def deep(self, *words):
        code, said, noise = run("check", "--deep", *words, "defects.aceso", cwd=SAMPLES)
        self.assertEqual((code, noise), (1, ""))
        return said

    def follows(self, validator):
        lines = (SAMPLES / "defects.aceso").read_text(encoding="utf-8").splitlines()
        deep = json.loads(self.deep("--format", "sarif"))
        self.assertEqual(problems(validator, deep), [])
        run_ = deep["runs"][0]
        self.assertGreaterEqual(len(run_["results"]), len(SEEDED))
        for result in run_["results"]:
            self.assertEqual(run_["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
            for place in result["locations"] + result.get("relatedLocations", []):
                region = place["physicalLocation"]["region"]
                self.assertEqual(place["physicalLocation"]["artifactLocation"]["uri"], "defects.aceso")
                self.assertLessEqual(region["endColumn"], len(lines[region["endLine"] - 1]) + 1)
                self.assertLessEqual((region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"]))
        with tempfile.TemporaryDirectory(prefix="aceso_sarif_") as folder:
            (Path(folder) / "broken.aceso").write_text("rule {", encoding="utf-8")
            code, said, _ = run("check", "--format", "sarif", "broken.aceso", "absent.aceso", cwd=folder)
            self.assertEqual(code, 3)
            plain = json.loads(said)
            self.assertEqual(problems(validator, plain), [])
            self.assertTrue(plain["runs"][0]["results"])


class Published(Program):
    def test_sarif_follows_the_standard(self):
        standard = schema(published_sarif())
        self.follows(standard)
        log = json.loads(self.deep("--format", "sarif"))
        log["runs"][0]["results"][0]["level"] = "fatal"
        self.assertTrue(problems(standard, log), "the schema is lax")


class DeepCheck(Program):
    def test_every_seeded_defect_is_found_and_nothing_else(self):
        report = json.loads(self.deep("--format", "json"))
        found = {(one["id"], one["subject"]) for one in report["files"][0]["diagnostics"] if "subject" in one}
        self.assertEqual(found, SEEDED)
        unused = [one["message"] for one in report["files"][0]["diagnostics"] if one["id"] == "A1013"]
        self.assertEqual(unused, ["nothing uses table `dose`"])

    def test_json_follows_its_schema(self):
        report = json.loads(self.deep("--format", "json"))
        self.assertEqual(problems(schema(ROOT / "docs/schemas/findings.schema.json"), report), [])
        cases = schema(ROOT / "docs/schemas/case.schema.json")
        patients = [one["patient"] for one in report["files"][0]["diagnostics"] if one.get("patient")]
        self.assertGreater(len(patients), 5)
        for patient in patients:
            self.assertEqual(problems(cases, patient["case"]), [])
        plain = json.loads(run("check", "--format", "json", "defects.aceso", cwd=SAMPLES)[1])
        self.assertEqual(problems(schema(ROOT / "docs/schemas/findings.schema.json"), plain), [])

    def test_the_schemas_are_not_lax(self):
        findings = schema(ROOT / "docs/schemas/findings.schema.json")
        report, log = json.loads(self.deep("--format", "json")), json.loads(self.deep("--format", "sarif"))
        report["files"][0]["diagnostics"][0]["colour"] = "red"
        log["runs"][0]["results"][0]["level"] = "fatal"
        self.assertTrue(problems(findings, report))
        self.assertTrue(problems(schema(Path(__file__).parent / "sarif_parts.schema.json"), log))

    def test_sarif_has_the_parts_that_are_told(self):
        self.follows(schema(Path(__file__).parent / "sarif_parts.schema.json"))

    def test_same_bytes_in_each_run(self):
        for form in ("text", "json", "sarif"):
            self.assertEqual(self.deep("--format", form), self.deep("--format", form))

    def accept(self, entries, *words):
        """Checks with a list of accepted findings; entries may be text that is no list."""
        with tempfile.TemporaryDirectory(prefix="aceso_accepted_") as folder:
            path = Path(folder) / "accepted.json"
            path.write_text(entries if isinstance(entries, str) else json.dumps({"accepted": entries}), encoding="utf-8")
            return run("check", "--deep", "--accepted", str(path), *words, "defects.aceso", cwd=SAMPLES)

    def entries(self):
        """One for each finding about all patients in the samples, by its subject and its message."""
        report = json.loads(self.deep("--format", "json"))
        return [{"finding": one["id"], "message": one["message"], "because": "for the test",
                 "meaning": report["files"][0]["meaning"],
                 "notes": [note["message"] for note in one["notes"]],
                 **({"subject": one["subject"]} if "subject" in one else {})}
                for one in report["files"][0]["diagnostics"] if one["id"].startswith("A10")]

    def test_accepted_findings_do_not_count(self):
        entries = self.entries()
        code, said, noise = self.accept(entries, "--strict")
        self.assertEqual((code, noise), (0, ""), said)
        self.assertIn(f"1 file, 0 errors, 0 warnings, {len(entries)} accepted\n", said)
        self.assertEqual(said.count("\n  because: for the test\n"), len(entries))
        report = json.loads(self.accept(entries, "--format", "json")[1])
        self.assertEqual(problems(schema(ROOT / "docs/schemas/findings.schema.json"), report), [])
        self.assertEqual((report["errors"], report["warnings"], report["accepted"]), (0, 0, len(entries)))
        self.assertTrue(all(one["accepted_because"] == "for the test" for one in report["files"][0]["diagnostics"]))
        log = json.loads(self.accept(entries, "--format", "sarif")[1])
        self.assertEqual(problems(schema(Path(__file__).parent / "sarif_parts.schema.json"), log), [])
        for result in log["runs"][0]["results"]:
            self.assertEqual(result["suppressions"], [{"kind": "external", "justification": "for the test"}])

    def test_what_is_not_accepted_still_counts(self):
        entries = [one for one in self.entries() if one["finding"] != "A1002"]
        code, said, _ = self.accept(entries)
        self.assertEqual(code, 1)
        self.assertRegex(said, r"error A1002: (?s:.*)1 file, [1-9][0-9]* errors, 0 warnings")

    def test_lists_that_are_not_sound(self):
        one = next(one for one in self.entries() if one["finding"] == "A1008")
        del one["message"], one["notes"]
        for entries, said in (
                ([{**one, "because": "  "}], "A1018: the list of accepted findings: A1008 of action xr is accepted without a reason"),
                ([{k: one[k] for k in ("finding", "because", "meaning")}], "A1018: the list of accepted findings: A1008 is accepted of everything"),
                ([{**one, "finding": "A0201"}], "A1018: the list of accepted findings: `A0201` is no finding about all patients"),
                ([{**one, "finding": "A1018"}], "A1018: the list of accepted findings: `A1018` is no finding about all patients"),
                ([{**one, "becuase": "x"}], "= help: did you mean `because`?"),
                ([{**one, "because": 3}], "`because` is a number, and should be a text"),
                ([{**one, "notes": "x"}], ", and should be a list of texts"),
                ([{k: one[k] for k in ("finding", "subject", "because")}], "A1008 of action xr does not say of which meaning it was accepted"),
                ([{**one, "meaning": "0123456789ab"}], "A1008 of action xr was accepted when the guideline had another meaning"),
                ([{**one, "meaning": one["meaning"][:18]}], "A1008 of action xr was accepted when the guideline had another meaning"),
                ([{**one, "message": ""}], "`message` is empty"),
                ([{**one, "notes": [1]}], "a number stands among the notes"),
                ('{"accepted": [], "accepted": []}', "beside the list `accepted` there is something else"),
                ([one] * 10_001, "it has more than 10000 entries"),
                ([one, 3], "a number stands where an object should"),
                ('{"accepted": 3}', "it has no list `accepted`"),
                ('{"accepted": [', "line 1, column 15: the file ends too early"),
                ([{"finding": "A1001", "message": "no", "because": "x"}], "warning A1019: accepted, and not found any more: A1001 of no"),
                ([{**one, "subject": "action none"}], "warning A1019: accepted, and not found any more: A1008 of action none"),
        ):
            code, output, noise = self.accept(entries)
            self.assertEqual((code, noise), (1, ""))
            self.assertIn(said, output)
        self.assertEqual(run("check", "--deep", "--accepted", "absent.json", "defects.aceso", cwd=SAMPLES)[0], 3)
        self.assertEqual(run("check", "--accepted", "absent.json", "defects.aceso", cwd=SAMPLES)[0], 2)

    def test_an_entry_accepts_one_finding(self):
        by_subject = {}
        for one in self.entries():
            by_subject.setdefault((one["finding"], one.get("subject")), []).append(one)
        several = [key for key, all_ in by_subject.items() if len(all_) > 1 and key[1]]
        if several:
            (finding, subject), several_ = several[0], by_subject[several[0]]
            self.assertIn("times over", self.accept([{"finding": finding, "subject": subject, "because": "x", "meaning": several_[0]["meaning"]}])[1])
        # A change of the logic, and the entries hold no longer; one of a comment, and they do.
        text = (SAMPLES / "defects.aceso").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory(prefix="aceso_accepted_") as folder:
            path = Path(folder) / "accepted.json"
            path.write_text(json.dumps({"accepted": self.entries()}), encoding="utf-8")
            for changed, expected in ((text + "\n// A comment.\n", 0), (text + "\naction another \"Another\" : test\n", 1)):
                (Path(folder) / "defects.aceso").write_text(changed, encoding="utf-8")
                code, said, _ = run("check", "--deep", "--accepted", "accepted.json", "defects.aceso", cwd=folder)
                self.assertEqual((code, "had another meaning" in said), (expected, expected == 1), said)
        # An entry for a file that is not checked is passed over.
        _, output, _ = self.accept([{"finding": "A1008", "subject": "q", "file": "other.aceso", "because": "x"}])
        self.assertNotIn("A1019", output)
        _, output, _ = self.accept([{"finding": "A1008", "subject": "q", "file": "defects.aceso", "because": "x"}])
        self.assertIn("A1019", output)

    def test_our_own_lists_follow_their_schema(self):
        accepted = schema(ROOT / "docs/schemas/accepted.schema.json")
        for folder in ("guidelines", "stdlib"):
            self.assertEqual(problems(accepted, json.loads((ROOT / folder / "accepted_findings.json").read_text())), [])
        self.assertTrue(problems(accepted, {"accepted": [{"finding": "A1008", "because": "x"}]}), "the schema is lax")

    def test_saved_cases_replay(self):
        with tempfile.TemporaryDirectory(prefix="aceso_deep_") as folder:
            said = self.deep("--save-cases", folder)
            commands = re.findall(r"^    aceso (run .+)$", said, re.MULTILINE)
            self.assertEqual(len(commands), len(list(Path(folder).glob("*.json"))))
            self.assertGreater(len(commands), 5)
            for command in commands:
                code, shown, noise = run(*command.split(), cwd=SAMPLES)
                self.assertEqual((code, noise), (0, ""), command)
            conflict = Path(folder) / "defects-conflict-action-ct.json"
            decision = json.loads(run("run", "defects.aceso", str(conflict), "--format", "json", cwd=SAMPLES)[1])
            statuses = {one["action"]: one["status"] for one in decision["recommendations"]}
            self.assertEqual(statuses["ct"], "conflict")
            # The blocks, pasted: they hold, but for those that show a violated property.
            text = (SAMPLES / "defects.aceso").read_text(encoding="utf-8")
            blocks = (Path(folder) / "defects-case-blocks.txt").read_text(encoding="utf-8")
            pasted = Path(folder) / "pasted.aceso"
            pasted.write_text(text + blocks, encoding="utf-8")
            shown = run("test", str(pasted))[1]
            failed = re.findall(r'^FAILED \S+ "(.*)"', shown, re.MULTILINE)
            self.assertGreater(blocks.count("case "), 5)
            self.assertFalse([one for one in failed if not one.startswith("property")], shown)

    def test_a_folder_that_cannot_be_written(self):
        code, _, noise = run("check", "--deep", "--save-cases", "/dev/null/cases", "defects.aceso", cwd=SAMPLES)
        self.assertEqual(code, 3)
        self.assertIn("could not be written", noise)

    def test_strict_and_budgets(self):
        with tempfile.TemporaryDirectory(prefix="aceso_deep_") as folder:
            text = ('guideline g { title "G" version 0.1.0 }\nsource s "S"\n'
                    'inputs i { w : number from 1 to 300 step 1  h : number from 50 to 250 step 1 }\n'
                    'action rest "Rest" : self_care\n'
                    'rule r { when w > 100 and w * h < 1000 recommend rest cite s }\n')
            (Path(folder) / "g.aceso").write_text(text, encoding="utf-8")
            self.assertEqual(run("check", "--deep", "g.aceso", cwd=folder)[0], 0)
            self.assertEqual(run("check", "--deep", "--strict", "g.aceso", cwd=folder)[0], 1)
        for words in (["--strict"], ["--steps", "5"], ["--deep", "--steps", "-1"], ["--deep", "--budget", "0"]):
            self.assertEqual(run("check", *words, "defects.aceso", cwd=SAMPLES)[0], 2, words)
        said = run("check", "--deep", "--budget", "0.000001", "defects.aceso", cwd=SAMPLES)[1]
        self.assertIn("undecided", said)

    def test_guidelines_and_library(self):
        """What is known of our own guidelines; a new finding there is looked at before it is listed here."""
        known = json.loads((Path(__file__).parent / "deep_samples/known_findings.json").read_text(encoding="utf-8"))
        report = json.loads(run("check", "--deep", "--format", "json", "guidelines", "stdlib", cwd=ROOT)[1])
        found = {}
        for file in report["files"]:
            for one in file["diagnostics"]:
                found.setdefault(file["file"], []).append(f"{one['id']} {one.get('subject', one['message'])}")
        self.assertEqual(found, known)


def main():
    global PROGRAM, ROOT, SAMPLES
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT"))
    parser.add_argument("--published", action="store_true", help="ask the published schema of SARIF, and nothing else")
    arguments, rest = parser.parse_known_args()
    if not arguments.program or not arguments.root:
        parser.error("--program and --root are needed")
    PROGRAM, ROOT = str(Path(arguments.program).resolve()), Path(arguments.root).resolve()
    SAMPLES = ROOT / "tests" / "conformance" / "deep_samples"
    if arguments.published and not published_sarif():
        print("skipped: the published schema of SARIF is not here (`tools/dev peers` fetches it)")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *(rest or ["Published" if arguments.published else "DeepCheck"])])


if __name__ == "__main__":
    main()
