#!/usr/bin/python3
"""Holds docs/errors to the compiler.

Every id of diagnostic_kinds.def, case_faults.def, module_faults.def, jit_faults.def and api_faults.def has a page, and every page an id. The example of each page is run:
it gives this finding and no other, and the finding reads as in tests/golden/diagnostics. The mended example gives no
finding at all. README.md lists every page with its title and severity.

Usage: run_error_index.py --program PATH_TO_ACESO --root SOURCE_ROOT [ID...]
Both may be left out where ACESO_PROGRAM and ACESO_ROOT are set. With ids only these pages are run. With ACESO_RENEW=1
the goldens are written instead of compared. Exit code 0 when all holds, 1 when something does not.

A page names its files: a fenced block is example.aceso, example.json or example.po, unless the line before it ends with
"`other_name.aceso`:". The files of "How to mend it" lie over those of "Example".
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TABLES = ["compiler/source/diagnostics/diagnostic_kinds.def", "runtime/module/case_faults.def",
          "runtime/module/module_faults.def", "runtime/population/population_faults.def", "runtime/jit/jit_faults.def",
          "runtime/api/api_faults.def"]
PAGES = "docs/errors"
GOLDENS = "tests/golden/diagnostics"
ROW = re.compile(r'^(?:ACESO_DIAGNOSTIC\((A\d{4}), \w+, (\w+),|(?:CASE|ACESO_MODULE|ACESO_POPULATION|ACESO_JIT|ACESO_API)_FAULT\("(A\d{4})", \w+,)', re.MULTILINE)
FINDING = re.compile(r"^[^\s:]+:\d+:\d+: (?:error|warning|note) (A\d{4}): ")
FENCE = re.compile(r"^```(aceso|json|po|dmn|csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"`([a-z0-9_/]+(?:\.[a-z]+)?\.(?:aceso|json|ndjson|po|dmn|csv))`:$")
LONGEST_PAGE = 75
LONGEST_LINE = 120
SECONDS = 60

# ---------------------------------------------------------------- examples that no page can show

HEAD = 'guideline example {\n  title   "An example"\n  version 0.1.0\n}\n'
FEVER = HEAD + 'inputs findings "Findings" {\n  fever : yes/no "Fever?"\n}\n'


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def make_unreadable_module(folder):
    write(folder, "example.aceso", HEAD + "use shared\n")
    (folder / "shared.aceso").mkdir()


def make_too_large(folder):
    with open(folder / "example.aceso", "wb") as file:
        file.truncate((64 << 20) + 1)  # the program looks at the size and does not read it


def make_guideline(text):
    return lambda folder: write(folder, "example.aceso", text)


def make_modules(folder):
    write(folder, "example.aceso", HEAD + "".join(f"use m{i}\n" for i in range(1, 1001)))
    for i in range(1, 1001):
        write(folder, f"m{i}.aceso", f"module m{i}\n")


def make_case(inputs, events=()):
    def make(folder):
        write(folder, "example.aceso", FEVER)
        case = {"now": "2026-11-22T10:00:00Z", "inputs": inputs, "events": list(events)}
        write(folder, "example.json", json.dumps(case))
    return make


def make_too_large_case(folder):
    write(folder, "example.aceso", FEVER)
    with open(folder / "example.json", "wb") as file:
        file.truncate((16 << 20) + 1)


def make_latin_patients(folder):
    write(folder, "example.aceso", FEVER)
    write(folder, "patients.csv", "id,now,fever\nJ\xf6rg,2026-11-22T10:00:00Z,yes\n".encode("latin-1"))


# Each of these pages says "example: made by the test" and why.
MADE = {
    "A0001": make_unreadable_module,
    "A0002": make_too_large,
    "A0003": make_guideline(HEAD.encode().replace(b"An example", b"Sj\xf6gren")),
    "A0004": make_guideline(HEAD.replace("An example", "An example\u202e")),
    "A0005": make_guideline(FEVER + "define sick = " + "(" * 201 + "fever" + ")" * 201 + "\n"),
    "A0006": make_guideline(HEAD.replace("An example", "An example\f")),
    "A0007": make_guideline(HEAD + "".join(f"define a{i} = missing_{i}\n" for i in range(1, 202))),
    "A0214": make_modules,
    "A0701": make_too_large_case,
    "A0705": make_case({"fever": [True] * 1_000_000}),
    "A0716": make_case({}, [{"at": "2026-11-20", "inputs": {"fever": True}}] * 100_001),
    "A0928": make_latin_patients,
    "A0732": make_case({f"a{i}": True for i in range(1, 202)}),
}
# Each of these pages says "example: none" and why.
NONE = {
    **{f"A09{number}": "it takes a run that was interrupted; run_population.py provokes it" for number in (30, 31, 32)},
    "A0933": "only a machine without the component shows it; run_population.py hides it",
    "A0734": "only a system without the data shows it; a unit test names another folder",
    **{f"A{number:04}": "no text is at fault; tests/api provokes it" for number in (*range(851, 862), *range(940, 944))},
    **{f"A{number}": "no guideline is at fault; run_deep_check.py provokes it" for number in (1018, 1019)},
    "A0009": "a text that unfolds so far takes the compiler seconds",
    "A0008": "a text that provokes it shows a bug of the formatter and is mended at once",
    "A0999": "a text that provokes it shows a bug of the compiler and is mended at once",
    **{f"A08{number}": "a compiled guideline is no text; the unit tests provoke it" for number in range(81, 91)},
    **{f"A090{number}": "no text is at fault; the tests of native code provoke it" for number in range(5)},
}
# Findings that cannot come alone: a limit on their number speaks after what it counts.
NOT_ALONE = {"A0007", "A0732"}
NO_MEND = set(NONE)
# What only a question about all patients finds.
DEEP = re.compile(r"A10\d\d")
# What is told without making the command fail.
HARMLESS = {"A1142"}
# What an import tells of a file of another program.
IMPORTS = ("dmn", "csv")


# ---------------------------------------------------------------- pages

class Page:
    def __init__(self, path):
        self.id = path.stem
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        title = re.match(rf"# {self.id}: (.+)$", self.lines[0] if self.lines else "")
        self.title = title.group(1) if title else None
        parts = re.split(r"^## (.+)$", self.text, flags=re.MULTILINE)
        self.headings = parts[1::2]
        self.sections = dict(zip(self.headings, parts[2::2]))

    def files(self, heading):
        result = {}
        text = self.sections.get(heading, "")
        for fence in FENCE.finditer(text):
            before = text[:fence.start()].rstrip("\n").rsplit("\n", 1)[-1]
            name = FILE_NAME.search(before)
            result[name.group(1) if name else f"example.{fence.group(1)}"] = fence.group(2)
        return result

    def marker(self):
        found = re.search(r"^<!-- example: (none|made by the test), (.+) -->$", self.text, re.MULTILINE)
        return found.group(1) if found else None


def read_ids(root):
    """Severity by id; faults of case files and of modules are errors."""
    ids = {}
    for table in TABLES:
        for row in ROW.finditer((root / table).read_text(encoding="utf-8")):
            ids[row.group(1) or row.group(3)] = row.group(2) or "error"
    return ids


def read_pages(folder):
    return {path.stem: Page(path) for path in sorted(folder.glob("*.md")) if path.name != "README.md"}


def problems_of_page(page, ids):
    found = []
    if page.title is None:
        found.append(f'the first line is not "# {page.id}: what it is"')
    wanted = ["Example", "How to mend it"]
    if page.headings not in (wanted, wanted + ["See also"]):
        found.append(f"the headings are {page.headings}, not Example, How to mend it and perhaps See also")
    if len(page.lines) > LONGEST_PAGE:
        found.append(f"{len(page.lines)} lines; at most {LONGEST_PAGE}")
    if any(len(line) > LONGEST_LINE for line in page.lines if not line.startswith("{")):
        found.append(f"a line is longer than {LONGEST_LINE}")
    for other in set(re.findall(r"\bA[01]\d{3}\b", page.text)):
        if other not in ids:
            found.append(f"speaks of {other}, which is no id")
    marker = {True: "made by the test"}.get(page.id in MADE, "none" if page.id in NONE else None)
    if page.marker() != marker:
        found.append(f"the page is marked {page.marker()!r}, the script has {marker!r}")
    if marker is None and not page.files("Example"):
        found.append("no example")
    if page.id not in NO_MEND and not page.files("How to mend it"):
        found.append("no mended example")
    return found


def problems_of_index(root, ids, pages, goldens):
    """What is wrong before anything is run: (id, problem)."""
    found = []
    for ident in sorted(ids.keys() - pages.keys()):
        found.append((ident, "has no page"))
    for ident in sorted(pages.keys() - ids.keys()):
        found.append((ident, "has a page, but no row in the tables"))
    for ident in sorted(goldens - ids.keys()):
        found.append((ident, "has a golden, but no row in the tables"))
    for ident in sorted(goldens & NONE.keys()):
        found.append((ident, "has a golden, but no example"))
    for ident in sorted(set(MADE) | set(NONE) | NOT_ALONE | NO_MEND):
        if ident not in ids:
            found.append((ident, "is listed in this script, but has no row in the tables"))
    for ident in sorted(pages.keys() & ids.keys()):
        found += [(ident, problem) for problem in problems_of_page(pages[ident], ids)]
    index = (root / PAGES / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[(A\d{4})\]\(\1\.md\) \| (.+) \|$", index, re.MULTILINE))
    for ident in sorted(rows.keys() | ids.keys()):
        title = pages[ident].title if ident in pages else "?"
        wanted = f"{ids[ident]} | {title}" if ident in ids else None
        if rows.get(ident) != wanted:
            row = f"| [{ident}]({ident}.md) | {wanted} |" if wanted else "no row"
            found.append((ident, f"README.md should have: {row}"))
    return found


# ---------------------------------------------------------------- running

class Runner:
    def __init__(self, program, root, renew):
        self.program, self.root, self.renew = str(program), root, renew
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def aceso(self, folder, *arguments):
        done = subprocess.run([self.program, *arguments], cwd=folder, env=self.environment, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def ask(self, folder, ident):
        """(exit code, ids found, command, what is shown). A folder with a case is run, another one is checked."""
        if (folder / "example.json").exists():
            code, _, said = self.aceso(folder, "run", "--format", "json", "example.aceso", "example.json")
            try:
                ids = [fault["id"] for fault in json.loads(said)["faults"]] if said.startswith('{"case"') else []
            except ValueError:
                ids = []
            _, _, shown = self.aceso(folder, "run", "example.aceso", "example.json")
            return code, ids, "aceso run example.aceso example.json", shown
        for patients in ("patients.csv", "patients.ndjson"):
            if (folder / patients).exists():
                code, _, said = self.aceso(folder, "batch", "example.aceso", patients, "-o", "decisions.csv")
                rejects = folder / "decisions.csv.rejected.ndjson"
                if rejects.exists():
                    said += rejects.read_text(encoding="utf-8")
                ids = re.findall(rf'(?:^{patients}: |"faults":\[{{"id":")(A\d{{4}})', said, re.MULTILINE)
                return code, ids, f"aceso batch example.aceso {patients} -o decisions.csv", said
        for kind in IMPORTS:
            if (folder / f"example.{kind}").exists():
                code, _, shown = self.aceso(folder, "import", kind, f"example.{kind}")
                ids = [line.group(1) for line in map(FINDING.match, shown.splitlines()) if line]
                return code, ids, f"aceso import {kind} example.{kind}", shown
        command = ["check", "--deep", "--strict"] if DEEP.fullmatch(ident) else ["check"]
        code, said, noise = self.aceso(folder, *command, "--format", "json", "example.aceso")
        try:
            ids = [one["id"] for file in json.loads(said)["files"] for one in file["diagnostics"]]
        except (ValueError, KeyError):
            return code, [], f"aceso {' '.join(command)}", said + noise
        _, shown, _ = self.aceso(folder, *command, "example.aceso")
        return code, ids, f"aceso {' '.join(command)} example.aceso", shown

    def example(self, page):
        with tempfile.TemporaryDirectory(prefix="aceso_errors_") as name:
            folder = Path(name)
            if page.id in MADE:
                MADE[page.id](folder)
            for file, text in page.files("Example").items():
                write(folder, file, text)
            code, ids, command, shown = self.ask(folder, page.id)
        found = []
        if page.id not in ids:
            found.append(f"the example gives {sorted(set(ids)) or 'no finding'} (exit code {code}):\n{shown}")
        elif set(ids) != {page.id} and page.id not in NOT_ALONE:
            found.append(f"the example gives more than this finding: {sorted(set(ids))}\n{shown}")
        if code not in ((0,) if page.id in HARMLESS else (1, 3)):
            found.append(f"the example ends with exit code {code}")
        return found or self.compare(page.id, f"$ {command}\n{only(page.id, shown)}")

    def compare(self, ident, shown):
        golden = self.root / GOLDENS / f"{ident}.txt"
        if self.renew:
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(shown, encoding="utf-8")
            return []
        if not golden.exists():
            return [f"has no golden; write it with ACESO_RENEW=1:\n{shown}"]
        wanted = golden.read_text(encoding="utf-8")
        return [] if wanted == shown else [f"reads otherwise than its golden.\nWanted:\n{wanted}Found:\n{shown}"]

    def mend(self, page):
        with tempfile.TemporaryDirectory(prefix="aceso_errors_") as name:
            folder = Path(name)
            for heading in ("Example", "How to mend it"):
                for file, text in page.files(heading).items():
                    write(folder, file, text)
            code, ids, _, shown = self.ask(folder, page.id)
            if code == 0 and (folder / "example.json").exists():
                code, _, shown = self.aceso(folder, "check", "example.aceso")
        return [] if code == 0 and not ids else [f"the mended example is not clean (exit code {code}):\n{shown}"]


def only(ident, shown):
    """Of what `check` shows the findings with this id; of what `run` shows the lines of this fault."""
    blocks, block = [], None
    for line in shown.splitlines(keepends=True):
        finding = FINDING.match(line)
        if finding:
            block = [finding.group(1), line]
            blocks.append(block)
        elif re.match(r"\d+ files?, |\S+: \d+ questions? about all patients: ", line):
            block = None
        elif block:
            block[1] += line
    if blocks:
        return "".join(text for found, text in blocks if found == ident)
    return "".join(line for line in shown.splitlines(keepends=True)
                   if f" {ident} at " in line or ": no decision" in line or f": {ident}: " in line or f'"{ident}"' in line)


# ---------------------------------------------------------------- the check of the check

def self_check(root, ids, pages, goldens):
    """Damaged copies of the index must be found out."""
    def complains(what, ident):
        return any(found == ident for found, _ in problems_of_index(root, *what))

    some, other = sorted(ids)[:2]
    with tempfile.TemporaryDirectory(prefix="aceso_errors_") as name:
        copy = Path(name) / "A9999.md"
        copy.write_text(f"# {some}: a page that is not its own\n", encoding="utf-8")
        stray = Page(copy)
    missed = []
    if not complains((ids, {**pages, "A9999": stray}, goldens), "A9999"):
        missed.append("a page with an unknown name")
    if not complains(({**ids, "A9998": "error"}, pages, goldens), "A9998"):
        missed.append("an id without a page")
    if not complains((ids, {i: p for i, p in pages.items() if i != other}, goldens), other):
        missed.append("a page that is gone")
    if not complains((ids, pages, goldens | {"A9997"}), "A9997"):
        missed.append("a golden without an id")
    if not complains(({**ids, some: "warning"}, pages, goldens), some):
        missed.append("a severity that differs from README.md")
    if not problems_of_page(stray, ids):
        missed.append("a page without its parts")
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"), help="the aceso program")
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT"), help="the source tree")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these pages")
    arguments = parser.parse_args()
    if not arguments.root or not arguments.program:
        parser.error("--root and --program are needed")
    root = Path(arguments.root).resolve()
    runner = Runner(Path(arguments.program).resolve(), root, os.environ.get("ACESO_RENEW") == "1")

    ids = read_ids(root)
    pages = read_pages(root / PAGES)
    goldens = {path.stem for path in (root / GOLDENS).glob("*.txt")}
    passed = failed = 0

    def report(what, problems):
        nonlocal passed, failed
        if problems:
            failed += 1
            for problem in problems:
                print(f"FAILED {what}: {problem}".rstrip())
        else:
            passed += 1

    for ident in arguments.ids:
        if ident not in pages:
            report(ident, ["there is no such page"])
    chosen = [ident for ident in sorted(pages.keys() & ids.keys()) if not arguments.ids or ident in arguments.ids]
    if not arguments.ids:
        report("self-check", [f"does not notice {what}" for what in self_check(root, ids, pages, goldens)])
        index = problems_of_index(root, ids, pages, goldens)
        for ident in sorted(ids.keys() | {found for found, _ in index}):
            report(f"{ident} index", [problem for found, problem in index if found == ident])
    for ident in chosen:
        if ident not in NONE:
            report(f"{ident} example", runner.example(pages[ident]))
        if ident not in NO_MEND:
            report(f"{ident} mend", runner.mend(pages[ident]))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
