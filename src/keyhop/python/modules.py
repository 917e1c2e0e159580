"""Finding and parsing the modules that a process can import, through its own view of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from posixpath import dirname, normpath
from weakref import WeakKeyDictionary

from keyhop.facts import Blindspot, PlaceId
from keyhop.python.scopes import Scope
from keyhop.python.summary import Summary, parse
from keyhop.records import dataclass
from keyhop.span import Source, Span
from keyhop.tree import Tree
from keyhop.view import View

_NEVER_GUESSED = frozenset(
    [
        "crewai",
        "crewai_tools",
        "langchain",
        "langchain_core",
        "langchain_community",
        "langchain_openai",
        "openai",
        "anthropic",
        "google",
        "litellm",
        "boto3",
        "celery",
        "ray",
        "redis",
        "fastapi",
        "flask",
        "django",
        "pydantic",
        "pydantic_settings",
        "dotenv",
        "requests",
        "httpx",
        "numpy",
        "pandas",
        "sqlalchemy",
        "groq",
        "mistralai",
        "cohere",
        "streamlit",
        "uvicorn",
        "typing",
        "os",
        "sys",
        "json",
        "logging",
        "re",
        "time",
        "yaml",
        "tests",
        "test",
    ]
)
"""Packages so common that a lone file of that name somewhere in the project is not taken for them."""

_Parsed = dict[str, Summary | Blindspot]
_PARSED: WeakKeyDictionary[Tree, _Parsed] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module as one process finds it."""

    path: str
    """Its file in the process's file system, or its directory where it is a namespace."""
    summary: Summary | None
    package: str | None = None
    """Its directory, where it is a package."""

    @property
    def directory(self) -> str:
        return self.package or dirname(self.path)

    @property
    def body(self) -> Scope | None:
        return self.summary.body if self.summary else None


class Modules:
    """The modules of one process. Nothing is imported; a module that cannot be parsed leaves a blindspot."""

    def __init__(self, view: View, search: tuple[str, ...]) -> None:
        self.view = view
        self.search = [normpath(path) for path in search]
        self.blindspots: list[Blindspot] = []
        self._by_path: dict[str, Module | None] = {}
        self._by_name: dict[tuple[str, str], Module | None] = {}
        self._of_summary: dict[Summary, Module] = {}
        self._heirs: dict[str, list[Scope]] = {}
        self.searches = 0
        """How often the search has changed."""

    def __iter__(self) -> Iterator[Module]:
        yield from self._of_summary.values()

    @property
    def loaded(self) -> int:
        """How many modules are known by now."""
        return len(self._of_summary)

    def of(self, scope: Scope) -> Module:
        """The module that a scope belongs to."""
        return self._of_summary[scope.module]

    def heirs(self, name: str) -> list[Scope]:
        """The classes that name a class of that name as their base."""
        return self._heirs.get(name, [])

    def script(self, path: str) -> Module | None:
        """The module in a file."""
        path = normpath(path)
        if path not in self._by_path:
            self._by_path[path] = self._load(path)
        return self._by_path[path]

    def code(self, text: str, place: PlaceId) -> Module | None:
        """A module that is given as text: ``python -c``."""
        source = Source(path=str(place), data=text.encode())
        try:
            summary = parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return None
        module = Module("", summary)
        self._of_summary[summary] = module
        return module

    def add(self, root: str, *, first: bool = False) -> None:
        """Search a further directory, as ``sys.path.append`` and ``sys.path.insert(0, …)`` do."""
        root = normpath(root or "/")
        if root not in self.search:
            self.search.insert(0 if first else len(self.search), root)
            self._by_name.clear()
            self.searches += 1

    def find(self, dotted: str, importer: Module | None = None, level: int = 0) -> Module | None:
        """The module of that name as `importer` would get it; None where it is not the project's."""
        if level:
            return self._relative(dotted, importer, level) if importer else None
        key = (dotted, importer.directory if importer else "")
        if key not in self._by_name:
            self._by_name[key] = self._absolute(dotted, importer)
        return self._by_name[key]

    def children(self, module: Module) -> Iterator[Module]:
        """The modules directly in a package."""
        if module.package is None:
            return
        for path in self.view.tree.paths:
            inside = self.view.inside(path) if path.endswith(".py") else None
            if inside and dirname(inside) == module.package and inside != module.path:
                found = self.script(inside)
                if found is not None:
                    yield found

    def _relative(self, dotted: str, importer: Module, level: int) -> Module | None:
        directory = importer.directory
        for _ in range(level - 1):
            directory = dirname(directory)
        if not dotted:
            return self._package(directory)
        return self._in(directory, dotted)

    def _absolute(self, dotted: str, importer: Module | None) -> Module | None:
        for root in self.search:
            found = self._in(root, dotted)
            if found is not None and (found.summary or "." in dotted or not self._elsewhere(dotted, root)):
                return found
        return self._guess(dotted, importer)

    def _elsewhere(self, dotted: str, but: str) -> bool:
        """A directory without ``__init__.py`` yields to a real module further on."""
        found = (self._in(root, dotted) for root in self.search if root != but)
        return any(module is not None and module.summary for module in found)

    def _in(self, root: str, dotted: str) -> Module | None:
        path = normpath(f"{root.rstrip('/')}/{dotted.replace('.', '/')}")
        return self._package(path) if self._is_package(path) else self._file(path)

    def _is_package(self, path: str) -> bool:
        return self.view.has(f"{path}/__init__.py") or (
            self.view.has_directory(path) and not self.view.has(f"{path}.py")
        )

    def _file(self, path: str) -> Module | None:
        return self.script(f"{path}.py") if self.view.has(f"{path}.py") else None

    def _package(self, path: str) -> Module | None:
        if self.view.has(f"{path}/__init__.py"):
            return self.script(f"{path}/__init__.py")
        if path not in self._by_path:
            self._by_path[path] = Module(path, None, path)
        return self._by_path[path]

    def _guess(self, dotted: str, importer: Module | None) -> Module | None:
        """A root that nobody named: above the importer, or the only place in view that fits."""
        top = dotted.partition(".")[0]
        if importer is not None and top not in _NEVER_GUESSED:
            directory = importer.directory
            while True:
                for root in (directory, f"{directory.rstrip('/')}/src"):
                    found = self._in(root, dotted)
                    if found is not None and found.summary:
                        self.add(root)
                        return found
                if directory in ("/", ""):
                    break
                directory = dirname(directory)
        if "." not in dotted or top in _NEVER_GUESSED:
            return None
        tail = f"/{dotted.replace('.', '/')}"
        ends = (f"{tail}.py", f"{tail}/__init__.py")
        fits = [
            inside
            for path in self.view.named(dotted.rpartition(".")[2])
            if (inside := self.view.inside(path)) is not None and inside.endswith(ends)
        ]
        if len(fits) != 1:
            return None
        self.add(fits[0].removesuffix(".py").removesuffix("/__init__").removesuffix(tail))
        return self.script(fits[0])

    def _load(self, path: str) -> Module | None:
        source = self.view.source(path)
        if source is None:
            return None
        parsed = _PARSED.setdefault(self.view.tree, {})
        if source.path not in parsed:
            parsed[source.path] = _parse(source)
        found = parsed[source.path]
        package = dirname(path) if path.endswith("/__init__.py") else None
        if isinstance(found, Blindspot):
            self.blindspots.append(found)
            return Module(path, None, package)
        module = Module(path, found, package)
        if found not in self._of_summary:
            self._of_summary[found] = module
            for scope in found.scopes:
                for base in scope.bases:
                    self._heirs.setdefault(last_name(base), []).append(scope)
        return module


def _parse(source: Source) -> Summary | Blindspot:
    try:
        return parse(source)
    except SyntaxError as error:
        why, line = "it is not Python 3", error.lineno or 0
    except RecursionError:
        why, line = "it nests too deeply", 0
    except ValueError as error:
        why, line = str(error), 0
    return Blindspot(place=None, why=why, writes=False, span=Span(path=source.path, line=max(line, 0)))


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, int, str | None]]:
    """What an import statement imports: (module, level, name of it or None)."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, 0, None
    else:
        for alias in node.names:
            yield node.module or "", node.level, alias.name


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, also of one that is called or subscripted."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return last_name(inner)
    return ""
