#!/usr/bin/python3
"""Machine code ahead of time: `aceso build --native`, and a program in C that uses what it makes.

    run_native.py        ACESO_PROGRAM, ACESO_ROOT as for every script; 77 where native code cannot be made here
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ["ACESO_PROGRAM"]
ROOT = Path(os.environ["ACESO_ROOT"])
EXAMPLE = ROOT / "examples" / "native"


def run(*command, expect=0, **environment):
    result = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env={**os.environ, **environment})
    if result.returncode != expect:
        sys.exit(f"{' '.join(map(str, command))} ended with {result.returncode}, not {expect}:\n{result.stdout}")
    return result.stdout


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        guideline = EXAMPLE / "fever.aceso"
        # Without LLVM: a named error, and the module can be built all the same.
        told = run(PROGRAM, "build", guideline, "--native", "-o", folder / "fever", expect=3, ACESO_JIT_LIBRARY="")
        if "A0900" not in told:
            sys.exit(f"without LLVM it says: {told}")
        run(PROGRAM, "build", guideline, "-o", folder / "fever.acb", ACESO_JIT_LIBRARY="")

        built = subprocess.run([PROGRAM, "build", guideline, "--native", "-o", folder / "fever"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if "A0900" in built.stdout:
            print(f"SKIPPED: {built.stdout}")
            return 77
        if built.returncode != 0 or built.stdout:
            sys.exit(built.stdout)
        # Called by its name, as a shell finds it, it finds its libraries as well.
        by_name = subprocess.run(["aceso", "build", guideline, "--native", "-o", folder / "by_name"], cwd=folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                                 env={**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"})
        if by_name.returncode != 0:
            sys.exit(f"called as `aceso`: {by_name.stdout}")
        compiler = os.environ.get("CC") or "cc"
        if not shutil.which(compiler):
            print("SKIPPED: there is no C compiler")
            return 77
        # Against the object file, and against the shared library.
        for what, output in (("fever.o", "with_object"), ("fever.so", "with_library")):
            run(compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{folder}", EXAMPLE / "decide.c", folder / what,
                f"-Wl,-rpath,{folder}", "-o", folder / output)
            said = run(folder / output)
            if said != (EXAMPLE / "expected.txt").read_text():
                sys.exit(f"{output} says:\n{said}")
        # The module that it belongs to says the same.
        module = json.loads(run(PROGRAM, "run", folder / "fever.acb", EXAMPLE / "case.json", "--format", "json"))
        if [r["status"] for r in module["recommendations"]] != ["advised"]:
            sys.exit(f"the module says {module['recommendations']}")
        shown = run(PROGRAM, "dump", folder / "fever.acb")
        if not shown.endswith("outcomes alone: looked up in tables\n"):
            sys.exit(f"dump ends with {shown.splitlines()[-1]}")
        if shown.split("content sha256:")[1][:64] not in (folder / "fever.h").read_text():
            sys.exit("the header has another checksum than the module")
    return 0


if __name__ == "__main__":
    sys.exit(main())
