"""For people: one block per finding, with the journey drawn hop by hop."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Certainty, Finding
from keyhop.formats.format import Format, Options
from keyhop.journey import Step, journey, name_of, origin_of
from keyhop.report import Report
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Trail, Verdict

_COLOURS = {"error": "31;1", "warning": "33;1", "note": "36;1", "arrives": "32", "dim": "2", "bold": "1"}
_SHADE = {Verdict.ARRIVES: "arrives", Verdict.LOST: "error", Verdict.UNKNOWN: "note"}


class _Paint:
    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, colour: str, text: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._on else text


def _render(report: Report, options: Options) -> str:
    paint = _Paint(options.colour)
    lines: list[str] = []
    for finding in report.findings:
        lines += [*_finding(finding, report, paint), ""]
    if options.arrives:
        lines += [*_arriving(report, options.colour), ""]
    lines += _unseen(report, paint)
    lines.append(_summary(report, paint))
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, report: Report, paint: _Paint) -> Iterator[str]:
    word = finding.severity.word
    yield f"{paint(word, f'{word}[{finding.rule}]')}{paint('bold', ': ' + finding.message)}"
    yield f"  {paint('dim', '-->')} {finding.span}"
    if finding.trail is not None:
        yield from _journey(finding.trail, report.topology, paint)
    for note in finding.related:
        yield f"   {paint('dim', '=')} {note.message}{_at(note.span)}"
    if finding.certainty is not Certainty.CERTAIN and finding.trail is not None:
        rests = [*finding.trail.value.given]
        if rests:
            yield f"   {paint('dim', '=')} {finding.certainty.value}: {'; '.join(rests)}"
    for fix in finding.fixes:
        yield f"   {paint('dim', '=')} fix: {fix.title}"


def draw(trail: Trail, topology: Topology, *, colour: bool = False) -> Iterator[str]:
    """One trail, whatever its verdict: its journey, what lost against it, and what it rests on."""
    paint = _Paint(colour)
    place = topology.place(trail.need.owner)
    yield f"{paint(_SHADE[trail.verdict], trail.verdict.word)}: {trail.name} in {place.id}"
    yield from _journey(trail, topology, paint)
    for write in trail.value.passed_over:
        yield f"   {paint('dim', '=')} passed over: {name_of(write)}{_at(write.span)}"
    for text in trail.value.given:
        yield f"   {paint('dim', '=')} given: {text}"
    for write in trail.value.doubts:
        yield f"   {paint('dim', '=')} may change it: {name_of(write)}{_at(write.span)}"


def _journey(trail: Trail, topology: Topology, paint: _Paint) -> Iterator[str]:
    """The way of the key, drawn downwards."""
    bar = paint("dim", "   |")
    process = topology.place(trail.need.owner)
    yield bar
    origin = origin_of(trail, topology)
    steps = journey(trail)
    if origin:
        yield f"{bar}  {trail.name} begins in {origin}{_at(getattr(trail.value.origin, 'span', None))}"
        steps = tuple(s for s in steps if s.broken or s.span != getattr(trail.value.origin, "span", None))
    for step in steps:
        yield f"{bar}  {_arrow(step, paint)} {step.via}{_at(step.span)}{_effect(step, paint)}"
    end = "has it" if trail.verdict is Verdict.ARRIVES else f"does not get {trail.name}"
    if trail.verdict is Verdict.UNKNOWN:
        end = f"may or may not get {trail.name}"
    yield f"{bar}  {process.title or process.id} {end}"
    yield bar


def _arrow(step: Step, paint: _Paint) -> str:
    return paint("error", "✗") if step.broken else paint("dim", "↓")


def _effect(step: Step, paint: _Paint) -> str:
    return "" if step.effect == "none" else f"  {paint('error' if step.broken else 'dim', step.effect)}"


def _arriving(report: Report, colour: bool) -> Iterator[str]:
    for trail in report.trails:
        if trail.verdict is not Verdict.LOST:
            yield from draw(trail, report.topology, colour=colour)


def _unseen(report: Report, paint: _Paint) -> Iterator[str]:
    """What was not seen. Nothing is dropped in silence."""
    for spot in sorted(report.blindspots, key=lambda s: (str(s.span), s.why)):
        yield f"{paint('dim', 'not seen:')} {spot.why}{_at(spot.span)}"
    for each in report.silenced:
        yield f"{paint('dim', 'ignored:')} {each.finding.rule} at {each.finding.span}: {each.reason}"


def _summary(report: Report, paint: _Paint) -> str:
    processes = {trail.need.owner for trail in report.trails}
    counts = ", ".join(f"{report.count(v)} {v.word}" for v in (Verdict.ARRIVES, Verdict.LOST, Verdict.UNKNOWN))
    found = ", ".join(
        f"{n} {word}{'s' if n != 1 else ''}"
        for word in ("error", "warning", "note")
        if (n := sum(f.severity.word == word for f in report.findings))
    )
    keys = f"{len(report.trails)} credential{'s' if len(report.trails) != 1 else ''}"
    names = f"{len(processes)} process{'es' if len(processes) != 1 else ''}"
    return paint("bold", f"{found or 'no findings'}: {keys} followed to {names}, {counts}")


def _at(span: Span | None) -> str:
    return f"  {span}" if span is not None and span.path else ""


FORMAT = Format(id="text", title="for people", render=_render)
