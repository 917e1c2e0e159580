"""The script of a step as a launch, and what it writes for the steps behind it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from keyhop.actions.checkout import Checkout
from keyhop.actions.contexts import WORKSPACE, Contexts
from keyhop.actions.made_files import made_files
from keyhop.actions.workflow import Script
from keyhop.actions.writes import Writer
from keyhop.catalogue import VarName
from keyhop.documented.processes import aside
from keyhop.facts import Blindspot, Condition, Hop, Phase, Place, PlaceId, Position, Supply
from keyhop.following import commands_of
from keyhop.launch import Entry, Launch, Program, Step
from keyhop.paths import absolute
from keyhop.promises import is_env_file
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.shells import runner_files
from keyhop.text.actions_expressions import Known, Part, lookups, word
from keyhop.text.actions_scripts import pasted
from keyhop.text.expansion import Pieces, Plain
from keyhop.tree import Tree
from keyhop.view import ON_THE_HOST

PASTED = Position(Phase.HOST, 100_000)
"""When ``${{ … }}`` is put into a script."""
_VENV = re.compile(
    r"\bpython3?[\d.]*\s+-m\s+venv\s+(?![/~$-])|\bvirtualenv\s+(?![/~$-])|\buv\s+(?:run|sync|venv)\b"
    r"|\bcrewai\s+(?:install|run|flow)\b|virtualenvs\.in-project\s+true"
)
_PIP = re.compile(r"\bpip3?\s+install\b")
_SHELLS = ("bash", "sh", "pwsh", "powershell", "cmd")
_STARTED = frozenset(Program) - {Program.FOREIGN, Program.UNKNOWN}
Written = Supply | Hop | Place | Blindspot


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A step's script, read."""

    launch: Launch
    facts: tuple[Written, ...]
    """What the following of it says that it writes."""
    besides: tuple[Written, ...]
    """What it puts into files besides."""
    pasted: tuple[Written, ...]
    """The variables that stand for what GitHub pastes into it."""
    starts: bool
    """It starts code of the project, other than its tests."""
    snippet: bool
    """That code is written in the script itself: ``python -c``."""
    made: tuple[str, ...]
    """Env files that it makes."""
    tells: bool
    """It writes something that other steps may read."""
    names: frozenset[str]
    """What it writes to ``$GITHUB_ENV``."""


def file_of(job: PlaceId, what: str, number: str) -> PlaceId:
    """The place of a step's ``$GITHUB_ENV`` or ``$GITHUB_OUTPUT``."""
    return PlaceId(f"{job}:{runner_files.DIRECTORY}/{what}-{number}")


@dataclass(frozen=True, kw_only=True)
class Runner:
    """What runs the scripts of one job."""

    job: PlaceId
    tree: Tree
    desk: Desk

    def run(
        self,
        script: Script,
        place: PlaceId,
        number: str,
        *,
        shell: str,
        directory: str,
        contexts: Contexts,
        given: Condition | None,
        made: tuple[str, ...],
        inside: bool | None,
    ) -> Ran:
        """Follows a script in the step `place`."""
        shell = shell.strip() or "bash"
        name = shlex.split(shell)[0] if shell else "bash"
        variables: dict[str, Part] = {}

        def variable(part: Part) -> str:
            base = _named(part)
            free = base if variables.get(base, part) is part else f"{base}_{part.start}"
            variables[free] = part
            return free

        text = pasted(script.text, contexts.value, variable, shell=name in _SHELLS or "{0}" in shell)
        same = text.count("\n") == script.text.count("\n")
        step = Step(
            job=self.job,
            shell="bash" if name == "bash" else "sh",
            lines=script.lines if same else (),
            variables=tuple(self._variables(number, contexts.env)),
            made=made,
            given=given,
            environment_inside=environment_inside(script.text, inside),
        )
        launch = Launch(
            place=place,
            **_command(shell, name, text),  # type: ignore[arg-type]
            cwd=absolute(WORKSPACE, directory or "."),
            layers=ON_THE_HOST,
            span=script.span,
            step=step,
        )
        writer = Writer(target=place, via="${{ }} in run:", desk=self.desk, contexts=contexts)
        inserted = tuple(
            fact
            for each, part in variables.items()
            for fact in writer.expression(VarName(each), part.expression, PASTED, script.span)
        )
        return self._followed(launch, step, inserted, number)

    def _followed(self, launch: Launch, step: Step, inserted: tuple[Written, ...], number: str) -> Ran:
        view = Checkout(step, self.tree, self.desk.promises)
        found = tuple(commands_of(launch, view, self.desk))
        entries = [each for each in found if isinstance(each, Entry)]
        facts = [each for each in found if not isinstance(each, Entry)]
        besides = tuple(made_files(launch, step, view, self.desk))
        own = file_of(self.job, "env", number)
        written = {_target(fact): None for fact in (*facts, *besides)}
        prefix = f"{self.job}:"
        paths = [place.removeprefix(prefix) for place in written if place.startswith(f"{prefix}/")]
        made = tuple(path for path in paths if is_env_file(path))
        return Ran(
            launch=replace(launch, step=replace(step, made=tuple(dict.fromkeys((*step.made, *made))))),
            facts=tuple(facts),
            besides=besides,
            pasted=inserted,
            starts=any(_is_own(each) for each in entries),
            snippet=all(each.program is Program.CODE for each in entries if _is_own(each)),
            made=made,
            tells=bool(paths),
            names=frozenset(name for fact in (*facts, *besides) if _target(fact) == own for name in _names(fact)),
        )

    def _variables(self, number: str, env: Mapping[str, Known | None]) -> Iterator[tuple[str, Pieces]]:
        yield from ((name, word(value)) for name, value in env.items() if value is not None)
        directory = runner_files.DIRECTORY
        own = {
            "GITHUB_ENV": f"{directory}/env-{number}",
            "GITHUB_OUTPUT": f"{directory}/output-{number}",
            "GITHUB_STEP_SUMMARY": "/tmp/summary",
            "GITHUB_PATH": "/tmp/path",
            "GITHUB_WORKSPACE": WORKSPACE,
            "GITHUB_ACTIONS": "true",
            "CI": "true",
        }
        yield from ((name, (Plain(text, True),)) for name, text in own.items())


def environment_inside(script: str, before: bool | None) -> bool | None:
    """Whether the virtual environment lies inside the project, once a script is run: ``pip install`` makes none."""
    if _VENV.search(script):
        return True
    return False if before is None and _PIP.search(script) else before


def _command(shell: str, name: str, text: str) -> dict[str, object]:
    """The script as the shell that the workflow names runs it."""
    words = shlex.split(shell)
    if name in _SHELLS:
        return {"text": text}
    if "{0}" not in words:
        return {"words": (*words, "-c", text)}
    at = words.index("{0}")
    return {"words": (*words[:at], "-c", text, *words[at + 1 :])}


def _is_own(entry: Entry) -> bool:
    """Whether an entry is the project's own code, and neither a test nor a tool."""
    named = entry.target.lstrip("/")
    path = named if entry.program is Program.SCRIPT else named.partition(":")[0].replace(".", "/") + ".py"
    return entry.program in _STARTED and (entry.program is Program.CODE or not aside(path))


def _named(part: Part) -> str:
    """A name for the variable that stands for an expression. Texts of the expression are not in it."""
    found = lookups(part.expression) if part.expression is not None else ()
    names = ["_".join(each.names) for each in found if each.names is not None]
    return "_and_".join(names).replace("-", "_").replace("*", "all") or "expression"


def _target(fact: Written) -> str:
    if isinstance(fact, Hop):
        return fact.target
    return str(getattr(fact, "place", None) or "")


def _names(fact: Written) -> Iterator[str]:
    name = getattr(fact, "name", None) or getattr(getattr(fact, "passage", None), "name", None)
    if name is not None:
        yield name
    yield from getattr(fact, "names", None) or ()
