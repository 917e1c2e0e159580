"""Writes into the environment that the code makes: loading of files, assignments, removals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from posixpath import normpath
from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.environments import lies_inside
from keyhop.facts import (
    Blindspot,
    Condition,
    Dialect,
    Everything,
    Hop,
    IfUnset,
    One,
    Overwrite,
    PlaceId,
    Position,
    Supply,
)
from keyhop.python import library, own_loads
from keyhop.python.arguments import Arguments
from keyhop.python.conditions import default_text
from keyhop.python.elsewhere import dotted
from keyhop.python.program import Program
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.uses import Judge
from keyhop.python.values import EVERY_CASE, Const, Env, Made, Table, Text, Unknown, Value
from keyhop.readers.reader import Desk
from keyhop.sighting import UNKNOWN, Seen
from keyhop.text.sealed import Sealed
from keyhop.view import View

Written: TypeAlias = Supply | Hop | Blindspot

PYTHON_DOTENV = Dialect("python-dotenv")
_LOADERS = frozenset({"dotenv.load_dotenv", "dotenv.main.load_dotenv"})
_FINDERS = frozenset({"dotenv.find_dotenv", "dotenv.main.find_dotenv"})
_READERS = {
    "environ.Env().read_env": "django-environ",
    "environ.Env.read_env": "django-environ",
    "environs.Env().read_env": "environs",
    "environs.env.read_env": "environs",
    "environs.Env.read_env": "environs",
}
_ENVIRON = ("os.environ", "environ")


class Writes:
    """The writes into one process's environment that its code makes."""

    def __init__(self, program: Program, process: PlaceId, desk: Desk) -> None:
        self._program = program
        self._ev = program.ev
        self._process = process
        self._desk = desk
        self._judge = Judge(program)

    def __iter__(self) -> Iterator[Written]:
        for site in self._program.sites(Kind.CALL, Kind.STORE, Kind.DELETE, Kind.IMPORT):
            match site.node:
                case ast.Call():
                    yield from self._called(site)
                case ast.Subscript(value=base, slice=index) if self._is_environ(base, site.scope):
                    yield from self._stored(site, index)
        yield from self._by_crewai()

    def _called(self, site: Site) -> Iterator[Written]:
        call = site.node
        assert isinstance(call, ast.Call)
        for callee in self._program.callees.get(site, ()):
            name = dotted(callee)
            if name in _LOADERS:
                yield from self._loaded(site)
            elif name in _READERS:
                yield from self._read(site, _READERS[name])
            elif name in own_loads.LOADS:
                yield from own_loads.loaded(self._program, self._process, site, self._given(site))
            elif name in own_loads.ATTACHES:
                yield from own_loads.attached(self._program, self._process, site, self._given(site))
            elif name in ("os.environ.setdefault", "os.putenv", "os.environ.__setitem__") and len(call.args) == 2:
                overwrite = Overwrite.IF_ABSENT if name.endswith("setdefault") else Overwrite.ALWAYS
                yield from self._assigned(site, call.args[0], call.args[1], overwrite, name)
            elif name == "os.environ.update":
                yield from self._updated(site, call)
            elif name in ("os.environ.pop", "os.unsetenv") and call.args:
                yield from self._removed(site, call.args[0])
            elif name == "os.environ.clear":
                yield Blindspot(place=self._process, why="os.environ.clear()", at=self._at(site), span=site.span)

    def _loaded(self, site: Site) -> Iterator[Written]:
        """``load_dotenv(path, override=…)``."""
        passed = Arguments(self._ev, site)
        override = any(v == Const(True) for v, _ in passed.outcomes("override", 3, EVERY_CASE))
        overwrite = Overwrite.ALWAYS if override else Overwrite.IF_ABSENT
        plain = any(v == Const(False) for v, _ in passed.outcomes("interpolate", 4, EVERY_CASE))
        suffix = "-nointerp" if plain else "-override" if override else ""
        dialect = Dialect(f"{PYTHON_DOTENV}{suffix}")
        if passed.node("stream", 1) is not None:
            yield self._unread(site, "load_dotenv reads a stream")
            return
        paths = [v for v, _ in passed.outcomes("dotenv_path", 0, EVERY_CASE)]
        given = self._given(site)
        for path in paths:
            found = self._file(path, site)
            if found is None:
                yield self._unread(site, "load_dotenv takes a path that is computed while running")
            elif found:
                alternative = Condition(text="one of several files is loaded") if len(paths) > 1 else given
                yield self._from_file(found, site, "load_dotenv", dialect, overwrite, alternative)

    def _file(self, path: Value, site: Site) -> str | None:
        """The absolute path of the file; empty where there is none; None where that cannot be said."""
        view = self._program.modules.view
        directory = self._program.modules.of(site.scope).directory or self._ev.cwd
        match path:
            case Const(value=None):
                return view.find_up(".env", directory) or library.joined(directory, ".env")
            case Const(value=str() as text) if text:
                return normpath(library.joined(self._ev.cwd, text))
            case Const():
                return ""
            case Made(by=by, site=made) if by.name in _FINDERS:
                inner = Arguments(self._ev, made)
                names = [v.value for v, _ in inner.outcomes("filename", 0, EVERY_CASE) if isinstance(v, Const)]
                cwd = any(v == Const(True) for v, _ in inner.outcomes("usecwd", 2, EVERY_CASE))
                start = self._ev.cwd if cwd else directory
                name = str(names[0]) if names and names[0] else ".env"
                return view.find_up(name, start) or ""
            case Env():
                spare = default_text(path)
                return self._file(Const(spare), site) if spare else None
        return None

    def _read(self, site: Site, dialect: str) -> Iterator[Written]:
        """``Env().read_env()`` of environs and of django-environ, which both keep what is set."""
        passed = Arguments(self._ev, site)
        overwrite = any(v == Const(True) for v, _ in passed.first(("override", "overwrite"), EVERY_CASE))
        paths = [v for v, _ in passed.first(("path", "env_file"), EVERY_CASE, 0)]
        for path in paths:
            found = self._file(path, site)
            if found is None:
                yield self._unread(site, "read_env takes a path that is computed while running")
            elif found:
                yield self._from_file(
                    found,
                    site,
                    "read_env",
                    Dialect(dialect),
                    Overwrite.ALWAYS if overwrite else Overwrite.IF_ABSENT,
                    self._given(site),
                )

    def _from_file(
        self, path: str, site: Site, via: str, dialect: Dialect, overwrite: Overwrite, given: Condition | None
    ) -> Hop:
        return Hop(
            source=self._program.modules.view.file_place(path),
            target=self._process,
            passage=Everything(),
            via=via,
            at=self._at(site),
            dialect=dialect,
            overwrite=overwrite,
            given=given,
            span=site.span,
        )

    def _by_crewai(self) -> Iterator[Hop]:
        """``import crewai`` loads the ``.env`` above its own files: the project's, if the environment lies inside."""
        site = next((s for name, s in self._program.libraries.items() if name.partition(".")[0] == "crewai"), None)
        view = self._program.modules.view
        if site is None:
            return
        path = view.find_up(".env", self._ev.cwd)
        if path is None:
            return
        inside = Condition(text="the virtual environment lies inside the project", holds=self._lies_inside(view))
        yield self._from_file(path, site, "import crewai", PYTHON_DOTENV, Overwrite.IF_ABSENT, inside)

    def _lies_inside(self, view: View) -> bool | None:
        """In a container it lies beside the project, unless uv makes it there."""
        if view.environment_inside is not None:
            return view.environment_inside
        seat = view.seat(self._ev.cwd)
        directory = "" if seat is None or seat.source == "." else seat.source
        inside = lies_inside(view.tree, self._desk.promises, directory)
        if view.on_the_host:
            return inside
        return None if inside and view.tree.has(f"{directory}/uv.lock".lstrip("/")) else False

    def _stored(self, site: Site, index: ast.expr) -> Iterator[Written]:
        if site.kind is Kind.DELETE:
            yield from self._removed(site, index)
        elif site.value is not None:
            yield from self._assigned(site, index, site.value, Overwrite.ALWAYS, "os.environ")

    def _assigned(
        self, site: Site, index: ast.expr, value: ast.expr, overwrite: Overwrite, via: str
    ) -> Iterator[Written]:
        given = self._given(site)
        if self._only_if_unset(site, index):
            overwrite, given = Overwrite.IF_EMPTY, None
        checked = frozenset(
            n for way in self._judge.cases(site) for t in way for a in t.atoms if a.set for n in a.names
        )
        self._ev.refresh()
        for name, case in self._ev.outcomes(index, site.scope, EVERY_CASE):
            if not isinstance(name, Const) or not isinstance(name.value, str):
                yield self._unread(site, "os.environ gets a name that is computed while running")
                continue
            found = [v for v, _ in self._ev.outcomes(value, site.scope, case)]
            doubt = given if len(found) == 1 else given or Condition(text="one of several values is assigned")
            for each in found:
                yield from self._write(site, VarName(name.value), each, overwrite, doubt, via, checked)

    def _write(
        self,
        site: Site,
        name: VarName,
        value: Value,
        overwrite: Overwrite,
        given: Condition | None,
        via: str,
        checked: frozenset[str],
    ) -> Iterator[Written]:
        at = self._at(site)
        match value:
            case Const(value=None):
                return
            case Const(value=held):
                seen = self._desk.see(Sealed(str(held)), name)
                yield Supply(
                    place=self._process,
                    name=name,
                    seen=seen,
                    at=at,
                    overwrite=overwrite,
                    via=via,
                    given=given,
                    span=site.span,
                )
            case Env(settings=None, names=names, default=default) if name in names:
                if default is not None:
                    kept = Overwrite.IF_EMPTY if value.empty_is_unset else Overwrite.IF_ABSENT
                    yield from self._write(site, name, default, kept, given, via, checked)
            case Env():
                yield from self._copied(site, name, value, overwrite, given, via, checked)
            case _:
                yield Blindspot(place=self._process, why=_why(value), at=at, names=frozenset({name}), span=site.span)

    def _copied(
        self,
        site: Site,
        name: VarName,
        value: Env,
        overwrite: Overwrite,
        given: Condition | None,
        via: str,
        checked: frozenset[str],
    ) -> Iterator[Hop]:
        """A variable under another name, or a field of a settings object, written into the environment."""
        source = PlaceId(f"{self._process}:{value.settings.name}") if value.settings else self._process
        only_if_set = bool(checked & set(value.names))
        default = None if only_if_set else self._default(value.default, name)
        for known in reversed(value.names):
            first = known == value.names[0]
            yield Hop(
                source=source,
                target=self._process,
                passage=One(
                    name=name,
                    source_name=VarName(known),
                    if_unset=IfUnset.DEFAULT if default is not None and first else IfUnset.KEEP,
                    default=default if first else None,
                    empty_is_unset=only_if_set or value.empty_is_unset,
                ),
                via=via,
                at=self._at(site),
                taken_at=self._at(site),
                overwrite=overwrite,
                given=given,
                span=site.span,
            )

    def _default(self, default: Value | None, name: VarName) -> Seen | None:
        if not isinstance(default, Const) or default.value is None:
            return UNKNOWN if default is not None and not isinstance(default, Const) else None
        return self._desk.see(Sealed(str(default.value)), name)

    def _updated(self, site: Site, call: ast.Call) -> Iterator[Written]:
        for keyword in call.keywords:
            if keyword.arg:
                yield from self._assigned(
                    site,
                    ast.copy_location(ast.Constant(keyword.arg), call),
                    keyword.value,
                    Overwrite.ALWAYS,
                    "os.environ.update",
                )
        for argument in call.args:
            for value in self._ev.values(argument, site.scope):
                if isinstance(value, Table) and isinstance(value.node, ast.Dict):
                    for key, item in zip(value.node.keys, value.node.values, strict=True):
                        if key is not None:
                            yield from self._assigned(site, key, item, Overwrite.ALWAYS, "os.environ.update")
                elif isinstance(value, Made) and value.by.name.endswith("dotenv_values"):
                    yield from self._loaded_values(site, value.site)
                else:
                    yield self._unread(site, "os.environ.update takes something that is computed while running")

    def _loaded_values(self, site: Site, made: Site) -> Iterator[Written]:
        for path, _ in Arguments(self._ev, made).outcomes("dotenv_path", 0, EVERY_CASE):
            found = self._file(path, made)
            if found:
                yield self._from_file(
                    found,
                    site,
                    "dotenv_values",
                    Dialect(f"{PYTHON_DOTENV}-values"),
                    Overwrite.ALWAYS,
                    self._given(site),
                )

    def _removed(self, site: Site, index: ast.expr) -> Iterator[Written]:
        for name in self._ev.values(index, site.scope):
            if isinstance(name, Const) and isinstance(name.value, str):
                yield Supply(
                    place=self._process,
                    name=VarName(name.value),
                    seen=self._desk.see(None, name.value),
                    at=self._at(site),
                    via="removed by the code",
                    given=self._given(site),
                    span=site.span,
                )

    def _unread(self, site: Site, why: str) -> Blindspot:
        return Blindspot(place=self._process, why=why, at=self._at(site), span=site.span)

    def _at(self, site: Site) -> Position:
        return self._program.position(site)

    def _given(self, site: Site) -> Condition | None:
        """What the write depends on, beyond that its handler runs."""
        ways = self._judge.cases(site)
        if any(not tests for tests in ways):
            return None
        if all(t.atoms and all(a.set for a in t.atoms) for tests in ways for t in tests):
            return None if ways else Condition(text="it never runs", holds=False)
        return Condition(text=f"a branch at line {site.span.line} is taken")

    def _only_if_unset(self, site: Site, index: ast.expr) -> bool:
        """``if not os.getenv(NAME): os.environ[NAME] = …``."""
        names = {v.value for v in self._ev.values(index, site.scope) if isinstance(v, Const)}
        tests = [t for way in self._judge.cases(site) for t in way]
        return bool(tests) and all(
            t.atoms and all(not a.set and set(a.names) & names for a in t.atoms) for t in tests
        )

    def _is_environ(self, base: ast.expr, scope: Scope) -> bool:
        return any(dotted(v) in _ENVIRON for v in self._ev.values(base, scope))


def _why(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.why
    return "a text is put together" if isinstance(value, Text) else "it is made while running"
