#!/usr/bin/env python3
"""Whether everything that the library of GDL2 says comes over: into the Aceso text, the file for translators, or the list of omissions.

usage: run_nothing_lost.py [--corpus FOLDER] [--program ACESO]

The source is read here on its own, as JSON. Of each guideline: the codes of elements, rules and choices; paths and archetypes;
allowed values and units; names and descriptions of terms in every language; the description, the authors, the references. What a
rule means is not compared here: the cases of the library do that (run_cases.py). Exit: 0 nothing is lost, 1 something, 77 no corpus.
"""
import argparse
import collections
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODED = re.compile(r"local::([\w.]+)\|([^|]*)\|?")
# What stands in another way, and how.
EXPLAINED = {
    # A line end that is written as two signs.
    ("rpe.v1.gdl2.json", "reference"),
    # A reference without a space after its number.
    ("SCAP-Score.v1.gdl2.json", "reference"),
}


def flat(text):
    """Without the signs of comments, texts and line ends, which the import writes anew."""
    text = re.sub(r"^\s*(///?|#) ?", " ", html.unescape(html.unescape(text)), flags=re.MULTILINE)
    text = text.replace('\\"', '"').replace("\\n", " ").replace("\\\\", "\\")
    return re.sub(r"[\x00-\x20\xa0]+", " ", text).strip()


def said(text):
    """What the editor of the source writes for nothing: "*", and "*(en) ..." for what is not translated."""
    return bool(text) and bool(flat(text)) and not flat(text).startswith("*")


class Place:
    """Where the words of one guideline may be found."""

    def __init__(self, listed):
        text = pathlib.Path(listed["file"]).read_text(encoding="utf-8")
        omitted = " ".join(" ".join(each.values()) for each in listed["omissions"])
        translated = " ".join(re.sub(r'"\n"', "", pathlib.Path(p).read_text(encoding="utf-8")) for p in listed["translations"])
        self.words = flat(text) + " " + flat(omitted)
        self.all = self.words + " " + flat(translated)
        self.codes = {word.rstrip(".") for word in re.findall(r"[\w.]+", self.words)}
        self.omitted = flat(omitted)
        # The answers of a question follow it, each with its own code.
        yes_no = set(re.findall(r"^  (\w+) +: yes/no", text, re.MULTILINE))
        self.answers, asked = collections.defaultdict(set), None
        for name, system, code in re.findall(r'^\s+([\w.]+)\s+= (gdl2|archetype_\d+)\s+"([^"]+)"', text, re.MULTILINE):
            if "." in name:
                self.answers[asked].add(code)
            elif system == "gdl2":
                asked = None if name in yes_no else code

    def has(self, text):
        return flat(text) in self.all


def lost_of(source, place):
    """(kind, what) of each thing that is nowhere; the number of things looked for."""
    lost, count = [], 0

    def need(kind, what, found):
        nonlocal count
        count += 1
        if not found:
            lost.append((kind, str(what)))

    definition, description = source["definition"], source["description"]
    models = set()
    for binding in (definition.get("data_bindings") or {}).values():
        models.add(binding["model_id"])
        for element in (binding.get("elements") or {}).values():
            need("element", element["id"], element["id"] in place.codes)
            need("path", element["path"], place.has(element["path"]))
            need("archetype", binding["model_id"], place.has(binding["model_id"]))
            for value in element.get("allowed_values") or []:
                coded = CODED.search(value + "|")
                need("value", (element["id"], value), coded[1] in place.codes if coded else place.has(value))
            for unit in element.get("units") or []:
                need("unit", (element["id"], unit), place.has(unit))
    rules = definition.get("rules") or {}
    expressions = [e for rule in rules.values() for e in (rule.get("when") or []) + (rule.get("then") or [])]
    expressions += (definition.get("pre_conditions") or []) + (definition.get("default_actions") or [])
    for code, label in {found for e in expressions for found in CODED.findall(e)}:
        need("code", code, code in place.codes)
        need("label", label, place.has(label))
    for code, rule in rules.items():
        need("rule", code, code in place.codes)
        need("rule description", code, not said(rule.get("description")) or place.has(rule["description"]))
    author, other = description["original_author"], description.get("other_details") or {}
    for key in ("name", "organisation", "date", "email"):
        need(f"author's {key}", author.get(key), not author.get(key) or place.has(author[key]))
    for name in description.get("other_contributors") or []:
        need("contributor", name, place.has(name))
    for key in ("id", "date", "uuid"):
        need(key, source.get(key), not source.get(key) or place.has(source[key]))
    for line in re.split(r"[\r\n]+", other.pop("references", "") or ""):
        line = re.sub(r"^\s*(Ref(erence)?\.? ?\d+\s*:?|\d+\. |\[1\] )", "", line)
        need("reference", line, not said(line) or place.has(line))
    texts = [(f"description in {language}", text) for language, text in other.items()]
    for language, details in (description.get("details") or {}).items():
        texts += [(f"{key} in {language}", details.get(key)) for key in ("purpose", "use", "misuse", "copyright")]
        texts += [(f"keyword in {language}", word) for word in details.get("keywords") or []]
    for language, terms in source["ontology"]["term_definitions"].items():
        for code, term in terms["terms"].items():
            if term.get("text") not in models:
                texts += [(f"term in {language}", term.get("text")), (f"term described in {language}", term.get("description"))]
    for kind, text in texts:
        if isinstance(text, str) and said(text):
            for line in re.split(r"[\r\n]+", text):
                need(kind, line, not said(line) or place.has(line))
    for system, binding in (source["ontology"].get("term_bindings") or {}).items():
        need("terminology", system, not binding.get("bindings") or system in place.omitted)
    return lost, count


def shared_codes(source, place):
    """Elements with lists of their own: each code must stand with its own question, not only somewhere."""
    lost, count = [], 0
    for binding in (source["definition"].get("data_bindings") or {}).values():
        for code, element in (binding.get("elements") or {}).items():
            codes = [found[1] for value in element.get("allowed_values") or [] for found in [CODED.search(value + "|")] if found]
            if code not in place.answers:
                continue  # a yes/no, a decided value or an omission: looked for as a word
            count += len(codes)
            lost += [("answer", f"{code}: {each}") for each in codes if each not in place.answers[code]]
    return lost, count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=pathlib.Path, default=pathlib.Path(os.environ.get("ACESO_CORPUS", ROOT.parent / "shared/corpus")))
    parser.add_argument("--program", type=pathlib.Path, default=os.environ.get("ACESO_PROGRAM", ROOT / "build/release/tools/aceso/aceso"))
    arguments = parser.parse_args()
    folder = arguments.corpus / "gdl2/guidelines"
    if not folder.is_dir():
        print(f"skipped: no corpus at {folder}")
        return 77
    failures, count, whole = [], 0, 0
    with tempfile.TemporaryDirectory() as work:
        ran = subprocess.run([str(arguments.program), "import", "gdl2", *map(str, sorted(folder.glob("*.gdl2.json"))), "-o", work, "--format", "json"],
                             capture_output=True, text=True)
        for listed in json.loads(ran.stdout)["files"]:
            path = pathlib.Path(listed["source"])
            source, place = json.loads(path.read_text(encoding="utf-8-sig")), Place(listed)
            whole += not listed["omissions"]
            for lost, looked in (shared_codes(source, place), lost_of(source, place)):
                count += looked
                failures += [(path.name, *each) for each in lost]
    explained = [f for f in failures if f[:2] in EXPLAINED]
    failures = [f for f in failures if f[:2] not in EXPLAINED]
    print(f"{count} things of the source looked for; {len(explained)} stand in another way, {len(failures)} are lost; "
          f"{whole} guidelines come over wholly")
    for name, kind, what in failures:
        print(f"{name}: {kind}: {what[:200]}")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
