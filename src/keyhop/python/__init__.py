"""Needs and writes read from Python code, without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from keyhop.catalogue import VarName, by_name, provider
from keyhop.facts import Blindspot, Hop, Need, Phase, Place, PlaceId, Position, Supply
from keyhop.launch import Entry
from keyhop.python import clients, crews, llms, ray_workers, reads, settings_places, tools
from keyhop.python.entries import program_of
from keyhop.python.environment import Writes
from keyhop.python.program import Program
from keyhop.python.scopes import Kind
from keyhop.python.settings_objects import is_settings
from keyhop.python.uses import Judge, Use, needs
from keyhop.python.values import Library
from keyhop.readers.reader import Choice, Desk
from keyhop.routing import CrewAIVersion
from keyhop.view import View

PythonFact: TypeAlias = Need | Choice | Supply | Hop | Blindspot | Place

_CREWAI = frozenset({"Agent", "LiteAgent", "Crew", "human_feedback", "LLMGuardrail"})


def python_facts(
    entries: Sequence[Entry], view: View, desk: Desk, version: CrewAIVersion | None
) -> Iterator[PythonFact]:
    """What the Python code behind a process's entries writes into its environment and needs from it.

    All entries are of one process. `version` None is the newest CrewAI. Code that runs in processes of an engine
    which the code itself starts comes as needs of places of their own.
    """
    if not entries:
        return
    process = entries[0].place
    program = program_of(entries, view)
    yield from program.modules.blindspots
    yield from _of_program(program, process, desk, version)
    for place, remote in ray_workers.workers(program):
        yield from ray_workers.passages(program, process, place, desk)
        yield from _of_program(remote, place, desk, version)


def _of_program(
    program: Program, process: PlaceId, desk: Desk, version: CrewAIVersion | None
) -> Iterator[PythonFact]:
    yield from Writes(program, process, desk)
    judge = Judge(program)
    uses: list[Use] = []
    pending: list[llms.Pending] = []
    for found in _found(program, version):
        match found:
            case Use():
                uses.append(found)
            case llms.Unseen():
                yield Blindspot(place=process, why=found.why, writes=False, span=found.site.span)
            case llms.Pending():
                pending.append(found)
                yield _choice(found, process, program, judge)
    if not (crews.runs(program) or clients.asks_a_model(program) or any(_is_model(use) for use in uses)):
        uses.clear()  # whatever it reads, no crew and no model works with it
    yield from needs(uses, judge, process)
    asked = [use.settings for use in uses] + [each.setting.settings for each in pending]
    for library in dict.fromkeys(each for each in asked if isinstance(each, Library)):
        yield from settings_places.of_library(program.ev, process, library)
    for type, site in program.made.items():
        if is_settings(program.ev, type):
            built = program.position(site) if site else Position(Phase.IMPORT)
            yield from settings_places.facts(program.ev, process, type, built)


def _is_model(use: Use) -> bool:
    """Whether a use is of a service that answers for models."""
    owners = [provider(use.provider)] if use.provider else by_name().get(VarName(use.credential), ())
    return any(owner is not None and owner.kind == "llm" for owner in owners)


def _found(program: Program, version: CrewAIVersion | None) -> Iterator[llms.Found]:
    """Every use of a credential; what only a crew uses counts where the process starts one."""
    runs = crews.runs(program)
    for site in program.sites(Kind.CALL):
        yield from clients.of_call(program, site, version)
        for kind in crews.kinds(program, site):
            if kind == "LLM":
                yield from llms.of_call(program, site, version)
            elif kind in _CREWAI and runs:
                yield from crews.of_call(program, site, kind, version)
        if runs:
            yield from tools.of_call(program, site, version)
    for site in program.sites(Kind.MENTION) if runs else ():
        yield from tools.of_mention(program, site)
    yield from reads.found(program)


def _choice(pending: llms.Pending, process: PlaceId, program: Program, judge: Judge) -> Choice:
    setting = pending.setting

    def decided(text: str | None) -> tuple[Need, ...]:
        return tuple(needs(pending.uses(text), judge, process))

    return Choice(
        place=settings_places.place_of(process, setting.settings) if setting.settings else process,
        settings=tuple(VarName(n) for n in setting.names),
        at=program.position(setting.read_at),
        needs=decided,
        why=f"the text of {setting.names[0]}, which decides what {pending.because} needs, is not in view",
        span=pending.site.span,
    )
