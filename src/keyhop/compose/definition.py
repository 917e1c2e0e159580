"""From the nodes of one Compose file to its services, secrets and configs; nothing is merged yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from posixpath import normpath

from keyhop.compose.keys import SERVICE, TOP, is_known
from keyhop.compose.problem import Problem
from keyhop.compose.scope import COMPOSE, RAW, Scope
from keyhop.compose.service import Build, Command, Content, EnvFile, Extends, Grant, Mount, Service
from keyhop.compose.variables import NO_VARIABLES, Variables, variables
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.assignments import shown, template, words
from keyhop.text.go_scalars import Kind, is_finite, resolve
from keyhop.text.interpolation import Refused, Template
from keyhop.text.yaml import Entry, Mapping, Node, Scalar, Sequence
from keyhop.tree import Tree, join

_TAKEN_BACK = ("!reset", "!override")


@dataclass(kw_only=True)
class Definition:
    """The reading of one document of a Compose file."""

    path: str
    directory: str
    """What relative paths of the file start from, as a project path."""
    scope: Scope = field(repr=False)
    tree: Tree = field(repr=False)
    extended: bool = False
    """It is another file's whose services are extended: Compose resolves its paths before it merges."""
    problems: list[Problem] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)
    secrets: dict[str, Content] = field(default_factory=dict)
    configs: dict[str, Content] = field(default_factory=dict)
    _service: str = ""

    def read(self, root: Node) -> None:
        """Takes in a document."""
        if not isinstance(root, Mapping):
            self.refuse("a Compose file must be a mapping", root.span)
            return
        for entry in root.entries:
            if not is_known(entry.key.text, TOP):
                self.refuse(f"docker compose does not know {entry.key.text} at the top of a file", entry.key.span)
        self._check(root)
        for name, entry in self._section(root, "services"):
            self._service = name
            service = self.service(name, entry)
            if service is not None:
                self.services[name] = service
            self._service = ""
        for section, found in (("secrets", self.secrets), ("configs", self.configs)):
            for name, entry in self._section(root, section):
                found[name] = self._content(name, entry)

    def refuse(self, why: str, span: Span, names: frozenset[str] | None = None) -> None:
        self.problems.append(Problem(why=why, span=span, service=self._service, names=names))

    def _check(self, root: Mapping) -> None:
        """Refuses what Compose stops at wherever it stands; a service's own variables tell it themselves."""
        done: set[int] = set()
        waiting: list[tuple[Node, bool]] = [
            (each.value, each.key.text == "services" and not self.extended) for each in root.entries
        ]
        while waiting:
            node, service = waiting.pop()
            if id(node) in done:
                continue
            done.add(id(node))
            match node:
                case Mapping(entries=entries):
                    waiting += ((e.value, service) for e in entries if not (service and e.key.text == "environment"))
                case Sequence(items=items):
                    waiting += ((item, service) for item in items)
                case Scalar():
                    self._check_scalar(node)

    def _check_scalar(self, node: Scalar) -> None:
        if not self.extended and not is_finite(node):
            self.refuse("a number is not finite", node.span)
        try:
            self.scope.resolved(template(resolve(node)[1]))
        except Refused as error:
            self.refuse(str(error), node.span)

    def _section(self, root: Mapping, key: str) -> Iterator[tuple[str, Entry]]:
        node = root.get(key)
        if node is None or _is_null(node):
            return
        if not isinstance(node, Mapping):
            self.refuse(f"{key} must be a mapping", node.span)
            return
        for entry in node.entries:
            yield entry.key.text, entry

    def service(self, name: str, entry: Entry) -> Service | None:
        """The service as this file alone defines it."""
        node = entry.value
        cleared = frozenset(_cleared(node))
        if node.tag == "!reset" or _is_null(node):
            return Service(name=name, span=entry.key.span, scope=self.scope, cleared=cleared)
        if not isinstance(node, Mapping):
            self.refuse(f"services.{name} must be a mapping", node.span)
            return None
        for each in node.entries:
            if not is_known(each.key.text, SERVICE):
                self.refuse(f"docker compose does not know {each.key.text} in a service", each.key.span)
        present = {e.key.text: e for e in node.entries if e.value.tag != "!reset"}
        environment = present.get("environment")
        return Service(
            name=name,
            span=entry.key.span,
            scope=self.scope,
            cleared=cleared,
            environment=self._variables(environment),
            environment_span=environment.key.span if environment and not _is_null(environment.value) else None,
            environment_null=environment.key.span if environment and _is_null(environment.value) else None,
            env_files=tuple(self._env_files(present.get("env_file"))),
            image=self._shown(present.get("image")),
            build=self._build(present.get("build")),
            command=self._command(present.get("command")),
            entrypoint=self._command(present.get("entrypoint")),
            working_dir=self._shown(present.get("working_dir")),
            mounts=tuple(self._mounts(present.get("volumes"))),
            secrets=tuple(self._grants(present.get("secrets"), "/run/secrets")),
            configs=tuple(self._grants(present.get("configs"), "")),
            profiles=tuple(self._texts(present.get("profiles"))),
            provider="provider" in present,
            extends=self._extends(present.get("extends")),
        )

    def text(self, node: Node) -> tuple[str, bool]:
        """A path, an image or a name with its variables replaced, and whether it is all in view."""
        if not isinstance(node, Scalar):
            return "", False
        text, complete = self.scope.as_shown(template(resolve(node)[1]))
        return shown(text), complete

    def place(self, written: str) -> str | None:
        """The project path of a path on the host; None where it lies outside the project."""
        if written.startswith(("/", "~", "git@")) or "\\" in written or "://" in written:
            return None
        return join(self.directory, written)

    def _shown(self, entry: Entry | None) -> str | None:
        return self.text(entry.value)[0] if entry and not _is_null(entry.value) else None

    def _texts(self, entry: Entry | None) -> Iterator[str]:
        for node in _items(entry):
            yield self.text(node)[0]

    def _variables(self, entry: Entry | None) -> Variables:
        return variables(entry.value, self.scope, self.refuse) if entry else NO_VARIABLES

    def _env_files(self, entry: Entry | None) -> Iterator[EnvFile]:
        for node in _items(entry):
            path, required, dialect = node, True, COMPOSE
            if isinstance(node, Mapping):
                given = node.get("path")
                if given is None:
                    self.refuse("an entry of env_file has no path", node.span)
                    continue
                path = given
                required = self._flag(node.get("required"), default=True)
                kind = node.get("format")
                dialect = RAW if kind is not None and self.text(kind)[0] == "raw" else COMPOSE
            written, complete = self.text(path)
            inside = self.place(written) if complete else None
            key = inside if self.extended and inside else written
            yield EnvFile(path=inside, written=written, key=key, required=required, dialect=dialect, span=path.span)

    def _flag(self, node: Node | None, *, default: bool) -> bool:
        return default if node is None else self.text(node)[0].lower() not in ("false", "0", "no", "off")

    def _build(self, entry: Entry | None) -> Build | None:
        if entry is None or _is_null(entry.value):
            return None
        node = entry.value
        if isinstance(node, Scalar):
            inside = self.place(self.text(node)[0])
            return Build(context=inside, outside=inside is None, span=entry.key.span)
        if not isinstance(node, Mapping):
            self.refuse("build must be a path or a mapping", node.span)
            return None
        given, inline, args = node.entry("context"), node.get("dockerfile_inline"), node.entry("args")
        context = self._shown(given) if given else None
        inside = self.place(context) if context is not None else None
        return Build(
            context=inside,
            outside=context is not None and inside is None,
            dockerfile=self._shown(node.entry("dockerfile")),
            inline=inline.span if isinstance(inline, Scalar) else None,
            target=self._shown(node.entry("target")),
            args=self._variables(args),
            span=entry.key.span,
        )

    def _command(self, entry: Entry | None) -> Command | None:
        if entry is None:
            return None
        node = entry.value
        if _is_null(node):
            return Command(words=None, span=entry.key.span)
        if isinstance(node, Sequence):
            return Command(words=tuple(self.text(item)[0] for item in node.items), span=node.span)
        if not isinstance(node, Scalar):
            self.refuse(f"{entry.key.text} must be a text or a list", node.span)
            return None
        text, _ = self.scope.as_shown(template(resolve(node)[1]))
        split = words(text)
        if split is None:
            self.refuse(f"{entry.key.text} is not a valid command line", node.span)
        return Command(words=split, span=node.span)

    def _mounts(self, entry: Entry | None) -> Iterator[Mount]:
        for node in _items(entry):
            if isinstance(node, Mapping):
                target = self._shown(node.entry("target"))
                kind = self._shown(node.entry("type")) or "volume"
                source = self._shown(node.entry("source"))
            else:
                source, target, kind = _short_mount(self.text(node)[0])
            if target:
                inside = self.place(source) if kind == "bind" and source is not None else None
                yield Mount(target=normpath(target), source=inside, span=node.span)

    def _grants(self, entry: Entry | None, directory: str) -> Iterator[Grant]:
        for node in _items(entry):
            target: str | None = None
            if isinstance(node, Mapping):
                source = self._shown(node.entry("source")) or ""
                target = self._shown(node.entry("target"))
            else:
                source = self.text(node)[0]
            path = target if target and target.startswith("/") else f"{directory}/{target or source}"
            yield Grant(source=source, target=normpath(path), span=node.span)

    def _content(self, name: str, entry: Entry) -> Content:
        node = entry.value if isinstance(entry.value, Mapping) else None
        file = self._shown(node.entry("file")) if node else None
        content = node.get("content") if node else None
        inlined: Template | None = template(content.sealed) if isinstance(content, Scalar) else None
        return Content(
            name=name,
            file=self.place(file) if file is not None else None,
            environment=self._shown(node.entry("environment")) if node else None,
            content=inlined,
            scope=self.scope,
            span=entry.key.span,
        )

    def _extends(self, entry: Entry | None) -> Extends | None:
        if entry is None or _is_null(entry.value):
            return None
        node = entry.value
        if not isinstance(node, Mapping):
            return Extends(service=self.text(node)[0], file=None, span=node.span)
        service, file = self._shown(node.entry("service")), self._shown(node.entry("file"))
        if service is None:
            self.refuse("extends names no service", node.span)
            return None
        inside = self.place(file) if file is not None else None
        outside = file if file is not None and inside is None else ""
        return Extends(service=service, file=inside, outside=outside or "", span=node.span)


def _short_mount(text: str) -> tuple[str | None, str | None, str]:
    """``SOURCE:TARGET:MODE`` as (source, target, type); a drive letter belongs to its path."""
    parts: list[str] = []
    for part in text.split(":"):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha():
            parts[-1] += f":{part}"
        else:
            parts.append(part)
    if len(parts) == 1:
        return None, parts[0], "volume"
    is_path = parts[0].startswith((".", "/", "~", "\\")) or parts[0][1:2] == ":"
    return parts[0], parts[1], "bind" if is_path else "volume"


def _items(entry: Entry | None) -> tuple[Node, ...]:
    """The nodes of a list, or of a single value in the place of a list."""
    if entry is None or _is_null(entry.value):
        return ()
    return entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and resolve(node)[0] is Kind.NULL and not node.tag.startswith("!r")


def _cleared(node: Node, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths in a service that carry ``!reset`` or ``!override``, two levels deep."""
    if node.tag in _TAKEN_BACK:
        yield above
    elif isinstance(node, Mapping) and len(above) < 2:
        for entry in node.entries:
            yield from _cleared(entry.value, (*above, entry.key.text))
