#!/usr/bin/python3
"""`aceso why` and `aceso ask` as a user meets them, on the flagship and on a small guideline.

    run_explain.py --program build/aceso --root .     ACESO_RENEW=1 writes tests/golden/explain anew

Without options the program is $ACESO_PROGRAM and the root $ACESO_ROOT. What each claim of an explanation means is held
against trying everything in tests/unit/explain_search.cpp; here the words, the exit codes and the interview are.
"""

import argparse
import json
import os
import pty
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = None
ROOT = None
FINE, FINDINGS, BAD_USE, BAD_INPUT = 0, 1, 2, 3
AT = ["--at", "2026-11-22T10:00:00Z"]

TRIAL = """
guideline trial { title "A trial" version 0.1.0 applies when ill }
inputs findings "Findings" {
  ill : yes/no "Is the patient ill?"
  fever : yes/no "Fever?"
  temperature : quantity from 30 Cel to 45 Cel step 0.1 Cel "Temperature?" accepts [degF]
  course : one of { better, same, worse "Getting worse" } "How does it go?"
  seen : date "When was it first seen?"
}
constraint plausible { require not (fever and course = better) message "a fever does not get better" }
action cool "Cool" : self_care
action call "Call" : referral
rule cool_it { when fever and temperature >= 38.5 Cel recommend cool strong because "It is hot." }
rule call_it { when course = worse recommend call immediately }
"""


def run(*words, stdin="", cwd=None):
    environment = {**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    return subprocess.run([PROGRAM, *words], input=stdin.encode(), capture_output=True, cwd=cwd, env=environment,
                          timeout=120, check=False)


class Explain(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here = Path(self.folder.name)
        (self.here / "trial.aceso").write_text(TRIAL, encoding="utf-8")
        self.flagship = Path(ROOT) / "guidelines" / "lumbar_radiculopathy" / "lumbar_radiculopathy.aceso"
        self.cases = self.flagship.parent / "cases"

    def tearDown(self):
        self.folder.cleanup()

    def expect(self, code, *words, stdin=""):
        done = run(*words, stdin=stdin, cwd=self.here)
        self.assertEqual(code, done.returncode, done.stdout.decode() + done.stderr.decode())
        return done

    def case(self, **inputs):
        path = self.here / "case.json"
        path.write_text(json.dumps({"now": "2026-11-22T10:00:00Z", "inputs": inputs}), encoding="utf-8")
        return str(path)

    def ask(self, *answers, words=(), code=FINE):
        done = self.expect(code, "ask", "trial.aceso", *AT, *words, stdin="".join(a + "\n" for a in answers))
        return done.stdout.decode()

    def questions(self, text):
        """The questions in the order in which they were asked."""
        known = ("Is the patient ill?", "Fever?", "Temperature?", "How does it go?", "When was it first seen?")
        return [line.split("  [")[0] for line in text.splitlines() if line.startswith(known) and "  [" in line]

    # ---------------------------------------------------------------------------------------------- why

    def test_flagship_goldens(self):
        folder = Path(ROOT) / "tests" / "golden" / "explain"
        for name, words in {
            "early-mri": ["two-weeks-in.json", "lumbar_mri"],
            "day-28-mri": ["day-28.json", "lumbar_mri", "--not"],
            "saddle-decompression": ["saddle-anesthesia.json", "surgical_decompression"],
            "stale-mri": ["stale-duration.json", "lumbar_mri"],
            "fever-in-week-three": ["fever-in-week-three.json"],
            "l5-root": ["l5-root.json"],
            "not-suspected": ["not-suspected.json", "lumbar_mri"],
        }.items():
            question = [str(self.flagship), str(self.cases / words[0]), *words[1:]]
            text = f"$ aceso why lumbar_radiculopathy.aceso cases/{' '.join(words)}\n"
            text += self.expect(FINE, "why", *question).stdout.decode()
            golden = folder / f"{name}.txt"
            if os.environ.get("ACESO_RENEW") == "1":
                folder.mkdir(parents=True, exist_ok=True)
                golden.write_text(text, encoding="utf-8")
            self.assertEqual(golden.read_text(encoding="utf-8"), text, f"{name}; ACESO_RENEW=1 writes it anew")

    def test_why_tells_faults_and_names(self):
        case = self.case(ill=True, fever=True)
        done = self.expect(BAD_USE, "why", "trial.aceso", case, "coll")
        self.assertIn(b"did you mean cool?", done.stderr)
        self.expect(BAD_USE, "why", "trial.aceso", case, "--not")
        self.expect(BAD_USE, "why", "trial.aceso", case, "cool", "--at", "soon")
        self.expect(BAD_USE, "why", "trial.aceso", case, "cool", "--up-to", "0")
        self.expect(BAD_INPUT, "why", "trial.aceso", "nowhere.json")
        broken = self.expect(BAD_INPUT, "why", "trial.aceso", self.case(fever=True, course="better"), "cool")
        self.assertIn(b"A0790", broken.stderr)
        as_json = self.expect(BAD_INPUT, "why", "trial.aceso", self.case(chill=True), "--format", "json")
        self.assertEqual("A0708", json.loads(as_json.stderr)["faults"][0]["id"])

    def test_why_of_standard_input(self):
        text = Path(self.case(ill=True, fever=True, temperature="39 Cel")).read_text(encoding="utf-8")
        told = self.expect(FINE, "why", "trial.aceso", "-", "cool", "--format", "json", stdin=text).stdout
        action = json.loads(told)["actions"][0]
        self.assertEqual(["ill", "fever", "temperature"], [fact["input"] for fact in action["reason"]["facts"]])
        changes = {c["facts"][0]["input"]: c["facts"][0]["to"] for c in action["changes"]["proposals"]}
        self.assertEqual({"value": 38.4, "unit": "Cel"}, changes["temperature"])

    def test_one_and_the_same_bytes(self):
        case = str(self.cases / "fever-in-week-three.json")
        for words in ([], ["emg_ncs"], ["lumbar_mri", "--format", "json"]):
            first = self.expect(FINE, "why", str(self.flagship), case, *words).stdout
            self.assertEqual(first, self.expect(FINE, "why", str(self.flagship), case, *words).stdout)

    def test_compiled_guidelines(self):
        self.expect(FINE, "build", "trial.aceso", "-o", "trial.acb")
        self.expect(FINE, "build", "--strip", "explanation", "trial.aceso", "-o", "bare.acb")
        case = self.case(ill=True, fever=True, temperature="39 Cel")
        for words in ([case], [case, "cool"], [case, "call", "--not", "--format", "json"]):
            told = self.expect(FINE, "why", "trial.acb", *words).stdout
            self.assertEqual(self.expect(FINE, "why", "trial.aceso", *words).stdout, told)
        answers = {"stdin": "yes\nworse\nno\n"}
        asked = self.expect(FINE, "ask", "trial.acb", *AT, **answers).stdout
        self.assertEqual(self.expect(FINE, "ask", "trial.aceso", *AT, **answers).stdout, asked)
        for command in (["why", "bare.acb", case], ["ask", "bare.acb"]):
            self.assertIn(b"bare.acb: A0857: ", self.expect(BAD_INPUT, *command).stderr)
        for command in (["check"], ["test"], ["fmt"], ["cases"], ["graph"], ["coverage"], ["mutate"], ["prove"],
                        ["build", "-o", "again.acb"], ["export", "dmn"], ["translate", "--lang", "de"],
                        ["compare", "trial.aceso"], ["diff", "trial.aceso"]):
            told = self.expect(BAD_INPUT, *command, "trial.acb")
            said = told.stdout + told.stderr
            self.assertEqual(1, said.count(b"it is a compiled guideline, and the command needs its text"), command)
            self.assertNotIn(b"A0102", said, command)

    # ---------------------------------------------------------------------------------------------- ask

    def test_an_interview_asks_what_matters(self):
        text = self.ask("yes", "same", "y", "39.2")
        self.assertEqual(["Is the patient ill?", "How does it go?", "Fever?", "Temperature?"], self.questions(text))
        self.assertIn("Settled: this guideline applies", text)
        self.assertIn("Settled: Cool: advised", text)
        self.assertIn("All is settled.", text)
        self.assertIn("It is hot.", text)

    def test_it_ends_when_nothing_matters(self):
        text = self.ask("no")
        self.assertEqual(["Is the patient ill?"], self.questions(text))
        self.assertIn("does not apply", text)

    def test_choices_by_number_and_the_constraint(self):
        text = self.ask("yes", "3", "maybe", "no")
        self.assertIn("Settled: Call: advised", text)
        self.assertIn("A0719", text)
        self.assertIn("takes yes or no", text)
        text = self.ask("yes", "better", "yes", "no")
        self.assertIn("A0790: a fever does not get better", text)
        self.assertIn("All is settled.", text)

    def test_help_back_unknown_and_stop(self):
        text = self.ask("yes", "?", "same", "back", "worse", "unknown refused", "stop")
        self.assertIn("It is asked because it can settle: call", text)
        self.assertEqual(2, self.questions(text).count("How does it go?"))
        text = self.ask("back", "", "stop")
        self.assertIn("There is no answer to take back.", text)
        self.assertIn("Not all is settled", text)

    def test_unknown_is_not_asked_again(self):
        text = self.ask("yes", "same", "unknown refused", "39")
        self.assertEqual(1, self.questions(text).count("Fever?"))
        self.assertIn("Not all is settled", text)
        self.assertIn("unknown because", self.ask("unknown because", "stop"))

    def test_numbers_are_read_as_in_a_case(self):
        for typed, told in {"101.3 [degF]": "Cool: advised", "38.65": "A0729", "50": "A0728", "39 kg": "A0725"}.items():
            self.assertIn(told, self.ask("yes", "same", "yes", typed, "stop"), typed)

    def test_the_saved_case_gives_the_same_decision(self):
        text = self.ask("yes", "same", "yes", "39.2", words=["--save", "saved.json"])
        decision = self.expect(FINE, "run", "trial.aceso", "saved.json").stdout.decode()
        self.assertTrue(text.replace("\nThe case is saved in saved.json.\n", "").endswith(decision), text)
        self.assertEqual("2026-11-22T10:00:00Z", json.loads((self.here / "saved.json").read_text())["now"])
        self.assertEqual(["How does it go?"], self.questions(self.ask(
            "worse", words=["--case", self.case(ill=True, fever=False)])))
        self.ask("stop", words=["--save", "no/such/folder.json"], code=BAD_INPUT)

    def test_bad_use_of_ask(self):
        self.expect(BAD_USE, "ask", "trial.aceso", "--at", "soon")
        self.expect(BAD_USE, "ask", "trial.aceso", "--case", "-")
        self.expect(BAD_INPUT, "ask", "trial.aceso", "--case", self.case(fever=True, course="better"))
        self.expect(BAD_INPUT, "ask", "trial.aceso", "--case", "nowhere.json")

    def test_odd_bytes_are_harmless(self):
        text = self.ask("\x1b[31mred\x1b[0m", "\"}, {", "\\", "é" * 500, "yes", "stop")
        self.assertNotIn("\x1b", text)
        self.assertIn("Settled: this guideline applies", text)

    def test_the_flagship_is_asked_quickly(self):
        answers = ["yes"] + ["no"] * 7 + ["5 wk", "persistent"] + ["no"] * 4
        start = time.monotonic()
        done = self.expect(FINE, "ask", str(self.flagship), *AT, stdin="".join(a + "\n" for a in answers))
        seconds = time.monotonic() - start
        asked = done.stdout.decode().count("still open\n")
        self.assertGreaterEqual(asked, 14)
        self.assertLess(seconds / asked, 0.2, "seconds a question, the start of the program included")

    def test_on_a_terminal(self):
        leader, follower = pty.openpty()
        environment = {**os.environ, "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen([PROGRAM, "ask", "trial.aceso", *AT], stdin=follower, stdout=follower,
                                   stderr=follower, cwd=self.here, env=environment)
        os.close(follower)
        os.write(leader, b"no\n")
        output = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            output += piece
        self.assertEqual(FINE, process.wait(timeout=60))
        os.close(leader)
        self.assertIn(b"\x1b[1mIs the patient ill?", output)
        self.assertEqual(1, output.count(b"no\r\n"), "the terminal echoes, so the program does not")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT", str(Path(__file__).resolve().parents[2])))
    options, rest = parser.parse_known_args()
    PROGRAM, ROOT = str(Path(options.program).resolve()), str(Path(options.root).resolve())
    unittest.main(argv=[sys.argv[0], *rest])
