"""One request to a gate, and what came of it: bounded, never repeated, and no redirect is followed."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import gaierror
from urllib.parse import SplitResult, urlsplit

from keyhop import __version__
from keyhop.catalogue import Provider
from keyhop.gates import Gate
from keyhop.outbound import Proxy, certificates_for, proxy_for, way
from keyhop.replies import Answer, Quiet, Reply, Silence, Way
from keyhop.text.credential_headers import bearing, is_sendable, signed
from keyhop.text.own_values import hide
from keyhop.text.sealed import Sealed

_LARGEST = 1 << 20
_MOST_WORDS = 1 << 15
_REDIRECTS = (301, 302, 303, 307, 308)
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_USUAL = {"User-Agent": f"keyhop/{__version__}", "Accept": "application/json", "Connection": "close"}


def ask(service: Provider, gate: Gate, keys: Sequence[Sealed | None], *, until: float) -> Reply:
    """Sends the request.

    Args:
        keys: the values of the gate's variables, None where one is not set; none at all to ask without a key.
        until: the moment of ``time.monotonic()`` at which to give up. The look-up of a name may take longer.
    """
    url = urlsplit(gate.url)
    proxy = proxy_for(url)
    if isinstance(proxy, Silence):
        return proxy
    if proxy is not None and url.scheme == "http":
        # NOTE: such a proxy is handed the whole request, the key in it.
        return Silence(quiet=Quiet.PROXY_WOULD_SEE, by=proxy.by, way=way(proxy, ""))
    trusted = certificates_for(service) if url.scheme == "https" else (None, "")
    if isinstance(trusted, Silence):
        return trusted
    context, trust = trusted
    taken = way(proxy, trust)
    if not all(is_sendable(key) for key in keys if key is not None):
        return Silence(quiet=Quiet.NOT_SENDABLE, way=taken)
    headers, query = _proof(gate, keys)
    path = (url.path or "/") + ("?" if url.query or query else "") + "&".join(filter(None, (url.query, query)))
    connection = _connection(url, proxy, context, max(0.05, until - time.monotonic()))
    try:
        return _exchanged(connection, gate, path, headers, taken)
    except (OSError, HTTPException, ValueError) as error:
        # NOTE: the text of an error of http.client may quote a header, and so the key.
        return Silence(quiet=_quiet(error, proxy), by=proxy.by if proxy else None, way=taken)
    finally:
        connection.close()


def _exchanged(connection: HTTPConnection, gate: Gate, path: str, headers: Mapping[str, str], taken: Way) -> Answer:
    more = dict(line.split(": ", 1) for line in gate.probe.headers)
    body = gate.probe.body.encode() or None
    connection.request(
        gate.probe.method, path, body=body, headers={**_USUAL, **more, **dict(gate.headers), **headers}
    )
    answer = connection.getresponse()
    elsewhere = answer.status in _REDIRECTS and _leaves(answer.getheader("Location") or "", gate.url)
    content = b"" if answer.status in _REDIRECTS else answer.read(_LARGEST)
    return Answer(
        status=answer.status,
        body=_safe(content.decode("utf-8", "replace"), answer.status),
        type=(answer.getheader("Content-Type") or "").lower(),
        elsewhere=elsewhere,
        way=taken,
    )


def _safe(body: str, status: int) -> str:
    """What is looked at for words holds no value: some services repeat the key."""
    return body if status < 300 else hide(body[:_MOST_WORDS])


def _proof(gate: Gate, keys: Sequence[Sealed | None]) -> tuple[dict[str, str], str]:
    if not any(keys_given := [key is not None for key in keys]):
        return {}, ""
    if gate.probe.signature:
        probe = gate.probe
        return signed(probe.method, gate.url, probe.body, probe.signature, gate.region, keys), ""
    first = keys[keys_given.index(True)]
    assert first is not None
    return bearing(gate.probe.header, first)


def _connection(
    url: SplitResult, proxy: Proxy | None, context: ssl.SSLContext | None, seconds: float
) -> HTTPConnection:
    host = url.hostname or ""
    if context is None:
        return HTTPConnection(host, url.port, timeout=seconds)
    if proxy is None:
        return HTTPSConnection(host, url.port, timeout=seconds, context=context)
    connection = HTTPSConnection(proxy.host, proxy.port, timeout=seconds, context=context)
    own = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
    connection.set_tunnel(host, url.port or 443, headers=own)
    return connection


def _quiet(error: Exception, proxy: Proxy | None) -> Quiet:
    tunnel = _TUNNEL.search(str(error)) if proxy is not None and isinstance(error, OSError) else None
    if tunnel is not None:
        return Quiet.PROXY_WANTS_ITS_OWN if tunnel[1] == "407" else Quiet.PROXY_REFUSES
    match error:
        case ssl.SSLCertVerificationError():
            return Quiet.NOT_TRUSTED
        case ssl.SSLError():
            return Quiet.NO_TLS
        case TimeoutError():
            return Quiet.NO_ANSWER
        case gaierror() | ConnectionRefusedError() if proxy is not None:
            return Quiet.PROXY_DEAD
        case gaierror() | UnicodeError():
            return Quiet.NO_NAME
        case ConnectionRefusedError():
            return Quiet.REFUSED
        case ConnectionError():  # RemoteDisconnected is one
            return Quiet.BROKEN
        case OSError():
            return Quiet.UNREACHABLE
        case _:
            return Quiet.NO_HTTP


def _leaves(location: str, url: str) -> bool:
    try:
        there = urlsplit(location)
        return bool(there.netloc) and there.netloc != urlsplit(url).netloc
    except ValueError:
        return True
