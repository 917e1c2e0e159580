"""What calls of libraries give, as far as credentials depend on it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

from keyhop.python import members
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import (
    Case,
    Const,
    Env,
    External,
    Imported,
    Items,
    Library,
    Made,
    Method,
    Object,
    Outcome,
    Table,
    Text,
    Unknown,
    Value,
    text,
)

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

GETTERS = frozenset(
    {"os.getenv", "os.environ.get", "environ.get", "os.environ.pop", "os.environ.setdefault"}
    | {"os.environ.__getitem__", "getenv"}
)
_STRICT_READERS = frozenset(
    {"environ.Env()"}
    | {f"environs.Env(){m}" for m in ("", ".str", ".int", ".bool", ".url", ".list")}
    | {f"environ.Env().{m}" for m in ("str", "get_value", "url", "bool", "int")}
    | {f"environs.env.{m}" for m in ("str", "int", "bool")}
    | {"dotenv.get_key"}
)
_FILE_READERS = {
    "decouple.config": "decouple",
    "decouple.Config()": "decouple",
    "decouple.AutoConfig()": "decouple",
    "starlette.config.Config()": "starlette",
    "starlette.config.config.Config()": "starlette",
}
"""Readers that look into a file where the process does not have a variable, and leave the process as it is."""
_SAME = frozenset(
    [
        "builtins.str",
        "pydantic.SecretStr",
        "pydantic.types.SecretStr",
        "typing.cast",
        "copy.copy",
        "copy.deepcopy",
        "asyncio.run",
        "os.path.expandvars",
        "os.fspath",
        "builtins.list",
        "builtins.tuple",
        "builtins.set",
        "builtins.sorted",
        "builtins.reversed",
        "functools.lru_cache()",
        "functools.wraps()()",
        "contextlib.closing",
        "keyhop.attach",
        "keyhop.attaching.attach",
    ]
)
_PATHS_KEPT = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__str__", "__fspath__"})
_TEXT_METHODS = frozenset(
    [
        "strip",
        "lower",
        "upper",
        "rstrip",
        "lstrip",
        "title",
        "casefold",
        "removeprefix",
        "removesuffix",
        "encode",
        "decode",
    ]
)


def called(ev: Evaluator, callee: External, node: ast.Call, scope: Scope, case: Case) -> Iterable[Outcome]:
    """What a library's function returns."""
    name = callee.name
    if name in GETTERS:
        return _getenv(ev, node, scope, case, strict=name.endswith("__getitem__"))
    if name in _STRICT_READERS:
        return _getenv(ev, node, scope, case, strict=True)
    if name in _FILE_READERS:
        made = ev.site_of(node, scope)
        return _getenv(ev, node, scope, case, strict=True, settings=_own_file(ev, name, made))
    if name in _SAME and node.args:
        return ev.outcomes(node.args[-1 if name == "typing.cast" else 0], scope, case)
    if name in ("builtins.getattr", "getattr") and len(node.args) >= 2:
        return _getattr(ev, node, scope, case)
    if name == "builtins.dict" and not node.args:
        return [(Table(node, scope, case), case)]
    if name == "builtins.super":
        return _super(ev, scope, case)
    if name == "functools.partial" and node.args:
        return ev.outcomes(node.args[0], scope, case)
    if name in ("builtins.next", "builtins.iter") and node.args:
        return _first(ev, node, scope, case)
    if name in ("importlib.import_module", "builtins.__import__") and node.args:
        return _import(ev, node, scope, case)
    if name.startswith(("os.path.", "pathlib.", "os.getcwd")):
        return path(ev, name, node, scope, case)
    return [(Made(callee, ev.site_of(node, scope), case), case)]


def path(ev: Evaluator, name: str, node: ast.Call, scope: Scope, case: Case) -> Iterable[Outcome]:
    """What functions on paths give, for paths that are known."""
    last = name.rpartition(".")[2]
    if name in ("os.getcwd", "pathlib.Path.cwd"):
        return [(Const(ev.cwd), case)]
    if last in ("join", "Path", "PurePath", "PosixPath"):
        parts = [ev.outcomes(a, scope, case) for a in node.args]
        known = [[v for v, _ in outcomes if isinstance(v, Const) and isinstance(v.value, str)] for outcomes in parts]
        if known and all(known):
            whole = "."
            for options in known:
                whole = joined(whole, str(options[0].value))
            return [(Const(whole), case)]
        if not parts:
            return [(Const(ev.cwd), case)]
    elif node.args:
        found: list[Outcome] = []
        for value, after in ev.outcomes(node.args[0], scope, case):
            if isinstance(value, Const) and isinstance(value.value, str):
                text = value.value
                whole = dirname(text) if last == "dirname" else text
                if last in ("abspath", "realpath"):
                    whole = normpath(joined(ev.cwd, text))
                if last in ("dirname", "abspath", "realpath", "normpath", "expanduser"):
                    found.append((Const(whole), after))
        if found:
            return found
    return [(Unknown("a path that is computed while running"), case)]


def joined(directory: str, name: str) -> str:
    """Two parts of a path, as ``os.path.join`` puts them together."""
    if name.startswith("/") or directory in ("", "."):
        return name
    return normpath(f"{directory.rstrip('/')}/{name}")


def method_called(ev: Evaluator, method: Method, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
    """What a method of a text, a variable or a table gives."""
    on, name = method.on, method.name
    match on:
        case Table() if name in ("get", "pop", "setdefault"):
            yield from _get(ev, on, node, scope, case)
        case Table() if name in ("items", "values", "keys", "copy"):
            yield _rows(ev, on, name, case), case
        case Made() if name == "get" and node.args:
            for key, after in ev.outcomes(node.args[0], scope, case):
                if isinstance(key, Const):
                    yield in_file(ev, on, str(key.value), ev.site_of(node, scope)), after
        case Env() if name in _TEXT_METHODS | {"get_secret_value"} | _PATHS_KEPT:
            yield replace(on, empty_is_unset=on.empty_is_unset), case
        case Env() if name in ("split", "replace", "format"):
            yield on, case
        case Const(value=str() as text) if name in _PATHS_KEPT:
            yield Const(normpath(joined(ev.cwd, text)) if name in ("resolve", "absolute") else text), case
        case Const(value=str() as text) if name == "joinpath" and node.args:
            for value, after in ev.outcomes(node.args[0], scope, case):
                known = isinstance(value, Const)
                yield (Const(joined(text, str(value.value))) if known else Unknown("a path")), after  # type: ignore[union-attr]
        case Const(value=str() as text) if name in _TEXT_METHODS and not node.args and not node.keywords:
            yield (
                on if name in ("encode", "decode", "removeprefix", "removesuffix") else Const(getattr(text, name)()),
                case,
            )
        case Const(value=str() as text) if name == "format":
            yield _formatted(ev, text, node, scope, case), case
        case Const(value=str()) if name in ("startswith", "endswith") and node.args:
            for value, after in ev.outcomes(node.args[0], scope, case):
                if isinstance(value, Const) and isinstance(value.value, str):
                    yield Const(getattr(on.value, name)(value.value)), after
                else:
                    yield Unknown("a test"), after
        case Text() if name in _TEXT_METHODS:
            yield on, case
        case _:
            yield Unknown("it is computed while running"), case


def _formatted(ev: Evaluator, template: str, node: ast.Call, scope: Scope, case: Case) -> Value:
    parts: list[Value] = []
    rest, number = template, 0
    while "{" in rest:
        before, _, rest = rest.partition("{")
        hole, _, rest = rest.partition("}")
        parts.append(Const(before))
        field = hole.partition(":")[0].partition("!")[0]
        keyword = next((k.value for k in node.keywords if k.arg == field), None)
        at = int(field) if field.isdigit() else number
        argument = keyword or (node.args[at] if at < len(node.args) else None)
        number += keyword is None
        found = ev.outcomes(argument, scope, case) if argument is not None else []
        parts.append(found[0][0] if found else Unknown("a part that is computed while running"))
    return text((*parts, Const(rest)))


def _own_file(ev: Evaluator, name: str, site: Site) -> Library:
    """The library with the file that it looks into: the nearest ``.env`` above the code that asks.

    Starlette looks in the working directory, where its users keep it.
    """
    dialect = _FILE_READERS[name]
    start = ev.cwd if dialect == "starlette" else ev.module_of(site.scope).directory
    return Library(name=dialect, dialect=dialect, file=ev.modules.view.find_up(".env", start))


def in_file(ev: Evaluator, made: Made, key: str, site: Site) -> Env:
    """``dotenv_values(path)[key]``: what the file says, whatever the process has."""
    call = made.site.node
    path = call.args[0] if isinstance(call, ast.Call) and call.args else None
    named = [v.value for v in ev.values(path, made.site.scope) if isinstance(v, Const)] if path is not None else []
    text = str(named[0]) if named and named[0] else None
    start = ev.module_of(made.site.scope).directory
    file = (
        normpath(joined(ev.cwd, text)) if text else ev.modules.view.find_up(".env", start) if path is None else None
    )
    source = Library(name="dotenv_values", dialect="python-dotenv-values", file=file, process_first=False)
    return Env((key,), site, settings=source)


def _getenv(
    ev: Evaluator, node: ast.Call, scope: Scope, case: Case, *, strict: bool, settings: Library | None = None
) -> Iterator[Outcome]:
    site = ev.site_of(node, scope)
    wanted = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in ("key", "name")), None)
    spare = node.args[1] if len(node.args) > 1 else None
    spare = spare or next((k.value for k in node.keywords if k.arg == "default"), None)
    if wanted is None:
        yield Unknown("the whole environment"), case
        return
    for name, after in ev.outcomes(wanted, scope, case):
        if not isinstance(name, Const) or not isinstance(name.value, str):
            yield Unknown("a variable whose name is chosen at run time"), after
            continue
        if spare is None:
            yield Env((name.value,), site, strict=strict, settings=settings), after
            continue
        for default, last in ev.outcomes(spare, scope, after):
            none = isinstance(default, Const) and default.value is None
            yield Env((name.value,), site, default=None if none else default, settings=settings), last


def _get(ev: Evaluator, table: Table, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
    if not node.args:
        return
    for key, after in ev.outcomes(node.args[0], scope, case):
        if isinstance(key, Const) and isinstance(key.value, str):
            found = members.entry(ev, table, key.value, after)
            if found:
                yield from found
            elif len(node.args) > 1:
                yield from ev.outcomes(node.args[1], scope, after)
            else:
                yield Const(None), after
        else:
            yield from members.item(ev, table, key, node.args[0], scope, after)


def _rows(ev: Evaluator, table: Table, name: str, case: Case) -> Value:
    if name == "copy":
        return table
    found: list[Value] = []
    for key, node in members.rows(ev, table, case):
        values = [v for v, _ in ev.outcomes(node, table.scope, table.case)][:1] or [Unknown("a value")]
        found.append(key if name == "keys" else values[0] if name == "values" else Items((key, values[0])))
    return Items(tuple(found))


def _getattr(ev: Evaluator, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
    for value, after in ev.outcomes(node.args[0], scope, case):
        for name, last in ev.outcomes(node.args[1], scope, after):
            if not isinstance(name, Const) or not isinstance(name.value, str):
                yield Unknown("an attribute whose name is chosen at run time"), last
                continue
            for found, end in members.attribute(ev, value, name.value, last):
                if isinstance(found, Unknown) and len(node.args) > 2:
                    yield from ev.outcomes(node.args[2], scope, end)
                else:
                    yield found, end


def _super(ev: Evaluator, scope: Scope, case: Case) -> Iterator[Outcome]:
    owner = next((s.owner for s in scope.within() if s.owner), None)
    parents = list(members.ancestry(ev, owner))[1:] if owner else []
    if parents:
        yield Object(parents[0]), case
    else:
        bases = sorted(members.foreign_bases(ev, owner)) if owner else []
        yield (External(f"{bases[0]}()") if bases else Unknown("the class above")), case


def _first(ev: Evaluator, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
    for value, after in ev.outcomes(node.args[0], scope, case):
        values = members.elements(ev, value, after)
        yield (values[0] if values else value), after


def _import(ev: Evaluator, node: ast.Call, scope: Scope, case: Case) -> Iterator[Outcome]:
    for value, after in ev.outcomes(node.args[0], scope, case):
        if isinstance(value, Const) and isinstance(value.value, str):
            dotted = value.value
            level = len(dotted) - len(dotted.lstrip("."))
            module = ev.modules.find(dotted.lstrip("."), ev.modules.of(scope), level)
            yield (Imported(module) if module else External(dotted)), after
        else:
            yield Unknown("a module that is chosen at run time"), after
