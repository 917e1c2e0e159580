"""This process, as a topology of one place: what it sees, and what it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace

from keyhop.catalogue import Provider, VarName, by_name, provider
from keyhop.crewai_version import CrewAIVersion
from keyhop.errors import UsageError
from keyhop.facts import Fact, Need, Sighting
from keyhop.glance import service_of
from keyhop.identities import identity
from keyhop.live_needs import Needs
from keyhop.loads import LOADS
from keyhop.readiness import PROCESS, Readiness, Whereabouts, ready, topology
from keyhop.sighting import Seen
from keyhop.text.held_keys import by_own_shape, nobody
from keyhop.text.own_environment import held
from keyhop.text.seeing import Marker, see
from keyhop.value import Trail

_VIA = "its environment"
_ENVIRONMENT = "the environment it was started with"


def sighting(names: Iterable[str], key: bytes | None, worker: str) -> Sighting:
    """See `keyhop.startup.sight`."""
    wanted = tuple(map(VarName, names)) or tuple(name for name in by_name() if name in os.environ)
    marker = Marker(key) if key is not None else None
    seen = tuple((name, _untold(see(held(name), marker, name=name))) for name in wanted)
    return Sighting(place=PROCESS, instance=str(whereabouts(worker)), seen=seen, via=_VIA)


def readiness(what: tuple[object, ...], worker: str) -> Readiness:
    """See `keyhop.startup.preflight`."""
    return judged(tuple(_needs(what).facts()), worker)


def needs(what: tuple[object, ...]) -> tuple[Fact, ...]:
    """What each of these asks for.

    Raises:
        UsageError: a name, or an object, of which nothing is known.
    """
    return tuple(_needs(what).facts())


def trails(facts: tuple[Fact, ...]) -> tuple[Trail, ...]:
    """How each need fares in this process."""
    here = whereabouts()
    return tuple(topology(facts, _sighted(facts, here), here, _sources()).trails())


def judged(facts: tuple[Fact, ...], worker: str = "") -> Readiness:
    """What is wrong in this process, which needs what `facts` say."""
    here, sources = whereabouts(worker), _sources()
    seen = _sighted(facts, here)
    found = ready(facts, seen, here, sources)
    if found.ok:
        return found
    # NOTE: what else the process has tells why it lacks a key: another service's, a name that nobody reads.
    names = dict.fromkeys((*dict(seen.seen), *(name for name in by_name() if name in os.environ)))
    return ready(facts, _sighted(facts, here, names), here, sources)


def _sources() -> tuple[str, ...]:
    return (*LOADS.sources, _ENVIRONMENT)


def whereabouts(worker: str = "") -> Whereabouts:
    """Which process this is."""
    pools = sys.modules.get("billiard.process") or sys.modules.get("multiprocessing.process")
    name = pools.current_process().name if pools is not None else "MainProcess"
    return Whereabouts(process=name, pid=os.getpid(), host=os.uname().nodename, worker=worker)


def understood(what: tuple[object, ...]) -> None:
    """Returns if it is known what each of these asks for.

    Raises:
        UsageError: a name, or an object, of which nothing is known.
    """
    _asked_for(what)


def _needs(what: tuple[object, ...]) -> Needs:
    if not what:
        raise UsageError("nothing is required", help='Say what: keyhop.require(crew), or keyhop.require("openai").')
    return _asked_for(what)


def _asked_for(what: tuple[object, ...]) -> Needs:
    needs = Needs(PROCESS, None, _crewai_version())
    things = [each for one in what for each in (one if isinstance(one, (list, tuple)) else (one,))]
    for name in things:
        if isinstance(name, str):
            _named(needs, name)
    live = [each for each in things if not isinstance(each, str)]
    if live:
        _walked(needs, live)
    return needs


def _walked(needs: Needs, live: Iterable[object]) -> None:
    from keyhop.crew_needs import Walk
    from keyhop.live_objects import known

    walk = Walk(needs)
    for thing in live:
        if not known(thing):
            raise UsageError(
                f"what {type(thing).__name__} needs cannot be told",
                help="Give keyhop a crew, an agent, a flow, a model or a tool of CrewAI, or names.",
            )
        walk.add(thing)


def _crewai_version() -> CrewAIVersion | None:
    if "crewai" not in sys.modules:
        return None
    from keyhop.live_objects import version

    return version()


def _named(needs: Needs, name: str) -> None:
    """A provider by its id, a model by its prefix, or a variable."""
    service = provider(name)
    if service is not None:
        needs.credential(service.credential(), service.title, service=service.id)
    elif "/" in name:
        needs.model(name, name)
    elif name.isidentifier() and name.upper() == name:
        service = service_of(name)
        needs.variable(name, service.title if service else "this process", service=service.id if service else None)
    else:
        from difflib import get_close_matches

        from keyhop.catalogue import providers

        near = get_close_matches(name, [each.id for each in providers()], 1)
        hint = f"Did you mean {near[0]}?" if near else "Name a provider, a model with its prefix, or a variable."
        raise UsageError(f"no provider is called {name!r}", help=hint)


def _sighted(facts: Iterable[Fact], whereabouts: Whereabouts, more: Iterable[VarName] = ()) -> Sighting:
    """What the process sees of all names that its needs, and the settings of their services, mention."""
    names: dict[VarName, Provider | None] = dict.fromkeys(more)
    for need in facts:
        if isinstance(need, Need):
            service = provider(need.provider) if need.provider else None
            settings = service.settings if service is not None else ()
            names |= dict.fromkeys((*need.names, *(name for name in settings if name in os.environ)), service)
    seen = tuple((name, _untold(_seen(name, service))) for name, service in names.items())
    return Sighting(place=PROCESS, instance=str(whereabouts), seen=seen, via=_VIA)


def _seen(name: VarName, service: Provider | None) -> Seen:
    if name.startswith("@"):
        return identity(name, os.environ)
    part = next((part for part in service.parts if name in part.names), None) if service is not None else None
    if service is not None and part is not None and part.secret:
        return see(held(name), None, name=name, setting=False, looks=by_own_shape(part, service.id))
    if service is not None and (part is not None or name in service.settings):
        return see(held(name), None, name=name, setting=True, looks=nobody)
    return see(held(name), None, name=name)


def _untold(seen: Seen) -> Seen:
    """Without the text of a setting: somebody may have put a key there."""
    return seen if seen.text is None else replace(seen, text=None)
