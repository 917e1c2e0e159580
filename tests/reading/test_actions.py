"""Workflows in which real projects run their crews, each as a small repository and the report that it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.api import check
from keyhop.errors import NothingToCheck
from literate import Case, cases, told

PAGE = Path(__file__).with_name("actions.md")
CASES = tuple(cases(PAGE))


def report_of(root: Path) -> str:
    """What is said of jobs, and of the containers that they start."""
    try:
        lines = told(check(root)).splitlines(keepends=True)
    except NothingToCheck:
        return ""
    return "".join(line for line in lines if "gha:" in line or "docker-run:" in line)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.title}")
def test_a_job_is_reported_as_its_page_says(case: Case, tmp_path: Path, update: bool):
    case.write(tmp_path)
    report = report_of(tmp_path)
    if update:
        PAGE.write_text(PAGE.read_text("utf-8").replace(case.text, case.expecting(report)), "utf-8")
    else:
        assert report == case.expected


def test_a_page_tells_of_every_verdict():
    told_of = {(case.kind, case.expected.partition(" ")[0].partition("[")[0]) for case in CASES}
    assert {("good", "arrives"), ("bad", "error"), ("unknown", "unknown")} <= told_of
