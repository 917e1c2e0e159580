"""The smallest project with a crew, for tests that mend what starts it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import ndiff
from pathlib import Path

from keyhop.api import check, fix
from keyhop.repair import Repair
from planting import plant

KEY = "OPENAI_API_KEY"
CREW = {
    "crew.py": "from crewai import Agent\n\nAgent(role='a', goal='b', backstory='c', llm='gpt-4o').kickoff('hi')\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY crew.py .\nCMD ["python", "crew.py"]\n',
    "requirements.txt": "crewai==1.15.30\n",
}


def mended(root: Path, files: Mapping[str, str], *, unsafe: bool = False) -> Repair:
    """Mends a project; what was found is gone afterwards, and a second time there is nothing to do."""
    plant(root, {**CREW, **files})
    repair, report = fix(root, unsafe=unsafe)
    assert not {each.finding.message for each in repair.mended} & {each.message for each in check(root).findings}
    assert [each.message for each in check(root).findings] == [each.message for each in report.findings]
    assert fix(root, unsafe=unsafe)[0].now == {}
    return repair


def added(repair: Repair, path: str) -> str:
    """The lines of a file that were not there before. Of those that were, as many may be gone."""
    old, new = (data[path].decode().splitlines(keepends=True) for data in (repair.before, repair.now))
    marked = list(ndiff(old, new))
    assert sum(line.startswith("- ") for line in marked) in (0, sum(line.startswith("+ ") for line in marked))
    return "".join(line[2:] for line in marked if line.startswith("+ "))
