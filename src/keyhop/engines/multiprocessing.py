"""``multiprocessing``: ``Process`` and ``Pool``, by each start method.

A forked child has a copy of its parent's memory. A spawned one is a new interpreter: it imports the main module
again, under another name than ``__main__``, and the modules of its functions. A forkserver is one such interpreter,
started with the first child, and every child after it is a fork of *it*: what the parent sets later reaches none of
them (CPython 3.10 to 3.13; from 3.14 on the forkserver is the default on Linux).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import Position
from keyhop.python import members
from keyhop.python.parents import Asked, Parent
from keyhop.python.scopes import Scope, Site
from keyhop.python.start_methods import ROOTS, imported_again, is_process_class, start_method

_GIVEN = (
    "apply",
    "apply_async",
    "map",
    "map_async",
    "imap",
    "imap_unordered",
    "starmap",
    "starmap_async",
)
_MAKES = frozenset(
    f"{root}.{maker}"
    for root in ROOTS
    for maker in ("Process", "Pool", "pool.Pool", "context.Process", "get_context().Process", "get_context().Pool")
)


def _takes(asked: Asked) -> bool:
    names = asked.names
    if asked.method in ("Process", "Pool"):
        return bool(names & _MAKES)
    return any(name.rpartition(".")[0].removesuffix("()") in _MAKES for name in names)


def _hops(parent: Parent) -> Iterator[Children]:
    made = [asked for asked in parent.asked("Process", "Pool") if asked.names & _MAKES]
    own = list(_of_own_classes(parent))
    starts = {asked.site: _started(parent, asked.site) for asked in made}
    starts |= {site: _started(parent, site) for site, _ in own}
    methods = {asked.site: start_method(parent, asked) for asked in made}
    methods |= {site: start_method(parent, None) for site, _ in own}
    server = min((starts[site] for site, how in methods.items() if how == "forkserver"), default=None)
    for asked in made:
        yield _children(parent, asked.site, tuple(_runs(parent, asked)), methods[asked.site], starts, server)
    for site, run in own:
        yield _children(parent, site, (run,), methods[site], starts, server)


def _children(
    parent: Parent,
    site: Site,
    runs: tuple[Scope, ...],
    how: str,
    starts: dict[Site, Position],
    server: Position | None,
) -> Children:
    place = parent.place("pool", site, title=f"{how}ed processes of line {site.span.line}")
    taken_at = server if how == "forkserver" and server is not None else starts[site]
    return Children(
        place=place,
        passed=(parent.inherited(place, how, taken_at, site),),
        imports=imported_again(parent, how, runs),
        runs=runs,
    )


def _runs(parent: Parent, asked: Asked) -> Iterator[Scope]:
    if asked.method == "Process":
        yield from parent.functions(asked.argument("target", 1), asked.scope)
        return
    yield from parent.functions(asked.argument("initializer", 1), asked.scope)
    for call in parent.asked(*_GIVEN):
        if asked.site in call.root:
            yield from parent.functions(call.argument("func", 0), call.scope)


def _started(parent: Parent, site: Site) -> Position:
    """When the first child runs: a pool's at once, a process's at its ``start()``."""
    starts = [parent.at(call.site) for call in parent.asked("start") if site in call.root]
    return min(starts, default=parent.at(site))


def _of_own_classes(parent: Parent) -> Iterator[tuple[Site, Scope]]:
    """Classes of the project that derive from ``Process``: where one is made, and its ``run``."""
    for type, site in parent.program.made.items():
        if site is not None and is_process_class(parent.ev, type):
            run = members.method(parent.ev, type, "run")
            if run is not None:
                yield site, run


ENGINE = Engine(
    id="multiprocessing",
    title="multiprocessing",
    supports=("python >=3.10,<3.15",),
    inherits="everything that their parent has at that moment; what its main module does again when it is imported",
    frozen="fork and spawn: the start of each child; forkserver: the start of the first child of all",
    methods=frozenset({"Process", "Pool", "start", "set_start_method", *_GIVEN}),
    takes=_takes,
    hops=_hops,
)
