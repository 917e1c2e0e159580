"""What a function brings along when it travels to a worker: by its module's name, or by value.

cloudpickle sends a function of the main module by value, and one whose module holds something else under its name,
as a decorated one; everything else goes by name, so that the worker imports its module. What a function that goes by
value mentions of other modules goes by name in its turn (cloudpickle 3.1, as in joblib, Dask and Ray).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.python import elsewhere
from keyhop.python.modules import Module
from keyhop.python.parents import Parent
from keyhop.python.scopes import Scope
from keyhop.python.values import Class, Function, Imported, Object, Value

MOST_FUNCTIONS = 200


def imported_for(parent: Parent, functions: tuple[Scope, ...], *, wrapped: bool = False) -> tuple[Module, ...]:
    """The modules that a worker imports to have some functions. `wrapped`: a decorator has replaced them."""
    found: dict[Module, None] = {}
    seen: dict[Scope, None] = {}
    todo = [(scope, wrapped) for scope in functions]
    while todo and len(seen) < MOST_FUNCTIONS:
        scope, by_value = todo.pop(0)
        module = parent.program.modules.of(scope)
        if scope in seen:
            continue
        seen[scope] = None
        if not by_value and module is not parent.main and scope.kind != "module":
            found[module] = None
            continue
        for value in _mentioned(parent, scope):
            match value:
                case Imported(module=other):
                    found[other] = None
                case Function(scope=other) | Class(scope=other) | Object(type=other):
                    todo.append((other, _is_replaced(parent, other)))
    return tuple(module for module in found if module.body is not None and module is not parent.main)


def _mentioned(parent: Parent, scope: Scope) -> Iterator[Value]:
    """What the names in a function that are not its own may be."""
    module = parent.program.modules.of(scope).body
    names = module.bindings if module is not None else {}
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            yield from parent.ev.values(node, scope)


def _is_replaced(parent: Parent, scope: Scope) -> bool:
    """Whether a decorator of an engine holds the place of a function or class in its module."""
    return elsewhere.engine(parent.ev, scope) == "ray"
