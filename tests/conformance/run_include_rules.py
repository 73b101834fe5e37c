#!/usr/bin/python3
"""Who may include whom, and no path of somebody's own machine in a tracked file.

    run_include_rules.py [--root FOLDER]   checks the repository
    run_include_rules.py --self-check      feeds the rules sources that break them, and fails when one gets through

Stands beside docs/architecture.md: a new folder under runtime/ or compiler/source/ has to be entered here first.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# Folder -> the folders whose headers it may include, besides its own.
RUNTIME = {
    "values": set(),
    "module": {"values"},
    "interpret": {"module", "values"},
    "batch": {"interpret", "module", "values"},
    "lookup": {"batch", "interpret", "module", "values"},
    "jit": {"batch", "lookup", "interpret", "module", "values"},
    "explain": {"module", "values"},
    "population": {"module", "values", "interpret", "batch", "jit", "explain"},
    "api": {"module", "values", "interpret", "jit", "explain"},
    "columns": {"api", "module", "values", "interpret", "batch", "lookup", "jit"},
}
GRAPH = {"graph", "diagnostics", "source", "module", "values"}
COMPILER = {
    "source": set(),
    "diagnostics": {"source"},
    "ast": {"diagnostics", "source", "values"},
    "parse": {"ast", "diagnostics", "source", "values"},
    "graph": {"diagnostics", "source", "module", "values"},
    "check": {"ast"} | GRAPH,
    "translate": {"diagnostics", "source", "module", "values"},
    "reference": GRAPH,
    "passes": GRAPH,
    "analyse": {"passes", "reference"} | GRAPH,
    "testing": {"analyse", "reference", "ast"} | GRAPH,
    "codegen": {"passes"} | GRAPH,
    "gdl2": {"format", "diagnostics", "source", "module", "values"},
    "format": {"parse", "ast", "diagnostics", "source", "values"},
    "decision_tables": {"ast", "parse"} | GRAPH,
}
EVERY_FOLDER = set(RUNTIME) | set(COMPILER) | {"driver"}
COMPILER["driver"] = EVERY_FOLDER
TOOLS = {"jit", "lookup", "driver", "gdl2", "codegen", "interpret", "population", "batch", "module", "reference", "analyse", "testing", "explain", "format", "graph", "diagnostics"}

PUBLIC_COMPILER = "aceso/compiler.h"
SOURCE_ENDINGS = {".h", ".hpp", ".cpp", ".cc", ".def", ".inc", ".c"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Header of somebody else's library -> the places that may see it, as patterns over the path of the including file.
OUTSIDE = [
    (re.compile(r"^(antlr4-|antlr4/|Aceso(Lexer|Parser)\.h$)"), re.compile(r"^(compiler/source/parse/|grammar/|tests/unit/parse_)"), "ANTLR"),
    (re.compile(r"^(llvm|llvm-c|clang)/"), re.compile(r"^runtime/jit/[^/]*llvm"), "LLVM"),
    (re.compile(r"^(cadical|z3|cvc5)([./+_]|$)"), re.compile(r"^compiler/source/analyse/"), "the solvers"),
    (re.compile(r"^yaml-cpp/"), re.compile(r"^compiler/source/gdl2/"), "the reader of YAML"),
    (re.compile(r"^pugi"), re.compile(r"^compiler/source/decision_tables/[^/]*dmn"), "the reader of XML"),
]


def place_of(path):
    """The rules for one file: (what it is called in a message, allowed folders, own folder, may see the compiler)."""
    parts = path.split("/")
    if parts[0] == "runtime" and len(parts) >= 3:
        if parts[1] == "include":
            return "a public header of the runtime", set(), None, False
        if parts[1] not in RUNTIME:
            return None
        return f"runtime/{parts[1]}", RUNTIME[parts[1]], parts[1], False
    if parts[:2] == ["compiler", "include"]:
        return "a public header of the compiler", set(), None, True
    if parts[:2] == ["compiler", "source"] and len(parts) >= 4:
        if parts[2] not in COMPILER:
            return None
        return f"compiler/source/{parts[2]}", COMPILER[parts[2]], parts[2], parts[2] == "driver"
    if parts[0] == "tools":
        return f"tools/{parts[1]}", TOOLS, None, True
    if parts[0] == "tests":
        return "a test", EVERY_FOLDER, None, True
    return None


def check_includes(root, path):
    """One message for each include in the file that the rules forbid."""
    place = place_of(path)
    in_rules = path.startswith(("runtime/", "compiler/", "tools/", "tests/"))
    if place is None:
        return [f"{path}: no rule says what this folder may include; enter it in {Path(__file__).name}"] if in_rules else []
    name, allowed, own, sees_compiler = place
    found = []
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    for bracket, target in INCLUDE.findall(text):
        first = target.split("/")[0]
        for pattern, where, library in OUTSIDE:
            if pattern.search(target) and not where.search(path):
                found.append(f"{path}: includes <{target}>, but only {where.pattern} may see {library}")
        if ".." in target.split("/"):
            found.append(f'{path}: includes "{target}"; write the path from the root of the layer')
        elif first == "aceso":
            if target == PUBLIC_COMPILER and not sees_compiler:
                found.append(f"{path}: {name} includes {target}, the public header of the compiler")
        elif first in EVERY_FOLDER and "/" in target:
            if first != own and first not in allowed:
                may = ", ".join(sorted(allowed)) or "nothing of ours"
                found.append(f'{path}: {name} includes "{target}", but may include only {may}')
        elif bracket == '"' and "/" in target and not pattern_of_outside(target):
            if not (root / Path(path).parent / target).exists() and not path.startswith(("tests/", "tools/")):
                found.append(f'{path}: includes "{target}", which is in no folder that the rules know')
    return found


def pattern_of_outside(target):
    return any(pattern.search(target) for pattern, _, _ in OUTSIDE)


# A path that begins in somebody's home or work folder. A web address or a relative path in front does not count.
HOMES = "|".join(["home", "root", "Users", "work"])
OWN_PATH = re.compile(r"(?<![\w.:/~>)}\]*$-])/(?:" + HOMES + r")/[\w.]")


def check_paths(root, path):
    data = (root / path).read_bytes()
    if b"\0" in data[:8192]:
        return []
    found = []
    for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), 1):
        match = OWN_PATH.search(line)
        if match:
            found.append(f"{path}:{number}: names a path of one machine: {line[match.start():match.start() + 60]}")
    return found


def tracked_files(root):
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached", "--others",
               "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, check=False)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode().split("\0") if name]
    else:  # A source archive without git.
        names = []
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if not f.startswith((".", "build"))]
            names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
    return sorted(name for name in names if (root / name).is_file())


def check(root):
    found = []
    sources = 0
    for path in tracked_files(root):
        if Path(path).suffix in SOURCE_ENDINGS:
            sources += 1
            found += check_includes(root, path)
        found += check_paths(root, path)
    return found, sources


FORBIDDEN = [
    ("runtime/values/a.h", '#include "module/module.h"'),
    ("runtime/module/a.cpp", '#include "explain/explain.h"'),
    ("runtime/explain/a.cpp", '#include "graph/graph.h"'),
    ("runtime/explain/b.cpp", "#include <aceso/compiler.h>"),
    ("runtime/include/aceso/aceso.h", '#include "values/truth.h"'),
    ("runtime/module/b.cpp", '#include "../../compiler/source/graph/graph.h"'),
    ("runtime/jit/orc.cpp", "#include <llvm/IR/Module.h>"),
    ("runtime/unheard_of/a.h", "#include <vector>"),
    ("compiler/include/aceso/compiler.h", '#include "graph/graph.h"'),
    ("compiler/source/source/a.h", '#include "diagnostics/diagnostic.h"'),
    ("compiler/source/graph/a.h", '#include "ast/ast.h"'),
    ("compiler/source/ast/a.h", '#include "check/check.h"'),
    ("compiler/source/parse/a.h", '#include "graph/graph.h"'),
    ("compiler/source/reference/a.cpp", '  #  include "ast/ast.h"'),
    ("compiler/source/format/a.cpp", '#include "graph/graph.h"'),
    ("compiler/source/check/a.cpp", "#include <antlr4-runtime.h>"),
    ("compiler/source/check/b.cpp", '#include "AcesoParser.h"'),
    ("compiler/source/check/c.cpp", "#include <z3++.h>"),
    ("compiler/source/check/d.cpp", "#include <cadical.hpp>"),
    ("compiler/source/unheard_of/a.cpp", "#include <vector>"),
    ("tools/aceso/a.cpp", '#include "parse/parse.h"'),
    ("docs/notes.md", "It lay in /" + "home/somebody/aceso."),
    ("docs/more.md", "(/" + "Users/somebody/aceso)"),
]
ALLOWED = [
    ("runtime/module/a.cpp", '#include "module/a.h"\n#include "values/truth.h"\n#include <nlohmann/json.hpp>'),
    ("runtime/jit/orc_llvm.cpp", "#include <llvm/IR/Module.h>"),
    ("compiler/source/parse/a.cpp", '#include "AcesoParser.h"\n#include "ast/ast.h"\n#include <antlr4-runtime.h>'),
    ("compiler/source/graph/a.h", '#include "module/module.h"\n#include "graph_ops.def"\n#include <vector>'),
    ("compiler/source/check/a.cpp", '#include "ast/ast.h"\n#include "graph/graph.h"\n#include <fmt/format.h>'),
    ("compiler/source/analyse/a.cpp", "#include <cadical.hpp>\n#include <z3++.h>"),
    ("compiler/source/driver/a.cpp", '#include "parse/parse.h"\n#include <aceso/compiler.h>'),
    ("tools/aceso/main.cpp", '#include "commands.h"\n#include "driver/driver.h"\n#include <aceso/compiler.h>'),
    ("tests/unit/a.cpp", '#include "parse/parse.h"\n#include "unit/helper.h"'),
    ("docs/notes.md", "See https://example.org/" + "home/page and examples/" + "work/a.aceso."),
]


def self_check():
    wrong = []
    for expected, cases in (("refused", FORBIDDEN), ("allowed", ALLOWED)):
        for path, text in cases:
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                (root / path).parent.mkdir(parents=True)
                (root / path).write_text(text + "\n", encoding="utf-8")
                found, _ = check(root)
                if bool(found) != (expected == "refused"):
                    wrong.append(f"{path} with {text!r} should be {expected}; the rules say: {found or 'nothing'}")
    print("\n".join(wrong) if wrong else f"{len(FORBIDDEN)} forbidden and {len(ALLOWED)} allowed sources were told apart")
    return 1 if wrong else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--root", type=Path, default=os.environ.get("ACESO_ROOT", Path(__file__).resolve().parents[2]))
    arguments.add_argument("--self-check", action="store_true")
    options = arguments.parse_args()
    if options.self_check:
        return self_check()
    found, sources = check(Path(options.root))
    print("\n".join(found) if found else f"{sources} sources keep to the layers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
