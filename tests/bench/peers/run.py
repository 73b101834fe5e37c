#!/usr/bin/env python3
"""Aceso beside what people would use instead, on the same logic and the same patients. See README.md in this folder.

usage: run.py --aceso PROGRAM [--seconds S] [--patients N] [--work FOLDER] [--markdown FILE]

Answers are compared patient by patient before any rate is shown; a peer that answers otherwise ends the run with 1. A peer that
cannot be had here (no npm, Maven, Go, or package) is named with the reason and left out.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import venv

import logic

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ACESO_FILES = {"flagship": ROOT / "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso",
               "curb65": ROOT / "stdlib/curb65.aceso", "cha2ds2_vasc": ROOT / "stdlib/cha2ds2_vasc.aceso"}
OURS = ["batch", "vm", "outcomes"]
JAVASCRIPT = {"javascript": "JavaScript by hand", "cel_js": "CEL, JavaScript", "zen": "GoRules Zen, Node binding",
              "json_rules_engine": "json-rules-engine", "cql_execution": "CQL, cql-execution"}
VERSIONS = {"cel_js": "@marcbachmann/cel-js 8.0.0", "zen": "@gorules/zen-engine 0.54.0", "json_rules_engine": "7.3.1",
            "cql_execution": "3.3.2, ELM of cql-to-elm 3.10.0", "cel_go": "cel-go 0.25.0", "opa": "1.4.2", "kie_dmn": "8.44.0.Final"}
NAMES = {"batch": "**Aceso, columns**", "vm": "**Aceso, row machine**", "outcomes": "**Aceso, outcomes alone**", "duckdb": "DuckDB, SQL CASE",
         "cel_go": "CEL, Go", "opa": "OPA, Rego", "kie_dmn": "DMN, KIE"} | JAVASCRIPT


class Missing(Exception):
    """A peer cannot be had here; the text says why."""


def run(command, folder, what, **more):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Missing(f"{what} failed: {(done.stderr or done.stdout).strip().splitlines()[-1:] or done.returncode}")
    return done.stdout


def need(program):
    found = shutil.which(program)
    if not found:
        raise Missing(f"{program} is not installed")
    return found


class Installed:
    """Copies of the peers' programs in the work folder, with what they need."""

    def __init__(self, work):
        self.work = work

    def once(self, name, make):
        mark = self.work / f"{name}.installed"
        if not mark.exists():
            print(f"  installing what {name} needs ...", file=sys.stderr, flush=True)
            make()
            mark.write_text("")

    def copy(self, name):
        shutil.copytree(HERE / name, self.work / name, dirs_exist_ok=True)
        return self.work / name

    def js(self):
        folder = self.copy("js")
        self.once("js", lambda: run([need("npm"), "install", "--no-audit", "--no-fund"], folder, "npm install"))
        return folder

    def jvm(self):
        folder = self.copy("jvm")
        need("java")
        self.once("jvm", lambda: run([need("mvn"), "-q", "compile", "dependency:build-classpath", "-Dmdep.outputFile=cp.txt"], folder, "mvn"))
        return f"{folder}/target/classes:{(folder / 'cp.txt').read_text().strip()}"

    def go(self):
        folder = self.copy("go")
        self.once("go", lambda: run([need("go"), "build", "-o", "peers", "."], folder, "go build"))
        return folder / "peers"

    def python(self):
        folder = self.work / "python"

        def make():
            venv.create(folder, with_pip=True)
            run([folder / "bin/pip", "install", "-q", "duckdb"], self.work, "pip install duckdb")

        self.once("duckdb", make)
        return folder / "bin/python"


def ask(peer, arguments, name, sources, patients, installed):
    files = [sources, patients, arguments.seconds]
    if peer in OURS:
        return run([arguments.aceso, peer, ACESO_FILES[name], *files], HERE, peer)
    if peer in JAVASCRIPT:
        folder = installed.js()
        if peer == "cql_execution":
            text = json.loads(sources.read_text())
            text["elm"] = json.loads(run(["java", "-cp", installed.jvm(), "Peers", "elm", sources], HERE, "cql-to-elm"))
            sources.write_text(json.dumps(text))
        return run([need("node"), "peers.mjs", peer, *files], folder, peer)
    if peer == "duckdb":
        return run([installed.python(), HERE / "duckdb_peer.py", *files], HERE, peer)
    if peer == "kie_dmn":
        return run(["java", "-cp", installed.jvm(), "Peers", "dmn", *files], HERE, peer)
    return run([installed.go(), peer, *files], HERE, peer)


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "")
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def thousands(rate):
    return f"{rate / 1e6:,.2f} M" if rate >= 1e6 else f"{rate / 1e3:,.1f} k"


def table(name, rows):
    ours = next((r for peer, r in rows if peer == "vm"), None)
    lines = [f"### {name}", "", "| engine | patients a second | of the row machine | a call that decides nothing | to prepare |", "|---|---|---|---|---|"]
    for peer, result in sorted(rows, key=lambda row: -row[1]["rate"]):
        relative = result["rate"] / ours["rate"] if ours else 0
        overhead = "" if result["overhead"] == 0 else f"{result['overhead'] * 1e6:,.2f} us"
        version = f" ({VERSIONS[peer]})" if peer in VERSIONS else ""
        lines.append(f"| {NAMES[peer]}{version} | {thousands(result['rate'])} | {relative:.3g} | {overhead} | {result['prepare'] * 1e3:,.1f} ms |")
    return lines + [""]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--aceso", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", default="2")
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/peers"))
    parser.add_argument("--markdown", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work, arguments.aceso = arguments.work.resolve(), arguments.aceso.resolve()
    arguments.work.mkdir(parents=True, exist_ok=True)
    installed, absent, lines, differing = Installed(arguments.work), {}, [], 0
    for name, make in logic.GUIDELINES.items():
        guideline = make()
        sources, patients = arguments.work / f"{name}.sources.json", arguments.work / f"{name}.patients.json"
        sources.write_text(json.dumps(logic.sources(guideline)))
        patients.write_text(json.dumps(guideline.patients(arguments.patients)))
        rows, reference = [], None
        for peer in NAMES:
            if peer in absent:
                continue
            try:
                result = json.loads(ask(peer, arguments, name, sources, patients, installed))
            except Missing as reason:
                absent[peer] = str(reason)
                continue
            if result is None:  # what is asked is no outcome
                continue
            reference = reference or result["answers"]
            wrong = [i for i, (a, b) in enumerate(zip(result["answers"], reference, strict=True)) if a != b]
            if wrong:
                differing += 1
                print(f"{name}: {peer} answers otherwise for {len(wrong)} patients, first {wrong[0]}:\n  {result['answers'][wrong[0]]}\n  {reference[wrong[0]]}")
                continue
            rows.append((peer, result))
            print(f"{name:14} {peer:18} {thousands(result['rate']):>12}/s, the same answers for {len(reference)} patients", flush=True)
        lines += table(name, rows)
    lines.append(f"{datetime.date.today()}, {machine()}; {arguments.patients} patients, {arguments.seconds} s for each figure; one thread.")
    lines += [f"Not to be had in this run: {NAMES[peer]} ({reason})." for peer, reason in absent.items()]
    print("\n".join(["", *lines]))
    if arguments.markdown:
        arguments.markdown.write_text("\n".join(lines) + "\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
