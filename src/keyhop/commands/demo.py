"""``keyhop demo``: breaks and mends a crew on this machine; needs no key, no Docker and no network."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten, wrap
from typing import Any

from keyhop.commands.command import Command
from keyhop.demo.interpreter import prepared
from keyhop.demo.running import Outcome, has_crewai
from keyhop.demo.story import Checked, Mended, Ran, Result, Skipped, Step, Story
from keyhop.errors import UsageError
from keyhop.formats.format import Options
from keyhop.formats.json_v1 import check_v1
from keyhop.formats.text import FORMAT as TEXT

_INTRODUCTION = (
    "A crew of two sorts a bank's support tickets and drafts the replies. It runs for real, on this machine: a "
    "provider on 127.0.0.1 answers in OpenAI's place and takes one made-up key. Nothing leaves the machine."
)
_WITHOUT_CREWAI = (
    "This Python has no CrewAI, so that the crew itself is not run and only the checks are shown. "
    "To see the runs: keyhop demo --setup, or pip install 'keyhop[demo]'."
)
_WIDTH = 110


def _configure(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--keep", metavar="DIR", type=Path, help="write the broken and the mended project there, and leave them")
    add("--setup", action="store_true", help="install CrewAI for the demo, in an environment of its own, once")
    add("--format", choices=["text", "json"], default="text", help="how the demo is told")


def _run(arguments: Namespace) -> int:
    with _directory(arguments.keep) as root, TemporaryDirectory(prefix="keyhop-demo-home-") as home:
        story = _story(root, Path(home), setup=arguments.setup)
        return _as_json(story, arguments.keep) if arguments.format == "json" else _as_text(story, arguments.keep)


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="keyhop-demo-") as name:
            yield Path(name)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is there already", help="Name a directory that is not there, or is empty.")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _story(root: Path, home: Path, *, setup: bool) -> Story:
    story = Story(root=root.resolve(), home=home, python=None)
    story.lay_out()
    python = Path(sys.executable)
    if not has_crewai(python, home):
        if not setup:
            return story
        print("installing CrewAI for the demo; this takes some minutes, once", file=sys.stderr)
        python = prepared(story.root / "broken" / "backend" / "requirements.txt")
    return Story(root=story.root, home=home, python=python, key=story.key)


def _as_text(story: Story, keep: Path | None) -> int:
    colour = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
    _say(_INTRODUCTION, width)
    if story.python is None:
        _say(_WITHOUT_CREWAI, width)
    astray = []
    for number, step in enumerate(story.steps(), 1):
        print(_bold(f"{number}. {step.title}", colour), flush=True)
        if step.note:
            print("\n".join(wrap(step.note, width, initial_indent="   ", subsequent_indent="   ")))
        if step.command:
            print(f"   $ {step.command}", flush=True)
        result = step.play()
        print()
        sys.stdout.writelines(f"   {line}".rstrip() + "\n" for line in _lines(result, width - 3, colour))
        print(flush=True)
        if not step.as_told(result):
            astray.append(number)
    if keep is not None:
        _say(f"Both projects are in {keep}. Try: keyhop check {keep / 'broken'}", width)
    return _end(astray)


def _as_json(story: Story, keep: Path | None) -> int:
    played = [(step, step.play()) for step in story.steps()]
    told = {
        "schema": "keyhop.demo.v0",
        "directory": None if keep is None else keep.as_posix(),
        "steps": [_step(step, result) for step, result in played],
    }
    sys.stdout.write(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return _end([number for number, (step, result) in enumerate(played, 1) if not step.as_told(result)])


def _end(astray: list[int]) -> int:
    """The exit status: 0 where every step went as it is told."""
    for number in astray:
        print(f"keyhop: step {number} of the demo did not go as told", file=sys.stderr)
    return int(bool(astray))


def _lines(result: Result, width: int, colour: bool) -> Iterator[str]:
    match result:
        case Skipped(why=why):
            yield f"({why})"
        case Ran(outcomes=outcomes):
            room = max(len(outcome.title) for outcome in outcomes) + 2
            for outcome in outcomes:
                yield from _outcome(outcome, room, width, colour)
        case Checked(report=report):
            yield from TEXT.render(report, Options(colour=colour)).splitlines()
        case Mended(diff=diff):
            yield from (_diff_line(line, colour) for line in diff)


def _outcome(outcome: Outcome, room: int, width: int, colour: bool) -> Iterator[str]:
    sign = _paint("✗", "31;1", colour) if outcome.error else _paint("✓", "32;1", colour)
    said = (outcome.error,) if outcome.error else outcome.replies or ("found no ticket left",)
    for number, line in enumerate(said):
        head = f"{sign} {outcome.title:{room}}" if number == 0 else " " * (room + 2)
        yield head + shorten(line, width - room - 2, placeholder=" …")


def _diff_line(line: str, colour: bool) -> str:
    shade = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return _paint(line, shade, colour) if shade else line


def _step(step: Step, result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"title": step.title, "command": step.command or None, "as_told": step.as_told(result)}
    match result:
        case Skipped(why=why):
            told["skipped"] = why
        case Ran(outcomes=outcomes):
            told["processes"] = [
                {"title": each.title, "replies": list(each.replies), "error": each.error} for each in outcomes
            ]
        case Checked(report=report):
            told["check"] = check_v1(report)
        case Mended(diff=diff):
            told["diff"] = list(diff)
    return told


def _say(text: str, width: int) -> None:
    print("\n".join(wrap(text, width)) + "\n", flush=True)


def _bold(text: str, colour: bool) -> str:
    return _paint(text, "1", colour)


def _paint(text: str, shade: str, colour: bool) -> str:
    return f"\x1b[{shade}m{text}\x1b[0m" if colour else text


COMMAND = Command(
    id="demo",
    summary="break and mend a demo crew on this machine, without key or network",
    configure=_configure,
    run=_run,
)
