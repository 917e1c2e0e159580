"""Env files: lines whose value every reader takes as it is meant, and lines taken out."""

from __future__ import annotations

import re

from keyhop.mending.mender import Change, Mender, Proposal
from keyhop.remedy import Clean, Delete, Remedy
from keyhop.text.dotenv_edits import cleaned
from keyhop.text.lines import next_line
from keyhop.tree import Tree

_OTHER_FORMATS = (".yml", ".yaml", ".py", ".toml", ".md", ".json", ".service", ".ini")


def _propose(remedy: Remedy, tree: Tree) -> Proposal | None:
    if not isinstance(remedy, Clean | Delete) or remedy.span.path.endswith(_OTHER_FORMATS):
        return None
    source = tree.source(remedy.span.path)
    if source is None:
        return None
    match remedy:
        case Clean(name=name, change=change, span=span):
            changes = tuple(Change(*each) for each in cleaned(source, name, span.line, change))
        case Delete(name=name, span=span):
            start = source.span_of_line(span.line).start
            end = next_line(source.text, start)
            simple = re.fullmatch(
                rf"\s*(?:export\s+)?{re.escape(name)}\s*=\s*(?:''|\"\")?\s*", source.text[start:end]
            )
            changes = (Change(start, end),) if simple else ()
    return Proposal(source, changes) if changes else None


MENDER = Mender(
    id="env-file",
    title="env files",
    mends="quotes, a comment, a `$`, a line end or a byte order mark of a value; a line without a value",
    propose=_propose,
)
