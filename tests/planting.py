"""Small projects for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from keyhop.tree import Tree


def plant(root: Path, files: Mapping[str, str]) -> Tree:
    """Writes the files, by their paths below `root`."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return Tree(root)
