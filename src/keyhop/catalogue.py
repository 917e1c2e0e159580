"""What services accept as credentials, and the look-ups over all of them.

The data is in ``keyhop.providers``, one module per service, each with one ``PROVIDER``. Nothing in
here ever holds a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, NewType

VarName = NewType("VarName", str)
ProviderId = NewType("ProviderId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a claim about a service comes from, and when it was last seen to hold."""

    url: str
    seen: str
    """ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a value of one kind looks. ``pattern`` matches the whole value."""

    title: str
    pattern: str
    certain: bool = False
    """Only a certain shape may say whose key a value is; the others are shared by several services."""

    def matches(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One value of a credential, under its canonical name and its aliases, in the order they are tried.

    A part named ``@…`` is a way without a key (``@aws identity``, ``@google adc``): a place supplies
    it by what it is, not by a variable.
    """

    names: tuple[VarName, ...]
    shapes: tuple[Shape, ...] = ()
    secret: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Alternatives (any of) of parts (all of)."""

    id: str
    any_of: tuple[tuple[Part, ...], ...]
    reader: Literal["crewai", "litellm", "sdk", "embedder", "tool"] = "crewai"
    """Which library's way of reading this is: they differ in names for the same service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One free, read-only request that tells whether a key is accepted."""

    method: Literal["GET", "POST"]
    url: str
    """With ``{base}``, ``{endpoint}``, ``{region}`` and the like where the host is the user's own."""
    header: str
    """The header's name and form, e.g. ``Authorization: Bearer {key}``; ``?name={key}`` for a query."""
    accepted: tuple[int, ...] = (200,)
    rejected: tuple[int, ...] = (401,)
    cost: Literal["none", "paid", "unknown"] = "none"
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service that accepts a credential."""

    id: ProviderId
    title: str
    url: str
    kind: Literal["llm", "tool", "platform"] = "llm"
    credentials: tuple[Credential, ...]
    """The way CrewAI reads it comes first, where it does."""
    settings: tuple[VarName, ...] = ()
    """Variables that are not secret but decide where or how the key is used: base URL, region, model."""
    prefixes: tuple[str, ...] = ()
    """Model prefixes that route to this service, in CrewAI or LiteLLM (``openai/…``)."""
    hosts: tuple[str, ...] = ()
    """Hosts to which a key of this service may be sent."""
    probe: Probe | None = None
    keyless: bool = False
    """The service needs no key at all by default (a local Ollama)."""
    never_read: tuple[VarName, ...] = field(default=())
    """Names people set for this service that CrewAI never reads."""
    references: tuple[Reference, ...] = ()

    def credential(self, reader: str = "crewai") -> Credential:
        """The credential as `reader` reads it, else the first."""
        return next((c for c in self.credentials if c.reader == reader), self.credentials[0])

    @property
    def names(self) -> tuple[VarName, ...]:
        """Every variable that may hold a secret of this service, canonical first, without repeats."""
        found = (n for c in self.credentials for parts in c.any_of for p in parts if p.secret for n in p.names)
        return tuple(dict.fromkeys(n for n in found if not n.startswith("@")))


@cache
def provider(id: str) -> Provider | None:
    """The provider of that id, or None. Imports that one module only."""
    name = id.replace("-", "_")
    if not name.isidentifier() or name not in _module_names():
        return None
    found: Provider = import_module(f"keyhop.providers.{name}").PROVIDER
    return found


@cache
def _module_names() -> frozenset[str]:
    from keyhop import providers

    return frozenset(m.name for m in iter_modules(providers.__path__))


def providers() -> Iterator[Provider]:
    """All providers, by id."""
    for name in sorted(_module_names()):
        found = provider(name)
        if found is not None:
            yield found


@cache
def by_name() -> dict[VarName, tuple[Provider, ...]]:
    """Which providers a variable's name belongs to."""
    found: dict[VarName, list[Provider]] = {}
    for each in providers():
        for name in each.names:
            found.setdefault(name, []).append(each)
    return {name: tuple(owners) for name, owners in found.items()}


@cache
def settings() -> frozenset[VarName]:
    """Names whose values are not secret and may be shown."""
    return frozenset(n for each in providers() for n in each.settings)


def looks_like(text: str) -> ProviderId | None:
    """Whose key a value looks like, by a shape that no other service shares; None if none or several."""
    owners = {each.id for each, shape in _certain_shapes() if shape.matches(text)}
    return owners.pop() if len(owners) == 1 else None


@cache
def _certain_shapes() -> tuple[tuple[Provider, Shape], ...]:
    return tuple(
        (each, shape)
        for each in providers()
        for credential in each.credentials
        for parts in credential.any_of
        for part in parts
        for shape in part.shapes
        if shape.certain
    )
