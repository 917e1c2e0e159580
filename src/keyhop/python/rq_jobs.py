"""RQ workers: they run whatever function of the project somebody enqueues."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.python import elsewhere
from keyhop.python.modules import Module
from keyhop.python.program import Program
from keyhop.python.scopes import Scope
from keyhop.python.values import Const, Function

_TIMED = ("enqueue_in", "enqueue_at")
"""Calls whose first argument says when."""


def run_jobs(program: Program) -> None:
    """Import the modules of every enqueued or ``@job`` function, and run the functions."""
    for scope in dict.fromkeys(_jobs(program)):
        program.start(program.modules.of(scope))
        program.call(scope)


def _jobs(program: Program) -> Iterator[Scope]:
    view = program.modules.view
    for path in view.tree.holding((b"enqueue", b"@job"), "*.py"):
        inside = view.inside(path)
        module = program.modules.script(inside) if inside is not None else None
        if module is not None and module.summary is not None:
            yield from _enqueued(program, module)
            yield from (s for s in module.summary.scopes if s.decorators and elsewhere.engine(program.ev, s) == "rq")


def _enqueued(program: Program, module: Module) -> Iterator[Scope]:
    assert module.summary is not None
    for site in tuple(module.summary.calls.values()):
        match site.node:
            case ast.Call(func=ast.Attribute(attr=attr), args=args) if elsewhere.enqueues(site.node):
                given = args[attr in _TIMED :][:1] if isinstance(attr, str) else []
                for node in given:
                    yield from _functions(program, module, node, site.scope)


def _functions(program: Program, module: Module, node: ast.expr, scope: Scope) -> Iterator[Scope]:
    for value in program.ev.values(node, scope):
        match value:
            case Function(scope=found):
                yield found
            case Const(value=str() as dotted):
                name, _, function = dotted.rpartition(".")
                other = program.modules.find(name, module)
                for binding in other.body.bindings.get(function, ()) if other is not None and other.body else ():
                    if binding.defined is not None:
                        yield binding.defined
