#!/usr/bin/python3
"""Decision tables in the hands of other programs: do their DMN engine and Aceso answer alike?

    run_dmn_peers.py [--cases N] [--guidelines N] [--seed N]     prints the table that docs/decision_tables.md shows
    run_dmn_peers.py --fetch FOLDER                              gets the peers with npm and Maven, and leaves

The peers are dmn-moddle (the parser of the modeller of bpmn.io, npm) and the DMN engine of KIE (Maven). They are looked
for in $ACESO_PEERS; without them the test is skipped (77), because a build must not need npm or Maven.

Each guideline, the samples and random ones, is exported; dmn-moddle must read the file without a complaint; KIE and both
engines of Aceso answer the same random cases; the file is imported again, and exported again to the same bytes, and the
imported guideline must answer alike. Files of other programs are imported, and KIE answers the original.

Where a value is missing the two differ on purpose: Aceso says "unknown" as long as it could go either way, DMN goes on
with null. Such answers are counted apart. Two known answers that differ are a failure, whatever is missing.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODDLE, KIE = "dmn-moddle@12.2.1", "8.44.2.Final"
SARIF = "@microsoft/jest-sarif@1.0.0-beta.0"  # it carries the published schema, which run_deep_check.py --published asks
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>peers</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.kie</groupId><artifactId>kie-dmn-core</artifactId><version>{KIE}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"""
NOW = "2026-11-22T10:00:00Z"
NOTHING = ("nothing",)


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pom.xml").write_text(POM, encoding="utf-8")
    subprocess.run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"], cwd=folder, check=True)
    subprocess.run(["npm", "install", "--no-save", "--prefix", str(folder), "--ignore-scripts", MODDLE, SARIF], check=True)


# ---------------------------------------------------------------------------------------------------------------- inputs

class Input:
    """One input: its name, what a random value is, and how the two sides write it."""

    def __init__(self, name, kind, values, unit=""):
        self.name, self.kind, self.values, self.unit = name, kind, values, unit

    def pick(self, chance):
        return chance.choice(self.values)

    def for_dmn(self, value):
        return {"date": value} if self.kind == "date" else value

    def for_aceso(self, value):
        return f"{value} {self.unit}" if self.unit else value


def steps(low, high, step, edges):
    """The ends, the thresholds with their neighbours, and some in between."""
    count = round((high - low) / step)
    chosen = {0, count}
    for edge in edges:
        at = round((edge - low) / step)
        chosen |= {at - 1, at, at + 1}
    chosen |= set(range(0, count + 1, max(1, count // 12)))
    digits = len(str(step).partition(".")[2])
    return [round(low + step * at, digits) for at in sorted(chosen) if 0 <= at <= count]


def plain(value):
    """A value of Aceso's JSON in the form in which both are compared."""
    if isinstance(value, dict):
        return NOTHING if "unknown" in value else plain(value["value"])
    if isinstance(value, list):
        return tuple(plain(one) for one in value)
    if isinstance(value, bool) or value is None:
        return NOTHING if value is None else value
    return ("number", round(float(value), 9)) if isinstance(value, (int, float)) else value


def plain_of_peer(value, rename):
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return tuple(plain_of_peer(one, rename) for one in value)
    if isinstance(value, dict):
        return ("number", round(float(value["number"]), 9))
    return rename(value) if isinstance(value, str) else value


def identifier(text):
    """As `aceso import dmn` makes names."""
    if re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII):
        return text
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_").lower()
    return "n_" + name if name[:1].isdigit() else name


# ---------------------------------------------------------------------------------------------------------------- guidelines

class RandomGuideline:
    """Tables of every policy over inputs of every kind; a later table can use an earlier one."""

    POLICIES = ["unique", "first", "any", "collect sum", "collect min", "collect max", "collect count", "collect list"]
    MEMBERS = ["red", "green", "blue", "black"]

    def __init__(self, chance, name):
        self.chance, self.name = chance, name
        self.inputs, self.columns, self.tables = [], [], []
        self.text = [f'guideline {name} {{ title "Random tables" version 0.1.0 }}',
                     'type level = scale { low = 1, middle = 2, high = 3 }', 'inputs data "Data" {']
        for number in range(chance.randint(2, 4)):
            self.add_input(f"x{number}", chance.choice(["number", "quantity", "yes_no", "choice", "scale", "date"]))
        self.text.append("}")
        for number in range(chance.randint(1, 4)):
            self.add_table(f"t{number}")

    def add_input(self, name, kind):
        if kind == "number":
            low, high, step = self.chance.choice([(0, 10, 1), (-5, 5, 0.5), (0, 100, 1)])
            edges = sorted({round(self.chance.randrange(0, int((high - low) / step)) * step + low, 1) for _ in range(4)})
            self.inputs.append(Input(name, kind, steps(low, high, step, edges)))
            self.columns.append((name, kind, edges, ""))
            self.text.append(f"  {name} : number from {low} to {high} step {step}")
        elif kind == "quantity":
            edges = sorted({round(self.chance.uniform(31, 44), 1) for _ in range(4)})
            self.inputs.append(Input(name, kind, steps(30, 45, 0.1, edges), "Cel"))
            self.columns.append((name, kind, edges, " Cel"))
            self.text.append(f"  {name} : quantity from 30 Cel to 45 Cel step 0.1 Cel")
        elif kind == "yes_no":
            self.inputs.append(Input(name, kind, [True, False]))
            self.columns.append((name, kind, ["yes", "no"], ""))
            self.text.append(f"  {name} : yes/no")
        elif kind == "choice":
            self.inputs.append(Input(name, kind, self.MEMBERS))
            self.columns.append((name, kind, self.MEMBERS, ""))
            self.text.append(f"  {name} : one of {{ {', '.join(self.MEMBERS)} }}")
        elif kind == "scale":
            self.inputs.append(Input(name, kind, ["low", "middle", "high"]))
            self.columns.append((name, kind, ["low", "middle", "high"], ""))
            self.text.append(f"  {name} : level")
        else:
            dates = ["2020-02-29", "2025-12-31", "2026-01-01", "2026-06-15", "2026-11-22"]
            self.inputs.append(Input(name, kind, dates))
            self.columns.append((name, kind, dates, ""))
            self.text.append(f"  {name} : date")

    def test(self, kind, values, unit):
        pick = lambda: f"{self.chance.choice(values)}{unit}"
        if kind in ("yes_no", "choice"):
            return ", ".join(sorted({pick() for _ in range(1 if kind == "yes_no" else self.chance.randint(1, 2))}))
        form = self.chance.randrange(5)
        if form == 0:
            return pick()
        if form == 1:
            return f"{self.chance.choice(['<', '<=', '>', '>='])} {pick()}"
        if form == 2 and kind not in ("scale",):
            return f"!= {pick()}"
        ordered = values if kind == "scale" else sorted(values)
        low, high = sorted(self.chance.choices(range(len(ordered)), k=2))
        if form == 3 and (kind != "scale" or low < high):
            signs = (">=", "<=") if low == high or kind == "scale" else self.chance.choice([(">", "<="), (">=", "<"), (">", "<")])
            return f"{signs[0]} {ordered[low]}{unit} and {signs[1]} {ordered[high]}{unit}"
        return f"{ordered[low]}{unit} to {ordered[high]}{unit}"

    def cell(self, kind, values, unit):
        if self.chance.random() < 0.3:
            return "-"
        tests = ", ".join(dict.fromkeys(self.test(kind, values, unit) for _ in range(self.chance.choice([1, 1, 2]))))
        if kind == "yes_no":
            tests = tests.partition(",")[0]
        return ("not " if self.chance.random() < 0.15 else "") + tests

    def add_table(self, name):
        policy = self.chance.choice(self.POLICIES)
        columns = self.chance.sample(self.columns, min(len(self.columns), self.chance.randint(1, 3)))
        is_number = policy in ("collect sum", "collect min", "collect max") or self.chance.random() < 0.4
        outputs = [str(self.chance.randint(0, 9)) for _ in range(8)] if is_number else ["north", "south", "east"]
        rows = []
        for _ in range(self.chance.randint(1, 6)):
            rows.append([self.cell(kind, values, unit) for _, kind, values, unit in columns])
        if policy == "unique":  # rows that exclude each other: the first column says which
            _, kind, values, unit = columns[0]
            singles = [f"{value}{unit}" for value in dict.fromkeys(values)]
            rows = [[single, *row[1:]] for single, row in zip(singles, rows)]
        same = self.chance.choice(outputs)
        lines = [f"  {' | '.join(row)} -> {same if policy == 'any' else self.chance.choice(outputs)}" for row in rows]
        if policy not in ("collect count", "collect list") and self.chance.random() < 0.6:
            lines.append(f"  otherwise -> {self.chance.choice(outputs)}")
        kind = "number from 0 to 99" if is_number else "one of { north, south, east }"
        self.text += [f"table {name} : {kind} {policy} {{", f"  {' | '.join(column[0] for column in columns)} -> {name}", *lines, "}"]
        if policy in ("unique", "first", "any") and not is_number:
            self.columns.append((name, "choice", ["north", "south", "east"], ""))


# ---------------------------------------------------------------------------------------------------------------- answers

class Peers:
    def __init__(self, program, folder, peers):
        self.program, self.folder, self.peers = program, folder, peers

    def aceso(self, *words, allowed=(0,)):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, check=False)
        if done.returncode not in allowed:
            raise RuntimeError(f"aceso {' '.join(map(str, words))[:200]}: exit {done.returncode}\n{(done.stderr or done.stdout)[:600]}")
        return done.stdout

    def aceso_answers(self, guideline, cases, engine):
        paths = []
        for number, case in enumerate(cases):
            path = self.folder / f"case{number}.json"
            path.write_text(json.dumps({"now": NOW, "inputs": case}), encoding="utf-8")
            paths.append(path)
        out = self.aceso("run", guideline, *paths, "--format", "json", "--engine", engine)
        lines = out.splitlines() if len(cases) > 1 else [out]
        return [json.loads(line).get("decision", json.loads(line))["values"] for line in lines]

    def kie_answers(self, model, cases):
        path = self.folder / "cases.json"
        path.write_text(json.dumps(cases), encoding="utf-8")
        done = subprocess.run(["java", "-cp", str(self.peers / "jars" / "*"), str(HERE / "DmnPeer.java"), str(model), str(path)],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        said = [line for line in done.stderr.splitlines() if not line.startswith("Note: ")]  # of the compiler of Java
        return json.loads(done.stdout), "\n".join(said)

    def moddle(self, models):
        return subprocess.run(["node", str(HERE / "read_with_moddle.js"), *map(str, models)], capture_output=True, text=True,
                              check=False, env={**os.environ, "NODE_PATH": str(self.peers / "node_modules")})


class Count:
    def __init__(self):
        self.same = self.both_nothing = self.only_dmn = self.only_aceso = 0
        self.differ, self.alone = [], []

    def add(self, mine, other, where):
        if mine == other:
            self.both_nothing += mine == NOTHING
            self.same += mine != NOTHING
        elif mine == NOTHING:
            self.only_dmn += 1
        elif other == NOTHING:
            self.only_aceso += 1
            self.alone.append(f"{where}: Aceso {mine}, DMN nothing")
        else:
            self.differ.append(f"{where}: Aceso {mine}, DMN {other}")

    def row(self, what):
        return f"| {what} | {self.same} | {self.both_nothing} | {self.only_dmn} | {self.only_aceso} | {len(self.differ)} |"


def compare(count, answers, peer_answers, names, cases, rename=lambda text: text):
    for mine, other, case in zip(answers, peer_answers, cases):
        for name, peer_name in names.items():
            if name not in mine:
                raise RuntimeError(f"Aceso does not tell {name}")
            part = peer_name if isinstance(peer_name, tuple) else (peer_name,)
            value = other.get(part[0])
            for inner in part[1:]:
                value = value.get(inner) if isinstance(value, dict) else None
            count.add(plain(mine[name]), plain_of_peer(value, rename), f"{name} of {case}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM", "aceso"))
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--guidelines", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fetch", type=Path)
    parser.add_argument("--verbose", action="store_true", help="also list what only Aceso answers though everything is known")
    options = parser.parse_args()
    if options.fetch:
        fetch(options.fetch)
        return 0
    peers = Path(os.environ.get("ACESO_PEERS", ""))
    if not os.environ.get("ACESO_PEERS") or not (peers / "jars").is_dir() or not shutil.which("java") or not shutil.which("node"):
        print("skipped: set ACESO_PEERS to a folder that `tools/dev peers` filled; it needs java, mvn, node and npm")
        return 77
    chance = random.Random(options.seed)
    totals = {"exported, everything known": Count(), "exported, something missing": Count(),
              "exported and imported again": Count(), "imported, everything known": Count(),
              "imported, something missing": Count()}
    problems, models = [], []
    with tempfile.TemporaryDirectory() as folder:
        peer = Peers(options.program, Path(folder), peers)
        guidelines = [(HERE / "samples" / "policies.aceso", [
            Input("weight", "quantity", steps(0, 100, 0.1, [1, 5, 6, 7, 8, 20, 40, 90]), "kg"),
            Input("course", "choice", ["better", "same", "worse"]), Input("fever", "yes_no", [True, False]),
            Input("pain", "scale", ["mild", "moderate", "severe"]),
            Input("born", "date", ["1999-12-31", "2000-01-01", "2001-05-06"]),
            Input("temperature", "quantity", steps(30, 45, 0.1, [37, 37.8, 38, 38.5]), "Cel")])]
        for number in range(options.guidelines):
            made = RandomGuideline(chance, f"random_{number}")
            path = Path(folder) / f"random_{number}.aceso"
            path.write_text("\n".join(made.text) + "\n", encoding="utf-8")
            guidelines.append((path, made.inputs))
        for path, inputs in guidelines:
            model = Path(folder) / f"{path.stem}.dmn"
            peer.aceso("export", "dmn", path, "-o", model)
            models.append(model)
            back = Path(folder) / "back"
            peer.aceso("import", "dmn", model, "-o", back, "--force", allowed=(0, 1))
            imported = next(back.glob("*.aceso"))
            again = peer.aceso("export", "dmn", imported, allowed=(0, 1))
            if again != model.read_text(encoding="utf-8"):
                problems.append(f"{path.stem}: imported and exported again, the file is another one")
            for missing in (False, True):
                cases = [{one.name: one.pick(chance) for one in inputs} for _ in range(options.cases)]
                if missing:
                    cases = [{name: value for name, value in case.items() if chance.random() < 0.7} for case in cases]
                by_name = {one.name: one for one in inputs}
                mine = [{name: by_name[name].for_aceso(value) for name, value in case.items()} for case in cases]
                # What is missing is null in DMN; an input that is not given at all would stop the whole decision.
                theirs = [{name: one.for_dmn(case[name]) if name in case else None for name, one in by_name.items()}
                          for case in cases]
                answers = peer.aceso_answers(path, mine, "reference")
                if answers != peer.aceso_answers(path, mine, "vm"):
                    problems.append(f"{path.stem}: the engines of Aceso differ")
                peer_answers, said = peer.kie_answers(model, theirs)
                if said.strip():
                    problems.append(f"{path.stem}: KIE says {said.strip()[:300]}")
                names = {name: name for name in answers[0]}
                compare(totals["exported, something missing" if missing else "exported, everything known"], answers, peer_answers,
                        names, cases)
                count = totals["exported and imported again"]
                for first, second, case in zip(answers, peer.aceso_answers(imported, mine, "vm"), cases):
                    for name in first:
                        count.add(plain(first[name]), plain(second[name]), f"{path.stem}: {name} of {case}")
            imported.unlink()
        for model in sorted((HERE / "samples").glob("*.dmn")):
            domain = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
            made = peer.aceso("import", "dmn", model, "-o", Path(folder) / "foreign", "--force", allowed=(0, 1)).strip()
            inputs = []
            for name, values in domain.items():
                if isinstance(values, list):
                    inputs.append(Input(name, "choice", values))
                elif "dates" in values:
                    inputs.append(Input(name, "date", values["dates"]))
                else:
                    inputs.append(Input(name, "number", steps(values["from"], values["to"], values["step"], [])))
            for missing in (False, True):
                cases = [{one.name: one.pick(chance) for one in inputs if not missing or chance.random() < 0.7}
                         for _ in range(3 * options.cases)]
                kinds = {one.name: one for one in inputs}
                mine = [{identifier(name): identifier(value) if kinds[name].kind == "choice" and isinstance(value, str) else value
                         for name, value in case.items()} for case in cases]
                answers = peer.aceso_answers(made, mine, "vm")
                peer_answers, said = peer.kie_answers(model, [{name: one.for_dmn(case[name]) if name in case else None
                                                               for name, one in kinds.items()} for case in cases])
                if said.strip():
                    problems.append(f"{model.name}: KIE says {said.strip()[:300]}")
                names = {}
                for answer in peer_answers:
                    for name, value in answer.items():
                        if isinstance(value, dict) and "number" not in value:
                            names.update({identifier(name) + "_" + inner: (name, inner) for inner in value})
                        elif value is not None:
                            names[identifier(name)] = name
                compare(totals["imported, something missing" if missing else "imported, everything known"], answers, peer_answers,
                        names, cases, identifier)
        moddle = peer.moddle(models)
        print(moddle.stdout.strip())
        if moddle.returncode != 0:
            problems.append("dmn-moddle complains")
    print(f"KIE {KIE}, {len(guidelines)} guidelines exported, seed {options.seed}\n")
    print("| answers | the same | nothing on both sides | only DMN answers | only Aceso answers | contradictory |")
    print("|---|---|---|---|---|---|")
    for what, count in totals.items():
        print(count.row(what))
        problems += count.differ[:5]
    for what in ("exported, everything known", "imported, everything known"):
        if totals[what].same == 0:
            problems.append(f"{what}: nothing was compared")
    if totals["exported and imported again"].only_dmn or totals["exported and imported again"].only_aceso:
        problems.append("a guideline that went out and came back answers otherwise")
    for what, count in totals.items():
        for line in count.alone if options.verbose and "everything" in what else []:
            print(f"{what}: {line}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
