"""The environment that a call hands to a child: ``env=os.environ.copy()``, ``{**os.environ, …}``, ``{"PATH": …}``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.facts import (
    Blindspot,
    Condition,
    Everything,
    Hop,
    IfUnset,
    Nothing,
    One,
    Phase,
    PlaceId,
    Position,
    Supply,
)
from keyhop.python.parents import Parent, method, named
from keyhop.python.scopes import Binding, Kind, Scope, Site
from keyhop.python.uses import Judge
from keyhop.python.values import Const, Env, External, Function, Table, Value
from keyhop.text.sealed import Sealed

Passed: TypeAlias = Hop | Supply | Blindspot

_ENVIRON = frozenset({"os.environ", "environ"})
_COPIES = frozenset({"os.environ.copy", "environ.copy"})
_COPIERS = frozenset({"builtins.dict", "copy.copy", "copy.deepcopy", "os.environ.copy", "environ.copy"})
_DEEPEST = 8


class Handed:
    """What one call puts into the environment of the child at `place`, in order."""

    def __init__(self, parent: Parent, place: PlaceId, via: str, inherits: str, site: Site) -> None:
        self._parent = parent
        self._place = place
        self._via = via
        self._inherits = inherits
        self._site = site
        self._judge = Judge(parent.program)
        self._number = 0

    def environment(self, node: ast.expr | None, taken_at: Position) -> Iterator[Passed]:
        """The whole environment: this process's own where nothing else is passed."""
        scope = self._site.scope
        if node is None or self._parent.ev.values(node, scope) == [Const(None)]:
            yield self._everything(self._inherits, taken_at, self._site, None)
            return
        passed = (self._nothing(), *self._table(node, scope, taken_at, 0))
        keeps_all = any(isinstance(each, Hop) and isinstance(each.passage, Everything) for each in passed)
        yield from passed[keeps_all:]

    def additions(self, node: ast.expr | None, scope: Scope, taken_at: Position) -> Iterator[Passed]:
        """Variables that come on top of what the child has anyway."""
        if node is not None:
            self._number = max(self._number, 10)
            yield from self._table(node, scope, taken_at, 0)

    def _table(self, node: ast.expr, scope: Scope, taken_at: Position, depth: int) -> Iterator[Passed]:
        """A dictionary, and what the code does to it before it hands it over."""
        found, home = self._written_as(node, scope)
        if depth > _DEEPEST:
            yield self._unread("its environment is put together in too many steps", node, scope)
            return
        match found:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        yield from self._table(value, home, taken_at, depth + 1)
                    else:
                        yield from self._item(key, value, home, found)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._table(left, home, taken_at, depth + 1)
                yield from self._table(right, home, taken_at, depth + 1)
            case ast.BoolOp(op=ast.Or(), values=[first, *_]):
                yield from self._table(first, home, taken_at, depth + 1)
            case ast.Call():
                yield from self._called(found, home, taken_at, depth)
            case ast.DictComp():
                yield self._unread("its environment is filtered while running", found, home)
            case _:
                yield from self._evaluated(found, home, taken_at, depth)
        if isinstance(node, ast.Name):
            yield from self._changed(node.id, scope, depth)

    def _called(self, call: ast.Call, scope: Scope, taken_at: Position, depth: int) -> Iterator[Passed]:
        callees = self._parent.ev.values(call.func, scope)
        names = {named(callee) for callee in callees}
        if names & _COPIES:
            yield self._everything(self._via, self._moment(call, scope, taken_at), scope.module.calls[id(call)], None)
        elif names & _COPIERS or (method(call) == "copy" and isinstance(call.func, ast.Attribute) and not call.args):
            inner = call.args[0] if call.args else None
            if inner is None and isinstance(call.func, ast.Attribute):
                inner = call.func.value
            if inner is not None:
                yield from self._table(inner, scope, self._moment(call, scope, taken_at), depth + 1)
            yield from self._keywords(call, scope, taken_at, depth)
        elif any(isinstance(callee, Function) and callee.scope.returns for callee in callees):
            for callee in callees:
                if isinstance(callee, Function) and callee.scope.returns:
                    result = callee.scope.returns[-1]
                    expression = getattr(result.node, "value", None)
                    if isinstance(expression, ast.expr):
                        yield from self._table(expression, callee.scope, taken_at, depth + 1)
                    return
        else:
            yield self._unread("its environment is made while running", call, scope)

    def _keywords(self, call: ast.Call, scope: Scope, taken_at: Position, depth: int) -> Iterator[Passed]:
        for keyword in call.keywords:
            if keyword.arg is None:
                yield from self._table(keyword.value, scope, taken_at, depth + 1)
            else:
                yield from self._item(ast.Constant(keyword.arg), keyword.value, scope, call)

    def _evaluated(self, node: ast.expr, scope: Scope, taken_at: Position, depth: int) -> Iterator[Passed]:
        for value in self._parent.ev.values(node, scope):
            if isinstance(value, External) and value.name in _ENVIRON:
                yield self._everything(self._via, taken_at, self._site, None)
            elif isinstance(value, Table) and value.node is not node:
                yield from self._table(value.node, value.scope, taken_at, depth + 1)
            else:
                yield self._unread("its environment is made while running", node, scope)
            return

    def _changed(self, name: str, scope: Scope, depth: int) -> Iterator[Passed]:
        """``env["NAME"] = …``, ``env.update(…)``, ``env.pop(…)`` before the call."""
        home = next((s for s in scope.within() if name in s.bindings), scope)
        before = self._site.order if home is self._site.scope else None
        for site in home.sites:
            if site not in self._parent.program.when or (before is not None and site.order >= before):
                continue
            match site.node:
                case ast.Subscript(value=ast.Name(id=table), slice=index) if table == name:
                    if site.kind is Kind.STORE and site.value is not None:
                        yield from self._item(index, site.value, home, site.node, site)
                    elif site.kind is Kind.DELETE:
                        yield from self._removed(index, site)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr=attr)) as call if table == name:
                    if attr == "update":
                        for argument in call.args:
                            yield from self._table(argument, home, self._parent.at(site), depth + 1)
                        yield from self._keywords(call, home, self._parent.at(site), depth)
                    elif attr == "pop" and call.args:
                        yield from self._removed(call.args[0], site)
                    elif attr == "setdefault" and len(call.args) == 2:
                        yield from self._item(call.args[0], call.args[1], home, call, site)
                    elif attr == "clear":
                        yield self._nothing()

    def _item(
        self, key: ast.expr, value: ast.expr, scope: Scope, node: ast.AST, site: Site | None = None
    ) -> Iterator[Passed]:
        given = self._given(site) if site is not None else None
        plain = [Const(str(key.value))] if isinstance(key, ast.Constant) else None
        for name in plain or self._parent.ev.values(key, scope):
            if not isinstance(name, Const) or not isinstance(name.value, str):
                yield self._unread("it gets a name that is computed while running", node, scope)
                continue
            for each in self._parent.ev.values(value, scope):
                yield from self.write(VarName(name.value), each, value, scope, given)

    def write(
        self, name: VarName, value: Value, node: ast.AST, scope: Scope, given: Condition | None
    ) -> Iterator[Passed]:
        """One variable of the child."""
        span, at = scope.module.span(node), self._next()
        match value:
            case Env(names=names, settings=settings, default=default):
                source = self._parent.process if settings is None else f"{self._parent.process}:{settings.name}"
                first = default.value if isinstance(default, Const) else None
                yield Hop(
                    source=PlaceId(source),
                    target=self._place,
                    passage=One(
                        name=name,
                        source_name=VarName(names[0]),
                        if_unset=IfUnset.DEFAULT if first is not None else IfUnset.KEEP,
                        default=self._parent.desk.see(Sealed(str(first)), name) if first is not None else None,
                        empty_is_unset=value.empty_is_unset,
                    ),
                    via=self._via,
                    at=at,
                    taken_at=self._parent.at(value.read_at),
                    given=given,
                    span=span,
                )
            case Const(value=None):
                return
            case Const(value=held):
                seen = self._parent.desk.see(Sealed(str(held)), name)
                yield Supply(place=self._place, name=name, seen=seen, at=at, via=self._via, given=given, span=span)
            case _:
                yield Blindspot(
                    place=self._place,
                    why="it is made while running",
                    at=at,
                    names=frozenset({name}),
                    span=span,
                )

    def _removed(self, index: ast.expr, site: Site) -> Iterator[Passed]:
        for name in self._parent.ev.values(index, site.scope):
            if isinstance(name, Const) and isinstance(name.value, str):
                yield Supply(
                    place=self._place,
                    name=VarName(name.value),
                    seen=self._parent.desk.see(None, name.value),
                    at=self._next(),
                    via=self._via,
                    given=self._given(site),
                    span=site.span,
                )

    def _written_as(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
        """The expression that a name was given, where there is only one."""
        for _ in range(_DEEPEST):
            if not isinstance(node, ast.Name):
                break
            home = next((s for s in scope.within() if node.id in s.bindings), None)
            bindings: list[Binding] = home.bindings[node.id] if home is not None else []
            if len(bindings) != 1 or bindings[0].kind != "value" or not isinstance(bindings[0].node, ast.expr):
                break
            node, scope = bindings[0].node, bindings[0].scope
        return node, scope

    def _everything(self, via: str, taken_at: Position, site: Site, given: Condition | None) -> Hop:
        return Hop(
            source=self._parent.process,
            target=self._place,
            passage=Everything(),
            via=via,
            at=self._next(),
            taken_at=taken_at,
            given=given,
            span=site.span,
        )

    def _nothing(self) -> Hop:
        return Hop(
            source=self._parent.process,
            target=self._place,
            passage=Nothing(),
            via=self._via,
            at=self._next(),
            taken_at=self._parent.at(self._site),
            span=self._site.span,
        )

    def _unread(self, why: str, node: ast.AST, scope: Scope) -> Blindspot:
        return Blindspot(place=self._place, why=why, at=self._next(), span=scope.module.span(node))

    def _moment(self, call: ast.Call, scope: Scope, otherwise: Position) -> Position:
        site = scope.module.calls.get(id(call))
        return self._parent.at(site) if site is not None and site in self._parent.program.when else otherwise

    def _given(self, site: Site) -> Condition | None:
        ways = self._judge.cases(site)
        if any(not tests for tests in ways):
            return None
        return Condition(text=f"a branch at line {site.span.line} is taken")

    def _next(self) -> Position:
        self._number += 1
        return Position(Phase.HOST, self._number)
