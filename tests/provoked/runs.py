"""Rows run for real on an engine, and the text that its user then has in front of him."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from engines.brokers import broker
from engines.observed import environment
from engines.programs import running
from provoked.answers import provider
from provoked.rows import Row

HERE = Path(__file__).parent
_MARK = re.compile(r"^=-=-= (\S+)\n", re.MULTILINE)
_END = re.compile(r"^.*-=-=- \S+\n", re.MULTILINE)
"""The last that a worker says of a row, which its user does not see."""
_RECEIVED = re.compile(r"^.*Task queued\.attempt\[[\w-]+\] received *$", re.MULTILINE)
_QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "OTEL_SDK_DISABLED": "true",
    "PYTHON_DOTENV_DISABLED": "1",
}
LONGEST = 1800.0


def texts(engine: str, rows: Sequence[Row], where: Path) -> dict[str, str]:
    """What a user of that engine sees of each row, by its id.

    ``celery-prefork`` and ``celery-threads`` give the worker's log, ``celery-caller`` what the caller sees.
    """
    pool = {"celery-threads": "threads"}.get(engine, "prefork")
    with provider() as url:
        (where / "rows.json").write_text(json.dumps([_filled(row, url) for row in rows]), "utf-8")
        with _broker(where) if engine.startswith("celery") else nullcontext("") as address:
            shell = environment(where, {**_QUIET, "PYTHONPATH": str(HERE), "BROKER": address})
            if not address:
                return _by_mark(_driven(engine.replace("-", "_"), where, shell), _MARK)
            flags = ("-P", pool, "-c", "1", "-l", "info", "--without-gossip", "--without-mingle")
            command = (sys.executable, "-m", "celery", "-A", "queued", "worker", *flags)
            with running(command, where, shell, re.compile(r" ready\.")) as log:
                said = _driven("celery", where, {**shell, "WORKER_LOG": str(log)})
                if engine == "celery-caller":
                    return _by_mark(said, _MARK)
                pieces = _RECEIVED.split(log.read_text("utf-8", "replace"))[1:]
                return dict(zip((row.id for row in rows), pieces, strict=True))


def _filled(row: Row, url: str) -> dict[str, object]:
    told = {"id": row.id, "environment": row.environment, "model": row.model, "llm": row.llm, "crew": row.crew}
    filled: dict[str, object] = json.loads(json.dumps(told).replace("{url}", url))
    return filled


@contextmanager
def _broker(where: Path) -> Iterator[str]:
    directory = where / "broker"
    directory.mkdir()
    with broker(directory) as address:
        yield address


def _driven(engine: str, where: Path, shell: Mapping[str, str]) -> str:
    """Ray keeps sockets in a directory whose name must be short."""
    scratch = tempfile.mkdtemp(prefix="kh")
    try:
        return subprocess.run(
            [sys.executable, HERE / "driver.py", engine, where / "rows.json", scratch],
            cwd=where,
            env=dict(shell),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST,
            check=True,
        ).stdout
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _by_mark(text: str, mark: re.Pattern[str]) -> dict[str, str]:
    parts = mark.split(_END.sub("", text))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


_EVERY = bool(os.environ.get("KEYHOP_PROVOKED"))
"""As the tests were started: each of them has a clean environment."""


def every() -> bool:
    """Whether all rows are asked for: ``make provoked``."""
    return _EVERY
