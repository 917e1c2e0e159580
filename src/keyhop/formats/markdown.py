"""Markdown: for a pull request or an issue."""

from __future__ import annotations

from keyhop.formats.format import Format, Options
from keyhop.report import Report
from keyhop.report_markdown import markdown


def _render(report: Report, options: Options) -> str:
    return markdown(report, arrives=options.arrives)


FORMAT = Format(id="markdown", title="Markdown, for a pull request or an issue", render=_render)
