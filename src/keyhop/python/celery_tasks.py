"""Celery tasks that run a crew, and what becomes of them when the provider refuses the key.

Counted with Celery 5.7.0 on Redis and RabbitMQ: by default, and where a task is rejected without ``acks_late``,
every task that a refused key meets is lost.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.facts import Act, Argument, PlaceId, Practice
from keyhop.python import elsewhere
from keyhop.python.crews import KICKOFFS
from keyhop.python.elsewhere import dotted
from keyhop.python.program import Program
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import Const

_ACKS_LATE = frozenset({"acks_late", "task_acks_late", "CELERY_ACKS_LATE", "CELERY_TASK_ACKS_LATE"})
_REJECT = ("celery.exceptions.Reject", "celery.Reject")
_AGAIN = frozenset({"autoretry_for", "retry_backoff", "task_reject_on_worker_lost"})


def lost(program: Program, process: PlaceId) -> Iterator[Practice]:
    """Tasks that a refused key loses for good."""
    tasks = list(dict.fromkeys(_tasks(program)))
    if not tasks or _settings_elsewhere(program) or _is_set(program, _ACKS_LATE):
        return
    requeues = list(_rejects(program))
    if not requeues and (_is_set(program, _AGAIN) or _retries(program)):
        return
    for task in tasks:
        told = {name for name, _ in elsewhere.options(task)}
        if told & (_ACKS_LATE | _AGAIN):
            continue
        yield Practice(
            place=process,
            act=Act.LOSES_TASK,
            subject=task.name,
            arguments=(Argument("requeue"),) if requeues else (),
            span=requeues[0].span if requeues else task.module.span(task.node),
        )


def _tasks(program: Program) -> Iterator[Scope]:
    """The tasks on whose way a crew is started."""
    starts = [s for s in program.when if isinstance(s.node, ast.Call) and _method(s.node) in KICKOFFS]
    seen: dict[Scope, None] = {}
    todo = [site.scope for site in starts]
    while todo:
        scope = todo.pop()
        if scope in seen:
            continue
        seen[scope] = None
        if scope.kind == "function" and elsewhere.engine(program.ev, scope) == "celery":
            yield scope
            continue
        todo += [edge.scope for edge in program.edges.get(scope, ()) if edge is not None]
        if scope.parent is not None and scope.parent.kind == "function":
            todo.append(scope.parent)


def _rejects(program: Program) -> Iterator[Site]:
    """``raise Reject(reason, requeue=True)``."""
    for site in program.sites(Kind.CALL):
        assert isinstance(site.node, ast.Call)
        rejects = any(dotted(v) in _REJECT for v in program.callees.get(site, ()))
        if rejects and any(k.arg == "requeue" and _is_true(k.value) for k in site.node.keywords):
            yield site


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _retries(program: Program) -> bool:
    """Whether a task tries again by itself: ``self.retry(…)``, or a library of retries around the crew."""
    return any(
        _method(site.node) in ("retry", "Reject") or any(dotted(v).startswith("tenacity.") for v in callees)
        for site, callees in program.callees.items()
        if isinstance(site.node, ast.Call)
    )


def _is_set(program: Program, names: frozenset[str]) -> bool:
    """Whether one of these settings is given somewhere, and not as False."""
    for site in program.when:
        match site.node:
            case ast.Attribute(attr=attr) if site.kind is Kind.STORE and attr in names:
                return True
            case ast.Subscript(slice=ast.Constant(value=key)) if site.kind is Kind.STORE and key in names:
                return True
            case ast.Call(keywords=keywords):
                if any(k.arg in names and getattr(k.value, "value", None) is not False for k in keywords):
                    return True
    return any(name in names for scope in program.reached for name in scope.bindings)


def _settings_elsewhere(program: Program) -> bool:
    """Whether settings come from a module, a file or an object that was not looked through."""
    for site in program.sites(Kind.CALL):
        call = site.node
        assert isinstance(call, ast.Call)
        if _method(call) in ("config_from_object", "config_from_envvar", "add_defaults"):
            values = program.ev.values(call.args[0], site.scope) if call.args else []
            named = [v.value for v in values if isinstance(v, Const) and isinstance(v.value, str)]
            found = [program.modules.find(name.partition(":")[0], program.modules.of(site.scope)) for name in named]
            if not found or any(module is None for module in found):
                return True
        elif _method(call) == "update" and any(k.arg is None for k in call.keywords):
            return True
    return False


def _method(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
