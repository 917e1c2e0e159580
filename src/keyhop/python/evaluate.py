"""Expressions to values: every way they may go, within a budget."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from keyhop.python import library, lookup, members
from keyhop.python.answers import MOST_ANSWERS, Answer, Asked, Moment
from keyhop.python.conditions import Conditions
from keyhop.python.modules import Module, Modules
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import (
    EVERY_CASE,
    Case,
    Class,
    Const,
    Env,
    External,
    Function,
    Items,
    Made,
    Method,
    Object,
    Outcome,
    Table,
    Unknown,
    Value,
    text,
)

_Answered = TypeVar("_Answered")

MOST_OUTCOMES = 16
"""Of one expression; further ones are not looked at."""
MOST_STEPS = 3000
"""Of one question."""
DEEPEST = 60

TOO_DEEP = Unknown("it is computed in too many steps")


class Evaluator:
    """Answers what expressions of one process's modules may amount to."""

    def __init__(self, modules: Modules, cwd: str = "/") -> None:
        self.modules = modules
        self.cwd = cwd
        self.main: Module | None = None
        """The module that runs as ``__main__``."""
        self.callers: dict[Scope, list[tuple[Site, Value | None]]] = {}
        """The calls of each function that are reached, with the object they are made on."""
        self.conditions = Conditions(self)
        self.ancestries: dict[Scope, tuple[Scope, ...]] = {}
        self.foreign: dict[Scope, frozenset[str]] = {}
        self.now = Moment()
        self.deriving: set[Scope] = set()
        """Classes whose bases are being looked up."""
        self.asked = Asked()
        """What the evaluation that is going on has asked so far."""
        self._steps = 0
        self._depth = 0
        self._simple: dict[tuple[ast.expr, bool], list[Value]] = {}
        self._answers: dict[ast.expr, list[Answer]] = {}
        self._search = 0

    @property
    def follows_callers(self) -> bool:
        """Whether parameters are looked up at the calls: only once all calls are known."""
        self.asked.follows = True
        return self.now.follows

    @follows_callers.setter
    def follows_callers(self, follows: bool) -> None:
        self.now.follows = follows

    def ask(self, node: ast.expr, scope: Scope, case: Case = EVERY_CASE) -> list[Outcome]:
        """What `node` may amount to: one fresh question with a budget of its own."""
        self.refresh()
        return self.outcomes(node, scope, case)

    def forget(self) -> None:
        """Drop the answers that were remembered: what runs as the main module has changed."""
        self._simple.clear()
        self._answers.clear()

    def refresh(self, steps: int = MOST_STEPS) -> None:
        """Begin a question with a budget of its own."""
        self._steps = MOST_STEPS - steps

    def values(self, node: ast.expr, scope: Scope) -> list[Value]:
        """What `node` may amount to, whatever has to be assumed for it."""
        key = (node, self.now.follows)
        found = self._simple.get(key)
        if found is None:
            outer, self.asked = self.asked, Asked()
            try:
                found = self._simple[key] = [value for value, _ in self.ask(node, scope)]
            finally:
                self.asked = outer
        return list(found)

    def outcomes(self, node: ast.expr, scope: Scope, case: Case) -> list[Outcome]:
        self._steps += 1
        if self._steps > MOST_STEPS or self._depth > DEEPEST:
            self.asked.spoiled = True
            return [(TOO_DEEP, case)]
        if isinstance(node, ast.Constant):
            return [(Const(None if node.value is Ellipsis else node.value), case)]
        if self._search != self.modules.searches:
            self._answers.clear()
            self._search = self.modules.searches
        now = self.now
        now.loaded = self.modules.loaded
        known = self._answers.get(node)
        if known is None:
            known = self._answers[node] = []
        for answer in known:
            if answer.fits(case, now):
                self.asked.add(answer.asked)
                return answer.within(case)
        outer = self.asked
        asked = self.asked = Asked()
        self._depth += 1
        try:
            found = _few(self._outcomes(node, scope, case))
        finally:
            self._depth -= 1
            self.asked = outer
            outer.add(asked)
        if not asked.spoiled:
            known.insert(0, Answer(asked, case, found, now))
            del known[MOST_ANSWERS:]
        return list(found)

    def once(self, question: object, answers: Callable[[], Iterable[_Answered]]) -> list[_Answered]:
        """Nothing while the same is being asked: ``options = {**options, "k": 1}`` holds itself."""
        self.asked.open.add(question)
        if question in self.now.open:
            return []
        self.now.open.add(question)
        try:
            return list(answers())
        finally:
            self.now.open.discard(question)

    def each(
        self, node: ast.expr, scope: Scope, case: Case, then: Callable[[Value, Case], Iterable[Outcome]]
    ) -> Iterator[Outcome]:
        """Go on with every outcome of `node`."""
        for value, after in self.outcomes(node, scope, case):
            yield from then(value, after)

    def module_of(self, scope: Scope) -> Module:
        return self.modules.of(scope)

    def site_of(self, node: ast.Call, scope: Scope) -> Site:
        found = scope.module.calls.get(id(node))
        if found is None:
            raise LookupError("a call that no walk has seen")
        return found

    def _outcomes(self, node: ast.expr, scope: Scope, case: Case) -> Iterable[Outcome]:
        match node:
            case ast.Name(id=name):
                return lookup.name(self, name, node, scope, case)
            case ast.Attribute(value=base, attr=attr):
                return self.each(base, scope, case, lambda v, c: members.attribute(self, v, attr, c))
            case ast.Call():
                return self.call(node, scope, case)
            case ast.JoinedStr(values=parts):
                return self._text([p.value if isinstance(p, ast.FormattedValue) else p for p in parts], scope, case)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._sum(left, right, scope, case)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._join(left, right, scope, case)
            case ast.BinOp(left=ast.Constant(value=str() as template), op=ast.Mod(), right=right):
                values = right.elts if isinstance(right, ast.Tuple) else [right]
                return self._filled(template.split("%s"), values, scope, case)
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._first_true(values, scope, case)
            case ast.BoolOp(op=ast.And(), values=values):
                return self._last_true(values, scope, case)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse, scope, case)
            case ast.Subscript(value=base, slice=index):
                return self._subscript(base, index, scope, case)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return [(self._items(parts, scope, case), case)]
            case ast.Dict():
                return [(Table(node, scope, case), case)]
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.outcomes(value, scope, case)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element) | ast.SetComp(elt=element):
                found = tuple(value for value, _ in self.outcomes(element, scope, case))
                return [(Items(found, complete=False), case)]
            case ast.Lambda():
                defined = next((s for s in scope.module.scopes if s.node is node), None)
                return [(Function(defined), case)] if defined else []
            case ast.Compare() | ast.UnaryOp():
                return [
                    (Const(t) if t is not None else Unknown("a test"), c)
                    for t, c in self.conditions.truth(node, scope, case)
                ]
        return [(Unknown("it is computed while running"), case)]

    def call(self, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
        for callee, after in self.outcomes(node.func, scope, case):
            yield from self.called(callee, node, scope, after)

    def called(self, callee: Value, node: ast.Call, scope: Scope, case: Case) -> Iterable[Outcome]:
        match callee:
            case Function():
                return self.returned(callee, node, scope, case)
            case Class(scope=type):
                if members.is_enum(self, type) and node.args:
                    return self.outcomes(node.args[0], scope, case)
                return [(Object(type, self.site_of(node, scope), case), case)]
            case External():
                return library.called(self, callee, node, scope, case)
            case Method():
                return library.method_called(self, callee, node, scope, case)
            case Made(by=by):
                return library.called(self, External(f"{by.name}()"), node, scope, case)
            case Object(type=type):
                method = members.method(self, type, "__call__")
                if method is not None:
                    return self.returned(Function(method, callee), node, scope, case)
        return [(callee if isinstance(callee, Unknown) else Unknown("it calls something that is not known"), case)]

    def returned(self, callee: Function, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
        """What a call of the project's own function returns."""
        body = callee.scope
        self.asked.stack.add(body)
        if body in case.stack:
            yield Unknown(f"{body.name} calls itself"), case
            return
        site = self.site_of(node, scope)
        inside = Case(
            {**case.callers, body: (site, callee.receiver)},
            {k: v for k, v in case.picked.items() if body not in k[0].around},
            case.tests,
            (*case.stack, body),
        )
        found = False
        for result in body.returns:
            expression = result.node.value  # type: ignore[attr-defined]
            for open_case in self.conditions.pass_guards(result.guards, result.scope, inside):
                outcomes = (
                    [(Const(None), open_case)] if expression is None else self.outcomes(expression, body, open_case)
                )
                for value, after in outcomes:
                    found = True
                    yield _resited(value, body, site), _left(case, after, body)
        if not found:
            yield (Unknown(f"{body.name} returns nothing that is known"), case)

    def _text(self, parts: list[ast.expr], scope: Scope, case: Case) -> Iterator[Outcome]:
        done: list[tuple[tuple[Value, ...], Case]] = [((), case)]
        for part in parts:
            done = [
                ((*before, value), after) for before, c in done for value, after in self.outcomes(part, scope, c)
            ][:MOST_OUTCOMES]
        for found, after in done:
            yield text(found), after

    def _filled(self, pieces: list[str], values: list[ast.expr], scope: Scope, case: Case) -> Iterable[Outcome]:
        """A template with its holes filled in order."""
        parts: list[ast.expr] = []
        for number, piece in enumerate(pieces):
            parts.append(ast.Constant(piece))
            if number < len(pieces) - 1:
                parts.append(values[number] if number < len(values) else ast.Constant(""))
        return self._text(parts, scope, case)

    def _sum(self, left: ast.expr, right: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
        for a, after in self.outcomes(left, scope, case):
            for b, last in self.outcomes(right, scope, after):
                if isinstance(a, Items) and isinstance(b, Items):
                    yield Items(a.values + b.values, a.complete and b.complete), last
                elif isinstance(a, Items | Table):
                    yield a, last
                else:
                    yield text((a, b)), last

    def _join(self, left: ast.expr, right: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
        for a, after in self.outcomes(left, scope, case):
            for b, last in self.outcomes(right, scope, after):
                if isinstance(a, Const) and isinstance(b, Const):
                    yield Const(library.joined(str(a.value), str(b.value))), last
                else:
                    yield Unknown("a path that is computed while running"), last

    def _first_true(self, values: list[ast.expr], scope: Scope, case: Case) -> Iterator[Outcome]:
        head, *rest = values
        for value, after in self.outcomes(head, scope, case):
            if not rest:
                yield value, after
                continue
            truth = self.conditions.truth_of(value)
            if truth is True:
                yield value, after
            elif truth is False:
                yield from self._first_true(rest, scope, after)
            else:
                for other, last in self._first_true(rest, scope, after):
                    yield _or(value, other), last

    def _last_true(self, values: list[ast.expr], scope: Scope, case: Case) -> Iterator[Outcome]:
        head, *rest = values
        for truth, after in self.conditions.truth(head, scope, case):
            if not rest or truth is False:
                yield from self.outcomes(head, scope, after)
            else:
                yield from self._last_true(rest, scope, after)

    def _either(
        self, test: ast.expr, body: ast.expr, orelse: ast.expr, scope: Scope, case: Case
    ) -> Iterator[Outcome]:
        for branch, wanted in ((body, True), (orelse, False)):
            for after in self.conditions.branch(test, wanted, scope, case):
                yield from self.outcomes(branch, scope, after)

    def _subscript(self, base: ast.expr, index: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
        for value, after in self.outcomes(base, scope, case):
            for key, last in self.outcomes(index, scope, after):
                yield from members.item(self, value, key, index, scope, last)

    def _items(self, parts: list[ast.expr], scope: Scope, case: Case) -> Items:
        found: list[Value] = []
        complete = True
        for part in parts:
            values = [value for value, _ in self.outcomes(part, scope, case)]
            if isinstance(part, ast.Starred):
                inner = [v for items in values if isinstance(items, Items) for v in items.values]
                complete = complete and all(isinstance(v, Items) for v in values)
                found += inner
            else:
                found += values[:4]
        return Items(tuple(found), complete)


def _or(value: Value, other: Value) -> Value:
    """``value or other``, where it is not known whether `value` is true."""
    match value:
        case Env(default=None):
            return replace(value, default=other, empty_is_unset=True)
        case Env(default=inner) if inner is not None:
            return replace(
                value, default=_or(inner, other) if not isinstance(inner, Const) or not inner.value else inner
            )
        case Unknown():
            return other if not isinstance(other, Const) or other.value not in (None, "") else value
    return value


def _resited(value: Value, body: Scope, site: Site) -> Value:
    """A read inside a function whose name its caller gave happens, for its reader, at the call."""
    if isinstance(value, Env) and value.site.scope is body and body.parameters:
        call = value.site.node
        named = call.args[:1] if isinstance(call, ast.Call) else [getattr(call, "slice", None)]
        if any(isinstance(n, ast.Name) and n.id in body.parameters for n in named):
            return replace(value, site=site)
    return value


def _left(before: Case, after: Case, body: Scope) -> Case:
    """The case with which the caller goes on: what was assumed stays, the callee's own names go."""
    callers = after.callers
    if body not in before.callers:
        callers = {k: v for k, v in callers.items() if k is not body}
    picked = {k: v for k, v in after.picked.items() if body not in k[0].around}
    return Case(callers, picked, after.tests, before.stack)


def _few(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The first outcomes, without repeats that assume the same."""
    found: list[Outcome] = []
    seen: set[object] = set()
    for value, case in outcomes:
        key = (
            value if isinstance(value, Const | External | Unknown) else id(value),
            len(case.tests),
            len(case.picked),
        )
        if key in seen:
            continue
        seen.add(key)
        found.append((value, case))
        if len(found) >= MOST_OUTCOMES:
            break
    return found
