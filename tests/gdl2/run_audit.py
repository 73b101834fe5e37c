#!/usr/bin/env python3
"""The deep checks over the whole library of GDL2, and every patient that they show run on the source's own semantics.

usage: run_audit.py [--corpus FOLDER] [--program ACESO] [--report FILE.md] [--sample N] [--jobs N]

Each guideline is imported and checked in a process of its own. A finding that shows a patient (a gap, a boundary) says that an
output has no value for him; that patient goes to gdl2_evaluator.py, which shares nothing with the importer, and there too the
output must stay without a value. `--sample N` takes every Nth guideline, for the tests; `--report` writes docs/gdl2_audit.md's table.
The judgements of audit.tsv must name findings that are still made. Exit: 0 all agree, 1 not, 77 no corpus.
"""
import argparse
import collections
import concurrent.futures
import copy
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

try:
    import yaml  # noqa: F401 - the evaluator needs it
except ImportError:
    print("skipped: python3-yaml is not installed")
    sys.exit(77)

from gdl2_evaluator import Coded, Guideline, Quantity, instant_of

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Where the source gives a value after all, and why the finding stands (docs/gdl2_audit.md).
MISSING = "nobody was asked anything: default actions of the source stand for the answers, Aceso asks"
UNITS = "the source compares the numbers whatever their units are, Aceso keeps units apart that do not convert or have rules of their own"
EXPLAINED = {
    ("ETT_depth_tidal_volume_calculator.v1.gdl2.json", "table warning_height"): UNITS,
    ("HOMA-IR.v1.gdl2.json", "table warning_glucose"): UNITS,
    ("McMahon_Score_for_Rhabdomyolysis.v1.gdl2.json", "table initial_phosphate_2"): UNITS,
    ("ETS.v1.gdl2.json", "table age"): "the source takes the difference of calendar years for the age, Aceso completed years",
    ("NEWS.v0.0.3.gdl2.json", "table frequency_of_monitoring"): MISSING,
    ("NEWS.v1.gdl2.json", "table frequency_of_monitoring"): MISSING,
}
WITH_PATIENT = {"A1003": "gap", "A1007": "boundary"}


def run(command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


class Imported:
    """What the text of an imported guideline says of its inputs: their codes, and the codes and scores of their choices."""

    def __init__(self, text):
        self.codes = dict(re.findall(r'^\s+(\w+)\s+= gdl2\s+"(gt[\d.]+)"', text, re.MULTILINE))
        # The answers of one question follow it: questions that share a type have codes of their own.
        self.members, asked = {}, None
        for name, system, code in re.findall(r'^\s+([\w.]+)\s+= (gdl2|archetype_\d+)\s+"([\w.]+)"', text, re.MULTILINE):
            if "." not in name:
                asked = name
            else:
                self.members[asked, name] = code
                self.members.setdefault((None, name), code)
        # Which rules make a value: those after a value that is read "so far" are left out when its patient is replayed.
        self.made_by = {name: (code, set(re.findall(r"[\w.]+", rules or ""))) for code, rules, name in
                        re.findall(r"^/// (gt[\d.]+)(?:; rules? ([\w., ]+))?\n(?:///.*\n)*(?:define|table) (\w+)", text, re.MULTILINE)}
        self.scores, self.types = {}, {}
        for name, body in re.findall(r'^type (\w+) (?:"[^"]*" )?= (?:scale|one of) \{(.*?)^\}', text, re.MULTILINE | re.DOTALL):
            for member, score in re.findall(r'^\s+(\w+) *(?:"(?:[^"\\]|\\.)*")? *(?:= (-?\d+))?,?$', body, re.MULTILINE):
                self.scores[f"{name}.{member}"] = int(score) if score else None
        for name, kind in re.findall(r"^  (\w+) +: (\w+)", text, re.MULTILINE):
            self.types.setdefault(name, kind)
        self.units = dict(re.findall(r"^  (\w+) +: (?:quantity|duration|number)[^\n]*? to -?[\d.]+ ([^\s\"]+)", text, re.MULTILINE))

    def value(self, name, value, spelling):
        """A value of a case as the evaluator has it; KeyError where the source knows no such choice."""
        if isinstance(value, dict):
            return None if "unknown" in value else Quantity(float(value["value"]), spelling(value.get("unit")))
        if isinstance(value, (bool, int, float)):
            return value if isinstance(value, bool) else Quantity(float(value))
        kind = f"{self.types.get(name)}.{value}"
        if (None, kind) in self.members:
            return Coded(self.members.get((name, kind), self.members[None, kind]), value, self.scores.get(kind))
        if re.match(r"\d{4}-\d{2}-\d{2}", value):
            return instant_of(value)
        number = re.fullmatch(r"(-?[\d.]+)\s*(.*)", value)
        if number:
            return Quantity(float(number[1]), spelling(number[2].strip("'") or None))
        raise KeyError(f"{name} = {value}")


WORDS = {"years": "a", "year": "a", "months": "mo", "month": "mo", "weeks": "wk", "week": "wk", "days": "d", "day": "d",
         "hours": "h", "hour": "h", "minutes": "min", "minute": "min", "mmhg": "mm[hg]"}


def alike(unit):
    """What the spellings of a unit have in common: `[lb_av]` and `lb`, `µmol/l` and `umol/L`."""
    unit = WORDS.get(unit.lower(), unit.lower()).replace("\u00b5", "u").replace("gm", "g").replace("mmhg", "mm[hg]")
    return re.sub(r"_av|_i\b|[\[\]{}]", "", unit)


def spelling_of(source_text):
    """The spelling of a unit that the guideline itself uses."""
    known = re.findall(r"unit\s*[=!]=\s*'([^']+)'", source_text) + re.findall(r"\d,([^\s\"'|&)<>=!]+)", source_text)

    def spelling(unit):
        return next((each for each in known if unit and alike(each) == alike(unit)), unit)

    return spelling


def yes_no(code, value, source_text):
    """A yes/no whose source is a choice: the choice of that name, where the guideline asks for it."""
    words = ("yes", "present", "true") if value else ("no", "absent", "false", "not present")
    # "$gt0004|Pain|==1|local::at0005|Yes|" in a rule, "gt0004|Pain: 1|local::at0005|Yes|" in a case.
    for score, member, label in re.findall(
            re.escape(code) + r"(?:\|[^|:]*[|:])?\s*(?:[=!]=)?\s*(?:(-?\d+)\|)?local::([\w.]+)\|([^|]*)\|", source_text):
        if label.strip().lower() in words:
            return Coded(member, label, int(score) if score else None)
    return Coded("unasked", words[0], 1 if value else 0)


def replays(source, source_text, imported, finding):
    """'yes', 'no: ...' or 'cannot: ...': does the output of the finding stay without a value in the source as well?"""
    output = re.sub(r"^(table|define|bands) ", "", finding["subject"])
    if output not in imported.made_by:
        return f"cannot: {output} is no value of the source"
    code, rules = imported.made_by[output]
    case = finding["patient"]["case"]
    inputs, spelling = {}, spelling_of(source_text)
    coded = "local::" in source_text
    try:
        for name, value in case["inputs"].items():
            if name not in imported.codes:
                return f"cannot: {name} has no code"
            one = imported.value(name, value, spelling)
            if isinstance(one, bool) and coded and re.search(re.escape(imported.codes[name]) + r"(\|[^|]*\|)?\s*[=!]=\s*(-?\d+\|)?local::|" +
                                                             re.escape(imported.codes[name]) + r"(\|[^|]*\|)?\.value", source_text):
                one = yes_no(imported.codes[name], one, source_text)
            inputs[imported.codes[name]] = one
    except KeyError as problem:
        return f"cannot: {problem}"
    so_far = copy.copy(source)
    so_far.rules = [(*rule[:4], [a for a in rule[4] if a[0] != code or rule[2] in rules]) for rule in source.rules]
    ran = so_far.run({k: v for k, v in inputs.items() if v is not None}, instant_of(case["now"]))
    got = ran.values.get(code)
    if isinstance(got, Quantity) and got.magnitude is None:
        got = None
    return "yes" if got is None else f"no: the source gives {got}"


def audit(program, path, folder, budget):
    """One guideline: what became of it, its findings, the seconds for import and checks."""
    start = time.monotonic()
    imported = run([program, "import", "gdl2", path, "-o", folder, "--force", "--format", "json"])
    entry = {"source": path.name, "findings": [], "replays": [], "errors": []}
    try:
        listed = json.loads(imported.stdout)["files"][0]
        text = pathlib.Path(listed["file"]).read_text(encoding="utf-8")
    except (ValueError, KeyError, IndexError, OSError):
        entry["errors"].append((imported.stderr or imported.stdout).strip()[:200])
        return entry
    checked = run([program, "check", "--deep", *(["--budget", budget] if budget else []), listed["file"], "--format", "json"])
    entry["seconds"] = time.monotonic() - start
    try:
        findings = json.loads(checked.stdout)["files"][0]["diagnostics"]
    except (ValueError, KeyError, IndexError):
        entry["errors"].append(f"aceso check ended with {checked.returncode}: {checked.stderr.strip()[:200]}")
        return entry
    entry["errors"] += [f"{f['id']} {f['message']}" for f in findings if f["severity"] == "error"]
    entry["findings"] = [f for f in findings if f["severity"] != "error"]
    source_text = json.dumps(json.loads(path.read_text(encoding="utf-8-sig"))["definition"], ensure_ascii=False)
    bindings = json.loads(path.read_text(encoding="utf-8-sig"))["definition"].get("data_bindings", {})
    for code, element in (item for one in bindings.values() for item in one.get("elements", {}).items()):
        source_text += "".join(f"\n{code}|: {value}" for value in element.get("allowed_values") or [])
    cases = path.with_name(path.name.replace(".gdl2.json", ".test.yml"))
    if cases.exists():  # the points of a choice often stand nowhere else
        source_text += cases.read_text(encoding="utf-8", errors="replace")
    source = Guideline(json.loads(path.read_text(encoding="utf-8-sig")))
    for finding in entry["findings"]:
        if finding["id"] in WITH_PATIENT and finding.get("patient"):
            entry["replays"].append((finding["id"], finding["subject"], replays(source, source_text, Imported(text), finding)))
    return entry


def report(entries):
    kinds, guidelines = collections.Counter(), collections.Counter()
    names = {}
    for entry in entries:
        for identifier in {f["id"] for f in entry["findings"]}:
            guidelines[identifier] += 1
        for finding in entry["findings"]:
            kinds[finding["id"]] += 1
            names[finding["id"]] = finding["name"]
    answers = collections.Counter((i, r.split(":")[0]) for e in entries for i, _, r in e["replays"])
    seconds = sorted(e["seconds"] for e in entries if "seconds" in e)
    lines = ["| finding | findings | guidelines | patients | the same in the source |", "|---|---|---|---|---|"]
    for identifier in sorted(kinds):
        shown = sum(n for (i, _), n in answers.items() if i == identifier)
        same = f"{answers[identifier, 'yes']}" if shown else ""
        lines.append(f"| {identifier} {names[identifier].replace('_', ' ')} | {kinds[identifier]} | {guidelines[identifier]} | {shown or ''} | {same} |")
    unanswered = sum(f["id"] == "A1003" and "not known" in f["message"] for e in entries for f in e["findings"])
    lines += ["", f"{unanswered} of the gaps are there only as long as something is not answered, or no other was found in time."]
    if seconds:
        lines += ["", f"{len(entries)} guidelines; import and checks of one take {seconds[len(seconds) // 2]:.2f} s in the median, "
                  f"{seconds[int(len(seconds) * 0.95)]:.2f} s at the 95th percentile, {seconds[-1]:.2f} s at most; {sum(seconds):.0f} s for all."]
    return lines


def judgements():
    path = HERE / "audit.tsv"
    if not path.exists():
        return []
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [dict(zip(("source", "id", "subject", "judgement", "why"), row, strict=True)) for row in rows[1:]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, default=pathlib.Path(os.environ.get("ACESO_CORPUS", ROOT.parent / "shared/corpus")))
    parser.add_argument("--program", type=pathlib.Path, default=os.environ.get("ACESO_PROGRAM", ROOT / "build/release/tools/aceso/aceso"))
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--sample", type=int, help="the judged guidelines, and so many others by a fixed seed")
    parser.add_argument("--budget", help="seconds for the checks of one guideline; where they end, findings may be missing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    folder = arguments.corpus / "gdl2/guidelines"
    if not folder.is_dir():
        print(f"skipped: no corpus at {folder}")
        return 77
    judged = judgements()
    paths = sorted(folder.glob("*.gdl2.json"))
    wanted = {j["source"] for j in judged}
    if arguments.sample is not None:
        others = random.Random(7).sample([p for p in paths if p.name not in wanted], arguments.sample)
        paths = [p for p in paths if p.name in wanted or p in others]
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        entries = list(pool.map(lambda p: audit(arguments.program, p, pathlib.Path(work) / p.stem, arguments.budget), paths))
    failures = [f"{e['source']}: {i} {subject}: {r}" for e in entries for i, subject, r in e["replays"]
                if r.startswith("no") and (e["source"], subject) not in EXPLAINED]
    failures += [f"{e['source']}: {text}" for e in entries for text in e["errors"]]
    undecided = {(e["source"], f.get("subject", "")) for e in entries for f in e["findings"] if f["id"] == "A1015"}
    made = {(e["source"], f["id"], f.get("subject", "")) for e in entries for f in e["findings"]}
    audited = {e["source"] for e in entries}
    failures += [f"audit.tsv: {j['source']} has no {j['id']} of {j['subject']} any more" for j in judged
                 if j["source"] in audited and (j["source"], j["id"], j["subject"]) not in made
                 and (j["source"], j["subject"]) not in undecided]
    print("\n".join(report(entries)))
    print(f"\n{len(failures)} of them disagree with the source or cannot be checked")
    print("\n".join(failures))
    if arguments.report:
        arguments.report.write_text("\n".join(report(entries)) + "\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(entries))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
