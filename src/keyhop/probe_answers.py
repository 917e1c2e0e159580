"""From what a gate answers to one of four standings.

What an answer means is what the symptoms of ``keyhop explain`` say. A rejection needs a provider's own words for it:
a proxy, a page for people, a limit or a fault of the server says nothing about a key.
"""

from __future__ import annotations

import json
import re

from keyhop.account import Account
from keyhop.catalogue import Provider
from keyhop.cause_words import WORDS, said
from keyhop.causes import Cause
from keyhop.failure import Failure, Quote
from keyhop.gates import Gate
from keyhop.quiet_words import kept_quiet
from keyhop.replies import Answer, Reply, Silence
from keyhop.standing import Judged, Standing
from keyhop.symptoms.symptom import Level
from keyhop.weighing import Reading, readings

_REFUSING = frozenset(
    {
        Cause.INVALID_KEY,
        Cause.EXPIRED_OR_REVOKED,
        Cause.WRONG_PROVIDER_KEY,
        Cause.WRONG_CREDENTIAL_TYPE,
        Cause.TOKEN_EXPIRED_STS,
        Cause.PLACEHOLDER_VALUE,
        Cause.CONTAMINATED_VALUE,
        Cause.AZURE_ENDPOINT_MISMATCH,
    }
)
_MISSING = frozenset({Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE})
_LACKS = {
    Cause.QUOTA_NOT_AUTH: "quota",
    Cause.MODEL_ACCESS: "model",
    Cause.AZURE_DEPLOYMENT_NOT_FOUND: "deployment",
    Cause.ORG_PROJECT_MISMATCH: "organisation",
    Cause.REGION_MISMATCH: "region",
    Cause.GEO_BLOCKED: "region",
    Cause.NETWORK_POLICY: "network",
    Cause.PERMISSION_OR_SCOPE: "permission",
}
_BEFORE_THE_KEY = (Cause.GEO_BLOCKED, Cause.NETWORK_POLICY)
_OPEN = {
    Cause.AZURE_ENDPOINT_MISMATCH: (
        "whether the key is wrong, or the endpoint is another resource's or region's: Azure's 401 is the same"
    ),
    Cause.REGION_MISMATCH: "whether it is a good key of another region",
}
_PROXYS_OWN = (407, 511)


def judged(service: Provider, gate: Gate, reply: Reply, bare: Reply | None = None) -> Judged:
    """What a reply says of the key.

    Args:
        bare: what the gate answers to the same request without a key, where that was asked.
    """
    if isinstance(reply, Silence):
        return kept_quiet(service, gate, reply)
    between = _in_between(reply)
    if between is not None:
        return between
    reading = _reading(service, gate, reply)
    if _lets_in(gate, reply, reading):
        return _let_in(service, gate, bare)
    if _matches(gate.probe.live_when, reply.body):
        return Judged(
            standing=Standing.ACCEPTED,
            because=f"{gate.speaker(service)} knows the key, which is restricted: it may not list models",
        )
    if reading is None or reply.status >= 500:
        return _untold(f"{gate.speaker(service)} says {reply.status}, which says nothing about the key")
    return _refused(service, gate, reply, reading)


def _in_between(answer: Answer) -> Judged | None:
    """Where somebody else than the provider answers, as far as that shows."""
    if 300 <= answer.status < 400:
        where = "another host" if answer.elsewhere else "another path"
        return _untold(f"it sends to {where} (status {answer.status}), where no key goes", Cause.BASE_URL_MISMATCH)
    if answer.status in _PROXYS_OWN:
        return _untold("a proxy answers, and wants a credential of its own", Cause.PROXY_OR_GATEWAY)
    if answer.is_page:
        text = "a page for people answers in place of data: a proxy's, a login's, or another server's at that address"
        return _untold(text, Cause.PROXY_OR_GATEWAY)
    return None


def _lets_in(gate: Gate, answer: Answer, reading: Reading | None) -> bool:
    if answer.status not in gate.probe.accepted or (answer.status < 300 and not answer.is_data):
        return False
    if answer.status < 300:
        return not _is_error(answer.body)
    # NOTE: a status that says "not so" is an acceptance only as long as its words are no refusal of the key.
    telling = reading is not None and reading.level >= Level.WORDS
    return not (telling and reading is not None and reading.cause in (_REFUSING | _MISSING | _LACKS.keys()))


def _let_in(service: Provider, gate: Gate, bare: Reply | None) -> Judged:
    if isinstance(bare, Answer) and bare.status in gate.probe.accepted and bare.is_data:
        return _untold(f"it answers the same without a key, so that nothing is told about {' and '.join(gate.names)}")
    if isinstance(bare, Silence):
        return _untold("it answers with the key, and not without: whether it looks at the key is not told")
    open = (gate.probe.tells,) if gate.probe.tells else ()
    return Judged(standing=Standing.ACCEPTED, because=f"{gate.speaker(service)} accepts it", open=open)


def _refused(service: Provider, gate: Gate, answer: Answer, reading: Reading) -> Judged:
    cause, also = _cause(reading)
    words, key, who = WORDS[cause], " and ".join(gate.names), gate.speaker(service)
    sentence = said(words.sentence, provider=who, key=key)
    mend = said(words.mend, provider=who, key=key)
    if _refuses_the_key(gate, answer, reading, cause, also):
        if gate.doubted_by:
            return _untold(
                f"{who} does not accept it, and {' and '.join(gate.doubted_by)} names another host, whose "
                "key it may be",
                cause,
            )
        if cause not in _REFUSING:
            sentence = said(WORDS[Cause.INVALID_KEY].sentence, provider=who, key=key)
        told = (_OPEN[each] for each in (cause, *also) if each in _OPEN)
        return Judged(
            standing=Standing.REJECTED, because=sentence, cause=cause, mend=mend, open=tuple(dict.fromkeys(told))
        )
    if cause in _LACKS and _is_told(gate, answer, reading):
        first = "whether the key is good: such an answer may come before it is looked at"
        return Judged(
            standing=Standing.NOT_ALLOWED,
            because=sentence,
            cause=cause,
            lacks=_LACKS[cause],
            mend=mend,
            open=(first,) if cause in _BEFORE_THE_KEY else (),
        )
    if cause in _MISSING:
        return _untold(
            f"{who} says that no key came, though one was sent: something on the way took it away, or it "
            "was sent in another form than is wanted there",
            cause,
        )
    if reading.level >= Level.WORDS and cause not in _REFUSING:
        return Judged(standing=Standing.CANNOT_TELL, because=sentence, cause=cause, mend=mend)
    return _untold(f"{gate.speaker(service)} says {answer.status}, which says nothing certain about the key")


def _refuses_the_key(gate: Gate, answer: Answer, reading: Reading, cause: Cause, also: tuple[Cause, ...]) -> bool:
    probe = gate.probe
    listed = answer.status in probe.rejected and _matches(probe.rejected_when or "", answer.body, empty=True)
    if cause is Cause.AZURE_ENDPOINT_MISMATCH:
        return answer.status == 401
    if answer.status == 429:
        return False
    if cause in _REFUSING:
        return reading.level >= Level.WORDS or (listed and not gate.strange)
    if cause in _MISSING:
        return Cause.INVALID_KEY in also
    # NOTE: no model was asked for; what a service also says to a bad key is said to one.
    return cause is Cause.MODEL_ACCESS and Cause.INVALID_KEY in also and listed


def _is_told(gate: Gate, answer: Answer, reading: Reading) -> bool:
    """Whether the words, or the provider's entry, say that the key is known."""
    probe = gate.probe
    listed = answer.status in probe.limited and _matches(probe.limited_when, answer.body, empty=True)
    return reading.level >= Level.WORDS or (listed and answer.is_data and not gate.strange)


def _cause(reading: Reading) -> tuple[Cause, tuple[Cause, ...]]:
    """Of a tool's credential, what is the matter with it."""
    if reading.cause is Cause.TOOL_CREDENTIAL and reading.alternatives:
        return reading.alternatives[0], reading.alternatives[1:]
    return reading.cause, reading.alternatives


def _reading(service: Provider, gate: Gate, answer: Answer) -> Reading | None:
    lines = (f"HTTP {answer.status}", *answer.body.splitlines())
    failure = Failure(
        quotes=tuple(Quote(line=number, text=line) for number, line in enumerate(lines, 1)),
        status=answer.status,
        body=answer.body,
        url=_usual(service, gate),
    )
    found = readings(Account(failure))
    return max(found, key=lambda each: each.level) if found else None


def _usual(service: Provider, gate: Gate) -> str:
    """Whom the words are compared with, wherever they came from."""
    url = gate.probe.url.split("?")[0].replace("{region}", gate.region)
    if "{" not in url:
        return url
    return f"https://{service.hosts[0].replace('*', 'own')}/" if service.hosts else ""


def _is_error(body: str) -> bool:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and bool(document.get("error") or document.get("errors"))


def _matches(pattern: str, body: str, *, empty: bool = False) -> bool:
    """Whether the body holds it; `empty` is the answer where there is no pattern."""
    return re.search(pattern, body) is not None if pattern else empty


def _untold(because: str, cause: Cause | None = None) -> Judged:
    mend = WORDS[cause].mend if cause in (Cause.PROXY_OR_GATEWAY, Cause.BASE_URL_MISMATCH) and cause else ""
    return Judged(standing=Standing.CANNOT_TELL, because=because, cause=cause, mend=mend)
