#!/usr/bin/python3
"""The documentation of the standard library is complete: each module stands in the index with its source, has a page that names
what it asks for and what it gives, quotes its sources, and is compared with something; the numbers of the index are true.

usage: run_stdlib_index.py [--root FOLDER]
"""

import argparse
import os
import re
import sys
from pathlib import Path

# What decides nothing by itself: units, questions and words that the others share.
SHARED = {"units", "spine", "exam", "patient", "vital_signs", "laboratory", "cardiovascular_history", "thrombosis", "injury",
          "two_week_frequency"}
FEWEST_SCORES = 40


def declared(text):
    """What a module gives (values, tables, functions) and asks for (inputs); its cases are left out."""
    body = text[:text.index("\ncase ")] if "\ncase " in text else text
    gives = re.findall(r"^(?:define|table|function) (\w+)", body, re.MULTILINE)
    asks = [name for group in re.findall(r"^inputs [^{]*\{(.*?)^\}", body, re.MULTILINE | re.DOTALL)
            for name in re.findall(r"^  (\w+)\s*:", group, re.MULTILINE)]
    return gives, asks


def faults_of(name, text, page, index):
    gives, asks = declared(text)
    if f"[std.{name}]({name}.md)" not in index:
        yield "is not in the index"
    row = re.search(rf"^\| \[std\.{name}\].*$", index, re.MULTILINE)
    sources = re.findall(r'^source (\w+) "([^"]*)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    for word in gives + asks:
        if f"`{word}`" not in page and f"`{word}(" not in page:
            yield f"its page does not name {word}"
    for source, title, body in sources:
        year = re.search(r"(?:19|20)\d\d", body)
        if year and year[0] not in page:
            yield f"its page does not give the year of {source}, {year[0]}"
        named = re.search(r"_((?:19|20)\d\d)$", source)
        if row and named and named[1] not in row[0]:
            yield f"its row in the index does not name {source}"
    if name in SHARED:
        return
    if not sources and "cite " not in text:
        yield "it names no source"
    for value in gives:
        after = text[re.search(rf"^(?:define|table|function) {value}\b", text, re.MULTILINE).start():]
        if "\ncite " not in after[:after.find("\n\n", 1) if "\n\n" in after else None] and len(sources) > 1:
            yield f"{value} cites nothing"
    if "\ncase " not in text:
        yield "it has no case"
    if f"std.{name}" not in index[index.index("## What the thresholds were checked against"):]:
        yield "the index does not say what its thresholds were compared with"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--root", type=Path, default=os.environ.get("ACESO_ROOT", Path(__file__).resolve().parents[2]))
    root = Path(arguments.parse_args().root)
    index = (root / "docs/stdlib/README.md").read_text(encoding="utf-8")
    modules = sorted(path.stem for path in (root / "stdlib").glob("*.aceso"))
    faults = []
    for name in modules:
        page = root / "docs/stdlib" / f"{name}.md"
        if not page.exists():
            faults.append(f"std.{name}: it has no page")
            continue
        text = (root / "stdlib" / f"{name}.aceso").read_text(encoding="utf-8")
        faults += [f"std.{name}: {fault}" for fault in faults_of(name, text, page.read_text(encoding="utf-8"), index)]
        if f"use std.{name}\n" not in index:
            faults.append(f"std.{name}: it is not used in the example of all modules")
    faults += [f"{path.name}: there is no such module" for path in (root / "docs/stdlib").glob("*.md")
               if path.stem not in modules and path.stem != "README"]
    scores = [name for name in modules if name not in SHARED]
    if f"Of the {len(modules)} modules, {len(scores)} are scores and criteria" not in index:
        faults.append(f"the index does not say that {len(scores)} of {len(modules)} modules are scores and criteria")
    if len(scores) < FEWEST_SCORES:
        faults.append(f"there are {len(scores)} scores and criteria, fewer than {FEWEST_SCORES}")
    print(f"{len(modules)} modules, {len(scores)} scores and criteria, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
