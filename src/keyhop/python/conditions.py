"""Tests to truth: what is known of a branch, and what taking it assumes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keyhop.python.scopes import Exit, Guard, Scope
from keyhop.python.values import (
    Atom,
    Case,
    Class,
    Const,
    Env,
    External,
    Function,
    Imported,
    Items,
    Made,
    Object,
    Test,
    Text,
    Value,
)

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

_Truth = tuple[bool | None, Case]


class Conditions:
    """Decides tests where that can be done, and says what the others rest on."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._ev = evaluator

    def ask(self, test: ast.expr, scope: Scope) -> list[bool | None]:
        """Whether a test holds, as one fresh question."""
        self._ev.refresh()
        return [truth for truth, _ in self.truth(test, scope, Case())]

    def pass_guards(self, guards: tuple[Guard, ...], scope: Scope, case: Case) -> Iterator[Case]:
        """The ways in which all of some guards let a statement run."""
        if not guards or not self._ev.follows_callers:
            yield case
            return
        head, *rest = guards
        for after in self._pass(head, scope, case):
            yield from self.pass_guards(tuple(rest), scope, after)

    def branch(self, test: ast.expr, wanted: bool, scope: Scope, case: Case) -> Iterator[Case]:
        """The ways in which `test` comes out as `wanted`."""
        if not self._ev.follows_callers:
            yield case
            return
        for truth, after in self.truth(test, scope, case):
            if truth is wanted:
                yield after
            elif truth is None:
                atoms = self.atoms(test, wanted, scope, after)
                if atoms or not (self._first_time(test, wanted) or self._asked_for(test, scope, after)):
                    yield self._assuming(after, Test(atoms))
                else:
                    yield after

    @staticmethod
    def _first_time(test: ast.expr, wanted: bool) -> bool:
        """``if x is None:`` and ``if not x:``: what is made once, or where the caller gave nothing.

        A file that is asked for before it is read, too: one that is not there gives nothing.
        """
        match test:
            case ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
                return wanted
            case ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                return not wanted
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name() | ast.Attribute()):
                return wanted
            case ast.Name() | ast.Attribute():
                return not wanted
            case ast.Compare(ops=[ast.NotIn()]):
                return wanted
            case ast.Call(func=ast.Attribute(attr="exists" | "is_file" | "isfile")):
                return wanted
        return False

    def _asked_for(self, test: ast.expr, scope: Scope, case: Case) -> bool:
        """Whether the command line decides, as it decides which handler of several runs."""
        return any(
            isinstance(value, External | Made) and _name(value).startswith(("argparse.", "sys.argv", "click."))
            for node in ast.walk(test)
            if isinstance(node, ast.Attribute | ast.Subscript)
            for value, _ in self._ev.outcomes(node, scope, case)
        )

    def truth(self, test: ast.expr, scope: Scope, case: Case) -> list[_Truth]:
        """Whether a test holds, per outcome; None where that is not known."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return [(None if t is None else not t, c) for t, c in self.truth(operand, scope, case)]
            case ast.BoolOp(op=op, values=values):
                return self._all(values, isinstance(op, ast.And), scope, case)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return [
                    (_compare(op, a, b), last)
                    for a, after in self._ev.outcomes(left, scope, case)
                    for b, last in self._ev.outcomes(right, scope, after)
                ]
            case ast.Compare() | ast.UnaryOp():
                return [(None, case)]
            case ast.Call(func=ast.Name(id="bool"), args=[inner]):
                return self.truth(inner, scope, case)
        return [(self.truth_of(value), after) for value, after in self._ev.outcomes(test, scope, case)]

    @staticmethod
    def truth_of(value: Value) -> bool | None:
        """Whether a value is true, if that is known."""
        match value:
            case Const(value=held):
                return bool(held)
            case Object() | Function() | Class() | Imported():
                return True
            case External(name=name):
                return True if name.count(".") and not name.endswith(("]", ")")) and "()" not in name else None
            case Items(values=values, complete=True):
                return bool(values)
            case Text(parts=parts) if any(isinstance(p, Const) and p.value for p in parts):
                return True
            case Env(default=Const(value=held)) if held and not value.empty_is_unset:
                return True
        return None

    def atoms(self, test: ast.expr, wanted: bool, scope: Scope, case: Case) -> tuple[Atom, ...]:
        """What is known of variables where `test` comes out as `wanted`."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.atoms(operand, not wanted, scope, case)
            case ast.BoolOp(op=op, values=values):
                if isinstance(op, ast.And) is not wanted:
                    values = values if len(values) == 1 else []
                return tuple(a for v in values for a in self.atoms(v, wanted, scope, case))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compared(left, op, right, wanted, scope, case)
            case ast.Compare() | ast.UnaryOp():
                return ()
            case ast.Call(func=ast.Name(id="all" | "any" | "bool"), args=[inner]):
                return self.atoms(inner, wanted, scope, case)
        return tuple(
            Atom(value.names, set=wanted)
            for value, _ in self._ev.outcomes(test, scope, case)
            for value in _variables(value)
        )

    def _compared(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr, wanted: bool, scope: Scope, case: Case
    ) -> tuple[Atom, ...]:
        found: list[Atom] = []
        sides = [
            (a, b) for a, _ in self._ev.outcomes(left, scope, case) for b, _ in self._ev.outcomes(right, scope, case)
        ]
        for a, b in sides:
            if isinstance(b, External) and b.name == "os.environ" and isinstance(a, Const):
                found.append(Atom((str(a.value),), set=wanted == isinstance(op, ast.In)))
                continue
            variable, other = (a, b) if isinstance(a, Env) else (b, a)
            if not isinstance(variable, Env) or not isinstance(other, Const):
                continue
            equal = wanted == isinstance(op, ast.Eq | ast.Is)
            if isinstance(op, ast.In | ast.NotIn):
                equal = wanted == isinstance(op, ast.In)
                if variable is not b:
                    continue
                found.append(Atom(variable.names, set=equal))
            elif other.value in (None, ""):
                found.append(Atom(variable.names, set=not equal))
            else:
                text = default_text(variable)
                found.append(Atom(variable.names, set=equal, equals=str(other.value), default=text))
        return tuple(found)

    def _all(self, values: list[ast.expr], every: bool, scope: Scope, case: Case) -> list[_Truth]:
        """``and`` where `every`, else ``or``, left to right."""
        states: list[_Truth] = [(every, case)]
        for value in values:
            following: list[_Truth] = []
            for truth, before in states:
                if truth is (not every):
                    following.append((truth, before))
                    continue
                for own, after in self.truth(value, scope, before):
                    joined = own if truth is every else ((not every) if own is (not every) else None)
                    following.append((joined, after))
            states = following[:16]
        return states

    def _pass(self, guard: Guard, scope: Scope, case: Case) -> Iterator[Case]:
        if guard.test is None:
            yield self._assuming(case, Test(handler=guard.handler))
            return
        ev = self._ev
        ev.asked.open.add(guard.test)
        if guard.test in ev.now.open:
            yield case  # it asks for what it decides itself
            return
        ev.now.open.add(guard.test)
        try:
            passed = list(self.branch(guard.test, guard.truth, scope, case))
        finally:
            ev.now.open.discard(guard.test)
        for after in passed:
            made = after.tests[len(case.tests) :]
            if guard.exit is Exit.NONE or not made:
                yield after
            elif guard.exit is Exit.RAISE:
                yield after.assuming(*case.tests)
            else:
                yield after.assuming(*case.tests, *(replace(t, early=True) for t in made))

    def _assuming(self, case: Case, test: Test) -> Case:
        self._ev.asked.tests.add(test)
        return case if test in case.tests else case.assuming(*case.tests, test)


def _name(value: External | Made) -> str:
    return value.name if isinstance(value, External) else value.by.name


def default_text(value: Env) -> str | None:
    """The text that a read gives where no variable is set."""
    inner = value.default
    if isinstance(inner, Env):
        return default_text(inner)
    return str(inner.value) if isinstance(inner, Const) and isinstance(inner.value, str) else None


def _variables(value: Value) -> Iterator[Env]:
    if isinstance(value, Env):
        yield value
    elif isinstance(value, Items | Text):
        for part in value.values if isinstance(value, Items) else value.parts:
            yield from _variables(part)


def _compare(op: ast.cmpop, a: Value, b: Value) -> bool | None:
    match op:
        case ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot():
            same = _same(a, b)
            return same if same is None or isinstance(op, ast.Eq | ast.Is) else not same
        case ast.In() | ast.NotIn():
            held = _holds(a, b)
            return held if held is None or isinstance(op, ast.In) else not held
    return None


def _same(a: Value, b: Value) -> bool | None:
    match a, b:
        case Const(), Const():
            return a.value == b.value
        case ((Object() | Function() | Class()), Const(value=None)):
            return False
        case External(), Const(value=None) if Conditions.truth_of(a):
            return False
        case (Class(scope=x), Class(scope=y)):
            return x is y
        case (Env(default=Const(value=str())), Const(value=None)):
            return False
    return None


def _holds(a: Value, b: Value) -> bool | None:
    match a, b:
        case Const(value=str() as part), Const(value=str() as whole):
            return part in whole
        case Const(value=str() as part), Text(parts=parts):
            return True if any(isinstance(p, Const) and part in str(p.value) for p in parts) else None
        case Const(), Items(values=values, complete=True):
            found = [_same(a, v) for v in values]
            return True if True in found else (None if None in found else False)
    return None
