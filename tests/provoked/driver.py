"""Runs rows one after the other on one engine; what each says on its way stands between two marks.

``python driver.py ENGINE rows.json``. What is printed is what the user of such a program sees, and no more: a pool
that hangs says nothing, so that nothing is said for it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MARK = "=-=-= "
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
    from queued import attempt

    yield lambda row: attempt.delay(row).get(timeout=PATIENCE)


@contextmanager
def ray() -> Iterator[Attempt]:
    import ray as engine
    from crews import attempt

    engine.init(include_dashboard=False, num_cpus=1, _temp_dir=sys.argv[3])
    remote = engine.remote(max_retries=0)(attempt)
    yield lambda row: engine.get(remote.remote(row), timeout=PATIENCE)


def main() -> None:
    engines = {
        each.__name__: each for each in (local, threads, pool, silent_pool, executor, silent_executor, celery, ray)
    }
    import crews  # noqa: F401 - once, before any child is forked

    with engines[sys.argv[1]]() as ask:
        for row in json.loads(Path(sys.argv[2]).read_text("utf-8")):
            print(f"{MARK}{row['id']}", file=sys.stderr, flush=True)
            sys.stdout.flush()
            try:
                ask(row)
            except Exception:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()


if __name__ == "__main__":
    main()
