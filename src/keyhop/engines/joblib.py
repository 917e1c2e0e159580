"""joblib: ``Parallel(n_jobs=…)(delayed(f)(x) …)``.

The default backend, loky, starts one executor with the first call that needs it and keeps it for later ones; workers
that a larger ``n_jobs`` adds see what is set by then. One job, and the threading backend, run in the process itself
(joblib 1.6, loky 3.7).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import Position
from keyhop.python.parents import Asked, Parent
from keyhop.python.pickled import imported_for
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import Const

_DELAYED = frozenset({"joblib.delayed", "joblib.parallel.delayed"})
_PARALLEL = frozenset({"joblib.Parallel", "joblib.parallel.Parallel"})
_SETTINGS = frozenset({"parallel_config", "parallel_backend"})
_THREADS = ("threading", "sequential")


def _takes(asked: Asked) -> bool:
    if not asked.names & _DELAYED:
        return False
    calls = list(_parallel(asked))
    return bool(calls) and any(_backend(call) is not None for call in calls)


def _hops(parent: Parent) -> Iterator[Children]:
    given: dict[Site, list[Scope]] = {}
    calls: dict[Site, Asked] = {}
    for asked in parent.asked("delayed"):
        for call in _parallel(asked) if asked.names & _DELAYED else ():
            if _backend(call) is not None:
                calls[call.site] = call
                given.setdefault(call.site, []).extend(
                    parent.functions(next(iter(asked.call.args), None), asked.scope)
                )
    begun = sorted(_runs_at(parent, site) for site, call in calls.items() if _backend(call) == "loky")
    for site, call in calls.items():
        backend, at = _backend(call) or "", _runs_at(parent, site)
        first = begun[0] if backend == "loky" else at
        yield _children(parent, call, backend, first, given[site])
        if backend == "loky" and parent.changes_between(first, at):
            yield _children(parent, call, backend, at, given[site], "later")


def _children(
    parent: Parent, call: Asked, backend: str, taken: Position, runs: list[Scope], which: str = ""
) -> Children:
    line = call.site.span.line
    title = f"{'later ' if which else ''}{backend} workers of line {line}"
    place = parent.place("pool", call.site, f"{line}/{which}" if which else "", title=title)
    how = "fork" if backend == "multiprocessing" else "loky"
    own = () if how == "fork" else imported_for(parent, tuple(runs))
    return Children(
        place=place, passed=(parent.inherited(place, how, taken, call.site),), imports=own, runs=tuple(runs)
    )


def _parallel(delayed: Asked) -> Iterator[Asked]:
    """The ``Parallel`` that a delayed function is given to."""
    outer = delayed.outer
    made = outer.made_by(outer.call.func) if outer is not None else frozenset()
    near = (site for site in delayed.scope.sites if site.kind is Kind.CALL)
    for site in made or near:
        call = Asked.of(delayed.ev, site)
        if call is not None and call.names & _PARALLEL:
            yield call


def _backend(call: Asked) -> str | None:
    """What runs the jobs; None for the process itself."""
    jobs = call.values("n_jobs", 0)
    around = [each for each in _settings(call) if each.method in _SETTINGS]
    if all(v in (Const(None), Const(1)) for v in jobs) and not any(each.argument("n_jobs") for each in around):
        return None
    told = [text for each in (call, *around) for text in each.texts("backend", 1 if each is call else 0)]
    threads = set(call.texts("prefer")) == {"threads"} or "sharedmem" in call.texts("require")
    backend = told[0] if told else "threading" if threads else "loky"
    return None if backend in _THREADS else backend


def _settings(call: Asked) -> Iterator[Asked]:
    """``with parallel_config(backend=…)`` in the same function."""
    for site in call.scope.sites:
        each = Asked.of(call.ev, site) if site.kind is Kind.CALL else None
        if each is not None:
            yield each


def _runs_at(parent: Parent, site: Site) -> Position:
    """When the jobs are handed over: the call of what ``Parallel(…)`` makes."""
    uses = [
        parent.at(each)
        for each in site.scope.sites
        if each.kind is Kind.CALL and (call := Asked.of(parent.ev, each)) and site in call.made_by(call.call.func)
    ]
    return min(uses, default=parent.at(site))


ENGINE = Engine(
    id="joblib",
    title="joblib",
    supports=("joblib >=1.2,<2",),
    inherits="everything that their parent has when the executor starts; the modules of their functions are imported",
    frozen="the first Parallel call that needs workers; workers that are added later: that call",
    methods=frozenset({"delayed"}),
    takes=_takes,
    hops=_hops,
)
