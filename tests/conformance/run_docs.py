#!/usr/bin/python3
"""Holds the documentation to its word: every fenced block of every page is compiled, run or looked up.

Usage: run_docs.py --program PATH_TO_ACESO --root SOURCE_ROOT [--renew] [PAGE...]
       run_docs.py --self-check ...      feeds itself pages with one mistake each, and fails when one gets through
       (the tests give program and root through ACESO_PROGRAM and ACESO_ROOT)

Pages: README.md, CONTRIBUTING.md, docs/**/*.md but docs/errors (which has a runner of its own, except for two pages), guidelines/**/README.md.
A page has one temporary folder, into which guidelines/, stdlib/ and docs/schemas/ are copied; its blocks run in order.

Blocks, by the word after the fence:

  aceso    is checked without findings; its `case` blocks pass. A block that declares no guideline or module is a
           fragment and needs a comment that says what completes it.
  json     is valid JSON; as `json: case` or `json: decision` it is also held against docs/schemas.
  po       a file of translations, for the blocks that follow; needs `file:`.
  console  lines `$ aceso ...` (also `$ cat`, `$ cd`) are run, and what they print must be what stands below. A line
           `...` stands for any lines, `...` inside a line for anything on that line.
  sh       commands that are not run: the programs, the commands of aceso and tools/dev, and the paths exist.
  syntax   notation: each word in small letters is a word of the grammar.
  c, cpp   an excerpt of our own sources: each line stands in the file that `from:` names.
  text     a picture; nothing is checked.

Comments directly before a block, each in HTML comment signs, several of them separated by `;`:

  aceso: after NAME         the block stands behind the prelude NAME
  aceso: in NAME            the block stands in the prelude NAME, in place of its line `...`
  aceso: expect A0201       the block has these findings, and no others
  file: PATH                the block is the file PATH, for the blocks that follow
  file: PATH append         the block is added to it
  file: PATH replace WORDS  the block takes the place of the declaration that begins with WORDS
  json: case, json: decision
  exit: 3                   the last command of the block ends so; 0 where nothing is said
  from: PATH                for cpp and json: where the text comes from

A prelude is a comment of its own, whose first line is `aceso prelude NAME` or `aceso prelude NAME after OTHER`.

Links between pages must lead to a file. The last line printed is "N passed, M failed".
Exit code: 0 all passed, 1 not, 77 (skipped) without python3-jsonschema. --renew writes real output into console blocks.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

KINDS = ("aceso", "json", "po", "console", "sh", "syntax", "c", "cpp", "text")
SECONDS = 60
FENCE = re.compile(r"^(\s*)(```+|~~~+)(.*)$")
PRELUDE = re.compile(r"aceso prelude ([\w-]+)(?: after ([\w-]+))?\s*\n")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
COMPLETE = re.compile(r"^(guideline|module)\b", re.MULTILINE)


class Block:
    def __init__(self, kind, text, line, directives):
        self.kind, self.text, self.line, self.directives = kind, text, line, directives

    def all_of(self, name):
        return [value for key, value in self.directives if key == name]


class Page:
    """The blocks, preludes and links of one page."""

    def __init__(self, path):
        self.path, self.blocks, self.preludes, self.links, self.faults = path, [], {}, [], []
        self.lines = path.read_text(encoding="utf-8").split("\n")
        self.read()

    def read(self):
        directives, comment, comment_line = [], None, 0
        i = 0
        while i < len(self.lines):
            line = self.lines[i]
            if comment is not None:
                comment.append(line)
            elif line.lstrip().startswith("<!--"):
                comment, comment_line = [line], i + 1
            if comment is not None:
                if "-->" in line:
                    directives += self.comment("\n".join(comment), comment_line)
                    comment = None
                i += 1
                continue
            fence = FENCE.match(line)
            if not fence:
                if line.strip() and directives:
                    self.faults.append((i + 1, "the comment above belongs to no block"))
                    directives = []
                self.links += [(i + 1, target) for target in LINK.findall(line)]
                i += 1
                continue
            indent, marks, kind = fence.groups()
            end = i + 1
            while end < len(self.lines) and self.lines[end].strip() != marks:
                end += 1
            if end == len(self.lines):
                self.faults.append((i + 1, "this block has no end"))
            body = [text[len(indent):] if text.startswith(indent) else text for text in self.lines[i + 1 : end]]
            self.blocks.append(Block(kind.strip(), "\n".join(body) + "\n", i + 1, directives))
            directives = []
            i = end + 1
        if comment is not None:
            self.faults.append((comment_line, "this comment has no end"))

    def comment(self, text, line):
        text = text.strip().removeprefix("<!--").removesuffix("-->").strip() + "\n"
        prelude = PRELUDE.match(text)
        if prelude:
            before = self.preludes.get(prelude.group(2), "") if prelude.group(2) else ""
            if prelude.group(2) and prelude.group(2) not in self.preludes:
                self.faults.append((line, f"there is no prelude {prelude.group(2)} above"))
            self.preludes[prelude.group(1)] = before + text[prelude.end():]
            return []
        found = []
        for part in text.strip().split(";"):
            key, colon, value = part.strip().partition(":")
            if key == "example":  # said to run_error_index.py
                continue
            if not colon or key not in ("aceso", "file", "json", "exit", "from"):
                self.faults.append((line, f"this comment says nothing to the test: {part.strip()}"))
            else:
                found.append((key, value.strip()))
        return found


def matches(expected, got):
    """Whether the lines are the same, with `...` for any lines, or for anything on one line."""
    if not expected:
        return not got
    if expected[0].strip() == "...":
        return any(matches(expected[1:], got[i:]) for i in range(len(got) + 1))
    if not got:
        return False
    pattern = ".*".join(re.escape(part) for part in expected[0].rstrip().split("..."))
    return re.fullmatch(pattern, got[0].rstrip()) is not None and matches(expected[1:], got[1:])


def replace_declaration(text, words, new):
    """`text` with another declaration in place of the one that begins with `words`; nothing where there is none."""
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if re.match(re.escape(words) + r"(?!\w)", line)), None)
    if start is None:
        return None
    depth, end = 0, start
    while end < len(lines):
        bare = re.sub(r'"(\\.|[^"\\])*"|//.*', "", lines[end])
        depth += bare.count("{") - bare.count("}")
        end += 1
        if depth <= 0:
            break
    while end < len(lines) and lines[end].startswith("cite "):
        end += 1
    return "\n".join(lines[:start] + new.rstrip("\n").split("\n") + lines[end:])


class Runner:
    def __init__(self, root, program, renew):
        self.root, self.program, self.renew = root, program, renew
        self.passed, self.failures = 0, []
        lexer = (root / "grammar" / "AcesoLexer.g4").read_text(encoding="utf-8")
        self.keywords = set(re.findall(r"'([a-z_/]+)'", lexer))
        self.schemas = {}
        for kind in ("case", "decision"):
            schema = json.loads((root / "docs" / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
            self.schemas[kind] = jsonschema.Draft202012Validator(schema)

    # ------------------------------------------------------------------------------------------------ bookkeeping

    def fail(self, page, line, reason):
        self.failures.append(f"{os.path.relpath(page.path, self.root)}:{line}: {reason}")

    def run_page(self, path):
        page = Page(path)
        for line, reason in page.faults:
            self.fail(page, line, reason)
        with tempfile.TemporaryDirectory(prefix="aceso-docs-") as folder:
            self.folder = pathlib.Path(folder) / "work"
            self.fill_folder(pathlib.Path(folder))
            self.where = self.folder
            renewed = []
            for block in page.blocks:
                before = len(self.failures)
                try:
                    self.run_block(page, block, renewed)
                except (OSError, ValueError, subprocess.SubprocessError) as error:
                    self.fail(page, block.line, f"{type(error).__name__}: {error}")
                self.passed += len(self.failures) == before
        self.check_links(page)
        if renewed:
            for line, old, new in sorted(renewed, reverse=True):
                page.lines[line : line + old] = new
            path.write_text("\n".join(page.lines), encoding="utf-8")

    def fill_folder(self, folder):
        self.folder.mkdir()
        for name in ("guidelines", "stdlib", "docs/schemas"):
            shutil.copytree(self.root / name, self.folder / name)
        programs = folder / "bin"
        programs.mkdir()
        if self.program:
            (programs / "aceso").symlink_to(self.program)
        self.environment = {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder.as_posix(), "TERM": "dumb"}

    def check_links(self, page):
        for line, target in page.links:
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            place = (page.path.parent / file).resolve() if file else page.path
            if not place.exists():
                self.fail(page, line, f"the link leads nowhere: {target}")
            elif anchor and place.suffix == ".md" and anchor not in anchors(place):
                self.fail(page, line, f"{file or page.path.name} has no heading for #{anchor}")
            else:
                self.passed += 1

    # ------------------------------------------------------------------------------------------------ blocks

    def run_block(self, page, block, renewed):
        if block.kind not in KINDS:
            self.fail(page, block.line, f"a block of the kind '{block.kind}'; known: {', '.join(KINDS)}")
            return
        text = self.completed(page, block)
        if text is None:
            return
        if block.kind == "aceso":
            self.run_aceso(page, block, text)
        elif block.kind == "json":
            self.run_json(page, block, text)
        elif block.kind == "po":
            if not block.all_of("file"):
                self.fail(page, block.line, "a translation is looked at with its guideline: say which `file:` it is")
        elif block.kind == "console":
            self.run_console(page, block, renewed)
        elif block.kind == "sh":
            self.run_sh(page, block)
        elif block.kind == "syntax":
            self.run_syntax(page, block)
        if block.kind in ("c", "cpp") or (block.kind == "json" and block.all_of("from")):
            self.run_excerpt(page, block)

    def completed(self, page, block):
        """The text that stands for the block: with its prelude, or the file that it has become."""
        for value in block.all_of("file"):
            name, _, how = value.partition(" ")
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = block.text
            if how == "append":
                text = path.read_text(encoding="utf-8") + "\n" + block.text
            elif how.startswith("replace "):
                text = replace_declaration(path.read_text(encoding="utf-8"), how.removeprefix("replace "), block.text)
                if text is None:
                    self.fail(page, block.line, f"{name} has no declaration that begins with: {how.removeprefix('replace ')}")
                    return None
            elif how:
                self.fail(page, block.line, f"a file is made, or `append`ed to, or `replace`d in; not: {how}")
                return None
            path.write_text(text, encoding="utf-8")
            return text
        for value in block.all_of("aceso"):
            how, _, name = value.partition(" ")
            if how not in ("after", "in"):
                continue
            if name not in page.preludes:
                self.fail(page, block.line, f"there is no prelude {name}")
                return None
            prelude = page.preludes[name]
            if how == "after":
                return prelude + "\n" + block.text
            if "\n...\n" not in prelude:
                self.fail(page, block.line, f"the prelude {name} has no line `...`")
                return None
            return prelude.replace("\n...\n", "\n" + block.text, 1)
        if block.kind == "aceso" and not COMPLETE.search(block.text):
            self.fail(page, block.line, "a fragment: say what completes it (aceso: after NAME, aceso: in NAME)")
            return None
        return block.text

    def aceso(self, *words):
        return subprocess.run([self.program, *words], cwd=self.folder, env=self.environment, timeout=SECONDS,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def run_aceso(self, page, block, text):
        if not self.program:
            return
        expected = set()
        for value in block.all_of("aceso"):
            if value.startswith("expect "):
                expected |= set(re.findall(r"A\d{4}", value))
        files = [value.split(" ")[0] for value in block.all_of("file")]
        name = files[0] if files else "block.aceso"
        if not files:
            (self.folder / name).write_text(text, encoding="utf-8")
        checked = self.aceso("check", "--format", "json", name)
        try:
            findings = [one for file in json.loads(checked.stdout)["files"] for one in file["diagnostics"]]
        except (ValueError, KeyError):
            self.fail(page, block.line, f"aceso check ended with {checked.returncode}: {checked.stderr.strip()}")
            return
        found = {one["id"] for one in findings}
        if found != expected:
            wanted = ", ".join(sorted(expected)) or "no finding"
            shown = "".join(f"\n    {one['id']} line {one['line']}: {one['message']} [{one['mend']}]" for one in findings)
            self.fail(page, block.line, f"expected {wanted}, and found:{shown or ' nothing'}")
        elif not expected and re.search(r"^case\b", text, re.MULTILINE):
            tested = self.aceso("test", name)
            if tested.returncode != 0 and not files:
                self.fail(page, block.line, f"a case fails:\n{tested.stdout}{tested.stderr}")

    def run_json(self, page, block, text):
        try:
            document = json.loads(text)
        except ValueError as error:
            self.fail(page, block.line, f"this is not JSON: {error}")
            return
        for kind in block.all_of("json"):
            if kind not in self.schemas:
                self.fail(page, block.line, f"there is no schema for {kind}")
                continue
            for error in self.schemas[kind].iter_errors(document):
                self.fail(page, block.line, f"not a {kind}: {error.json_path}: {error.message}")

    def run_excerpt(self, page, block):
        names = block.all_of("from")
        if not names:
            self.fail(page, block.line, "an excerpt of the sources needs a comment `from: PATH`")
            return
        lines = {line.strip() for line in (self.root / names[0]).read_text(encoding="utf-8").split("\n")}
        for line in block.text.split("\n"):
            if line.strip() not in ("", "...") and line.strip() not in lines:
                self.fail(page, block.line, f"{names[0]} has no such line: {line.strip()}")

    def run_syntax(self, page, block):
        for word in re.findall(r"(?<![\w/])[a-z][a-z_/]*(?!\w)", block.text):
            if word not in self.keywords:
                self.fail(page, block.line, f"'{word}' is no word of the grammar")

    def run_sh(self, page, block):
        text = re.sub(r"\\\n\s*", " ", block.text)
        for line in text.split("\n"):
            words = line.split(" #")[0].split()
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words.pop(0)
            if not words:
                continue
            if words[0] == "aceso" and self.program and self.aceso(words[1], "--help").returncode != 0:
                self.fail(page, block.line, f"aceso has no command {words[1]}")
            elif words[0] == "tools/dev":
                if not re.search(rf"^  {re.escape(words[1])}\b", (self.root / "tools/dev").read_text("utf-8"), re.MULTILINE):
                    self.fail(page, block.line, f"tools/dev has no command {words[1]}")
            elif words[0] not in ("aceso", "cd", "export") and not shutil.which(words[0]) and not (self.root / words[0]).exists():
                self.fail(page, block.line, f"there is no program {words[0]}")
            for word in words[1:]:
                if re.match(r"(guidelines|stdlib|docs|tests|compiler|runtime|tools)/", word) and not any(
                        c in word for c in "*$") and not (self.root / word).exists() and not self.is_made(word):
                    self.fail(page, block.line, f"there is no {word}")

    @staticmethod
    def is_made(word):
        return word.endswith("NAME.aceso")

    # ------------------------------------------------------------------------------------------------ commands

    def run_console(self, page, block, renewed):
        commands, lines = [], block.text.rstrip("\n").split("\n")
        for line in lines:
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif commands and commands[-1][0].endswith("\\") and line.startswith("> "):
                commands[-1] = (commands[-1][0][:-1] + line[2:], [])
            elif commands:
                commands[-1][1].append(line)
        exits = [int(value) for value in block.all_of("exit")]
        output, differs = [], False
        if not block.text.startswith("$ "):
            self.fail(page, block.line, "a console block begins with `$ `")
            return
        for number, (command, expected) in enumerate(commands):
            if command.split()[0] not in ("aceso", "cat", "cd"):
                self.fail(page, block.line, f"only aceso, cat and cd are run, not: {command}")
                return
            if not self.program:
                continue
            if command.startswith("cd "):
                self.where = (self.where / command[3:].strip()).resolve()
                output += ["$ " + command]
                continue
            ran = subprocess.run(["bash", "-c", command], cwd=self.where, env=self.environment, timeout=SECONDS, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            wanted = exits[0] if exits and number == len(commands) - 1 else 0
            if ran.returncode != wanted:
                self.fail(page, block.line, f"`{command}` ended with {ran.returncode}, not {wanted}:\n{ran.stdout}")
            got = ran.stdout.rstrip("\n").split("\n") if ran.stdout else []
            got = [line.rstrip() for line in got]
            output += ["$ " + command] + got
            if not matches(trimmed(expected), trimmed(got)):
                differs = True
                if not self.renew:
                    self.fail(page, block.line, f"`{command}` prints something else:\n" + difference(expected, got))
        if differs and self.renew:
            if any("..." in line for line in lines):
                self.fail(page, block.line, "this block has `...` and differs; mend it by hand. It prints:\n" + "\n".join(output))
            else:
                renewed.append((block.line, len(lines), output))


def difference(expected, got):
    lines = list(difflib.unified_diff(expected, got, "the page", "the program", lineterm="", n=2))
    return "\n".join("    " + line for line in lines[:60] + ["..."] * (len(lines) > 60))


def trimmed(lines):
    """Without the empty lines at both ends."""
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return lines


def anchors(path):
    """The names that headings have as targets of links, as GitHub makes them."""
    found = set()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            title = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            found.add(title.replace(" ", "-"))
    return found


# Pages of docs/errors whose examples are commands, which run_error_index.py does not run.
PAGES_WITH_COMMANDS = ("A1018", "A1019")


def pages_of(root):
    found = [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").rglob("*.md"), *(root / "guidelines").rglob("README.md")]
    errors = root / "docs" / "errors"
    shown = [errors / f"{page}.md" for page in PAGES_WITH_COMMANDS]
    return sorted([page for page in found if page.exists() and errors not in page.parents] + shown)


FENCED = "```"
GUIDELINE = "guideline g { title \"G\" version 0.1.0 }\n"
GOOD_PAGE = f"""# Good

<!-- aceso prelude start
{GUIDELINE}
-->

<!-- aceso: after start -->
{FENCED}aceso
define two = 2
{FENCED}

<!-- aceso: after start; aceso: expect A0201 -->
{FENCED}aceso
define two = three
{FENCED}

<!-- file: g.aceso -->
{FENCED}aceso
{GUIDELINE}{FENCED}

<!-- file: g.aceso append -->
{FENCED}aceso
define two = 2
{FENCED}

<!-- file: g.aceso replace define two -->
{FENCED}aceso
define two = 3
{FENCED}

{FENCED}console
$ aceso check g.aceso
1 file, ... errors, 0 warnings
$ cat g.aceso
...
define two = 3
{FENCED}

<!-- json: case -->
{FENCED}json
{{"now": "2026-01-01T00:00:00Z", "inputs": {{}}}}
{FENCED}

A [link](#good).
"""
BAD_PAGES = {
    "a kind that is not known": "```python\n1\n```\n",
    "a block without a kind": "```\n1\n```\n",
    "a block without an end": "```text\n1\n",
    "a fragment without completion": "```aceso\ndefine a = 1\n```\n",
    "a prelude that is not there": "<!-- aceso: after nothing -->\n```aceso\ndefine a = 1\n```\n",
    "a comment that says nothing": "<!-- acesso: after nothing -->\n```text\n```\n",
    "a comment that belongs to no block": "<!-- json: case -->\nText.\n",
    "no JSON": "```json\n{,}\n```\n",
    "not a case": "<!-- json: case -->\n```json\n{\"inputs\": 1}\n```\n",
    "a word outside the grammar": "```syntax\nguidline NAME\n```\n",
    "an excerpt without its file": "```cpp\nint a;\n```\n",
    "an excerpt that has changed": "<!-- from: CMakeLists.txt -->\n```cpp\nint a;\n```\n",
    "a link that leads nowhere": "[page](nowhere.md)\n",
    "a link to a heading that is not there": "[page](#nowhere)\n",
    "a program that is not there": "```sh\nacesso check\n```\n",
    "a command of tools/dev that is not there": "```sh\ntools/dev demonstrate\n```\n",
}
BAD_PAGES_FOR_THE_PROGRAM = {
    "a mistake in a guideline": f"```aceso\n{GUIDELINE}define a = b\n```\n",
    "a mistake that is not made": f"<!-- aceso: expect A0201 -->\n```aceso\n{GUIDELINE}```\n",
    "a case that fails": f"```aceso\n{GUIDELINE}define a = 1\ncase \"c\" {{ expect a = 2 }}\n```\n",
    "other output": "```console\n$ aceso version\naceso of yesterday\n```\n",
    "no output": "```console\n$ aceso version\n```\n",
    "another exit code": "```console\n$ aceso check nowhere.aceso\n...\n```\n",
    "a command that is not run": "```console\n$ rm nothing\n```\n",
    "a command of aceso that is not there": "```sh\naceso verify\n```\n",
}


def self_check(root, program):
    """Whether each page with a mistake fails, and the one without passes."""
    pages = dict(BAD_PAGES)
    if program:
        pages |= BAD_PAGES_FOR_THE_PROGRAM
    wrong = []
    with tempfile.TemporaryDirectory(prefix="aceso-docs-") as folder:
        for what, text in [("a good page", GOOD_PAGE), *pages.items()]:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text, encoding="utf-8")
            runner = Runner(root, program, False)
            runner.run_page(page)
            if bool(runner.failures) == (what == "a good page"):
                wrong.append(f"{what}: {runner.failures or 'passes'}")
    for what in wrong:
        print("FAILED " + what)
    print(f"{len(pages) + 1 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT", "."))
    parser.add_argument("--renew", action="store_true", help="write real output into console blocks")
    parser.add_argument("--self-check", action="store_true", help="look whether mistakes are found")
    parser.add_argument("pages", nargs="*", help="only these pages")
    options = parser.parse_args()
    root = pathlib.Path(options.root).resolve()
    program = str(pathlib.Path(options.program).resolve()) if options.program else None
    if program is None:
        print("no --program: only what needs no program is checked")
    if options.self_check:
        return self_check(root, program)
    runner = Runner(root, program, options.renew)
    for page in [pathlib.Path(page).resolve() for page in options.pages] or pages_of(root):
        runner.run_page(page)
    for failure in runner.failures:
        print("FAILED " + failure)
    print(f"{runner.passed} passed, {len(runner.failures)} failed")
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
