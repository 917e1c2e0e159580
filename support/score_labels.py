"""Scores `keyhop check` against hand-made labels of real repositories.

    python support/score_labels.py --trees DIR LABELS.json...

DIR holds one checkout per repository, named ``owner+name``; nothing in it is run. Each label file names
a repository's processes, what each of them is given, its defects, and what must not be reported. Prints
every trail and finding that differs from its label, to be read by a person, and the counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from keyhop.api import check
from keyhop.errors import KeyhopError
from keyhop.finding import Finding, Severity
from keyhop.report import Report
from keyhop.value import Trail

VERDICTS = {
    "delivered": "arrives",
    "delivered_conditional": "arrives",
    "missing": "lost",
    "masked": "lost",
    "late": "lost",
    "unknown_external": "unknown",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--trees", required=True, type=Path)
    parser.add_argument("--kinds", default="compose,dockerfile,procfile,local,crewai", help="process kinds to score")
    parser.add_argument("--only", default="*", help="a glob of repositories")
    arguments = parser.parse_args()
    kinds = set(arguments.kinds.split(","))
    counts: Counter[str] = Counter()
    for file in arguments.labels:
        for repo in json.loads(file.read_text("utf-8"))["repos"]:
            if not fnmatchcase(repo["repo"], arguments.only):
                continue
            print(f"\n## {repo['repo']}")
            try:
                report = check(arguments.trees / repo["repo"].replace("/", "+"))
            except KeyhopError as error:
                print(f"   no report: {error}")
                counts["repositories without report"] += 1
                continue
            counts["repositories"] += 1
            for line in score(repo, report, kinds, counts):
                print(f"   {line}")
    print("\n# counts")
    for name, count in sorted(counts.items()):
        print(f"{count:5}  {name}")
    return 0


def score(repo: dict[str, Any], report: Report, kinds: set[str], counts: Counter[str]) -> Iterator[str]:
    """Every difference between a report and its label, in words."""
    yield from trails(repo, report, kinds, counts)
    yield from defects(repo, report, kinds, counts)
    yield from findings(repo, report, kinds, counts)


def trails(repo: dict[str, Any], report: Report, kinds: set[str], counts: Counter[str]) -> Iterator[str]:
    for process in repo["processes"]:
        if process["kind"] not in kinds:
            continue
        needs = {n["cred"]: n for n in repo["needs"]}
        for delivery in process["deliveries"]:
            wanted = VERDICTS.get(delivery["status"])
            required = needs.get(delivery["cred"], {}).get("required", "?")
            found = [t for t in report.trails if matches(t, process["id"], delivery["cred"])]
            verdicts = {t.verdict.word for t in found}
            label = f"{process['id']} {delivery['cred']} ({delivery['status']}, {required})"
            if not found:
                counts[f"trail absent, label {required}"] += 1
                yield f"TRAIL absent     {label}"
            elif wanted is None or wanted in verdicts:
                counts["trail right"] += 1
            else:
                counts["trail differs"] += 1
                why = "; ".join(
                    f"{t.verdict.word} {t.loss.value if t.loss else ''} given={t.value.given}" for t in found
                )
                yield f"TRAIL differs    {label}: {why}"


def matches(trail: Trail, process: str, credential: str) -> bool:
    return str(trail.need.owner) == process and credential in trail.need.names


def defects(repo: dict[str, Any], report: Report, kinds: set[str], counts: Counter[str]) -> Iterator[str]:
    for defect in repo["defects"]:
        if defect["severity"] == "hygiene" or (
            ":" in defect["process"] and defect["process"].split(":")[0] not in kinds
        ):
            continue
        found = [f for f in report.findings if is_about(f, defect)]
        outcome = "found" if found else "MISSED"
        counts[f"defect {defect['severity']} {outcome.lower()}"] += 1
        rules = ", ".join(f"{f.rule}@{f.process}" for f in found)
        what = f"{defect['id']} {defect['class']} {defect['process']} {defect['cred']}"
        yield f"DEFECT {outcome} ({defect['severity']}) {what} {rules}"


def is_about(finding: Finding, defect: dict[str, Any]) -> bool:
    names = finding.trail.need.names if finding.trail else ()
    process = defect["process"] in ("-", "*", finding.process) or defect["process"].startswith("local:")
    return process and defect["cred"] in (*names, "*")


def findings(repo: dict[str, Any], report: Report, kinds: set[str], counts: Counter[str]) -> Iterator[str]:
    known = {p["id"]: p for p in repo["processes"]}
    for finding in report.findings:
        if any(is_about(finding, d) for d in repo["defects"]):
            counts["finding on a labelled defect"] += 1
            continue
        names = finding.trail.need.names if finding.trail else ()
        traps = [
            t
            for t in repo["must_not_report"]
            if t["process"] in ("*", finding.process) and t["cred"] in (*names, "*")
        ]
        word = "TRAP" if traps else ("known process" if finding.process in known else "unlabelled process")
        severity = finding.severity.word
        counts[f"finding {severity}: {word}"] += 1
        if finding.severity is not Severity.NOTE or traps:
            yield f"FINDING {severity} {word}: [{finding.rule}] {finding.message} ({finding.span})"
        else:
            yield f"finding note {word}: [{finding.rule}] {finding.message} ({finding.span})"


if __name__ == "__main__":
    sys.exit(main())
