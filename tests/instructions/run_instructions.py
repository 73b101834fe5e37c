#!/usr/bin/env python3
"""Holds the number of instructions of one decision of the flagship, counted by valgrind, which no load of the machine
moves. A line that is crossed by more than the tolerance fails, in either direction: what has become cheaper by more is
written down here, so that it stays so.

Valgrind's processor has no instructions for SHA-256, so `json` counts 26,000 and `load` 1,950,000 of the portable hash
that most machines do not run.

The lines are those of g++ 12 in the release build; another build, or a machine without valgrind, skips the test.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LINES = {"slots": 6_650, "set": 8_420, "outcomes": 15_200, "json": 172_000, "load": 2_780_000}
TOLERANCE = 0.10
FEW, MANY = 20, 120  # what both have in common, the start of the program, falls out of the difference

ROOT = pathlib.Path(os.environ["ACESO_ROOT"])
FLAGSHIP = ROOT / "guidelines" / "lumbar_radiculopathy"


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


def instructions(program, module, what, times, folder):
    out = pathlib.Path(folder) / "counts"
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(program), str(module),
               str(FLAGSHIP / "cases" / "six-weeks-no-relief.json"), what, str(times)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{run.stdout}{run.stderr}")
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    compiler = subprocess.run([os.environ["ACESO_CXX"], "--version"], capture_output=True, text=True).stdout
    if not re.search(r"\(Debian 12\.", compiler) or "g++" not in compiler or os.environ["ACESO_BUILD_TYPE"] != "Release":
        skip("the lines are those of g++ 12 in the release build")
    if shutil.which("valgrind") is None:
        skip("valgrind is not installed; tools/dev setup does it")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        module = pathlib.Path(folder) / "flagship.acb"
        subprocess.run([os.environ["ACESO_PROGRAM"], "build", str(FLAGSHIP / "lumbar_radiculopathy.aceso"), "-o", str(module)],
                       check=True)
        for what, line in LINES.items():
            few, many = (instructions(os.environ["ACESO_COUNTED"], module, what, n, folder) for n in (FEW, MANY))
            each = (many - few) // (MANY - FEW)
            holds = abs(each - line) <= TOLERANCE * line
            failed |= not holds
            print(f"{what}: {each:,} instructions, the line is {line:,}{'' if holds else '  -- MISSED'}")
    sys.exit(1 if failed else 0)


main()
