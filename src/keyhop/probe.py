"""One live request to each provider: accepted, rejected, accepted but not allowed, or cannot tell.

Nothing is asked twice because of what was answered. Where an acceptance would prove nothing by itself, as at an
address of the user's own, the same is asked without the key, too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread

from keyhop.catalogue import Provider
from keyhop.cause_words import WORDS
from keyhop.causes import Cause
from keyhop.exchange import ask
from keyhop.gates import Closed, Gate
from keyhop.probe_answers import judged
from keyhop.records import dataclass
from keyhop.replies import Answer, Quiet, Reply, Silence
from keyhop.standing import Judged, Read, Standing
from keyhop.text.own_environment import held


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one provider is asked about one credential."""

    service: Provider
    gate: Gate
    models: tuple[str, ...] = ()
    """What the process asks the service for, as the service calls them."""
    further: Callable[[], Iterable[Gate]] = tuple
    """What is asked once the key is accepted, about what else is the user's own."""


def unasked(closed: Closed) -> Read:
    """Where nobody is asked."""
    return Read(about="key", judged=Judged(standing=Standing.CANNOT_TELL, because=closed.why, mend=closed.help))


def probe(questions: Iterable[Question], *, seconds: float) -> tuple[tuple[Read, ...], ...]:
    """Asks all of them at the same time; what has not answered after `seconds` is told so."""
    until = time.monotonic() + seconds
    asked = [(each, _begun(each, until)) for each in questions]
    return tuple(tuple(_collected(question, answers, until)) for question, answers in asked)


_End = object()


def _begun(question: Question, until: float) -> SimpleQueue[object]:
    """In a thread of its own, as the look-up of a host's name cannot be interrupted."""
    answers: SimpleQueue[object] = SimpleQueue()

    def work() -> None:
        try:
            for each in _reads(question, until):
                answers.put(each)
            answers.put(_End)
        except BaseException as error:
            answers.put(error)

    Thread(target=work, name="keyhop probe", daemon=True).start()
    return answers


def _collected(question: Question, answers: SimpleQueue[object], until: float) -> Iterator[Read]:
    begun = False
    while True:
        try:
            each = answers.get(timeout=max(0.05, until + 0.2 - time.monotonic()))
        except Empty:
            silence = Silence(quiet=Quiet.NO_ANSWER)
            read = _read(question.gate, silence, judged(question.service, question.gate, silence))
            yield replace(read, about="the rest") if begun else read
            return
        if isinstance(each, BaseException):
            raise each from None
        if not isinstance(each, Read):
            return
        begun = True
        yield each


def _reads(question: Question, until: float) -> Iterator[Read]:
    first, reply = _asked(question.service, question.gate, until)
    yield first
    if first.judged.standing is Standing.ACCEPTED:
        yield from _models(question, first, reply)
        for gate in question.further():
            yield _asked(question.service, gate, until)[0]


def _models(question: Question, first: Read, reply: Reply) -> Iterator[Read]:
    """What the same answer tells of the models that the process asks for."""
    gate, title = question.gate, question.service.title
    listed = _ids(reply.body) if isinstance(reply, Answer) and gate.probe.lists_models and not gate.strange else ()
    for name in question.models if listed else ():
        if name in listed:
            found = Judged(standing=Standing.ACCEPTED, because=f"{title} lists {name} among the models of this key")
        else:
            text = f"{title} lists the models of this key, and {name} is none of them"
            found = Judged(
                standing=Standing.NOT_ALLOWED, because=text, lacks="model", cause=Cause.MODEL_ACCESS,
                mend=WORDS[Cause.MODEL_ACCESS].mend,
            )  # fmt: skip
        yield replace(first, about="model", judged=found)


def _asked(service: Provider, gate: Gate, until: float) -> tuple[Read, Reply]:
    reply = ask(service, gate, tuple(map(held, gate.names)), until=until)
    found = judged(service, gate, reply)
    lets_in = isinstance(reply, Answer) and reply.status in gate.probe.accepted
    if gate.strange and lets_in and found.standing is Standing.ACCEPTED:
        found = judged(service, gate, reply, bare=ask(service, gate, (), until=until))
    return _read(gate, reply, _of_what_is_listed(gate, reply, found) if gate.looks_for else found), reply


def _of_what_is_listed(gate: Gate, reply: Reply, found: Judged) -> Judged:
    """The key is accepted: what is told now is told of the API version or the deployment."""
    name = gate.looks_for
    if not isinstance(reply, Answer) or reply.is_page:
        return found
    if gate.about == "API version":
        if found.standing is Standing.ACCEPTED:
            return Judged(standing=Standing.ACCEPTED, because=f"the resource serves API version {name}")
        if reply.status in (400, 404):
            text = f"the resource does not serve API version {name}: the same read is answered under another"
            return Judged(standing=Standing.NOT_ALLOWED, because=text, lacks="API version", cause=found.cause)
        return found
    listed = _ids(reply.body) if found.standing is Standing.ACCEPTED else ()
    if name in listed:
        return Judged(standing=Standing.ACCEPTED, because=f"the resource has a deployment called {name}")
    if listed:
        text = f"the resource lists its deployments, and none is called {name}"
        return Judged(standing=Standing.NOT_ALLOWED, because=text, lacks="deployment")
    text = f"whether the resource has a deployment called {name}: it does not list its deployments"
    return Judged(standing=Standing.CANNOT_TELL, because=text)


def _ids(body: str) -> tuple[str, ...]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    rows = document.get("data") if isinstance(document, dict) else None
    ids = (row.get("id") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return tuple(each for each in ids if isinstance(each, str))


def _read(gate: Gate, reply: Reply, found: Judged) -> Read:
    return Read(
        about="resource" if gate.about == "key" and "{endpoint}" in gate.probe.url else gate.about,
        judged=found,
        method=gate.probe.method,
        origin=gate.origin,
        moved_by=gate.moved_by or "",
        status=reply.status if isinstance(reply, Answer) else None,
        proxy=reply.way.proxy,
        trust=reply.way.trust,
    )
