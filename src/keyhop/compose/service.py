"""One service of a Compose file, and what another definition of it puts on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from typing import TypeVar

from keyhop.compose.scope import COMPOSE, Scope
from keyhop.compose.variables import NO_VARIABLES, Variables
from keyhop.facts import Dialect
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.interpolation import Template

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """An entry of ``env_file:``."""

    path: str | None
    """Project path; None where it lies outside the project, or rests on names that are not in view."""
    written: str
    """As the file has it, variables replaced as far as they are in view."""
    key: str
    """What tells it from other entries: ``a.env`` and ``./a.env`` are two, and the file is read twice."""
    required: bool = True
    dialect: Dialect = COMPOSE
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """``build:``. Paths are project paths."""

    context: str | None = None
    """None: not given, or outside the project."""
    outside: bool = False
    dockerfile: str | None = None
    """Relative to the context."""
    inline: Span | None = None
    """Where ``dockerfile_inline:`` holds the text."""
    target: str | None = None
    args: Variables = NO_VARIABLES
    span: Span

    def over(self, base: Build) -> Build:
        return Build(
            context=base.context if self.context is None and not self.outside else self.context,
            outside=self.outside or (base.outside and self.context is None),
            dockerfile=self.dockerfile or base.dockerfile,
            inline=self.inline or base.inline,
            target=self.target or base.target,
            args=self.args.over(base.args) if self.args.by_name or self.args.unnamed else base.args,
            span=self.span,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``command:`` or ``entrypoint:``. Words None: the image's own."""

    words: tuple[str, ...] | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """An entry of ``volumes:`` or ``tmpfs:``."""

    target: str
    source: str | None = None
    """Project path of what a bind mount shows; None for a volume and for what lies outside the project."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An entry of ``secrets:`` or ``configs:`` of a service."""

    source: str
    target: str
    """Absolute, inside the container."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A secret or a config that a file declares."""

    name: str
    file: str | None = None
    """Project path."""
    environment: str | None = None
    """The variable of the scope that holds it."""
    content: Template | None = field(default=None, repr=False)
    scope: Scope = field(repr=False)
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Extends:
    """``extends:``."""

    service: str
    file: str | None
    """Project path; None for the same file."""
    outside: str = ""
    """The path as written, where it lies outside the project."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What one or several definitions say of a service."""

    name: str
    span: Span
    environment: Variables = NO_VARIABLES
    environment_span: Span | None = None
    environment_null: Span | None = None
    """Where ``environment:`` stands with nothing under it."""
    env_files: tuple[EnvFile, ...] = ()
    image: str | None = None
    build: Build | None = None
    command: Command | None = None
    entrypoint: Command | None = None
    working_dir: str | None = None
    mounts: tuple[Mount, ...] = ()
    secrets: tuple[Grant, ...] = ()
    configs: tuple[Grant, ...] = ()
    profiles: tuple[str, ...] = ()
    provider: bool = False
    """Something else than a container."""
    extends: Extends | None = None
    scope: Scope = field(repr=False)
    cleared: frozenset[tuple[str, ...]] = frozenset()
    """What ``!reset`` and ``!override`` take away of the definition below: paths of keys in the service."""

    @property
    def complete(self) -> bool:
        """It can be started: it has an image, a build or a provider."""
        return self.image is not None or self.build is not None or self.provider

    @property
    def _has_environment(self) -> bool:
        return self.environment_span is not None or self.environment_null is not None

    def over(self, below: Service) -> Service:
        """This definition on top of another: lists grow, what has a name or a target is replaced."""
        base = below.without(self.cleared)
        return replace(
            self,
            span=base.span,
            environment=self.environment.over(base.environment)
            if self._has_environment and base._has_environment
            else (self.environment if self._has_environment else base.environment),
            environment_span=self.environment_span or base.environment_span,
            environment_null=self.environment_null or base.environment_null,
            env_files=_unique((*base.env_files, *self.env_files), lambda f: f.key),
            image=self.image or base.image,
            build=self.build.over(base.build) if self.build and base.build else self.build or base.build,
            command=self.command or base.command,
            entrypoint=self.entrypoint or base.entrypoint,
            working_dir=self.working_dir or base.working_dir,
            mounts=_unique((*base.mounts, *self.mounts), lambda m: m.target),
            secrets=_unique((*base.secrets, *self.secrets), lambda g: g.target),
            configs=_unique((*base.configs, *self.configs), lambda g: g.target),
            profiles=tuple(dict.fromkeys((*base.profiles, *self.profiles))),
            provider=self.provider or base.provider,
            cleared=frozenset(),
        )

    def included_in(self, scope: Scope) -> Service:
        """The definition in the file that includes it: what has no value yet is looked up in that file's scope."""
        build = replace(self.build, args=self.build.args.passed_on(scope)) if self.build else None
        environment = self.environment if self.environment.listed else self.environment.passed_on(scope)
        return replace(self, build=build, environment=environment)

    def without(self, cleared: frozenset[tuple[str, ...]]) -> Service:
        """The definition after ``!reset`` and ``!override`` of one above it."""
        service = self
        for path in sorted(cleared):
            match path:
                case ():
                    service = Service(name=self.name, span=self.span, scope=self.scope)
                case ("environment",):
                    service = replace(service, environment=NO_VARIABLES, environment_span=None, environment_null=None)
                case ("environment", name):
                    service = replace(service, environment=service.environment.without(name))
                case ("build", "args"):
                    build = replace(service.build, args=NO_VARIABLES) if service.build else None
                    service = replace(service, build=build)
                case (key,) if key in _WITHOUT:
                    service = _WITHOUT[key](service)
        return service


_WITHOUT: dict[str, Callable[[Service], Service]] = {
    "env_file": lambda service: replace(service, env_files=()),
    "image": lambda service: replace(service, image=None),
    "build": lambda service: replace(service, build=None),
    "command": lambda service: replace(service, command=None),
    "entrypoint": lambda service: replace(service, entrypoint=None),
    "working_dir": lambda service: replace(service, working_dir=None),
    "volumes": lambda service: replace(service, mounts=()),
    "secrets": lambda service: replace(service, secrets=()),
    "configs": lambda service: replace(service, configs=()),
    "profiles": lambda service: replace(service, profiles=()),
}
"""What a service is without a key."""


def _unique(items: tuple[_T, ...], key: Callable[[_T], str]) -> tuple[_T, ...]:
    """Later items replace earlier ones of the same key, at their place."""
    return tuple({key(item): item for item in items}.values())
