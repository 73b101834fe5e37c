#!/usr/bin/python3
"""`aceso coverage`, `aceso cases` and `aceso mutate` as programs: formats, exit codes, and the same bytes in each run.

Usage: run_tests_from_checks.py --program PATH_TO_ACESO --root SOURCE_ROOT
(the tests give both through ACESO_PROGRAM and ACESO_ROOT)

Exit code 0 when all holds, 1 when something does not, 77 (skipped) without python3-jsonschema or lcov.
"""

import argparse
import html.parser
import json
import os
import re
import shutil
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
if not shutil.which("lcov"):
    print("skipped: lcov is not installed")
    sys.exit(77)

PROGRAM = ROOT = None
REFLUX = """guideline reflux { title "R" version 0.1.0 published 2026-01-01 }
source s "S"
inputs i "I" {
  heartburn : yes/no "Heartburn?"
  age : number from 18 to 110 step 1 "Age?" typical 40
}
action look "Look" : test
rule old { when heartburn and age >= 55 recommend look strong urgently cite s at "1" }
case "old" {
  given heartburn, age = 60
  expect recommended look
}
"""


def run(*words, cwd=None):
    done = subprocess.run([PROGRAM, *words], cwd=cwd, capture_output=True, timeout=300, check=False,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "NO_COLOR": "1"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def problems(name, document):
    schema = json.loads((ROOT / "docs/schemas" / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(document)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in found]


class Balanced(html.parser.HTMLParser):
    """Every tag is closed in its turn, and nothing is loaded from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.faults += [f"{tag} loads {value}" for key, value in attributes
                        if key in ("src", "href") and not value.startswith("#")]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


class InFolder(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aceso-cases-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "reflux.aceso").write_text(REFLUX, encoding="utf-8")

    def expect(self, code, *words):
        exit_code, said, noise = run(*words, cwd=self.folder)
        self.assertEqual(code, exit_code, f"aceso {words}\n{said}\n{noise}")
        return said


class CoverageCommand(InFolder):
    def test_json_follows_its_schema_and_counts(self):
        report = json.loads(self.expect(0, "coverage", "reflux.aceso", "--format", "json"))
        self.assertEqual(problems("coverage.schema.json", report), [])
        directions = {(point["subject"], one["name"]): one["patients"]
                      for point in report["files"][0]["points"] for one in point["directions"]}
        self.assertEqual(directions, {
            ("rule old", "fired"): 1, ("rule old", "did not fire"): 0, ("rule old", "undetermined"): 0,
            ("heartburn", "yes"): 1, ("heartburn", "no"): 0, ("heartburn", "unknown"): 0,
            ("age >= 55", "yes"): 1, ("age >= 55", "no"): 0, ("age >= 55", "unknown"): 0})
        report["files"][0]["points"][0]["kind"] = "thing"
        self.assertTrue(problems("coverage.schema.json", report))

    def test_at_least(self):
        self.expect(0, "coverage", "reflux.aceso", "--at-least", "33.3")
        self.expect(1, "coverage", "reflux.aceso", "--at-least", "33.4")
        self.expect(2, "coverage", "reflux.aceso", "--at-least", "101")
        self.expect(3, "coverage", "nobody.aceso")

    def test_our_guidelines_in_every_format(self):
        folder = str(ROOT / "guidelines")
        for form in ("text", "json", "html", "lcov"):
            said = self.expect(0, "coverage", folder, "--format", form)
            self.assertEqual(said, self.expect(0, "coverage", folder, "--format", form))
        report = json.loads(self.expect(0, "coverage", folder, str(ROOT / "stdlib"), "--format", "json"))
        self.assertEqual(problems("coverage.schema.json", report), [])
        self.assertGreater(len(report["files"]), 20)

    def test_html_stands_alone(self):
        self.expect(0, "coverage", str(ROOT / "guidelines"), "--format", "html", "-o", "page.html")
        page = Balanced()
        text = (self.folder / "page.html").read_text(encoding="utf-8")
        page.feed(text)
        self.assertEqual((page.faults, page.open), ([], []))
        # It says what the text says: what has to be seen, and what is left out.
        said = self.expect(0, "coverage", str(ROOT / "guidelines"))
        for words in ("taken, not taken, undetermined", *re.findall(r"\d+ more are proved [a-z ]+", said)):
            self.assertIn(words, text)

    def test_lcov_reads_its_file(self):
        self.expect(0, "coverage", str(ROOT / "guidelines"), "--format", "lcov", "-o", "all.info")
        for command in (["lcov", "--rc", "lcov_branch_coverage=1", "--summary", "all.info"],
                        ["genhtml", "--branch-coverage", "all.info", "-o", "report"]):
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"functions\.+: \d+\.\d% \(\d+ of 51")
        self.assertTrue((self.folder / "report" / "index.html").exists())


# A threshold in another unit than that of the input, a table of actions, a differential, and a fraction.
MEASURED = """guideline measured { title "M" version 0.1.0 published 2026-01-01 }
source s "S"
inputs i "I" {
  creatinine : quantity from 20 umol/L to 2000 umol/L step 1 umol/L "Creatinine?" typical 80 umol/L
               accepts mg/dL step 0.01 molar_mass 113.12 g/mol
  weight : quantity from 20 kg to 250 kg step 0.1 kg "Weight?" typical 70 kg
  hot : yes/no "Hot?"
}
action low "Low dose" : medication
action full "Full dose" : medication
define raised = creatinine >= 1.5 mg/dL and creatinine < 133 umol/L
define points = number of { weight <= 60 kg, raised }
define doubled = if points >= 2 then 2 * creatinine else creatinine
table dose "Dose" : action first {
  points -> dose
  >= 2   -> low
  otherwise -> full
}
rule r { when points <= 2 recommend dose cite s at "1" }
differential cause : one of { flu, cold } among { flu, cold } {
  argument for flu strong when hot
  argument for cold weak when points >= 1
  decide strong 3, weak 1, needs 1, ahead by 1
}
"""


class CasesCommand(InFolder):
    def check_proposals(self, path, *words):
        """What is proposed for a file is laid out and passes, as blocks and as case files."""
        folder = self.folder / "copy"
        folder.mkdir()
        for file in Path(path).parent.glob(Path(path).stem + ".*"):
            shutil.copy(file, folder)
        copy = folder / Path(path).name
        self.expect(0, "fmt", str(copy))
        said = self.expect(0, "cases", str(copy), *words)
        self.assertEqual(said, self.expect(0, "cases", str(copy), *words))
        before = copy.read_text(encoding="utf-8")
        copy.write_text(before + "\n" + said, encoding="utf-8")
        self.expect(0, "test", str(copy))
        self.expect(0, "fmt", "--check", str(copy))
        copy.write_text(before, encoding="utf-8")
        self.expect(0, "cases", str(copy), "--save-cases", str(folder / "cases"), *words)
        files = list((folder / "cases").glob("*.json"))
        for file in files:
            case = json.loads(file.read_text(encoding="utf-8"))
            self.assertEqual(problems("case.schema.json", case), [])
            self.assertTrue(case["title"].startswith("Proposed: "))
        self.expect(0, "test", str(copy))
        return said, files

    def test_a_threshold_and_each_condition(self):
        said, files = self.check_proposals(self.folder / "reflux.aceso")
        for goal in ("age = 54, one step below `age >= 55`", "age = 55, on the threshold", "age = 56, one step above",
                     "`heartburn` is yes, and that alone decides", "`heartburn` is unknown, and that alone leaves it open"):
            self.assertIn(goal, said)
        self.assertIn(" 0 undecided", said)
        boundary = self.expect(0, "cases", "reflux.aceso", "--boundary")
        self.assertIn("one step above", boundary)
        self.assertNotIn("decides\n", boundary)
        self.assertNotIn("one step above", self.expect(0, "cases", "reflux.aceso", "--mcdc"))
        self.assertGreater(len(files), 4)

    def test_values_are_written_as_they_can_be_read(self):
        (self.folder / "measured.aceso").write_text(MEASURED, encoding="utf-8")
        said, _ = self.check_proposals(self.folder / "measured.aceso")
        self.assertIn("creatinine = 1.5 mg/dL", said)
        self.assertRegex(said, r"doubled = [0-9]+ umol/L / [0-9]+")
        for what in ("dose = low", "dose = full", "cause = flu", "cause is unknown not_asked"):
            self.assertRegex(said, rf"expect .*\b{what}\b")

    def test_nothing_of_the_flagship_stays_undecided(self):
        said = self.expect(0, "cases", str(ROOT / "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso"), "--boundary", "--mcdc")
        self.assertIn(" 0 undecided", said)
        self.assertIn("count knee_extension within 6 weeks = 3, one step above", said)

    def test_formulas_are_met_to_the_step(self):
        """What the solver leaves open, a quotient that is rounded, is found among the neighbours of other patients."""
        for name in ("padua", "sofa", "meld", "fib4"):
            self.assertIn(" 0 undecided", self.expect(0, "cases", str(ROOT / f"stdlib/{name}.aceso")))
        said = self.expect(0, "cases", str(ROOT / "stdlib/anthropometry.aceso"), "--boundary")
        self.assertIn("on the threshold of `body_mass_index < 25 kg/m2`", said)
        self.assertIn(" 0 undecided", said)

    def test_a_scale_beside_a_formula_that_nobody_meets(self):
        """Numbers are tried for numbers alone; what no patient among those that were tried shows is told."""
        (self.folder / "graded.aceso").write_text(GRADED, encoding="utf-8")
        self.assertIn("Undecided: neither a patient nor a proof", self.expect(0, "cases", "graded.aceso"))

    def test_lacking_leaves_out_what_is_there(self):
        with (self.folder / "reflux.aceso").open("a", encoding="utf-8") as file:
            file.write(self.expect(0, "cases", "reflux.aceso"))
        self.assertIn("// 0 proposed cases", self.expect(0, "cases", "reflux.aceso", "--lacking"))
        report = self.expect(0, "coverage", "reflux.aceso", "--at-least", "100")
        self.assertIn("only proposed", report)

    def test_what_nobody_can_show_is_told(self):
        (self.folder / "never.aceso").write_text(
            REFLUX.replace("heartburn and age", "heartburn and heartburn is known and age"), encoding="utf-8")
        said = self.expect(0, "cases", "never.aceso")
        self.assertRegex(said, r"(?s)Impossible, which is proved:.*`heartburn is known` is unknown")

    def test_the_flagship_and_a_module(self):
        said, _ = self.check_proposals(ROOT / "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso", "--boundary")
        self.assertIn("one step below `conservative_care_duration < 4 weeks`", said)  # a limit of `bands`
        for goal in ("one day before the wait of 4 weeks ends", "when the wait of 4 weeks ends"):
            self.assertIn(f'case "Proposed: transition conservative -> imaging: {goal}"', said)
        shutil.rmtree(self.folder / "copy")
        module = ROOT / "stdlib/curb65.aceso"
        said = self.expect(0, "cases", str(module), "--boundary")
        self.assertIn("one step below", said)
        self.expect(3, "cases", "nobody.aceso")


GRADED = """guideline sizes { title "Sizes" version 0.1.0 }
source s "A note"
type grade = scale { none = 0, mild = 1, severe = 4 }
inputs body {
  level  : grade
  weight : quantity from 1 kg to 300 kg step 0.1 kg
  height : quantity from 30 cm to 250 cm step 0.1 cm
}
define index = round(power(weight / 1 kg, 0.5) * height * (if level >= mild then 2 else 3) * height, 0.000001 m2)
action diet "Diet" : advice
rule advise { when level >= mild and index >= 1.234567 m2 recommend diet cite s }
"""

IMPORTS = """guideline imports { title "Imports" version 0.1.0 }
use std.patient
source s "A note"
inputs findings { weeks : number from 0 to 52 step 1 }
action x_ray "X-ray" : test
rule image { when (age_in_years >= 50 years or sex = female) and weeks > 6 recommend x_ray cite s }
"""


class MutateCommand(InFolder):
    def mutants(self, path, *words):
        report = json.loads(self.expect(0, "mutate", path, "--format", "json", *words))
        self.assertEqual(problems("mutation.schema.json", report), [])
        return report

    def test_an_imported_input_that_the_slip_leaves_unused(self):
        """The mutant has an input less, and its cases notice it all the same."""
        (self.folder / "imports.aceso").write_text(IMPORTS, encoding="utf-8")
        report = self.mutants("imports.aceso", "--save-cases", "cases")
        self.assertEqual((report["undecided"], report["killed"]), (0, 0))
        self.assertEqual(self.mutants("imports.aceso")["score"], 100)

    def test_every_survivor_comes_with_the_case_that_notices_it(self):
        report = self.mutants("reflux.aceso", "--jobs", "1")
        self.assertEqual(report, self.mutants("reflux.aceso", "--jobs", "3", "--save-cases", "cases"))
        states = {(one["mutation"], one["after"].strip()): one["state"] for one in report["mutants"]}
        rule = 'rule old { when heartburn and age %s recommend look strong urgently cite s at "1" }'
        self.assertEqual(states[("threshold_up", rule % ">= 56")], "survived")
        self.assertEqual(states[("threshold_down", rule % ">= 54")], "survived")
        self.assertEqual(states[("comparison", rule % "> 55")], "survived")
        self.assertEqual(states[("verb", (rule % ">= 55").replace("recommend", "suggest"))], "killed")
        self.assertEqual((report["undecided"], report["refused"]), (0, 0))
        self.assertEqual(report["killed"] + report["survived"] + report["equivalent"], len(report["mutants"]))
        # With these cases, each slip is noticed.
        saved = list((self.folder / "cases").glob("*.json"))
        self.assertEqual(len(saved), report["survived"])
        self.expect(0, "test", "reflux.aceso")
        after = self.mutants("reflux.aceso")
        self.assertEqual((after["survived"], after["score"]), (0, 100))
        # And so do the blocks.
        shutil.rmtree(self.folder / "cases")
        said = self.expect(0, "mutate", "reflux.aceso")
        blocks = re.findall(r"(?ms)^case .*?^}", said)
        self.assertEqual(len(blocks), report["survived"])
        with (self.folder / "reflux.aceso").open("a", encoding="utf-8") as file:
            file.write("\n\n".join(blocks))
        self.assertEqual(self.mutants("reflux.aceso")["survived"], 0)

    def test_what_changes_nothing_is_proved(self):
        text = REFLUX.replace("rule old", "define rare = age >= 80 or age >= 90\nrule old")
        (self.folder / "same.aceso").write_text(text, encoding="utf-8")
        report = self.mutants("same.aceso")
        same = [one["after"] for one in report["mutants"] if one["state"] == "equivalent"]
        self.assertIn("define rare = age >= 80 or age >= 91", same)
        self.assertIn("define rare = age >= 80 or no", same)
        self.assertNotIn("define rare = age >= 81 or age >= 90", same)

    def test_slips_in_a_differential_are_noticed(self):
        (self.folder / "measured.aceso").write_text(MEASURED, encoding="utf-8")
        report = self.mutants("measured.aceso", "--save-cases", "cases")
        states = {(one["mutation"], one["after"].strip()): one["state"] for one in report["mutants"]}
        self.assertEqual(states[("argument_side", "argument against flu strong when hot")], "survived")
        self.assertEqual(states[("points", "decide strong 4, weak 1, needs 1, ahead by 1")], "equivalent")
        self.assertEqual(states[("points", "decide strong 3, weak 1, needs 1, ahead by 2")], "survived")
        self.assertEqual(self.mutants("measured.aceso")["survived"], 0)

    def test_exit_codes(self):
        self.expect(1, "mutate", "reflux.aceso", "--at-least", "100")
        broken = REFLUX.replace("expect recommended look", "expect not recommended look")
        (self.folder / "broken.aceso").write_text(broken, encoding="utf-8")
        self.expect(1, "mutate", "broken.aceso")
        self.expect(3, "mutate", "nobody.aceso")
        self.expect(2, "mutate", "reflux.aceso", "--jobs", "0")


def main():
    global PROGRAM, ROOT
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    arguments.add_argument("--root", default=os.environ.get("ACESO_ROOT", Path(__file__).resolve().parents[2]))
    options, rest = arguments.parse_known_args()
    if not options.program:
        arguments.error("name the program")
    PROGRAM, ROOT = os.path.abspath(options.program), Path(options.root).resolve()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
