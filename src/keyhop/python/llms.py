"""Models that the code names, and what CrewAI reads for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from keyhop.addresses import ADDRESSES
from keyhop.addresses import shown as shown_address
from keyhop.catalogue import Credential, Provider, ProviderId, VarName, providers
from keyhop.crewai_version import AZURE_IDENTITY, NATIVE, NEWEST, CrewAIVersion
from keyhop.facts import Act, Argument, Phase, Position
from keyhop.python.arguments import Arguments
from keyhop.python.conditions import default_text
from keyhop.python.program import Program
from keyhop.python.scopes import Site
from keyhop.python.uses import Use, assumed, of_credential, of_variable, variables
from keyhop.python.values import EVERY_CASE, Case, Const, Env, Text, Value
from keyhop.records import dataclass
from keyhop.routing import Route, route

AT_THE_CALL = Position(Phase.CALL)

_ANY_MODEL = {
    "openai": "gpt-",
    "anthropic": "claude-",
    "claude": "claude-",
    "gemini": "gemini-",
    "google": "gemini-",
    "deepseek": "deepseek-",
    "bedrock": "anthropic.claude",
    "aws": "anthropic.claude",
    "deepinfra": "org/model",
}
"""How a model may begin whose name only a run would show: one that its service has."""

_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A use that a setting decides: the setting, and the uses for a text of it."""

    setting: Env
    site: Site
    uses: Callable[[str | None], tuple[Use, ...]]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A use whose service only a run would show."""

    site: Site
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A call that asks a model, whatever its key is."""

    act: Act = Act.ASKS
    site: Site
    subject: str
    names: tuple[VarName, ...] = ()
    """The variables that name the model."""
    model: str = ""
    arguments: tuple[Argument, ...] = ()
    start: Case = EVERY_CASE
    case: Case = EVERY_CASE


Found = Use | Pending | Unseen | Asks


def of_call(program: Program, site: Site, version: CrewAIVersion | None) -> Iterator[Found]:
    """What ``LLM(...)`` needs, for every way its arguments may come out."""
    ev = program.ev
    passed = Arguments(ev, site)
    ev.refresh()
    found: list[Found] = []
    for start in ev.conditions.pass_guards(site.guards, site.scope, EVERY_CASE):
        for model, then in passed.outcomes("model", 0, start):
            for base, case in passed.first(("base_url", "api_base", "endpoint", "azure_endpoint"), then):
                for key, last in passed.first(("api_key", "aws_access_key_id", "azure_ad_token"), case):
                    call = Call(program, site, version, passed, start, last)
                    found += call.uses(model, key, base)
    yield from (f for f in found if isinstance(f, Asks))
    found = [f for f in found if not isinstance(f, Asks)]
    if passed.open and passed.node("model", 0) is None:
        found = [f for f in found if not isinstance(f, Unseen)] or [
            Unseen(site=site, why="the model and its key are passed in at run time")
        ]
    known = [f for f in found if not isinstance(f, Unseen)]
    yield from known or found[:1]


def of_model(
    program: Program,
    site: Site,
    version: CrewAIVersion | None,
    model: Value,
    case: Case,
    what: str,
    start: Case = EVERY_CASE,
) -> Iterator[Found]:
    """What a model that is given as a text needs: ``Agent(llm="…")``."""
    yield from Call(program, site, version, None, start, case, what).uses(model, Const(None), Const(None))


class Call:
    """One way in which one call names its model, its key and its host."""

    def __init__(
        self,
        program: Program,
        site: Site,
        version: CrewAIVersion | None,
        passed: Arguments | None,
        start: Case,
        case: Case,
        what: str = "",
        litellm: bool = False,
    ) -> None:
        self._program = program
        self._site = site
        self._version = version or NEWEST
        self._passed = frozenset(passed.passed()) if passed else frozenset()
        self._arguments = passed
        self._start = start
        self._case = case
        self._what = what
        self._litellm = litellm

    def uses(self, model: Value, key: Value, base: Value) -> Iterator[Found]:
        explicit = [*variables(key)]
        host = host_of(base)
        shown = _shown(model)
        because = self._what or f"LLM({shown})"
        yield from self._asks(model, because)
        if explicit:
            service = service_at(host) if base != Const(None) else self._provider(model)
            for read in explicit:
                yield self._assumed(
                    of_variable(self._program, read, self._site, because, provider=service, any_value=is_local(host))
                )
            return
        if isinstance(key, Const) and key.value:
            return
        if not isinstance(key, Const):
            yield Unseen(site=self._site, why=f"the key of {because} is chosen at run time")
            return
        match model:
            case Const(value=str() as name) if name:
                yield from self._known(name, base, because)
            case Text():
                yield from self._known(_likely(model), base, because)
            case Env():
                spare = default_text(model)

                def decided(text: str | None) -> tuple[Use, ...]:
                    name = text or spare
                    return tuple(self._known(name, base, self._what or f"LLM({name!r})")) if name else ()

                yield Pending(setting=model, site=self._site, uses=decided, because=because)
            case Const():
                return
            case _:
                yield Unseen(site=self._site, why=f"the model of {because} is chosen at run time")

    def _asks(self, model: Value, because: str) -> Iterator[Asks]:
        """The model that is asked and where, as far as the text or a variable names it."""
        names: tuple[str, ...] = ()
        match model:
            case Const(value=str() as name):
                text = name
            case Env(settings=None):
                names, text = model.names, default_text(model) or ""
            case _:
                return
        yield Asks(
            site=self._site,
            subject=because,
            names=tuple(map(VarName, names)),
            model=text,
            arguments=tuple(self._given()),
            start=self._start,
            case=self._case,
        )

    def _given(self) -> Iterator[Argument]:
        if self._litellm:
            yield Argument("is_litellm")
        for name in sorted(self._passed):
            if name not in ADDRESSES or self._arguments is None:
                yield Argument(name)
                continue
            for value, _ in self._arguments.outcomes(name, None, self._case)[:1]:
                match value:
                    case Const(value=str() as url):
                        yield Argument(name, shown_address(url))
                    case Const(value=None):
                        continue
                    case Env(settings=None):
                        spare = default_text(value)
                        text = shown_address(spare) if spare else None
                        yield Argument(name, text, tuple(map(VarName, value.names)))
                    case _:
                        yield Argument(name)

    def _known(self, model: str, base: Value, because: str) -> Iterator[Use]:
        given = base != Const(None)
        found = route(
            model,
            base_url=given and "base_url" in self._passed,
            api_base=given and "api_base" in self._passed,
            version=self._version,
            custom_openai="custom_openai" in self._passed,
            is_litellm=self._litellm or "is_litellm" in self._passed,
        )
        if found.credential is None or not found.required:
            return
        rest = found.credential.beside(self._passed - {"api_key"})
        if rest is None:
            return
        local = given and is_local(host_of(base))
        use = of_credential(
            rest, self._site, because, self._reads(found, rest), provider=found.provider, any_value=local
        )
        yield self._assumed(replace(use, crewai=str(self._version)))

    def _reads(self, found: Route, credential: Credential) -> tuple[Position, ...]:
        """When the service's own variables are read: at the call, at construction, or at both."""
        built = self._program.position(self._site)
        if found.reader == "litellm" or self._version < NATIVE:
            return (AT_THE_CALL,)
        deferred = found.provider in ("openai", "anthropic", "azure", "gemini", "bedrock")
        return (built, AT_THE_CALL) if deferred and self._version >= AZURE_IDENTITY else (built,)

    def _provider(self, model: Value) -> ProviderId | None:
        match model:
            case Const(value=str() as name) if name:
                return route(name, version=self._version).provider
            case Text() if "/" in model.prefix:
                return route(_likely(model), version=self._version).provider
        return None

    def _assumed(self, use: Use) -> Use:
        return assumed(use, self._start, self._case)


def _likely(model: Text) -> str:
    """A model text whose unknown parts are filled with what the service would have there."""
    found = model.prefix
    for part in model.parts:
        if isinstance(part, Env) and default_text(part) and found == model.prefix:
            return found + str(default_text(part))
    service = found.rstrip("/").rpartition("/")[2].lower() if found.endswith("/") else ""
    return found + _ANY_MODEL.get(service, "model" if found.endswith("/") else "")


def _shown(model: Value) -> str:
    match model:
        case Const(value=value):
            return repr(value)
        case Text():
            return repr(f"{model.prefix}…")
        case Env(names=names):
            return names[0]
    return "…"


def host_of(base: Value) -> str | None:
    """The host of an address, as far as it is known; an empty text where it is not."""
    match base:
        case Const(value=str() as url):
            return urlsplit(url if "//" in url else f"//{url}").hostname or ""
        case Env():
            text = default_text(base)
            return host_of(Const(text)) if text else ""
        case Const(value=None):
            return None
    return ""


def is_local(host: str | None) -> bool:
    return bool(host) and (host in _LOCAL or "." not in str(host))


def service_at(host: str | None) -> ProviderId | None:
    """Whose host it is, if one service's alone."""
    if not host:
        return None
    owners: list[Provider] = [each for each in providers() if each.accepts_host(host)]
    return owners[0].id if len(owners) == 1 else None
