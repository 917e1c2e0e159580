"""Ray: remote functions and actors run in processes of their own, which get the driver's variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.catalogue import VarName
from keyhop.facts import Everything, Hop, One, Overwrite, Phase, Place, PlaceId, Position, Supply, World
from keyhop.python import elsewhere, members
from keyhop.python.arguments import Arguments
from keyhop.python.evaluate import Evaluator
from keyhop.python.modules import Module
from keyhop.python.program import Program
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import EVERY_CASE, Const, Env, Table, Value
from keyhop.readers.reader import Desk
from keyhop.text.sealed import Sealed


def workers(driver: Program) -> Iterator[tuple[PlaceId, Program]]:
    """The places in which remote code of the driver's modules runs, each with what runs there."""
    for module in list(driver.modules):
        if module.body is None or module.body not in driver.reached or module.summary is None:
            continue
        remote = [
            scope
            for scope in module.summary.scopes
            if scope.decorators and scope in _defined(driver) and elsewhere.engine(driver.ev, scope) == "ray"
        ]
        if remote:
            yield PlaceId(f"ray:{module.summary.path}#workers"), _program(driver, module, remote)


def _defined(driver: Program) -> frozenset[Scope]:
    return frozenset(site.defined for site in driver.when if site.defined is not None)


def _program(driver: Program, module: Module, remote: list[Scope]) -> Program:
    program = Program(driver.modules, Evaluator(driver.modules, driver.ev.cwd))
    program.start(module)
    for scope in remote:
        methods = [b.defined for bindings in scope.bindings.values() for b in bindings if b.kind == "def"]
        for each in [scope] if scope.kind == "function" else methods:
            if each is not None:
                program.call(each)
    program.finish()
    program.ev.follows_callers = True
    return program


def passages(driver: Program, process: PlaceId, place: PlaceId, desk: Desk) -> Iterator[Place | Hop | Supply]:
    """The workers' place and how the driver's variables come into it."""
    sites = [s for s, callees in driver.callees.items() if any(elsewhere.dotted(c) == "ray.init" for c in callees)]
    away = any(Arguments(driver.ev, site).node("address", 0) is not None for site in sites)
    yield Place(
        id=place,
        kind="process",
        title="Ray workers",
        world=World.OPEN if away else World.CLOSED,
        why="the cluster has variables of its own" if away else "",
    )
    started = min((driver.position(s) for s in sites), default=Position(Phase.BUILD))
    if not away:
        yield Hop(
            source=process,
            target=place,
            passage=Everything(),
            via="ray.init()",
            at=Position(Phase.HOST),
            taken_at=started,
            span=sites[0].span if sites else None,
        )
    for site in sites:
        yield from _runtime_env(driver, process, place, site, desk)


def _runtime_env(driver: Program, process: PlaceId, place: PlaceId, site: Site, desk: Desk) -> Iterator[Hop | Supply]:
    """``runtime_env={"env_vars": {…}}``."""
    for options, _ in Arguments(driver.ev, site).outcomes("runtime_env", None, EVERY_CASE):
        tables = members.entry(driver.ev, options, "env_vars", EVERY_CASE) if isinstance(options, Table) else ()
        for table, _ in tables:
            if not isinstance(table, Table):
                continue
            for key, node in members.rows(driver.ev, table, EVERY_CASE):
                if isinstance(key, Const) and isinstance(key.value, str):
                    for value in driver.ev.values(node, table.scope):
                        yield from _written(driver, process, place, VarName(key.value), value, node, site, desk)


def _written(
    driver: Program,
    process: PlaceId,
    place: PlaceId,
    name: VarName,
    value: Value,
    node: ast.expr,
    site: Site,
    desk: Desk,
) -> Iterator[Hop | Supply]:
    via, at, span = "runtime_env env_vars", Position(Phase.HOST, 1), site.scope.module.span(node)
    if isinstance(value, Env):
        yield Hop(
            source=process,
            target=place,
            passage=One(name=name, source_name=VarName(value.names[0])),
            via=via,
            at=at,
            taken_at=driver.position(site),
            span=span,
        )
    elif isinstance(value, Const):
        seen = desk.see(Sealed(str(value.value)), name)
        yield Supply(place=place, name=name, seen=seen, at=at, overwrite=Overwrite.ALWAYS, via=via, span=span)
