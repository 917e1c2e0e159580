"""A first look at names: whether what they ask for is plainly there, without what it takes to say what is wrong."""

from __future__ import annotations

from keyhop.catalogue import Part, Provider, VarName, by_name, provider
from keyhop.sighting import State
from keyhop.text.held_keys import by_own_shape, nobody
from keyhop.text.own_environment import held
from keyhop.text.seeing import see


def is_plainly_there(name: str) -> bool:
    """Whether this process has the credential of that provider, or that variable, and nothing speaks against it.

    It says no where it would take more than a look; `keyhop.readiness` judges.
    """
    service = provider(name)
    if service is not None:
        return any(all(_is_sound(part, service) for part in parts) for parts in service.credential().any_of)
    service = owner(name)
    part = next((part for part in service.parts if name in part.names), None) if service is not None else None
    if service is None or part is None:
        return False
    return _is_sound(Part(names=(VarName(name),), shapes=part.shapes, secret=part.secret), service)


def owner(name: str) -> Provider | None:
    """Whose variable it is: mostly of the provider that it begins with; None if it is not that one's."""
    likely = provider(name.partition("_")[0].lower())
    return likely if likely is not None and name in likely.names else None


def service_of(name: str) -> Provider | None:
    """Whose variable it is, be it called after another one's; None if it is nobody's."""
    return owner(name) or next(iter(by_name().get(VarName(name), ())), None)


def _is_sound(part: Part, service: Provider) -> bool:
    """Whether the first of its names that is set has a value that nothing speaks against."""
    for name in part.names:
        looks = by_own_shape(part, service.id) if part.secret else nobody
        seen = see(held(name), None, name=name, setting=not part.secret, looks=looks)
        if seen.state is not State.ABSENT:
            return seen.usable and seen.looks in (None, service.id)
    return False
