#!/usr/bin/python3
"""What programs that were built against an older Aceso rely on: run_frozen.py LIBRARY BATCH_LIBRARY.

The symbols of the shared library, the layout of the structs of aceso.h and the values of its constants stay as
tests/golden/abi has them (ACESO_RENEW=1 writes them anew; a change of what is there needs a new ACESO_ABI_VERSION).
The header is strict C99 and C++98, and every function in it is documented. The library is small and needs nothing but
what it may; that of the batch engine shows one name. docs/embedding.md lists every fault of calls.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ["ACESO_ROOT"])
HEADER = ROOT / "runtime/include/aceso/aceso.h"
GOLDEN = ROOT / "tests/golden/abi"
# Without its symbols: what loads, verifies, decides and explains. docs/decisions/0019-size.md tells how.
MOST_BYTES, MOST_BATCH_BYTES = 662_000, 689_000  # 500,000 is aimed at
MOST_OTHERWISE = 1_150_000  # other compilers and other kinds of builds
MAY_NEED = re.compile(r"lib(fmt|stdc\+\+|gcc_s|c|m)\.so|ld-linux")
FUNCTION = re.compile(r"^ACESO_API [^;]*?\b(aceso_\w+)\(", re.MULTILINE | re.DOTALL)
STRUCT = re.compile(r"^typedef struct (\w+) \{\n(.*?)^\} \1;", re.MULTILINE | re.DOTALL)
ENUM = re.compile(r"^enum \{(.*?)\};", re.MULTILINE | re.DOTALL)

faults = []


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        faults.append(f"{' '.join(map(str, command))}:\n{result.stdout}")
    return result.stdout


def compare(name, text):
    path = GOLDEN / name
    if os.environ.get("ACESO_RENEW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if not path.exists() or path.read_text() != text:
        old = set(path.read_text().splitlines()) if path.exists() else set()
        new = set(text.splitlines())
        faults.append(f"{path} is not what is there now: gone {sorted(old - new)}, new {sorted(new - old)}")


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def check_symbols(library, header):
    shown = [line.split() for line in run("nm", "-D", "--defined-only", library).splitlines()]
    symbols = sorted(row[2].split("@")[0] for row in shown if row[1] != "A")
    declared = sorted(FUNCTION.findall(header))
    if symbols != declared:
        faults.append(f"shown and not declared, or the reverse: {sorted(set(symbols) ^ set(declared))}")
    compare("symbols.txt", "".join(name + "\n" for name in symbols))


def check_component(library):
    shown = [line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()]
    if shown != ["aceso_batch_component"]:
        faults.append(f"{library} shows {shown}")


def check_documentation(header):
    for match in FUNCTION.finditer(header):
        if not header[: match.start()].rstrip().endswith("*/"):
            faults.append(f"{match.group(1)} is not documented")


def check_layout(header, folder):
    lines = []
    for name, body in STRUCT.findall(header):
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        plain = re.sub(r"\(\*(\w+)\)\([^)]*\)", r"\1", without_comments(body))
        parts = [part.strip() for part in plain.split(";")[:-1]]
        for field in [name for part in parts for name in re.findall(r"(\w+)(?:\[\d+\])?(?=,|$)", part)]:
            lines.append(f'printf("  {field} %zu\\n", offsetof({name}, {field}));')
    for body in ENUM.findall(without_comments(header)):
        for constant in re.findall(r"\b(ACESO_\w+) =", body):
            lines.append(f'printf("{constant} %d\\n", (int){constant});')
    source = folder / "layout.c"
    source.write_text("#include <aceso/aceso.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0;}\n")
    program = folder / "layout"
    run("cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{HEADER.parent.parent}", source, "-o", program)
    if program.exists():
        compare("layout.txt", run(program))


def check_header(folder):
    alone = folder / "alone.c"
    alone.write_text("#include <aceso/aceso.h>\n#include <aceso/aceso.h>\nint main(void) { return 0; }\n")
    strict = ("-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", f"-I{HEADER.parent.parent}")
    run("cc", "-std=c99", "-Wstrict-prototypes", *strict, alone)
    run("c++", "-std=c++98", "-Wno-long-long", *strict, "-x", "c++", alone)
    wrapper = folder / "wrapper.cpp"
    wrapper.write_text("#include <aceso/aceso.hpp>\n#include <aceso/aceso.hpp>\nint main() {}\n")
    run("c++", "-std=c++17", "-Wconversion", *strict, wrapper)


def check_library(library, most, folder):
    stripped = folder / "stripped.so"
    run("strip", "-o", stripped, library)
    size = stripped.stat().st_size
    name = Path(library).name
    print(f"{name} has {size} bytes without its symbols; at most {most} are allowed")
    if size > most:
        faults.append(f"{name} is too large")
    for name in re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", library)):
        if not MAY_NEED.match(name):
            faults.append(f"the library needs {name}")


def check_faults():
    page = (ROOT / "docs/embedding.md").read_text()
    for fault in re.findall(r'"(A\d{4})"', (ROOT / "runtime/api/api_faults.def").read_text()):
        if fault not in page:
            faults.append(f"docs/embedding.md does not list {fault}")


def main():
    library, batch = sys.argv[1:]
    is_whole = os.environ["ACESO_WHOLE_OPTIMISATION"] == "ON"
    header = HEADER.read_text()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_symbols(library, header)
        check_documentation(header)
        check_layout(header, folder)
        check_header(folder)
        check_library(library, MOST_BYTES if is_whole else MOST_OTHERWISE, folder)
        check_library(batch, MOST_BATCH_BYTES if is_whole else MOST_OTHERWISE, folder)
        check_component(batch)
        check_faults()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
