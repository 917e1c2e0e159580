"""Python: env files loaded before they are needed, environments inherited, arguments that are heeded."""

from __future__ import annotations

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Argument, Hoist, Inherit, Remedy
from keyhop.text import python_edits
from keyhop.tree import Tree


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, Hoist | Inherit | Argument) or not remedy.span.path.endswith(".py"):
        return None
    source = tree.source(remedy.span.path)
    if source is None:
        return None
    match remedy:
        case Hoist(span=span):
            found = python_edits.moved_up(source, span.line)
        case Inherit(span=span):
            found = python_edits.inherited(source, span.line)
        case Argument(old=old, new=new, span=span):
            found = python_edits.renamed_argument(source, span.line, old, new)
    return Proposal(source, tuple(Change(*each) for each in found)) if found else None


MENDER = Mender(id="python", title="Python code", propose=_propose)
