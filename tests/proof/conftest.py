"""The seed and the counts, in the head of every run."""

from __future__ import annotations

import seeds


def pytest_report_header() -> str:
    return f"proof: {seeds.report()}"
