"""What rules are made of: which trails they speak of, in which words, and what they advise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keyhop.catalogue import VarName, provider
from keyhop.facts import Act, Hop, Nothing, One, PlaceId, Practice, Required, Sighting, Supply, Text, Write
from keyhop.finding import Certainty, Finding, Fix, Note, Safety, Severity, certainty_of, span_of
from keyhop.remedy import Attach, Clean, HandOn
from keyhop.sighting import Change
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Loss, Trail, Value, Verdict

_SEVERITY = {
    Required.ALWAYS: Severity.ERROR,
    Required.CONDITIONAL: Severity.WARNING,
    Required.OPTIONAL: Severity.NOTE,
}

NOT_GIVEN = (Loss.NOT_SUPPLIED, Loss.NOT_PASSED)
"""Nobody wrote the name into the process."""


def lost_trails(topology: Topology, *losses: Loss, optional: bool = False) -> Iterator[Trail]:
    """Lost trails with one of these losses; those of optional needs only where asked for."""
    for trail in topology.trails():
        if trail.verdict is not Verdict.LOST or trail.loss not in losses:
            continue
        if optional or trail.need.required is not Required.OPTIONAL:
            yield trail


def altered_trails(topology: Topology, *changes: Change) -> Iterator[Trail]:
    """Lost trails whose value arrives with one of these changes; the change done first is the one that counts."""
    for trail in lost_trails(topology, Loss.ALTERED):
        if first_change(trail) in changes:
            yield trail


def first_change(trail: Trail) -> Change:
    """What was done first to the value of an altered trail."""
    return next(iter(trail.value.seen.changes), Change.OTHER)


def finding(
    rule: str,
    trail: Trail,
    message: str,
    *,
    span: Span | None = None,
    severity: Severity | None = None,
    related: tuple[Note, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Finding:
    """A finding about a trail, with the severity of its need, at the write that lost it."""
    return Finding(
        rule=rule,
        severity=_SEVERITY[trail.need.required] if severity is None else severity,
        certainty=certainty_of(trail),
        message=message,
        span=span or span_of(trail),
        trail=trail,
        related=(*related, *_read_at(trail)),
        fixes=fixes,
    )


def arriving_trails(topology: Topology) -> Iterator[Trail]:
    """Trails of keys that arrive and are meant to be used."""
    for trail in topology.trails():
        meant = not trail.need.any_value and not trail.value.seen.dummy
        if trail.verdict is Verdict.ARRIVES and meant and trail.need.required is not Required.OPTIONAL:
            yield trail


def practised(topology: Topology, act: Act) -> Iterator[Practice]:
    """What processes do of this kind, other than in branches that need not be taken."""
    return (p for p in topology.practices if p.act is act and p.required is not Required.OPTIONAL)


def about(
    rule: str,
    practice: Practice,
    message: str,
    *,
    severity: Severity = Severity.NOTE,
    certainty: Certainty = Certainty.CERTAIN,
    names: tuple[VarName, ...] | None = None,
    span: Span | None = None,
    related: tuple[Note, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Finding:
    """A finding about what a process does, where no credential is lost; `names` None are the practice's own."""
    return Finding(
        rule=rule,
        severity=severity,
        certainty=certainty,
        message=message,
        span=span or practice.span or Span(path="."),
        practice=practice if names is None else replace(practice, names=names),
        related=related,
        fixes=fixes,
    )


def certainty_of_values(*values: Value) -> Certainty:
    """How sure it is what values are taken together."""
    if any(value.doubts for value in values):
        return Certainty.POSSIBLE
    return Certainty.LIKELY if any(value.given for value in values) else Certainty.CERTAIN


def process_of(topology: Topology, trail: Trail) -> str:
    """What the user's own tool calls the process: ``service worker``."""
    return title_of(topology, trail.need.owner)


def title_of(topology: Topology, id: PlaceId) -> str:
    """What a user calls a place."""
    return topology.place(id).title or str(id)


def who(trail: Trail) -> str:
    """Who needs the credential, for the end of a sentence."""
    return trail.need.because or f"the code that reads {trail.name}"


def asker(topology: Topology, trail: Trail) -> str:
    """Who needs the credential, and where: ``LLM('gpt-4o') in service worker``."""
    return f"{who(trail)} in {process_of(topology, trail)}"


def via(write: Write | None) -> str:
    """The mechanism of a write, in its user's words; empty for what is no mechanism."""
    return write.via if isinstance(write, Hop | Sighting | Supply) else ""


def where(span: Span | None) -> str:
    """A place in the text, for the middle of a sentence: `` at compose.yaml:12``, or nothing."""
    return f" at {span}" if span is not None and span.path else ""


def line_of(value: Value) -> Span | None:
    """The line that hands a value to the place that holds it."""
    last = value.hops[-1] if value.hops else value.origin
    return getattr(last, "span", None) or getattr(value.origin, "span", None)


def named_at(value: Value) -> Span | None:
    """The line that gives a value its name where it is: the last that names it, else the one it begins in."""
    naming = (hop for hop in reversed(value.hops) if isinstance(hop.passage, One | Text))
    last = next(naming, None)
    return getattr(last, "span", None) or getattr(value.origin, "span", None)


def names_of(trail: Trail) -> tuple[VarName, ...]:
    """The names under which the decisive part of the credential may be given."""
    parts = (names for alternative in trail.need.any_of for names in alternative)
    return next((names for names in parts if trail.name in names), (trail.name,))


def canonical(trail: Trail) -> VarName:
    """The name to give it under: the provider's own, where the code reads that."""
    found = provider(trail.need.provider) if trail.need.provider else None
    names = names_of(trail)
    return next((name for name in (found.names if found else ()) if name in names), names[0])


def lost_name(trail: Trail) -> VarName:
    """The name to speak of: the one that came furthest, or the usual one where none was given at all."""
    return canonical(trail) if trail.loss in NOT_GIVEN else trail.name


def title_of_provider(id: str) -> str:
    """The name a provider goes by."""
    found = provider(id)
    return found.title if found else id


def nowhere(topology: Topology, place: PlaceId, name: VarName) -> str:
    """That nothing that is copied to a place sets `name`: ``neither .env nor the shell sets``."""
    without = [id for id in _sources(topology, place, name) if not topology.value(id, name).usable]
    *others, last = (title_of(topology, id) for id in without or (place,))
    return f"neither {', '.join(others)} nor {last} sets" if others else f"{last} does not set"


def home(topology: Topology, place: PlaceId, name: VarName) -> str:
    """Where `name` would have to be set to get to a place, in a file before a shell."""
    sources = [topology.place(id) for id in _sources(topology, place, name)]
    files = [title_of(topology, source.id) for source in sources if source.kind == "file"]
    shells = [title_of(topology, source.id) for source in sources if source.kind == "shell"]
    if shells and not files and topology.place(place).kind == "scope":
        files = [".env beside the Compose file"]
    return " or in ".join([*files[:1], *shells]) or title_of(topology, place)


def _sources(topology: Topology, place: PlaceId, name: VarName) -> tuple[PlaceId, ...]:
    """The files and shells that `name` may begin in on its way to a place."""
    above = (topology.place(id) for id in upstream(topology, place, name)[1:])
    begins = (each for each in above if not any(isinstance(w, Hop) for w in topology.writes(each.id, name)))
    return tuple(each.id for each in begins if each.kind in ("file", "shell"))


def upstream(topology: Topology, place: PlaceId, name: VarName) -> tuple[PlaceId, ...]:
    """The places that `name` may come from on its way into `place`, `place` first."""
    found: dict[PlaceId, None] = {}
    ahead = [place]
    while ahead:
        here = ahead.pop(0)
        if here in found:
            continue
        found[here] = None
        ahead += [write.source for write in topology.writes(here, name) if isinstance(write, Hop)]
    return tuple(found)


def promise_of(topology: Topology, trail: Trail) -> Supply | None:
    """The line of a template or a document that says the credential will be there, on the way to the process."""
    for name in names_of(trail):
        for place in upstream(topology, trail.need.owner, name):
            for write in topology.writes(place, name):
                if isinstance(write, Supply) and write.promised and write.seen.usable:
                    return write
    return None


def severity_in_file(topology: Topology, trail: Trail) -> Severity | None:
    """A note, where the line that loses a credential stands in a file that the repository holds for everyone."""
    write = trail.lost_at
    place = topology.place(write.place) if isinstance(write, Supply) else None
    return Severity.NOTE if place is not None and place.kind == "file" and place.committed else None


def reader_of(trail: Trail) -> str:
    """What reads the line in such a way that the value is lost."""
    return via(trail.lost_at) or "a line"


def written_at(trail: Trail) -> Span | None:
    """The line that holds the value as its author wrote it."""
    return getattr(trail.value.origin, "span", None)


def given(topology: Topology, trail: Trail, *, beside: PlaceId | None = None, like: Span | None = None) -> Fix:
    """How the credential is given to the process, in the words of what runs it.

    Where a process `beside` it has the credential, it is given in the same way, and safely so.
    """
    host, _, _ = trail.need.owner.partition(":")
    name, process = canonical(trail), process_of(topology, trail)
    title = _handing(name, process, host)
    if beside is not None and like is not None and host not in ("compose", "docker-run"):
        title = f"Give {process} {name} as {title_of(topology, beside)} has it{where(like)}."
    safety = Safety.UNSAFE if beside is None else Safety.SAFE
    return Fix(title=title, safety=safety, remedy=_hand_on(topology, trail, name, beside, like))


def _hand_on(
    topology: Topology, trail: Trail, name: VarName, beside: PlaceId | None, like: Span | None
) -> HandOn | None:
    span = topology.place(trail.need.owner).span
    if span is None:
        return None
    origin = trail.value.origin
    kept = topology.place(origin.place) if isinstance(origin, Supply) else None
    return HandOn(
        process=trail.need.owner,
        name=name,
        span=span,
        sibling=beside,
        like=like,
        at=getattr(trail.lost_at, "span", None),
        store=kept.title if kept is not None and kept.kind == "store" and beside is None else "",
    )


def loading_itself(trail: Trail) -> tuple[Fix, ...]:
    """How workers of a host that keyhop can be attached to load their keys themselves."""
    host, _, rest = trail.need.owner.partition(":")
    what = trail.need.provider or canonical(trail)
    match host, trail.lost_at:
        case "celery", _:
            kind, named, span = "Celery", "app", Span(path=rest.partition("#")[0], line=1)
        case "ray", _:
            kind, named, span = "ray", "ray", Span(path=rest.partition("#")[0], line=1)
        case "pool", Hop(span=Span() as span):
            kind, named = "", "…"
        case _:
            return ()
    title = f'Let the workers load it themselves, by `keyhop.attach({named}, "{what}")` in {span.path}.'
    return (Fix(title=title, safety=Safety.UNSAFE, remedy=Attach(what=what, host=kind, span=span)),)


def called(topology: Topology, trail: Trail) -> Fix | None:
    """How a call is to hand on a secret that the called workflow asks for by name; None where no call is to blame."""
    call = trail.lost_at
    if not isinstance(call, Hop) or not isinstance(call.passage, Nothing):
        return None
    asking = [w for w in topology.writes(trail.need.place, trail.name) if isinstance(w, Hop)]
    name = next(
        (w.passage.source_name for w in asking if w.source == call.target and isinstance(w.passage, One)), None
    )
    if name is None or call.target == trail.need.owner:
        return None
    title = f"Hand on the secret {name} in `secrets:` of the call{where(call.span)}."
    return Fix(title=title, safety=Safety.UNSAFE, remedy=_hand_on(topology, trail, name, None, None))


def _handing(name: VarName, process: str, host: str) -> str:
    """What there is to do, in the words of what runs the process; its id begins with that."""
    match host:
        case "compose":
            return f"Add `- {name}` to `environment:` of {process}, or `{name}:` where it is a map."
        case "docker-run":
            return f"Add `-e {name}` to {process}, where the shell has it, or `--env-file`."
        case "dockerfile":
            return f"Start the container with `-e {name}` or with `--env-file`."
        case "gha":
            return f"Add `{name}: ${{{{ secrets.{name} }}}}` to `env:` of the step, and the secret to the repository."
        case "render":
            return f"Add `- key: {name}` with `sync: false` to `envVars:` of {process}, and type it in the dashboard."
        case "aca":
            return f"Add an entry for {name} with `secretRef:` to `env:` of {process}, and the secret to `secrets:`."
        case "ecs":
            return f"Add {name} to `secrets` of {process}, with the ARN of the secret in `valueFrom`."
        case "sam" | "cloudformation":
            return f"Add {name} to the environment of {process}, as a parameter or a reference to a secret."
        case "k8s" | "kustomize" | "helm":
            return f"Add {name} to `env:` of {process}, with `secretKeyRef` and a Secret that has the key."
        case "systemd":
            return f"Add `EnvironmentFile=` with a file that has {name} to {process}."
        case "cron":
            return f"Load the file that has {name} in the command of {process}, or set it above it in the crontab."
        case "tox":
            return f"Add {name} to `pass_env` of {process}."
    return f"Export {name} in the shell that starts {process}, or load the file that holds it at its start."


def cleaned(trail: Trail, title: str) -> Fix:
    """The line that holds the value is written so that every reader takes it as it was meant."""
    span = written_at(trail)
    remedy = Clean(name=_name_at(trail), change=first_change(trail), span=span) if span is not None else None
    return Fix(title=title, safety=Safety.SAFE, remedy=remedy)


def _name_at(trail: Trail) -> VarName:
    """The name that the value has where it begins."""
    origin = trail.value.origin
    return origin.name if isinstance(origin, Supply) else trail.name


def _read_at(trail: Trail) -> tuple[Note, ...]:
    if trail.need.span is None:
        return ()
    return (Note(message=f"{who(trail)} needs {lost_name(trail)} here", span=trail.need.span),)
