"""Needs that are found in a live process, and what of each the object that needs it has in itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import Credential, Part, ProviderId, VarName, is_setting
from keyhop.crewai_version import CrewAIVersion
from keyhop.facts import Everything, Fact, Hop, Need, Phase, Place, PlaceId, Position, Required, Supply
from keyhop.live_objects import argument, is_given_by_function
from keyhop.routing import Route, route
from keyhop.sighting import Seen
from keyhop.text.held_keys import nobody, whose
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker, see

_COPIED = Position(Phase.BUILD)
_MOST = 3
"""Needs of one credential that a message names one by one."""


class Needs:
    """One need for each credential that is looked up in one place, whoever looks it up."""

    def __init__(self, process: PlaceId, marker: Marker | None, version: CrewAIVersion | None = None) -> None:
        self.version = version
        self._process = process
        self._marker = marker
        self._needs: dict[tuple[object, ...], tuple[Need, list[str]]] = {}
        self._facts: list[Fact] = []

    def facts(self) -> Iterator[Fact]:
        yield from self._facts
        for need, because in self._needs.values():
            first, *others = because or [""]
            more = f", {len(others) - _MOST} more" if len(others) > _MOST else ""
            also = f" (also {', '.join(others[:_MOST])}{more})" if others else ""
            yield replace(need, because=first + also)

    def credential(
        self,
        credential: Credential | None,
        because: str,
        *,
        service: str | None = None,
        holder: object = None,
        any_value: bool = False,
    ) -> None:
        """One credential that is needed; `holder` may have some of it in itself."""
        if credential is None:
            return
        place = self._process if holder is None else self._held_in(credential, holder, because, service)
        if place is None:
            return
        need = Need(
            place=place,
            process=self._process,
            credential=credential.id,
            any_of=tuple(tuple(part.names for part in parts) for parts in credential.any_of),
            provider=ProviderId(service) if service else None,
            required=Required.ALWAYS if credential.required else Required.OPTIONAL,
            any_value=any_value,
            crewai=str(self.version or ""),
        )
        self._add(need, because)

    def variable(self, name: str, because: str, *, service: str | None = None, required: bool = True) -> None:
        need = Need(
            place=self._process,
            credential=name,
            any_of=(((VarName(name),),),),
            provider=ProviderId(service) if service else None,
            required=Required.ALWAYS if required else Required.OPTIONAL,
            secret=service is not None or not is_setting(name),
        )
        self._add(need, because)

    def model(self, model: str, because: str) -> None:
        """A model that is asked by name."""
        self.routed(route(model, version=self.version), because)

    def routed(self, found: Route, because: str, holder: object = None) -> None:
        self.credential(found.credential, because, service=found.provider, holder=holder)

    def _add(self, need: Need, because: str) -> None:
        key = (need.place, need.provider, need.any_of, need.required, need.any_value)
        kept = self._needs.setdefault(key, (need, []))[1]
        if because and because not in kept:
            kept.append(because)

    def _held_in(self, credential: Credential, holder: object, because: str, service: str | None) -> PlaceId | None:
        """Where it looks: the object, and behind it the process. None where a function gives the key."""
        values = {part: value for part in credential.parts if (value := argument(holder, part)) is not None}
        if any(callable(value) for value in values.values()) or is_given_by_function(holder):
            return None
        if not values:
            return self._process
        place = PlaceId(f"{self._process}:{len(self._facts)}")
        self._facts += [
            Place(id=place, kind="settings", title=because),
            Hop(source=self._process, target=place, passage=Everything(), via="os.environ"),
        ]
        for part, value in values.items():
            self._facts += [
                Supply(place=place, name=name, seen=self._seen(name, part, value, service), at=_COPIED, via=because)
                for name in part.names
            ]
        return place

    def _seen(self, name: VarName, part: Part, value: Sealed, service: str | None) -> Seen:
        looks = whose(part, service) if part.secret else nobody
        return see(value, self._marker, name=name, setting=not part.secret, looks=looks)
