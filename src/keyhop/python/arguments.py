"""What a call passes, also through ``**options``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keyhop.python import members
from keyhop.python.evaluate import Evaluator
from keyhop.python.lookup import same
from keyhop.python.scopes import Guard, Kind, Site
from keyhop.python.values import Case, Const, Outcome, Table, Unknown


class Arguments:
    """The arguments of one call."""

    def __init__(self, ev: Evaluator, site: Site) -> None:
        assert isinstance(site.node, ast.Call)
        self._ev = ev
        self._site = site
        self._call: ast.Call = site.node

    def node(self, name: str, index: int | None = None) -> ast.expr | None:
        """The expression of an argument that is passed by name, or at `index`."""
        for keyword in self._call.keywords:
            if keyword.arg == name:
                return keyword.value
        plain = self._call.args
        if index is not None and index < len(plain) and not any(isinstance(a, ast.Starred) for a in plain):
            return plain[index]
        return None

    def outcomes(self, name: str, index: int | None, case: Case) -> list[Outcome]:
        """What an argument may be; ``None`` where it is not passed."""
        node = self.node(name, index)
        if node is not None:
            return self._ev.outcomes(node, self._site.scope, case) or [(Unknown("it never gets here"), case)]
        written = list(self._written(name, case))
        found = written + [
            outcome
            for keyword in self._call.keywords
            if keyword.arg is None and not (written and self._always(name))
            for value, after in self._ev.outcomes(keyword.value, self._site.scope, case)
            if isinstance(value, Table)
            for outcome in members.entry(self._ev, value, name, after)
        ]
        return found or [(Const(None), case)]

    def _stores(self, name: str) -> Iterator[Site]:
        """``options["name"] = value`` before ``f(**options)``."""
        tables = {k.value.id for k in self._call.keywords if k.arg is None and isinstance(k.value, ast.Name)}
        for site in self._site.scope.sites if tables else ():
            match site.node:
                case ast.Subscript(value=ast.Name(id=table), slice=ast.Constant(value=key)):
                    if table in tables and key == name and site.value is not None and site.order < self._site.order:
                        yield site

    def _written(self, name: str, case: Case) -> Iterator[Outcome]:
        for site in self._stores(name):
            for after in self._ev.conditions.pass_guards(self._beyond(site), site.scope, case):
                yield from self._ev.outcomes(site.value, site.scope, after) if site.value is not None else ()

    def _always(self, name: str) -> bool:
        return any(not self._beyond(site) for site in self._stores(name))

    def _beyond(self, site: Site) -> tuple[Guard, ...]:
        """The guards of a store that the call itself does not have."""
        return tuple(g for g in site.guards if not any(same(g, own) for own in self._site.guards))

    def first(self, names: tuple[str, ...], case: Case, index: int | None = None) -> list[Outcome]:
        """What the first of several names that is passed may be."""
        for name in names:
            found = self.outcomes(name, index if name == names[0] else None, case)
            if not all(isinstance(v, Const) and v.value is None for v, _ in found):
                return found
        return [(Const(None), case)]

    def passed(self) -> Iterator[str]:
        """The names that are passed for certain."""
        for keyword in self._call.keywords:
            if keyword.arg is not None:
                yield keyword.arg
                continue
            for value in self._ev.values(keyword.value, self._site.scope):
                if isinstance(value, Table):
                    yield from (
                        str(k.value) for k, _ in members.rows(self._ev, value, Case()) if isinstance(k, Const)
                    )

    @property
    def open(self) -> bool:
        """Whether it passes options that cannot be seen."""
        spread = [k.value for k in self._call.keywords if k.arg is None]
        tables = {node.id for node in spread if isinstance(node, ast.Name)}
        for site in self._site.scope.sites if tables else ():
            match site.node:
                case ast.Subscript(value=ast.Name(id=table), slice=index) if site.kind is Kind.STORE:
                    if table in tables and not isinstance(index, ast.Constant):
                        return True
        return any(not any(isinstance(v, Table) for v in self._ev.values(node, self._site.scope)) for node in spread)
