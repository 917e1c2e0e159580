"""What it means, in words, that no provider answered."""

from __future__ import annotations

from urllib.parse import urlsplit

from keyhop.catalogue import Provider
from keyhop.causes import Cause
from keyhop.gates import Gate
from keyhop.replies import Quiet, Silence
from keyhop.standing import Judged, Standing

_PROXYS = {
    Quiet.PROXY_DEAD: ("the proxy {proxy} of {by} is not reached", "Correct {by}, or except {host} in NO_PROXY."),
    Quiet.PROXY_REFUSES: (
        "the proxy {proxy} of {by} refuses to connect to {host}",
        "Let the proxy pass {host}, or except it in NO_PROXY.",
    ),
    Quiet.PROXY_WANTS_ITS_OWN: (
        "the proxy {proxy} of {by} wants a credential of its own",
        "Give {by} the proxy's user and password, or except {host} in NO_PROXY.",
    ),
    Quiet.PROXY_WOULD_SEE: (
        "{by} sends what is meant for {host} to the proxy {proxy}, which would be handed the key unencrypted",
        "Except {host} in NO_PROXY.",
    ),
    Quiet.PROXY_STRANGE: (
        "the proxy of {by} is none that is spoken to over plain HTTP, and keyhop speaks to no other",
        "Ask from a process without it.",
    ),
}
_NETWORKS = {
    Quiet.NO_NAME: ("the name {host} is not found", "Mend the network, or the address, of this process."),
    Quiet.REFUSED: ("nobody listens at {origin}", "Start what should answer there, or correct the address."),
    Quiet.NO_ANSWER: ("{origin} does not answer in time", "See whether a firewall lets this process through."),
    Quiet.BROKEN: (
        "{origin} breaks the connection off before it answers",
        "See whether it is https that is spoken there, and what stands in between.",
    ),
    Quiet.UNREACHABLE: ("no way leads from this process to {origin}", "Mend the network of this process."),
    Quiet.NOT_TRUSTED: (
        "the certificate of {origin} is not trusted here, with the authorities of {trust}: no key was sent",
        "If it is your own proxy's or authority's, name its file in the variable that the client reads.",
    ),
    Quiet.NO_TLS: ("{origin} speaks no TLS that this process understands", "See whether the port is right."),
    Quiet.NO_HTTP: ("{origin} speaks no HTTP", "See whether the port is right, and whether it is https there."),
    Quiet.NO_CERTIFICATES: (
        "{by} names a file of certificates that is not there or cannot be used; clients do not start with it",
        "Correct {by}.",
    ),
    Quiet.PROJECTS_CERTIFICATES: (
        "{by} is what the .env of this project says, and a project's file does not decide whom a key is shown to",
        "Set {by} outside of the project.",
    ),
}
_VALUES = {
    Quiet.NOT_SENDABLE: (
        "the value of {names} cannot stand in a request: clients fail before they send it",
        "Look for the hop that changes it: keyhop trace {name} --to PROCESS",
    ),
}


def kept_quiet(service: Provider, gate: Gate, silence: Silence) -> Judged:
    """What a silence says of the key: nothing; and of the way to the provider."""
    quiet = silence.quiet
    cause = (
        Cause.PROXY_OR_GATEWAY
        if quiet in _PROXYS
        else Cause.CONTAMINATED_VALUE
        if quiet in _VALUES
        else Cause.TLS_OR_NETWORK_NOT_AUTH
    )
    because, mend = {**_PROXYS, **_NETWORKS, **_VALUES}[quiet]
    told = {
        "origin": gate.origin,
        "host": urlsplit(gate.url).hostname or service.title,
        "by": silence.by or "a variable",
        "proxy": silence.way.proxy,
        "trust": silence.way.trust,
        "names": " and ".join(gate.names),
        "name": gate.names[0] if gate.names else "NAME",
    }
    return Judged(
        standing=Standing.CANNOT_TELL, because=because.format(**told), cause=cause, mend=mend.format(**told)
    )
