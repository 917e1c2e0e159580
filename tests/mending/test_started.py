"""The commonest mends, as their projects are really started: the crew fails before, and runs green afterwards."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent

import pytest
from celery import Celery

from engines.brokers import broker, needs_broker
from engines.programs import running
from keyhop.api import fix
from keyhop.demo.provider import LoopbackProvider
from planting import plant
from testbed.compose_program import config, docker_compose, environment

KEY = "sk-proj-FakeKeyForTests0123456789"
ANSWER = "Thought: I know it.\nFinal Answer: green tea"
QUIET = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "CREWAI_TRACING_ENABLED": "false"}
LLM = "from crewai import LLM, Agent, Crew, Task\n\nllm = LLM(model='openai/gpt-4o')\n"
RUN = (
    "writer = Agent(role='Writer', goal='Write', backstory='A writer.', llm=llm, max_retry_limit=0)\n"
    "article = Task(description='Write about tea.', expected_output='An article.', agent=writer)\n"
    "crew = Crew(agents=[writer], tasks=[article])\n"
)
PRINT = "\nif __name__ == '__main__':\n    print(crew.kickoff())\n"
CREW = LLM + RUN + PRINT
DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY *.py .\nCMD ["python", "crew.py"]\n'
PROJECT = {
    "crew.py": CREW,
    "Dockerfile": DOCKERFILE,
    "requirements.txt": "crewai==1.15.30\npython-dotenv\n",
    ".gitignore": ".env\nllm.env\n",
    "llm.env": f"OPENAI_API_KEY={KEY}\n",
}

pytestmark = [
    pytest.mark.skipif(find_spec("crewai") is None, reason="crewai is not installed"),
    pytest.mark.skipif(docker_compose() is None, reason="docker-compose is not installed"),
]


@dataclass(frozen=True, kw_only=True)
class Started:
    """What starts a process, and where."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path


def by_compose(service: str, shell: Mapping[str, str] | None = None) -> Callable[[Path], Started]:
    """As the real docker-compose says, in a directory that holds what the image would."""

    def start(root: Path) -> Started:
        program = docker_compose()
        assert program is not None
        said = config(program, root, shell=shell)
        assert said is not None
        image = root.parent / f"{root.name}-{service}-{len(list(root.parent.iterdir()))}"
        image.mkdir()
        for path in (*root.glob("*.py"), *root.glob("*.sh")):
            shutil.copy(path, image)
        words = tuple(said["services"][service].get("command") or ("python", "crew.py"))
        return Started(words=words, environment=environment(said["services"][service]), directory=image)

    return start


def on_the_host(*words: str) -> Callable[[Path], Started]:
    return lambda root: Started(words=words, environment={}, directory=root)


def compose(web: str, crew: str = "") -> dict[str, str]:
    beside = f"  web:\n    build: .\n{web}" if web else ""
    return {"compose.yaml": f"services:\n{beside}  crew:\n    build: .\n{crew}"}


POOL = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import crew
from dotenv import load_dotenv

load_dotenv("llm.env")


def write():
    return str(crew.crew.kickoff())


if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        print(pool.submit(write).result())
"""
SETTINGS = """\
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file="llm.env")

    openai_api_key: str


settings = Settings()
"""
START = "#!/bin/sh\n{}\npython crew.py\n"
README = {"README.md": "# Run\n\n```sh\nsh start.sh\n```\n"}
RUNS = {"README.md": "# Run\n\n```sh\npython main.py\n```\n"}
CASES: dict[str, tuple[str, dict[str, str], Callable[[Path], Started]]] = {
    "a file that its sibling reads": (
        "missing-beside-sibling",
        compose("    env_file: llm.env\n", "    environment: {MODE: fast}\n"),
        by_compose("crew"),
    ),
    "a variable that its sibling is given": (
        "missing-beside-sibling",
        {
            **compose("    environment:\n      - OPENAI_API_KEY=${OPENAI_API_KEY}\n"),
            ".env": f"OPENAI_API_KEY={KEY}\n",
        },
        by_compose("crew"),
    ),
    "an empty value hides the file's": (
        "empty-value-wins",
        compose("", "    env_file: llm.env\n    environment:\n      OPENAI_API_KEY: ${OPENAI_API_KEY}\n"),
        by_compose("crew"),
    ),
    "a variable is passed through from nowhere": (
        "removed-by-pass-through",
        compose("", "    env_file: llm.env\n    environment:\n      - OPENAI_API_KEY\n"),
        by_compose("crew"),
    ),
    "another name": (
        "misspelt-variable-name",
        {**compose("", "    env_file: llm.env\n"), "llm.env": f"OPENAI_KEY={KEY}\n"},
        by_compose("crew"),
    ),
    "quotes that make keeps": (
        "quotes-kept-in-value",
        {"Makefile": "include llm.env\nexport\nrun:\n\tpython crew.py\n", "llm.env": f'OPENAI_API_KEY="{KEY}"\n'},
        on_the_host("make", "run"),
    ),
    "a variable of the shell alone": (
        "key-lost-at-hop",
        {
            **compose("", "    command: sh start.sh\n"),
            "Dockerfile": DOCKERFILE.replace("*.py", "*.py start.sh"),
            "start.sh": START.format(f"OPENAI_API_KEY={KEY}"),
        },
        by_compose("crew"),
    ),
    "a file that is sourced": (
        "value-altered",
        {**README, "start.sh": START.format(". ./llm.env")},
        on_the_host("sh", "start.sh"),
    ),
    "a pool that is loaded too late": (
        "loaded-too-late",
        {
            **RUNS,
            "main.py": POOL,
            "crew.py": "import os\n\n"
            + LLM.replace("gpt-4o'", "gpt-4o', api_key=os.environ['OPENAI_API_KEY']")
            + RUN,
        },
        on_the_host("python", "main.py"),
    ),
    "a program with an environment of its own": (
        "environment-replaced",
        {
            **RUNS,
            "main.py": "import os\nimport subprocess\nimport sys\n\nfrom dotenv import load_dotenv\n\n"
            'load_dotenv("llm.env")\n'
            'subprocess.run([sys.executable, "crew.py"], check=True, env={"TOPIC": "tea"})\n',
        },
        on_the_host("python", "main.py"),
    ),
    "a settings object that keeps the key": (
        "settings-not-exported",
        {
            "README.md": "# Run\n\n```sh\npython crew.py\n```\n",
            "settings.py": SETTINGS,
            "crew.py": LLM.replace("\n\n", "\n\nfrom settings import settings\n\n", 1) + RUN + PRINT,
        },
        on_the_host("python", "crew.py"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mended_project_runs_green(name: str, tmp_path: Path):
    rule, files, start = CASES[name]
    root = tmp_path / "project"
    plant(root, {**PROJECT, **files})
    with LoopbackProvider(KEY, lambda _asked: ANSWER) as provider:
        failed = ran(start(root), tmp_path, provider.url)
        repair, report = fix(root, unsafe=True)
        assert {each.finding.rule for each in repair.mended} == {rule}
        assert not [each for each in report.findings if each.severity > 0]
        succeeded = ran(start(root), tmp_path, provider.url)
    assert failed.returncode, failed.stdout
    assert (succeeded.returncode, "green tea" in succeeded.stdout) == (0, True), succeeded.stderr[-2000:]
    assert KEY not in repair.diff()


TASKS = """\
import os

from celery import Celery

app = Celery("tasks", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])


@app.task
def write():
{}
    return str(crew.kickoff())
"""
SERVICES = """\
services:
  web:
    build: .
    command: python crew.py
    env_file: llm.env
  worker:
    build: .
    command: celery -A tasks worker --concurrency 1 --loglevel info
    environment:
      REDIS_URL: ${REDIS_URL}
"""


@needs_broker
def test_a_mended_worker_of_celery_runs_the_crew(tmp_path: Path):
    root = tmp_path / "project"
    plant(root, {**PROJECT, "tasks.py": TASKS.format(indent(LLM + RUN, "    ")), "compose.yaml": SERVICES})
    with LoopbackProvider(KEY, lambda _asked: ANSWER) as provider, broker(tmp_path) as address:
        start = by_compose("worker", {"REDIS_URL": address})
        failed = worked(start(root), tmp_path, provider.url, address)
        repair, report = fix(root)
        assert [each.finding.rule for each in repair.mended] == ["missing-beside-sibling"]
        assert report.findings == ()
        assert isinstance(failed, Exception)
        assert worked(start(root), tmp_path, provider.url, address) == "green tea"


def worked(started: Started, home: Path, provider: str, address: str) -> object:
    """What a worker makes of the task: its result, or its exception."""
    words = (sys.executable, "-m", *started.words)
    with running(words, started.directory, surroundings(started, home, provider), re.compile(r"celery@.* ready")):
        client = Celery(broker=address, backend=address)
        return client.send_task("tasks.write").get(timeout=120, propagate=False)


def ran(started: Started, home: Path, provider: str) -> subprocess.CompletedProcess[str]:
    environment = surroundings(started, home, provider)
    return subprocess.run(
        started.words,
        cwd=started.directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def surroundings(started: Started, home: Path, provider: str) -> dict[str, str]:
    own = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home), **QUIET}
    return {**own, "OPENAI_BASE_URL": provider, **started.environment}
