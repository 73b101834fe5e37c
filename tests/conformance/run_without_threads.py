#!/usr/bin/python3
"""Where the system gives no more threads (a limit on processes), every command says the same, by the one it has.

    run_without_threads.py    ACESO_PROGRAM, ACESO_ROOT, ACESO_CXX as for every script
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ["ACESO_PROGRAM"]
ROOT = Path(os.environ["ACESO_ROOT"])
# Stands before the function of the C library.
NO_THREADS = """
#include <errno.h>
extern "C" int pthread_create(void*, const void*, void* (*)(void*), void*) { return EAGAIN; }
"""


def said(folder, command, **environment):
    output = folder / "decided.csv"
    output.unlink(missing_ok=True)
    result = subprocess.run([PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            check=False, env={**os.environ, **environment}, timeout=120)
    lines = [line for line in result.stdout.splitlines() if "patients a second" not in line]
    return result.returncode, lines, output.read_text() if output.exists() else ""


def main():
    one = str(ROOT / "guidelines/hypertension_step_up/hypertension_step_up.aceso")
    other = str(ROOT / "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, library = folder / "no_threads.cpp", folder / "no_threads.so"
        source.write_text(NO_THREADS)
        subprocess.run([os.environ["ACESO_CXX"], "-shared", "-fPIC", source, "-o", library], check=True)
        patients = folder / "patients.csv"
        patients.write_text("suspected_radiculopathy,fever\n" + "yes,no\nyes,yes\n,no\n" * 5000)
        batch = ["batch", other, str(patients), "-o", str(folder / "decided.csv"), "--at", "2026-11-22T10:00:00Z",
                 "--jobs", "3", "--chunk", "16"]
        commands = [["check", one, other], ["check", "--deep", "--jobs", "3", one, other], ["test", one, other],
                    ["diff", one, other], ["compare", one, other],
                    ["mutate", str(ROOT / "examples/native/fever.aceso"), "--jobs", "3"], [*batch, "--engine", "batch"],
                    [*batch, "--engine", "vm"]]
        for command in commands:
            wanted = said(folder, command)
            got = said(folder, command, LD_PRELOAD=str(library))
            if got != wanted:
                sys.exit(f"aceso {' '.join(command)}\nwith threads {wanted}\nwithout {got}")
            if wanted[0] not in (0, 1) or not wanted[1]:
                sys.exit(f"aceso {' '.join(command)} says nothing: {wanted}")
        print(f"{len(commands)} commands say the same without threads")
    return 0


if __name__ == "__main__":
    sys.exit(main())
