"""Credentials into this process, from a chain of stores, once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from keyhop.catalogue import by_name, provider
from keyhop.errors import UsageError
from keyhop.loaded import Held, Loaded, Origin
from keyhop.loads import GENERATION, LOADED, LOADS
from keyhop.sighting import State
from keyhop.store_chain import Chain, Declared
from keyhop.stores.store import Fetched, Found
from keyhop.surroundings import root as found_root
from keyhop.text.own_environment import before, held, put, same
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import see

_HIDDEN = (State.EMPTY, State.BLANK)
"""What never stands in the way of a value further down the chain."""


def load(
    *names: str,
    stores: Sequence[Declared] | None = None,
    root: str | os.PathLike[str] | None = None,
    trust: bool = False,
    timeout: float = 10.0,
    reload: bool = False,
    generation: int = 0,
) -> Loaded:
    """See `keyhop.startup.load`."""
    with LOADS.lock:
        key = json.dumps([names, stores, None if root is None else os.fspath(root), trust], default=repr)
        done = LOADS.done.get(key)
        if done is not None and not reload and generation <= LOADS.generation:
            return done
        began = time.monotonic()
        project = Path(root).resolve() if root is not None else found_root()
        own = {name: value for name, value in before(LOADS.put).items() if name not in LOADS.inherited}
        chain = Chain(project, own, stores, trust, timeout)
        wanted = tuple(dict.fromkeys(_variables(names)))
        answers = [*chain.fetched(wanted), ("environment", _inherited(wanted))]
        loaded, changed = _written(wanted, answers)
        LOADS.generation = max(LOADS.generation + changed, generation, 1)
        LOADS.since = time.time() if changed else LOADS.since
        os.environ[GENERATION] = str(LOADS.generation)
        os.environ[LOADED] = " ".join(sorted(LOADS.inherited | LOADS.put.keys()))
        loaded = replace(loaded, generation=LOADS.generation, seconds=time.monotonic() - began)
        LOADS.sources = chain.titles
        LOADS.done[key] = loaded
        return loaded


def _variables(names: Iterable[str]) -> Iterator[str]:
    """The variables, and those of the providers among the names."""
    for name in names:
        found = provider(name) if name.islower() else None
        if found is not None:
            yield from found.names
        elif name.islower():
            raise UsageError(f"no provider is called {name!r}", help="Name a provider, or a variable in capitals.")
        else:
            yield name


def _inherited(wanted: tuple[str, ...]) -> Fetched:
    """What the process that started this one had loaded, as long as nothing here has replaced it."""
    found = ((name, held(name)) for name in sorted(LOADS.inherited - LOADS.put.keys()))
    return Fetched(
        found=tuple(
            Found(name=name, value=value, where="what its parent process loaded")
            for name, value in found
            if value is not None and (not wanted or name in wanted)
        )
    )


def _written(wanted: tuple[str, ...], answers: list[tuple[str, Fetched]]) -> tuple[Loaded, bool]:
    """What the stores gave is put into the environment; and whether that replaced what a load had put there."""
    by_variable: dict[str, list[tuple[Origin, Sealed]]] = {}
    for id, fetched in answers:
        for each in _first_of_each(fetched.found):
            origin = Origin(store=id, where=each.where, seen=see(each.value, LOADS.marker, name=each.name))
            by_variable.setdefault(each.name, []).append((origin, each.value))
    told = {name: found for name, found in by_variable.items() if wanted or _is_told(name, found)}
    changed = _taken_back(wanted, told)
    names = []
    for name, found in told.items():
        chosen, value = _chosen(name, found)
        changed |= _put(chosen, value)
        names.append(chosen)
    loaded = Loaded(
        names=tuple(names),
        missing=tuple(name for name in wanted if name not in told),
        remarks=tuple(dict.fromkeys(remark for _, fetched in answers for remark in fetched.remarks)),
    )
    return loaded, changed


def _taken_back(wanted: tuple[str, ...], told: Mapping[str, object]) -> bool:
    """What an earlier load had put and no store has any more goes, and what was there before comes back."""
    gone = [name for name in LOADS.put if name not in told and (not wanted or name in wanted)]
    for name in gone:
        written, former = LOADS.put.pop(name)
        if same(held(name), written):
            put(name, former)
    return bool(gone)


def _first_of_each(found: tuple[Found, ...]) -> Iterator[Found]:
    names: set[str] = set()
    for each in found:
        if each.name not in names:
            names.add(each.name)
            yield each


def _is_told(name: str, found: list[tuple[Origin, Sealed]]) -> bool:
    """Of all that the environment has, only what is a credential, or what another store has as well."""
    return any(origin.store != "environment" for origin, _ in found) or name in by_name()


def _chosen(name: str, found: list[tuple[Origin, Sealed]]) -> tuple[Held, Sealed]:
    at = next((i for i, (origin, _) in enumerate(found) if origin.seen.state not in _HIDDEN), 0)
    origin, value = found[at]
    after = found[at + 1 :]
    chosen = Held(
        name=name,
        origin=origin,
        passed_over=tuple(each for each, _ in found[:at]),
        shadowed=tuple(each for each, other in after if each.seen.state not in _HIDDEN and not same(other, value)),
    )
    return chosen, value


def _put(chosen: Held, value: Sealed) -> bool:
    """Whether a variable that was loaded before, here or in the parent process, has another value now."""
    name = chosen.name
    now = held(name)
    written, former = LOADS.put.get(name, (None, now))
    if chosen.origin.store == "environment":
        if written is not None and same(now, written):
            del LOADS.put[name]
            put(name, value)
        return False
    if same(now, value):
        return False
    put(name, value)
    LOADS.put[name] = (value, former if written is None or same(now, written) else now)
    return written is not None or name in LOADS.inherited
