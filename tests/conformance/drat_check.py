#!/usr/bin/python3
"""Checks that a CNF is unsatisfiable by a proof in DRAT, reverse unit propagation only. Shares no code with the compiler.

Usage: drat_check.py FORMULA.cnf PROOF.drat
Each line of the proof has to follow by unit propagation from the formula and the lines before it, and one of them has to
be the empty clause. Deletions are passed over: a clause that was there still holds. Lines that would need more than
that (RAT on a pivot) are refused. Exit code 0: the proof holds; 1: it does not.
"""

import sys


def read_clauses(text):
    """The clauses of DIMACS text, comments and header left out."""
    numbers = []
    for line in text.splitlines():
        if line and line[0] not in "cp":
            numbers.extend(map(int, line.split()))
    clauses, clause = [], []
    for number in numbers:
        if number:
            clause.append(number)
        else:
            clauses.append(clause)
            clause = []
    if clause:
        raise ValueError("the last clause is not ended")
    return clauses


class Propagation:
    """Unit propagation with two watched literals; what is assumed can be taken back."""

    def __init__(self):
        self.true, self.trail, self.watches, self.head = set(), [], {}, 0
        self.is_contradictory = False

    def add(self, clause):
        clause = list(dict.fromkeys(clause))
        if any(-literal in clause for literal in clause):
            return
        clause.sort(key=lambda literal: -literal in self.true)  # what is not false comes first
        open_ = sum(-literal not in self.true for literal in clause)
        if len(clause) > 1:
            for literal in clause[:2]:
                self.watches.setdefault(literal, []).append(clause)
        if open_ == 0:
            self.is_contradictory = True
        elif open_ == 1 and clause[0] not in self.true:
            self.assign(clause[0])
            self.is_contradictory |= self.conflicts()

    def assign(self, literal):
        self.true.add(literal)
        self.trail.append(literal)

    def conflicts(self):
        while self.head < len(self.trail):
            false = -self.trail[self.head]
            self.head += 1
            kept, watched = [], self.watches.get(false, [])
            for place, clause in enumerate(watched):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                other = clause[0]
                if other in self.true:
                    kept.append(clause)
                    continue
                for i in range(2, len(clause)):
                    if -clause[i] not in self.true:
                        clause[1], clause[i] = clause[i], false
                        self.watches.setdefault(clause[1], []).append(clause)
                        break
                else:
                    kept.append(clause)
                    if -other in self.true:
                        self.watches[false] = kept + watched[place + 1:]
                        return True
                    self.assign(other)
            self.watches[false] = kept
        return False

    def follows(self, clause):
        """Assuming that no literal of the clause holds leads to a contradiction."""
        if self.is_contradictory:
            return True
        before = len(self.trail)
        found = False
        for literal in clause:
            if literal in self.true:
                found = True
                break
            if -literal not in self.true:
                self.assign(-literal)
        found = found or self.conflicts()
        for literal in self.trail[before:]:
            self.true.discard(literal)
        del self.trail[before:]
        self.head = before
        return found


def check(formula, proof):
    """None where the proof holds, else what is wrong with it."""
    state = Propagation()
    for clause in read_clauses(formula):
        state.add(clause)
    for number, line in enumerate(proof.splitlines(), 1):
        if not line.strip() or line.startswith(("d", "c")):
            continue
        words = [int(word) for word in line.split()]
        if words[-1] != 0 or 0 in words[:-1]:
            return f"line {number} is no clause"
        clause = words[:-1]
        if not state.follows(clause):
            return f"line {number} does not follow: {line}"
        if not clause:
            return None
        state.add(clause)
    return None if state.is_contradictory else "the empty clause is missing"


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    with open(sys.argv[1], encoding="ascii") as formula, open(sys.argv[2], encoding="ascii") as proof:
        wrong = check(formula.read(), proof.read())
    print(wrong or "the proof holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
