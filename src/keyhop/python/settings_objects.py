"""Settings classes: which variables their fields read, and from which files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keyhop.python import lookup, members
from keyhop.python.scopes import Kind, Scope, Site
from keyhop.python.values import Case, Const, Env, Items, Made, Object, Outcome, Table, Unknown, Value
from keyhop.records import dataclass

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

_SECOND = frozenset({"pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings"})
_FIRST = frozenset({"pydantic.BaseSettings", "pydantic.v1.BaseSettings", "pydantic.env_settings.BaseSettings"})
_CONFIG = ("model_config", "Config")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a settings class says about its sources."""

    prefix: str = ""
    files: tuple[str, ...] = ()
    """Paths as the code gives them, relative to the working directory; a later one wins."""
    unreadable: bool = False
    """The files are computed while running."""
    case_sensitive: bool = False
    delimiter: str = ""
    node: ast.AST | None = None


def is_settings(ev: Evaluator, type: Scope) -> bool:
    """Whether a class is one of pydantic's settings classes."""
    return bool(members.foreign_bases(ev, type) & (_SECOND | _FIRST))


def configuration(ev: Evaluator, type: Scope) -> Configuration:
    """The configuration of a settings class, its own or inherited."""
    for current in members.ancestry(ev, type):
        for name in _CONFIG:
            bindings = current.bindings.get(name)
            if bindings:
                return _configured(ev, current, bindings[-1].defined, bindings[-1].node)
    return Configuration()


def field(ev: Evaluator, owner: Object, name: str, case: Case) -> list[Outcome] | None:
    """What a field of a settings object may hold; None where it is no such field."""
    if not is_settings(ev, owner.type):
        return None
    for current in members.ancestry(ev, owner.type):
        for node in current.node.body if isinstance(current.node, ast.ClassDef) else ():
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                return list(_field(ev, owner, current, node, case))
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                return None
    return None


def _field(ev: Evaluator, owner: Object, home: Scope, node: ast.AnnAssign, case: Case) -> Iterator[Outcome]:
    name = node.target.id  # type: ignore[union-attr]
    if owner.site is not None and isinstance(owner.site.node, ast.Call):
        for keyword in owner.site.node.keywords:
            if keyword.arg == name:
                yield from ev.outcomes(keyword.value, owner.site.scope, case)
                return
    nested = members.declared(ev, node.annotation, home)
    if nested is not None and not members.is_enum(ev, nested):
        yield Object(nested, owner.site), case
        return
    settings = configuration(ev, owner.type)
    site = Site(Kind.READ, node, home, home.module.orders.get(id(node), 0))
    made = ev.outcomes(node.value, home, case) if node.value is not None else []
    names = _variables(ev, home, owner.type, name, made, settings)
    read = Env(names, site, settings=owner.type, moment=owner.site, strict=not made)
    if not made:
        yield read, case
    for value, after in made:
        if isinstance(value, Made) and value.by.last in ("Field", "SettingsField"):
            defaults = [v for v, _ in members.field_default(ev, value.site, after)]
            value = defaults[0] if defaults else Unknown("a field without a default")
            if _required(value):
                yield replace(read, strict=True), after
                continue
        none = isinstance(value, Const) and value.value is None
        if isinstance(value, Env):
            read = replace(read, names=tuple(dict.fromkeys((*read.names, *value.names))))
            value = value.default or Const(None)
            none = isinstance(value, Const) and value.value is None
        yield replace(read, default=None if none or isinstance(value, Unknown) else value), after


def _required(value: Value) -> bool:
    return isinstance(value, Unknown) and value.why == "a field without a default"


def _variables(
    ev: Evaluator, home: Scope, type: Scope, name: str, made: list[Outcome], settings: Configuration
) -> tuple[str, ...]:
    """The variables that a field is read from, in the order they are tried."""
    first = not members.foreign_bases(ev, type) & _SECOND
    for value, _ in made:
        call = value.site.node if isinstance(value, Made) else None
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg in ("validation_alias", "alias") or (keyword.arg == "env" and first):
                named = _names(ev, keyword.value, home)
                if named:
                    return tuple(v for n in named for v in _spellings(n, settings))
    return _spellings(settings.prefix + name, settings)


def _spellings(name: str, settings: Configuration) -> tuple[str, ...]:
    if settings.case_sensitive:
        return (name,)
    return tuple(dict.fromkeys((name.upper(), name)))


def _names(ev: Evaluator, node: ast.expr, scope: Scope) -> tuple[str, ...]:
    found: list[str] = []
    for value in ev.values(node, scope):
        match value:
            case Const(value=str() as name):
                found.append(name)
            case Items(values=values):
                found += [str(v.value) for v in values if isinstance(v, Const)]
            case Made(site=site) if isinstance(site.node, ast.Call):
                found += [n for a in site.node.args for n in _names(ev, a, site.scope)]
    return tuple(found)


def _configured(ev: Evaluator, home: Scope, inner: Scope | None, node: ast.AST | None) -> Configuration:
    found: dict[str, list[Value]] = {}
    at: ast.AST | None = None
    if inner is not None:
        at = inner.node
        for name, bindings in inner.bindings.items():
            seen = lookup.chosen(ev, inner, bindings[-1:], (), Case())
            found[name] = [value for value, _ in seen]
            if name == "env_file":
                at = bindings[-1].node or at
    elif isinstance(node, ast.Call):
        at = next((k.value for k in node.keywords if k.arg == "env_file"), node)
        found = {k.arg: ev.values(k.value, home) for k in node.keywords if k.arg}
    elif isinstance(node, ast.Dict):
        at = node
        for value in ev.values(node, home):
            if isinstance(value, Table):
                for key, expression in members.rows(ev, value, Case()):
                    if isinstance(key, Const):
                        found[str(key.value)] = ev.values(expression, home)
    files, unreadable = _files(found.get("env_file", []))
    return Configuration(
        prefix=_text(found.get("env_prefix")),
        files=files,
        unreadable=unreadable,
        case_sensitive=any(isinstance(v, Const) and v.value is True for v in found.get("case_sensitive", ())),
        delimiter=_text(found.get("env_nested_delimiter")),
        node=at,
    )


def _files(values: list[Value]) -> tuple[tuple[str, ...], bool]:
    files: list[str] = []
    unreadable = False
    for value in values:
        for part in value.values if isinstance(value, Items) else (value,):
            if isinstance(part, Const):
                files += [part.value] if isinstance(part.value, str) else []
            else:
                unreadable = True
    return tuple(files), unreadable


def _text(values: list[Value] | None) -> str:
    return next((v.value for v in values or () if isinstance(v, Const) and isinstance(v.value, str)), "")
