"""How causes show: one module per client or host, each with its ``SYMPTOMS``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.symptoms.symptom import Symptom


@cache
def symptoms() -> tuple[Symptom, ...]:
    """Those of all modules, in the order of their names."""
    return tuple(each for name in members() for each in import_module(f"{__name__}.{name}").SYMPTOMS)


def members() -> tuple[str, ...]:
    """The names of the modules."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if module.name != "symptom"))
