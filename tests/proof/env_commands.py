"""The programs that read env files and then start a process, and systemd's own reader."""

from __future__ import annotations

import ctypes
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from env_runs import Outcome, beside, run, zero_separated


def shell(name: str, exports: bool = True) -> Callable[[Path], Outcome]:
    allexport = "set -a; " if exports else ""

    def read(path: Path) -> Outcome:
        command = f"{allexport}. ./{path.name} >/dev/null 2>&1; exec /usr/bin/env -0"
        words = [shutil.which(name) or name, *(["--norc", "--noprofile"] if name == "bash" else []), "-c", command]
        done = run(words, path.parent)
        return None if done.returncode else zero_separated(done.stdout)

    return read


def xargs(path: Path) -> Outcome:
    command = f"export $(grep -v '^#' {path.name} | xargs) >/dev/null 2>&1; exec /usr/bin/env -0"
    done = run([shutil.which("bash") or "bash", "-c", command], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def make(path: Path) -> Outcome:
    (path.parent / "Makefile").write_text(f"include {path.name}\nexport\nall_goals:\n\t@env -0 > out\n")
    done = run(["make", "-s", "all_goals"], path.parent)
    return None if done.returncode else zero_separated((path.parent / "out").read_bytes())


def uv(path: Path) -> Outcome:
    words = ["run", "--no-project", "--offline", "--no-config", "--python", sys.executable, "--env-file", path.name]
    done = run([beside("uv") or "uv", *words, "--", "/usr/bin/env", "-0"], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def just(path: Path) -> Outcome:
    (path.parent / "justfile").write_text("print:\n    @/usr/bin/env -0\n")
    done = run([beside("just") or "just", "--dotenv-path", path.name, "print"], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def task(files: Sequence[Path]) -> Sequence[Outcome] | None:
    root = files[0].parents[1]
    tasks = {
        f"t{n}": {"dir": path.parent.name, "dotenv": [path.name], "silent": True, "cmd": "/usr/bin/env -0 > out"}
        for n, path in enumerate(files)
    }
    (root / "Taskfile.yml").write_text(json.dumps({"version": "3", "tasks": tasks}))
    if run([beside("task") or "task", *tasks], root).returncode:
        return None
    return [zero_separated((path.parent / "out").read_bytes()) for path in files]


def libsystemd() -> str | None:
    folders = (
        Path("/usr/lib/x86_64-linux-gnu/systemd"),
        Path("/usr/lib/systemd"),
        Path("/usr/lib/aarch64-linux-gnu/systemd"),
    )
    found = [each for folder in folders for each in sorted(folder.glob("libsystemd-shared-*.so"))]
    return str(found[0]) if found else None


def systemd(path: Path) -> Outcome:
    """``load_env_file``, which systemd's process 1 calls for ``EnvironmentFile=``."""
    library = ctypes.CDLL(libsystemd())
    found = ctypes.POINTER(ctypes.c_char_p)()
    status = library.load_env_file(None, str(path).encode(), ctypes.byref(found))
    if status < 0:
        return None
    pairs: dict[str, str] = {}
    number = 0
    while found and found[number] is not None:
        name, _, value = found[number].decode().partition("=")
        pairs[name] = value
        number += 1
    return pairs
