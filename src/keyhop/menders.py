"""From a remedy to the bytes that carry it out, by whichever mender knows the kind of file."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.mending.mender import Mender, Proposal, edits
from keyhop.remedy import Edit, Remedy
from keyhop.tree import Tree


@cache
def menders() -> tuple[Mender, ...]:
    """Every mender: each module of ``keyhop.mending`` that has a ``MENDER``."""
    from keyhop import mending as family

    modules = (import_module(f"keyhop.mending.{m.name}") for m in iter_modules(family.__path__))
    return tuple(m.MENDER for m in modules if isinstance(getattr(m, "MENDER", None), Mender))


def edits_for(remedy: Remedy, tree: Tree) -> tuple[Edit, ...]:
    """The edits of the first mender that can make them; empty where none can with certainty."""
    found = proposed(remedy, tree)
    return edits(found[1]) if found else ()


def proposed(remedy: Remedy, tree: Tree) -> tuple[Mender, Proposal] | None:
    """The first mender that can carry out a remedy, and how."""
    every = ((mender, mender.propose(remedy, tree)) for mender in menders())
    return next(((mender, proposal) for mender, proposal in every if proposal is not None), None)
