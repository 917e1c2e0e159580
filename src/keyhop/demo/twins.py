"""The demo's project, in two states: as users break it when they scale it, and mended.

Both share ``project/``; ``broken/`` and ``mended/`` hold only the files that differ.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Literal, TypeAlias

Twin: TypeAlias = Literal["broken", "mended"]

_HERE = Path(__file__).parent
_SHARED = _HERE / "project"
_CACHES = shutil.ignore_patterns("__pycache__")


def lay_out(root: Path, twin: Twin, key: str) -> None:
    """Writes the project to `root`, with a made-up `key` in the file that git ignores."""
    shutil.copytree(_SHARED, root, ignore=_CACHES, dirs_exist_ok=True)
    shutil.copytree(_HERE / twin, root, dirs_exist_ok=True)
    env_file = root / "backend" / ".env"
    env_file.write_text(f"OPENAI_API_KEY={key}\n", encoding="utf-8")
    env_file.chmod(0o600)


def difference() -> Iterator[str]:
    """What mending changes, as a unified diff."""
    for mended in sorted(path for path in (_HERE / "mended").rglob("*") if path.is_file()):
        name = mended.relative_to(_HERE / "mended").as_posix()
        before = (_HERE / "broken" / name).read_text(encoding="utf-8").splitlines()
        after = mended.read_text(encoding="utf-8").splitlines()
        yield from unified_diff(before, after, f"broken/{name}", f"mended/{name}", n=2, lineterm="")
