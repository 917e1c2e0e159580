"""What children run, and what they get to see of their parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from keyhop.engines.engine import Children
from keyhop.facts import Blindspot, Hop, Place, Supply
from keyhop.following import commands_of
from keyhop.launch import Entry
from keyhop.launch import Program as Started
from keyhop.python.entries import program_of
from keyhop.python.evaluate import Evaluator
from keyhop.python.program import Program
from keyhop.readers.reader import Desk
from keyhop.view import View

Fact: TypeAlias = Place | Supply | Hop | Blindspot


def of_functions(children: Children, parent: Program) -> Program:
    """What runs in children that are given functions."""
    program = Program(parent.modules, Evaluator(parent.modules, parent.ev.cwd))
    for module in children.imports:
        program.start(module)
    for scope in children.runs:
        program.call(scope)
    program.finish()
    program.ev.follows_callers = True
    return program


def of_command(children: Children, view: View, desk: Desk) -> tuple[Program | None, tuple[Fact, ...]]:
    """What runs in children that are given a command, and what the command itself says of them."""
    assert children.launch is not None
    entries: list[Entry] = []
    facts: list[Fact] = []
    for found in commands_of(children.launch, view, desk):
        if not isinstance(found, Entry):
            facts.append(found)
        elif found.program not in (Started.FOREIGN, Started.UNKNOWN):
            entries.append(found)
    return (program_of(entries, view) if entries else None), tuple(facts)


def passages(children: Children) -> Iterator[Fact]:
    """The children's place, and how variables come into it."""
    yield children.place
    yield from children.passed
