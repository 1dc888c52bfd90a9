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


def read_reasons(path):
    """(file, function) to the reason, a function "*" stands for all of a file; and what
    lines look like to theirs."""
    reasons, looks = {}, []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("/"):
                look, reason = line[1:].rsplit("/ ", 1)
                looks.append((re.compile(look), reason.strip()))
            elif line.strip() and not line.startswith("#"):
                where, function, reason = line.split(None, 2)
                reasons[where, function] = reason.strip()
    return reasons, looks


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


def main():
    with open(sys.argv[1], encoding="utf-8") as counts:
        rooms, left = count(json.load(counts)["files"])
    reasons, looks = read_reasons(sys.argv[2])
    unexplained = 0
    print("what no test runs through:")
    for file, numbers in left:
        with open(f"{sys.argv[3]}/{file}", encoding="utf-8") as source:
            text = source.read().split("\n")
        by_reason = collections.defaultdict(list)
        for number in numbers:
            name = function_at(text, number)
            reason = reasons.get((file, name)) or reasons.get((file, "*"))
            for look, why in looks:
                if not reason and look.search(text[number - 1]):
                    reason = why
            by_reason[name, reason or "NO REASON GIVEN"].append(number)
            unexplained += not reason
        for (name, reason), some in by_reason.items():
            print(f"  {file}:{ranges(some)} {name}: {reason}")
    print(f"\n{'directory':<20}{'lines':>8}{'run':>9}{'branches':>11}{'taken':>9}")
    for room, (lines, run, branches, taken) in sorted(rooms.items()):
        print(f"{room:<20}{lines:>8}{percent(run, lines):>8.2f}%"
              f"{branches:>11}{percent(taken, branches):>8.2f}%")
    lines, run, branches, taken = rooms["in all"]
    if unexplained:
        print(f"coverage: {unexplained} lines are not run through, and tests/coverage/reasons"
              " does not say why")
    if percent(run, lines) < LEAST_LINES or percent(taken, branches) < LEAST_BRANCHES:
        print(f"coverage: {LEAST_LINES} % of the lines and {LEAST_BRANCHES} % of the branches"
              " are wanted")
        return 1
    return 1 if unexplained else 0


sys.exit(main())
