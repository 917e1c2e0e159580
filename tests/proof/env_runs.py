"""How a program that reads env files is run here, over one file or over many."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from env_files import OUTER

Outcome = Mapping[str, str] | None
"""The variables, or that the program refuses the file."""
Batch = Callable[[Sequence[Path]], Sequence[Outcome]]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/root", **OUTER}
"""What a program sees around the file."""


def beside(name: str) -> str | None:
    """A program that came with a Python package, else one of the machine."""
    found = Path(sys.executable).parent / name
    return str(found) if found.is_file() else shutil.which(name)


def each(read: Callable[[Path], Outcome], workers: int = 4) -> Batch:
    """One run per file."""

    def batch(files: Sequence[Path]) -> Sequence[Outcome]:
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(read, files))

    return batch


def bisected(read: Callable[[Sequence[Path]], Sequence[Outcome] | None], size: int = 25) -> Batch:
    """Many files in one run; a run that is refused is done again in halves, down to the file that is refused."""

    def halved(files: Sequence[Path]) -> Sequence[Outcome]:
        found = read(files)
        if found is not None:
            return found
        if len(files) == 1:
            return [None]
        middle = len(files) // 2
        return [*halved(files[:middle]), *halved(files[middle:])]

    def batch(files: Sequence[Path]) -> Sequence[Outcome]:
        return [outcome for at in range(0, len(files), size) for outcome in halved(files[at : at + size])]

    return batch


def run(
    words: Sequence[str], directory: Path, env: Mapping[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        words, cwd=directory, env=dict(env), capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )


def zero_separated(output: bytes) -> dict[str, str]:
    """What ``env -0`` prints, without what a program sets by itself."""
    pairs = (pair.partition("=") for pair in output.decode("utf-8", "surrogateescape").split("\0") if pair)
    return {name: value for name, _, value in pairs}
