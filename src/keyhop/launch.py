"""How a process is started, and what of the project it sees as files."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import Literal, TypeAlias

from keyhop.facts import Condition, Hop, Layer, PlaceId, Supply
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.expansion import Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a command has of the job that it is a step of."""

    job: PlaceId
    """The process: its steps share its files, and their needs are its own."""
    shell: str = "sh"
    lines: tuple[Span, ...] = ()
    """Where each line of the command's text stands; empty: all of it is one place."""
    variables: tuple[tuple[str, Pieces], ...] = field(default=(), repr=False)
    """Variables whose texts are in view, those of the host itself among them."""
    made: tuple[str, ...] = ()
    """Env files that the job's steps make, as absolute paths. What the repository ignores is not there else."""
    given: Condition | None = None
    """When the step is run."""
    environment_inside: bool | None = None
    """Whether the virtual environment that the job's steps make lies inside the project; None: no step tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A command that a host runs in a place.

    Host and container are alike: a process on the host sees the project's root at ``/``.
    """

    place: PlaceId
    words: tuple[str, ...] | None = None
    """The exec form; None where `text` holds the shell form."""
    text: str | None = None
    """The shell form, run by ``/bin/sh -c``."""
    cwd: str = "/"
    """Absolute, inside the process's own file system."""
    layers: tuple[Layer, ...] = ()
    """What it sees of the project, lowest first: a later layer hides an earlier one."""
    span: Span | None = None
    inherited: bool = False
    """The command is the image's own, so that the entry may lie outside the project."""
    step: Step | None = None

    def spans(self, start: int, _end: int) -> Span | None:
        """Where a stretch of `text` stands."""
        lines = self.step.lines if self.step and self.text else ()
        number = self.text.count("\n", 0, start) if self.text else 0
        return lines[number] if number < len(lines) else self.span


class Program(Enum):
    """What kind of thing a command starts."""

    SCRIPT = "script"
    """``python path/to/file.py``: `target` is an absolute path inside the process's file system."""
    MODULE = "module"
    """``python -m a.b``: `target` is dotted."""
    APPLICATION = "application"
    """``uvicorn a.b:app``: `target` is ``a.b`` or ``a.b:attribute``; the module is imported, not run."""
    CELERY_WORKER = "celery worker"
    """``celery -A a.b worker``: `target` is the application."""
    TASK_WORKER = "task worker"
    """``dramatiq a.b``, ``arq a.b.Settings``: as an application, and its tasks are run."""
    RQ_WORKER = "rq worker"
    """``rq worker``: it runs the functions that the project's code enqueues; `target` is ``rq``."""
    CREWAI = "crewai"
    """``crewai run``, ``crewai flow kickoff``: `target` is the project's directory."""
    CODE = "code"
    """``python -c text``: `target` is the text."""
    FOREIGN = "foreign"
    """A program that is known to run no crew: a frontend, a database, beat, flower, a migration, a lint."""
    UNKNOWN = "unknown"
    """A launcher that keyhop does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a command comes down to, once shells, scripts and wrappers are followed."""

    place: PlaceId
    program: Program
    target: str
    cwd: str
    """Absolute, inside the process's own file system; the first entry of ``sys.path`` for modules."""
    path: tuple[str, ...] = ()
    """Further entries of ``sys.path``, absolute: PYTHONPATH, ``--app-dir``, ``--chdir``."""
    arguments: tuple[str, ...] = ()
    """What follows the target: the program's own ``sys.argv[1:]``."""
    queues: tuple[str, ...] = ()
    """Celery: the queues it takes tasks from; empty for the default."""
    role: str = ""
    """What the user's own tool calls it: ``worker``, ``web``."""
    given: Condition | None = None
    span: Span | None = None


EntryFact: TypeAlias = Entry | Supply | Hop
Presence: TypeAlias = Literal["here", "promised", "excluded", "possible", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a file inside a process comes from."""

    source: str
    """Path relative to the project's root."""
    layer: Layer
    excluded: Span | None = field(default=None)
    """The ``.dockerignore`` line that keeps it out."""
