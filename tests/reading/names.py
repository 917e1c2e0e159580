"""Names that a project's files mention, for tests that look at every variable of a process."""

from __future__ import annotations

import re

from keyhop.catalogue import VarName
from keyhop.tree import Tree


def mentioned(tree: Tree) -> frozenset[VarName]:
    """Every word of the project's files that could be a variable's name."""
    sources = filter(None, map(tree.source, tree.paths))
    texts = (source.data.decode("utf-8", "replace") for source in sources)
    return frozenset(VarName(word) for text in texts for word in re.findall(r"[^\W\d][\w.-]*", text))
