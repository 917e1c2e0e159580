"""What services accept as credentials, and the look-ups over all of them.

The data is in ``keyhop.providers``, one module per service, each with one ``PROVIDER``. Nothing in
here ever holds a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, NewType

from keyhop.crewai_version import CrewAIVersion
from keyhop.records import dataclass

VarName = NewType("VarName", str)
ProviderId = NewType("ProviderId", str)

Reader = Literal["crewai", "litellm", "sdk", "langchain", "embedder", "tool"]
"""Whose way of reading: these libraries differ in the names they read for one and the same service."""


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
    arguments: tuple[str, ...] = ()
    """Keyword arguments of the reader's class that supply it in place of a variable."""
    since: CrewAIVersion | None = None
    """The first CrewAI that reads it; None where all do."""

    @property
    def keyless(self) -> bool:
        return self.names[0].startswith("@")


def key(
    *names: str,
    shapes: tuple[Shape, ...] = (),
    arguments: tuple[str, ...] = ("api_key",),
    since: CrewAIVersion | None = None,
) -> Part:
    """A secret part."""
    return Part(names=variables(*names), shapes=shapes, arguments=arguments, since=since)


def setting(*names: str, arguments: tuple[str, ...] = ()) -> Part:
    """A part that is needed but not secret, such as an endpoint."""
    return Part(names=variables(*names), secret=False, arguments=arguments)


def identity(name: str, *, since: CrewAIVersion | None = None) -> Part:
    """A way without a key: ``identity("@aws identity")``."""
    return Part(names=variables(name), secret=False, since=since)


def variables(*names: str) -> tuple[VarName, ...]:
    return tuple(VarName(name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Alternatives (any of) of parts (all of), as one reader tries them."""

    any_of: tuple[tuple[Part, ...], ...]
    reader: Reader = "crewai"
    required: bool = True
    """False where the reader goes on without it, as with a local server that asks for no key."""

    @classmethod
    def of(cls, *parts: Part, reader: Reader = "crewai", required: bool = True) -> Credential:
        """A credential with one alternative."""
        return cls(any_of=(parts,), reader=reader, required=required)

    @property
    def id(self) -> str:
        """The canonical name, by which reports call it."""
        return next((part.names[0] for part in self.parts if part.secret), self.parts[0].names[0])

    @property
    def names(self) -> tuple[VarName, ...]:
        """Every variable that may hold a secret of it, canonical first, without repeats."""
        return tuple(dict.fromkeys(name for part in self.parts if part.secret for name in part.names))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all alternatives, without repeats."""
        return tuple(dict.fromkeys(part for alternative in self.any_of for part in alternative))

    def as_of(self, version: CrewAIVersion) -> Credential:
        """Without the parts that `version` does not read yet."""
        kept = tuple(
            parts
            for parts in self.any_of
            if not any(part.since is not None and version < part.since for part in parts)
        )
        return replace(self, any_of=kept)

    def beside(self, arguments: Collection[str]) -> Credential | None:
        """What is still needed where code passes `arguments`; None if they supply all of it."""
        rest = tuple(
            tuple(part for part in parts if not set(part.arguments) & set(arguments)) for parts in self.any_of
        )
        if rest == self.any_of:
            return self
        # An argument commits to the alternatives it belongs to: a key in code is not an identity.
        rest = tuple(left for left, parts in zip(rest, self.any_of, strict=True) if left != parts)
        return replace(self, any_of=rest) if all(rest) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One free, read-only request that tells whether a key is accepted."""

    method: Literal["GET", "POST"]
    url: str
    """With ``{base}``, ``{endpoint}``, ``{region}`` and the like where the host is the user's own."""
    header: str
    """The header's name and form, e.g. ``Authorization: Bearer {key}``; ``?name={key}`` for a query."""
    headers: tuple[str, ...] = ()
    """Further headers, sent as they are."""
    setting_headers: tuple[tuple[str, VarName], ...] = ()
    """Headers that clients fill from a variable, where that is set: the organisation, the project."""
    body: str = ""
    accepted: tuple[int, ...] = (200,)
    rejected: tuple[int, ...] = (401,)
    rejected_when: str = ""
    """A pattern that the body of a rejection must contain; the status alone is enough if empty."""
    limited: tuple[int, ...] = ()
    """The key is known, but may not do this."""
    limited_when: str = ""
    """As `rejected_when`; tried before the rejection."""
    live_when: str = ""
    """A pattern of a refusal that shows a good key: its owner has only not let it ask this."""
    cost: Literal["none", "paid", "unknown"] = "none"
    base: str = ""
    """The beginning of `url` that `base_names` stand in for; empty where the host is fixed, or the user's own."""
    base_names: tuple[VarName, ...] = ()
    """Variables with the address that clients use in place of `base` or ``{base}``, in the order they are read."""
    names: tuple[VarName, ...] = ()
    """The variables that it sends; empty for whichever of the service's keys is read."""
    signature: str = ""
    """The service that AWS signatures are made for, where the key signs and is not sent: id, secret, session."""
    lists_models: bool = False
    """Its answer lists, under ``data`` and ``id``, every model that is open to the key."""
    tells: str = ""
    """What an acceptance does not tell, where that is not plain."""


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
    """Model prefixes that LiteLLM routes to this service (``openai/…``)."""
    hosts: tuple[str, ...] = ()
    """Hosts to which a key of this service may be sent; ``*`` stands for any labels."""
    probe: Probe | None = None
    other_probes: tuple[Probe, ...] = ()
    """For the other ways of the credential."""
    keyless: bool = False
    """The service needs no key at all by default (a local Ollama)."""
    never_read: tuple[VarName, ...] = ()
    """Names people set for this service that CrewAI never reads."""
    references: tuple[Reference, ...] = ()

    def credential(self, reader: Reader = "crewai") -> Credential:
        """The credential as `reader` reads it, else as the service's own library does, else the first."""
        by_reader = {each.reader: each for each in reversed(self.credentials)}
        return by_reader.get(reader) or by_reader.get("sdk") or self.credentials[0]

    @property
    def names(self) -> tuple[VarName, ...]:
        """Every variable that may hold a secret of this service, canonical first, without repeats."""
        return tuple(dict.fromkeys(name for each in self.credentials for name in each.names))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of every credential, without repeats."""
        return tuple(dict.fromkeys(part for each in self.credentials for part in each.parts))

    @property
    def probes(self) -> tuple[Probe, ...]:
        """That of its key first."""
        return (*((self.probe,) if self.probe else ()), *self.other_probes)

    def claims(self, text: str) -> bool:
        """Whether a value has a shape that no other service's keys have."""
        return any(shape.certain and shape.matches(text) for part in self.parts for shape in part.shapes)

    def accepts_host(self, host: str) -> bool:
        """Whether a key of this service may be sent to `host`."""
        return any(fnmatchcase(host.lower(), pattern) for pattern in self.hosts)


_MODEL_NAMES = ("MODEL", "MODEL_NAME", "MODEL_ID", "PROVIDER")


@cache
def provider(id: str) -> Provider | None:
    """The provider of that id, or None. Imports that one module only."""
    name = id.replace("-", "_")
    if not name.isidentifier() or name.startswith("_"):
        return None
    module = f"keyhop.providers.{name}"
    try:
        found: Provider = import_module(module).PROVIDER
    except ModuleNotFoundError as error:
        if error.name == module:
            return None
        raise
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
    """Which providers a variable's name belongs to, those that read it first coming first."""
    found: dict[VarName, list[Provider]] = {}
    for each in providers():
        for name in each.names:
            found.setdefault(name, []).append(each)
    return {name: tuple(sorted(owners, key=lambda o: o.names.index(name))) for name, owners in found.items()}


@cache
def by_prefix(prefix: str) -> Provider | None:
    """The provider that LiteLLM routes ``prefix/…`` to, or None."""
    namesake = provider(prefix)
    if namesake is not None and prefix in namesake.prefixes:
        return namesake
    return next((each for each in providers() if prefix in each.prefixes), None)


@cache
def settings() -> frozenset[VarName]:
    """Names whose values are not secret and may be shown."""
    parts = (part for each in providers() for part in each.parts if not part.secret and not part.keyless)
    needed = {name for part in parts for name in part.names}
    return frozenset(needed.union(*(each.settings for each in providers())))


def is_setting(name: str) -> bool:
    """Whether the value under a name is not secret: a listed setting, or a project's own name for a model."""
    return name in settings() or name.upper().endswith(_MODEL_NAMES)


def looks_like(text: str) -> ProviderId | None:
    """Whose key a value looks like, by a shape that no other service shares; None if none or several."""
    owners = {each.id for each, shape in _certain_shapes() if shape.matches(text)}
    return owners.pop() if len(owners) == 1 else None


@cache
def _certain_shapes() -> tuple[tuple[Provider, Shape], ...]:
    return tuple(
        (each, shape) for each in providers() for part in each.parts for shape in part.shapes if shape.certain
    )
