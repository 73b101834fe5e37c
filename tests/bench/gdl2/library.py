#!/usr/bin/env python3
"""How long the whole library of GDL2 guidelines takes: import, check, all its cases.

usage: library.py --program ACESO [--corpus FOLDER] [--each]

Each stage is one process over all files. Beside it stands its floor, what the stage has to do in any case: for the import, reading
the bytes of the sources and their JSON (with Python's parser in C); for the check, reading and laying out the same text
(`aceso fmt --check`); for the cases, the check. Seconds are those of the processor, so that they hold on a busy machine; on the
machine at hand they say little about another one, the ratios do. `--each` imports and checks every guideline in a process of
its own and prints the slowest as multiples of the median. Exit: 0, or 77 where the library is not there.
"""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
ALLOWED = {"import": 60.0, "check": 60.0, "cases": 5.0}  # import and check together


def seconds_of(*command):
    """Seconds of the processor of a command, and by the clock; 1 and 3 are findings and single files that cannot be read."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(str(word) for word in command[:3])} ended with {done.returncode}: {done.stderr.strip()[:300]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def bytes_read(paths):
    start = time.process_time()
    for path in paths:
        text = path.read_bytes()
        if path.suffix == ".json":
            json.loads(text.decode("utf-8-sig"))
    return time.process_time() - start


def whole(program, sources, folder):
    cases = [path for source in sources if (path := source.with_name(source.name.replace(".gdl2.json", ".test.yml"))).exists()]
    print(f"{len(sources)} guidelines, {len(cases)} files of cases")
    floor = {"import": bytes_read(sources + cases)}
    took = {"import": seconds_of(program, "import", "gdl2", *sources, "--cases", "-o", folder)}
    floor["check"] = seconds_of(program, "fmt", "--check", folder)[0]
    took["check"] = seconds_of(program, "check", folder)
    floor["cases"] = took["check"][0]
    took["cases"] = seconds_of(program, "test", folder)
    print(f"{'stage':8} {'processor s':>12} {'clock s':>8} {'floor s':>8} {'ratio':>6} {'allowed s':>10}")
    for stage, (processor, clock) in took.items():
        print(f"{stage:8} {processor:12.2f} {clock:8.2f} {floor[stage]:8.2f} {processor / max(floor[stage], 0.01):6.1f} {ALLOWED[stage]:10.0f}")
    both = took["import"][0] + took["check"][0]
    print(f"import and check together: {both:.2f} s of {ALLOWED['check']:.0f} s; all cases: {took['cases'][0]:.2f} s of {ALLOWED['cases']:.0f} s")


def each(program, sources, folder):
    took = []
    for source in sources:
        one = folder / "each" / source.stem
        imported = seconds_of(program, "import", "gdl2", source, "-o", one)[0]
        took.append((imported + seconds_of(program, "check", one)[0], source.name))
    took.sort()
    median = took[len(took) // 2][0]
    print(f"one guideline, import and check: median {median * 1000:.0f} ms, 95th percentile {took[len(took) * 95 // 100][0] / median:.1f} times that")
    for seconds, name in reversed(took[-10:]):
        print(f"  {seconds / median:8.1f} times the median  {name}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/tools/aceso/aceso")
    parser.add_argument("--corpus", type=pathlib.Path, default=pathlib.Path(os.environ.get("ACESO_CORPUS", ROOT.parent / "shared/corpus")))
    parser.add_argument("--each", action="store_true")
    arguments = parser.parse_args()
    sources = sorted((arguments.corpus / "gdl2/guidelines").glob("*.gdl2.json"))
    if not sources:
        print(f"skipped: no library at {arguments.corpus / 'gdl2/guidelines'}")
        return 77
    with tempfile.TemporaryDirectory() as work:
        whole(arguments.program, sources, pathlib.Path(work) / "all")
        if arguments.each:
            each(arguments.program, sources, pathlib.Path(work))
    return 0


if __name__ == "__main__":
    sys.exit(main())
