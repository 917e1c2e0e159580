"""Where GitHub keeps secrets and variables, and what of them a workflow gets."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.actions.contexts import TOKEN
from keyhop.actions.workflow import Workflow
from keyhop.catalogue import VarName
from keyhop.facts import Condition, Everything, Fact, Hop, Phase, Place, PlaceId, Position, Supply, World
from keyhop.sighting import EMPTY, PRESENT
from keyhop.span import Span
from keyhop.text.actions_expressions import Lookup, lookups, parts
from keyhop.text.yaml import Mapping, Node, Scalar, Sequence

FORK = Condition(text="the run is for a pull request from a fork or from Dependabot, which gets no secrets")


def store(kind: str, environment: str) -> PlaceId:
    """The store of the repository, or of one of its environments, to which the repository's own add."""
    return PlaceId(f"GitHub's store of {kind}" + (f" of {environment}" if environment else ""))


def store_facts(kind: str, environment: str) -> Iterator[Fact]:
    """The store itself. Nobody but GitHub knows what is in it."""
    place = store(kind, environment)
    yield Place(id=place, kind="store", title=place, world=World.OPEN, why=f"{place} is outside the repository")
    if kind == "secrets":
        yield Supply(place=place, name=TOKEN, seen=PRESENT, via="GitHub")


def promises(document: Node, secrets: PlaceId, variables: PlaceId) -> Iterator[Supply]:
    """A workflow that asks for ``secrets.NAME`` says that the store has it. Several that ask say one thing."""
    told: set[tuple[PlaceId, str]] = set()
    for lookup in _lookups(document):
        match lookup.names:
            case (context, name) if context.lower() in ("secrets", "vars"):
                place = secrets if context.lower() == "secrets" else variables
                name = name.upper()
                if name != TOKEN and (place, name) not in told:
                    told.add((place, name))
                    yield Supply(
                        place=place,
                        name=VarName(name),
                        seen=PRESENT,
                        promised=True,
                        via=f"{context.lower()}.{name}",
                    )


def asked(document: Node) -> tuple[str, ...]:
    """The names of the secrets that a workflow asks for, in capitals."""
    found = (lookup.names for lookup in _lookups(document))
    return tuple(dict.fromkeys(n[1].upper() for n in found if n and len(n) == 2 and n[0].lower() == "secrets"))


def _lookups(node: Node) -> Iterator[Lookup]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _lookups(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _lookups(item)
    elif isinstance(node, Scalar):
        for part in parts(node.sealed):
            yield from lookups(part.expression) if part.expression is not None else ()


def emptied(workflow: Workflow, job: PlaceId, source: PlaceId, names: tuple[str, ...]) -> tuple[PlaceId, list[Fact]]:
    """The secrets as a workflow gets them that pull requests start: from a fork they are all empty."""
    if "pull_request" not in workflow.triggers:
        return source, []
    place = PlaceId(f"{job}:secrets")
    span = Span(path=workflow.path)
    facts: list[Fact] = [
        Place(id=place, kind="scope", title="the secrets of the run", span=span),
        Hop(source=source, target=place, passage=Everything(), via="secrets", at=Position(Phase.HOST)),
    ]
    facts += (
        Supply(
            place=place,
            name=VarName(name),
            seen=EMPTY,
            at=Position(Phase.HOST, 1),
            via="secrets of a fork's run",
            given=FORK,
            span=span,
        )
        for name in names
        if name != TOKEN
    )
    return place, facts
