#!/usr/bin/python3
"""Holds the flagship guideline to its source note.

Every declaration has a citation or a written reason, every citation names a section and references that the note
has, every section of the note has rows in the README's table, every name there exists, and the cases are as many
and as various as promised. The same checks are then run on mutated copies and must fail there.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

GUIDELINE = Path("guidelines/lumbar_radiculopathy")
MODULES = [Path("stdlib/spine.aceso"), Path("stdlib/exam.aceso")]

# The headings of the note, with the references that stand below each of them.
SECTIONS = {
    "Clarification of Terminology": {1},
    "Initial Conservative Management (First 4-6 Weeks)": {1, 2},
    "Red Flag Exclusion (Requires Immediate Imaging)": {1, 2},
    "Conservative Treatment Components": {1},
    "Clinical Diagnosis of L4 vs L5 Radiculopathy": {1, 3},
    "L4 Nerve Root Compression (L3-L4 or L4-L5 disc)": {1},
    "L5 Nerve Root Compression (L4-L5 or L5-S1 disc)": {3},
    "Important Clinical Pitfall": {4, 5},
    "Imaging After Failed Conservative Management": {1, 2},
    "MRI Indications": {1, 2},
    "MRI Findings": {1, 2},
    "Alternative Imaging (When MRI Contraindicated)": {2},
    "Interventional and Surgical Considerations": set(),
    "Electrodiagnostic Studies": {2},
    "Surgical Referral Criteria": {1, 2},
    "Common Diagnostic Pitfalls": {1, 2, 4, 5, 6},
}

# How many rows the table needs at least: the sentences and bullets of the section.
ROWS = {
    "Clarification of Terminology": 2,
    "Red Flag Exclusion (Requires Immediate Imaging)": 5,
    "Conservative Treatment Components": 3,
    "L4 Nerve Root Compression (L3-L4 or L4-L5 disc)": 5,
    "L5 Nerve Root Compression (L4-L5 or L5-S1 disc)": 5,
    "Important Clinical Pitfall": 2,
    "MRI Indications": 3,
    "MRI Findings": 3,
    "Alternative Imaging (When MRI Contraindicated)": 3,
    "Surgical Referral Criteria": 3,
    "Common Diagnostic Pitfalls": 4,
}

# What the note says in figures and words must be in the guideline's own words somewhere.
FACTS = ["69.7%", "64.1%", "64.9%", "20-28%", "lumbar puncture", "Equal to MRI", "L4-L5 and L5-S1", "4-6 week"]

CITED_KINDS = ["inputs", "define", "table", "rule", "caution", "action", "action_class", "constraint",
               "differential", "pathway", "property", "interpretation"]
KINDS = CITED_KINDS + ["guideline", "use", "source", "module", "type", "function", "case", "codes"]

MINIMUM_CASES = 40
MINIMUM_CASES_OVER_TIME = 8
MINIMUM_CASE_FILES = 12


class Declaration:
    def __init__(self, kind, name, text):
        self.kind = kind
        self.name = name
        self.text = text


def without_comments(text):
    """Drops comments but leaves texts in quotation marks alone."""
    return re.sub(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', lambda m: m.group(1) or "", text, flags=re.S)


def without_texts(text):
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def declarations_of(text):
    """Top-level declarations: a keyword at the start of a line, up to the next one. Trailing cites belong to it."""
    text = without_comments(text)
    starts = [m for m in re.finditer(r'^(%s)\b[ \t]+([\w.]+|"[^"\n]*")' % "|".join(KINDS), text, flags=re.M)]
    result = []
    for i, m in enumerate(starts):
        end = starts[i + 1].start() if i + 1 < len(starts) else len(text)
        result.append(Declaration(m.group(1), m.group(2).strip('"'), text[m.start():end]))
    return result


def items_of(group):
    """Names of the inputs of a group."""
    body = without_texts(group.text)
    return re.findall(r'^\s+(\w+)\s*:\s*[a-z]', body, flags=re.M)


def names_in(text):
    """Every name that a README row may point to: declarations, inputs, stages."""
    names = set()
    for declaration in declarations_of(text):
        if declaration.kind in ("case", "use"):
            continue
        names.add(declaration.name)
        if declaration.kind == "inputs":
            names.update(items_of(declaration))
        if declaration.kind == "pathway":
            names.update(stages_of(declaration))
    return names


def stages_of(pathway):
    return re.findall(r'^\s+stage\s+(\w+)', without_texts(pathway.text), flags=re.M)


def table_rows(readme):
    part = readme.split("## Where each sentence of the note went", 1)
    if len(part) < 2:
        return []
    rows = []
    for line in part[1].split("\n## ", 1)[0].splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and not set(cells[0]) <= {"-"} and not cells[0].startswith("Section"):
            rows.append(cells)
    return rows


def facts_of_case(case):
    """What a case block without times says of each red flag: True, False or 'unknown'. None for absent."""
    given = " ".join(re.findall(r'\bgiven\b(.*?)(?=\bexpect\b|\bgiven\b|\Z)', without_texts(case.text), flags=re.S))
    facts = {}
    for part in re.split(r'[,{}]', given):
        words = part.split()
        if len(words) == 2 and words[0] == "not":
            facts[words[1]] = False
        elif len(words) == 2 and words[0] == "no":
            facts["no " + words[1]] = True
        elif len(words) == 1:
            facts[words[0]] = True
        elif len(words) >= 2 and "unknown" in words[1:3]:
            facts[words[0]] = "unknown"
    return facts


def check(root):
    """All complaints about the flagship below `root`."""
    complaints = []
    folder = root / GUIDELINE
    text = (folder / "lumbar_radiculopathy.aceso").read_text(encoding="utf-8")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    words = without_comments(text)
    declarations = declarations_of(text)
    by_kind = {kind: [d for d in declarations if d.kind == kind] for kind in KINDS}

    reasons = " ".join(d.text for d in by_kind["interpretation"]) + readme.split("## What could not be", 1)[-1]
    for declaration in declarations:
        if declaration.kind in CITED_KINDS and not re.search(r'\bcite\s+note\b', without_texts(declaration.text)):
            if not re.search(r'\b%s\b' % re.escape(declaration.name), reasons) or declaration.kind == "interpretation":
                complaints.append(f"{declaration.kind} {declaration.name} has neither a citation nor a reason")
    for declaration in by_kind["interpretation"]:
        for field in ("text", "reading", "decided_by"):
            if not re.search(r'^\s+%s\s+"[^"]+"' % field, declaration.text, flags=re.M):
                complaints.append(f"interpretation {declaration.name} has no {field}")
        if not re.search(r'\bcite\s+%s\b' % declaration.name, words):
            complaints.append(f"nothing cites the interpretation {declaration.name}")

    for path, source, source_name in [(folder / "lumbar_radiculopathy.aceso", text, "note")] + [
            (root / m, (root / m).read_text(encoding="utf-8"), "radiculopathy_note") for m in MODULES]:
        for cited in re.finditer(r'\bcite\s+%s\b(?:\s+at\s+"([^"]*)")?(?:\s+refs\s+([\d, ]*\d))?' % source_name,
                                 without_comments(source)):
            section, refs = cited.group(1), {int(r) for r in re.findall(r'\d+', cited.group(2) or "")}
            if section not in SECTIONS:
                complaints.append(f"{path.name} cites a section that the note does not have: {section}")
            elif not refs or not refs <= SECTIONS[section]:
                complaints.append(f"{path.name} cites references {sorted(refs)} at {section}; it has {sorted(SECTIONS[section])}")
    for fact in FACTS:
        if fact not in words:
            complaints.append(f"the guideline does not say {fact!r}")

    known = names_in(text)
    for module in MODULES:
        known |= names_in((root / module).read_text(encoding="utf-8"))
    rows = table_rows(readme)
    counted = {}
    mentioned = set()
    for section, place, _, names in rows:
        counted[section] = counted.get(section, 0) + 1
        if section not in SECTIONS:
            complaints.append(f"README: the note has no section {section!r}")
        pointed = re.findall(r'`([^`]+)`', names)
        if not pointed:
            complaints.append(f"README: {section}, {place} points to no declaration")
        for name in pointed:
            mentioned.add(name)
            if name not in known:
                complaints.append(f"README: {section}, {place} points to {name}, which does not exist")
    for section in SECTIONS:
        if counted.get(section, 0) < ROWS.get(section, 1):
            complaints.append(f"README: {section} has {counted.get(section, 0)} rows, of at least {ROWS.get(section, 1)}")
    for kind in ("rule", "caution", "action", "constraint", "table", "differential", "property", "interpretation", "define"):
        for declaration in by_kind[kind]:
            if declaration.name not in mentioned:
                complaints.append(f"README: no row points to the {kind} {declaration.name}")
    for group in by_kind["inputs"]:
        for name in items_of(group):
            if name not in mentioned:
                complaints.append(f"README: no row points to the input {name}")

    complaints += check_cases(folder, by_kind)
    return complaints


def check_cases(folder, by_kind):
    complaints = []
    flags = [n for g in by_kind["inputs"] if g.name == "red_flags" for n in items_of(g)]
    if len(flags) != 7:
        complaints.append(f"{len(flags)} red flags, of 7")
    blocks = by_kind["case"]
    over_time = sum(1 for c in blocks if re.search(r'\bat\s+(day|week|\d{4}-)', without_texts(c.text)))
    facts = [facts_of_case(c) for c in blocks if not re.search(r'\bat\s+(day|week|\d{4}-)', without_texts(c.text))]
    files = sorted((folder / "cases").glob("*.json"))
    titles = [c.name for c in blocks]
    for path in files:
        case = json.loads(path.read_text(encoding="utf-8"))
        if not case.get("title") or not case.get("expect") or not case.get("now"):
            complaints.append(f"{path.name} has no title, no instant or expects nothing")
        titles.append(case.get("title"))
        over_time += 1 if case.get("events") else 0
        if not case.get("events"):
            facts.append({k: "unknown" if isinstance(v, dict) and "unknown" in v else v for k, v in case["inputs"].items()})
    for title in sorted({t for t in titles if titles.count(t) > 1}):
        complaints.append(f"two cases are called {title!r}")
    for block in blocks:
        if not re.search(r'\bexpect\b', without_texts(block.text)):
            complaints.append(f"case {block.name!r} expects nothing")
    total = len(blocks) + len(files)
    if total < MINIMUM_CASES:
        complaints.append(f"{total} cases, of at least {MINIMUM_CASES}")
    if over_time < MINIMUM_CASES_OVER_TIME:
        complaints.append(f"{over_time} cases over time, of at least {MINIMUM_CASES_OVER_TIME}")
    if len(files) < MINIMUM_CASE_FILES:
        complaints.append(f"{len(files)} case files, of at least {MINIMUM_CASE_FILES}")
    for flag in flags:
        others = [f for f in flags if f != flag]
        if not any(c.get(flag) is True and all(c.get(o) is False for o in others) for c in facts):
            complaints.append(f"no case in which {flag} is the only red flag")
        if not any(c.get(flag, "unknown") == "unknown" and all(c.get(o) is False for o in others) for c in facts):
            complaints.append(f"no case in which {flag} alone is unknown")
    for days in (27, 28, 41, 42):
        if not any(f"conservative_care_duration = {days} days" in c.text for c in blocks):
            complaints.append(f"no case at {days} days of conservative care")
    return complaints


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"self-check: {old!r} not found in {path.name}")
    path.write_text(text.replace(old, new), encoding="utf-8")


MUTATIONS = [
    ("a row that points nowhere", lambda g: replace(g / "README.md", "`root_numbering`", "`root_numbring`")),
    ("a section without rows", lambda g: replace(g / "README.md", "| Electrodiagnostic Studies |", "| Electrodiagnosis |")),
    ("a rule without a row", lambda g: replace(g / "README.md", "`confirm_diagnosis`", "`emg_ncs`")),
    ("a citation of a section that is not there",
     lambda g: replace(g / "lumbar_radiculopathy.aceso", 'at "Electrodiagnostic Studies"', 'at "Electrodiagnostics"')),
    ("a reference that the section does not have",
     lambda g: replace(g / "lumbar_radiculopathy.aceso", '"Common Diagnostic Pitfalls" refs 6', '"MRI Findings" refs 6')),
    ("a figure that is gone", lambda g: replace(g / "lumbar_radiculopathy.aceso", "64.1%", "61.4%")),
    ("a declaration without a citation", lambda g: replace(
        g / "lumbar_radiculopathy.aceso", "define still_symptomatic", "define nothing_cited = fever\n\ndefine still_symptomatic")),
    ("a red flag that no case has alone", lambda g: replace(
        g / "lumbar_radiculopathy.aceso", "given  suspected_radiculopathy, unexplained_weight_loss,",
        "given  suspected_radiculopathy,")),
]


def self_check(root):
    """Each mutated copy must be found wanting."""
    unnoticed = []
    for title, mutate in MUTATIONS:
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place)
            shutil.copytree(root / GUIDELINE, copy / GUIDELINE)
            (copy / "stdlib").mkdir()
            for module in MODULES:
                shutil.copy(root / module, copy / module)
            mutate(copy / GUIDELINE)
            if not check(copy):
                unnoticed.append(f"self-check: {title} was not noticed")
    return unnoticed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("ACESO_ROOT", Path(__file__).resolve().parents[2])
    parser.add_argument("--root", type=Path, default=default, help="root of the source tree")
    root = parser.parse_args().root.resolve()
    complaints = check(root)
    if not complaints:
        complaints = self_check(root)
    for complaint in complaints:
        print(complaint)
    if complaints:
        return 1
    text = (root / GUIDELINE / "lumbar_radiculopathy.aceso").read_text(encoding="utf-8")
    found = declarations_of(text)
    print(f"{sum(1 for d in found if d.kind in CITED_KINDS)} declarations cited, "
          f"{sum(1 for d in found if d.kind == 'case')} case blocks, "
          f"{len(list((root / GUIDELINE / 'cases').glob('*.json')))} case files, "
          f"{len(MUTATIONS)} mutations noticed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
