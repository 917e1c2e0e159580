"""A report as Markdown: for a pull request, an issue, the summary of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.finding import Finding, Severity
from keyhop.report import Report
from keyhop.report_words import Link, chain, followed, in_short, rests_on, unseen
from keyhop.span import Span
from keyhop.value import Trail, Verdict

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}
_FATES = {Verdict.ARRIVES: "✅", Verdict.LOST: "❌", Verdict.UNKNOWN: "❔"}
_ARROWS = {"origin": "", "hop": "↓ ", "broken": "✗ ", "end": "→ "}
_SPECIAL = re.compile(r"([\\`*<>|\[\]]|(?<!\w)_|_(?!\w)|^#)")


def markdown(report: Report, *, arrives: bool = False) -> str:
    """The report. Values are in none of its parts."""
    lines = [f"## keyhop: {in_short(report)}", "", f"{followed(report)}.", ""]
    for finding in report.findings:
        lines += [*_finding(finding, report), ""]
    if arrives and report.trails:
        lines += [*_table(report), ""]
    lines += _rest(report)
    return "\n".join(lines).rstrip("\n") + "\n"


def _finding(finding: Finding, report: Report) -> Iterator[str]:
    yield f"### {_SIGNS[finding.severity]} {words(finding.message)}"
    yield ""
    yield f"{code(str(finding.span))} · {code(finding.rule)}"
    if finding.trail is not None:
        yield ""
        yield from _chain(finding.trail, report)
    notes = [f"{words(note.message)}{_at(note.span)}" for note in finding.related]
    rests = rests_on(finding)
    notes += [words(rests)] if rests else []
    notes += [f"**Fix:** {words(fix.title)}" for fix in finding.fixes]
    if notes:
        yield ""
        yield from (f"- {note}" for note in notes)


def _chain(trail: Trail, report: Report) -> Iterator[str]:
    links = chain(trail, report.topology)
    yield "```text"
    yield from (_link(link).replace("`", "'") for link in links)
    yield "```"


def _link(link: Link) -> str:
    place = f"  {link.span}" if link.span is not None and link.kind != "end" else ""
    return f"{_ARROWS[link.kind]}{link.text}{place}{f'  ({link.effect})' if link.effect else ''}"


def _table(report: Report) -> Iterator[str]:
    """Every credential, whatever becomes of it."""
    yield "| | process | credential | needed by |"
    yield "|---|---|---|---|"
    for trail in sorted(report.trails, key=lambda t: (str(t.need.owner), t.need.credential)):
        need = trail.need
        row = (code(str(need.owner)), code(trail.name), words(need.because or need.credential))
        yield f"| {_FATES[trail.verdict]} | {' | '.join(row)} |"


def _rest(report: Report) -> Iterator[str]:
    """What was not seen, and what is ignored."""
    hidden = [f"{words(why)}{_at(span)}" for why, span in unseen(report)]
    ignored = [f"{code(s.finding.rule)}{_at(s.finding.span)}: {words(s.reason)}" for s in report.silenced]
    for title, entries in (("Not seen", hidden), ("Ignored", ignored)):
        if entries:
            yield f"<details><summary>{title} ({len(entries)})</summary>"
            yield ""
            yield from (f"- {entry}" for entry in entries)
            yield ""
            yield "</details>"
            yield ""


def _at(span: Span | None) -> str:
    return f" {code(str(span))}" if span is not None and span.path else ""


def words(text: str) -> str:
    """A text of which nothing is markup; what stands between backquotes stays code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return _SPECIAL.sub(r"\\\1", text)
    return "".join(code(piece) if number % 2 else _SPECIAL.sub(r"\\\1", piece) for number, piece in enumerate(pieces))


def code(text: str) -> str:
    """A text as code, in a table too."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|").replace("\n", " ")
