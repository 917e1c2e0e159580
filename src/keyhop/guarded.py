"""Functions, classes and calls that begin only where a guard passes."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from functools import wraps
from typing import Any

from keyhop.guard import Guard
from keyhop.loads import LOADS

MARK = "__keyhop_guard__"


class Call:
    """A function on its way to a worker, with its guard and the generation of keys that the sender has. Pickles."""

    def __init__(self, function: Callable[..., Any], guard: Guard, generation: int = 0) -> None:
        self.function, self.guard, self.generation = function, guard, generation

    def __call__(self, *positional: Any, **named: Any) -> Any:
        with self.guard.around(generation=self.generation):
            return self.function(*positional, **named)


def guarded(function: Callable[..., Any], guard: Guard, generation: Callable[[], int] = int) -> Callable[..., Any]:
    """The function behind a guard; of the same kind, be it a coroutine function or a generator.

    `generation`: which keys a call asks for, told at each call.
    """
    if inspect.isasyncgenfunction(function):

        async def steps_awaited(*positional: Any, **named: Any) -> AsyncGenerator[Any, Any]:
            with guard.around(generation=generation()):
                inner = function(*positional, **named)
                with suppress(StopAsyncIteration):
                    step = await anext(inner)
                    while True:  # what is sent and thrown in reaches it, as `yield from` has it
                        try:
                            sent = yield step
                        except GeneratorExit:
                            await inner.aclose()
                            raise
                        except BaseException as error:
                            step = await inner.athrow(error)
                        else:
                            step = await inner.asend(sent)

        behind: Callable[..., Any] = steps_awaited
    elif inspect.iscoroutinefunction(function):

        async def awaited(*positional: Any, **named: Any) -> Any:
            with guard.around(generation=generation()):
                return await function(*positional, **named)

        behind = awaited
    elif inspect.isgeneratorfunction(function):

        def steps(*positional: Any, **named: Any) -> Iterator[Any]:
            with guard.around(generation=generation()):
                yield from function(*positional, **named)

        behind = steps
    else:

        def called(*positional: Any, **named: Any) -> Any:
            with guard.around(generation=generation()):
                return function(*positional, **named)

        behind = called
    wrapped = wraps(function)(behind)
    setattr(wrapped, MARK, guard)
    return wrapped


def guard_methods(host: Any, methods: tuple[str, ...], guard: Guard) -> Callable[[], None]:
    """Methods of one object whose first argument is a function for a worker send it with the guard.

    Returns what undoes it.
    """
    guard.sendable()
    for name in methods:
        setattr(host, name, _sending(getattr(host, name), guard))

    def undo() -> None:
        for name in methods:
            host.__dict__.pop(name, None)

    return undo


def _sending(method: Callable[..., Any], guard: Guard) -> Callable[..., Any]:
    def behind(function: Callable[..., Any]) -> Call:
        return function if isinstance(function, Call) else Call(function, guard, LOADS.generation)

    def sent(*positional: Any, **named: Any) -> Any:
        if positional:
            return method(behind(positional[0]), *positional[1:], **named)
        return method(**{name: behind(each) if name == "func" else each for name, each in named.items()})

    return sent


def guard_class(kind: type, guard: Guard) -> Callable[[], None]:
    """Instances of the class come to be, and its methods run, only where the guard passes. Returns what undoes it."""
    own = dict(vars(kind))
    for name, method in own.items():
        if inspect.isfunction(method) and (name in ("__init__", "__call__") or not name.startswith("__")):
            setattr(kind, name, guarded(method, guard))
    if "__init__" not in own:
        owner: Any = kind
        is_made = owner.__init__ is object.__init__ and owner.__new__ is not object.__new__

        def begin(self: Any, *positional: Any, **named: Any) -> None:
            with guard.around():
                if is_made:  # by its `__new__`, which alone knows the arguments
                    super(owner, self).__init__()
                else:
                    super(owner, self).__init__(*positional, **named)

        setattr(begin, MARK, guard)
        kind.__init__ = begin  # type: ignore[misc]

    def undo() -> None:
        for name in [*own, "__init__"]:
            if hasattr(vars(kind).get(name), MARK):
                setattr(kind, name, own[name]) if name in own else delattr(kind, name)

    return undo
