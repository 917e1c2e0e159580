"""How a request leaves this process: its proxy, and whose certificates it trusts, as clients of that service choose.

Clients built on httpx (OpenAI's, Anthropic's, Google's, LiteLLM) trust ``SSL_CERT_FILE``, those on requests (Azure's,
most tools) ``REQUESTS_CA_BUNDLE``, botocore ``AWS_CA_BUNDLE``. All of them bring certifi's authorities, and not the
system's. The proxy is chosen by the standard library's rules, which are httpx's and botocore's.
"""

from __future__ import annotations

import os
import ssl
from base64 import b64encode
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from keyhop.catalogue import Provider, VarName
from keyhop.errors import StoreError
from keyhop.records import dataclass
from keyhop.replies import Quiet, Silence, Way
from keyhop.stores.store import read_regular
from keyhop.surroundings import nearest
from keyhop.text.dotenv import read, values
from keyhop.text.own_environment import held, same

_HTTPX = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_BOTOCORE = ("AWS_CA_BUNDLE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """The proxy for one request."""

    host: str
    port: int
    by: VarName
    """The variable that names it."""
    authorization: str = ""
    """Its own credential, as a header; never shown."""

    def __repr__(self) -> str:
        return f"Proxy({self.title})"

    @property
    def title(self) -> str:
        return f"{self.host}:{self.port}"


def proxy_for(url: SplitResult) -> Proxy | Silence | None:
    """The proxy that a request to `url` goes through, None where it goes straight, or why that cannot be done."""
    proxies = getproxies()
    kind = url.scheme if proxies.get(url.scheme) else "all"
    text = proxies.get(kind)
    if not text or proxy_bypass(url.netloc):
        return None
    by = _named(f"{kind}_proxy")
    try:
        there = urlsplit(text if "://" in text else f"http://{text}")
        port = there.port or 80
    except ValueError:
        return Silence(quiet=Quiet.PROXY_STRANGE, by=by)
    if there.scheme != "http" or not there.hostname:
        return Silence(quiet=Quiet.PROXY_STRANGE, by=by)
    user = f"{unquote(there.username or '')}:{unquote(there.password or '')}" if there.username else ""
    basic = f"Basic {b64encode(user.encode()).decode()}" if user else ""
    return Proxy(host=there.hostname, port=port, by=by, authorization=basic)


def _named(name: str) -> VarName:
    """The small letters come first, as in the standard library."""
    return VarName(name if name in os.environ else name.upper())


def certificates_for(service: Provider) -> tuple[ssl.SSLContext, str] | Silence:
    """Whose certificates clients of the service trust here, and that in words."""
    for name in _bundles(service):
        path = os.environ.get(name)
        if not path:
            continue
        by = VarName(name)
        if _is_the_projects(name):
            return Silence(quiet=Quiet.PROJECTS_CERTIFICATES, by=by)
        try:
            folder = Path(path).is_dir()
            context = ssl.create_default_context(cafile=None if folder else path, capath=path if folder else None)
            return context, name
        except OSError:  # ssl.SSLError is one
            return Silence(quiet=Quiet.NO_CERTIFICATES, by=by)
    with suppress(ImportError, OSError, AttributeError):
        return ssl.create_default_context(cafile=import_module("certifi").where()), "certifi"
    return _of_the_system(), "the system"


def _of_the_system() -> ssl.SSLContext:
    """The system's authorities, whatever SSL_CERT_FILE says: OpenSSL heeds it, and not every client does."""
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
    folder = paths.openssl_capath if Path(paths.openssl_capath).is_dir() else None
    return ssl.create_default_context(cafile=file, capath=folder)


def _bundles(service: Provider) -> tuple[str, ...]:
    if service.id == "bedrock":
        return _BOTOCORE
    return _REQUESTS if service.id == "azure" or service.kind == "tool" else _HTTPX


def _is_the_projects(name: str) -> bool:
    """Whether the project's .env says so: it holds exactly that, or sets the variable, and the file is beside it."""
    path = nearest(".env")
    try:
        data = read_regular(path, "dotenv") if path is not None else None
    except StoreError:
        return False
    told = values(read(data, "python-dotenv")) if data else {}
    if path is None or name not in told:
        return False
    beside = Path(os.environ.get(name, "")).resolve().is_relative_to(path.parent.resolve())
    return beside or same(told[name], held(name))


def way(proxy: Proxy | None, trust: str) -> Way:
    return Way(proxy=proxy.title if proxy else "", trust=trust)
