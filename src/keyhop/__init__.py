"""keyhop follows every API key, hop by hop, to the process that runs a CrewAI crew."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyhop.api import check as check
    from keyhop.attaching import attach as attach
    from keyhop.attaching import detach as detach
    from keyhop.noting import diagnose as diagnose
    from keyhop.noting import explain_crews as explain_crews
    from keyhop.noting import explained as explained
    from keyhop.pickling import picklable as picklable
    from keyhop.redaction import redact as redact
    from keyhop.startup import load as load
    from keyhop.startup import preflight as preflight
    from keyhop.startup import require as require
    from keyhop.startup import sight as sight

__version__ = "0.1.0"

_HOMES = {
    "attach": "keyhop.attaching",
    "check": "keyhop.api",
    "detach": "keyhop.attaching",
    "diagnose": "keyhop.noting",
    "explain_crews": "keyhop.noting",
    "explained": "keyhop.noting",
    "load": "keyhop.startup",
    "picklable": "keyhop.pickling",
    "preflight": "keyhop.startup",
    "redact": "keyhop.redaction",
    "require": "keyhop.startup",
    "sight": "keyhop.startup",
}
"""Public names and the modules they come from, each imported when it is first asked for."""

__all__ = ["__version__", *_HOMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(home), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
