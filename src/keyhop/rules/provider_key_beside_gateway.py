"""A process that asks a LiteLLM proxy holds the keys of the providers behind it.

## Why it fails
The proxy needs the providers' keys, and its callers only a key of the proxy's own. A proxy with a master key refuses
a provider's key with 401. And a key that nobody asks for in a worker is one more place to change when it is
revoked.

## Fix
Give the caller the proxy's key, and the proxy alone the providers'.

## Fix safety
Shown only. Other code of the process may use the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.addresses import ADDRESSES, host
from keyhop.asked import Asked, address, models_asked, passes
from keyhop.catalogue import VarName, variables
from keyhop.facts import Act, Practice, Required
from keyhop.finding import Finding, Fix, Note, Rule, Severity
from keyhop.rules.rule import about, finding, line_of, practised, title_of, where
from keyhop.topology import Topology, same
from keyhop.value import Trail, Verdict

_MASTER = VarName("LITELLM_MASTER_KEY")
_BY_SETTING = {
    "openai": variables("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "litellm-proxy": variables("LITELLM_PROXY_API_BASE"),
}


def _judge(topology: Topology) -> Iterator[Finding]:
    gateways = tuple(practised(topology, Act.IS_GATEWAY))
    told: set[tuple[str, str]] = set()
    for asked in models_asked(topology) if gateways else ():
        caller = asked.practice.place
        for gateway in gateways:
            if asked.practice.required is Required.OPTIONAL or not _asks(topology, asked, gateway):
                continue
            if (caller, gateway.place) in told:
                continue
            told.add((caller, gateway.place))
            yield from _sent(topology, asked, gateway)
            yield from _idle(topology, asked, gateway)


def _sent(topology: Topology, asked: Asked, gateway: Practice) -> Iterator[Finding]:
    """A provider's key is what the proxy is asked with."""
    trail = _key_of(topology, asked)
    for name in gateway.names if trail is not None else ():
        behind = topology.value(gateway.place, name)
        if trail is None or not behind.usable or behind.seen.dummy or same(trail.value, behind) is not True:
            continue
        guarded = bool(gateway.arguments) or topology.value(gateway.place, _MASTER).usable
        proxy, line = title_of(topology, gateway.place), line_of(trail.value)
        so = ", which refuses all but its own" if guarded else ""
        yield finding(
            RULE.id,
            trail,
            f"{asked.practice.subject} in {title_of(topology, asked.practice.place)} sends {trail.name}{where(line)}"
            f", a provider's key, to {proxy}{so}",
            span=line,
            severity=Severity.ERROR if guarded else Severity.NOTE,
            related=(Note(message=f"{proxy} asks the provider with it", span=line_of(behind)),),
            fixes=(Fix(title=f"Put a virtual key of {proxy} under {trail.name}{where(line)}."),),
        )
        return


def _idle(topology: Topology, asked: Asked, gateway: Practice) -> Iterator[Finding]:
    """Keys of the providers behind the proxy, which nothing in the caller asks for."""
    caller = asked.practice.place
    read = {name for need in topology.needs if need.owner == caller for name in need.names}
    values = {name: topology.value(caller, name) for name in gateway.names if name not in read}
    held = tuple(name for name, value in values.items() if value.usable and not value.seen.dummy)
    if held:
        process, proxy = title_of(topology, caller), title_of(topology, gateway.place)
        line = line_of(values[held[0]])
        yield about(
            RULE.id,
            asked.practice,
            f"{process} holds {' and '.join(held)}{where(line)}, which only {proxy} needs",
            names=held,
            span=line,
            fixes=(Fix(title=f"Take {' and '.join(held)} out of {process}{where(line)}."),),
        )


def _asks(topology: Topology, asked: Asked, gateway: Practice) -> bool:
    """Whether the calls for a model go to the service that runs the proxy."""
    practice = asked.practice
    if topology.place(practice.place).deployment != topology.place(gateway.place).deployment:
        return False
    texts = [address(topology, practice, name) for name in ADDRESSES if passes(practice, name)]
    if not texts:
        names = (asked.endpoint,) if asked.endpoint else _BY_SETTING.get(asked.route.provider or "", ())
        texts = [topology.value(practice.place, name, practice.at).seen.text for name in names]
    return gateway.place.rpartition("#")[2] in {host(text) for text in texts if text}


def _key_of(topology: Topology, asked: Asked) -> Trail | None:
    """The credential that the model is asked with."""
    for trail in topology.trails():
        mine = trail.need.owner == asked.practice.place and trail.verdict is Verdict.ARRIVES
        if mine and trail.need.span == asked.practice.span:
            return trail
    for trail in topology.trails():
        mine = trail.need.owner == asked.practice.place and trail.verdict is Verdict.ARRIVES
        if mine and trail.need.because.partition(",")[0] == asked.practice.subject:
            return trail
    return None


RULE = Rule(
    id="provider-key-beside-gateway",
    summary="a caller of a LiteLLM proxy holds a provider's key",
    since="0.1",
    judge=_judge,
)
