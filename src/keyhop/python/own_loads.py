"""What keyhop itself brings into a process: ``keyhop.load()``, and ``keyhop.attach()`` into the workers of a host.

Without stores of its own it takes the ``.env`` of the project where the environment has nothing or nothing but an
empty value, and mounted files before that; other stores are not in view.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from keyhop.catalogue import VarName, provider
from keyhop.facts import (
    Blindspot,
    Condition,
    Dialect,
    Everything,
    Hop,
    IfUnset,
    One,
    Overwrite,
    Phase,
    PlaceId,
    Position,
)
from keyhop.python.arguments import Arguments
from keyhop.python.elsewhere import dotted
from keyhop.python.library import joined
from keyhop.python.program import Program
from keyhop.python.scopes import Site
from keyhop.python.values import EVERY_CASE, Const, Items

Written: TypeAlias = Hop | Blindspot

LOADS = frozenset({"keyhop.load", "keyhop.startup.load"})
ATTACHES = frozenset({"keyhop.attach", "keyhop.attaching.attach"})
_IN_VIEW = frozenset({"environment", "dotenv"})
_SETTINGS = b"[tool.keyhop"
_CELERY = "celery."
_AS_FILES = ("systemd:", "k8s:", "helm:")
"""Processes on a host of their own that may be given files beside their variables."""


def loaded(program: Program, process: PlaceId, site: Site, given: Condition | None) -> Iterator[Written]:
    """A call of ``keyhop.load`` in this process."""
    passed = Arguments(program.ev, site)
    assert isinstance(site.node, ast.Call)
    names = [each for node in site.node.args for each in program.ev.values(node, site.scope)]
    wanted = [each.value for each in names if isinstance(each, Const) and isinstance(each.value, str)]
    yield from _brought(program, process, site, given, tuple(wanted), _stores(program, passed), program.when[site])


def attached(program: Program, process: PlaceId, site: Site, given: Condition | None) -> Iterator[Written]:
    """A call of ``keyhop.attach``: a worker loads; whether this process is one can be told of Celery alone."""
    assert isinstance(site.node, ast.Call)
    hosts = program.ev.values(site.node.args[0], site.scope) if site.node.args else ()
    sure = program.runs_tasks and any(dotted(each).startswith(_CELERY) for each in hosts)
    doubt = given if sure else Condition(text="this process is a worker of the host that keyhop is attached to")
    stores = _stores(program, Arguments(program.ev, site))
    yield from _brought(program, process, site, doubt, (), stores, program.when[site])


def handed_down(parent: Program, process: PlaceId) -> Iterator[Written]:
    """What children of a process load whose code calls ``keyhop.attach``: perhaps it is not on them."""
    for site, callees in parent.callees.items():
        if any(dotted(each) in ATTACHES for each in callees):
            doubt = Condition(text="keyhop is attached to these workers")
            stores = _stores(parent, Arguments(parent.ev, site))
            yield from _brought(parent, process, site, doubt, (), stores, Position(Phase.BUILD))


def _brought(
    program: Program,
    process: PlaceId,
    site: Site,
    given: Condition | None,
    wanted: tuple[str, ...],
    stores: frozenset[str] | None,
    at: Position,
) -> Iterator[Written]:
    names = frozenset(VarName(name) for each in wanted for name in _variables(each)) or None
    view = program.modules.view
    if stores is None or not stores <= _IN_VIEW:
        yield Blindspot(place=process, why="keyhop.load asks a store outside", at=at, names=names, span=site.span)
        return
    if stores and "dotenv" not in stores:
        return
    main = program.ev.main
    start = (main.directory if main is not None else "") or program.ev.cwd
    path = view.find_up(".env", start) or joined(program.ev.cwd, ".env")
    for name in names or (None,):
        yield Hop(
            source=view.file_place(path),
            target=process,
            passage=Everything() if name is None else One(name=name, source_name=name, if_unset=IfUnset.KEEP),
            via="keyhop.load",
            at=at,
            dialect=Dialect("python-dotenv"),
            overwrite=Overwrite.IF_EMPTY,
            given=given,
            span=site.span,
        )
    if not stores and (not view.on_the_host or process.startswith(_AS_FILES)):
        yield Blindspot(place=process, why="keyhop.load reads mounted files", at=at, names=names, span=site.span)


def _stores(program: Program, passed: Arguments) -> frozenset[str] | None:
    """The kinds that are named; none for the usual ones; None where that is not in view."""
    node = passed.node("stores")
    if node is None:
        source = program.modules.view.source(program.modules.view.find_up("pyproject.toml", program.ev.cwd) or "")
        declared = source is not None and _SETTINGS in source.data and b"stores" in source.data
        return None if declared else frozenset()
    kinds: set[str] = set()
    for value, _ in passed.outcomes("stores", None, EVERY_CASE):
        if value == Const(None):
            continue
        if not isinstance(value, Items) or not value.complete:
            return None
        for each in value.values:
            if not isinstance(each, Const) or not isinstance(each.value, str):
                return None
            kinds.add(each.value)
    return frozenset(kinds)


def _variables(name: str) -> tuple[str, ...]:
    service = provider(name) if name.islower() else None
    return tuple(service.names) if service is not None else (name,)
