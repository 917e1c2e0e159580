"""Which credentials this process is to have, whether they are there, and whether their providers accept them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from keyhop.azure_reads import further
from keyhop.catalogue import Probe, Provider, VarName, by_name, is_setting, provider
from keyhop.errors import NothingToCheck
from keyhop.facts import Required
from keyhop.gates import Closed, Entry, Gate, gate
from keyhop.probe import Question, probe, unasked
from keyhop.readiness import Readiness
from keyhop.records import dataclass
from keyhop.routing import route
from keyhop.seeing_process import judged, trails, whereabouts
from keyhop.sighting import State
from keyhop.standing import Presence, Read, Verification, Verified
from keyhop.value import Trail, Verdict
from keyhop.wanted import Moved, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What providers are asked, and how."""

    live: bool = False
    paid: tuple[str, ...] = ()
    """Providers whose request may cost something."""
    allowed: tuple[str, ...] = ()
    """Hosts to which the user lets a key go though no entry lists them."""
    seconds: float = 10.0
    """For all of it."""


def verify(wanted: Wanted, asking: Asking) -> Verification:
    """Looks at what this process has, by the rules of ``keyhop check``, and asks the providers if `asking` says so.

    Raises:
        NothingToCheck: nothing is needed, and the environment holds no credential.
    """
    began = time.monotonic()
    if not wanted.facts:
        raise NothingToCheck(
            "this process has no credential that keyhop knows, and nothing says which it needs",
            help="Name what it needs: keyhop verify --require openai SERPER_API_KEY",
        )
    ready = judged(wanted.facts)
    found = _merged(_seen(trail, ready, wanted) for trail in trails(wanted.facts) if _counts(trail))
    if asking.live:
        found = _asked(found, wanted, asking)
    return Verification(
        process=whereabouts().title,
        live=asking.live,
        scope=wanted.scope,
        verified=tuple(each.verified for each in found),
        seconds=time.monotonic() - began,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A credential, and what decides where it is asked about."""

    verified: Verified
    names: tuple[VarName, ...]
    """All that it may be given under."""
    keyless: bool = False
    """Any value would do: nobody would be asked about it."""


def _asked(found: list[_Found], wanted: Wanted, asking: Asking) -> list[_Found]:
    """With what the providers say of all that is there."""
    reads: dict[int, tuple[Read, ...]] = {}
    questions: dict[int, Question] = {}
    for number, each in enumerate(found):
        if each.verified.presence is Presence.THERE and not each.keyless:
            service, entry = _entry_of(each, wanted, asking)
            if service is not None and isinstance(entry, Gate):
                questions[number] = _question(service, entry, wanted)
            elif isinstance(entry, Closed):
                reads[number] = (unasked(entry),)
    reads |= dict(zip(questions, probe(questions.values(), seconds=asking.seconds), strict=True))
    return [
        replace(each, verified=replace(each.verified, reads=reads.get(number, ())))
        for number, each in enumerate(found)
    ]


def _counts(trail: Trail) -> bool:
    """What is optional counts only where it is there."""
    return trail.need.required is not Required.OPTIONAL or trail.verdict is Verdict.ARRIVES


def _seen(trail: Trail, ready: Readiness, wanted: Wanted) -> _Found:
    need = trail.need
    service = provider(need.provider) if need.provider else None
    wrong = tuple(each for each in ready.wrong if each.names == need.names and each.provider == (need.provider or ""))
    decided = tuple(dict.fromkeys(part.name for part in trail.parts)) or (trail.name,)
    return _Found(
        verified=Verified(
            provider=service.id if service else "",
            title=service.title if service else "",
            names=decided,
            because=(need.because,) if need.because else (),
            presence=_presence(trail, bool(wrong), wanted),
            wrong=wrong,
            brought_by=wanted.brought.get(need, "") if trail.verdict is not Verdict.ARRIVES else "",
        ),
        names=need.names,
        keyless=need.any_value or trail.value.seen.dummy,
    )


def _presence(trail: Trail, is_wrong: bool, wanted: Wanted) -> Presence:
    if trail.verdict is not Verdict.ARRIVES and trail.need in wanted.brought:
        return Presence.UNKNOWN
    if is_wrong:
        return Presence.WRONG
    if trail.verdict is Verdict.ARRIVES:
        return Presence.THERE
    return Presence.ABSENT if trail.value.seen.state is State.ABSENT else Presence.UNKNOWN


def _merged(found: Iterable[_Found]) -> list[_Found]:
    """One for each credential, whoever needs it."""
    kept: dict[tuple[str, tuple[str, ...], Presence], _Found] = {}
    for each in found:
        key = (each.verified.provider, each.verified.names, each.verified.presence)
        before = kept.setdefault(key, each)
        if before is not each:
            because = tuple(dict.fromkeys((*before.verified.because, *each.verified.because)))
            wrong = tuple(dict.fromkeys((*before.verified.wrong, *each.verified.wrong)))
            kept[key] = replace(before, verified=replace(before.verified, because=because, wrong=wrong))
    return list(kept.values())


def _entry_of(found: _Found, wanted: Wanted, asking: Asking) -> tuple[Provider | None, Entry]:
    service = provider(found.verified.provider) if found.verified.provider else None
    if service is None:
        return None, Closed(why=f"no provider is known that {found.verified.names[0]} belongs to")
    moved = wanted.moved.get(service.id, Moved())
    if moved.whole:
        return service, Closed(
            why=f"the code itself sends all of its calls to an address that is not {service.title}'s"
        )
    entry = _entry(service, found, moved, asking, os.environ)
    if moved.some and isinstance(entry, Gate):
        return service, replace(entry, doubted_by=(*entry.doubted_by, "the code"))
    return service, entry


def _question(service: Provider, entry: Gate, wanted: Wanted) -> Question:
    if service.id == "azure":
        return Question(service=service, gate=entry, further=partial(further, entry, os.environ, wanted.models))
    return Question(service=service, gate=entry, models=tuple(_models(service, wanted)))


def _models(service: Provider, wanted: Wanted) -> Iterator[str]:
    for model in wanted.models:
        if route(model).provider == service.id:
            yield next(
                (model.removeprefix(f"{each}/") for each in service.prefixes if model.startswith(f"{each}/")), model
            )


def _entry(service: Provider, found: _Found, moved: Moved, asking: Asking, environment: Mapping[str, str]) -> Entry:
    chosen = next(_sent(service, found, environment), None)
    if chosen is None:
        if any(name.startswith("@") for name in found.verified.names):
            return Closed(why="it is an identity of this machine, and keyhop signs in with none")
        return Closed(why=f"no request is known by which {service.title} tells, and that only reads")
    request, names = chosen
    if request.cost != "none" and service.id not in asking.paid:
        return Closed(
            why=f"the only request by which {service.title} tells may cost something",
            help=f"Send it nevertheless: --paid {service.id}",
        )
    request = replace(request, base_names=(*moved.names, *request.base_names)) if moved.names else request
    read = (*moved.names, *found.verified.names)
    return gate(service, request, environment, names=names, read=read, allowed=asking.allowed)


def _sent(
    service: Provider, found: _Found, environment: Mapping[str, str]
) -> Iterator[tuple[Probe, tuple[VarName, ...]]]:
    """The requests that can be made, with the variables that each sends, those that decide first."""
    for request in service.probes:
        own = (name for name in found.names if not (name in by_name() or is_setting(name) or name.startswith("@")))
        usual = (*(request.names or service.names), *own)
        held = [name for name in usual if name in found.names and environment.get(name)]
        if request.signature:
            if set(usual[:2]) <= set(held):
                yield request, tuple(held)
        elif held:
            yield request, (min(held, key=lambda name: name not in found.verified.names),)
