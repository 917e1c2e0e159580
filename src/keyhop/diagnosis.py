"""Failures explained: what caused them, whom they happened to, and what the text cannot tell."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import field

from keyhop.account import Account
from keyhop.causes import Cause, Family
from keyhop.failure import Failure, Quote, Speaker
from keyhop.finding import Certainty
from keyhop.next_steps import commands, questions
from keyhop.records import dataclass
from keyhop.symptoms.symptom import Level
from keyhop.weighing import Reading, readings

_REMEMBERED = 4_000
_MOST_EVIDENCE = 6
_MOST_ALTERNATIVES = 6
_SURENESS = {Certainty.CERTAIN: 0, Certainty.LIKELY: 1, Certainty.POSSIBLE: 2}
_FAMILIES = {Family.CREDENTIAL: 0, Family.ACCESS: 1, Family.NOT_AUTH: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One cause of failures, of one provider, in one kind of process."""

    cause: Cause
    provider: str
    """Its id; empty where the text does not tell."""
    certainty: Certainty
    process: str
    """The role of those that failed, or which one it was; empty where the text does not tell."""
    count: int
    """How often it was told."""
    instances: tuple[str, ...] = ()
    """Which ones of the role failed so."""
    peers: int = 0
    """How many ones of the role failed in any way."""
    evidence: tuple[Quote, ...]
    alternatives: tuple[Cause, ...] = ()
    """What the text cannot exclude, the likeliest first."""
    names: tuple[str, ...] = ()
    """Variables of credentials that it is about."""
    masked_by: tuple[str, ...] = ()
    """Exceptions that hid it."""
    cannot_tell: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    """Commands."""


@dataclass(slots=True)
class _Case:
    """Failures that are the same."""

    reading: Reading
    role: str
    order: int
    count: int = 0
    instances: dict[str, None] = field(default_factory=dict)
    alternatives: dict[Cause, None] = field(default_factory=dict)
    evidence: dict[str, Quote] = field(default_factory=dict)
    masked_by: dict[str, None] = field(default_factory=dict)

    def add(self, reading: Reading, speaker: Speaker) -> None:
        self.count += reading.count
        if speaker.instance:
            self.instances[speaker.instance] = None
        self.alternatives.update(dict.fromkeys(reading.alternatives))
        self.masked_by.update(dict.fromkeys(reading.masked_by))
        if len(self.evidence) < _MOST_EVIDENCE:
            for quote in reading.evidence:
                self.evidence.setdefault(quote.text.strip(), quote)
        if (reading.level, -_SURENESS[reading.certainty]) > (
            self.reading.level,
            -_SURENESS[self.reading.certainty],
        ):
            self.reading = reading


def diagnose(failures: Iterable[Failure]) -> tuple[Diagnosis, ...]:
    """What the failures tell, the likeliest first. Equal ones are counted, not repeated."""
    known: OrderedDict[int, tuple[Reading, ...]] = OrderedDict()
    cases: dict[tuple[str, Cause, str], _Case] = {}
    roles: dict[str, dict[str, None]] = {}
    for failure in failures:
        speaker = failure.speaker
        if speaker.instance:
            roles.setdefault(speaker.role, {})[speaker.instance] = None
        for reading in _read(failure, known):
            key = (reading.provider, reading.cause, speaker.role)
            case = cases.get(key)
            if case is None:
                case = cases[key] = _Case(reading=reading, role=speaker.role, order=len(cases))
            case.add(reading, speaker)
    told = sorted(_without_consequences(_joined([*cases.values()])), key=_rank)
    return tuple(_diagnosis(case, len(roles.get(case.role, ()))) for case in told)


def _read(failure: Failure, known: OrderedDict[int, tuple[Reading, ...]]) -> tuple[Reading, ...]:
    """What one failure tells; the same words are read once."""
    words = tuple(quote.text for quote in failure.quotes)
    key = hash((failure.chain, words, failure.status, failure.body, failure.url))
    found = known.get(key)
    if found is None:
        found = known[key] = readings(Account(failure))
        if len(known) > _REMEMBERED:
            known.popitem(last=False)
    return found


def _joined(cases: list[_Case]) -> list[_Case]:
    """Cases that do not tell the provider are those of one that do, where there is one such."""
    kept: list[_Case] = []
    for case in cases:
        peers = [other for other in cases if other.reading.cause is case.reading.cause and other.reading.provider]
        mine = [other for other in peers if other.role == case.role]
        if not case.reading.provider and len(mine) == 1:
            mine[0].count += case.count
            mine[0].instances.update(case.instances)
        else:
            kept.append(case)
    return kept


def _without_consequences(cases: list[_Case]) -> list[_Case]:
    """Without what only follows from another case: broken pools, wrappers, and what failed beside."""
    best = max((case.reading.level for case in cases), default=Level.BESIDE)
    floor = min(best, Level.STATUS)
    kept = [case for case in cases if case.reading.level >= floor]
    for case in cases:
        if case.reading.level is Level.MASK and case not in kept:
            for each in kept:
                each.masked_by.update(dict.fromkeys(case.reading.shown_as))
    if best is Level.BESIDE:
        return [max(kept, key=lambda case: case.count)] if kept else []
    return kept


def _rank(case: _Case) -> tuple[object, ...]:
    reading = case.reading
    weak = reading.level < Level.CLASS
    side = reading.cause is Cause.TOOL_CREDENTIAL
    return (weak, -min(reading.level, Level.BODY) if weak else 0, side, _FAMILIES[reading.cause.family],
            -reading.level, _SURENESS[reading.certainty], -case.count, case.order)  # fmt: skip


def _diagnosis(case: _Case, peers: int) -> Diagnosis:
    reading = case.reading
    instances = tuple(case.instances)
    process = case.role or (instances[0] if len(instances) == 1 else "")
    others = tuple(each for each in case.alternatives if each is not reading.cause)
    return Diagnosis(
        cause=reading.cause,
        provider=reading.provider,
        certainty=reading.certainty,
        process=process,
        count=case.count,
        instances=instances,
        peers=max(peers, len(instances)),
        evidence=tuple(sorted(case.evidence.values(), key=lambda quote: quote.line)[:_MOST_EVIDENCE]),
        alternatives=others[:_MOST_ALTERNATIVES],
        names=reading.names,
        masked_by=tuple(case.masked_by),
        cannot_tell=reading.cannot_tell or questions(reading.cause, others),
        next=commands(reading, process),
    )
