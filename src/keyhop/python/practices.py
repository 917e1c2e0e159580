"""What code does with a credential beside looking it up: into what it puts it, whom it shows it to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keyhop.catalogue import VarName
from keyhop.facts import Act, PlaceId, Practice, Required
from keyhop.python import celery_tasks, elsewhere, members
from keyhop.python.arguments import Arguments
from keyhop.python.elsewhere import dotted
from keyhop.python.program import Program
from keyhop.python.reads import is_credential
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.serving import serves
from keyhop.python.uses import Judge, Use, variables
from keyhop.python.values import EVERY_CASE, Class, Const, Function, Items, Made, Table, Unknown, Value

_SHARED = {
    "openai": VarName("OPENAI_API_KEY"),
    "anthropic": VarName("ANTHROPIC_API_KEY"),
    "litellm": VarName("LITELLM_API_KEY"),
}
"""Libraries whose ``api_key`` all of a process's calls share, and the variable that stands for it."""
_INPUTS = ("text_input", "text_area", "chat_input", "input")
_MESSAGES = frozenset({"delay", "apply_async", "send_task", "kiq", "defer"})
_QUEUED = frozenset({"enqueue", "enqueue_in", "enqueue_at", "enqueue_call", "enqueue_job"})
_ACTORS = {"send": "dramatiq", "send_with_options": "dramatiq"}
MOST_LEAVES = 200


def found(program: Program, judge: Judge, process: PlaceId) -> Iterator[Practice]:
    """Every practice of a process, each once."""
    told: dict[Practice, None] = {}
    for practice in (
        *_set_while_serving(program, judge, process),
        *_sent(program, judge, process),
        *_shown_to_ray(program, process),
        *celery_tasks.lost(program, process),
    ):
        told[practice] = None
    yield from told


def _set_while_serving(program: Program, judge: Judge, process: PlaceId) -> Iterator[Practice]:
    """``os.environ["OPENAI_API_KEY"] = body.key`` where a request, a task or a thread is served."""
    for site in program.sites(Kind.STORE):
        if site.value is None:
            continue
        names, subject = _shared(program, site)
        if not names or not is_credential(frozenset(names)):
            continue
        where = serves(program, site)
        if where is not None and _is_passed_in(program, site.value, site.scope):
            yield Practice(
                place=process,
                act=Act.SETS_WHILE_SERVING,
                subject=subject,
                names=names,
                model=where,
                at=program.position(site),
                required=_required(judge, site),
                span=site.span,
            )


def _shared(program: Program, site: Site) -> tuple[tuple[VarName, ...], str]:
    """The variables that a store sets for the whole process, and how the code writes that."""
    match site.node:
        case ast.Subscript(value=base, slice=index):
            if any(dotted(v) in ("os.environ", "environ") for v in program.ev.values(base, site.scope)):
                values = program.ev.values(index, site.scope)
                names = tuple(VarName(v.value) for v in values if isinstance(v, Const) and isinstance(v.value, str))
                return names, f"os.environ[{names[0]!r}] = …" if names else ""
        case ast.Attribute(value=base, attr="api_key" | "openai_key" | "anthropic_key" as attr):
            for value in program.ev.values(base, site.scope):
                library = dotted(value)
                if library in _SHARED:
                    return (_SHARED[library],), f"{library}.{attr} = …"
    return (), ""


def _is_passed_in(program: Program, node: ast.expr, scope: Scope) -> bool:
    """Whether a value comes with a request: from a parameter that no caller in view fills, or from a page's field."""
    values = program.ev.values(node, scope)
    if any(isinstance(v, Made) and v.by.last in _INPUTS for v in values):
        return True
    return any(isinstance(v, Unknown) for v in values) and _from_parameter(node, scope, frozenset())


def _from_parameter(node: ast.AST, scope: Scope, seen: frozenset[str]) -> bool:
    for name in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - seen - {"self", "cls"}:
        home = next((s for s in scope.within() if name in s.bindings and s.kind == "function"), None)
        for binding in home.bindings[name] if home else ():
            if binding.kind == "param":
                return True
            source = binding.node if binding.kind in ("value", "item", "with") else None
            if source is not None and _from_parameter(source, binding.scope, seen | {name}):
                return True
    return False


def _sent(program: Program, judge: Judge, process: PlaceId) -> Iterator[Practice]:
    """A key that is read here, and an argument of what is enqueued."""
    for site in program.sites(Kind.CALL):
        call = site.node
        assert isinstance(call, ast.Call)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method not in _MESSAGES | _QUEUED and not _is_actor(program, call, site.scope, _ACTORS.get(method)):
            continue
        names = _keys(program, [*call.args, *(k.value for k in call.keywords)], site.scope)
        if names:
            yield Practice(
                place=process,
                act=Act.SENDS_IN_MESSAGE,
                subject=f"{ast.unparse(call.func)}(…)",
                names=names,
                at=program.position(site),
                required=_required(judge, site),
                span=site.span,
            )


def _is_actor(program: Program, call: ast.Call, scope: Scope, engine: str | None) -> bool:
    """Whether a method is called on a function or class that workers of `engine` run."""
    if engine is None or not isinstance(call.func, ast.Attribute):
        return False
    return any(
        isinstance(value, Function | Class) and elsewhere.engine(program.ev, value.scope) == engine
        for value in program.ev.values(_plain(call.func.value), scope)
    )


def _plain(node: ast.expr) -> ast.expr:
    """``Worker`` of ``Worker.options(…)``."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="options")):
            return value
    return node


def _keys(program: Program, nodes: Iterable[ast.expr], scope: Scope) -> tuple[VarName, ...]:
    """The credentials that expressions hand over, also inside lists and dictionaries."""
    names: dict[VarName, None] = {}
    for node in nodes:
        for value in _leaves(program, program.ev.values(node, scope)):
            for read in variables(value):
                if is_credential(frozenset(read.names)):
                    names[VarName(read.names[0])] = None
    return tuple(names)


def _leaves(program: Program, values: Iterable[Value]) -> Iterator[Value]:
    todo = list(values)
    for _ in range(MOST_LEAVES):
        if not todo:
            return
        match value := todo.pop(0):
            case Items(values=inner):
                todo += inner
            case Table():
                for _, node in members.rows(program.ev, value, EVERY_CASE):
                    todo += program.ev.values(node, value.scope)
            case _:
                yield value


def _shown_to_ray(program: Program, process: PlaceId) -> Iterator[Practice]:
    """``runtime_env``, an actor's constructor, and what a remote function takes from around it."""
    for site in program.sites(Kind.CALL):
        call = site.node
        assert isinstance(call, ast.Call)
        names: tuple[VarName, ...] = ()
        subject = ""
        if any(k.arg == "runtime_env" for k in call.keywords):
            names, subject = _in_runtime_env(program, site), "runtime_env"
        elif (
            isinstance(call.func, ast.Attribute) and call.func.attr == "remote" and _makes(program, call, site.scope)
        ):
            names = _keys(program, [*call.args, *(k.value for k in call.keywords)], site.scope)
            subject = f"{ast.unparse(call.func)}(…)"
        if names:
            yield _ray(process, subject, names, site)
    for site in program.sites(Kind.DEFINE, Kind.CLASS):
        scope = site.defined
        if scope is not None and elsewhere.engine(program.ev, scope) == "ray":
            names = _captured(program, scope)
            if names:
                yield _ray(process, f"@ray.remote {scope.name}", names, site)


def _ray(process: PlaceId, subject: str, names: tuple[VarName, ...], site: Site) -> Practice:
    return Practice(place=process, act=Act.SHOWS_TO_RAY, subject=subject, names=names, span=site.span)


def _makes(program: Program, call: ast.Call, scope: Scope) -> bool:
    """Whether ``X.remote(…)`` makes an actor."""
    assert isinstance(call.func, ast.Attribute)
    return any(isinstance(v, Class) for v in program.ev.values(_plain(call.func.value), scope))


def _in_runtime_env(program: Program, site: Site) -> tuple[VarName, ...]:
    names: dict[VarName, None] = {}
    for options, _ in Arguments(program.ev, site).outcomes("runtime_env", None, EVERY_CASE):
        for table, _ in (
            members.entry(program.ev, options, "env_vars", EVERY_CASE) if isinstance(options, Table) else ()
        ):
            for key, _ in members.rows(program.ev, table, EVERY_CASE) if isinstance(table, Table) else ():
                if isinstance(key, Const) and is_credential(frozenset({str(key.value)})):
                    names[VarName(str(key.value))] = None
    return tuple(names)


def _captured(program: Program, scope: Scope) -> tuple[VarName, ...]:
    """Keys that a remote function or class carries along: Ray pickles by value what the main module defines."""
    main = program.ev.main
    by_value = scope.parent is not None and (
        scope.parent.kind == "function" or (main is not None and main.body is scope.parent)
    )
    if not by_value:
        return ()
    inside = {name for each in scope.module.scopes if scope in each.within() for name in each.bindings}
    names = (n for n in ast.walk(scope.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return _keys(program, (n for n in names if n.id not in inside), scope)


def _required(judge: Judge, site: Site) -> Required:
    return judge.required(Use(credential="", any_of=(), site=site, reads=()))
