"""Writes edits into the files of a project: the only part of keyhop that changes a user's file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from keyhop.errors import Drifted
from keyhop.mending.mender import edited
from keyhop.remedy import Edit


def overlap(edits: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether two sets of edits touch the same bytes, other than by saying the same."""
    mine = set(edits)
    return any(
        a.path == b.path and a != b and a.start <= b.end and b.start <= a.end
        for a in mine
        for b in others
        if b not in mine
    )


def after(files: Mapping[str, bytes], edits: Iterable[Edit]) -> dict[str, bytes]:
    """What the files hold once the edits are made. Equal edits count once.

    Raises:
        Drifted: a file is not the one for which an edit was made.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edits):
        by_path.setdefault(edit.path, []).append(edit)
    found = {}
    for path, own in by_path.items():
        if any(edit.basis != sha256(files[path]).hexdigest() for edit in own):
            raise Drifted(f"{path} has changed since it was read", help="Run the command again.")
        found[path] = edited(files[path], own)
    return found


def write(root: Path, before: Mapping[str, bytes], now: Mapping[str, bytes]) -> None:
    """Replaces each file as a whole, so that it is never half written; its mode stays.

    Raises:
        Drifted: a file is not as it was before. Then none is written.
        OSError: a file cannot be written. Those before it are.
    """
    for path in now:
        if (root / path).read_bytes() != before[path]:
            raise Drifted(f"{path} has changed since it was read", help="Run the command again.")
    for path, data in now.items():
        target = (root / path).resolve()
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            Path(file.name).chmod(target.stat().st_mode & 0o7777)
            Path(file.name).replace(target)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
