"""Which of the symptoms that a failure shows decide what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.account import Account, Statement
from keyhop.catalogue import VarName, provider
from keyhop.causes import Cause
from keyhop.failure import Quote
from keyhop.finding import Certainty
from keyhop.records import dataclass
from keyhop.symptoms import symptoms
from keyhop.symptoms.symptom import Level, Symptom
from keyhop.whose import asked, variables

_MISSING = (Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.LOADED_TOO_LATE)
_REFUSED = (Cause.INVALID_KEY, Cause.EXPIRED_OR_REVOKED, Cause.PLACEHOLDER_VALUE, Cause.WRONG_PROVIDER_KEY)
_OF_A_TOOL = frozenset({*_MISSING, *_REFUSED, Cause.PERMISSION_OR_SCOPE, Cause.WRONG_CREDENTIAL_TYPE})
"""What is called the tool's credential where the service behind a tool says it."""
_SURENESS = (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.CERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A symptom that a statement shows."""

    symptom: Symptom
    statement: Statement

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """The more it tells, the more special it is, and the nearer to the root, the more it counts."""
        each = self.symptom
        return (each.level, each.conditions, -self.statement.depth, _SURENESS.index(each.certainty))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one failure tells: one cause, of one provider."""

    cause: Cause
    provider: str
    certainty: Certainty
    level: Level
    evidence: tuple[Quote, ...]
    alternatives: tuple[Cause, ...]
    names: tuple[VarName, ...]
    cannot_tell: tuple[str, ...]
    next: tuple[str, ...]
    count: int = 1
    masked_by: tuple[str, ...] = ()
    shown_as: tuple[str, ...] = ()
    """The exception that showed it, for what it hides."""


def readings(account: Account) -> tuple[Reading, ...]:
    """One for each provider and cause that the failure tells of on its highest level."""
    found = list(shown(account))
    if not found:
        return ()
    best = max(each.symptom.level for each in found)
    least = Level.BODY if best > Level.BODY else best
    masks = tuple(dict.fromkeys(_name(each.statement) for each in found if each.symptom.level is Level.MASK))
    picked: dict[tuple[str, Cause], tuple[Reading, set[int]]] = {}
    for one in _heads(account, [each for each in found if each.symptom.level >= least]):
        reading = _reading(account, one, masks if best > Level.MASK else ())
        key = (reading.provider, reading.cause)
        if key in picked:
            picked[key][1].add(one.statement.strand)
        else:
            picked[key] = (reading, {one.statement.strand})
    return tuple(_counted(reading, strands) for reading, strands in picked.values())


def shown(account: Account) -> Iterator[Shown]:
    """Every symptom that the failure shows, at the statement nearest to the root."""
    for symptom in symptoms():
        if symptom.barred.search(account.text) or not symptom.nearby.search(account.text):
            continue
        for statement in account.statements:
            if _shows(account, statement, symptom):
                yield Shown(symptom=symptom, statement=statement)
                if statement.strand < 0 or (not symptom.says and not symptom.codes):
                    break


def _shows(account: Account, statement: Statement, symptom: Symptom) -> bool:
    if symptom.types and (not statement.type or not symptom.raised_by(statement.type)):
        return False
    if symptom.statuses and statement.status not in symptom.statuses:
        return False
    if (symptom.says or symptom.codes) and not symptom.pattern.search(statement.text):
        return False
    return not symptom.asked or asked(account, statement) in symptom.asked


def _heads(account: Account, found: list[Shown]) -> Iterator[Shown]:
    """The one that counts most in each strand; the text as a whole counts where no strand says it."""
    told = {each.symptom for each in found if each.statement.strand >= 0}
    strands: dict[int, Shown] = {}
    for each in found:
        strand = each.statement.strand
        if strand < 0 and each.symptom in told:
            continue
        if strand not in strands or each.weight > strands[strand].weight:
            strands[strand] = each
    heads = sorted(strands.values(), key=lambda each: each.weight, reverse=True)
    if account.strands < 2 and heads:
        # NOTE: one exception, and prose around it: they speak of the same thing.
        heads = heads[:1]
    yield from heads


def _reading(account: Account, one: Shown, masks: tuple[str, ...]) -> Reading:
    symptom = one.symptom
    whom = symptom.provider or asked(account, one.statement)
    cause, also, certainty = symptom.cause, symptom.also, symptom.certainty
    known = provider(whom) if whom else None
    if known is not None and known.kind != "llm" and cause in _OF_A_TOOL:
        also = (cause, *also, *(_REFUSED if cause in _REFUSED else _MISSING))
        cause = Cause.TOOL_CREDENTIAL
    alternatives = tuple(dict.fromkeys(each for each in also if each is not cause))
    return Reading(
        cause=cause,
        provider=whom,
        certainty=certainty,
        level=symptom.level,
        evidence=account.evidence(one.statement, symptom.pattern),
        alternatives=alternatives,
        names=variables(one.statement.text) or variables(account.text),
        cannot_tell=symptom.cannot_tell,
        next=symptom.next,
        masked_by=tuple(each for each in masks if each),
        shown_as=(name,) if (name := _name(one.statement)) else (),
    )


def _counted(reading: Reading, strands: set[int]) -> Reading:
    return replace(reading, count=max(1, len({each for each in strands if each >= 0})))


def _name(statement: Statement) -> str:
    return statement.type.rpartition(".")[2]
