"""Needs and writes read from Python code, without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

from keyhop.catalogue import VarName, by_name, provider
from keyhop.facts import Blindspot, Hop, Need, Phase, Place, PlaceId, Position, Practice, Required, Supply
from keyhop.launch import Entry
from keyhop.python import clients, crews, llms, own_loads, practices, reads, settings_places, starting, tools
from keyhop.python.entries import program_of
from keyhop.python.environment import Writes
from keyhop.python.parents import Parent, engines
from keyhop.python.program import Program
from keyhop.python.scopes import Kind
from keyhop.python.settings_objects import is_settings
from keyhop.python.uses import Judge, Use, assumed, needs
from keyhop.python.values import Library
from keyhop.readers.reader import Choice, Desk
from keyhop.routing import CrewAIVersion
from keyhop.view import View

PythonFact: TypeAlias = Need | Practice | Choice | Supply | Hop | Blindspot | Place

DEEPEST = 3
"""Children of children are followed so far."""
_CREWAI = frozenset({"Agent", "LiteAgent", "Crew", "human_feedback", "LLMGuardrail"})


def python_facts(
    entries: Sequence[Entry], view: View, desk: Desk, version: CrewAIVersion | None
) -> Iterator[PythonFact]:
    """What the Python code behind a process's entries writes into its environment and needs from it.

    All entries are of one process. `version` None is the newest CrewAI. Code that runs in processes of an engine
    which the code itself starts comes as needs of places of their own.
    """
    if entries:
        parent = Parent(program_of(entries, view), entries[0].place, desk, entries[0].role)
        yield from _started(parent, view, version, DEEPEST)


def _started(parent: Parent, view: View, version: CrewAIVersion | None, further: int) -> Iterator[PythonFact]:
    """A process, and the children that its code starts."""
    program, desk = parent.program, parent.desk
    families = [(engine, each) for engine in engines() for each in engine.hops(parent)] if further else []
    yield from program.modules.blindspots
    yield from _of_program(parent, version)
    for engine, children in families:
        if isinstance(children, Hop):
            yield children
            continue
        place = children.place.id
        own: list[PythonFact] = [*starting.passages(children)]
        above = parent if children.launch is None else None
        if children.launch is None:
            child: Program | None = starting.of_functions(children, program)
        else:
            child, told = starting.of_command(children, view, desk)
            own += told
        if child is not None:
            own += own_loads.handed_down(program, place)
            own += _started(Parent(child, place, desk, engine.worker, above), view, version, further - 1)
        if any(isinstance(fact, Need | Choice) for fact in own):
            yield from own


def _of_program(parent: Parent, version: CrewAIVersion | None) -> Iterator[PythonFact]:
    program, process, desk = parent.program, parent.process, parent.desk
    yield from Writes(program, process, desk)
    judge = Judge(program)
    uses: list[Use] = []
    pending: list[llms.Pending] = []
    asked: list[llms.Asks] = []
    for found in _uses(program, version):
        match found:
            case Use():
                uses.append(found)
            case llms.Asks():
                asked.append(found)
            case llms.Unseen():
                yield Blindspot(place=process, why=found.why, writes=False, span=found.site.span)
            case llms.Pending():
                pending.append(found)
                yield _choice(found, process, program, judge)
    if not (crews.runs(program) or clients.asks_a_model(program) or any(_is_model(use) for use in uses)):
        uses.clear()  # whatever it reads, no crew and no model works with it
    else:
        yield from _asked(asked, judge, process, version)
        yield from practices.found(program, judge, process)
    own = [use for use in uses if not parent.has_read(use.span_site)]
    yield from needs(own, judge, process)
    if parent.above is not None:
        yield from _carried(parent, parent.above, [use for use in uses if use not in own], judge)
    read = [use.settings for use in uses] + [each.setting.settings for each in pending]
    for library in dict.fromkeys(each for each in read if isinstance(each, Library)):
        yield from settings_places.of_library(program.ev, process, library)
    for type, site in program.made.items():
        if is_settings(program.ev, type):
            built = program.position(site) if site else Position(Phase.IMPORT)
            yield from settings_places.facts(program.ev, process, type, built)


def _asked(
    asked: Sequence[llms.Asks], judge: Judge, process: PlaceId, version: CrewAIVersion | None
) -> Iterator[Practice]:
    """Every model that the code asks, each with how sure that is."""
    surest: dict[Practice, Required] = {}
    for each in asked:
        practice = Practice(
            place=process,
            act=each.act,
            subject=each.subject,
            names=each.names,
            model=each.model,
            arguments=each.arguments,
            at=judge.program.position(each.site),
            crewai=str(version or ""),
            span=each.site.span,
        )
        use = Use(credential="", any_of=(), site=each.site, reads=())
        required = judge.required(assumed(use, each.start, each.case))
        surest[practice] = min(surest.get(practice, required), required, key=list(Required).index)
    for practice, required in surest.items():
        yield replace(practice, required=required)


def _carried(child: Parent, above: Parent, uses: Sequence[Use], judge: Judge) -> Iterator[Need]:
    """The needs of a child for what its parent has read for it: they are looked up there and then."""
    for use in uses:
        assert use.span_site is not None
        for need in needs([replace(use, reads=(above.at(use.span_site),))], judge, child.process):
            yield replace(need, place=above.process, process=child.process)


def _is_model(use: Use) -> bool:
    """Whether a use is of a service that answers for models."""
    owners = [provider(use.provider)] if use.provider else by_name().get(VarName(use.credential), ())
    return any(owner is not None and owner.kind == "llm" for owner in owners)


_known: WeakKeyDictionary[Program, dict[CrewAIVersion | None, tuple[llms.Found, ...]]] = WeakKeyDictionary()


def _uses(program: Program, version: CrewAIVersion | None) -> tuple[llms.Found, ...]:
    """What `_found` finds, once for all processes that run the program."""
    known = _known.setdefault(program, {})
    if version not in known:
        known[version] = tuple(_found(program, version))
    return known[version]


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
