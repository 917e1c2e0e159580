"""Every fix of every rule's bad cases: carried out, the finding is gone; and nothing else of a file changes."""

from __future__ import annotations

import difflib
import re
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from keyhop.api import check, fix
from keyhop.apply import after
from keyhop.errors import Drifted
from keyhop.finding import Safety
from keyhop.remedy import Edit
from literate import Case, cases

PAGES = sorted((Path(__file__).parent / "rules").glob("*.md"))
BAD = [case for page in PAGES for case in cases(page) if case.kind == "bad"]
each_case = pytest.mark.parametrize("case", BAD, ids=[f"{case.rule}-{case.title}" for case in BAD])


def snapshot(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@each_case
def test_what_is_mended_is_gone_and_stays_so(case: Case, tmp_path: Path):
    case.write(tmp_path)
    before = snapshot(tmp_path)
    repair, report = fix(tmp_path, unsafe=True)
    now = snapshot(tmp_path)
    assert {path for path in now if now[path] != before[path]} == set(repair.now)
    assert [told(f) for f in check(tmp_path).findings] == [told(f) for f in report.findings]
    left = {(f.process, f.credential) for f in report.findings if f.severity > 0 and f.trail}
    assert not left & {(m.finding.process, m.finding.credential) for m in repair.mended if m.finding.trail}
    assert "FakeKeyForTests" not in repair.diff()
    assert not [edit for each in repair.mended for edit in each.fix.edits if "FakeKeyForTests" in edit.text]
    again, _ = fix(tmp_path, unsafe=True)
    assert again.now == {}
    changed = sum(lines_changed(before[path], now[path]) for path in repair.now)
    assert changed <= sum(4 + edit.text.count("\n") for m in repair.mended for edit in m.fix.edits)


def told(finding) -> tuple[str, str, str]:
    return finding.rule, finding.process, finding.message


def lines_changed(old: bytes, new: bytes) -> int:
    told = difflib.ndiff(old.decode().splitlines(), new.decode().splitlines())
    return sum(line[:2] in ("+ ", "- ") for line in told)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_a_rule_says_of_its_fixes_is_what_is_done(page: Path, tmp_path: Path):
    rule, safeties = page.stem.replace("_", "-"), set()
    for number, case in enumerate(case for case in BAD if case.page == page):
        root = tmp_path / str(number)
        root.mkdir()
        case.write(root)
        repair, _ = fix(root, unsafe=True, write=False)
        safeties |= {each.fix.safety for each in repair.mended if each.finding.rule == rule}
    said = (import_module(f"keyhop.rules.{page.stem}").__doc__ or "").partition("## Fix safety\n")[2]
    words = {Safety.SAFE: "Safe", Safety.UNSAFE: "Unsafe"}
    assert {safety for safety, word in words.items() if re.search(rf"\b{word}\b", said)} == safeties
    assert safeties or said.startswith("Shown only. ")


COMPOSE = """\
services:
  web: &base
    image: python:3.12   # pinned
    command: python crew.py
    environment:
      - OPENAI_API_KEY=${OPENAI_API_KEY}

  worker:
    <<: *base
    environment: {MODE: "fast"}  # one line

  late: {<<: *base, environment: [MODE=slow]}
"""
CREW = 'from crewai import Agent\n\nAgent(role="a", goal="b", backstory="c", llm="gpt-4o").kickoff("hi")\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE.replace("image: python:3.12", "build: ."))
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\nCOPY crew.py .\n")
    (tmp_path / "crew.py").write_text(CREW)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-canary-4711-0815-4711-0815\n")
    return tmp_path


def test_a_line_is_added_in_the_style_of_its_block(project: Path):
    fix(project)
    text = (project / "compose.yaml").read_text()
    assert '    environment: {MODE: "fast", OPENAI_API_KEY: "${OPENAI_API_KEY}"}  # one line\n' in text
    assert "environment: [MODE=slow, " in text
    assert check(project).findings == ()


def test_a_diff_writes_nothing_and_shows_no_value(project: Path):
    (project / ".env").write_text('OPENAI_API_KEY="sk-canary-4711-0815-4711-0815" # mine\n')
    (project / "README.md").write_text(
        "```sh\ndocker build -t crew .\ndocker run --env-file .env crew python crew.py\n```\n"
    )
    before = snapshot(project)
    repair, _ = fix(project, write=False)
    assert "+# mine" in repair.diff()
    assert "canary" not in repair.diff() + repr(repair)
    assert not any("canary" in edit.text for each in repair.mended for edit in each.fix.edits)
    assert snapshot(project) == before


def test_a_file_that_changed_meanwhile_is_left_alone():
    edit = Edit(path="a", start=0, end=0, basis=sha256(b"old").hexdigest(), text="x")
    with pytest.raises(Drifted):
        after({"a": b"new"}, [edit])


def test_without_leave_only_safe_fixes_are_made(tmp_path: Path):
    for case in BAD:
        root = tmp_path / sha256(case.text.encode()).hexdigest()
        root.mkdir()
        case.write(root)
        repair, _ = fix(root, write=False)
        assert {each.fix.safety for each in repair.mended} <= {Safety.SAFE}
