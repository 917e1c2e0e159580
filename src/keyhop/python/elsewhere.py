"""Functions that a call only enqueues: they run in another process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keyhop.python.scopes import Scope, Site
from keyhop.python.values import External, Made, Value

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

_QUEUES = {
    "celery.shared_task": "celery",
    "celery.task": "celery",
    "celery.Celery().task": "celery",
    "celery.app.shared_task": "celery",
    "celery.decorators.task": "celery",
    "dramatiq.actor": "dramatiq",
    "ray.remote": "ray",
    "ray.serve.deployment": "ray",
    "rq.decorators.job": "rq",
    "rq.job": "rq",
    "django_rq.job": "rq",
    "huey.SqliteHuey().task": "huey",
    "huey.RedisHuey().task": "huey",
    "huey.contrib.djhuey.task": "huey",
    "huey.contrib.djhuey.db_task": "huey",
    "procrastinate.App().task": "procrastinate",
    "taskiq.task": "taskiq",
}
_HERE = ("crewai", "prefect", "invoke", "langgraph", "pydantic_ai", "locust", "metaflow")
"""Libraries whose ``task`` runs where it is called."""
_ENQUEUES = ("enqueue", "enqueue_in", "enqueue_at", "enqueue_call", "enqueue_job", "send_task", "defer", "kiq")


def engine(ev: Evaluator, scope: Scope) -> str | None:
    """The engine whose workers run a function or class; None where it runs here."""
    owner = scope.owner
    if owner is not None:
        if scope.name == "run" and _is_process(ev, owner):
            return "multiprocessing"
        of_class = engine(ev, owner)
        if of_class is not None:
            return of_class
    for decorator in scope.decorators:
        for value in ev.values(_uncalled(decorator), scope.parent or scope):
            name = dotted(value)
            if name in _QUEUES:
                return _QUEUES[name]
            last = name.rpartition(".")[2]
            if last == "task" and not name.startswith(_HERE) and isinstance(_uncalled(decorator), ast.Attribute):
                return "celery"
        bare = _uncalled(decorator)
        if (
            isinstance(bare, ast.Attribute)
            and bare.attr == "task"
            and not any(dotted(v) for v in ev.values(bare, scope.parent or scope))
        ):
            return "celery"
    return None


def _is_process(ev: Evaluator, type: Scope) -> bool:
    from keyhop.python.start_methods import is_process_class

    return is_process_class(ev, type)


def sent_away(ev: Evaluator, site: Site) -> bool:
    """Whether what a call is given runs in another process: enqueued, or handed to an engine's children."""
    call = site.passed_to
    return enqueues(call) or (call is not None and _taken(ev, call, site.scope))


def _taken(ev: Evaluator, call: ast.Call, scope: Scope) -> bool:
    from keyhop.python.parents import Asked, engines, method

    name = method(call)
    asked = Asked(ev, call, scope)
    return any(engine.takes(asked) for engine in engines() if name in engine.methods)


def enqueues(call: ast.Call | None) -> bool:
    """Whether a call hands its arguments to a queue."""
    return call is not None and isinstance(call.func, ast.Attribute) and call.func.attr in _ENQUEUES


def options(scope: Scope) -> Iterator[tuple[str, ast.expr]]:
    """The keyword arguments of a function's decorators."""
    for decorator in scope.decorators:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg:
                    yield keyword.arg, keyword.value


def dotted(value: Value) -> str:
    """The dotted name of something of a library; empty for anything else."""
    match value:
        case External(name=name):
            return name
        case Made(by=by):
            return f"{by.name}()"
    return ""


def _uncalled(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
