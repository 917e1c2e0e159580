"""What every output format is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keyhop.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is shown."""

    arrives: bool = False
    """Also show the trails that arrive."""
    colour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a report."""

    id: str
    title: str
    render: Callable[[Report, Options], str]
