"""Keys out of what CrewAI shows, writes and logs, in this process.

Covered are ``repr``, ``str``, ``model_dump`` and ``model_dump_json`` of models, agents, tasks, tools, memory, crews
and flows, events and checkpoints, log records with their tracebacks, tracebacks that nobody catches, and the
exceptions that leave a run. What is secret: every field of a secret name, every value of a secret variable, every key
that a model was made with, and what has the shape of a key. Not covered: the variables of stack frames, and what
other code writes by itself. Tried with CrewAI 1.15.30.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from keyhop.crew_redaction import MODULES
from keyhop.module_watch import Watch
from keyhop.text.own_values import hide
from keyhop.text.redacting import redact_chain

_LOCK = threading.Lock()


class Redaction:
    """What `redact` has changed in this process. `undo` takes it back; so does leaving a ``with`` block."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def undo(self) -> None:
        """Everything is as it was before."""
        global _active
        with _LOCK:
            while self._undo:
                self._undo.pop()()
            if _active is self:
                _active = None

    def __enter__(self) -> Redaction:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.undo()

    def _begin(self) -> None:
        self._undo += [
            _records(),
            _hook(sys, "excepthook", _uncaught),
            _hook(threading, "excepthook", _uncaught_in_thread),
        ]
        watch = Watch(MODULES, self._patch)
        self._undo.append(watch.stop)
        watch.start()

    def _patch(self, module: Any) -> None:
        """CrewAI's classes, as soon as they are there."""
        absent = []
        for patch in MODULES[module.__name__]:
            undo = patch.apply(module)
            if undo is not None:
                self._undo.append(undo)
            elif patch.always:
                absent.append(f"{patch.owner}.{patch.method}")
        if absent:
            version = getattr(sys.modules.get("crewai"), "__version__", "of this version")
            warnings.warn(
                f"keyhop.redact(): CrewAI {version} has no {', '.join(absent)}; what it shows there is not covered",
                RuntimeWarning,
                stacklevel=2,
            )


_active: Redaction | None = None


def redact() -> Redaction:
    """Takes keys out of what CrewAI and this process show, from now on; a second call changes nothing more.

    CrewAI need not be imported yet, and is not imported by this. Its models keep their keys: only what is shown and
    written lacks them. A checkpoint is written without keys, and a crew that is restored from it reads its keys anew.
    """
    global _active
    with _LOCK:
        if _active is None:
            _active = Redaction()
            _active._begin()
        return _active


def _records() -> Callable[[], None]:
    """Log records, whatever handler and formatter they go to."""
    make = logging.getLogRecordFactory()

    def record_without_keys(*positional: Any, **named: Any) -> logging.LogRecord:
        record = make(*positional, **named)
        with suppress(Exception):  # a record whose arguments do not fit is told of by its handler
            _clean(record)
        return record

    def undo() -> None:
        if logging.getLogRecordFactory() is record_without_keys:
            logging.setLogRecordFactory(make)

    logging.setLogRecordFactory(record_without_keys)
    return undo


def _clean(record: logging.LogRecord) -> None:
    text = record.getMessage()
    safe = hide(text)
    if safe != text:
        record.msg, record.args = safe, ()
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        redact_chain(error)
        told = "".join(traceback.format_exception(error)).rstrip("\n")
        if (clean := hide(told)) != told:
            record.exc_text = clean  # what logging.Formatter prints in place of the traceback


def _hook(owner: Any, name: str, made: Callable[[Any], Any]) -> Callable[[], None]:
    before = getattr(owner, name)
    ours = made(before)
    setattr(owner, name, ours)

    def undo() -> None:
        if getattr(owner, name) is ours:
            setattr(owner, name, before)

    return undo


def _uncaught(before: Callable[..., None]) -> Callable[..., None]:
    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        lines = _without_keys(error)
        if lines is None:
            before(kind, error, trace)
        else:
            sys.stderr.write(lines)

    return excepthook


def _uncaught_in_thread(before: Callable[..., None]) -> Callable[..., None]:
    def excepthook(told: Any) -> None:
        lines = _without_keys(told.exc_value) if told.exc_value is not None else None
        if lines is None:
            before(told)
        else:
            sys.stderr.write(f"Exception in thread {getattr(told.thread, 'name', '')}:\n{lines}")

    return excepthook


def _without_keys(error: BaseException) -> str | None:
    """The traceback, where a key is left in the cleaned exception: in a line of code, or in what cannot be set."""
    redact_chain(error)
    told = "".join(traceback.format_exception(error))
    clean = hide(told)
    return None if clean == told else clean
