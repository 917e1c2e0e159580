"""The project that is timed: some hundred modules behind three Compose files, and packages beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("crewai==1.15.30", "celery==5.7.0", "ray==2.60.0")
MODULES = 120
"""Of the project, that its processes reach; as many again are reached by none."""

_COMPOSE = """\
services:
  web:
    build: .
    command: uvicorn desk.web:app --host 0.0.0.0
    environment:
      OPENAI_API_KEY: ${{OPENAI_API_KEY}}
  worker:
    build: .
    command: celery -A desk.queue worker
    environment:
      BROKER_URL: redis://redis
      {worker}
  redis:
    image: redis:7
"""
_COMPOSE_FILES = {
    "compose.yaml": "OPENAI_API_KEY: ${OPENAI_API_KEY}",
    "compose.staging.yaml": "SERPER_API_KEY: ${SERPER_API_KEY}",
    "compose.prod.yaml": "OPENAI_API_KEY: ''",
}
_FILES = {
    "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY desk desk\n",
    ".env.example": "OPENAI_API_KEY=\nSERPER_API_KEY=\n",
    "requirements.txt": "crewai==1.15.30\ncelery\nray\n",
    "README.md": "# Desk\n\n```sh\ncp .env.example .env\ndocker compose up\n```\n",
    "desk/__init__.py": "",
    "desk/queue.py": (
        "import os\nfrom celery import Celery\nfrom desk.part_000 import Part\n\n"
        "app = Celery('desk', broker=os.environ['BROKER_URL'])\n\n\n"
        "@app.task\ndef answer(question):\n    return Part(question).work()\n"
    ),
    "desk/web.py": (
        "from fastapi import FastAPI\nfrom desk.part_000 import Part\nfrom desk.queue import answer\n\n"
        "app = FastAPI()\n\n\n@app.post('/ask')\ndef ask(question: str):\n    answer.delay(question)\n"
        "    return Part(question).title\n"
    ),
}
_PART = '''\
"""Part {number} of the desk."""

import logging
import os
from dataclasses import dataclass

from crewai import LLM, Agent, Crew, Task
{imports}

logger = logging.getLogger(__name__)
TIMEOUT = int(os.getenv("DESK_TIMEOUT", "30"))
MODEL = "gpt-4o-mini"
OPTIONS = {{"temperature": 0.1, "timeout": TIMEOUT}}


@dataclass
class Setting:
    name: str
    value: str = ""

    def shown(self) -> str:
        return f"{{self.name}}={{self.value}}"


class Part:
    def __init__(self, question: str, tries: int = 3) -> None:
        self.question = question
        self.tries = tries
        self.settings = [Setting("a"), Setting("b", "c")]
        self.llm = LLM(model=MODEL, **OPTIONS)

    @property
    def title(self) -> str:
        return ", ".join(setting.shown() for setting in self.settings)

    def work(self) -> str:
        for number in range(self.tries):
            try:
                logger.info("try %s of %s", number, self.title)
                found = self.crew().kickoff(inputs={{"question": self.question}})
            except ValueError:
                logger.exception("no answer")
                continue
            return str(found)
        return {rest}

    def crew(self) -> Crew:
        agent = Agent(role="clerk {number}", goal="answer", backstory="", llm=self.llm)
        task = Task(description="{{question}}", expected_output="text", agent=agent)
        return Crew(agents=[agent], tasks=[task])
'''


def plant(root: Path, *, unreached: bool) -> None:
    """Write the project; `unreached`: with the modules that no process reaches."""
    for name, text in _files(unreached):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _files(unreached: bool) -> Iterator[tuple[str, str]]:
    yield from _FILES.items()
    for name, worker in _COMPOSE_FILES.items():
        yield name, _COMPOSE.format(worker=worker)
    for number in range(MODULES):
        yield f"desk/part_{number:03}.py", _part(number, "desk.part_{:03}")
    for number in range(MODULES if unreached else 0):
        yield f"attic/part_{number:03}.py", _part(number, "attic.part_{:03}")


def _part(number: int, name: str) -> str:
    """A module that uses the two that a binary tree has under it."""
    used = [each for each in (2 * number + 1, 2 * number + 2) if each < MODULES]
    imports = "".join(f"from {name.format(each)} import Part as Part{each}\n" for each in used)
    rest = " + ".join(f"Part{each}(self.question).work()" for each in used) or '""'
    return _PART.format(number=number, imports=imports, rest=rest)


def packages(cache: Path) -> Path:
    """The folder into which pip has installed the packages; it does so once."""
    target, done = cache / "packages", cache / "packages.done"
    if not done.exists() or done.read_text() != " ".join(PACKAGES):
        shutil.rmtree(target, ignore_errors=True)
        uv = shutil.which("uv")
        install = (
            [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
        )
        subprocess.run([*install, "--quiet", "--target", target, *PACKAGES], check=True)
        done.write_text(" ".join(PACKAGES))
    return target


def environment(root: Path, installed: Path) -> None:
    """A virtual environment in the project."""
    (root / "environment").mkdir()
    (root / "environment" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    _link(installed, root / "environment" / "lib" / "python3" / "site-packages")


def target(root: Path, installed: Path) -> None:
    """What ``pip install --target vendor`` leaves."""
    _link(installed, root / "vendor")


def _link(source: Path, to: Path) -> None:
    shutil.copytree(source, to, copy_function=_linked, symlinks=True)


def _linked(source: str, to: str) -> None:
    """A second name of a file, or a copy on another file system."""
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)
