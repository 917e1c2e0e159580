"""A report in words and links that every format for people shares."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Certainty, Finding, Severity
from keyhop.journey import journey, origin_of
from keyhop.records import dataclass
from keyhop.report import Report
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict

_ENDS = {Verdict.ARRIVES: "has it", Verdict.LOST: "does not get it", Verdict.UNKNOWN: "may or may not get it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain from where a credential begins to the process that needs it."""

    kind: str
    """``origin``, ``hop``, ``broken`` or ``end``."""
    text: str
    span: Span | None = None
    effect: str = ""
    """What the hop did to the value; empty for nothing."""


def chain(trail: Trail, topology: Topology) -> tuple[Link, ...]:
    """The journey of a credential, with both its ends."""
    return tuple(_links(trail, topology))


def _links(trail: Trail, topology: Topology) -> Iterator[Link]:
    origin = origin_of(trail, topology)
    begun: Span | None = getattr(trail.value.origin, "span", None)
    if origin:
        yield Link(kind="origin", text=f"{trail.name} begins in {origin}", span=begun)
    for step in journey(trail):
        if origin and not step.broken and step.span == begun:
            continue
        effect = "" if step.effect == "none" else step.effect
        yield Link(kind="broken" if step.broken else "hop", text=step.via, span=step.span, effect=effect)
    process = topology.place(trail.need.owner)
    yield Link(kind="end", text=f"{process.title or process.id} {_ENDS[trail.verdict]}", span=trail.need.span)


def counted(number: int, word: str) -> str:
    """``1 error``, ``2 errors``."""
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{number} {word if number == 1 else plural}"


def in_short(report: Report) -> str:
    """The findings, counted; ``no findings`` for none."""
    numbers = ((sum(f.severity is s for f in report.findings), s.word) for s in sorted(Severity, reverse=True))
    return ", ".join(counted(number, word) for number, word in numbers if number) or "no findings"


def followed(report: Report) -> str:
    """How many credentials were followed where, and how they fare."""
    processes = len({trail.need.owner for trail in report.trails})
    fates = ", ".join(f"{report.count(v)} {v.word}" for v in (Verdict.ARRIVES, Verdict.LOST, Verdict.UNKNOWN))
    return f"{counted(len(report.trails), 'credential')} followed to {counted(processes, 'process')}: {fates}"


def rests_on(finding: Finding) -> str:
    """What a finding rests on that the repository does not show; empty for nothing."""
    if finding.certainty is Certainty.CERTAIN or finding.trail is None or not finding.trail.value.given:
        return ""
    return f"{finding.certainty.value}: {'; '.join(finding.trail.value.given)}"


def unseen(report: Report) -> tuple[tuple[str, Span | None], ...]:
    """What was not seen, in order, each thing once."""
    found = dict.fromkeys((spot.why, spot.span) for spot in report.blindspots)
    return tuple(sorted(found, key=lambda each: (str(each[1] or ""), each[0])))
