"""OpenBao and HashiCorp Vault: the fields of one secret of a KV engine, version 2 or 1.

The address, the namespace and what it signs in with come from the environment, under the names that their own
programs read (``VAULT_…`` or ``BAO_…``), or from the declaration. Signing in by token, AppRole or Kubernetes service
account is chosen by which of them is there. No proxy is used, no redirect is followed, and one bound of time covers
it all, the look-up of the host's name included.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

from keyhop.errors import StoreError, UsageError, Why
from keyhop.records import dataclass
from keyhop.stores.store import LARGEST, Fetched, Found, Request, Store, read_regular
from keyhop.text.own_values import hide
from keyhop.text.sealed import Sealed

_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/token"
_METHODS = ("token", "approle", "kubernetes")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    document: Mapping[str, Any] = field(repr=False)

    @property
    def errors(self) -> str:
        """What the server says is wrong, without a key in it."""
        told = self.document.get("errors")
        return hide("; ".join(str(each).strip() for each in told))[:300] if isinstance(told, list) else ""


def _fetch(request: Request) -> Fetched:
    """All of it in a thread, as the look-up of a host's name cannot be interrupted."""
    done: SimpleQueue[Fetched | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            done.put(_secret(request))
        except BaseException as error:
            done.put(error)

    Thread(target=work, name="keyhop vault", daemon=True).start()
    try:
        outcome = done.get(timeout=request.seconds)
    except Empty:
        raise _failed(_Server(request).said(f"has not answered after {request.seconds:g} s"), "timeout") from None
    if isinstance(outcome, BaseException):
        raise outcome from None
    return outcome


def _secret(request: Request) -> Fetched:
    server = _Server(request)
    version = request.options.get("kv", 2)
    if version not in (1, 2):
        raise UsageError(f"the store's option kv is 1 or 2, not {version!r}")
    mount, path = request.text("mount", "secret").strip("/"), request.text("path").strip("/")
    if not path:
        raise UsageError("a vault store has no path", help='Say which secret it is: path = "crew".')
    there = f"{mount}/data/{path}" if version == 2 else f"{mount}/{path}"
    answer = server.ask("GET", there, token=_token(request, server))
    held = answer.document.get("data")
    held = held.get("data") if version == 2 and isinstance(held, dict) else held
    if not isinstance(held, dict):
        raise _failed(server.said(f"has no secret at {there}"), "absent", "Look at the options mount, path and kv.")
    called = {there: name for name, there in request.renamed().items()}
    found, remarks = [], []
    for key, value in held.items():
        name = called.get(key) or str(key)
        if not request.wants(name):
            continue
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            found.append(Found(name=name, value=Sealed(str(value)), where=f"{server.title}, {there}"))
        else:
            remarks.append(f"{there}: the field {key} is no text")
    return Fetched(found=tuple(found), remarks=tuple(remarks))


def _token(request: Request, server: _Server) -> str:
    method = request.text("auth") or _method(request)
    mount = request.text("auth_mount", method)
    match method:
        case "token":
            return _own_token(request, server)
        case "approle":
            who = {"role_id": _setting(request, "ROLE_ID"), "secret_id": _setting(request, "SECRET_ID")}
        case "kubernetes":
            account = _file(request.path(request.text("account", _ACCOUNT)))
            who = {"role": request.text("role") or _setting(request, "ROLE"), "jwt": account}
        case _:
            raise UsageError(f"the store's option auth is {', '.join(_METHODS)}, not {method!r}")
    missing = sorted(name for name, value in who.items() if not value)
    if missing:
        raise _failed(f"a sign-in to {server.title} by {method} lacks {', '.join(missing)}", "refused")
    answer = server.ask("POST", f"auth/{mount}/login", body=who)
    granted = answer.document.get("auth")
    token = granted.get("client_token") if isinstance(granted, dict) else None
    if not isinstance(token, str):
        raise _failed(server.said(f"gives no token for {method}"), "malformed")
    return token


def _method(request: Request) -> str:
    if _setting(request, "ROLE_ID"):
        return "approle"
    if request.text("role") or _setting(request, "ROLE"):
        return "kubernetes"
    return "token"


def _own_token(request: Request, server: _Server) -> str:
    named = _setting(request, "TOKEN_FILE")
    token = _setting(request, "TOKEN") or (_file(request.path(named)) if named else "")
    token = token or _file(Path(request.environment.get("HOME", "/")) / ".vault-token")
    if not token:
        help = "Set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_ROLE in a Kubernetes pod."
        raise _failed(f"nothing here signs in to {server.title}", "refused", help)
    return token.strip()


def _file(path: Path) -> str:
    data = read_regular(path, STORE.id)
    return "" if data is None else data.decode("utf-8", "replace").strip()


def _setting(request: Request, name: str) -> str:
    """``VAULT_…`` as Vault's own programs read it, or ``BAO_…`` as OpenBao's do."""
    return request.environment.get(f"BAO_{name}") or request.environment.get(f"VAULT_{name}") or ""


class _Server:
    """One server, and how to ask it."""

    def __init__(self, request: Request) -> None:
        address = request.text("address") or _setting(request, "ADDR")
        url = urlsplit(address)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise _failed(
                "a vault store has no address" if not address else "the address of a vault store is no URL",
                "absent",
                "Set VAULT_ADDR, or give the store an address.",
            )
        self.title = f"the vault at {url.hostname}" + (f":{url.port}" if url.port else "")
        self._until = time.monotonic() + request.seconds
        self._url = url
        self._authorities = request.text("ca") or _setting(request, "CACERT")
        self._namespace = request.text("namespace") or _setting(request, "NAMESPACE")

    def said(self, text: str) -> str:
        return f"{self.title} {text}"

    def ask(self, method: str, path: str, *, token: str = "", body: Mapping[str, str] | None = None) -> _Answer:
        """One request.

        Raises:
            StoreError: it is not answered with what was asked for.
        """
        headers = {"X-Vault-Request": "true", "Accept": "application/json"}
        headers |= {"X-Vault-Token": token} if token else {}
        headers |= {"X-Vault-Namespace": self._namespace} if self._namespace else {}
        try:
            answer = self._exchange(method, path, headers, body)
        except TimeoutError:
            raise _failed(self.said("does not answer in time"), "timeout") from None
        except ssl.SSLError as error:
            help = "Give the store its authority: ca, or VAULT_CACERT."
            raise _failed(self.said(f"cannot be trusted: {error.reason}"), "unreachable", help) from None
        except OSError as error:
            raise _failed(self.said(f"cannot be reached: {error.strerror or error}"), "unreachable") from None
        except (HTTPException, ValueError):
            # NOTE: the texts of http.client's errors may quote a header, and so the token.
            raise _failed(
                self.said("does not speak Vault's protocol, or what it is asked with is no header")
            ) from None
        if answer.status != 200:
            raise self._refused(answer, path)
        return answer

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, str] | None
    ) -> _Answer:
        left = max(0.05, self._until - time.monotonic())
        connection = self._connection(left)
        try:
            connection.request(
                method,
                f"{self._url.path.rstrip('/')}/v1/{quote(path)}",
                body=json.dumps(body) if body is not None else None,
                headers=dict(headers),
            )
            answer = connection.getresponse()
            content = answer.read(LARGEST)
            try:
                document = json.loads(content or b"{}", parse_float=str)
            except (ValueError, RecursionError):
                document = {}
            return _Answer(answer.status, document if isinstance(document, dict) else {})
        finally:
            connection.close()

    def _connection(self, seconds: float) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return HTTPConnection(host, port, timeout=seconds)
        trust = ssl.create_default_context(cafile=self._authorities or None)
        return HTTPSConnection(host, port, timeout=seconds, context=trust)

    def _refused(self, answer: _Answer, path: str) -> StoreError:
        told = f" ({answer.errors})" if answer.errors else ""
        match answer.status:
            case 503 | 473 if "sealed" in answer.errors.lower():
                return _failed(self.said("is sealed"), "sealed", "Unseal it; nothing can be read from it before.")
            case 503 | 473 | 501:
                return _failed(self.said(f"is not ready{told}"), "sealed")
            case 401 | 403:
                help = "The token is wrong, has run out, or its policy lacks read on that path."
                return _failed(self.said(f"denies {path}{told}"), "denied", help)
            case 404:
                help = "Look at the options mount, path, kv and namespace."
                return _failed(self.said(f"has nothing at {path}{told}"), "absent", help)
            case 301 | 302 | 307 | 308:
                help = "Give the store the address of the active server."
                return _failed(self.said("sends elsewhere, where keyhop does not take the token"), "refused", help)
            case _:
                return _failed(self.said(f"answers {path} with status {answer.status}{told}"), "malformed")


def _failed(message: str, why: Why = "malformed", help: str = "") -> StoreError:
    return StoreError(message, help=help, store="vault", why=why)


STORE = Store(
    id="vault",
    title="OpenBao or HashiCorp Vault",
    options={
        "address": "the server; $VAULT_ADDR or $BAO_ADDR if not given",
        "mount": "where the KV engine is mounted; secret if not given",
        "path": "the secret",
        "kv": "the engine's version, 2 or 1; 2 if not given",
        "names": "a table of variables and the field that holds each, where they are called otherwise",
        "namespace": "of an enterprise or OpenBao server",
        "auth": "token, approle or kubernetes; by what is there if not given",
        "auth_mount": "where the sign-in is mounted, if not under its own name",
        "role": "for a Kubernetes sign-in",
        "account": "the file with the service account's token",
        "ca": "a file with the authority that the server's certificate is of",
    },
    fetch=_fetch,
    reaches_out=lambda request: bool(request.options.get("address")),
)
