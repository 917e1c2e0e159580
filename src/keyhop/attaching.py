"""`attach` and `detach`: workers that begin only with the credentials that they need."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from keyhop.errors import UsageError
from keyhop.forks import make_forks_safe
from keyhop.guard import Guard, guard_of
from keyhop.live.live import every, host_of

_KEPT = "__keyhop__"


class _Kept(NamedTuple):
    """What a host remembers of its guard."""

    guard: Guard
    before: Any
    after: Any
    undo: Callable[[], None]


def attach(
    host: Any,
    *what: object,
    stores: Sequence[str | Mapping[str, object]] | None = None,
    root: str | os.PathLike[str] | None = None,
    trust: bool = False,
    timeout: float = 10.0,
    crews: bool = True,
) -> Any:
    """Puts the workers of `host` behind a guard, and returns the host.

    Each worker loads from its own stores, as `keyhop.load` does, and begins only if it has what it needs; only names
    and the number of a generation are sent to it. One that lacks something ends with status 78 and the reason on
    stderr where its host lets it, and raises a ``MissingCredential`` from its first task where it does not. Errors of
    providers survive the way back with status, code, message and request id, and without keys.

    A second call with the same arguments changes nothing; with others, it takes the place of the first.

    Args:
        host: a Celery app; the module ``ray``; a ``ProcessPoolExecutor``, ``multiprocessing.Pool`` or context;
            ``globals()`` of a gunicorn.conf.py; an ASGI application; a function or class whose calls run in workers.
            Where it is a name, the result is a decorator, and the name is one of `what`.
        what: ids of providers, variables, models; where the host has a main process of its own, also crews.
        stores, root, trust, timeout: as for `keyhop.load`.
        crews: also judge every crew, flow and agent of CrewAI when it begins (CrewAI 1.15.2 and later).

    Raises:
        UsageError: nothing is known of such a host, or of such a name.
    """
    if isinstance(host, str):
        return lambda decorated: attach(
            decorated, host, *what, stores=stores, root=root, trust=trust, timeout=timeout, crews=crews
        )
    guard = guard_of(what, stores=stores, root=root, trust=trust, timeout=timeout, crews=crews)
    kept = _kept(host)
    if kept is not None:
        if kept.guard == guard:
            return kept.after
        host = detach(host)
    live = next(host_of(host), None)
    if live is None:
        known = "; ".join(f"{each.title}: {each.line}" for each in every())
        raise UsageError(f"nothing is known of a {type(host).__name__} as a host of workers", help=known)
    make_forks_safe()
    after, undo = live.attach(host, guard)
    _keep(after, _Kept(guard, host, after, undo))
    return after


def detach(host: Any) -> Any:
    """Takes the guard away, and returns what was given to `attach`. What has no guard is returned as it is."""
    kept = _kept(host)
    if kept is None:
        return host
    kept.undo()
    _keep(kept.after, None)
    return kept.before


def _kept(host: Any) -> _Kept | None:
    own = host if isinstance(host, dict) else getattr(host, "__dict__", {})
    found = own.get(_KEPT)
    return found if isinstance(found, _Kept) and found.after is host else None  # functools.wraps copies attributes


def _keep(host: Any, kept: _Kept | None) -> None:
    if isinstance(host, dict):
        host.pop(_KEPT, None)
        if kept is not None:
            host[_KEPT] = kept
    elif kept is not None:
        setattr(host, _KEPT, kept)
    else:
        with suppress(AttributeError):
            delattr(host, _KEPT)
