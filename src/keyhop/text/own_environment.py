"""This process's environment, read and written without a value ever being shown."""

from __future__ import annotations

import os
from collections.abc import Mapping

from keyhop.text.sealed import Sealed


def held(name: str) -> Sealed | None:
    """What the process has under `name`."""
    value = os.environ.get(name)
    return None if value is None else Sealed(value)


def put(name: str, value: Sealed | None) -> None:
    """Sets the variable, for this process and those that it starts; None takes it away.

    Raises:
        ValueError: the value cannot be in an environment.
    """
    if value is None:
        os.environ.pop(name, None)
    elif "\0" in value.reveal():
        raise ValueError(f"the value of {name} holds a zero byte, which no environment can")
    else:
        os.environ[name] = value.reveal()


def same(a: Sealed | None, b: Sealed | None) -> bool:
    """Whether both are one value, or both none."""
    if a is None or b is None:
        return a is b
    return a.reveal() == b.reveal()


def without(environment: Mapping[str, str], values: Mapping[str, Sealed]) -> dict[str, str]:
    """The variables but those that are exactly what `values` say."""
    return {
        name: value
        for name, value in environment.items()
        if name not in values or not same(Sealed(value), values[name])
    }


def before(written: Mapping[str, tuple[Sealed, Sealed | None]]) -> dict[str, str]:
    """The environment as it would be without what was `written`: by name, the value, and the one that it replaced.

    A variable that somebody else has changed since stays as it is.
    """
    environment = dict(os.environ)
    for name, (value, former) in written.items():
        if same(held(name), value):
            environment.pop(name, None)
            if former is not None:
                environment[name] = former.reveal()
    return environment
