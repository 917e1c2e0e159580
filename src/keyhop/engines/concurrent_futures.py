"""``concurrent.futures``: processes that start when work comes, and threads, which are no processes.

A forking executor starts all of its workers with the first task; any other start method starts one with each task
that finds no idle worker, so that one pool may hold workers from before and after a change (CPython 3.10 to 3.13).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import Position
from keyhop.python.parents import Asked, Parent
from keyhop.python.scopes import Scope
from keyhop.python.start_methods import imported_again, start_method

_POOLS = frozenset(
    {
        "concurrent.futures.ProcessPoolExecutor",
        "concurrent.futures.process.ProcessPoolExecutor",
    }
)
_GIVEN = ("submit", "map", "run_in_executor")


def _takes(asked: Asked) -> bool:
    if asked.method == "ProcessPoolExecutor":
        return bool(asked.names & _POOLS)
    if asked.method == "run_in_executor":
        return bool(asked.named(asked.argument("executor", 0)) & {f"{pool}()" for pool in _POOLS})
    return any(name.rpartition(".")[0].removesuffix("()") in _POOLS for name in asked.names)


def _hops(parent: Parent) -> Iterator[Children]:
    pools = [asked for asked in parent.asked("ProcessPoolExecutor") if asked.names & _POOLS]
    tasks = {asked.site: list(_tasks(parent, asked)) for asked in pools}
    methods = {asked.site: _how(parent, asked) for asked in pools}
    first = {site: min((at for at, _ in given), default=None) for site, given in tasks.items()}
    servers = [at for site, at in first.items() if methods[site] == "forkserver" and at is not None]
    for asked in pools:
        given, how, begun = tasks[asked.site], methods[asked.site], first[asked.site]
        if begun is None:
            continue
        runs = (
            *parent.functions(asked.argument("initializer", 2), asked.scope),
            *(scope for _, scopes in given for scope in scopes),
        )
        taken = min(servers) if how == "forkserver" else begun
        yield _children(parent, asked, how, taken, runs)
        last = max(at for at, _ in given)
        if how == "spawn" and asked.number("max_workers", 0) != 1 and parent.changes_between(begun, last):
            yield _children(parent, asked, how, last, runs, "later")


def _children(
    parent: Parent, asked: Asked, how: str, taken: Position, runs: tuple[Scope, ...], which: str = ""
) -> Children:
    line = asked.site.span.line
    title = f"{'later ' if which else ''}workers of the pool of line {line}"
    place = parent.place("pool", asked.site, f"{line}/{which}" if which else "", title=title)
    return Children(
        place=place,
        passed=(parent.inherited(place, how, taken, asked.site),),
        imports=imported_again(parent, how, runs),
        runs=tuple(dict.fromkeys(runs)),
    )


def _how(parent: Parent, asked: Asked) -> str:
    context = asked.argument("mp_context", 1)
    return start_method(parent, None, parent.ev.values(context, asked.scope) if context is not None else ())


def _tasks(parent: Parent, pool: Asked) -> Iterator[tuple[Position, list[Scope]]]:
    """What a pool is given, and when."""
    for call in parent.asked(*_GIVEN):
        in_loop = call.method == "run_in_executor"
        made = call.made_by(call.argument("executor", 0)) if in_loop else call.root
        if pool.site in made:
            work = call.argument("func" if in_loop else "fn", int(in_loop))
            yield parent.at(call.site), list(parent.functions(work, call.scope))


ENGINE = Engine(
    id="concurrent-futures",
    title="concurrent.futures",
    supports=("python >=3.10,<3.15",),
    inherits="everything that their parent has at that moment; what its main module does again when it is imported",
    frozen="fork: the first task; spawn: the task for which a worker is started; forkserver: its first child of all",
    methods=frozenset({"ProcessPoolExecutor", *_GIVEN}),
    takes=_takes,
    hops=_hops,
)
