"""Where a provider can be asked whether it accepts a key: the one request that tells, and whether a key may go there.

A key goes to hosts that the provider's entry lists, and to those that the user allows by name. It goes unencrypted to
this machine, and to a host that is allowed by name, alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urlsplit

from keyhop.addresses import host
from keyhop.catalogue import Probe, Provider, VarName
from keyhop.records import dataclass

_REGIONS = ("AWS_DEFAULT_REGION", "AWS_REGION_NAME")
"""In the order in which CrewAI reads them; it does not read AWS_REGION."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_HOST = re.compile(r"(?!-)[a-z0-9._-]{1,253}|[0-9a-f:.]+", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:BASE|URL|HOST|ENDPOINT|DOMAIN)\Z")
_SENDABLE = re.compile(r"[\x21-\x7e]{1,200}")
_PORTS = {"http": 80, "https": 443}
_WITHOUT_SCHEME = {"ollama": "http://", "databricks": "https://"}
"""Services whose clients complete an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One request, all but the key."""

    about: str = "key"
    """What it tells of: the key, or of what is the user's own: the resource, the API version, the deployment."""
    probe: Probe
    url: str
    names: tuple[VarName, ...]
    """The variables whose values it sends or signs with."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What clients send beside the key, from settings of the process."""
    moved_by: VarName | None = None
    """The variable that its address is from."""
    region: str = ""
    strange: bool = False
    """The host is none that the provider's entry lists for everybody: what it answers without a key is asked, too."""
    doubted_by: tuple[str, ...] = ()
    """Variables, or code, with another address, to which some clients send the key."""
    looks_for: str = ""
    """What must be in the list that it answers with."""

    def speaker(self, service: Provider) -> str:
        """Who answers there: the service, or a host of the user's own."""
        return service.title if not self.strange else f"what answers at {self.origin}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        url = urlsplit(self.url)
        return f"{url.scheme}://{url.netloc}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Why nobody is asked."""

    why: str
    help: str = ""


Entry: TypeAlias = Gate | Closed


def gate(
    service: Provider, probe: Probe, environment: Mapping[str, str], *,
    names: tuple[VarName, ...], read: Iterable[str] = (), allowed: Iterable[str] = (),
) -> Entry:  # fmt: skip
    """The request that tells whether `service` accepts a key.

    Args:
        environment: settings of the process: addresses and regions. Nothing secret is read from it.
        names: the variables that are sent.
        read: the variables that decide the credential; an address among them comes before others.
        allowed: hosts, with or without a port, that the user allows by name.
    """
    region = _region(environment)
    if "{region}" in probe.url and (region is None or region.startswith("cn-")):
        return Closed(why=f"the region of {_REGIONS[0]} is none that keyhop knows")
    url = probe.url.replace("{region}", region or "")
    base = probe.base.replace("{region}", region or "")
    moved_by = _moved_by(probe, environment, tuple(read))
    if moved_by is None and not base and "{" in url:
        return Closed(why=f"its address is not known: {probe.base_names[0]} is not set")
    made = Gate(
        probe=probe, url=url, names=names, moved_by=moved_by, region=region or "",
        doubted_by=tuple(_others(service, probe, environment)),
        headers=tuple(
            (header, text) for header, name in probe.setting_headers
            if _SENDABLE.fullmatch(text := environment.get(name, ""))
        ),
    )  # fmt: skip
    text = environment[moved_by].strip() if moved_by else base or url
    address = _address(_completed(service, text))
    if address is None:
        return Closed(why=f"{moved_by} holds no address with http:// or https://")
    usual = urlsplit(url)
    if "{" in url or (moved_by and (address.scheme, address.netloc) != (usual.scheme, usual.netloc)):
        made = replace(made, url=_joined(address, url, base))
    return _open(service, made, tuple(allowed))


def _open(service: Provider, made: Gate, allowed: tuple[str, ...]) -> Entry:
    """The gate, if a key may go there."""
    url = urlsplit(made.url)
    where, by_name = url.hostname or "", _is_allowed(url, allowed)
    through = f"{made.moved_by} sends it to {where}, which" if made.moved_by else f"{where}"
    if not by_name and not service.accepts_host(where):
        return Closed(
            why=f"{through} is no host of {service.title}: no key is sent there",
            help=f"If the key belongs there, allow it: --allow-host {where}",
        )
    local = _LOOPBACK.fullmatch(where) is not None
    if url.scheme == "http" and not by_name and not local:
        return Closed(why=f"{through} would get it unencrypted: the address begins with http://")
    return replace(made, strange=local or not service.accepts_host(where))


def _moved_by(probe: Probe, environment: Mapping[str, str], read: tuple[str, ...]) -> VarName | None:
    names = sorted(probe.base_names, key=lambda name: name not in read)
    return next((name for name in names if environment.get(name, "").strip()), None)


def _others(service: Provider, probe: Probe, environment: Mapping[str, str]) -> Iterable[VarName]:
    """Settings with an address that is not the service's, and that the request does not follow."""
    for name in service.settings:
        text = environment.get(name, "").strip()
        if name in probe.base_names or not text or not _ADDRESS.search(name):
            continue
        if not service.accepts_host(host(text)):
            yield name


def _region(environment: Mapping[str, str]) -> str | None:
    text = next((environment[name].strip() for name in _REGIONS if environment.get(name, "").strip()), "us-east-1")
    return text if _REGION.fullmatch(text) else None


def _completed(service: Provider, text: str) -> str:
    return text if "://" in text else _WITHOUT_SCHEME.get(service.id, "") + text


def _address(text: str) -> SplitResult | None:
    """The address without a user, a query and a fragment; None for what is none."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return None
    name = url.hostname or ""
    if url.scheme not in _PORTS or not _HOST.fullmatch(name):
        return None
    where = f"[{name}]" if ":" in name else name
    usual = port is None or port == _PORTS[url.scheme]
    return url._replace(netloc=where if usual else f"{where}:{port}", query="", fragment="")


def _joined(address: SplitResult, url: str, base: str) -> str:
    """The request at another address; what both the address and the request's path begin with is not doubled."""
    origin = f"{address.scheme}://{address.netloc}"
    if "{host}" in url:
        return url.replace("{host}", address.netloc)
    if url.startswith("{endpoint}"):
        return url.replace("{endpoint}", origin)
    tail = url.removeprefix("{base}").removeprefix(base)
    path = quote(address.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
    first = f"/{tail.split('/')[1]}"
    if path.endswith(first) and tail.startswith(f"{first}/"):
        path = path.removesuffix(first)
    return f"{origin}{path}{tail}"


def _is_allowed(url: SplitResult, allowed: tuple[str, ...]) -> bool:
    where = (url.hostname or "").lower()
    port = url.port or _PORTS[url.scheme]
    return any(each.lower() in (where, f"{where}:{port}", f"[{where}]", f"[{where}]:{port}") for each in allowed)
