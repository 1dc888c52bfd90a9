#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""table.py - the table of ./run coverage, of what gcovr counted, and what no test runs
through with the reasons for it.

usage: table.py COUNTS.json REASONS SOURCES
"""
import collections
import json
import re
import sys

LEAST_LINES, LEAST_BRANCHES = 98.0, 94.0


class Reason:
    """A line of the file of reasons."""

    def __init__(self, line):
        self.line = line
        self.used = False
        if line.startswith("/"):
            look, self.text = line[1:].rsplit("/ ", 1)
            self.file = self.function = "*"
            self.look = re.compile(look)
        else:
            self.file, self.function, self.text = line.split(None, 2)
            self.look = None

    def is_for(self, file, function, line):
        if self.look:
            return bool(self.look.search(line))
        return self.file == file and self.function in ("*", function)


def read_reasons(path):
    with open(path, encoding="utf-8") as lines:
        return [Reason(line.strip()) for line in lines
                if line.strip() and not line.startswith("#")]


def explain(reasons, file, function, line):
    """The first reason that there is for the line. All that there are have their use."""
    found = [reason for reason in reasons if reason.is_for(file, function, line)]
    for reason in found:
        reason.used = True
    return found[0].text if found else None


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "mech" else parts[0]


def function_at(text, number):
    """The name of the function that a line is in. (gcovr leaves some out.)"""
    for line in reversed(text[:number]):
        begin = re.match(r"(?:[A-Za-z_][\w *]*?[ *])?\b(\w+)\(", line)
        if begin and not line.endswith(";"):
            return begin.group(1)
    return "-"


def ranges(numbers):
    out = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def count(files):
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    left = []
    for file in files:
        missed = []
        for line in file["lines"]:
            if line.get("gcovr/noncode"):
                continue
            taken = sum(1 for branch in line["branches"] if branch["count"] > 0)
            for room in (room_of(file["file"]), "in all"):
                rooms[room][0] += 1
                rooms[room][1] += line["count"] > 0
                rooms[room][2] += len(line["branches"])
                rooms[room][3] += taken
            if line["count"] == 0:
                missed.append(line["line_number"])
        left.append((file["file"], missed))
    return rooms, left


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def report(left, reasons, sources):
    """Prints what no test runs through. Returns how many lines have no reason."""
    unexplained = 0
    print("what no test runs through:")
    for file, numbers in left:
        with open(f"{sources}/{file}", encoding="utf-8") as source:
            text = source.read().split("\n")
        by_reason = collections.defaultdict(list)
        for number in numbers:
            name = function_at(text, number)
            reason = explain(reasons, file, name, text[number - 1])
            by_reason[name, reason or "NO REASON GIVEN"].append(number)
            unexplained += not reason
        for (name, reason), some in by_reason.items():
            print(f"  {file}:{ranges(some)} {name}: {reason}")
    return unexplained


def main():
    with open(sys.argv[1], encoding="utf-8") as counts:
        rooms, left = count(json.load(counts)["files"])
    reasons = read_reasons(sys.argv[2])
    unexplained = report(left, reasons, sys.argv[3])
    print(f"\n{'directory':<20}{'lines':>8}{'run':>9}{'branches':>11}{'taken':>9}")
    for room, (lines, run, branches, taken) in sorted(rooms.items()):
        print(f"{room:<20}{lines:>8}{percent(run, lines):>8.2f}%"
              f"{branches:>11}{percent(taken, branches):>8.2f}%")
    lines, run, branches, taken = rooms["in all"]
    idle = [reason.line for reason in reasons
            if not reason.used and not reason.text.startswith("not always: ")]
    few = percent(run, lines) < LEAST_LINES or percent(taken, branches) < LEAST_BRANCHES
    if unexplained:
        print(f"coverage: {unexplained} lines are not run through, and tests/coverage/reasons"
              " does not say why")
    for line in idle:
        print(f"coverage: a reason of tests/coverage/reasons is for no line: {line}")
    if few:
        print(f"coverage: {LEAST_LINES} % of the lines and {LEAST_BRANCHES} % of the branches"
              " are wanted")
    return 1 if unexplained or idle or few else 0


sys.exit(main())
