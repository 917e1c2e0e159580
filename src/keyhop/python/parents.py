"""A process as the engines see it: what its code calls, with what, and when."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from weakref import WeakKeyDictionary

from keyhop.engines.engine import Engine
from keyhop.facts import Condition, Everything, Hop, Phase, Place, PlaceId, Position, World
from keyhop.python.arguments import Arguments
from keyhop.python.environment import Writes
from keyhop.python.evaluate import Evaluator
from keyhop.python.modules import Module
from keyhop.python.program import Program
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import EVERY_CASE, Class, Const, External, Function, Items, Made, Object, Value
from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.tree import Tree

_HOLDERS = frozenset({"functools.partial", "joblib.delayed", "dask.delayed"})
"""Calls that keep a function, to be called by somebody else."""
_CLAIMED: WeakKeyDictionary[Tree, dict[PlaceId, PlaceId]] = WeakKeyDictionary()


@cache
def engines() -> tuple[Engine, ...]:
    """Every engine, by id."""
    from keyhop import engines as family

    names = sorted(m.name for m in iter_modules(family.__path__) if m.name != "engine")
    return tuple(import_module(f"{family.__name__}.{name}").ENGINE for name in names)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call, and who answers what is in it."""

    ev: Evaluator
    call: ast.Call
    scope: Scope

    @classmethod
    def of(cls, ev: Evaluator, site: Site) -> Asked | None:
        """The call that a site is, if it is one."""
        return cls(ev, site.node, site.scope) if isinstance(site.node, ast.Call) else None

    @property
    def method(self) -> str:
        return method(self.call)

    @property
    def names(self) -> frozenset[str]:
        """The dotted names of what it may call."""
        return frozenset(named(v) for v in self.ev.values(self.call.func, self.scope)) - {""}

    @property
    def root(self) -> frozenset[Site]:
        """The calls that made what its method is called on."""
        return frozenset(value.site for value in self.receivers if isinstance(value, Made))

    @property
    def receivers(self) -> tuple[Value, ...]:
        """What its method may be called on."""
        if isinstance(self.call.func, ast.Attribute):
            return tuple(self.ev.values(self.call.func.value, self.scope))
        return tuple(self.ev.values(self.call.func, self.scope))

    @property
    def site(self) -> Site:
        return self.ev.site_of(self.call, self.scope)

    @property
    def outer(self) -> Asked | None:
        """The call that this one is an argument of."""
        around = self.site.passed_to
        return Asked(self.ev, around, self.site.scope) if around is not None else None

    def made_by(self, node: ast.expr | None) -> frozenset[Site]:
        """The calls that made what an argument holds."""
        values = self.ev.values(node, self.scope) if node is not None else ()
        return frozenset(value.site for value in values if isinstance(value, Made))

    def named(self, node: ast.expr | None) -> frozenset[str]:
        """The dotted names of what an argument holds."""
        return frozenset(named(v) for v in self.ev.values(node, self.scope)) if node is not None else frozenset()

    def argument(self, name: str, index: int | None = None) -> ast.expr | None:
        return Arguments(self.ev, self.site).node(name, index)

    def values(self, name: str, index: int | None = None) -> tuple[Value, ...]:
        """What an argument may be; the constant None where it is not passed."""
        return tuple(v for v, _ in Arguments(self.ev, self.site).outcomes(name, index, EVERY_CASE))

    def texts(self, name: str, index: int | None = None) -> tuple[str, ...]:
        """The texts that an argument may be."""
        found = self.values(name, index)
        return tuple(dict.fromkeys(v.value for v in found if isinstance(v, Const) and isinstance(v.value, str)))

    def number(self, name: str, index: int | None = None) -> int | None:
        """The number that an argument is."""
        found = self.values(name, index)
        return next((v.value for v in found if isinstance(v, Const) and type(v.value) is int), None)


def method(call: ast.Call) -> str:
    """The last name of what is called."""
    func = call.func
    while isinstance(func, ast.Call):
        func = func.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def named(value: Value) -> str:
    """The dotted name of something of a library; empty for anything else."""
    match value:
        case External(name=name):
            return name
        case Made(by=by):
            return f"{by.name}()"
    return ""


class Parent:
    """The program of one process, once all of its calls are known."""

    def __init__(
        self, program: Program, process: PlaceId, desk: Desk, role: str = "", above: Parent | None = None
    ) -> None:
        self.role = role
        """What started it, as its own tool calls that: ``ray job``."""
        self.above = above
        """The process that hands its functions to this one, with the values that they mention."""
        self.program = program
        self.ev = program.ev
        self.process = process
        self.desk = desk

    @property
    def main(self) -> Module | None:
        """The module that runs as ``__main__``."""
        return self.ev.main

    @cached_property
    def _by_method(self) -> dict[str, list[Asked]]:
        wanted = frozenset().union(*(engine.methods for engine in engines()))
        found: dict[str, list[Asked]] = {}
        for site in self.program.sites(Kind.CALL):
            assert isinstance(site.node, ast.Call)
            name = method(site.node)
            if name in wanted:
                found.setdefault(name, []).append(Asked(self.ev, site.node, site.scope))
        return found

    def asked(self, *methods: str) -> Iterator[Asked]:
        """The calls of any of these last names, in the order in which they run."""
        found = [asked for name in methods for asked in self._by_method.get(name, ())]
        yield from sorted(found, key=lambda asked: self.at(asked.site))

    def calls(self, *names: str) -> Iterator[Asked]:
        """The calls of any of these dotted names, in the order in which they run."""
        methods = dict.fromkeys(name.removesuffix("()").rpartition(".")[2] for name in names)
        yield from (asked for asked in self.asked(*methods) if asked.names & set(names))

    def at(self, site: Site) -> Position:
        return self.program.position(site)

    def has_read(self, site: Site | None) -> bool:
        """Whether the process above this one, and not this one, reads a variable at `site`."""
        if self.above is None or site is None or site in self.program.when:
            return False
        return site in self.above.program.when and site.scope.kind == "module"

    @cached_property
    def changes(self) -> tuple[Position, ...]:
        """When its code writes into the environment."""
        return tuple(sorted(write.at for write in Writes(self.program, self.process, self.desk)))

    def changes_between(self, first: Position, last: Position) -> bool:
        """Whether its environment is another one at `last` than it was at `first`."""
        return any(first < at < last for at in self.changes)

    def modules_of(self, functions: Iterable[Scope]) -> tuple[Module, ...]:
        """The modules that functions are defined in."""
        return tuple(dict.fromkeys(self.program.modules.of(scope) for scope in functions))

    def functions(self, node: ast.expr | None, scope: Scope) -> Iterator[Scope]:
        """The project's functions that an argument hands over."""
        for value in self.ev.values(node, scope) if node is not None else ():
            yield from self._functions(value)

    def _functions(self, value: Value) -> Iterator[Scope]:
        match value:
            case Function(scope=scope):
                yield scope
            case Object(type=type) | Class(scope=type):
                name = "__call__" if isinstance(value, Object) else "__init__"
                found = next((m for t in (type,) if (m := t.method(name))), None)
                if found is not None:
                    yield found
            case Items(values=values):
                for each in values:
                    yield from self._functions(each)
            case Made(by=by, site=site) if named_holder(by.name) and isinstance(site.node, ast.Call):
                inner = site.node.func if isinstance(site.node.func, ast.Call) else site.node
                yield from self.functions(inner.args[0] if inner.args else None, site.scope)

    def place(
        self,
        kind: str,
        site: Site,
        name: str = "",
        *,
        path: str = "",
        title: str,
        world: World = World.CLOSED,
        why: str = "",
    ) -> Place:
        """A place for children, called after a line of the code, or after `name` in its file or in `path`."""
        plain = PlaceId(f"{kind}:{path or site.span.path}#{name or site.span.line}")
        return Place(id=self._told_apart(plain), kind="process", title=title, span=site.span, world=world, why=why)

    def _told_apart(self, plain: PlaceId) -> PlaceId:
        """`plain`, unless another process runs the same lines: then its children are others."""
        first = _CLAIMED.setdefault(self.program.modules.view.tree, {}).setdefault(plain, self.process)
        return plain if first == self.process else PlaceId(f"{plain}@{self.process}")

    def inherited(
        self,
        place: Place,
        via: str,
        taken_at: Position,
        site: Site,
        *,
        number: int = 0,
        given: Condition | None = None,
    ) -> Hop:
        """All of this process's variables, as they are at a moment."""
        return Hop(
            source=self.process,
            target=place.id,
            passage=Everything(),
            via=via,
            at=Position(Phase.HOST, number),
            taken_at=taken_at,
            given=given,
            span=site.span,
        )


def named_holder(name: str) -> bool:
    """Whether a call of that name keeps the function that it is given."""
    return name.removesuffix("()") in _HOLDERS
