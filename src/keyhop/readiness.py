"""Whether a process has what it needs, judged by the rules of ``keyhop check`` on what it sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from keyhop.catalogue import provider
from keyhop.errors import MissingCredential
from keyhop.facts import Everything, Fact, Hop, Phase, Place, PlaceId, Position, Required, Sighting
from keyhop.records import dataclass
from keyhop.sighting import Seen, State
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict

PROCESS = PlaceId("process")
_START = Position(Phase.HOST)
_STATES = {
    State.ABSENT: "not set",
    State.EMPTY: "empty",
    State.BLANK: "blank",
    State.PLACEHOLDER: "a placeholder",
    State.PRESENT: "set",
    State.UNKNOWN: "not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Which process it is."""

    process: str
    pid: int
    host: str
    worker: str = ""
    """What its host calls it: ``celery@web-1``."""

    @property
    def title(self) -> str:
        if self.worker:
            return f"worker {self.worker}"
        return "this process" if self.process == "MainProcess" else f"process {self.process}"

    def __str__(self) -> str:
        return f"{self.process}, pid {self.pid}, host {self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One credential that is not there, or not as it must be."""

    name: str
    """The variable."""
    names: tuple[str, ...]
    """All that it may be given under, canonical first."""
    provider: str
    """The id of the service; empty where that is not known."""
    seen: str
    """In words: ``not set``, ``empty``, ``set, with quotes``."""
    because: str
    """Who needs it."""
    rule: str
    message: str
    """As ``keyhop check`` would say it."""
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What is wrong in one process, and what cannot be told. Holds no value; pickles."""

    whereabouts: Whereabouts
    sighting: Sighting = field(repr=False)
    wrong: tuple[Wrong, ...] = ()
    unknown: tuple[str, ...] = ()
    """Credentials that may be there in a way that only a request would show."""

    @property
    def ok(self) -> bool:
        return not self.wrong

    def error(self) -> MissingCredential | None:
        """What to raise; None where nothing is wrong."""
        if not self.wrong:
            return None
        number = "a credential that it needs" if len(self.wrong) == 1 else f"{len(self.wrong)} credentials"
        lines = [f"{self.whereabouts.title} lacks {number} ({self.whereabouts})"]
        for each in self.wrong:
            lines.append(f"  {each.message}  [{each.rule}]")
            lines += [f"    {each.advice}"] if each.advice else []
        return MissingCredential("\n".join(lines), help=self.wrong[0].advice, wrong=self.wrong)


def ready(facts: Iterable[Fact], sighting: Sighting, whereabouts: Whereabouts, sources: Iterable[str]) -> Readiness:
    """The readiness of a process that needs what `facts` say and sees `sighting`.

    `sources`: where its variables come from, in words.
    """
    joined = topology(facts, sighting, whereabouts, sources)
    trails = [trail for trail in joined.trails() if trail.need.required is not Required.OPTIONAL]
    unknown = tuple(str(trail.name) for trail in trails if trail.verdict is Verdict.UNKNOWN)
    wrong = _merged(_wrong(joined)) if any(map(_is_suspect, trails)) else ()
    return Readiness(whereabouts=whereabouts, sighting=sighting, wrong=wrong, unknown=unknown)


def topology(facts: Iterable[Fact], sighting: Sighting, whereabouts: Whereabouts, sources: Iterable[str]) -> Topology:
    """The process and what is told of it."""
    return Topology([*_surroundings(whereabouts, sources), *facts, sighting])


def _surroundings(whereabouts: Whereabouts, sources: Iterable[str]) -> Iterator[Fact]:
    yield Place(id=PROCESS, kind="process", title=whereabouts.title)
    for source in sources:
        yield Place(id=PlaceId(source), kind="shell", title=source)
        yield Hop(source=PlaceId(source), target=PROCESS, passage=Everything(), via=source, at=_START)


def _is_suspect(trail: Trail) -> bool:
    """Whether a rule may have something to say: the rules are imported for these alone."""
    if trail.verdict is Verdict.LOST:
        return True
    looks = trail.value.seen.looks
    return trail.verdict is Verdict.ARRIVES and looks is not None and looks != trail.need.provider


def _wrong(topology: Topology) -> Iterator[Wrong]:
    from keyhop.finding import Severity
    from keyhop.judge import judge

    for finding in judge(topology):
        trail = finding.trail
        if trail is None or finding.severity is not Severity.ERROR:
            continue
        yield Wrong(
            name=trail.name,
            names=trail.need.names,
            provider=str(trail.need.provider or ""),
            seen=_said(trail.value.seen, trail.need.provider),
            because=trail.need.because,
            rule=finding.rule,
            message=finding.message,
            advice=finding.fixes[0].title if finding.fixes else "",
        )


def _merged(found: Iterable[Wrong]) -> tuple[Wrong, ...]:
    """One for each fault of a variable, whoever needs it, by name."""
    by_fault: dict[tuple[str, str, str], Wrong] = {}
    for each in found:
        kept = by_fault.setdefault((each.name, each.rule, each.seen), each)
        if kept is not each:
            by_fault[each.name, each.rule, each.seen] = replace(
                kept, message=f"{kept.message}; {each.because} as well", because=f"{kept.because}, {each.because}"
            )
    return tuple(by_fault[key] for key in sorted(by_fault))


def _said(seen: Seen, wanted: str | None) -> str:
    state = _STATES[seen.state]
    if seen.changes:
        state += f", with {', '.join(map(str, seen.changes))}"
    if seen.looks is not None and seen.looks != wanted:
        found = provider(seen.looks)
        state += f", looks like a key of {found.title if found else seen.looks}"
    return state
