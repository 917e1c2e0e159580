"""Decorators: which of them hand a function to something that will call it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keyhop.python import elsewhere
from keyhop.python.scopes import Scope
from keyhop.python.values import Unknown

if TYPE_CHECKING:
    from keyhop.python.evaluate import Evaluator

_PLAIN = frozenset(
    [
        "staticmethod",
        "classmethod",
        "property",
        "cached_property",
        "computed_field",
        "lru_cache",
        "cache",
        "wraps",
        "abstractmethod",
        "overload",
        "dataclass",
        "contextmanager",
        "asynccontextmanager",
        "retry",
        "tool",
        "traceable",
        "observe",
        "override",
        "final",
        "singledispatch",
        "total_ordering",
        "field_validator",
        "model_validator",
        "validator",
        "root_validator",
        "skip",
        "skipif",
        "parametrize",
        "fixture",
        "patch",
        "setter",
        "getter",
        "deleter",
        "no_grad",
        "inference_mode",
        "njit",
        "jit",
        "numba",
        "timeit",
        "runtime_checkable",
        "deprecated",
    ]
)
"""Decorators that hand a function to nobody."""


def is_handed_over(ev: Evaluator, scope: Scope) -> bool:
    """Whether a decorator gives a function or class to something that will call it."""
    for decorator in scope.decorators:
        bare = decorator.func if isinstance(decorator, ast.Call) else decorator
        last = bare.attr if isinstance(bare, ast.Attribute) else getattr(bare, "id", "")
        if last in _PLAIN:
            continue
        for value in ev.values(bare, scope.parent or scope):
            name = elsewhere.dotted(value)
            if name.startswith(("functools.", "typing.", "pytest", "unittest.", "tenacity.", "pydantic.")):
                continue
            if name or (isinstance(value, Unknown) and isinstance(bare, ast.Attribute)):
                return True
    return False


def is_property(method: Scope) -> bool:
    """Whether a method is called by naming it."""
    return any(getattr(d, "id", getattr(d, "attr", "")) in _PROPERTIES for d in method.decorators)


_PROPERTIES = ("property", "cached_property", "computed_field", "hybrid_property")
