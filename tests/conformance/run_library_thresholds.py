#!/usr/bin/python3
"""Holds every number of the standard library to its cases.

Each number and each comparison of a module (outside its sources, inputs, types and cases) is changed by one step in its
last digit, and the cases of the module must notice. So no threshold, weight or coefficient can drift. What cannot be
noticed, because the meaning is the same, is listed with the reason. A module whose cases are too weak is tried first and
must be caught.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Changes that leave the meaning as it is: in a table that takes the first row, an earlier row has the value already.
SAME_MEANING = {
    ("centor", "15 years to 44 years -> 0", "15 -> 14"),
    ("centor", ">= 45 years          -> -1", "45 -> 44"),
}

COMPARISONS = [(r"(?<![<>=!])>=", ">"), (r"(?<![<>=!-])>(?!=)", ">="), (r"<=", "<"), (r"<(?!=)", "<="),
               (r"\bbelow\b", "up to"), (r"\bup to\b", "below")]

WEAK = '''module weak "Weak"
inputs weak { value : number from 0 to 100 step 1 "Value?" }
define high = value >= 50
case "Far from the limit" {
  given  value = 80
  expect high
}
'''


def blanked(line):
    """The line without what stands in texts, quoted units and comments; every other sign keeps its column."""
    line = re.sub(r'"[^"]*"', lambda text: '"' + " " * (len(text[0]) - 2) + '"', line)
    line = re.sub(r"'[^']*'", lambda unit: "'" + "#" * (len(unit[0]) - 2) + "'", line)
    return re.sub(r"//.*", lambda comment: " " * len(comment[0]), line)


def changes_of_line(line):
    """All changed forms of a line, each with what was changed."""
    code = blanked(line)
    for number in re.finditer(r"(?<![\w.\[])(\d+(?:\.\d+)?)(?![\w.])", code):
        if re.search(r"\b(from|to|step)$", code[:number.start()].rstrip(" -")) and "from" in code:
            continue  # the range of a declared type
        digits = len(number[1].partition(".")[2])
        for step in (1, -1):
            value = float(number[1]) + step * 10 ** -digits
            if value >= 0:
                yield line[:number.start()] + f"{value:.{digits}f}" + line[number.end():], f"{number[1]} -> {value:.{digits}f}"
    for pattern, other in COMPARISONS:
        for sign in re.finditer(pattern, code):
            yield line[:sign.start()] + other + line[sign.end():], f"{sign[0]} -> {other}"


def changes_of_module(text):
    """All changed forms of a module, each with the line and what was changed."""
    lines = text.split("\n")
    cases = next((index for index, line in enumerate(lines) if line.startswith('case "')), len(lines))
    skipping = False
    for index, line in enumerate(lines[:cases]):
        if re.match(r"(source|interpretation|inputs|type|codes) ", line):
            skipping = not line.rstrip().endswith("}")
            continue
        if skipping:
            skipping = not line.startswith("}")
            continue
        if re.match(r"\s*(cite|module|use) ", line):
            continue
        for changed, what in changes_of_line(line):
            yield "\n".join(lines[:index] + [changed] + lines[index + 1:]), line.strip(), what


def unnoticed(program, name, text, folder):
    """The changes that the cases of a module do not notice."""
    def survives(numbered):
        number, (changed, line, what) = numbered
        path = Path(folder) / f"{name}-{number}.aceso"
        path.write_text(changed, encoding="utf-8")
        run = subprocess.run([program, "test", str(path)], capture_output=True, text=True, check=False)
        path.unlink()
        if run.returncode > 1:
            raise RuntimeError(f"{name}: {line}: {what}: exit {run.returncode}\n{run.stdout}{run.stderr}")
        return (line, what) if run.returncode == 0 else None

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(survives, enumerate(changes_of_module(text)))
        return [change for change in found if change and (name, *change) not in SAME_MEANING]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM", "aceso"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT", "."))
    parser.add_argument("modules", nargs="*", help="only these modules")
    arguments = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        if len(unnoticed(arguments.program, "weak", WEAK, folder)) != 3:
            failures.append("a module with weak cases was not caught")
        modules = sorted((Path(arguments.root) / "stdlib").glob("*.aceso"))
        for path in modules:
            if arguments.modules and path.stem not in arguments.modules:
                continue
            for line, what in unnoticed(arguments.program, path.stem, path.read_text(encoding="utf-8"), folder):
                failures.append(f"stdlib/{path.name}: no case notices {what} in: {line}")
    for failure in failures:
        print(failure)
    print(f"{len(modules)} modules, {len(failures)} failures")
    return 1 if failures or not modules else 0


if __name__ == "__main__":
    sys.exit(main())
