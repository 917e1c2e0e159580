"""Names to values: which binding a use sees, and what it was bound to."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from keyhop.python import members
from keyhop.python.modules import Module
from keyhop.python.scopes import Binding, Exit, Guard, Scope
from keyhop.python.values import (
    Case,
    Class,
    Const,
    External,
    Function,
    Imported,
    Items,
    Made,
    Object,
    Outcome,
    Table,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

MOST_CALLERS = 8
"""Of one function; what further callers pass is not looked at."""

_PASSED_AT_RUN_TIME = Unknown("it is passed in at run time")


def name(ev: Evaluator, wanted: str, node: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
    """What a name may stand for where `node` uses it."""
    order = scope.module.orders.get(id(node))
    guards = scope.module.guards.get(id(node), ())
    start = scope
    for around in scope.within():
        if around.kind == "class" and around is not start:
            continue
        bindings = around.bindings.get(wanted)
        if bindings:
            inline = around is start or (start.kind == "class" and around is start.parent)
            seen = reaching(bindings, order if inline else None, guards if inline else ())
            yield from chosen(ev, around, seen, guards if inline else (), case)
            return
    body = scope.module.scopes[0]
    yield from (_starred(ev, wanted, body, case) or [_predefined(ev, wanted, body, case)])


def exported(ev: Evaluator, module: Module, wanted: str, case: Case) -> Iterator[Outcome]:
    """What a module's attribute may be: a name of its body, else a submodule."""
    body = module.body
    if body is not None:
        bindings = body.bindings.get(wanted)
        if bindings:
            yield from chosen(ev, body, reaching(bindings, None, ()), (), case)
            return
        found = _starred(ev, wanted, body, case)
        if found:
            yield from found
            return
        if wanted == "__file__":
            yield Const(module.path), case
            return
    if module.package is not None:
        submodule = ev.modules.find(wanted, module, 1)
        if submodule is not None:
            yield Imported(submodule), case
            return
    yield Unknown(f"{wanted} is not in the module"), case


def reaching(bindings: Sequence[Binding], order: int | None, guards: tuple[Guard, ...]) -> list[Binding]:
    """The bindings that a use may see, latest first."""
    before = [b for b in bindings if order is None or b.order < order] or list(bindings)
    found: list[Binding] = []
    branches: set[tuple[int, bool]] = set()
    for binding in reversed(before):
        own = [g for g in binding.guards if not any(same(g, other) for other in guards)]
        if any(excludes(g, other) for g in own for other in guards):
            continue
        found.append(binding)
        own = [g for g in own if g.exit is Exit.NONE]
        if not own:
            break
        if len(own) == 1 and own[0].test is not None:
            branches.add((id(own[0].owner), own[0].truth))
            if (id(own[0].owner), not own[0].truth) in branches:
                break
    plain = [b for b in found if not any(g.handler for g in b.guards)]
    return plain or found


def same(a: Guard, b: Guard) -> bool:
    return a.owner is b.owner and a.truth == b.truth and a.test is b.test


def excludes(a: Guard, b: Guard) -> bool:
    return a.owner is b.owner and a.test is b.test and a.truth != b.truth and Exit.NONE is a.exit is b.exit


def chosen(
    ev: Evaluator, home: Scope, bindings: Sequence[Binding], guards: tuple[Guard, ...], case: Case
) -> Iterator[Outcome]:
    """One outcome per binding that a use may see; a use that was decided before stays so."""
    if len(bindings) == 1 and bindings[0].kind in ("def", "class", "import") and not bindings[0].guards:
        yield from _bound(ev, bindings[0], case)
        return
    which = (home, tuple(bindings))
    decided = None
    if len(bindings) > 1:
        ev.asked.picked.add(which)
        decided = case.picked.get(which)
    for binding in bindings:
        if decided is not None and decided is not binding:
            continue
        own = tuple(g for g in binding.guards if not any(same(g, other) for other in guards))
        for open_case in ev.conditions.pass_guards(own, binding.scope, case):
            if len(bindings) > 1:
                open_case = open_case.taking(which, binding)
            yield from bound(ev, home, binding, open_case)


def bound(ev: Evaluator, home: Scope, binding: Binding, case: Case) -> Iterator[Outcome]:
    """What a binding gives its name, the same each time within one case."""
    key = (home, binding)
    ev.asked.picked.add(key)
    if key in case.picked:
        yield case.picked[key], case  # type: ignore[misc]
        return
    found = ev.once(binding, lambda: _bound(ev, binding, case))
    for value, after in found:
        yield value, after if len(found) == 1 else after.taking(key, value)


def _bound(ev: Evaluator, binding: Binding, case: Case) -> Iterable[Outcome]:
    match binding.kind:
        case "def" if binding.defined is not None:
            return [(Function(binding.defined), case)]
        case "class" if binding.defined is not None:
            return [(Class(binding.defined), case)]
        case "import":
            return imported(ev, binding.node, binding.name, binding.scope, case)
        case "param":
            return parameter(ev, binding, case)
        case "value" | "with" if isinstance(binding.node, ast.expr):
            found = ev.each(binding.node, binding.scope, case, lambda v, c: [(_unpacked(v, binding.path), c)])
            return ((members.entered(ev, v), c) for v, c in found) if binding.kind == "with" else found
        case "item" if isinstance(binding.node, ast.expr):
            return _iterated(ev, binding.node, binding, case)
    return [(Unknown(f"{binding.name} is set while running"), case)]


def imported(ev: Evaluator, node: ast.AST | None, wanted: str, scope: Scope, case: Case) -> Iterable[Outcome]:
    """What an import statement binds to a name."""
    importer = ev.modules.of(scope)
    if isinstance(node, ast.Import):
        for alias in node.names:
            if (alias.asname or alias.name.partition(".")[0]) == wanted:
                dotted = alias.name if alias.asname else wanted
                module = ev.modules.find(dotted, importer)
                return [(Imported(module) if module else External(dotted), case)]
    ev.asked.open.add(node)
    if isinstance(node, ast.ImportFrom) and node not in ev.now.open:
        for alias in node.names:
            if (alias.asname or alias.name) == wanted:
                module = ev.modules.find(node.module or "", importer, node.level)
                if module is None:
                    origin = "." * node.level + (node.module or "")
                    return [(External(f"{origin}.{alias.name}"), case)]
                ev.now.open.add(node)
                try:
                    return list(exported(ev, module, alias.name, case))
                finally:
                    ev.now.open.discard(node)
    return [(Unknown(f"{wanted} is imported in a way that cannot be followed"), case)]


def parameter(ev: Evaluator, binding: Binding, case: Case) -> Iterator[Outcome]:
    """What a parameter may hold: from the call that is looked at, from any call, or its default."""
    function = binding.scope
    receiver = _receiver(ev, function, binding.name, case)
    if receiver is not None:
        yield receiver, case
        return
    ev.asked.callers.add(function)
    if function in case.callers:
        yield from argument(ev, function, binding.name, case)
        return
    typed = _annotated(ev, binding)
    calls = ev.callers.get(function, []) if ev.follows_callers else []
    if not calls:
        if typed is not None:
            yield typed, case
            return
        spare = default(ev, function, binding.name, case)
        if ev.follows_callers:
            yield from spare
        else:
            yield from ((v, c) for v, c in spare if isinstance(v, Object | Made))
        yield _PASSED_AT_RUN_TIME, case
        return
    for site, on in calls[:MOST_CALLERS]:
        yield from argument(ev, function, binding.name, case.called_from(function, site, on))


def argument(ev: Evaluator, function: Scope, wanted: str, case: Case) -> Iterable[Outcome]:
    """What the call that `case` has chosen passes for a parameter."""
    site, receiver = case.callers[function]
    call = site.node if site else None
    if site is None or not isinstance(call, ast.Call):
        return default(ev, function, wanted, case)
    outer = case.under({k: v for k, v in case.callers.items() if k is not function})
    if isinstance(receiver, Object) and receiver.case is not None and function.name == "__init__":
        ev.asked.callers.update(receiver.case.callers)
        outer = outer.under({**receiver.case.callers, **outer.callers})

    def back(found: Iterable[Outcome]) -> Iterator[Outcome]:
        for value, after in found:
            yield value, after.called_from(function, site, receiver)

    for keyword in call.keywords:
        if keyword.arg == wanted:
            return back(ev.outcomes(keyword.value, site.scope, outer))
    names = [*positional(function)]
    if function.owner is not None and not is_static(function):
        names = names[1:]
    if wanted in names:
        at = names.index(wanted)
        if at < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[: at + 1]):
            return back(ev.outcomes(call.args[at], site.scope, outer))
        if any(isinstance(a, ast.Starred) for a in call.args):
            return [(_PASSED_AT_RUN_TIME, case)]
    spread = [k.value for k in call.keywords if k.arg is None]
    for node in spread:
        for value, _ in ev.outcomes(node, site.scope, outer):
            if isinstance(value, Table):
                found = members.entry(ev, value, wanted, case)
                if found:
                    return found
    if spread:
        return [*default(ev, function, wanted, case), (_PASSED_AT_RUN_TIME, case)]
    return default(ev, function, wanted, case)


def default(ev: Evaluator, function: Scope, wanted: str, case: Case) -> Iterable[Outcome]:
    """What a parameter holds where no caller passes it."""
    node = default_of(function, wanted)
    if node is None:
        return [(_PASSED_AT_RUN_TIME, case)]
    found = list(ev.outcomes(node, function.parent or function, case))
    if any(isinstance(v, External | Class) or (isinstance(v, Object) and v.site is None) for v, _ in found):
        return found
    injected = [
        outcome
        for value, after in found
        for outcome in members.injected(ev, value, node, function.parent or function, after)
    ]
    return injected or found


def default_of(function: Scope, wanted: str) -> ast.expr | None:
    if not isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return None
    a = function.node.args
    plain = [*a.posonlyargs, *a.args]
    for parameter, value in zip(reversed(plain), reversed(a.defaults), strict=False):
        if parameter.arg == wanted:
            return value
    for parameter, keyword in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if parameter.arg == wanted:
            return keyword
    return None


def positional(function: Scope) -> tuple[str, ...]:
    if not isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return ()
    a = function.node.args
    return tuple(p.arg for p in (*a.posonlyargs, *a.args))


def is_static(function: Scope) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorators)


def _receiver(ev: Evaluator, function: Scope, wanted: str, case: Case) -> Value | None:
    owner = function.owner
    if owner is None or is_static(function) or positional(function)[:1] != (wanted,):
        return None
    if any(isinstance(d, ast.Name) and d.id in ("classmethod", "validator") for d in function.decorators):
        return Class(owner)
    ev.asked.callers.add(function)
    _, on = case.callers.get(function, (None, None))
    return on if isinstance(on, Object) else Object(owner)


def _annotated(ev: Evaluator, binding: Binding) -> Value | None:
    """The object of a class of the project that a parameter is declared to be."""
    node = binding.node
    if not isinstance(node, ast.arg) or node.annotation is None:
        return None
    found = members.declared(ev, node.annotation, binding.scope.parent or binding.scope)
    return Object(found) if found is not None and not members.is_enum(ev, found) else None


def _starred(ev: Evaluator, wanted: str, body: Scope, case: Case) -> list[Outcome]:
    for binding in body.bindings.get("*", ()):
        if isinstance(binding.node, ast.ImportFrom):
            module = ev.modules.find(binding.node.module or "", ev.modules.of(body), binding.node.level)
            if module is None:
                continue
            found: list[Outcome] = [o for o in exported(ev, module, wanted, case) if not isinstance(o[0], Unknown)]
            if found:
                return found
    return []


def _predefined(ev: Evaluator, wanted: str, body: Scope, case: Case) -> Outcome:
    if wanted == "__file__":
        return Const(ev.modules.of(body).path), case
    if wanted == "__name__":
        return Const("__main__" if ev.modules.of(body) is ev.main else body.module.path), case
    if hasattr(builtins, wanted):
        return External(f"builtins.{wanted}"), case
    for binding in body.bindings.get("*", ()):
        if isinstance(binding.node, ast.ImportFrom) and not binding.node.level and binding.node.module:
            return External(f"{binding.node.module}.{wanted}"), case
    return Unknown(f"{wanted} is not defined in view"), case


def _unpacked(value: Value, path: tuple[int, ...]) -> Value:
    for number in path:
        if not isinstance(value, Items) or number >= len(value.values) or not value.complete:
            return Unknown("it is part of something computed")
        value = value.values[number]
    return value


def _iterated(ev: Evaluator, node: ast.expr, binding: Binding, case: Case) -> Iterator[Outcome]:
    for value, after in ev.outcomes(node, binding.scope, case):
        items = members.elements(ev, value, after)
        for item in items:
            yield _unpacked(item, binding.path), after
        if not items:
            yield Unknown("it is one of many"), after
