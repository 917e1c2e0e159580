"""Annotations of GitHub Actions, one to a finding, and a summary for the page of the run.

A command is a line ``::error file=…,line=…,title=…::message``; what would end one of its parts is escaped as the
runner's toolkit does it (actions/toolkit, command.ts, 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.finding import Finding, Severity
from keyhop.formats.format import Format, Options
from keyhop.report import Report
from keyhop.report_markdown import markdown
from keyhop.report_words import chain, followed, in_short

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_ARROWS = {"origin": "", "hop": "↓ ", "broken": "✗ ", "end": "→ "}


def _render(report: Report, options: Options) -> str:
    lines = [_annotation(finding, report, options.directory) for finding in report.findings]
    if options.arrives:
        followed_to = ((t, report.topology.place(t.need.owner)) for t in report.trails)
        lines += [f"{trail.verdict.word}: {trail.name} in {place.id}" for trail, place in followed_to]
    return "\n".join([*lines, f"keyhop: {in_short(report)}; {followed(report)}"]) + "\n"


def _annotation(finding: Finding, report: Report, directory: str) -> str:
    span = finding.span
    properties = {"title": f"keyhop: {finding.rule}"}
    if span.path and span.path != ".":
        properties = {"file": f"{directory}/{span.path}" if directory else span.path, **properties}
    if span.line:
        properties |= {"line": str(span.line), "col": str(span.column)}
    told = ",".join(f"{name}={_property(value)}" for name, value in sorted(properties.items()))
    return f"::{_COMMANDS[finding.severity]} {told}::{_message(chr(10).join(_lines(finding, report)))}"


def _lines(finding: Finding, report: Report) -> Iterator[str]:
    yield finding.message
    if finding.trail is not None:
        for link in chain(finding.trail, report.topology):
            place = f" ({link.span})" if link.span is not None and link.kind != "end" else ""
            yield f"{_ARROWS[link.kind]}{link.text}{place}"
    yield from (f"fix: {fix.title}" for fix in finding.fixes)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _summary(report: Report, options: Options) -> str:
    return markdown(report, arrives=options.arrives)


FORMAT = Format(
    id="github", title="annotations and the summary of a run of GitHub Actions", render=_render, summary=_summary
)
