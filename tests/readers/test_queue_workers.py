"""The reader ``"queue-workers"``: told where no command of the project starts a worker, else left to that command."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.api import check
from keyhop.value import Loss, Verdict

KEPT = "sk-proj-Q7w2Er9tYuLp4AsDfGhJkZ1xCvBn"
APP = """
import os
from celery import Celery
from openai import OpenAI

app = Celery("jobs", broker="redis://localhost")

@app.task
def answer(question):
    return OpenAI(api_key=os.environ["OPENAI_API_KEY"]).responses.create(model="gpt-5", input=question).output_text
"""
PRODUCER = """
from dotenv import load_dotenv
load_dotenv()
from jobs import answer

answer.delay("why?")
"""


def project(root: Path, readme: str = "", **files: str) -> Path:
    texts = {"jobs.py": APP, "main.py": PRODUCER, ".env": f"OPENAI_API_KEY={KEPT}\n", **files}
    texts["README.md"] = f"```sh\npython main.py\n```\n{readme}"
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")
    return root


def test_a_worker_that_nothing_starts_gets_nothing_across_the_broker(tmp_path: Path) -> None:
    (trail,) = check(project(tmp_path)).trails
    assert trail.need.owner == "celery:jobs.py#app"
    assert (trail.verdict, trail.loss) == (Verdict.LOST, Loss.NOT_PASSED)
    assert getattr(trail.lost_at, "via", None) == "celery broker"


def test_a_worker_that_loads_the_file_itself_has_the_key(tmp_path: Path) -> None:
    loading = f"from dotenv import load_dotenv\nload_dotenv()\n{APP}"
    (trail,) = check(project(tmp_path, **{"jobs.py": loading})).trails
    assert (trail.need.owner, trail.verdict) == ("celery:jobs.py#app", Verdict.ARRIVES)


def test_words_about_workers_start_none(tmp_path: Path) -> None:
    report = check(project(tmp_path, "\nA Celery worker answers each question.\n"))
    assert {str(trail.need.owner) for trail in report.trails} == {"celery:jobs.py#app"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Procfile", "worker: celery -A jobs worker\n"),
        ("compose.yaml", 'services:\n  w:\n    build: .\n    command: ["celery", "-A", "jobs", "worker"]\n'),
        ("start.ps1", "celery -A jobs worker\n"),
    ],
)
def test_a_worker_that_a_file_starts_is_not_told_twice(tmp_path: Path, file: str, text: str) -> None:
    owners = {str(trail.need.owner) for trail in check(project(tmp_path, **{file: text})).trails}
    assert "celery:jobs.py#app" not in owners
