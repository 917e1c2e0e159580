"""Attributes and items: of modules, classes, objects, tables and texts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING

from keyhop.python import library, lookup, settings_objects
from keyhop.python.modules import last_name
from keyhop.python.scopes import Binding, Kind, Scope, Site
from keyhop.python.values import (
    Case,
    Class,
    Const,
    Env,
    External,
    Function,
    Imported,
    Items,
    Made,
    Method,
    Object,
    Outcome,
    Table,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

_FIELD = ("pydantic.Field", "dataclasses.field", "pydantic.fields.Field", "attr.ib", "attrs.field", "sqlmodel.Field")
_CALCULATED = ("property", "cached_property", "computed_field", "hybrid_property")
_ENVIRON = frozenset({"os.environ", "environ", "os.environb"})


def attribute(ev: Evaluator, value: Value, attr: str, case: Case) -> Iterable[Outcome]:
    """What ``value.attr`` may be."""
    match value:
        case Imported(module=module):
            return lookup.exported(ev, module, attr, case)
        case External(name=dotted):
            return [(External(f"{dotted}.{attr}"), case)]
        case Made(by=External(name="dotenv.dotenv_values")):
            return [(Method(value, attr), case)]
        case Made(by=by):
            return [(External(f"{by.name}().{attr}"), case)]
        case Class(scope=type):
            return _of_class(ev, type, attr, value, case)
        case Object(type=type):
            return _of_object(ev, value, type, attr, case)
        case Const(value=str() as path) if attr == "parent":
            return [(Const(dirname(path)), case)]
        case Const(value=str() as path) if attr == "parents":
            return [(Items(tuple(Const(above) for above in _above(path))), case)]
        case Const() if attr in ("value", "name"):
            return [(value, case)]
        case Env() | Text() | Const() | Table() | Items():
            return [(Method(value, attr), case)]
        case Unknown():
            return [(value, case)]
    return [(Unknown(f"the attribute {attr} of something computed"), case)]


def _above(path: str) -> Iterator[str]:
    while path not in ("", "/"):
        path = dirname(path)
        yield path


def ancestry(ev: Evaluator, type: Scope) -> tuple[Scope, ...]:
    """A class and the classes of the project that it derives from, nearest first."""
    if type in ev.deriving:
        ev.asked.spoiled = True
        return (type,)  # what a class is computed from does not depend on itself
    if type not in ev.ancestries:
        ev.deriving.add(type)
        ev.ancestries[type] = tuple(_ancestry(ev, type))
        ev.deriving.discard(type)
    return ev.ancestries[type]


def _ancestry(ev: Evaluator, type: Scope) -> Iterator[Scope]:
    seen: set[int] = set()
    todo = [type]
    while todo:
        current = todo.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        for base in current.bases:
            for value in ev.values(_generic(base), current.parent or current):
                if isinstance(value, Class):
                    todo.append(value.scope)


def foreign_bases(ev: Evaluator, type: Scope) -> frozenset[str]:
    """The libraries' classes that a class derives from, by dotted name."""
    if type not in ev.foreign:
        ev.foreign[type] = frozenset()
        ev.foreign[type] = frozenset(
            value.name
            for current in ancestry(ev, type)
            for base in current.bases
            for value in ev.values(_generic(base), current.parent or current)
            if isinstance(value, External)
        )
    return ev.foreign[type]


def _generic(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def is_enum(ev: Evaluator, type: Scope) -> bool:
    return any(name.startswith("enum.") for name in foreign_bases(ev, type))


def method(ev: Evaluator, type: Scope, wanted: str) -> Scope | None:
    """The function that a class has under a name, its own or inherited."""
    return next((m for current in ancestry(ev, type) if (m := current.method(wanted))), None)


def declared(ev: Evaluator, annotation: ast.expr, scope: Scope) -> Scope | None:
    """The class of the project that an annotation names, also in ``X | None``, ``Optional`` and text."""
    match annotation:
        case ast.Constant(value=str() as text):
            try:
                parsed = ast.parse(text, mode="eval").body
            except (SyntaxError, ValueError):
                return None
            return declared(ev, parsed, scope)
        case ast.BinOp(left=left, right=right):
            return declared(ev, left, scope) or declared(ev, right, scope)
        case ast.Subscript(value=ast.Name(id="Optional" | "Annotated"), slice=inner):
            return declared(ev, inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner, scope)
        case ast.Name() | ast.Attribute():
            return next((v.scope for v in ev.values(annotation, scope) if isinstance(v, Class)), None)
    return None


def _of_class(ev: Evaluator, type: Scope, attr: str, owner: Value, case: Case) -> Iterator[Outcome]:
    for current in ancestry(ev, type):
        bindings = current.bindings.get(attr)
        if bindings:
            for value, after in lookup.chosen(ev, current, lookup.reaching(bindings, None, ()), (), case):
                yield (replace(value, receiver=owner) if isinstance(value, Function) else value), after
            return
    yield Unknown(f"{attr} is not in the class {type.name}"), case


def _of_object(ev: Evaluator, owner: Object, type: Scope, attr: str, case: Case) -> Iterable[Outcome]:
    lines = list(ancestry(ev, type))
    if owner.site is None:
        lines += [s for s in _heirs(ev, type) if s not in lines]
    field = settings_objects.field(ev, owner, attr, case)
    if field is not None:
        return field
    for current in lines:
        if current.attributes.get(attr):
            return _assigned(ev, current, attr, owner, case)
        for binding in reversed(current.bindings.get(attr, ())):
            if binding.kind == "def" and binding.defined is not None:
                if any(last_name(d) in _CALCULATED for d in binding.defined.decorators):
                    return _calculated(ev, binding.defined, owner, case)
                return [(Function(binding.defined, owner), case)]
            return _field(ev, current, binding, owner, case)
    foreign = sorted(foreign_bases(ev, type))
    if foreign:
        return [(External(f"{foreign[0]}().{attr}"), case)]
    return [(Unknown(f"{attr} is not in the class {type.name}"), case)]


def _heirs(ev: Evaluator, type: Scope) -> list[Scope]:
    ev.asked.heirs = True
    return [scope for scope in ev.modules.heirs(type.name) if scope is not type]


def _assigned(ev: Evaluator, current: Scope, attr: str, owner: Object, case: Case) -> Iterator[Outcome]:
    """What methods assign to ``self.attr``."""
    bindings = current.attributes[attr]
    telling = [b for b in bindings if not (isinstance(b.node, ast.Constant) and b.node.value is None)] or bindings
    seen = _of_constructor(telling) or telling
    for binding in seen:
        entered = case
        function = next((s for s in binding.scope.within() if s.owner), binding.scope)
        if owner.site is not None and function.name == "__init__":
            ev.asked.callers.add(function)
            if function not in case.callers:
                entered = case.called_from(function, owner.site, owner)
        for open_case in ev.conditions.pass_guards(binding.guards, binding.scope, entered):
            yield from lookup.bound(ev, current, binding, open_case)


def _of_constructor(bindings: list[Binding]) -> list[Binding]:
    """What the constructor assigns last, where it decides alone."""
    made = [b for b in bindings if b.scope.name in ("__init__", "__post_init__", "model_post_init")]
    return lookup.reaching(made, None, ()) if made and len(made) == len(bindings) else []


def _field(ev: Evaluator, current: Scope, binding: Binding, owner: Object, case: Case) -> Iterator[Outcome]:
    """A field of a dataclass or model: what the constructor is given, else its default."""
    if owner.site is not None and isinstance(owner.site.node, ast.Call):
        for keyword in owner.site.node.keywords:
            if keyword.arg == binding.name:
                yield from ev.outcomes(keyword.value, owner.site.scope, case)
                return
    if binding.kind == "none":
        yield Unknown(f"{binding.name} is given when {current.name} is made"), case
        return
    for value, after in lookup.chosen(
        ev, current, lookup.reaching(current.bindings[binding.name], None, ()), (), case
    ):
        if isinstance(value, Made) and value.by.name in _FIELD:
            yield from field_default(ev, value.site, after)
        else:
            yield (replace(value, receiver=owner) if isinstance(value, Function) else value), after


def field_default(ev: Evaluator, site: Site, case: Case) -> Iterator[Outcome]:
    """The default that ``Field(...)`` gives."""
    call = site.node
    if not isinstance(call, ast.Call):
        return
    for keyword in call.keywords:
        if keyword.arg == "default":
            yield from ev.outcomes(keyword.value, site.scope, case)
            return
        if keyword.arg in ("default_factory", "factory"):
            for factory, after in ev.outcomes(keyword.value, site.scope, case):
                yield from produced(ev, factory, after)
            return
    if call.args:
        yield from ev.outcomes(call.args[0], site.scope, case)
    else:
        yield Unknown("a field without a default"), case


def produced(ev: Evaluator, factory: Value, case: Case) -> Iterator[Outcome]:
    """What a function that is called without arguments gives."""
    if isinstance(factory, Function):
        ev.asked.stack.add(factory.scope)
    match factory:
        case Function(scope=scope) if scope not in case.stack:
            for result in scope.returns:
                expression = result.node.value  # type: ignore[attr-defined]
                for open_case in ev.conditions.pass_guards(result.guards, scope, case):
                    if expression is not None:
                        inside = open_case.inside((*open_case.stack, scope))
                        for value, after in ev.outcomes(expression, scope, inside):
                            yield value, after.inside(open_case.stack)
        case Class(scope=scope):
            yield Object(scope), case
        case _:
            yield Unknown("it is made while running"), case


def _calculated(ev: Evaluator, function: Scope, owner: Object, case: Case) -> Iterator[Outcome]:
    ev.asked.stack.add(function)
    if function not in case.stack:
        yield from produced(ev, Function(function), case.called_from(function, None, owner))


def injected(ev: Evaluator, value: Value, node: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
    """What a framework passes for ``Depends(f)``."""
    if isinstance(value, Made) and value.by.last in ("Depends", "Security", "Provide"):
        call = value.site.node
        if isinstance(call, ast.Call) and call.args:
            for factory, after in ev.outcomes(call.args[0], value.site.scope, case):
                yield from produced(ev, factory, after)
            return
    yield value, case


def entered(ev: Evaluator, value: Value) -> Value:
    """What ``with value as name`` binds."""
    return value


def elements(ev: Evaluator, value: Value, case: Case) -> list[Value]:
    """What a loop over a value goes through."""
    match value:
        case Items(values=values):
            return list(values)
        case Table():
            return [key for key, _ in rows(ev, value, case)]
        case Class(scope=type) if is_enum(ev, type):
            return [v for name in type.bindings for v, _ in _of_class(ev, type, name, value, case)][:16]
    return []


def rows(ev: Evaluator, table: Table, case: Case) -> list[tuple[Value, ast.expr]]:
    """The keys of a table with the expressions of their values."""
    return ev.once((table.node, None), lambda: _rows(ev, table, case))


def entry(ev: Evaluator, table: Table, key: str, case: Case) -> list[Outcome]:
    """What a table holds under a key; nothing where it does not have it."""
    return ev.once((table.node, key), lambda: _entry(ev, table, key, case))


def _rows(ev: Evaluator, table: Table, case: Case) -> Iterator[tuple[Value, ast.expr]]:
    for above in table.over:
        yield from rows(ev, above, case)
    if isinstance(table.node, ast.Dict):
        for key, value in zip(table.node.keys, table.node.values, strict=True):
            if key is not None:
                for found, _ in ev.outcomes(key, table.scope, table.case):
                    yield found, value
            else:
                for inner, _ in ev.outcomes(value, table.scope, table.case):
                    if isinstance(inner, Table):
                        yield from rows(ev, inner, case)
    else:
        for keyword in table.node.keywords:
            if keyword.arg is not None:
                yield Const(keyword.arg), keyword.value


def _entry(ev: Evaluator, table: Table, key: str, case: Case) -> Iterator[Outcome]:
    for above in table.over:
        found = entry(ev, above, key, case)
        if found:
            yield from found
            return
    scope = table.scope
    ev.asked.callers.update(table.case.callers)
    ev.asked.picked.update(table.case.picked)
    merged = Case(
        {**table.case.callers, **case.callers}, {**table.case.picked, **case.picked}, case.tests, case.stack
    )
    if isinstance(table.node, ast.Call):
        for keyword in table.node.keywords:
            if keyword.arg == key:
                yield from ev.outcomes(keyword.value, scope, merged)
        return
    for node, value in reversed(list(zip(table.node.keys, table.node.values, strict=True))):
        if node is None:
            for inner, _ in ev.outcomes(value, scope, merged):
                if isinstance(inner, Table):
                    found = entry(ev, inner, key, case)
                    if found:
                        yield from found
                        return
        elif any(isinstance(v, Const) and v.value == key for v, _ in ev.outcomes(node, scope, merged)):
            yield from ev.outcomes(value, scope, merged)
            return


def item(ev: Evaluator, value: Value, key: Value, index: ast.expr, scope: Scope, case: Case) -> Iterator[Outcome]:
    """What ``value[key]`` may be."""
    match value, key:
        case External(name=name), Const(value=str() as wanted) if name in _ENVIRON:
            yield Env((wanted,), _read(index, scope), strict=True), case
        case Table(), Const(value=str() as wanted):
            found = entry(ev, value, wanted, case)
            yield from found or [(Unknown(f"{wanted} is added while running"), case)]
        case Table(), Const():
            for known, node in rows(ev, value, case):
                if isinstance(known, Const) and known.value == key.value:
                    yield from ev.outcomes(node, value.scope, case)
        case Table(), _:
            for _, node in rows(ev, value, case)[:8]:
                yield from ev.outcomes(node, value.scope, case)
        case Items(values=values), Const(value=int() as number) if -len(values) <= number < len(values):
            yield values[number], case
        case Items(values=values), _:
            for each in values[:8]:
                yield each, case
        case Const(value=str()), Const(value=int()):
            yield value, case
        case (External(name=name), _) if name not in _ENVIRON:
            yield External(f"{name}[]"), case
        case Made(by=External(name="dotenv.dotenv_values")), Const(value=str() as wanted):
            yield library.in_file(ev, value, wanted, _read(index, scope)), case
        case Made(by=by), _:
            yield External(f"{by.name}()[]"), case
        case _:
            yield Unknown("it is looked up while running"), case


def _read(index: ast.expr, scope: Scope) -> Site:
    """The site at which an item is read."""
    order = scope.module.orders.get(id(index), 0)
    for site in scope.sites:
        if getattr(site.node, "slice", None) is index:
            return site
    guards = scope.module.guards.get(id(index), ())
    return Site(Kind.READ, index, scope, order, guards)
