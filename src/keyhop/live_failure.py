"""From a live exception to a Failure: every exception that it hangs together with, masked."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from traceback import walk_tb
from types import TracebackType

from keyhop.exception_attributes import body_of, code_of, getattr_or, status_of, url_of
from keyhop.failure import Failure, Frame, Link, Quote, Raised, Speaker
from keyhop.text.own_values import hide

_MOST = 100
"""Exceptions of one chain; clients that retry for long leave thousands."""
_MOST_FRAMES = 200
_TOLD = ("RemoteTraceback", "_RemoteTraceback")
"""Exceptions that hold another process's traceback as text: multiprocessing, concurrent.futures and billiard."""
_CARRIED = ("cause", "exc")
"""Attributes under which Ray's RayTaskError and billiard's ExceptionWithTraceback keep what a worker raised."""


def failure_of(error: BaseException) -> Failure:
    """The failure that ends in `error`, with everything that led to it.

    Both ``__cause__`` and ``__context__`` are followed, also where ``raise … from None`` hides the latter, and the
    members of groups. Circles such as ``raise error from error`` are walked once.
    """
    walked = _ordered(error)
    chain = tuple(raised for each, link in walked for raised in _raised(each, link))
    name = multiprocessing.current_process().name
    return Failure(
        chain=chain,
        quotes=tuple(Quote(line=0, text=line) for raised in chain for line in _lines(raised)),
        url=hide(next((url for each, _ in reversed(walked) if (url := url_of(each))), "")),
        speaker=Speaker(instance="" if name == "MainProcess" else name),
    )


def _ordered(error: BaseException) -> list[tuple[BaseException, Link | None]]:
    """What was raised first comes first."""
    found: list[tuple[BaseException, Link | None]] = []
    seen: set[int] = set()
    ahead: list[tuple[BaseException, Link | None]] = [(error, None)]
    while ahead and len(found) < _MOST:
        each, link = ahead.pop()
        if id(each) not in seen:
            seen.add(id(each))
            found.append((each, link))
            ahead += reversed([*_before(each)])
    return found[::-1]


def _before(error: BaseException) -> Iterator[tuple[BaseException, Link]]:
    """What led to it, the nearest first."""
    for name in _CARRIED:
        carried = getattr_or(error, name)
        if isinstance(carried, BaseException):
            yield carried, Link.REMOTE
    if error.__cause__ is not None:
        yield error.__cause__, Link.REMOTE if type(error.__cause__).__name__ in _TOLD else Link.CAUSE
    if error.__context__ is not None:
        yield error.__context__, Link.CONTEXT
    members = getattr_or(error, "exceptions")
    if isinstance(members, tuple):
        yield from ((member, Link.GROUP) for member in members if isinstance(member, BaseException))


def _raised(error: BaseException, link: Link | None) -> Iterator[Raised]:
    """The exception; for another process's traceback, what its text tells of."""
    message = hide(_message(error))
    if type(error).__name__ in _TOLD:
        from keyhop.text.logs import read_failures

        told = [raised for failure in read_failures(message.splitlines()) for raised in failure.chain]
        if told:
            yield from (replace(raised, link=raised.link or Link.REMOTE, line=0) for raised in told)
            return
    yield Raised(
        type=_name(error),
        message=message,
        notes=tuple(hide(note) for note in getattr(error, "__notes__", ()) if isinstance(note, str)),
        status=status_of(error),
        body=hide(body_of(error)),
        code=hide(code_of(error)),
        frames=tuple(_frames(error.__traceback__)),
        link=link,
    )


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ", ".join(each for each in error.args if isinstance(each, str))


def _name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    )


def _frames(trace: TracebackType | None) -> Iterator[Frame]:
    for number, (frame, line) in enumerate(walk_tb(trace)):
        if number == _MOST_FRAMES:
            return
        yield Frame(path=frame.f_code.co_filename, line=line, function=frame.f_code.co_name)


def _lines(raised: Raised) -> Iterator[str]:
    """The lines that a traceback would end with, and what only attributes tell."""
    yield from f"{raised.type}: {raised.message}".removesuffix(": ").splitlines()
    for note in raised.notes:
        yield from note.splitlines()
    if raised.body and raised.body not in raised.message:
        yield from raised.body.splitlines()
