"""What every output format is."""

from __future__ import annotations

from collections.abc import Callable

from keyhop.records import dataclass
from keyhop.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is shown."""

    arrives: bool = False
    """Also show the trails that arrive."""
    colour: bool = False
    directory: str = ""
    """The project's directory as seen from where keyhop was started, for formats whose paths begin there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a report."""

    id: str
    title: str
    render: Callable[[Report, Options], str]
    summary: Callable[[Report, Options], str] | None = None
    """A second text, for the file that ``$GITHUB_STEP_SUMMARY`` names where it is set."""
