"""What kustomize makes of ``literals:`` and ``files:`` of a generator (kustomize 5.8)."""

from __future__ import annotations

from keyhop.span import Source
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Scalar


def literal(item: Scalar) -> tuple[str, Sealed] | None:
    """The name and the value of ``NAME=value``; quotes at either end are taken off. None: kustomize refuses it."""
    name, sign, value = item.sealed.reveal().partition("=")
    return (name, Sealed(value.strip("\"'"))) if sign and name else None


def content(source: Source) -> Sealed:
    """All of a file, as the value of one key."""
    return Sealed(source.data.decode("utf-8", "replace"))
