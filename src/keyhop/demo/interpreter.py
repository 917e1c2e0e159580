"""A Python with CrewAI to run the demo's workers: this one, or one that ``--setup`` makes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from keyhop.errors import UsageError


def prepared(requirements: Path) -> Path:
    """The interpreter of a virtual environment in the user's cache, with `requirements` installed.

    Made once: a later call with the same requirements installs nothing.

    Raises:
        UsageError: pip could not install them.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keyhop" / "demo"
    python = cache / "bin" / "python"
    wanted = requirements.read_text(encoding="utf-8")
    stamp = cache / "installed.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    _do([sys.executable, "-m", "venv", "--clear", os.fspath(cache)])
    _do([os.fspath(python), "-m", "pip", "install", "--quiet", "-r", os.fspath(requirements)])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _do(command: list[str]) -> None:
    """Runs a command with its output on stderr, as stdout is the report's."""
    if subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False).returncode:
        raise UsageError(f"this failed: {' '.join(command)}", help="Its own words are above.")
