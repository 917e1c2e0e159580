"""``keyhop explain``: texts in, causes out. No project, no network and no key are needed."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from keyhop.cause_words import WORDS, causes_page
from keyhop.causes import Cause
from keyhop.commands import main
from keyhop.explanations import explanations

MISSING = """\
Traceback (most recent call last):
  File "/app/main.py", line 4, in <module>
    crew.kickoff()
  File "/usr/lib/python3.12/site-packages/crewai/llms/providers/openai/completion.py", line 441, in _get_sync_client
    raise ValueError("OPENAI_API_KEY is required")
ValueError: OPENAI_API_KEY is required
"""
QUOTA = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check "
    "your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}\n"
)
REJECTED = (
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-proj-****. "
    "You can find your API key at https://platform.openai.com/account/api-keys.', 'code': 'invalid_api_key'}}\n"
)
UNKNOWN = """\
Traceback (most recent call last):
  File "/app/shapes.py", line 9, in area
    return sides[3]
IndexError: list index out of range
"""
CALM = "2026-01-01 10:00:00 INFO started\n2026-01-01 10:00:01 INFO 3 rows written\n"


def explained(*arguments: str, capsys: pytest.CaptureFixture[str], status: int = 0) -> dict[str, Any]:
    assert main(["explain", *arguments, "--format", "json"]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "worker.log"
    path.write_text(MISSING, "utf-8")
    return path


def test_a_missing_key_is_named_from_a_traceback_alone(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = explained(str(log), capsys=capsys)
    assert (found["schema"], found["unexplained"]) == ("keyhop.explain.v1", False)
    (diagnosis,) = found["diagnoses"]
    assert diagnosis["cause"] in ("missing_in_process", "missing_everywhere")
    assert {"missing_in_process", "missing_everywhere"} <= {diagnosis["cause"], *diagnosis["alternatives"]}
    assert (diagnosis["family"], diagnosis["provider"], diagnosis["count"]) == ("credential", "openai", 1)
    assert {"line": 6, "text": "ValueError: OPENAI_API_KEY is required"} in diagnosis["evidence"]


@pytest.mark.parametrize("text", [CALM, ""], ids=["a calm log", "nothing"])
def test_a_text_without_a_failure_is_told_apart(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calm.log"
    path.write_text(text)
    assert explained(str(path), capsys=capsys, status=3) == {
        "schema": "keyhop.explain.v1", "diagnoses": [], "unexplained": False, "remark": None,
    }  # fmt: skip


def test_the_text_says_cause_whom_evidence_and_what_next(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(log)]) == 0
    said = capsys.readouterr().out
    first, *rest = said.splitlines()
    assert first.startswith("missing_")
    assert "OPENAI_API_KEY" in first
    assert " 6 | ValueError: OPENAI_API_KEY is required" in said
    assert any("it may also be" in line for line in rest)
    assert any("next: keyhop" in line for line in rest)


def test_markdown_is_ready_for_an_issue(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text(MISSING.replace("ValueError: ", "ValueError: ``` @everyone "))
    assert main(["explain", str(log), "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("### ")
    assert "````text\n" in said


def test_standard_input_files_and_gzip_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "worker.log.1.gz"
    packed.write_bytes(gzip.compress(REJECTED.encode()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REJECTED.encode())))
    assert explained(capsys=capsys) == explained(str(packed), capsys=capsys)


def test_two_faults_in_several_files_are_two_diagnoses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("a.log", REJECTED * 3), ("b.log", QUOTA)):
        (tmp_path / name).write_text(text)
    found = explained(str(tmp_path / "a.log"), str(tmp_path / "b.log"), capsys=capsys)
    assert {each["cause"]: each["count"] for each in found["diagnoses"]} == {"invalid_key": 3, "quota_not_auth": 1}


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.gz").write_bytes(gzip.compress(REJECTED.encode() * 100)[:-20])
    for name in ("none.log", "broken.gz", "."):
        assert main(["explain", str(tmp_path / name)]) == 2
        assert "cannot be read" in capsys.readouterr().err


PROJECT = {
    "docker-compose.yml": """
        services:
          web:
            build: .
            command: python main.py
            environment:
              OPENAI_API_KEY: ${OPENAI_API_KEY}
          worker:
            build: .
            command: python main.py
        """,
    "Dockerfile": """
        FROM python:3.12
        WORKDIR /app
        COPY . /app
        """,
    "main.py": """
        from crewai import Agent, Crew, Task

        writer = Agent(role="a", goal="b", backstory="c", llm="openai/gpt-4o")
        Crew(agents=[writer], tasks=[Task(description="x", expected_output="y", agent=writer)]).kickoff()
        """,
    ".env.example": "OPENAI_API_KEY=\n",
}
"""Compose gives the key to one service of two."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    for name, text in PROJECT.items():
        (root / name).write_text(dedent(text).lstrip())
    return root


def from_compose(text: str, service: str) -> str:
    return "".join(f"{service}  | {line}\n" for line in text.splitlines())


def test_a_project_names_the_hop_that_broke_and_its_fix(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "compose.log"
    log.write_text(from_compose(MISSING, "worker-1"))
    found = explained(str(log), "--project", str(project), capsys=capsys)
    (journey,) = found["diagnoses"][0]["journeys"]
    trail = journey["trail"]
    assert (trail["process"], trail["verdict"], trail["loss"]) == (
        "compose:docker-compose.yml#worker",
        "lost",
        "not-passed",
    )
    assert (trail["lost_at"]["path"], trail["lost_at"]["line"]) == ("docker-compose.yml", 7)
    assert [each["rule"] for each in journey["findings"]] == ["missing-beside-sibling"]
    assert journey["fixes"]


def test_a_service_that_the_files_supply_is_shown_with_its_key(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "compose.log"
    log.write_text(from_compose(REJECTED, "web-1"))
    found = explained(str(log), "--project", str(project), capsys=capsys)
    verdicts = [each["trail"]["verdict"] for each in found["diagnoses"][0]["journeys"]]
    assert verdicts == ["arrives"]


def test_without_a_role_every_process_that_loses_the_key_is_shown(
    project: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = explained(str(log), "--project", str(project), capsys=capsys)
    processes = [each["trail"]["process"] for each in found["diagnoses"][0]["journeys"]]
    assert processes == ["compose:docker-compose.yml#worker"]


def test_trouble_that_is_no_matter_of_keys_is_not_traced(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "quota.log"
    log.write_text(QUOTA)
    found = explained(str(log), "--project", str(project), capsys=capsys)
    assert found["diagnoses"][0]["journeys"] == []


def test_every_cause_has_words_that_can_be_filled_in() -> None:
    assert set(WORDS) == set(Cause)
    assert len(causes_page().splitlines()) > 4 * len(Cause)
    for words in WORDS.values():
        assert not words.sentence.endswith(".")
        assert words.why.endswith(".")
        assert words.mend.endswith(".")


def test_the_page_of_causes_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "causes.md"
    assert page.read_text("utf-8") == causes_page()


def test_every_way_of_writing_is_offered() -> None:
    assert set(explanations()) == {"json", "markdown", "text"}
