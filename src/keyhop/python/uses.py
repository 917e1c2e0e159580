"""Uses of credentials that the code makes, and how sure each of them is to happen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from keyhop.catalogue import Credential, ProviderId, VarName
from keyhop.facts import Need, PlaceId, Position, Required
from keyhop.python.program import Program
from keyhop.python.scopes import Scope, Site
from keyhop.python.values import EVERY_CASE, Case, Const, Env, Library, Test, Text, Value
from keyhop.records import dataclass
from keyhop.span import Span

_FALLBACK = re.compile(r"(?:^|_)(?:fallback|backup|failover)s?(?:_|$)", re.I)
"""Names of what is used when the first choice fails."""

Names = tuple[tuple[tuple[VarName, ...], ...], ...]

_RANK = {Required.ALWAYS: 0, Required.CONDITIONAL: 1, Required.OPTIONAL: 2}
_BY_RANK = (Required.ALWAYS, Required.CONDITIONAL, Required.OPTIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place in the code that asks for a credential."""

    credential: str
    any_of: Names
    site: Site
    """Where it is used: its guards decide whether that happens."""
    span_site: Site | None = None
    """Where to point, if not at `site`."""
    span: Span | None = None
    """Where to point in a file that is no code."""
    reads: tuple[Position, ...]
    settings: Scope | Library | None = None
    """The settings class or library that is asked, instead of the process."""
    guards: tuple[Test, ...] = ()
    """What had to be assumed for the use to happen."""
    value: tuple[Test, ...] = ()
    """What had to be assumed for it to ask for this credential."""
    through: Mapping[Scope, Site] = field(default_factory=dict)
    """The calls that had to be made for it, by the function that each calls."""
    floor: Required = Required.ALWAYS
    provider: ProviderId | None = None
    any_value: bool = False
    hidden: bool = False
    because: str = ""
    crewai: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(n for parts in self.any_of for names in parts for n in names)


def of_variable(
    program: Program,
    read: Env,
    site: Site,
    because: str,
    *,
    provider: ProviderId | None = None,
    any_value: bool = False,
) -> Use:
    """The use of a value that the code itself read from a variable."""
    names, floor = list(read.names), Required.ALWAYS
    rest: Value | None = read.default
    while rest is not None:
        if isinstance(rest, Env) and rest.settings is read.settings:
            names += rest.names
            rest = rest.default
            continue
        harmless = isinstance(rest, Const) and rest.value in (None, "", b"", False)
        if not harmless:
            floor = Required.OPTIONAL
        break
    unique = tuple(VarName(n) for n in dict.fromkeys(names))
    return Use(
        credential=unique[0],
        any_of=((unique,),),
        site=site,
        span_site=read.site,
        reads=(program.position(read.read_at),),
        settings=read.settings,
        floor=floor,
        provider=provider,
        any_value=any_value,
        because=because,
    )


def of_credential(
    credential: Credential, site: Site, because: str, reads: tuple[Position, ...], **more: object
) -> Use:
    """The use of a credential that a library reads by itself."""
    any_of = tuple(tuple(part.names for part in parts) for parts in credential.any_of)
    return Use(credential=credential.id, any_of=any_of, site=site, because=because, reads=reads, **more)  # type: ignore[arg-type]


def assumed(use: Use, start: Case, case: Case) -> Use:
    """`use` in the case that its arguments came from; `start` is what let its site run."""
    through = {function: site for function, (site, _) in case.callers.items() if site is not None}
    return replace(use, guards=start.tests, value=case.tests[len(start.tests) :], through=through)


def variables(value: Value) -> Iterator[Env]:
    """The variables that a value is made of."""
    match value:
        case Env():
            yield value
        case Text(parts=parts):
            for part in parts:
                yield from variables(part)


class Judge:
    """How sure it is that a use happens, along the surest way from an entry to it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._guards: dict[Site, list[tuple[Test, ...]]] = {}
        self._made: dict[tuple[Scope, frozenset[str]], int] = {}

    def required(self, use: Use) -> Required:
        own = max(_RANK[use.floor], _rank(use.guards, use.names), _rank(use.value, use.names, chosen=True))
        return _BY_RANK[max(own, self._reached(use.site.scope, use.names, use.through))]

    def cases(self, site: Site) -> list[tuple[Test, ...]]:
        """What the guards of a site assume, per way to pass them; empty where it never runs."""
        if site not in self._guards:
            ev = self.program.ev
            ev.refresh()
            self._guards[site] = [c.tests for c in ev.conditions.pass_guards(site.guards, site.scope, EVERY_CASE)]
        return self._guards[site]

    def _reached(self, scope: Scope, names: frozenset[str], through: Mapping[Scope, Site] | None = None) -> int:
        """The least doubt on any way from an entry to `scope`."""
        best: dict[Scope, int] = {scope: 0}
        first = min(self._exists(scope, names), 2)
        best[scope] = first
        by_doubt: tuple[list[Scope], ...] = ([], [], [])
        by_doubt[first].append(scope)
        for doubt, todo in enumerate(by_doubt):
            while todo:
                current = todo.pop()
                if best[current] < doubt:
                    continue
                told = (through or {}).get(current)
                for site in (told,) if told in self.program.when else self.program.edges.get(current, ()):
                    if site is None:
                        return doubt
                    rank = max(doubt, self._doubt(site, names), self._exists(site.scope, names))
                    if rank < best.get(site.scope, 3):
                        best[site.scope] = rank
                        by_doubt[rank].append(site.scope)
        return 2

    def _exists(self, scope: Scope, names: frozenset[str]) -> int:
        """The least doubt that an object exists on which a method can be called."""
        owner = next((s.owner for s in scope.within() if s.owner), None)
        makers = self.program.makers.get(owner, []) if owner is not None else []
        if owner is None or not makers or scope.name in ("__init__", "__new__"):
            return 0
        key = (owner, names)
        if key not in self._made:
            self._made[key] = 0  # a class that makes itself rests on nothing further
            self._made[key] = min(max(self._doubt(s, names), self._reached(s.scope, names)) for s in makers[:20])
        return self._made[key]

    def _doubt(self, site: Site, names: frozenset[str]) -> int:
        if _FALLBACK.search(site.bound_to) or _FALLBACK.search(site.scope.name):
            return 2
        ways = self.cases(site)
        return min((_rank(tests, names) for tests in ways), default=3)


def _rank(tests: Iterable[Test], names: frozenset[str], *, chosen: bool = False) -> int:
    return max((_doubted(test, names, chosen) for test in tests), default=0)


def _doubted(test: Test, names: frozenset[str], chosen: bool) -> int:
    """What one assumed test makes of a use: 0 nothing, 1 conditional, 2 optional."""
    if test.handler:
        return 2
    rank = 0
    for atom in test.atoms:
        own = bool(names & set(atom.names))
        if atom.equals is not None:
            rank = max(rank, 0 if (atom.default == atom.equals) is atom.set and atom.default is not None else 1)
        elif own and atom.set:
            rank = max(rank, 0 if chosen else 2)
        elif own:
            continue
        elif not atom.set:
            rank = max(rank, 2)
        else:
            rank = max(rank, 1)
    if test.early:
        return rank if rank == 2 else 0
    return rank if test.atoms else max(rank, 1)


def needs(uses: Iterable[Use], judge: Judge, process: PlaceId) -> Iterator[Need]:
    """One need per credential and place: its surest use, at its strictest read."""
    merged: dict[tuple[object, ...], tuple[Use, Required]] = {}
    for use in uses:
        required = judge.required(use)
        key = (use.settings, use.credential)
        known = merged.get(key)
        if known is None:
            merged[key] = (use, required)
            continue
        old, before = known
        surest = min(required, before, key=_RANK.__getitem__)
        kept = use if _prefers(use, required, old, before) else old
        merged[key] = (kept, surest)
    for use, required in merged.values():
        yield Need(
            place=PlaceId(f"{process}:{use.settings.name}") if use.settings else process,
            process=process if use.settings else None,
            credential=use.credential,
            any_of=use.any_of,
            provider=use.provider,
            reads=use.reads,
            required=required,
            any_value=use.any_value,
            because=use.because,
            hidden=use.hidden,
            crewai=use.crewai,
            span=use.span or (use.span_site or use.site).span,
        )


def _prefers(use: Use, required: Required, old: Use, before: Required) -> bool:
    """The surer use stands for both; of two alike the one that fewer names satisfy, and then the later read."""

    def strictness(each: Use, level: Required) -> tuple[object, ...]:
        return _RANK[level], each.any_value, len(each.names), max(each.reads)

    return strictness(use, required) < strictness(old, before)
