"""How an explanation is written: each module with a ``FORMAT``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.explanations.explanation import Format


@cache
def explanations() -> dict[str, Format]:
    """Every format by its id."""
    found = {}
    for module in iter_modules(__path__):
        each = getattr(import_module(f"{__name__}.{module.name}"), "FORMAT", None)
        if isinstance(each, Format):
            found[each.id] = each
    return found
