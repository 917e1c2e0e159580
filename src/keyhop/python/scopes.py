"""The parts of a module's summary: scopes, bindings and sites, each with its guards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from keyhop.records import dataclass
from keyhop.span import Span

if TYPE_CHECKING:
    from keyhop.python.summary import Summary

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Exit(Enum):
    """How the other branch of a guard leaves, where the guard is what comes after it."""

    NONE = "it does not"
    RETURN = "return"
    RAISE = "raise"


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A test that decides whether a statement runs."""

    test: ast.expr | None
    """None where no expression decides: an ``except`` or an ``else`` of ``try``."""
    truth: bool
    owner: ast.AST
    """Guards of one statement share it: two of them with different `truth` exclude each other."""
    exit: Exit = Exit.NONE
    handler: bool = False
    """It is the handler of an exception."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One way a name gets its value."""

    name: str
    kind: str
    """``value``, ``item`` (of an iterable), ``import``, ``def``, ``class``, ``param``, ``with``, ``none``."""
    scope: Scope
    """Where `node` is evaluated."""
    node: ast.AST | None
    order: int
    guards: tuple[Guard, ...] = ()
    path: tuple[int, ...] = ()
    """Which element of a tuple, outermost first."""
    defined: Scope | None = None


class Kind(Enum):
    """What a site does."""

    IMPORT = "import"
    CALL = "call"
    MENTION = "mention"
    DEFINE = "define"
    CLASS = "class"
    STORE = "store"
    DELETE = "delete"
    READ = "read"


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place in the code at which something happens, in the order in which it happens."""

    kind: Kind
    node: ast.AST
    scope: Scope
    order: int
    guards: tuple[Guard, ...] = ()
    value: ast.expr | None = None
    """What a STORE stores."""
    defined: Scope | None = None
    passed_to: ast.Call | None = None
    """The call that this is an argument of."""
    bound_to: str = ""
    """The name or attribute that the statement assigns."""

    @property
    def span(self) -> Span:
        return self.scope.module.span(self.node)


@dataclass(slots=True, eq=False, repr=False)
class Scope:
    """A module, a class or a function."""

    kind: str
    name: str
    node: ast.AST
    module: Summary
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    """Of a class: what its methods assign to ``self``."""
    sites: list[Site] = field(default_factory=list)
    returns: list[Site] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    """Names declared ``global`` or ``nonlocal``."""
    around: frozenset[Scope] = field(init=False)
    """This scope and those that it lies in."""

    def __post_init__(self) -> None:
        self.around = (self.parent.around if self.parent is not None else frozenset()) | {self}

    def __repr__(self) -> str:
        return f"<{self.kind} {self.module.path}:{self.qualified}>"

    @property
    def qualified(self) -> str:
        above = self.parent.qualified if self.parent and self.parent.kind != "module" else ""
        return f"{above}.{self.name}" if above else self.name

    @property
    def owner(self) -> Scope | None:
        """The class that a method belongs to."""
        return self.parent if self.kind == "function" and self.parent and self.parent.kind == "class" else None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Positional parameters in order, then the keyword-only ones."""
        if not isinstance(self.node, FunctionNode):
            return ()
        a = self.node.args
        return tuple(p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs))

    @property
    def decorators(self) -> tuple[ast.expr, ...]:
        if isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return tuple(self.node.decorator_list)
        return ()

    @property
    def bases(self) -> tuple[ast.expr, ...]:
        return tuple(self.node.bases) if isinstance(self.node, ast.ClassDef) else ()

    def method(self, name: str) -> Scope | None:
        for binding in reversed(self.bindings.get(name, ())):
            if binding.kind == "def":
                return binding.defined
        return None

    def within(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


def own_nodes(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions and classes in it."""
    if isinstance(root, ast.Lambda):
        todo: list[ast.AST] = [root.body]
    else:
        todo = list(getattr(root, "body", ()))
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        for name in node._fields:
            child = getattr(node, name, None) if name != "ctx" else None
            if isinstance(child, ast.AST):
                todo.append(child)
            elif isinstance(child, list):
                todo.extend(each for each in child if isinstance(each, ast.AST))


def loaded(target: ast.expr) -> ast.expr:
    """What ``target += …`` reads."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=attr):
            return ast.copy_location(ast.Attribute(value, attr, ast.Load()), target)
        case ast.Subscript(value=value, slice=index):
            return ast.copy_location(ast.Subscript(value, index, ast.Load()), target)
    return target
