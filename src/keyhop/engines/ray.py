"""Ray: remote functions, actors and deployments.

``ray.init()`` without an address starts a cluster whose raylet, and every worker that it ever starts, has the
variables of that moment. An existing cluster has those of the shell of ``ray start``; there only ``runtime_env``
carries any. A remote function travels by value: what its module loads when it is imported is not loaded in a worker,
unless it mentions something else that comes from a module (Ray 2.60).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keyhop.engines.engine import Children, Engine, Passed
from keyhop.facts import Condition, Everything, Hop, Nothing, Phase, Place, PlaceId, Position, World
from keyhop.python import elsewhere, members
from keyhop.python.handed import Handed
from keyhop.python.modules import Module
from keyhop.python.parents import Asked, Parent
from keyhop.python.pickled import imported_for
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import EVERY_CASE, Const, Env, Table

_INIT = "ray.init"
_REMOTE = "ray.remote"
_VIA = "runtime_env env_vars"
_LOCAL = ("", "local")
_CLUSTER = "the cluster has variables of its own"


def _takes(asked: Asked) -> bool:
    return _REMOTE in asked.names


def _hops(parent: Parent) -> Iterator[Children]:
    if parent.role == ENGINE.worker:
        return  # what a worker hands over runs in the workers of its own cluster
    inits = list(parent.calls(_INIT))
    for module, scopes in _remote(parent).items():
        assert module.summary is not None
        site = inits[0].site if inits else next(iter(scopes.values()))
        runs = tuple(each for scope in scopes for each in _bodies(scope))
        away, reached = _reaches(parent, inits)
        path = module.summary.path
        world, why = (World.OPEN, _CLUSTER) if away is True else (World.CLOSED, "")
        place = parent.place("ray", site, "workers", path=path, title="Ray workers", world=world, why=why)
        passed = [*_begun(parent, place, inits, away, reached), *_environments(parent, place, inits, scopes)]
        yield Children(
            place=place,
            passed=tuple(passed),
            imports=imported_for(parent, runs, wrapped=True),
            runs=runs,
        )


def _remote(parent: Parent) -> dict[Module, dict[Scope, Site]]:
    """Functions and classes that run in workers, by the module that they are in, with where they are defined."""
    found: dict[Module, dict[Scope, Site]] = {}
    for site in parent.program.when:
        scope = site.defined
        if scope is not None and scope.decorators and elsewhere.engine(parent.ev, scope) == "ray":
            found.setdefault(parent.program.modules.of(scope), {})[scope] = site
    for asked in parent.calls(_REMOTE):
        for scope in parent.functions(next(iter(asked.call.args), None), asked.scope):
            owner = scope.owner or scope
            found.setdefault(parent.program.modules.of(owner), {})[owner] = asked.site
    return found


def _bodies(scope: Scope) -> Iterator[Scope]:
    if scope.kind == "function":
        yield scope
        return
    for bindings in scope.bindings.values():
        yield from (b.defined for b in bindings if b.kind == "def" and b.defined is not None)


def _reaches(parent: Parent, inits: list[Asked]) -> tuple[bool | None, Position]:
    """Whether the cluster was there before, None: not known; and when the driver has one."""
    first = [parent.at(call.site) for call in parent.asked("remote") if _REMOTE not in call.names]
    if not inits:
        return parent.role == "ray job", min(first, default=Position(Phase.BUILD))
    addresses = [v for asked in inits for v in asked.values("address", 0)]
    begun = min(parent.at(asked.site) for asked in inits)
    if parent.role == "ray job":
        return True, begun
    if all(isinstance(v, Const) and str(v.value or "") in _LOCAL for v in addresses):
        return False, begun
    if any(isinstance(v, Env) for v in addresses) or any(v == Const(None) for v in addresses):
        return None, begun
    return True, begun


def _begun(parent: Parent, place: Place, inits: list[Asked], away: bool | None, begun: Position) -> Iterator[Hop]:
    site = inits[0].site if inits else None
    if away is not True:
        given = None if away is False else Condition(text="no address of a cluster is given")
        yield Hop(
            source=parent.process,
            target=place.id,
            passage=Everything(),
            via="ray.init()",
            at=Position(Phase.HOST),
            taken_at=begun,
            given=given,
            span=site.span if site else place.span,
        )
        return
    yield Hop(
        source=parent.process,
        target=place.id,
        passage=Nothing(),
        via="ray.init(address=)",
        at=Position(Phase.HOST),
        taken_at=begun,
        span=site.span if site else place.span,
    )


def _environments(parent: Parent, place: Place, inits: list[Asked], scopes: dict[Scope, Site]) -> Iterator[Passed]:
    """``runtime_env={"env_vars": {…}}``, of the job, of a task, of an actor."""
    for asked in inits:
        for table in _tables(parent, asked.argument("runtime_env"), asked.scope):
            yield from _handed(parent, place.id, asked.site, table)
    only = len(scopes) == 1
    for scope, site in scopes.items():
        told = dict(elsewhere.options(scope)).get("runtime_env")
        for table in _tables(parent, told, scope.parent or scope):
            yield from _for_some(_handed(parent, place.id, site, table), only)
    for asked in parent.asked("options"):
        for table in _tables(parent, asked.argument("runtime_env"), asked.scope):
            yield from _for_some(_handed(parent, place.id, asked.site, table), only)


def _for_some(passed: Iterator[Passed], only: bool) -> Iterator[Passed]:
    condition = Condition(text="it is set for one of several tasks")
    for each in passed:
        yield each if only or not isinstance(each, Hop) else replace(each, given=each.given or condition)


def _handed(parent: Parent, place: PlaceId, site: Site, table: tuple[ast.expr, Scope]) -> Iterator[Passed]:
    node, scope = table
    yield from Handed(parent, place, _VIA, _VIA, site).additions(node, scope, parent.at(site))


def _tables(parent: Parent, node: ast.expr | None, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """The expressions of ``env_vars`` in what an argument may be."""
    for value in parent.ev.values(node, scope) if node is not None else ():
        if isinstance(value, Table):
            for key, inner in members.rows(parent.ev, value, EVERY_CASE):
                if key == Const("env_vars"):
                    yield inner, value.scope


ENGINE = Engine(
    id="ray",
    title="Ray",
    supports=("ray >=2.30,<3",),
    inherits="its own cluster: all that the driver has; another's: what runtime_env holds, and the cluster's own",
    frozen="ray.init(), for workers that start later, too",
    methods=frozenset({"init", "remote", "options"}),
    takes=_takes,
    hops=_hops,
)
