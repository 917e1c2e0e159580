"""Celery workers: which modules they import, and which tasks they run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import dirname

from keyhop.launch import Entry
from keyhop.python import elsewhere, members
from keyhop.python.arguments import Arguments
from keyhop.python.modules import Module
from keyhop.python.program import Program
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import EVERY_CASE, Const, Items, Table, Value


def run_tasks(program: Program, entry: Entry) -> None:
    """Import what the application of a worker includes, and run the tasks of its queues."""
    program.runs_tasks = True
    known = 0
    while known != len(program.reached):
        known = len(program.reached)
        for module in _included(program):
            program.start(module)
    routes = list(_routes(program))
    unread = not routes and _has_unread_routes(program)
    default = _default_queue(program)
    for module in list(program.modules):
        if module.body is None or module.body not in program.reached or module.summary is None:
            continue
        for scope in module.summary.scopes:
            if scope.kind in ("function", "class") and scope.decorators and _is_task(program, scope):
                queue = _queue(program, scope, routes) or (None if unread else default)
                taken = queue in entry.queues if queue else _sounds_like(scope, entry.queues)
                if not entry.queues or taken:
                    program.call(scope)


def _sounds_like(scope: Scope, queues: tuple[str, ...]) -> bool:
    """Whether a task's module is named after a queue, where the routes are not in view."""
    words = re.split(r"[^a-z0-9]+", f"{scope.module.path} {scope.name}".lower().replace("_", " "))
    return any(queue.lower() in words for queue in queues)


def _is_task(program: Program, scope: Scope) -> bool:
    return scope.kind == "function" and elsewhere.engine(program.ev, scope) == "celery"


def _included(program: Program) -> Iterator[Module]:
    """Modules that the application names: ``include=``, ``imports``, ``autodiscover_tasks``."""
    for site in list(program.sites(Kind.CALL, Kind.STORE)):
        if site.kind is Kind.STORE:
            if (
                isinstance(site.node, ast.Attribute)
                and site.node.attr in ("imports", "include")
                and site.value is not None
            ):
                yield from _named(program, program.ev.values(site.value, site.scope), site, "")
            continue
        call = site.node
        assert isinstance(call, ast.Call)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        passed = Arguments(program.ev, site)
        if method == "Celery":
            yield from _named(program, [v for v, _ in passed.outcomes("include", 4, EVERY_CASE)], site, "")
        elif method == "update":
            for name in ("imports", "include"):
                yield from _named(program, [v for v, _ in passed.outcomes(name, None, EVERY_CASE)], site, "")
        elif method == "autodiscover_tasks":
            related = [v.value for v, _ in passed.outcomes("related_name", 1, EVERY_CASE) if isinstance(v, Const)]
            name = str(related[0]) if related and related[0] else "tasks"
            packages = [v for v, _ in passed.outcomes("packages", 0, EVERY_CASE)]
            if all(v == Const(None) for v in packages):
                yield from _everywhere(program, name)
            else:
                yield from _named(program, packages, site, name)
        elif method == "config_from_object":
            for value in program.ev.values(call.args[0], site.scope) if call.args else ():
                if isinstance(value, Const) and isinstance(value.value, str) and ":" not in value.value:
                    module = program.modules.find(value.value, program.modules.of(site.scope))
                    if module is not None:
                        yield module


def _named(program: Program, values: list[Value], site: Site, inside: str) -> Iterator[Module]:
    importer = program.modules.of(site.scope)
    for value in values:
        for part in value.values if isinstance(value, Items) else (value,):
            if isinstance(part, Const) and isinstance(part.value, str):
                for dotted in (f"{part.value}.{inside}" if inside else part.value, part.value):
                    module = program.modules.find(dotted, importer)
                    if module is not None and module.body is not None:
                        yield module


def _everywhere(program: Program, name: str) -> Iterator[Module]:
    """Django's autodiscovery: the module of that name in every application, that is in every package."""
    view = program.modules.view
    for path in view.tree.paths:
        if path.endswith((f"/{name}.py", f"/{name}/__init__.py")):
            inside = view.inside(path)
            if inside and any(dirname(inside).startswith(root.rstrip("/") + "/") for root in program.modules.search):
                module = program.modules.script(inside)
                if module is not None:
                    yield module


def _has_unread_routes(program: Program) -> bool:
    """Whether the application has routes that are not in view."""
    return any(
        any(k.arg == "task_routes" for k in site.node.keywords)
        for site in program.sites(Kind.CALL)
        if isinstance(site.node, ast.Call)
    ) or any(
        isinstance(site.node, ast.Attribute) and site.node.attr == "task_routes" for site in program.sites(Kind.STORE)
    )


def _routes(program: Program) -> Iterator[tuple[str, str]]:
    """Patterns of task names with the queue that each goes to."""
    for site in program.sites(Kind.CALL, Kind.STORE):
        values: list[Value] = []
        if isinstance(site.node, ast.Attribute) and site.node.attr == "task_routes" and site.value is not None:
            values = program.ev.values(site.value, site.scope)
        elif isinstance(site.node, ast.Call):
            values = [v for v, _ in Arguments(program.ev, site).outcomes("task_routes", None, EVERY_CASE)]
        for value in values:
            if isinstance(value, Table):
                for pattern, node in members.rows(program.ev, value, EVERY_CASE):
                    for queue in _queues(program, node, value.scope):
                        if isinstance(pattern, Const):
                            yield str(pattern.value), queue


def _queues(program: Program, node: ast.expr, scope: Scope) -> Iterator[str]:
    for value in program.ev.values(node, scope):
        if isinstance(value, Table):
            for found, _ in members.entry(program.ev, value, "queue", EVERY_CASE):
                if isinstance(found, Const):
                    yield str(found.value)
        elif isinstance(value, Const) and isinstance(value.value, str):
            yield value.value


def _queue(program: Program, task: Scope, routes: list[tuple[str, str]]) -> str | None:
    told = dict(elsewhere.options(task))
    for value in program.ev.values(told["queue"], task.parent or task) if "queue" in told else ():
        if isinstance(value, Const):
            return str(value.value)
    names = (
        {str(v.value) for v in program.ev.values(told["name"], task.parent or task) if isinstance(v, Const)}
        if "name" in told
        else set()
    )
    path = task.module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    dotted = f"{path}.{task.name}"
    for pattern, queue in routes:
        if any(fnmatchcase(name, pattern) for name in names):
            return queue
        if not names and (fnmatchcase(dotted, pattern) or fnmatchcase(dotted, f"*.{pattern}")):
            return queue
    return None


def _default_queue(program: Program) -> str:
    for site in program.sites(Kind.CALL, Kind.STORE):
        values: list[Value] = []
        if isinstance(site.node, ast.Attribute) and site.node.attr == "task_default_queue" and site.value is not None:
            values = program.ev.values(site.value, site.scope)
        elif isinstance(site.node, ast.Call):
            values = [v for v, _ in Arguments(program.ev, site).outcomes("task_default_queue", None, EVERY_CASE)]
        for value in values:
            if isinstance(value, Const) and isinstance(value.value, str):
                return value.value
    return "celery"


def run_in_place(program: Program, entry: Entry) -> None:
    """Run the tasks of a process that is no ``celery worker`` and runs them all the same.

    ``task_always_eager`` runs a task where it is sent; ``app.worker_main([…])`` makes a script the worker.
    """
    if any(_is_eager(program, site) or _starts_a_worker(program, site) for site in tuple(program.when)):
        run_tasks(program, entry)


def _is_eager(program: Program, site: Site) -> bool:
    match site.node:
        case ast.Attribute(attr="task_always_eager") if site.value is not None:
            values = program.ev.values(site.value, site.scope)
        case ast.Call(keywords=keywords) if any(k.arg == "task_always_eager" for k in keywords):
            values = [v for v, _ in Arguments(program.ev, site).outcomes("task_always_eager", None, EVERY_CASE)]
        case _:
            return False
    return bool(values) and all(value == Const(True) for value in values)


def _starts_a_worker(program: Program, site: Site) -> bool:
    match site.node:
        case ast.Call(func=ast.Attribute(attr="worker_main")):
            callees = program.callees.get(site, ())
            return any(elsewhere.dotted(callee).endswith("Celery().worker_main") for callee in callees)
    return False
