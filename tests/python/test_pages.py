"""Each idiom in which real projects name models and keys, as a small project."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Case, cases, told_needs, told_writes

PAGES = sorted(Path(__file__).parent.glob("*.md"))


@pytest.mark.parametrize("case", [c for page in PAGES for c in cases(page)], ids=lambda case: case.title)
def test_page(case: Case, tmp_path: Path) -> None:
    facts = case.facts(tmp_path)
    if case.needs is not None:
        assert sorted(told_needs(facts).splitlines()) == sorted(case.needs.splitlines())
    if case.writes is not None:
        assert told_writes(facts) == case.writes
    assert case.needs is not None or case.writes is not None
