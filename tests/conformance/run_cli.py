#!/usr/bin/python3
"""The command line as a user meets it: help, exit codes, output in pipes and on terminals, files with odd names.

    run_cli.py --program build/aceso --root .      ACESO_RENEW=1 writes the goldens in tests/golden/cli anew

Without options the program is $ACESO_PROGRAM and the root $ACESO_ROOT. With --time-limit-ms N it also fails where
`aceso check` of the flagship takes longer than N milliseconds as a whole process (the fastest of nine runs counts).
"""

import argparse
import json
import os
import pty
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROGRAM = None
ROOT = None
TIME_LIMIT_MS = None
COMMANDS = ["check", "run", "batch", "why", "ask", "test", "cases", "coverage", "mutate", "prove", "diff", "compare", "fmt", "graph", "new", "translate", "import", "export", "explain",
            "version", "import gdl2", "import dmn", "import csv", "export dmn", "export csv"]
FINE, FINDINGS, BAD_USE, BAD_INPUT, INTERNAL_ERROR = range(5)

UNKNOWN_NAME = '\nrule broken {\n  when nobody_declared_this\n  recommend further_tests strong\n  because "x"\n}\n'
SYNTAX_ERROR = "\nrule { when\n"
NO_EXPECTATION = '\ncase "expects nothing" {\n  given has_complaint\n}\n'
CONSTRAINT = """
constraint alarm_needs_complaint {
  require not (alarm_sign and not has_complaint)
  message "an alarm sign without a complaint"
  cite evidence at "Alarm signs" refs 1
}
"""
PAIR_HEADER = """guideline {id} {{ title "Pair" version 0.1.0 published 2026-01-01 }}
source s "S"
inputs i "I" {{ fever : yes/no  age : number from 0 to 110 step 1 typical 40 }}
action film "Film" : test
"""
PAIR_RULE = "rule r {{ when fever and age >= {} {} film cite s at \"1\" }}\n"
HOLDS = "property holds { whenever fever and age >= 70 then recommended film }\n"
BREAKS = "property breaks { never recommended film when age >= 100 }\n"
# A product is left free, and no two factors make a prime: neither proved nor shown.
HARD = """inputs h "H" { x : number from 2 to 100 step 1  y : number from 2 to 100 step 1 }
action rare "Rare" : test
rule hard { when x * y = 8053 recommend rare cite s at "1" }
"""
VIOLATED = "\nproperty nobody_waits {\n  never recommended watch_and_wait when has_complaint\n}\n"


TABLES = """guideline plan {
  title   "Doses"
  version 0.1.0
  status  draft
}

inputs input_data "Input data" {
  child  : yes/no "A child?"
  weight : quantity from 1 kg to 200 kg step 0.1 kg "Weight?"
}

table dose "Dose" : number from 0 to 40 step 1 unique {
  child | weight               -> dose
  yes   | < 40 kg              -> 10
  yes   | >= 40 kg and < 60 kg -> 20
  otherwise                    -> 40
}

table course : one of { short, long } first {
  dose -> course
  < 20 -> short
  otherwise -> long
}
"""


def run(*words, stdin=b"", cwd=None, env=None, stdout=subprocess.PIPE):
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "ASAN_OPTIONS")}
    environment.update({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"})
    environment.update(env or {})
    return subprocess.run([PROGRAM, *words], input=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=cwd,
                          env=environment, timeout=120)


def run_on_terminal(*words, cwd=None, env=None):
    """The program with a terminal as standard output and standard error; gives all that was written to it."""
    environment = {**os.environ, "TERM": "xterm-256color", **(env or {})}
    if "NO_COLOR" not in (env or {}):
        environment.pop("NO_COLOR", None)
    leader, follower = pty.openpty()
    process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, cwd=cwd,
                               env=environment)
    os.close(follower)
    output = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        output += piece
    process.wait(timeout=120)
    os.close(leader)
    return output


class CommandLine(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="aceso-cli-"))
        self.addCleanup(self.clean_up)

    def clean_up(self):
        for path in self.folder.rglob("*"):
            if not path.is_symlink() and path.exists():
                path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(self.folder)

    def expect(self, code, *words, **options):
        done = run(*words, cwd=self.folder, **options)
        self.assertEqual(code, done.returncode,
                         f"aceso {words}\n{(done.stdout or b'').decode(errors='replace')}\n{done.stderr.decode(errors='replace')}")
        for stream in (done.stdout or b"", done.stderr):
            self.assertNotIn(b"\x1b", stream, f"an escape code in the pipe of aceso {words}")
        return done

    def new(self, name="sample", more=""):
        """A fresh guideline in a folder of its own; the path of its file."""
        self.expect(FINE, "new", name)
        path = self.folder / name / f"{name}.aceso"
        if more:
            path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        return str(path.relative_to(self.folder))

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return name

    # -------------------------------------------------------------------------------------------- help

    def test_help_goldens(self):
        golden_folder = Path(ROOT) / "tests" / "golden" / "cli"
        for name, words in [("aceso", ["--help"])] + [
                (name.replace(" ", "_"), [*name.split(), "--help"]) for name in COMMANDS]:
            text = f"$ aceso {' '.join(words)}\n" + self.expect(FINE, *words).stdout.decode()
            golden = golden_folder / f"{name}.txt"
            if os.environ.get("ACESO_RENEW") == "1":
                golden.write_text(text, encoding="utf-8")
            self.assertTrue(golden.exists(), f"{golden.name} is missing; ACESO_RENEW=1 writes it")
            self.assertEqual(golden.read_text(encoding="utf-8"), text, f"help of {name}; ACESO_RENEW=1 writes it anew")

    def test_flagship_in_german(self):
        """The texts in German, and apart from them nothing changed in any decision."""
        folder = Path(ROOT) / "guidelines" / "lumbar_radiculopathy"
        guideline = str(folder / "lumbar_radiculopathy.aceso")
        for name in ("two-weeks-in", "saddle-anesthesia"):
            case = str(folder / "cases" / f"{name}.json")
            text = self.expect(FINE, "run", guideline, case, "--lang", "de").stdout.decode()
            golden = Path(ROOT) / "tests" / "golden" / "translations" / f"{name}.de.txt"
            if os.environ.get("ACESO_RENEW") == "1":
                golden.parent.mkdir(parents=True, exist_ok=True)
                golden.write_text(text, encoding="utf-8")
            self.assertEqual(golden.read_text(encoding="utf-8"), text, f"{golden.name}; ACESO_RENEW=1 writes it anew")
        written = {"because", "text", "question", "for", "against"}

        def names_and_numbers(json_value):
            if isinstance(json_value, dict):
                return {key: names_and_numbers(value) for key, value in json_value.items() if key not in written}
            return [names_and_numbers(value) for value in json_value] if isinstance(json_value, list) else json_value

        for case in sorted((folder / "cases").glob("*.json")):
            english = run("run", guideline, str(case), "--format", "json")
            german = run("run", guideline, str(case), "--format", "json", "--lang", "de")
            self.assertEqual(english.returncode, german.returncode)
            if english.returncode != FINE:
                self.assertNotEqual(english.stderr, german.stderr)
                continue
            one, other = json.loads(english.stdout), json.loads(german.stdout)
            self.assertEqual(names_and_numbers(one), names_and_numbers(other))
            self.assertNotIn("[en]", german.stdout.decode())
        self.assertIn(b" passed, 0 failed", self.expect(FINE, "test", str(folder), "--lang", "de").stdout)
        svg = self.expect(FINE, "graph", guideline, "--lang", "de", "--format", "svg").stdout.decode()
        self.assertIn("Warnzeichen", svg)

    def test_translations(self):
        path = self.new()
        said = self.expect(BAD_USE, "run", path, "x.json", "--lang", "fr").stderr
        self.assertIn(b"there are no texts in `fr`; there are en", said)
        self.expect(BAD_USE, "graph", path, "--lang", "fr")
        self.expect(BAD_USE, "test", path, "--lang", "fr")
        # A compiled guideline has its texts in one language; and what is named so is one, also when it is empty.
        module = str(Path(path).with_suffix(".acb"))
        self.expect(FINE, "build", path, "-o", module)
        said = self.expect(BAD_USE, "run", module, "x.json", "--lang", "fr").stderr
        self.assertIn(b"a compiled guideline has its texts in one language", said)
        (self.folder / module).write_bytes(b"")
        self.assertIn(b"A0881", self.expect(BAD_INPUT, "run", module, "x.json").stderr)
        self.assertIn(b"A0881", self.expect(BAD_INPUT, "batch", module, "x.csv", "-o", "y.csv").stderr)
        self.expect(FINE, "graph", path, "--lang", "en")
        for language in ("german", "en", "../x"):
            self.expect(BAD_USE, "translate", path, "--lang", language)
        self.expect(BAD_INPUT, "translate", "nowhere.aceso", "--lang", "fr")
        said = self.expect(FINE, "translate", path, "--lang", "fr").stdout
        self.assertIn(b"Write languages en, fr in the guideline", said)
        self.assertIn(b"A0809", self.expect(FINDINGS, "check", path).stdout)
        guideline = self.folder / path
        guideline.write_text(guideline.read_text(encoding="utf-8").replace("  version", "  languages en, fr\n  version", 1),
                             encoding="utf-8")
        self.assertIn(b"error A0801", self.expect(FINDINGS, "check", path).stdout)
        self.assertIn(b"error A0801", self.expect(FINDINGS, "run", path, "x.json").stderr)
        self.expect(FINDINGS, "test", path)
        file = guideline.with_suffix(".fr.po")
        text = file.read_text(encoding="utf-8")
        translated, original = [], ""
        for line in text.splitlines():
            original = line[len('msgid "'):] if line.startswith("msgid ") else original
            translated.append(f'msgstr "FR {original}' if line == 'msgstr ""' and original != '"' else line)
        file.write_text("\n".join(translated) + "\n", encoding="utf-8")
        self.expect(FINE, "check", path)
        self.expect(FINE, "test", path, "--lang", "fr")
        self.assertIn(b"FR ", self.expect(FINE, "graph", path, "--lang", "fr").stdout)
        before = file.read_bytes()
        self.expect(FINE, "translate", path, "--lang", "fr")
        self.assertEqual(before, file.read_bytes())
        shown = self.expect(FINE, "translate", path, "--lang", "fr", "-o", "-").stdout
        self.assertEqual(before, shown)
        file.write_text("nonsense\n", encoding="utf-8")
        self.assertIn(b"is left as it is", self.expect(FINDINGS, "translate", path, "--lang", "fr").stderr)
        self.assertEqual(b"nonsense\n", file.read_bytes())

    def test_help_is_complete(self):
        for name in COMMANDS:
            words = name.split()
            text = self.expect(FINE, *words, "--help").stdout.decode()
            self.assertIn("Example", text, name)
            self.assertIn("Exit codes:", text, name)
            self.assertEqual(text, self.expect(FINE, *words, "-h").stdout.decode())
            self.assertEqual(text, self.expect(FINE, "help", *words).stdout.decode())
            for line in text.splitlines():
                self.assertLessEqual(len(line), 120, f"{name}: {line}")
        self.expect(FINE, "help")

    def test_tables_to_other_programs_and_back(self):
        guideline = self.write("plan.aceso", TABLES)
        self.expect(FINE, "export", "dmn", guideline, "-o", "plan.dmn")
        first = (self.folder / "plan.dmn").read_bytes()
        self.assertEqual(first, self.expect(FINE, "export", "dmn", guideline).stdout)
        self.expect(FINE, "import", "dmn", "plan.dmn", "-o", "back")
        self.assertIn(b"is there already", self.expect(BAD_USE, "import", "dmn", "plan.dmn", "-o", "back").stderr)
        self.expect(FINE, "import", "dmn", "plan.dmn", "-o", "back", "--force")
        self.assertEqual(first, self.expect(FINE, "export", "dmn", "back/plan.aceso").stdout)
        self.expect(BAD_INPUT, "import", "dmn", "plan.aceso")
        self.expect(BAD_INPUT, "import", "dmn", "absent.dmn")

        self.expect(FINE, "export", "csv", guideline, "-o", "sheets")
        sheet = self.folder / "sheets" / "dose.csv"
        text = sheet.read_text(encoding="utf-8")
        self.assertEqual(text.encode(), self.expect(FINE, "export", "csv", guideline, "--table", "dose").stdout)
        self.assertIn(b"dose, course", self.expect(BAD_USE, "export", "csv", guideline).stderr)
        before = (self.folder / guideline).read_bytes()
        self.expect(FINE, "import", "csv", "sheets/dose.csv", "--into", guideline)
        self.assertEqual(before, (self.folder / guideline).read_bytes())
        sheet.write_text(text.replace(",20", ",30").replace(",", ";"), encoding="utf-8-sig")
        self.expect(FINE, "import", "csv", "sheets/dose.csv", "--into", guideline)
        self.assertIn(b"-> 30", (self.folder / guideline).read_bytes())
        sheet.write_text(text.replace("< 40 kg", "< 40 s"), encoding="utf-8")
        changed = (self.folder / guideline).read_bytes()
        self.assertIn(b"row 2, column C", self.expect(FINDINGS, "import", "csv", "sheets/dose.csv", "--into", guideline).stderr)
        self.assertEqual(changed, (self.folder / guideline).read_bytes())
        self.assertIn(b"import what?", self.expect(BAD_USE, "import").stderr)

    def test_version(self):
        text = self.expect(FINE, "version").stdout.decode()
        self.assertRegex(text, r"^aceso \d+\.\d+\.\d+\n$")
        self.assertEqual(text, self.expect(FINE, "--version").stdout.decode())

    # -------------------------------------------------------------------------------------------- bad use

    def test_bad_use(self):
        path = self.new()
        for words in ([], ["chek"], ["--bogus"], ["check"], ["check", "--bogus", path], ["check", "--format", "xml", path],
                      ["check", "--color", "sometimes", path], ["run"], ["run", path], ["run", path, "-", "-"],
                      ["run", path, "sample/cases/first.json", "--at", "yesterday"], ["test"], ["fmt"], ["graph"],
                      ["graph", path, path], ["graph", path, "--format", "png"], ["graph", path, "-o", "no/such/place.svg"],
                      ["test", path, "--junit", "no/such/place.xml"], ["new"], ["new", "sample"], ["new", "../escape"],
                      ["new", "two words"], ["new", "9lives"], ["new", ""], ["new", "and"], ["explain", "A9999"],
                      ["version", "x"]):
            done = self.expect(BAD_USE, *words)
            self.assertTrue(done.stderr, f"aceso {words} says nothing")
            if "--junit" not in words:
                self.assertEqual(b"", done.stdout, f"aceso {words}")
        self.assertIn(b"did you mean check?", self.expect(BAD_USE, "chek").stderr)

    def test_new_overwrites_nothing(self):
        path = self.folder / self.new()
        before = path.read_bytes()
        self.assertIn(b"exists already", self.expect(BAD_USE, "new", "sample").stderr)
        self.assertEqual(before, path.read_bytes())
        (self.folder / "dangling").symlink_to("nowhere")
        self.expect(BAD_USE, "new", "dangling")
        self.assertFalse((self.folder / "nowhere").exists())

    # -------------------------------------------------------------------------------------------- check

    def test_new_is_clean_and_passes(self):
        path = self.new("back_pain")
        done = self.expect(FINE, "check", "back_pain")
        self.assertEqual(b"1 file, 0 errors, 0 warnings\n", done.stdout)
        self.assertEqual(b"", done.stderr)
        done = self.expect(FINE, "test", "back_pain")
        self.assertIn(b"3 cases passed, 0 failed", done.stdout)
        self.expect(FINE, "fmt", "--check", "back_pain")
        self.expect(FINE, "run", path, "back_pain/cases/first.json")

    def test_check_findings(self):
        self.new("fine")
        self.new("wrong", UNKNOWN_NAME)
        self.new("warned", NO_EXPECTATION)
        done = self.expect(FINDINGS, "check", "wrong")
        self.assertIn(b"nobody_declared_this", done.stdout)
        self.assertIn(b"1 file, 1 error, 0 warnings\n", done.stdout)
        self.assertIn(b"1 file, 0 errors, 1 warning\n", self.expect(FINDINGS, "check", "warned").stdout)
        self.assertIn(b"3 files, 1 error, 1 warning\n", self.expect(FINDINGS, "check", ".").stdout)
        self.assertIn(b"3 files, ", self.expect(FINDINGS, "check", ".", "wrong/wrong.aceso", "./fine").stdout)

    def pair(self, name, age, verb="recommend", more=""):
        return self.write(f"{name}.aceso", PAIR_HEADER.format(id=name) + PAIR_RULE.format(age, verb) + more)

    def test_prove(self):
        path = self.pair("old", 65, more=HOLDS + BREAKS)
        text = self.expect(FINDINGS, "prove", path).stdout.decode()
        self.assertIn("holds: proved", text)
        self.assertIn("  whenever fever and age >= 70 then recommended film\n", text)
        self.assertIn("breaks: refuted", text)
        self.assertIn("2 properties: 1 proved, 1 refuted, 0 undecided\n", text)
        self.assertEqual(text, self.expect(FINDINGS, "prove", path).stdout.decode())
        self.assertIn(b"1 property: 1 proved", self.expect(FINE, "prove", path, "holds").stdout)
        self.assertIn(b"did you mean breaks?", self.expect(BAD_USE, "prove", path, "break").stderr)
        report = json.loads(self.expect(FINDINGS, "prove", path, "--format", "json", "--save-cases", "found").stdout)
        self.assertEqual((1, 1, 0), (report["proved"], report["refuted"], report["undecided"]))
        saved = self.folder / "found" / "property_breaks.json"
        self.assertEqual(report["properties"][1]["statements"][0]["case"], json.loads(saved.read_text()))
        self.assertIn(b"Film", self.expect(FINE, "run", path, str(saved)).stdout)
        self.expect(BAD_INPUT, "prove", path, "--save-cases", path)
        self.expect(BAD_INPUT, "prove", "absent.aceso")
        self.expect(FINDINGS, "prove", self.pair("wrong", "nobody"))
        self.expect(BAD_USE, "prove", path, "--steps", "0")

    def test_diff(self):
        old, new = self.pair("old", 65), self.pair("new", 60)
        text = self.expect(FINDINGS, "diff", old, new).stdout.decode()
        self.assertIn("not advised -> recommend\n", text)
        self.assertIn("age = 60 (the same from 60 to 64)", text)
        self.assertIn("rule `r` at new.aceso:5", text)
        self.assertEqual(text, self.expect(FINDINGS, "diff", old, new).stdout.decode())
        self.assertIn(b"equivalent", self.expect(FINE, "diff", "--strict", old, old).stdout)
        report = json.loads(self.expect(FINDINGS, "diff", old, new, "--format", "json", "--save-cases", "out").stdout)
        self.assertFalse(report["equivalent"])
        self.assertEqual("differs", report["actions"][0]["verdict"])
        for side, path in (("old", old), ("new", new)):
            case = self.folder / "out" / f"film_1.{side}.json"
            self.assertEqual(report["actions"][0]["groups"][0][f"{side}_case"], json.loads(case.read_text()))
            self.expect(FINE, "run", path, str(case))
        self.expect(BAD_INPUT, "diff", old, "absent.aceso")
        self.expect(FINDINGS, "diff", old, self.pair("wrong", "nobody"))
        self.expect(BAD_USE, "diff", old)

    def test_undecided(self):
        old = self.pair("old", 65, more=HARD)
        new = self.pair("new", 65, more=HARD.replace("8053", "8059"))
        self.assertIn(b"rare: undecided", self.expect(FINE, "diff", old, new).stdout)
        self.expect(FINDINGS, "diff", "--strict", old, new)
        self.assertIn(b"equivalent", self.expect(FINE, "diff", "--strict", old, old).stdout)

    def test_compare(self):
        first, second = self.pair("first", 65), self.pair("second", 90, "avoid")
        text = self.expect(FINDINGS, "compare", first, second).stdout.decode()
        self.assertIn("`film`: first advises it, second advises against it\n", text)
        self.assertIn("age = 90 (the same from 90 up)", text)
        self.assertIn("rule `r` at first.aceso:5", text)
        self.assertIn("rule `r` at second.aceso:5", text)
        self.assertIn(b"no conflict", self.expect(FINE, "compare", first, self.pair("third", 30)).stdout)
        report = json.loads(self.expect(FINDINGS, "compare", first, second, "--format", "json").stdout)
        self.assertEqual(["conflict"], [one["verdict"] for one in report["meetings"]])

    def test_check_json(self):
        self.new("fine")
        self.new("wrong", UNKNOWN_NAME)
        report = json.loads(self.expect(FINDINGS, "check", "--format", "json", "fine", "wrong").stdout)
        self.assertEqual(["fine/fine.aceso", "wrong/wrong.aceso"], [file["file"] for file in report["files"]])
        self.assertEqual([0, 1], [len(file["diagnostics"]) for file in report["files"]])
        self.assertEqual((1, 0), (report["errors"], report["warnings"]))
        self.assertEqual("error", report["files"][1]["diagnostics"][0]["severity"])
        json.loads(self.expect(BAD_INPUT, "check", "--format", "json", "absent.aceso").stdout)
        json.loads(self.expect(FINE, "check", "--format", "json", "fine").stdout)

    def test_modules(self):
        path = self.new("user", "\nuse shared.words\n")
        self.write("user/shared/words.aceso", "module shared.words\nuse other\n")
        self.write("user/shared/other.aceso", "module other\n")
        self.expect(FINE, "check", path)
        self.expect(FINE, "check", "user")
        self.write("user/other.aceso", "module other\nuse shared.words\n")
        os.remove(self.folder / "user/shared/other.aceso")
        done = self.expect(FINDINGS, "check", path)
        self.assertIn(b"A0211", done.stdout)
        self.assertIn(b"shared.words uses other uses shared.words", done.stdout)
        self.write("user/shared/words.aceso", "module shared.wards\n")
        self.assertIn(b"A0212", self.expect(FINDINGS, "check", path).stdout)
        self.write("user/shared/words.aceso", (self.folder / self.new("other_one")).read_text())
        self.assertIn(b"A0213", self.expect(FINDINGS, "check", path).stdout)
        os.remove(self.folder / "user/shared/words.aceso")
        self.write("user/shared/word.aceso", "module shared.word\n")
        done = self.expect(FINDINGS, "check", path)
        self.assertIn(b"A0210", done.stdout)
        self.assertIn(b"did you mean use shared.word?", done.stdout)

    # -------------------------------------------------------------------------------------------- input that cannot be read

    def test_unreadable_input(self):
        path = self.new()
        case = "sample/cases/first.json"
        (self.folder / "empty").mkdir()
        (self.folder / "folder.aceso").mkdir()
        self.write("empty.json", "")
        self.write("module.aceso", "module module_one\n")
        for words in (["check", "absent"], ["check", "empty"], ["check", "absent", path], ["fmt", "absent"], ["test", "absent"],
                      ["graph", "absent"], ["graph", "folder.aceso"], ["run", "absent", case], ["run", "sample", case],
                      ["run", path, "absent"], ["run", path, "sample"], ["run", path, "empty.json"],
                      ["run", "module.aceso", case], ["check", "bad\nname"], ["check", "\udcff\udcfe"], ["check", ""]):
            done = self.expect(BAD_INPUT, *words)
            self.assertTrue(done.stderr or words[0] == "check", f"aceso {words} says nothing")
        (self.folder / path).chmod(0)
        if not os.access(self.folder / path, os.R_OK):
            for command in ("check", "fmt", "graph", "test"):
                self.expect(BAD_INPUT, command, path)
            (self.folder / "empty").chmod(0)
            self.expect(BAD_INPUT, "check", "empty")

    def test_odd_names(self):
        text = (self.folder / self.new()).read_text()
        for name in ("with space", "[list]", "[a,b]", "-dash", "new\nline", "esc\x1b[31m", "üñï", "\udcff", "quote\"'"):
            folder = self.folder / name
            folder.mkdir()
            (folder / "x.aceso").write_text(text)
            (folder / "cases").mkdir()
            done = run("check", "--format", "json", "--", name, cwd=self.folder)
            self.assertEqual(FINE, done.returncode, (name, done.stdout, done.stderr))
            json.loads(done.stdout)
            done = run("test", "--junit", "odd.xml", "--", name, cwd=self.folder)
            self.assertEqual(FINE, done.returncode, (name, done.stdout, done.stderr))
            self.assertNotIn(b"\x1b", done.stdout)
            ElementTree.parse(self.folder / "odd.xml")
            self.assertEqual(FINE, run("fmt", "--check", "--", name, cwd=self.folder).returncode, name)

    def test_empty_and_random_files(self):
        self.write("empty.aceso", "")
        self.write("nul.aceso", "\0" * 100)
        (self.folder / "random.aceso").write_bytes(bytes((i * 7919 + i // 251) % 256 for i in range(10000)))
        for name in ("empty", "nul", "random"):
            for words in (["check"], ["fmt", "--check"], ["graph"], ["test"]):
                done = run(*words, f"{name}.aceso", cwd=self.folder)
                self.assertIn(done.returncode, (FINE, FINDINGS), (words, name, done.stderr))

    # -------------------------------------------------------------------------------------------- run

    def test_run(self):
        path = self.new(more=CONSTRAINT)
        case = "sample/cases/first.json"
        decision = json.loads(self.expect(FINE, "run", path, case, "--format", "json").stdout)
        self.assertEqual("sample", decision["guideline"]["id"])
        self.assertEqual("yes", decision["applies"])
        advised = [entry["action"] for entry in decision["recommendations"] if entry["status"] == "advised"]
        self.assertEqual(["watch_and_wait"], advised)
        moved = json.loads(self.expect(FINE, "run", path, case, "--format", "json", "--at", "2026-02-01T00:00:00Z").stdout)
        self.assertIn("2026-02-01", moved["at"])

        text = (self.folder / case).read_bytes()
        piped = self.expect(FINE, "run", path, "-", "--format", "json", stdin=text).stdout
        self.assertEqual(decision, json.loads(piped))
        lines = self.expect(FINE, "run", path, case, "-", case, "--format", "json", stdin=text).stdout.splitlines()
        self.assertEqual([decision] * 3, [json.loads(line) for line in lines])
        shown = self.expect(FINE, "run", path, case).stdout.decode()
        self.assertIn("Wait, and look again", shown)
        self.assertGreaterEqual(len(self.expect(FINE, "run", path, case, "--verbose").stdout.decode()), len(shown))

    def test_faulty_cases(self):
        path = self.new(more=CONSTRAINT)
        good = "sample/cases/first.json"
        self.write("faulty.json", {"now": "2026-01-15T10:00:00Z", "inputs": {"alarm_sing": True, "duration": "3 kg"}})
        self.write("broken.json", {"now": "2026-01-15T10:00:00Z", "inputs": {"has_complaint": False, "alarm_sign": True}})
        self.write("cut.json", '{"now": ')
        for name, count in (("faulty.json", 2), ("broken.json", 1), ("cut.json", 1)):
            done = self.expect(BAD_INPUT, "run", path, name)
            self.assertEqual(b"", done.stdout)
            self.assertIn(name.encode(), done.stderr)
            done = self.expect(BAD_INPUT, "run", path, name, "--format", "json")
            report = json.loads(done.stderr)
            self.assertEqual(name, report["case"])
            self.assertEqual(count, len(report["faults"]))
            self.assertEqual({"id", "path", "message"}, set(report["faults"][0]))
        done = self.expect(BAD_INPUT, "run", path, "faulty.json", good, "broken.json", "--format", "json")
        lines = done.stdout.splitlines()
        self.assertEqual([b"null", b"null"], lines[0::2])  # each line is that of its case
        self.assertTrue(lines[1].startswith(b'{"guideline"'))
        self.assertEqual(2, len(done.stderr.splitlines()))

    def test_run_with_errors(self):
        path = self.new(more=UNKNOWN_NAME)
        done = self.expect(FINDINGS, "run", path, "sample/cases/first.json")
        self.assertEqual(b"", done.stdout)
        self.assertIn(b"nobody_declared_this", done.stderr)

    # -------------------------------------------------------------------------------------------- test

    def test_failing_cases(self):
        path = self.new(more=CONSTRAINT + VIOLATED)
        cases = self.folder / "sample" / "cases"
        shutil.copy(cases / "first.json", cases / "violates.json")
        (cases / "first.json").unlink()
        base = {"now": "2026-01-15T10:00:00Z"}
        self.write("sample/cases/fails.json", {**base, "title": "a <b> & \"c\" \u0001", "inputs": {"has_complaint": True, "alarm_sign": True},
                                               "expect": ["recommended watch_and_wait"]})
        self.write("sample/cases/unread.json", {**base, "inputs": {}, "expect": ["recommended nobody_declared_this"]})
        self.write("sample/cases/refused.json", {**base, "inputs": {"has_complaint": False, "alarm_sign": True}})
        self.write("sample/cases/faulty.json", {**base, "inputs": {"alarm_sing": True}})
        self.write("sample/cases/no_fault.json", {**base, "inputs": {}, "expect": ["fault A0708"]})
        done = self.expect(FINDINGS, "test", path, "--format", "json", "--junit", "junit.xml")
        report = json.loads(done.stdout)
        by_file = {case["file"]: case for case in report["files"][0]["cases"]}
        for name in ("fails", "unread", "refused", "faulty", "no_fault", "violates"):
            self.assertFalse(by_file[f"sample/cases/{name}.json"]["passed"], name)
        self.assertEqual("nobody_waits", by_file["sample/cases/violates.json"]["violated"][0]["property"])
        self.assertEqual("$.expect[0]", by_file["sample/cases/fails.json"]["failures"][0]["path"])
        self.assertEqual((2, 6), (report["passed"], report["failed"]))
        suites = ElementTree.parse(self.folder / "junit.xml").getroot()
        self.assertEqual("testsuites", suites.tag)
        self.assertEqual(("8", "6", "0"), (suites.get("tests"), suites.get("failures"), suites.get("errors")))
        self.assertEqual(6, len(suites.findall("testsuite/testcase/failure")))
        shown = self.expect(FINDINGS, "test", path).stdout.decode()
        self.assertIn("FAILED", shown)
        self.assertIn("expected: recommended watch_and_wait", shown)
        self.assertIn("2 cases passed, 6 failed", shown)

    def test_expected_faults_and_refusals(self):
        path = self.new(more=CONSTRAINT + '\ncase "refused" {\n  given not has_complaint, alarm_sign\n'
                                          '  expect refused alarm_needs_complaint\n}\n')
        base = {"now": "2026-01-15T10:00:00Z"}
        self.write("sample/cases/refused.json", {**base, "inputs": {"has_complaint": False, "alarm_sign": True},
                                                 "expect": ["refused alarm_needs_complaint"]})
        self.write("sample/cases/faulty.json", {**base, "inputs": {"alarm_sing": True}, "expect": ["fault A0708 $.inputs.alarm_sing"]})
        self.expect(FINE, "test", path)
        self.expect(FINE, "check", path)

    def test_case_that_no_patient_can_be(self):
        path = self.new(more=CONSTRAINT + '\ncase "impossible" {\n  given not has_complaint, alarm_sign\n  expect not applies\n}\n')
        self.assertIn(b"A0605", self.expect(FINDINGS, "check", path).stdout)

    def test_file_with_errors(self):
        self.new("wrong", UNKNOWN_NAME)
        done = self.expect(FINDINGS, "test", "wrong", "--junit", "junit.xml")
        self.assertIn(b"1 file with errors", done.stdout)
        suites = ElementTree.parse(self.folder / "junit.xml").getroot()
        self.assertEqual(("1", "0", "1"), (suites.get("tests"), suites.get("failures"), suites.get("errors")))
        json.loads(self.expect(FINDINGS, "test", "wrong", "--format", "json").stdout)

    def test_files_side_by_side_give_what_they_give_one_after_the_other(self):
        self.new("wrong", UNKNOWN_NAME)
        self.new("right")
        paths = ["wrong", "right", *(str(path) for path in sorted((Path(ROOT) / "stdlib").rglob("*.aceso"))[:8])]
        for words in (["test"], ["test", "--format", "json"], ["check"], ["check", "--deep"], ["check", "--deep", "--format", "json"]):
            alone = self.expect(FINDINGS, *words, "--jobs", "1", *paths)
            together = self.expect(FINDINGS, *words, "--jobs", "4", *paths)
            self.assertEqual((alone.stdout, alone.stderr), (together.stdout, together.stderr), words)

    def test_a_number_that_is_refused_is_told_in_words(self):
        path = self.new()
        for words, why in ((["check", "--jobs", "0"], b"--jobs: Value 0 not in range 1 to 256"),
                           (["check", "--deep", "--budget", "0"], b"--budget: 0 is no number above 0"),
                           (["check", "--deep", "--steps", "-1"], b"--steps: -1 is no number from 0 on")):
            self.assertIn(why, self.expect(BAD_USE, *words, path).stderr)

    def test_repository_cases(self):
        present = [name for name in ("guidelines", "stdlib") if any((Path(ROOT) / name).rglob("*.aceso"))]
        if present:
            paths = [str(Path(ROOT) / name) for name in present]
            self.expect(FINE, "check", *paths)
            self.expect(FINE, "test", *paths, "--junit", "junit.xml")
            ElementTree.parse(self.folder / "junit.xml")

    # -------------------------------------------------------------------------------------------- fmt

    def test_fmt(self):
        path = self.folder / self.new()
        tidy = path.read_text()
        path.write_text(tidy.replace("\n\n", "\n\n\n\n"))
        path.chmod(0o640)
        (self.folder / "link.aceso").symlink_to(path)
        done = self.expect(FINDINGS, "fmt", "--check", "sample")
        self.assertEqual(b"sample/sample.aceso\n", done.stdout)
        piped = self.expect(FINE, "fmt", "-", stdin=path.read_bytes())
        self.assertEqual(tidy, piped.stdout.decode())
        self.expect(FINDINGS, "fmt", "--check", "-", stdin=path.read_bytes())
        self.expect(FINE, "fmt", "link.aceso")
        self.assertEqual(tidy, path.read_text())
        self.assertTrue((self.folder / "link.aceso").is_symlink())
        self.assertEqual(0o640, path.stat().st_mode & 0o777)
        self.assertEqual(["cases", "README.md", "sample.aceso"], sorted(os.listdir(path.parent), key=str.lower))

        path.write_text(tidy + SYNTAX_ERROR)
        done = self.expect(FINDINGS, "fmt", "sample")
        self.assertTrue(done.stderr)
        self.assertEqual(tidy + SYNTAX_ERROR, path.read_text())
        done = self.expect(FINDINGS, "fmt", "-", stdin=SYNTAX_ERROR.encode())
        self.assertEqual(b"", done.stdout)

    def test_fmt_of_the_repository(self):
        for name in ("guidelines", "stdlib"):
            source = Path(ROOT) / name
            for original in sorted(source.rglob("*.aceso")):
                shutil.copytree(source, self.folder / name, dirs_exist_ok=True)
                path = str(Path(name) / original.relative_to(source))
                before = self.expect(FINE, "graph", path).stdout
                self.expect(FINE, "fmt", path)
                once = (self.folder / path).read_bytes()
                self.expect(FINE, "fmt", "--check", path)
                self.expect(FINE, "fmt", path)
                self.assertEqual(once, (self.folder / path).read_bytes(), path)
                self.assertEqual(before, self.expect(FINE, "graph", path).stdout, f"{path} means something else now")

    # -------------------------------------------------------------------------------------------- graph, explain

    def test_graph(self):
        path = self.new()
        self.assertEqual(self.expect(FINE, "graph", path).stdout, self.expect(FINE, "graph", path, "--format", "text").stdout)
        self.assertIn(b"digraph", self.expect(FINE, "graph", path, "--format", "dot").stdout)
        self.assertIn(b"flowchart", self.expect(FINE, "graph", path, "--format", "mermaid").stdout)
        svg = self.expect(FINE, "graph", path, "--format", "svg").stdout
        self.assertTrue(ElementTree.fromstring(svg).tag.endswith("svg"))
        self.assertEqual(b"", self.expect(FINE, "graph", path, "--format", "svg", "-o", "out.svg").stdout)
        self.assertEqual(svg, (self.folder / "out.svg").read_bytes())
        self.new("wrong", UNKNOWN_NAME)
        self.expect(FINDINGS, "graph", "wrong/wrong.aceso")

    def test_explain(self):
        listed = self.expect(FINE, "explain").stdout.decode().splitlines()
        self.assertGreater(len(listed), 20)
        for line in listed:
            self.assertTrue(self.expect(FINE, "explain", line.split()[0]).stdout)
        self.assertEqual(self.expect(FINE, "explain", "A0101").stdout, self.expect(FINE, "explain", "a0101").stdout)
        self.assertIn(b"did you mean", self.expect(BAD_USE, "explain", "A0l01").stderr)

    # -------------------------------------------------------------------------------------------- streams

    def test_color(self):
        path = self.new(more=UNKNOWN_NAME)
        colored = run("check", "--color", "always", path, cwd=self.folder).stdout
        self.assertIn(b"\x1b[", colored)
        self.assertIn(b"\x1b[", run_on_terminal("check", path, cwd=self.folder))
        for words, environment in ((["--color", "never"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})):
            self.assertNotIn(b"\x1b[", run_on_terminal("check", *words, path, cwd=self.folder, env=environment))
        self.assertIn(b"\x1b[", run("check", "--color", "always", path, cwd=self.folder, env={"NO_COLOR": "1"}).stdout)

    def test_reader_goes_away(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        done = run("explain", cwd=self.folder, stdout=write_end)
        os.close(write_end)
        self.assertEqual((FINE, b""), (done.returncode, done.stderr))

    def test_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "wb") as full:
            done = run("explain", cwd=self.folder, stdout=full)
        self.assertEqual(BAD_INPUT, done.returncode)
        self.assertIn(b"could not be written", done.stderr)

    def test_speed(self):
        flagship = Path(ROOT) / "guidelines" / "lumbar_radiculopathy" / "lumbar_radiculopathy.aceso"
        if TIME_LIMIT_MS is None or not flagship.exists():
            self.skipTest("no limit was asked for")
        times = []
        for _ in range(9):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            self.expect(FINE, "check", str(flagship))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append((time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
        wall, processor = min(times)
        print(f"check of the flagship: {wall * 1000:.1f} ms, of which {processor * 1000:.1f} ms processor time", file=sys.stderr)
        self.assertLess(wall * 1000, TIME_LIMIT_MS)


def main():
    global PROGRAM, ROOT, TIME_LIMIT_MS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT", str(Path(__file__).resolve().parents[2])))
    parser.add_argument("--time-limit-ms", type=float)
    options, rest = parser.parse_known_args()
    if not options.program:
        parser.error("say which program: --program build/aceso")
    PROGRAM, ROOT, TIME_LIMIT_MS = os.path.abspath(options.program), os.path.abspath(options.root), options.time_limit_ms
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
