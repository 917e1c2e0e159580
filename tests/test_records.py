"""Records against the standard library's dataclasses: they must not be told apart by what they do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from keyhop import records

CHOICES = [
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "eq": False},
    {"slots": True, "kw_only": True},
    {"repr": False},
]


def point(dataclass: Callable[..., Any], choice: dict[str, bool]) -> Any:
    @dataclass(**choice)
    class Point:
        """A place on a map."""

        x: int
        y: int = 0
        set: bool = True
        assign: bool = False
        names: list[str] = field(default_factory=list, repr=False, compare=False)
        length: int = field(init=False, default=7)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", self.x + self.y)

    return Point


def told(work: Callable[[], object]) -> object:
    """What came of it: a value, or the type of the exception."""
    try:
        return work()
    except (TypeError, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_record_does_what_a_dataclass_does(choice: dict[str, bool]):
    def seen(dataclass: Callable[..., Any]) -> list[object]:
        cls = point(dataclass, choice)
        a, b = cls(x=1, names=["n"]), cls(x=1)
        return [
            repr(a) if choice.get("repr", True) else None,
            a == b,
            a == cls(x=2),
            a == (1, 0),
            told(lambda: hash(a) == hash(b)),
            a.names == ["n"] and b.names == [] and b.names is not cls(x=1).names,
            dataclasses.astuple(dataclasses.replace(a, y=5)),
            told(lambda: cls(1, 2).length),
            told(lambda: cls()),
            told(lambda: cls(x=1, z=2)),
            told(lambda: setattr(a, "x", 3)),
            told(lambda: delattr(a, "y")),
            told(lambda: a.__dict__ and None),
            dataclasses.astuple(copy.copy(b)) == dataclasses.astuple(b),
        ]

    assert seen(records.dataclass) == seen(dataclasses.dataclass)


@records.dataclass(frozen=True, slots=True)
class Kept:
    """One that a module has."""

    x: int


def test_a_record_is_pickled():
    assert pickle.loads(pickle.dumps(Kept(3))) == Kept(3)
