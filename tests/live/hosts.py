"""A small project whose workers run a real crew, and the shells that its processes are started from."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from keyhop.demo.provider import LoopbackProvider
from live.crews import QUIET
from live.leaks import CANARY

ANSWER = "Final Answer: the crew has worked"
CREW = """\
def run(topic="keys"):
    from crewai import Agent, Crew, LLM, Task

    agent = Agent(role="Researcher", goal="g", backstory="b", llm=LLM("openai/gpt-4o-mini"))
    task = Task(description=topic, expected_output="e", agent=agent)
    return str(Crew(agents=[agent], tasks=[task]).kickoff())
"""


@contextmanager
def provider() -> Iterator[str]:
    """The base URL of a provider that takes the planted key alone."""
    with LoopbackProvider(CANARY, lambda asked: ANSWER) as serving:
        yield serving.url


def shell(home: Path, base_url: str, **more: str) -> dict[str, str]:
    """Enough to run a crew, but for its key."""
    kept = {name: os.environ[name] for name in ("LANG", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    programs = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    own = {"PATH": programs, "HOME": str(home), "PYTHONUNBUFFERED": "1", "OPENAI_BASE_URL": base_url}
    return {**own, **QUIET, **kept, **more}


def with_key(environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "OPENAI_API_KEY": CANARY}


def plant(root: Path, **modules: str) -> Path:
    """A project with a crew; `modules` are named without ``.py``."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in {"crew": CREW, **modules}.items():
        (root / f"{name}.py").write_text(dedent(text), "utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "crew"\n', "utf-8")
    return root


def program(name: str) -> str:
    """A program that is installed beside this Python."""
    return str(Path(sys.executable).parent / name)
