"""For people: the cause in one sentence, whom it happened to, the lines that tell it, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import shorten, wrap

from keyhop.causes import Family
from keyhop.explanations.explanation import Explained, Explanation, Format
from keyhop.formats.text import draw

_WIDTH = 110
_LONGEST_QUOTE = 240
_SHADE = {Family.CREDENTIAL: "31;1", Family.ACCESS: "33;1", Family.NOT_AUTH: "36;1"}
_DIM, _BOLD = "2", "1"
_Paint = Callable[[str, str], str]


def _render(explanation: Explanation, colour: bool) -> str:
    def paint(shade: str, text: str) -> str:
        return f"\x1b[{shade}m{text}\x1b[0m" if colour else text

    blocks = ["\n".join(_block(each, explanation, paint, colour)) for each in explanation.explained]
    return "\n\n".join([*(blocks or [explanation.in_short]), *filter(None, [explanation.remark])]) + "\n"


def _block(each: Explained, explanation: Explanation, paint: _Paint, colour: bool) -> Iterator[str]:
    diagnosis = each.diagnosis
    shade = _SHADE[diagnosis.cause.family]
    yield f"{paint(shade, str(diagnosis.cause))}{paint(_BOLD, f': {each.sentence}')}"
    yield f"  {paint(_DIM, '-->')} {each.whom}; {diagnosis.certainty.value}"
    yield from _evidence(each, paint)
    for journey in each.journeys:
        if explanation.topology is not None:
            yield from draw(journey.trail, explanation.topology, colour=colour)
        for finding in journey.findings:
            yield from _note(f"{finding.rule}: {finding.message}", paint)
            for fix in finding.fixes:
                yield from _note(f"fix: {fix.title}", paint)
    yield from _note(each.say(each.words.mend), paint)
    for other, sentence in each.others:
        yield from _note(f"it may also be {other}: {sentence}", paint)
    for text in diagnosis.cannot_tell:
        yield from _note(f"not told by the text: {text}", paint)
    for command in each.next:
        yield f"   {paint(_DIM, '=')} next: {paint(_BOLD, command)}"


def _evidence(each: Explained, paint: _Paint) -> Iterator[str]:
    """The lines with their numbers, in a frame."""
    quotes = each.diagnosis.evidence
    room = max((len(str(quote.line)) for quote in quotes if quote.line), default=2)
    bar = paint(_DIM, f" {'':{room}} |")
    if quotes:
        yield bar
    for quote in quotes:
        number = f" {quote.line or '':>{room}} |"
        yield f"{paint(_DIM, number)} {shorten(quote.text, _LONGEST_QUOTE, placeholder=' …')}"
    if quotes:
        yield bar


def _note(text: str, paint: _Paint) -> Iterator[str]:
    lines = wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        yield f"   {paint(_DIM, '=')} {line}" if number == 0 else f"     {line}"


FORMAT = Format(id="text", title="for people", render=_render)
