"""The demo, step by step: it works, it is scaled and fails, it is checked, mended, and works again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import field
from pathlib import Path
from typing import TypeAlias

from keyhop.api import check
from keyhop.demo.provider import LoopbackProvider
from keyhop.demo.running import Outcome, Start, run
from keyhop.demo.services import workers
from keyhop.demo.twins import Twin, difference, lay_out
from keyhop.records import dataclass
from keyhop.report import Report

_ANSWERS = Path(__file__).parent / "answers.json"
_IN_PLACE_OF_DOCKER = (
    "No Docker is needed: each worker is started as a process with exactly the variables that "
    "docker compose up would give it from a shell that holds no key."
)
_HOW_MENDED = (
    "worker gets the file that web has; worker-urgent no longer overwrites what that file says with a variable "
    "that nobody sets."
)
_NO_ENV_FILE = {"PYTHON_DOTENV_DISABLED": "1"}
"""The image holds no ``.env``; on this machine one might lie above the interpreter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """Processes that were run."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A project that ``keyhop check`` read."""

    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What changes in the project's files."""

    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A run that this Python cannot do."""

    why: str


Result: TypeAlias = Ran | Checked | Mended | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `play` does it and may take seconds."""

    title: str
    command: str = ""
    """What a user would type for it."""
    note: str = ""
    play: Callable[[], Result]
    as_told: Callable[[Result], bool]
    """Whether the result is what the story says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The demo on one machine. Its key is made up and known to nobody but its own provider."""

    root: Path
    """Holds the two projects, ``broken`` and ``mended``."""
    home: Path
    """Home of the processes, for their logs and what CrewAI writes."""
    python: Path | None
    """An interpreter that has CrewAI; None: nothing is run."""
    key: str = field(default_factory=lambda: f"sk-demo-{secrets.token_hex(16)}", repr=False)

    def lay_out(self) -> None:
        """Writes both projects."""
        for twin in ("broken", "mended"):
            lay_out(self.root / twin, twin, self.key)

    def steps(self) -> Iterator[Step]:
        yield Step(
            title="One process, on a laptop: the crew works",
            command="python -m support_desk tickets.json",
            play=self._alone,
            as_told=_all_well,
        )
        yield Step(
            title="Scaled with Compose to three workers: the same crew fails in each",
            note=_IN_PLACE_OF_DOCKER,
            play=lambda: self._scaled("broken"),
            as_told=_none_well,
        )
        yield Step(
            title="keyhop names the hop",
            command="keyhop check",
            play=lambda: Checked(report=check(self.root / "broken")),
            as_told=self._names_every_service,
        )
        yield Step(
            title="Mended in docker-compose.yml",
            note=_HOW_MENDED,
            play=lambda: Mended(diff=tuple(difference())),
            as_told=lambda result: isinstance(result, Mended) and bool(result.diff),
        )
        yield Step(
            title="keyhop is silent",
            command="keyhop check",
            play=lambda: Checked(report=check(self.root / "mended")),
            as_told=lambda result: isinstance(result, Checked) and not result.report.findings,
        )
        yield Step(
            title="The same three workers answer",
            play=lambda: self._scaled("mended"),
            as_told=_all_well,
        )

    def _alone(self) -> Result:
        start = Start(title="one process", arguments=("-m", "support_desk", "tickets.json"))
        return self._run("broken", start)

    def _scaled(self, twin: Twin) -> Result:
        """Fills the inbox as the web process does, and starts every worker."""
        filling = self._run(twin, Start(title="inbox", arguments=("-m", "support_desk.inbox", "tickets.json")))
        if not _all_well(filling):
            return filling
        return self._run(
            twin,
            *(
                Start(
                    title=worker.title,
                    arguments=(*worker.arguments, "--until-empty"),
                    environment={**_NO_ENV_FILE, **worker.environment},
                )
                for worker in workers(self.root / twin)
            ),
        )

    def _names_every_service(self, result: Result) -> bool:
        scaled = {worker.service for worker in workers(self.root / "broken")}
        return isinstance(result, Checked) and scaled == {
            finding.process.rpartition("#")[2] for finding in result.report.findings
        }

    def _run(self, twin: Twin, *starts: Start) -> Result:
        if self.python is None:
            return Skipped(why="not run: this Python has no CrewAI")
        directory = self.root / twin / "backend"
        with LoopbackProvider(self.key, _answer) as provider:
            outcomes = run(starts, python=self.python, directory=directory, home=self.home, base_url=provider.url)
        return Ran(outcomes=outcomes)


def _answer(asked: str) -> str:
    """What the made-up model says: the row of the table whose ticket is asked about."""
    for row in json.loads(_ANSWERS.read_text(encoding="utf-8")):
        if row["ticket"] in asked:
            return str(row["category"] if "Ticket classifier" in asked else row["reply"])
    return "other"


def _all_well(result: Result) -> bool:
    return isinstance(result, Skipped) or (isinstance(result, Ran) and all(o.error is None for o in result.outcomes))


def _none_well(result: Result) -> bool:
    return isinstance(result, Skipped) or (isinstance(result, Ran) and all(o.error for o in result.outcomes))
