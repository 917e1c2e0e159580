"""Output formats: each module with a ``FORMAT``."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.formats.format import Format


@cache
def format_ids() -> tuple[str, ...]:
    """The id of every format, from its module's name: a version behind it is no part of the id."""
    return tuple(sorted(_id(module.name) for module in iter_modules(__path__) if module.name != "format"))


@cache
def formats() -> dict[str, Format]:
    """Every format by its id."""
    return {each.id: each for module in iter_modules(__path__) if (each := _member(module.name)) is not None}


def format_of(id: str) -> Format:
    """The format of that id; imports that one module.

    Raises:
        KeyError: there is none.
    """
    for module in iter_modules(__path__):
        if _id(module.name) == id and (each := _member(module.name)) is not None:
            return each
    raise KeyError(id)


def _id(module: str) -> str:
    return re.sub(r"_v\d+$", "", module).replace("_", "-")


def _member(module: str) -> Format | None:
    found = getattr(import_module(f"{__name__}.{module}"), "FORMAT", None)
    return found if isinstance(found, Format) else None
