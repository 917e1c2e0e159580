"""What Docker Compose refuses, or what cannot be read of its files."""

from __future__ import annotations

from keyhop.records import dataclass
from keyhop.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. Compose starts nothing of the deployment; what else the files say is read all the same."""

    why: str
    span: Span | None
    service: str = ""
    """The service that it stands in; empty where it is none of one service."""
    names: frozenset[str] | None = None
    """The variables it concerns; None: any."""
