"""The YAML files that a ``@CrewBase`` class takes its agents from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from posixpath import dirname, normpath

from keyhop.python import members
from keyhop.python.evaluate import Evaluator
from keyhop.python.library import joined
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import Const
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text.yaml import Mapping, Scalar
from keyhop.text.yaml_nodes import mapping, top_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an agent's entry in a file says about one model."""

    model: str
    span: Span


_DEFAULT = {"agents_config": "config/agents.yaml", "tasks_config": "config/tasks.yaml"}


def entry_of(ev: Evaluator, site: Site, config: ast.expr | None) -> Mapping | None:
    """The entry that ``config=self.agents_config["name"]`` takes; None where there is no such file."""
    owner = next((s.owner for s in site.scope.within() if s.owner), None)
    if owner is None or config is None:
        return None
    match config:
        case ast.Subscript(value=ast.Attribute(attr=attr), slice=ast.Constant(value=str() as name)):
            return _entry(ev, owner, attr, name)
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr=attr), attr="get"),
            args=[ast.Constant(value=str() as name), *_],
        ):
            return _entry(ev, owner, attr, name)
    return None


def written(ev: Evaluator, owner: Scope | None, entry: Mapping | None, key: str) -> Iterator[Written]:
    """The model under `key` of an entry, unless it names a method of the class."""
    value = entry.get(key) if entry else None
    if isinstance(value, Scalar) and (value.text or "").strip():
        if owner is not None and members.method(ev, owner, value.text) is not None:
            return
        yield Written(model=value.text, span=value.span)


def _entry(ev: Evaluator, owner: Scope, attr: str, name: str) -> Mapping | None:
    for path in _paths(ev, owner, attr):
        source = ev.modules.view.source(path)
        if source is None:
            continue
        top = top_of(source)
        return mapping(top.get(name)) if top else None
    return None


def _paths(ev: Evaluator, owner: Scope, attr: str) -> Iterator[str]:
    directory = dirname(ev.modules.of(owner).path)
    for current in members.ancestry(ev, owner):
        for binding in current.bindings.get(attr, ()):
            if isinstance(binding.node, ast.expr):
                for value in ev.values(binding.node, binding.scope):
                    if isinstance(value, Const) and isinstance(value.value, str):
                        yield normpath(joined(directory, value.value))
    if attr in _DEFAULT:
        yield joined(directory, _DEFAULT[attr])
