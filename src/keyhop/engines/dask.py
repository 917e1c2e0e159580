"""Dask: a ``Client`` of a cluster of its own, or of one that is there.

The workers of a ``LocalCluster`` begin with what the client's process has then; those that ``scale()`` adds, with
what it has by then. A scheduler's address leads to workers with the variables of their own shells (distributed
2026.8).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import Everything, Hop, Nothing, Phase, Position, World
from keyhop.python.handed import Handed
from keyhop.python.parents import Asked, Parent
from keyhop.python.pickled import imported_for
from keyhop.python.scopes import Scope
from keyhop.python.values import Const

_ROOTS = ("dask.distributed", "distributed")
_CLIENTS = frozenset(f"{root}.Client" for root in _ROOTS)
_CLUSTERS = frozenset(f"{root}.LocalCluster" for root in (*_ROOTS, "distributed.deploy.local"))
_GIVEN = ("submit", "map", "run", "compute", "persist")
_ADDS = ("scale", "adapt")
_WHY = "the workers of the cluster have variables of their own"


def _takes(asked: Asked) -> bool:
    if "dask.delayed" in asked.names:
        return False
    made = {name.rpartition(".")[0].removesuffix("()") for name in asked.names}
    return bool(made & _CLIENTS) and not any(_in_threads(each) for each in _clients(asked))


def _clients(asked: Asked) -> Iterator[Asked]:
    for site in asked.root:
        client = Asked.of(asked.ev, site)
        if client is not None and client.names & _CLIENTS:
            yield client


def _hops(parent: Parent) -> Iterator[Children]:
    if parent.role == ENGINE.worker:
        return  # what a worker hands over runs in the workers of its own cluster
    for client in parent.calls(*_CLIENTS):
        runs = tuple(_runs(parent, client))
        if not runs or _in_threads(client):
            continue
        yield from _kinds(parent, client, runs)


def _kinds(parent: Parent, client: Asked, runs: tuple[Scope, ...]) -> Iterator[Children]:
    """The workers of a client's cluster: those that it begins with, and those that it adds after a change."""
    maker = _cluster(client) or client
    begun = parent.at(maker.site)
    yield _children(parent, client, maker, runs, begun)
    added = [parent.at(call.site) for call in parent.asked(*_ADDS) if maker.site in call.root]
    if added and parent.changes_between(begun, max(added)):
        yield _children(parent, client, maker, runs, max(added), "/later")


def _children(
    parent: Parent, client: Asked, maker: Asked, runs: tuple[Scope, ...], taken_at: Position, which: str = ""
) -> Children:
    away = _is_away(client)
    place = parent.place(
        "dask",
        client.site,
        f"workers{which}",
        title=f"Dask workers{' that are added later' if which else ''}",
        world=World.OPEN if away else World.CLOSED,
        why=_WHY if away else "",
    )
    handed = Handed(parent, place.id, "LocalCluster(env=)", "LocalCluster(env=)", maker.site)
    begins = Hop(
        source=parent.process,
        target=place.id,
        passage=Nothing() if away else Everything(),
        via="dask Client(address)" if away else "dask LocalCluster",
        at=Position(Phase.HOST),
        taken_at=taken_at,
        span=maker.site.span,
    )
    own = handed.additions(None if away else maker.argument("env"), maker.scope, taken_at)
    return Children(place=place, passed=(begins, *own), imports=imported_for(parent, runs), runs=runs)


def _runs(parent: Parent, client: Asked) -> Iterator[Scope]:
    for call in parent.asked(*_GIVEN):
        if client.site in call.root:
            yield from parent.functions(next(iter(call.call.args), None), call.scope)


def _cluster(client: Asked) -> Asked | None:
    """The ``LocalCluster`` that a client is given."""
    for site in client.made_by(client.argument("address", 0)):
        found = Asked.of(client.ev, site)
        if found is not None and found.names & _CLUSTERS:
            return found
    return None


def _is_away(client: Asked) -> bool:
    given = client.argument("address", 0) or client.argument("scheduler_file")
    return given is not None and _cluster(client) is None and client.values("address", 0) != (Const(None),)


def _in_threads(client: Asked) -> bool:
    maker = _cluster(client) or client
    return Const(False) in maker.values("processes")


ENGINE = Engine(
    id="dask",
    title="Dask",
    supports=("distributed >=2024.1,<2027",),
    inherits="a LocalCluster: all that the client has; another cluster: what its workers' own shells have",
    frozen="the start of the cluster; workers that scale() adds: that call",
    methods=frozenset({"Client", *_ADDS, *_GIVEN}),
    takes=_takes,
    hops=_hops,
)
