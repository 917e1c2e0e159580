"""The key is there, under a name that the code does not read.

## Why it fails
Names of variables are compared letter by letter. ``openai_api_key``, ``OPENAI-API-KEY`` and ``OPENAI_KEY`` are
none of CrewAI's names, and neither is ``AZURE_OPENAI_API_KEY``, which other libraries read.

## Fix
Rename the variable where it is given to the process.

## Fix safety
Safe where a line asks for a name that nothing sets, or for a key that the Secret does not have. Unsafe where a
variable is renamed: another program may read the other name. Shown only in a Dockerfile, where no key belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from keyhop.catalogue import VarName, by_name, provider, providers
from keyhop.facts import Hop, One, PlaceId, Supply
from keyhop.finding import Finding, Fix, Note, Rule, Safety
from keyhop.remedy import Rename
from keyhop.rules.rule import NOT_GIVEN, asker, canonical, finding, lost_trails, named_at, names_of, upstream, where
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss, Trail, Verdict

_KEY_WORDS = re.compile(r"_(?:API_?KEYS?|API_TOKEN|KEY|TOKEN|SECRET|SECRET_KEY|API_SECRET)$")
_SHORTEST = 8
"""Shorter names differ by one letter without being meant for each other."""


def _judge(topology: Topology) -> Iterator[Finding]:
    for trail in lost_trails(topology, *NOT_GIVEN, Loss.EMPTIED, Loss.REMOVED, Loss.REFUSED):
        otherwise = _asked_otherwise(topology, trail)
        if otherwise is not None:
            hop, asked, name, span = otherwise
            reads = f"which {asker(topology, trail)} reads"
            if name != trail.name:
                reads = f"and {asker(topology, trail)} needs it as {trail.name}"
            yield finding(
                RULE.id,
                trail,
                f"{hop.via} asks for {asked}, and {name} is set{where(span)}, {reads}",
                span=hop.span,
                related=(Note(message=f"{name} is set here", span=span),) if span else (),
                fixes=(_asking(name, asked, hop.span),),
            )
            continue
        found = _near(topology, trail)
        if found is None:
            continue
        name, span = found
        right = canonical(trail)
        yield finding(
            RULE.id,
            trail,
            f"{name} is set{where(span)}, and {asker(topology, trail)} reads {right}",
            span=span,
            related=(Note(message=f"{name} is set here", span=span),) if span else (),
            fixes=(_renaming(name, right, span),),
        )


def _asking(name: VarName, asked: VarName, span: Span | None) -> Fix:
    remedy = Rename(old=asked, new=name, span=span) if span is not None else None
    return Fix(title=f"Ask for {name} instead of {asked}{where(span)}.", safety=Safety.SAFE, remedy=remedy)


def _renaming(name: VarName, right: VarName, span: Span | None) -> Fix:
    remedy = Rename(old=name, new=right, span=span) if span is not None else None
    return Fix(title=f"Rename {name} to {right}{where(span)}.", safety=Safety.UNSAFE, remedy=remedy)


def _asked_otherwise(topology: Topology, trail: Trail) -> tuple[Hop, VarName, VarName, Span | None] | None:
    """The hop that writes the right name and asks its source for another, which has the right one, or one near it."""
    for write in topology.writes(trail.need.owner, trail.name):
        if isinstance(write, Hop) and isinstance(write.passage, One) and write.span is not None:
            asked = write.passage.source_name
            name = _meant(topology, write.source, asked, trail.name)
            if name is not None:
                return write, asked, name, named_at(topology.value(write.source, name))
    return None


def _meant(topology: Topology, source: PlaceId, asked: VarName, wanted: VarName) -> VarName | None:
    """What `source` has in the place of what it is asked for: the name that is wanted; in a store, any name near."""
    if topology.place(source).kind == "store":
        if topology.value(source, asked).verdict is not Verdict.LOST:
            return None
        plain = re.sub(r"\W", "_", asked.upper())
        names = {name for place in upstream(topology, source, asked) for name in topology.names(place)}
        near = [name for name in sorted(names) if name == wanted or _is_slip(name, plain)]
        near = [name for name in near if topology.value(source, name).usable]
        return near[0] if len(near) == 1 else None
    if asked == wanted or topology.supplied(asked) or not topology.value(source, wanted).usable:
        return None
    return wanted


def _near(topology: Topology, trail: Trail) -> tuple[VarName, Span | None] | None:
    """A near name that would arrive under the right one, and the line that has it."""
    read = {name for need in topology.needs for name in need.names}
    for place, wanted in _asked(topology, trail):
        names = {n for up in upstream(topology, place, wanted) for n in topology.names(up)}
        for name in sorted(names - read):
            value = topology.value(place, name) if is_near(name, trail) else None
            if value is not None and value.usable:
                return name, named_at(value)
    return _promised_misspelt(trail)


def _asked(topology: Topology, trail: Trail) -> Iterator[tuple[PlaceId, VarName]]:
    """Where the right name is looked up: in the process, and where a line of it asks another place for it."""
    yield trail.need.place, trail.name
    if trail.need.owner != trail.need.place:
        yield trail.need.owner, trail.name
    for write in topology.writes(trail.need.owner, trail.name):
        if isinstance(write, Hop) and isinstance(write.passage, One):
            yield write.source, write.passage.source_name


def _promised_misspelt(trail: Trail) -> tuple[VarName, Span | None] | None:
    """The template of an absent file spells the name in another case: ``.env.example (openai_api_key)``."""
    write = trail.lost_at
    spelt = re.fullmatch(r".+ \((\w+)\)", write.via) if isinstance(write, Supply) and write.promised else None
    return (VarName(spelt.group(1)), write.span) if spelt and write else None


def is_near(name: VarName, trail: Trail) -> bool:
    """Whether a name is plainly meant for the part that is lost, and nothing reads it."""
    service = provider(trail.need.provider) if trail.need.provider else None
    owners = by_name().get(name, ())
    if service is not None and trail.name in service.names:
        if name in service.never_read:
            return True
        if owners[:1] == (service,):
            return all(sum(part[0] in service.names for part in parts) <= 1 for parts in trail.need.any_of)
    others = owners or any(name in each.never_read for each in providers() if each is not service)
    return not others and any(_is_slip(name, wanted) for wanted in names_of(trail))


def _is_slip(name: str, wanted: str) -> bool:
    """Another case, other separators, another word for key, or one letter too many, too few, or wrong."""
    if re.sub(r"[^A-Z0-9]", "", name.upper()) == wanted.replace("_", ""):
        return True
    stem, other = _KEY_WORDS.sub("", wanted), _KEY_WORDS.sub("", name.upper())
    if stem == other and stem != wanted and other != name.upper():
        return True
    return len(wanted) >= _SHORTEST and _one_letter(name, wanted)


def _one_letter(name: str, wanted: str) -> bool:
    """One edit apart, or two neighbours swapped; a digit more is a second key, not a slip."""
    if abs(len(name) - len(wanted)) > 1 or re.sub(r"\D", "", name) != re.sub(r"\D", "", wanted):
        return False
    start = next((i for i, (a, b) in enumerate(zip_longest(name, wanted)) if a != b), len(name))
    rest, meant = name[start:], wanted[start:]
    swapped = rest[:2] == meant[:2][::-1] and rest[2:] == meant[2:]
    return swapped or rest[1:] == meant or rest == meant[1:] or rest[1:] == meant[1:]


RULE = Rule(
    id="misspelt-variable-name",
    summary="the key is under a name that nothing reads",
    since="0.1",
    judge=_judge,
    refines=("hidden-default-provider", "empty-value-wins", "removed-by-pass-through", "unset-variable-refused"),
)
