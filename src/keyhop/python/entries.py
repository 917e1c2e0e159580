"""From entries to the program that runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, normpath
from typing import TypeAlias
from weakref import WeakKeyDictionary

from keyhop import patterns
from keyhop.launch import Entry
from keyhop.launch import Program as Started
from keyhop.python import django_project, elsewhere
from keyhop.python.celery_app import run_in_place, run_tasks
from keyhop.python.evaluate import Evaluator
from keyhop.python.library import joined
from keyhop.python.modules import Module, Modules
from keyhop.python.program import Program
from keyhop.python.rq_jobs import run_jobs
from keyhop.python.scopes import Kind, Scope
from keyhop.tree import Tree
from keyhop.view import View

_STARTS = ("run", "main", "kickoff", "run_crew")
_SCRIPT_TABLE = patterns.compile(r'^\s*["\']?([\w.-]+)["\']?\s*=\s*["\']([\w.]+):([\w.]+)["\']', re.M)


_Likeness: TypeAlias = tuple[object, ...]
_known: WeakKeyDictionary[Tree, dict[_Likeness, Program]] = WeakKeyDictionary()


def program_of(entries: Iterable[Entry], view: View) -> Program:
    """Everything that the entries of one process run. Processes that start alike share it."""
    started = tuple(entries)
    alike = (view.likeness, *map(_likeness, started))
    known = _known.setdefault(view.tree, {})
    if alike not in known:
        known[alike] = _followed(started, view)
    program = known[alike]
    program.modules.view = view
    return program


def _likeness(entry: Entry) -> _Likeness:
    place = entry.place if entry.program is Started.CODE else None
    return entry.program, entry.target, entry.cwd, entry.path, entry.arguments, entry.queues, entry.role, place


def _followed(started: tuple[Entry, ...], view: View) -> Program:
    search = [path for entry in started for path in _search(entry)]
    modules = Modules(view, tuple(dict.fromkeys(search)))
    program = Program(modules, Evaluator(modules, started[0].cwd if started else "/"))
    for entry in started:
        _start(program, entry)
        run_in_place(program, entry)
    django_project.start(program, started)
    program.finish()
    program.ev.follows_callers = True
    return program


def _search(entry: Entry) -> Iterator[str]:
    match entry.program:
        case Started.SCRIPT:
            yield dirname(normpath(entry.target))
        case Started.CREWAI:
            yield joined(entry.target, "src")
            yield entry.target
        case _:
            yield entry.cwd
    yield from entry.path
    yield joined(entry.cwd, "src")


def _start(program: Program, entry: Entry) -> None:
    modules = program.modules
    match entry.program:
        case Started.SCRIPT:
            _as_main(program, modules.script(entry.target))
        case Started.CODE:
            _as_main(program, modules.code(entry.target, entry.place))
        case Started.MODULE:
            _packages(program, entry.target)
            module = modules.find(entry.target)
            if module is not None and module.package is not None:
                program.start(module)
                module = modules.find("__main__", module, 1)
            _as_main(program, module)
        case Started.APPLICATION:
            name, _, attribute = entry.target.partition(":")
            _import(program, name)
            _served(program, name, attribute.partition("(")[0])
        case Started.TASK_WORKER:
            name, _, attribute = entry.target.partition(":")
            _import(program, name)
            _served(program, name, attribute)
            _run_tasks(program)
        case Started.CELERY_WORKER:
            name = entry.target.partition(":")[0]
            while "." in name and program.modules.find(name) is None:
                name = name.rpartition(".")[0]
            _import(program, name)
            run_tasks(program, entry)
        case Started.RQ_WORKER:
            run_jobs(program)
        case Started.CREWAI:
            _crew_project(program, entry)


def _as_main(program: Program, module: Module | None) -> None:
    """Run a module as ``__main__``. One that starts nothing is run as its readers use it: by its ``run``."""
    if module is None or module.body is None:
        return
    program.ev.main = module
    program.start(module)
    body = module.body
    functions = [b for bindings in body.bindings.values() for b in bindings if b.kind == "def"]
    if functions and not any(s.kind is Kind.CALL for s in body.sites if not _is_setup(s.node)):
        for binding in functions:
            if binding.name in _STARTS and binding.defined is not None:
                program.call(binding.defined)


def _is_setup(node: ast.AST) -> bool:
    """Calls that only prepare: they hold no sign that the script does its work by itself."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (
            getattr(node.func, "attr", getattr(node.func, "id", ""))
            in (
                "filterwarnings",
                "load_dotenv",
                "load",
                "attach",
                "require",
                "basicConfig",
                "getLogger",
                "append",
                "insert",
                "Path",
                "get",
                "getenv",
            )
        )
    )


def _packages(program: Program, dotted: str) -> None:
    parts = dotted.split(".")
    for count in range(1, len(parts)):
        program.start(program.modules.find(".".join(parts[:count])))


def _import(program: Program, dotted: str) -> None:
    _packages(program, dotted)
    module = program.modules.find(dotted)
    program.start(module)


def _served(program: Program, dotted: str, attribute: str) -> None:
    """A factory that a server calls, or a class that it makes."""
    module = program.modules.find(dotted)
    if module is None or module.body is None or not attribute:
        return
    if not module.body.bindings.keys() & {attribute.partition(".")[0], "*", "__getattr__"} and not module.package:
        program.ev.main = module  # the server cannot start so: what the module itself would serve is read
        program.again(module.body)
        return
    for binding in module.body.bindings.get(attribute.partition(".")[0], ()):
        if binding.kind == "def" and binding.defined is not None:
            program.call(binding.defined)


def _run_tasks(program: Program) -> None:
    """Run what is decorated as a task in the modules of the project that a worker imports."""
    for each in list(program.modules):
        if each.summary is None or each.body not in program.reached:
            continue
        for scope in each.summary.scopes:
            if scope.decorators and elsewhere.engine(program.ev, scope) not in (None, "ray"):
                program.call(scope)


def _crew_project(program: Program, entry: Entry) -> None:
    """``crewai run`` calls the script ``run_crew`` of the project, else ``run`` of its main module."""
    view = program.modules.view
    source = view.source(joined(entry.target, "pyproject.toml"))
    scripts = {}
    if source is not None:
        try:
            scripts = {m.group(1): (m.group(2), m.group(3)) for m in _SCRIPT_TABLE.finditer(source.text)}
        except ValueError:
            scripts = {}
    for name in ("run_crew", "kickoff", "run"):
        if name in scripts:
            dotted, function = scripts[name]
            _import(program, dotted)
            _called(program, dotted, function)
            return
    for path in view.tree.paths:
        inside = view.inside(path) if path.endswith("/main.py") else None
        if inside and inside.startswith(f"{entry.target.rstrip('/')}/src/"):
            module = program.modules.script(inside)
            _as_main(program, module)
            for scope in _defined(module, _STARTS):
                program.call(scope)


def _called(program: Program, dotted: str, function: str) -> None:
    for scope in _defined(program.modules.find(dotted), (function,)):
        program.call(scope)


def _defined(module: Module | None, names: tuple[str, ...]) -> Iterator[Scope]:
    if module is not None and module.body is not None:
        for name in names:
            for binding in module.body.bindings.get(name, ()):
                if binding.defined is not None:
                    yield binding.defined
