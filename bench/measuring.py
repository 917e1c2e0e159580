"""Programs run in turn, with the time and the memory that each takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

COUNTED = """\
import ast, json, sys
from keyhop.api import check
from keyhop.formats import formats
from keyhop.formats.format import Options
parse, parsed = ast.parse, set()
def counted(source, filename="", *more, **named):
    parsed.add(str(filename))
    return parse(source, filename, *more, **named)
ast.parse = counted
report = check(sys.argv[1])
told = json.loads(formats()["json"].render(report, Options(arrives=True, colour=False)))
print(json.dumps({"opened": report.files_opened, "parsed": sum(p.endswith(".py") for p in parsed), "report": told}))
"""


@dataclass(slots=True)
class Runs:
    """What one program took, run by run."""

    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    """Bytes."""

    @property
    def middle(self) -> float:
        return median(self.seconds)


def in_turn(programs: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Runs]:
    """Every program once per round, after one round that only fills the caches."""
    runs = {name: Runs() for name in programs}
    for number in range(rounds + 1):
        for name, words in programs.items():
            seconds, peak = _run(words)
            if number:
                runs[name].seconds.append(seconds)
                runs[name].peak = max(runs[name].peak, peak)
    return runs


def keyhop(project: Path) -> list[str]:
    return [sys.executable, "-m", "keyhop", "check", "--exit-zero", str(project)]


def counted(project: Path) -> dict[str, object]:
    """How many files keyhop opens and parses, and its report."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, project], check=True, capture_output=True, env=_environment()
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _run(words: Sequence[str]) -> tuple[float, int]:
    began = time.perf_counter()
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment())
    _, status, used = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - began
    running.returncode = os.waitstatus_to_exitcode(status)  # it was waited for already
    if running.returncode not in (0, 1):
        raise SystemExit(f"bench: {words[0]} ended with status {running.returncode}")
    return seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _environment() -> dict[str, str]:
    """As an installed program runs: with compiled modules."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
