"""Celery: producers, workers of each pool, and tasks that run where they are sent."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.brokers import broker, needs_broker
from engines.observed import NAMES, SHELL, WORK, assert_agrees, environment, observed, predicted, project, script
from engines.programs import running

pytest.importorskip("celery", reason="Celery is not installed")
pytestmark = needs_broker

APP = """
import os
from celery import Celery

app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
{settings}
"""
READY = re.compile(r" ready\.")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with broker(tmp_path_factory.mktemp("broker")) as found:
        yield found


def queue(root: Path, address: str, *, settings: str = "", readme: str = "", call: str = "") -> Path:
    work = WORK.replace("def work(", "@app.task\ndef work(")
    call = call or 'tell("seen", work.delay(1).get(timeout=30))'
    made = project(root, script("", "work.name", call), tasks="")
    app = APP.format(settings=settings).replace('os.environ["BROKER"]', repr(address))
    (made / "tasks.py").write_text(app + work, "utf-8")
    if readme:
        (made / "README.md").write_text(readme, "utf-8")
    return made


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
@pytest.mark.parametrize("shell", [SHELL, {}], ids=["a shell with a key", "a shell without"])
def test_a_worker_has_its_own_shell_and_what_its_modules_load(
    tmp_path: Path, address: str, pool: str, shell: dict[str, str]
) -> None:
    root = queue(tmp_path, address)
    command = (sys.executable, "-m", "celery", "-A", "tasks", "worker", "-P", pool, "-c", "1", "-l", "info")
    with running(command, root, environment(root, shell), READY):
        seen = observed(root)["seen"]
    assert [name for name in NAMES if seen[name]] == [*shell, "FILE_KEY"]
    assert_agrees(predicted(root, shell)["celery:tasks.py#app"], seen)


def test_a_worker_that_the_readme_starts_is_the_same_process(tmp_path: Path, address: str) -> None:
    root = queue(tmp_path, address, readme="```sh\ncelery -A tasks worker\npython main.py\n```\n")
    said = predicted(root)
    (worker,) = (process for process in said if process.startswith("celery:"))
    expected = {name: name in ("SHELL_KEY", "FILE_KEY") for name in NAMES}
    assert_agrees(said[worker], expected)


def test_eager_tasks_run_in_the_producer_and_hide_the_loss(tmp_path: Path, address: str) -> None:
    root = queue(tmp_path, address, settings="app.conf.task_always_eager = True")
    said, seen = predicted(root), observed(root)["seen"]
    assert all(seen.values())
    assert_agrees(said["local:main.py"], seen)


def test_a_script_may_be_the_worker(tmp_path: Path, address: str) -> None:
    """``app.worker_main``: what the script sets before it, its workers have."""
    root = queue(tmp_path, address, call='app.worker_main(["worker", "-P", "prefork", "-c", "1", "-l", "info"])')
    main = root / "main.py"
    main.write_text(main.read_text("utf-8").replace("from tasks import work", "from tasks import app, work"), "utf-8")
    ask = f"import json\n{'from tasks import work'}\nprint(json.dumps(['seen', work.delay(1).get(timeout=30)]))\n"
    (root / "ask.py").write_text(ask, "utf-8")
    with running((sys.executable, "main.py"), root, environment(root), READY):
        seen = observed(root, sys.executable, "ask.py")["seen"]
    assert all(seen.values())
    (root / "ask.py").unlink()
    assert_agrees(predicted(root)["local:main.py"], seen)
