#!/usr/bin/env python3
"""How long the deep checks take, from 100 to 10,000 rules, beside the plain check of the same text and beside plain Z3.

usage: speed.py --program ACESO --generator WRITE_GENERATED [--sizes N,N,...] [--runs N] [--z3-seconds S] [--work FOLDER]

Every figure is that of a whole process: the least of the runs, and the most memory that it held. The floor is `aceso check` without
--deep. Z3 (left out where it is not installed) is asked once a row; where both end, the rows that nobody reaches are compared, and the
run ends with 1 where they differ.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
FLAGSHIP = ROOT / "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso"
# What the project wants, in seconds, at the largest size.
GOALS = {"sparse": 0.5, "dense": 2, "unique": 1, "diff of ten edits": 1, "interacting rules": 10, "flagship": 0.3}
SECONDS_OF_ACESO = 600


def measure(command, runs, seconds=SECONDS_OF_ACESO):
    """Least seconds of a process, most MB that it held, what it wrote; None where it did not end in time."""
    best, memory, text = None, 0, ""
    for _ in range(runs):
        with tempfile.TemporaryFile("w+") as out:
            start = time.monotonic()
            process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT)
            status = None
            while status is None:
                pid, code, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    status = os.waitstatus_to_exitcode(code)
                elif time.monotonic() - start > seconds:
                    process.kill()
                    os.wait4(process.pid, 0)
                    process.returncode = -9
                    return None
                else:
                    time.sleep(0.002)
            process.returncode = status
            took = time.monotonic() - start
            out.seek(0)
            text = out.read()
        if status not in (0, 1):
            sys.exit(f"{' '.join(map(str, command))} ended with {status}:\n{text[-2000:]}")
        best = took if best is None else min(best, took)
        memory = max(memory, usage.ru_maxrss / 1024)
    return best, memory, text


def unreached(text):
    """Rows that nobody reaches, as the deep check tells them."""
    return len(re.findall(r"^.*A1001.*$", text, re.M))


def show(name, size, floor, deep, goal, z3):
    over = f"{deep[0]:.2f}" if deep else f"> {SECONDS_OF_ACESO}"
    ratio = f"{deep[0] / floor[0]:.1f}" if deep else "-"
    memory = f"{deep[1]:.0f}" if deep else "-"
    print(f"| {name} | {size} | {floor[0]:.2f} | {over} | {ratio} | {memory} | {goal} | {z3} |", flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--z3-seconds", type=float, default=60)
    parser.add_argument("--work", default="build/generated_checks")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    folder = pathlib.Path(options.work)
    subprocess.run([options.generator, folder], check=True)
    z3 = shutil.which("z3")
    aceso, differs = options.program, False
    print(f"load of the last minute at the start: {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores; "
          f"{'z3 ' + subprocess.run([z3, '--version'], capture_output=True, text=True).stdout.split()[2] if z3 else 'no z3'}\n")
    print("| what | rules | plain check, s | deep check, s | ratio | MB | goal, s | Z3, s |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in ("sparse", "dense", "unique", "flawed"):
        for size in sizes:
            path = folder / f"{kind}_{size}.aceso"
            floor = measure([aceso, "check", path], options.runs)
            deep = measure([aceso, "check", "--deep", path], options.runs)
            beside = "-"
            if z3:
                answer = measure([z3, path.with_suffix(".smt2")], 1, options.z3_seconds)
                beside = f"{answer[0]:.1f}" if answer else f"> {options.z3_seconds:.0f}"
                if answer and "(error" in answer[2]:
                    sys.exit(f"z3 does not understand {path.with_suffix('.smt2')}:\n{answer[2][:500]}")
                if answer and deep and kind in ("sparse", "dense"):
                    ours, theirs = unreached(deep[2]), answer[2].split().count("unsat")
                    if ours != theirs:
                        differs = True
                        beside += f" (differs: {theirs} rows unreached, {ours} here)"
            show(f"{kind} table", size, floor, deep, GOALS.get(kind, "-") if size == max(sizes) else "-", beside)
    for size in sizes:
        old, new = folder / f"edited_{size}_old.aceso", folder / f"edited_{size}_new.aceso"
        floor = measure([aceso, "check", old, new], options.runs)
        deep = measure([aceso, "diff", old, new], options.runs)
        show("diff of ten edits", size, floor, deep, GOALS["diff of ten edits"] if size == max(sizes) else "-", "-")
    for name, path, size in (("interacting rules", folder / "rules_2000.aceso", 2000), ("flagship", FLAGSHIP, "-")):
        floor = measure([aceso, "check", path], options.runs)
        deep = measure([aceso, "check", "--deep", path], options.runs)
        show(name, size, floor, deep, GOALS[name], "-")
    print(f"\nload of the last minute at the end: {os.getloadavg()[0]:.1f}")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
