"""Small projects whose children say what they see, and what keyhop says of the very same files.

Five keys are set at five moments: SHELL_KEY in the shell, BEFORE_KEY in ``os.environ`` before any child begins,
AFTER_KEY once one has, FILE_KEY by ``load_dotenv()`` in the module of the work, MAIN_KEY by one under ``__main__``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import dedent

from keyhop.api import check
from keyhop.value import Verdict

NAMES = ("SHELL_KEY", "BEFORE_KEY", "AFTER_KEY", "FILE_KEY", "MAIN_KEY")
SHELL = {"SHELL_KEY": "sk-proj-shellQ7w2Er9tYuLp4AsDfGhJkZ1"}
KEY = "sk-proj-{}Q7w2Er9tYuLp4AsDfGhJkZ1"
PACKAGES = sysconfig.get_path("purelib")

WORK = "\n".join(
    [
        "import os",
        "from dotenv import load_dotenv",
        "load_dotenv()",
        f"NAMES = {NAMES!r}",
        "",
        "def work(_=None):",
        "    if os.environ.get('REALLY_ASK'):",
        "        from openai import OpenAI",
        *(f"        OpenAI(api_key=os.environ['{name}']).models.list()" for name in NAMES),
        "    return {name: name in os.environ for name in NAMES}",
        "",
    ]
)
"""A task that needs every key, and tells which of them it has."""


def project(root: Path, main: str, **files: str) -> Path:
    """A project that its README starts with ``python main.py``. `files` are named without ``.py``."""
    texts = {
        "tasks.py": WORK,
        "main.py": dedent(main),
        ".env": f"FILE_KEY={KEY.format('file')}\n",
        "main.env": f"MAIN_KEY={KEY.format('main')}\n",
        "README.md": "```sh\npython main.py\n```\n",
        **{f"{name}.py": dedent(text) for name, text in files.items()},
    }
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")
    return root


PRELUDE = """\
import json, os, sys
from dotenv import load_dotenv
from tasks import work

def tell(label, seen):
    print(json.dumps([label, seen]), flush=True)
"""
BEGIN = f"""\
    load_dotenv("main.env")
    os.environ["BEFORE_KEY"] = "{KEY.format("before")}"
"""
CHANGE = f"""\
    os.environ["AFTER_KEY"] = "{KEY.format("after")}"
"""


def script(before: str, *steps: str) -> str:
    """A main module: `before`, then under ``__main__`` the steps, with the key of AFTER_KEY set between two."""
    body = CHANGE.join("".join(f"    {line}\n" for line in dedent(step).strip().splitlines()) for step in steps)
    return f'{PRELUDE}{dedent(before)}\nif __name__ == "__main__":\n{BEGIN}{body}'


def environment(home: Path, shell: Mapping[str, str] = SHELL) -> dict[str, str]:
    """What a shell gives a program: enough to run, and the keys of the shell."""
    kept = {name: os.environ[name] for name in ("LANG", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": programs, "HOME": str(home), "PYTHONUNBUFFERED": "1", **kept, **shell}


def observed(root: Path, *command: str, timeout: float = 60) -> dict[str, dict[str, bool]]:
    """What the children of a command saw, by the label that they are told under."""
    done = subprocess.run(
        command or (sys.executable, "main.py"),
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return told(done.stdout)


def told(output: str) -> dict[str, dict[str, bool]]:
    """The lines of an output that are labels with what was seen."""
    found = {}
    for line in output.splitlines():
        if line.startswith('["'):
            label, seen = json.loads(line)
            found[label] = seen
    return found


def predicted(root: Path, shell: Mapping[str, str] = SHELL) -> dict[str, dict[str, Verdict]]:
    """What keyhop says of each key that each process asks for."""
    found: dict[str, dict[str, Verdict]] = {}
    for trail in check(root, shell=shell).trails:
        found.setdefault(str(trail.need.owner), {})[trail.name] = trail.verdict
    return found


def line_of(root: Path, text: str, file: str = "main.py") -> int:
    """The number of the only line that has `text`."""
    (number,) = [n for n, line in enumerate((root / file).read_text("utf-8").splitlines(), 1) if text in line]
    return number


def assert_agrees(
    said: Mapping[str, Verdict], seen: Mapping[str, bool], *, unknown: Iterable[str] = (), but: Iterable[str] = ()
) -> None:
    """Every key that was seen arrives, every other is lost. `unknown` cannot be told; of `but` nothing is asked."""
    expected = {
        name: Verdict.UNKNOWN if name in unknown else Verdict.ARRIVES if there else Verdict.LOST
        for name, there in seen.items()
        if name not in but
    }
    assert {name: verdict for name, verdict in said.items() if name in expected} == expected
