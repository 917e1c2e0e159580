"""For an issue or a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.explanations.explanation import Explained, Explanation, Format
from keyhop.formats.text import draw

_MENTION = re.compile(r"@(?=\w)|(?<=\w)#(?=\d)")
"""What would call somebody, or link another issue."""


def _render(explanation: Explanation, _colour: bool) -> str:
    if not explanation.explained:
        return f"{explanation.in_short}\n"
    lines = [line for each in explanation.explained for line in _section(each, explanation)]
    return "\n".join([*lines, *filter(None, [_words(explanation.remark)])]).rstrip("\n") + "\n"


def _section(each: Explained, explanation: Explanation) -> Iterator[str]:
    diagnosis = each.diagnosis
    yield f"### {_words(each.sentence)}\n"
    yield f"`{diagnosis.cause}`, {diagnosis.certainty.value}; {_words(each.whom)}\n"
    if diagnosis.evidence:
        yield from _fenced([f"{quote.line or '':>6} | {quote.text}" for quote in diagnosis.evidence])
    for journey in each.journeys:
        if explanation.topology is not None:
            yield from _fenced([*draw(journey.trail, explanation.topology)])
        for finding in journey.findings:
            yield f"- **{finding.rule}**: {_words(finding.message)}"
            yield from (f"- Fix: {_words(fix.title)}" for fix in finding.fixes)
    yield f"- {_words(each.say(each.words.mend))}"
    for other, sentence in each.others:
        yield f"- It may also be `{other}`: {_words(sentence)}"
    yield from (f"- Not told by the text: {_words(text)}" for text in diagnosis.cannot_tell)
    yield from (f"- Next: `{command}`" for command in each.next)
    yield ""


def _fenced(lines: list[str]) -> Iterator[str]:
    """A block that no line of it can end."""
    longest = max((len(found) for line in lines for found in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from lines
    yield f"{fence}\n"


def _words(text: str) -> str:
    return _MENTION.sub(lambda found: f"{found[0]}\u200b", text).replace("<", "&lt;")


FORMAT = Format(id="markdown", title="for an issue or a comment", render=_render)
