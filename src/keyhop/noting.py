"""A live exception explained, and the explanation kept on the exception as a note (PEP 678)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from keyhop.catalogue import provider
from keyhop.cause_words import WORDS, said
from keyhop.diagnosis import Diagnosis
from keyhop.diagnosis import diagnose as _diagnose
from keyhop.live_failure import failure_of

_SIGN = "keyhop: "
"""What every note of keyhop's begins with."""


def diagnose(error: BaseException) -> Diagnosis | None:
    """Why `error` was raised, by all that is chained to it; None where that tells of no trouble that keyhop knows."""
    return next(iter(_diagnose([failure_of(error)])), None)


@contextmanager
def explained() -> Iterator[None]:
    """Adds the diagnosis as a note to an exception that leaves the block. It stays the exception that it was.

    Also a decorator: ``@keyhop.explained()``. Python 3.10 keeps notes without showing them.
    """
    try:
        yield
    except Exception as error:
        annotate(error)
        raise


def explain_crews() -> Callable[[], None]:
    """Adds the diagnosis to the exception of every crew, flow and agent that fails in this process from now on.

    Needs CrewAI 1.15.3 or later, whose hook at the end of an execution has the exception itself. The function that
    it returns takes the hook away again. A process that is started anew, such as one of Ray's or of a pool that
    spawns, calls it anew.
    """
    from importlib import import_module

    hooks: Any = import_module("crewai.hooks")
    point = hooks.InterceptionPoint.EXECUTION_END

    def note(context: Any) -> None:
        error = getattr(context, "error", None)
        if isinstance(error, BaseException):
            annotate(error)

    hooks.register_hook(point, note)
    return lambda: hooks.unregister_hook(point, note)


def annotate(error: BaseException) -> None:
    """Adds the diagnosis as a note, once. Never raises: the exception at hand matters more."""
    try:
        if any(note.startswith(_SIGN) for note in getattr(error, "__notes__", ())):
            return
        diagnosis = diagnose(error)
        if diagnosis is not None:
            _add(error, note_of(diagnosis))
    except Exception:
        return


def note_of(diagnosis: Diagnosis) -> str:
    """A diagnosis in a few lines."""
    known = provider(diagnosis.provider)
    words = WORDS[diagnosis.cause]
    key = next((credential.id for credential in known.credentials), "") if known else ""
    title = known.title if known else ""
    lines = [
        f"{said(words.sentence, provider=title, key=key)} ({diagnosis.cause}, {diagnosis.certainty.value})",
        said(words.mend, provider=title, key=key),
        *(f"next: {command}" for command in diagnosis.next),
    ]
    return "\n".join(f"{_SIGN}{line}" for line in lines)


def _add(error: BaseException, note: str) -> None:
    """``add_note``, which Python has from 3.11 on."""
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        notes.append(note)
    else:
        error.__notes__ = [note]  # type: ignore[attr-defined]
