"""The contexts of an expression: what is in view of ``secrets``, ``env``, ``matrix``, and where the rest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from keyhop.catalogue import VarName
from keyhop.facts import PlaceId
from keyhop.records import dataclass
from keyhop.text.actions_expressions import (
    NULL,
    Expression,
    Known,
    Lookup,
    evaluate,
    joined,
    known,
    parts,
    resolved,
    sealed,
)
from keyhop.text.sealed import Sealed

WORKSPACE = "/."
"""Where a job's files lie: a process on the host sees the project at ``/``."""
TOKEN = VarName("GITHUB_TOKEN")


@dataclass(frozen=True, kw_only=True)
class Stores:
    """The secrets and variables that the user keeps outside the repository, where somebody tells them."""

    secrets: Mapping[str, Sealed] | None = field(default=None, repr=False)
    """By name in capitals; None: not in view."""
    variables: Mapping[str, Sealed] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Contexts:
    """What the expressions of one workflow, job or step see."""

    secrets: PlaceId
    variables: PlaceId
    stores: Stores = Stores()
    environment: PlaceId | None = None
    """The step whose ``env`` context it is; None where there is none."""
    inputs: PlaceId | None = None
    known_inputs: Mapping[str, Known] = field(default_factory=dict)
    env: Mapping[str, Known | None] = field(default_factory=dict)
    """What is in view of ``env``; None: set, but to what is not in view."""
    env_open: bool = False
    """Something that is not in view may have set more of it."""
    matrix: Mapping[str, Sealed] | None = field(default=None, repr=False)
    outputs: Mapping[str, PlaceId] = field(default_factory=dict)
    """Where the outputs of each step and job are: by ``steps.id`` and ``needs.id``."""

    def look(self, path: tuple[str, ...]) -> Known | None:
        """What a path holds, where that is in view."""
        names = tuple(part.lower() for part in path)
        match names:
            case ("secrets", name):
                return _held(self.stores.secrets, name.upper())
            case ("vars", name):
                return _held(self.stores.variables, name.upper())
            case ("env", _):
                return self.env.get(path[1], None if self.env_open else NULL)
            case ("inputs", name) | ("github", "event", "inputs", name):
                return self.known_inputs.get(name)
            case ("matrix", *rest) if self.matrix is not None:
                value = self.matrix.get(".".join(rest))
                return NULL if value is None else sealed(value)
            case ("github", "workspace"):
                return known(WORKSPACE)
            case ("github", "event_path") | ("runner", "temp"):
                return known("/tmp")
        return None

    def kept(self, path: tuple[str, ...]) -> tuple[PlaceId, VarName] | None:
        """The place, and the name in it, that a path reads; None where it is no value of the user's."""
        names = tuple(part.lower() for part in path)
        match names:
            case ("secrets", name):
                return self.secrets, VarName(name.upper())
            case ("github", "token"):
                return self.secrets, TOKEN
            case ("vars", name):
                return self.variables, VarName(name.upper())
            case ("env", _) if self.environment is not None:
                return self.environment, VarName(path[1])
            case ("inputs", name) | ("github", "event", "inputs", name) if self.inputs is not None:
                return self.inputs, VarName(name)
            case ("steps" | "needs" as whose, owner, "outputs", _):
                place = self.outputs.get(f"{whose}.{owner}")
                return None if place is None else (place, VarName(path[3]))
        return None

    def value(self, expression: Expression) -> Known | None:
        """What an expression comes to, where that is in view."""
        return evaluate(expression, self.look)

    def source(self, lookup: Lookup) -> tuple[PlaceId, VarName] | None:
        """Where a path is kept, its computed parts evaluated."""
        path = resolved(lookup, self.look)
        return None if path is None else self.kept(path)

    def text(self, template: Sealed) -> Known | None:
        """What a whole text comes to, where that is in view."""
        out: list[Known] = []
        for part in parts(template):
            found = sealed(part.text) if part.text is not None else None
            if part.text is None and part.expression is not None:
                found = self.value(part.expression)
            if found is None:
                return None
            out.append(found)
        return out[0] if len(out) == 1 else sealed(joined(out))

    def within(self, env: Mapping[str, Known | None]) -> Contexts:
        """The same with more in the ``env`` context."""
        return replace(self, env={**self.env, **env})


def _held(values: Mapping[str, Sealed] | None, name: str) -> Known | None:
    if values is None:
        return None
    found = values.get(name)
    return NULL if found is None else sealed(found)
