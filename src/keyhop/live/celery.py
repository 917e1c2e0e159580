"""Celery: the main process of a worker is judged before it has children.

Celery swallows what a signal's receiver raises, but for ``SystemExit``; ``worker_init`` is sent before the pool and
the consumer are made. Its children are forks, so that they have what the main process loaded. A message carries the
generation of its sender's keys, and a worker with older ones asks its stores before it begins the task.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

from keyhop.answering import answer
from keyhop.asking import ask_here, is_alive, patience
from keyhop.errors import KeyhopError, UsageError
from keyhop.guard import Guard
from keyhop.guarded import MARK, guarded
from keyhop.leaving import leave, told
from keyhop.live.live import Attached, Calling, Live, Roster, is_instance
from keyhop.loads import LOADS
from keyhop.roll import Called, Silent

HEADER = "keyhop_generation"
COMMAND = "keyhop_roll_call"
_EXCHANGE = "celery.pidbox"
_STREAM = 10
"""How many times as long answers are waited for where they keep coming."""
_UNKNOWN = "this broker does not tell who should answer: --expect says how many"


def _attach(app: Any, guard: Guard) -> Attached:
    signals: Any = import_module("celery.signals")
    wrapped: list[Any] = []

    def begin(sender: Any, **_: object) -> None:
        if sender.app is not app:
            return
        try:
            guard.check(worker=str(sender.hostname), forks="prefork" in str(sender.pool_cls))
        except KeyhopError as error:
            _tell(sender, error)
            leave(error)
        _take_roll_calls()
        for task in app.tasks.values():
            if not task.name.startswith("celery.") and not hasattr(task.run, MARK):
                wrapped.append(task)
                task.run = guarded(task.run, guard, partial(_asked, task))

    def stamp(headers: Any = None, **_: object) -> None:
        if isinstance(headers, dict) and LOADS.generation:
            headers.setdefault(HEADER, LOADS.generation)

    def begin_child(**_: object) -> None:
        """A child of the pool: the fork took the environment along, and no thread."""
        guard.answer()

    signals.worker_init.connect(begin, weak=False)
    signals.worker_process_init.connect(begin_child, weak=False)
    signals.before_task_publish.connect(stamp, weak=False)

    def undo() -> None:
        signals.worker_init.disconnect(begin)
        signals.worker_process_init.disconnect(begin_child)
        signals.before_task_publish.disconnect(stamp)
        for task in wrapped:
            with suppress(AttributeError):
                task.run = task.run.__wrapped__
        wrapped.clear()

    return Attached(app, undo)


def _take_roll_calls() -> None:
    """A command of its remote control: the main process asks its children, which run the tasks."""
    control: Any = import_module("celery.worker.control")
    if COMMAND not in control.Panel.data:
        control.inspect_command(name=COMMAND, args=[("question", dict)])(_answered)


def _answered(state: Any, question: Any = None, **_: object) -> dict[str, Any]:
    """What this worker's processes see; in one that has no children, it is the main process that runs tasks."""
    pids = _children(state)
    if not pids:
        return {"answers": [answer(question)]}
    answers = ask_here(question, seconds=patience(question), parent=os.getpid())
    told = {each["pid"] for each in answers}
    return {"answers": [*answers, *({"pid": pid, "silent": True} for pid in pids if pid not in told)]}


def _children(state: Any) -> list[int]:
    """Of the pool, those that are alive: what the pool says of itself is some seconds old."""
    try:
        pids = state.consumer.pool.info.get("processes", ())
    except Exception:
        return []
    return [pid for pid in pids if isinstance(pid, int) and pid != os.getpid() and is_alive(pid)]


def _asked(task: Any) -> int:
    """The generation that the message at hand asks for."""
    number = getattr(task.request, HEADER, 0)
    return number if isinstance(number, int) else 0


def _tell(worker: Any, error: KeyhopError) -> None:
    """In the worker's own log, where that is a file: it is set up only after this."""
    if not getattr(worker, "logfile", None):
        return
    with suppress(Exception):
        worker.setup_logging()
        logging.getLogger("celery.worker").critical("keyhop: %s", told(error))


def _call(calling: Calling) -> Iterator[Called]:
    """One broadcast; with the number of workers known it ends as soon as all have answered."""
    app, title, id = _application(calling.target)
    expected = _roster(app, calling.seconds)
    number = max(calling.expected or 0, len(expected or ())) or None
    answers: list[Mapping[str, Any]] = []
    silent: list[Silent] = []
    heard = set()
    for worker, reply in _replies(app, calling, number):
        heard.add(worker)
        if not isinstance(reply, Mapping) or "answers" not in reply:
            silent.append(Silent(worker=worker, why="it takes no roll call: keyhop.attach(app) is not in its code"))
            continue
        for each in reply["answers"]:
            if each.get("silent"):
                silent.append(Silent(worker=worker, why="this child does not answer", pid=each["pid"]))
            else:
                answers.append({**each, "worker": worker})
    missing = sorted((expected or set()) - heard)
    silent += [Silent(worker=each, why="no answer: busy, cut off, or gone") for each in missing]
    remark = "" if expected is not None or calling.expected else _UNKNOWN
    yield Called(id=id, title=title, answers=tuple(answers), silent=tuple(silent), remark=remark)


def _replies(app: Any, calling: Calling, number: int | None) -> list[tuple[str, Any]]:
    """By worker, what came until all had come, or nothing more did for the time given."""
    until = time.monotonic() + calling.seconds * _STREAM
    found: list[tuple[str, Any]] = []

    def heard(reply: Mapping[str, Any]) -> None:
        found.extend(reply.items())
        if time.monotonic() > until:
            raise TimeoutError

    app.control.broadcast(
        COMMAND,
        arguments={"question": dict(calling.question)},
        reply=True,
        limit=number,
        timeout=calling.seconds,
        callback=heard,
    )
    return found


def _application(target: str) -> tuple[Any, str, str]:
    """The app, as ``celery -A`` finds it, what it is called, and its id in reports."""
    sys.path[:0] = [os.getcwd()] if os.getcwd() not in sys.path else []  # noqa: PTH109
    try:
        app = import_module("celery.app.utils").find_app(target)
    except ModuleNotFoundError as error:
        what = "Celery is not installed" if error.name == "celery" else f"there is no module {error.name}"
        raise UsageError(f"{what}, so that {target} cannot be asked") from None
    except (AttributeError, ImportError) as error:
        raise UsageError(f"{target} is no Celery app: {error}") from None
    except Exception as error:
        raise UsageError(f"{target} cannot be imported here: it raises {type(error).__name__}") from None
    module = sys.modules.get(target.partition(":")[0])
    name = next((name for name, each in vars(module).items() if each is app), "app") if module else "app"
    file = getattr(module, "__file__", None)
    path = os.path.relpath(file) if file else target
    return app, f"Celery app {target}", f"celery:{path}#{name}"


def _roster(app: Any, seconds: float) -> set[str] | None:
    """Workers that have a mailbox at the broker; None where the broker does not tell, as RabbitMQ.

    Raises:
        UsageError: the broker cannot be reached.
    """
    with app.connection_for_write(connect_timeout=seconds) as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=seconds)
        except Exception as error:
            raise UsageError(
                f"the broker of {app.main or 'the app'} cannot be reached: {type(error).__name__}"
            ) from None
        with suppress(Exception):
            table = connection.default_channel.get_table(_EXCHANGE)
            return {queue.removesuffix(f".{_EXCHANGE}") for _, _, queue in table}
    return None


ROSTER = Roster(
    id="celery",
    title="Celery",
    metavar="APP",
    help="workers of this Celery app, named as for celery -A",
    call=_call,
)
LIVE = Live(
    id="celery",
    title="Celery",
    module="celery",
    supports=("celery >=5.3,<6",),
    line='keyhop.attach(app, "openai")',
    stops="the worker ends with status 78 before it has children; the reason is on stderr and in its log file",
    is_host=lambda thing: is_instance(thing, "celery.app.base", "Celery"),
    attach=_attach,
)
