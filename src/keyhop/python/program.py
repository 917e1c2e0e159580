"""What runs in one process, and in which order: reachability by name from its entries."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keyhop.facts import Phase, Position
from keyhop.python import elsewhere, members
from keyhop.python.decorators import is_handed_over, is_property
from keyhop.python.evaluate import Evaluator
from keyhop.python.library import joined
from keyhop.python.modules import Module, Modules, imported
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import Class, Const, External, Function, Imported, Object, Unknown, Value

_BORN = ("__new__", "__init__", "__post_init__", "model_post_init", "__enter__", "__aenter__", "__call__")
_ORDINARY = frozenset(name for type in (dict, list, str, set, bytes, int, tuple) for name in dir(type)) | {"close"}
"""Methods of Python's own types: a call of one on something unknown leads nowhere."""
_QUIET_BASES = (
    "builtins.",
    "enum.",
    "abc.",
    "typing.",
    "pydantic.",
    "pydantic_settings.",
    "dataclasses.",
    "typing_extensions.",
)
"""Bases that call back none but the methods they are asked for."""
_BY_NAME = frozenset(
    {
        "django.urls.include",
        "django.conf.urls.include",
        "uvicorn.run",
        "uvicorn.Config",
        "hypercorn.run",
        "waitress.serve",
        "granian.Granian",
    }
)
"""Functions that import a module of the project by its name."""
MOST_SITES = 400_000


class Program:
    """The scopes that run in a process, each site with the moment it first runs."""

    def __init__(self, modules: Modules, ev: Evaluator) -> None:
        self.modules = modules
        self.ev = ev
        self.when: dict[Site, Position] = {}
        self.reached: dict[Scope, None] = {}
        self.edges: dict[Scope, list[Site | None]] = {}
        """Where each reached scope is entered from; None: by the engine that runs the process."""
        self.callees: dict[Site, list[Value]] = {}
        """What each call that runs may call."""
        self.named: dict[Site, list[External]] = {}
        """What of libraries each mention that runs names."""
        self.libraries: dict[str, Site] = {}
        """Modules of libraries, each with the first import of it."""
        self.made: dict[Scope, Site | None] = {}
        """Classes of which instances exist, with the first site that makes one."""
        self.makers: dict[Scope, list[Site]] = {}
        """Where instances of each class, and of those that derive from it, are made."""
        self.runs_tasks = False
        """Whether it is a worker of Celery."""
        self.phase = Phase.IMPORT
        self._clock = 0
        self._ordered: tuple[int, tuple[Site, ...]] = (0, ())
        self._later: list[tuple[Scope, Site | None]] = []
        self._wanted: dict[str, list[tuple[Scope | None, Site]]] = {}
        self._dead: dict[int, bool] = {}

    def start(self, module: Module | None) -> None:
        """Import a module, with everything that it imports."""
        if module is not None and module.body is not None:
            self._run([(module.body, None)])

    def call(self, scope: Scope) -> None:
        """Run a function because something outside the project calls it."""
        self.phase = max(self.phase, Phase.BUILD)
        self._run([(scope, None)])

    def again(self, body: Scope) -> None:
        """Run a module's body once more, now as the main one."""
        self._dead.clear()
        self.ev.forget()
        self.reached.pop(body, None)
        self._run([(body, None)])

    def finish(self) -> None:
        """Run what was only handed over so far: routes, callbacks, listeners."""
        self.phase = max(self.phase, Phase.BUILD)
        while self._later:
            later, self._later = self._later, []
            for scope, site in later:
                self._run([(scope, site)])

    def position(self, site: Site) -> Position:
        """When a site first runs."""
        found = self.when.get(site)
        if found is None:
            moments = [self.when[s] for s in site.scope.sites if s in self.when]
            return moments[0] if moments else Position(Phase.BUILD)
        return found

    def sites(self, *kinds: Kind) -> Iterator[Site]:
        """The sites that run, in order."""
        if self._ordered[0] != self._clock:
            self._ordered = self._clock, tuple(sorted(self.when, key=lambda s: self.when[s]))
        for site in self._ordered[1]:
            if site.kind in kinds:
                yield site

    def _run(self, scopes: Iterable[tuple[Scope, Site | None]]) -> None:
        """Depth first, as a run would go, without recursion."""
        stack = [iter(list(self._enter(scopes)))]
        while stack:
            site = next(stack[-1], None)
            if site is None:
                stack.pop()
                continue
            if self._clock > MOST_SITES or self._is_dead(site):
                continue
            self._clock += 1
            if self.phase is Phase.IMPORT and self._in_main_guard(site):
                self.phase = Phase.BUILD
            self.when[site] = Position(self.phase, self._clock)
            entered = list(self._enter(self._leads_to(site)))
            if entered:
                stack.append(iter(entered))

    def _enter(self, scopes: Iterable[tuple[Scope, Site | None]]) -> Iterator[Site]:
        for scope, site in scopes:
            edges = self.edges.setdefault(scope, [])
            if site not in edges:
                edges.append(site)
            if scope not in self.reached:
                self.reached[scope] = None
                yield from scope.sites

    def _leads_to(self, site: Site) -> Iterator[tuple[Scope, Site | None]]:
        match site.kind:
            case Kind.IMPORT if isinstance(site.node, ast.Import | ast.ImportFrom):
                yield from self._imports(site, site.node)
            case Kind.CLASS if site.defined is not None:
                yield site.defined, site
                if is_handed_over(self.ev, site.defined) and elsewhere.engine(self.ev, site.defined) is None:
                    self._later += [(s, site) for s in self._born(site.defined, site)]
            case Kind.DEFINE if site.defined is not None:
                if isinstance(site.node, ast.Lambda):
                    yield site.defined, site
                elif is_handed_over(self.ev, site.defined) and elsewhere.engine(self.ev, site.defined) is None:
                    self._later.append((site.defined, site))
            case Kind.CALL if isinstance(site.node, ast.Call):
                yield from self._called(site, site.node)
            case Kind.MENTION if isinstance(site.node, ast.expr):
                yield from self._mentioned(site, site.node)

    def _imports(self, site: Site, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[Scope, Site | None]]:
        importer = self.modules.of(site.scope)
        for dotted, level, name in imported(node):
            module = None
            parts = dotted.split(".") if dotted else []
            for count in range(1, len(parts) + 1):
                module = self.modules.find(".".join(parts[:count]), importer, level)
                if module is not None and module.body is not None:
                    yield module.body, site
            if not parts:
                module = self.modules.find("", importer, level)
                if module is not None and module.body is not None:
                    yield module.body, site
            if module is None:
                self.libraries.setdefault(dotted, site)
            elif name == "*":
                continue
            elif name and module.package and (module.body is None or name not in module.body.bindings):
                inner = self.modules.find(name, module, 1)
                if inner is not None and inner.body is not None:
                    yield inner.body, site

    def _called(self, site: Site, node: ast.Call) -> Iterator[tuple[Scope, Site | None]]:
        known = False
        self.callees[site] = self.ev.values(node.func, site.scope)
        for value in self.callees[site]:
            match value:
                case Function(scope=scope, receiver=receiver):
                    known = True
                    self._note_call(scope, site, receiver)
                    yield scope, site
                    if isinstance(receiver, Object) and receiver.site is None:
                        yield from self._want(scope.name, receiver.type, site)
                        if receiver.type not in self.made:
                            self._later += [(s, site) for s in self._born(receiver.type, site)]
                case Class(scope=scope):
                    known = True
                    yield from self._instantiate(scope, site)
                case Object(type=type):
                    known = True
                    method = members.method(self.ev, type, "__call__")
                    if method is not None:
                        yield method, site
                case Unknown():
                    pass
                case _:
                    known = True
        if isinstance(node.func, ast.Attribute) and not known and node.func.attr not in _ORDINARY:
            yield from self._want(node.func.attr, None, site)
        for value in self.ev.values(node, site.scope) if self._imports_by_name(node) else ():
            if isinstance(value, Imported) and value.module.body is not None:
                yield value.module.body, site
        self._search(site, node)
        for module in self._by_name(site, node):
            if module.body is not None:
                yield module.body, site

    def _search(self, site: Site, node: ast.Call) -> None:
        """``sys.path.insert(0, …)`` and ``sys.path.append(…)``."""
        how = {elsewhere.dotted(c) for c in self.callees[site]} & {"sys.path.insert", "sys.path.append"}
        for value in self.ev.values(node.args[-1], site.scope) if how and node.args else ():
            if isinstance(value, Const) and isinstance(value.value, str):
                self.modules.add(joined(self.ev.cwd, value.value), first="sys.path.insert" in how)

    def _by_name(self, site: Site, node: ast.Call) -> Iterator[Module]:
        """``uvicorn.run("package.module:app")`` and ``include("package.urls")`` import by name."""
        if not node.args or not any(elsewhere.dotted(c) in _BY_NAME for c in self.callees[site]):
            return
        for value in self.ev.values(node.args[0], site.scope):
            if isinstance(value, Const) and isinstance(value.value, str):
                module = self.modules.find(value.value.partition(":")[0], self.modules.of(site.scope))
                if module is not None:
                    yield module

    @staticmethod
    def _imports_by_name(node: ast.Call) -> bool:
        match node.func:
            case ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"):
                return True
        return False

    def _note_call(self, scope: Scope, site: Site, receiver: Value | None) -> None:
        callers = self.ev.callers.setdefault(scope, [])
        if not any(known is site for known, _ in callers):
            callers.append((site, receiver))

    def _instantiate(self, type: Scope, site: Site) -> Iterator[tuple[Scope, Site | None]]:
        made = Object(type, site)
        self._note_maker(type, site)
        for name in _BORN:
            method = members.method(self.ev, type, name)
            if method is not None:
                if name == "__init__":
                    self._note_call(method, site, made)
                yield method, site
        yield from self._exists(type, site)

    def _note_maker(self, type: Scope, site: Site) -> None:
        for current in members.ancestry(self.ev, type):
            self.makers.setdefault(current, []).append(site)

    def _born(self, type: Scope, site: Site) -> Iterator[Scope]:
        """What runs where a class is instantiated by somebody else."""
        self._note_maker(type, site)
        for name in _BORN:
            method = members.method(self.ev, type, name)
            if method is not None:
                yield method
        for scope, _ in self._exists(type, site):
            yield scope

    def _exists(self, type: Scope, site: Site | None) -> Iterator[tuple[Scope, Site | None]]:
        """An instance exists: its methods answer to calls by name, and to the library it derives from."""
        if type in self.made:
            return
        self.made[type] = site
        line = list(members.ancestry(self.ev, type))
        called_back = any(
            not name.startswith(_QUIET_BASES) and "Exception" not in name and "Error" not in name
            for name in members.foreign_bases(self.ev, type)
        )
        for current in line:
            for name, bindings in current.bindings.items():
                method = bindings[-1].defined if bindings[-1].kind == "def" else None
                if method is None:
                    continue
                asked_for = called_back or is_handed_over(self.ev, method)
                if asked_for and elsewhere.engine(self.ev, method) is None:
                    self._later.append((method, site))
                for wanted, by in self._wanted.get(name, ()):
                    if wanted is None or wanted in line:
                        yield method, by

    def _want(self, name: str, type: Scope | None, site: Site) -> Iterator[tuple[Scope, Site | None]]:
        """A call by name on something not known: any instance that exists, now or later, may answer."""
        self._wanted.setdefault(name, []).append((type, site))
        for made in list(self.made):
            method = made.method(name)
            if method is not None and (type is None or type in members.ancestry(self.ev, made)):
                yield method, site

    def _mentioned(self, site: Site, node: ast.expr) -> Iterator[tuple[Scope, Site | None]]:
        if elsewhere.sent_away(self.ev, site):
            return
        if isinstance(node, ast.Attribute):
            for value in self.ev.values(node.value, site.scope):
                if isinstance(value, Object):
                    method = members.method(self.ev, value.type, node.attr)
                    if method is not None and is_property(method):
                        yield method, site
        for value in self.ev.values(node, site.scope):
            match value:
                case External():
                    self.named.setdefault(site, []).append(value)
                case Function(scope=scope) if elsewhere.engine(self.ev, scope) is None:
                    self._later.append((scope, site))
                case Class(scope=scope) if not self._only_compares(site):
                    if elsewhere.engine(self.ev, scope) is None:
                        self._later += [(s, site) for s in self._born(scope, site)]

    @staticmethod
    def _only_compares(site: Site) -> bool:
        match site.passed_to:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "cast" | "hasattr" | "super")):
                return True
        return False

    def _is_dead(self, site: Site) -> bool:
        return bool(site.guards) and any(
            self._never(guard.test, guard.truth, site.scope) for guard in site.guards if guard.test is not None
        )

    def _never(self, test: ast.expr, truth: bool, scope: Scope) -> bool:
        key = id(test) * 2 + truth
        if key not in self._dead:
            found = self.ev.conditions.ask(test, scope)
            self._dead[key] = bool(found) and all(t is (not truth) for t in found)
        return self._dead[key]

    def _in_main_guard(self, site: Site) -> bool:
        return bool(site.guards) and any(g.test is not None and _asks_for_main(g.test) for g in site.guards)


def _asks_for_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__")):
            return True
        case ast.Compare(comparators=[ast.Name(id="__name__")]):
            return True
    return False
