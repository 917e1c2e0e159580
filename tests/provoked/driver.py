"""Runs rows one after the other on one engine; what each says on its way stands between two marks.

``python driver.py ENGINE rows.json``. What is printed is what the user of such a program sees, and no more: a pool
that hangs says nothing, so that nothing is said for it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MARK = "=-=-= "
END = "-=-=- "
PATIENCE = 120
Attempt = Callable[[dict[str, Any]], object]


@contextmanager
def local() -> Iterator[Attempt]:
    from crews import attempt

    yield attempt


@contextmanager
def threads() -> Iterator[Attempt]:
    from crews import attempt

    with ThreadPoolExecutor(1) as pool:
        yield lambda row: pool.submit(attempt, row).result()


@contextmanager
def pool() -> Iterator[Attempt]:
    yield lambda row: _by_pool(row, None)


@contextmanager
def silent_pool() -> Iterator[Attempt]:
    """Its workers' output goes elsewhere."""
    yield lambda row: _by_pool(row, _hush)


def _by_pool(row: dict[str, Any], begin: Callable[[], None] | None) -> object:
    """Ends where the pool's own thread ends that would bring the result: there its user waits for ever."""
    from crews import attempt

    workers: Any = multiprocessing.get_context("fork").Pool(1, begin)
    asked = workers.apply_async(attempt, (row,))
    while workers._result_handler.is_alive() and not asked.ready():
        asked.wait(0.1)
    if asked.ready():
        workers.terminate()
        return asked.get()
    workers._terminate.cancel()
    workers._worker_handler._state = "TERMINATE"
    for worker in workers._pool:
        worker.kill()
    return None


@contextmanager
def executor() -> Iterator[Attempt]:
    yield lambda row: _by_executor(row, None)


@contextmanager
def silent_executor() -> Iterator[Attempt]:
    yield lambda row: _by_executor(row, _hush)


def _by_executor(row: dict[str, Any], begin: Callable[[], None] | None) -> object:
    from crews import attempt

    with ProcessPoolExecutor(1, multiprocessing.get_context("fork"), begin) as workers:
        return workers.submit(attempt, row).result()


def _hush() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


@contextmanager
def celery() -> Iterator[Attempt]:
    """The next row waits until the worker's log tells how this one ended: the caller knows that before."""
    from queued import attempt

    log = Path(os.environ["WORKER_LOG"])

    def ask(row: dict[str, Any]) -> object:
        sent = attempt.delay(row)
        try:
            return sent.get(timeout=PATIENCE)
        finally:
            ended = re.compile(rf"\[{sent.id}\] (?:raised|succeeded)")
            _wait(lambda: ended.search(log.read_text("utf-8", "replace")) is not None)

    yield ask


@contextmanager
def ray() -> Iterator[Attempt]:
    """The next row waits until the driver has all that the worker wrote of this one."""
    import ray as engine
    from crews import attempt

    def last(row: dict[str, Any]) -> object:
        try:
            return attempt(row)
        finally:
            for stream in (sys.stdout, sys.stderr):
                print(f"{END}{row['id']}", file=stream, flush=True)

    engine.init(include_dashboard=False, num_cpus=1, _temp_dir=sys.argv[3])
    remote = engine.remote(max_retries=0)(last)
    sys.stdout, sys.stderr = out, err = _Heard(sys.stdout), _Heard(sys.stderr)

    def ask(row: dict[str, Any]) -> object:
        try:
            return engine.get(remote.remote(row), timeout=PATIENCE)
        finally:
            _wait(lambda: (out.text + err.text).count(f"{END}{row['id']}") == 2)

    yield ask


class _Heard:
    """A stream, and all that was written to it: Ray hands on a worker's lines when it gets to it."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.text = stream, ""

    def write(self, text: str) -> int:
        self.text += text
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _wait(done: Callable[[], bool]) -> None:
    """A text that stays away is missed by whoever reads what was printed."""
    end = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < end:
        time.sleep(0.05)


def main() -> None:
    engines = {
        each.__name__: each for each in (local, threads, pool, silent_pool, executor, silent_executor, celery, ray)
    }
    import crews  # noqa: F401 - once, before any child is forked

    with engines[sys.argv[1]]() as ask:
        for row in json.loads(Path(sys.argv[2]).read_text("utf-8")):
            sys.stdout.flush()
            sys.stderr.write(f"\n{MARK}{row['id']}\n")  # in one piece: threads of the row before may still print
            sys.stderr.flush()
            try:
                ask(row)
            except Exception:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()


if __name__ == "__main__":
    main()
