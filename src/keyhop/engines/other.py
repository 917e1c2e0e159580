"""Launchers that keyhop does not know: what their workers have is not said.

A method of a library that is called like those of pools and clusters, and is given functions of the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.engines.engine import Children, Engine
from keyhop.facts import Blindspot
from keyhop.python.parents import Asked, Parent

_GIVEN = frozenset(
    [
        "submit",
        "apply_async",
        "map_async",
        "starmap",
        "starmap_async",
        "imap",
        "imap_unordered",
        "submit_job",
        "spawn",
    ]
)
_KNOWN = (
    *("concurrent.futures.", "multiprocessing.", "multiprocess.", "torch.multiprocessing.", "billiard.", "joblib."),
    *("dask.", "distributed.", "ray.", "celery.", "rq.", "asyncio.", "threading.", "anyio.", "trio.", "gevent."),
    *("eventlet.", "builtins.", "itertools.", "subprocess.", "os.", "crewai.", "streamlit.", "gradio.", "langchain"),
)


def _takes(asked: Asked) -> bool:
    return bool(_unknown(asked))


def _unknown(asked: Asked) -> str:
    """The dotted name of the launcher; empty where it is a known one, or nothing of a library."""
    names = asked.names
    made = sorted(name for name in names if "()." in name and not name.startswith(_KNOWN))
    return made[0] if made and len(made) == len(names) else ""


def _hops(parent: Parent) -> Iterator[Children]:
    for asked in parent.asked(*_GIVEN):
        name = _unknown(asked)
        runs = tuple(
            scope
            for node in (*asked.call.args, *(k.value for k in asked.call.keywords))
            for scope in parent.functions(node, asked.scope)
        )
        if not name or not runs:
            continue
        place = parent.place("pool", asked.site, title=f"what {asked.method}() of line {asked.site.span.line} starts")
        why = f"{name.replace('()', '')} is a launcher that keyhop does not know"
        yield Children(place=place, passed=(Blindspot(place=place.id, why=why, span=asked.site.span),), runs=runs)


ENGINE = Engine(
    id="other",
    title="other launchers",
    supports=(),
    inherits="not known: their workers' keys are neither said to arrive nor to be lost",
    frozen="not known",
    methods=_GIVEN,
    takes=_takes,
    hops=_hops,
)
