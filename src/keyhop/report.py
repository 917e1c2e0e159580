"""The result of a check. Nothing is dropped in silence: what is hidden is counted."""

from __future__ import annotations

from dataclasses import field

from keyhop.facts import Blindspot
from keyhop.finding import Finding, Severity
from keyhop.records import dataclass
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """A finding that an ignore comment or the settings silence, and the reason they give."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found."""

    topology: Topology
    trails: tuple[Trail, ...]
    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()
    blindspots: tuple[Blindspot, ...] = ()
    files_opened: int = 0
    seconds: float = field(default=0.0, compare=False)

    def worst(self) -> Severity | None:
        """The severity of the worst finding; None where there is none."""
        return max((f.severity for f in self.findings), default=None)

    def count(self, verdict: Verdict) -> int:
        """How many trails end so."""
        return sum(trail.verdict is verdict for trail in self.trails)
