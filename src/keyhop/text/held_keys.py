"""Whose key an object or a variable of this process holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from keyhop.catalogue import Part, ProviderId, by_name
from keyhop.key_heads import looks_like
from keyhop.text.own_environment import held, same
from keyhop.text.sealed import Sealed

Looks: TypeAlias = Callable[[str], ProviderId | None]


def nobody(text: str) -> ProviderId | None:
    """For a value that is no key."""
    return None


def by_own_shape(part: Part, service: str) -> Looks:
    """Whose key a value looks like: where it has a shape of its own service, the others are not asked."""

    def looks(text: str) -> ProviderId | None:
        if any(shape.matches(text) for shape in part.shapes):
            return ProviderId(service)
        return looks_like(text)

    return looks


def whose(part: Part, service: str | None) -> Looks:
    """As `by_own_shape`; without a shape, whose variable of this process holds exactly that value."""

    def looks(text: str) -> ProviderId | None:
        if service is not None and any(shape.matches(text) for shape in part.shapes):
            return ProviderId(service)
        value = Sealed(text)
        if service is None or any(same(value, held(name)) for name in part.names):
            return looks_like(text)
        for name, owners in by_name().items():
            others = owners[0].kind == "llm" and all(each.id != service for each in owners)
            if others and same(value, held(name)):
                return owners[0].id
        return looks_like(text)

    return looks
