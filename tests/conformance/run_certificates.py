#!/usr/bin/python3
"""`aceso check --deep --certificates`: each proof of the solver holds before a checker that shares no code with it, and
other solvers (z3, cvc5) give the same answers to a sample of the questions.

Usage: run_certificates.py --program PATH_TO_ACESO --root SOURCE_ROOT
(the tests give both through ACESO_PROGRAM and ACESO_ROOT)
Exit code 0 when all holds, 1 when something does not. A solver that is not installed is told as a skipped test.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import drat_check

PROGRAM = ROOT = None
SAMPLE = 12  # of each answer, evenly over the questions


def smt_of(clauses):
    """The same clauses in SMT-LIB."""
    names = sorted({abs(literal) for clause in clauses for literal in clause})
    lines = ["(set-logic QF_UF)"] + [f"(declare-const v{name} Bool)" for name in names]
    for clause in clauses:
        said = " ".join(f"v{literal}" if literal > 0 else f"(not v{-literal})" for literal in clause)
        lines.append(f"(assert (or {said} false))")
    return "\n".join(lines) + "\n(check-sat)\n"


class Certificates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="aceso_certificates_")
        cls.index = []
        for path in ("tests/conformance/deep_samples/defects.aceso",
                     "guidelines/lumbar_radiculopathy/lumbar_radiculopathy.aceso"):
            done = subprocess.run([PROGRAM, "check", "--deep", "--certificates", cls.folder.name, ROOT / path],
                                  capture_output=True, timeout=300, check=False)
            if done.returncode not in (0, 1):
                raise AssertionError(done.stderr.decode())
            stem = Path(cls.folder.name) / Path(path).stem
            rows = Path(f"{stem}-index.tsv").read_text(encoding="utf-8").splitlines()[1:]
            for row in rows:
                number, check, subject, verdict, answer = row.split("\t")
                cls.index.append((f"{stem}-{number}", check, subject, verdict, answer))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def text(self, name):
        return Path(name).read_text(encoding="ascii")

    def sample(self, answer, most_bytes=10**9):
        all_ = [one[0] for one in self.index
                if one[4] == answer and Path(one[0] + ".cnf").stat().st_size <= most_bytes]
        self.assertGreaterEqual(len(all_), SAMPLE)
        return all_[::max(1, len(all_) // SAMPLE)]

    def test_every_proof_holds(self):
        proved = [one for one in self.index if one[4] == "unsatisfiable"]
        self.assertGreater(len(proved), 50)
        for stem, check, subject, verdict, _ in proved:
            with self.subTest(check=check, subject=subject, verdict=verdict):
                self.assertIsNone(drat_check.check(self.text(stem + ".cnf"), self.text(stem + ".drat")))

    def test_the_checker_refuses_what_does_not_follow(self):
        self.assertIsNone(drat_check.check("p cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n", "2 0\n0\n"))
        for formula, proof in (
                ("p cnf 2 3\n1 2 0\n-1 2 0\n1 -2 0\n", "2 0\n0\n"),  # satisfiable
                ("p cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n", "0\n"),  # a step is missing
                ("p cnf 2 4\n1 2 0\n-1 2 0\n1 -2 0\n-1 -2 0\n", "d 1 2 0\n"),  # no end
                ("p cnf 3 2\n1 2 0\n-1 3 0\n", "1 0\n0\n")):
            self.assertIsNotNone(drat_check.check(formula, proof), proof)
        # A question that has an answer has no proof, whatever is put beside it.
        proof = self.text(next(one[0] for one in self.index if one[4] == "unsatisfiable") + ".drat")
        for stem in self.sample("satisfiable"):
            self.assertIsNotNone(drat_check.check(self.text(stem + ".cnf"), proof))
            self.assertFalse(Path(stem + ".drat").exists())

    def agree(self, solver, *options, most_bytes=10**9):
        if not shutil.which(solver):
            self.skipTest(f"{solver} is not installed")
        for answer, word in (("unsatisfiable", "unsat"), ("satisfiable", "sat")):
            for stem in self.sample(answer, most_bytes):
                said = smt_of(drat_check.read_clauses(self.text(stem + ".cnf")))
                done = subprocess.run([solver, *options], input=said.encode(), capture_output=True, timeout=60, check=False)
                self.assertEqual(done.stdout.decode().split(), [word], stem)

    def test_z3_agrees(self):
        self.agree("z3", "-in", "-smt2")

    def test_cvc5_agrees(self):
        # What is larger takes cvc5 1.0.3 up to minutes.
        self.agree("cvc5", "--lang", "smt2", "-", most_bytes=18_000)


def main():
    global PROGRAM, ROOT
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=os.environ.get("ACESO_PROGRAM"))
    parser.add_argument("--root", default=os.environ.get("ACESO_ROOT"))
    arguments, rest = parser.parse_known_args()
    if not arguments.program or not arguments.root:
        parser.error("--program and --root are needed")
    PROGRAM, ROOT = str(Path(arguments.program).resolve()), Path(arguments.root).resolve()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
