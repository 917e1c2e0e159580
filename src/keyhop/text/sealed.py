"""A value that cannot be shown."""

from __future__ import annotations

from typing import NoReturn


class Sealed:
    """Text read from a user's file or environment, which nothing can print, compare or pickle.

    ``reveal()`` is called in ``keyhop.text`` alone; a test lists its callers.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Sealed()"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a sealed value is compared by its mark only")

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is never pickled")
