"""One page of HTML that stands alone: no script, nothing fetched, light or dark as the reader's system is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from textwrap import dedent

from keyhop import __version__
from keyhop.finding import Finding
from keyhop.formats.format import Format, Options
from keyhop.journey import when
from keyhop.report import Report
from keyhop.report_words import chain, followed, in_short, rests_on, unseen
from keyhop.span import Span
from keyhop.value import Trail, Verdict

_STYLE = dedent("""\
    :root { color-scheme: light dark; --text: #1c2128; --dim: #59636e; --line: #d6dae0; --back: #ffffff;
      --card: #f6f8fa; --error: #b3261e; --warning: #8a5a00; --note: #0b5cad; --arrives: #1a7f37; }
    @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9198a1; --line: #3a424c; --back: #0f1318;
      --card: #181d24; --error: #ff7b72; --warning: #e3b341; --note: #6cb6ff; --arrives: #56d364; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--back); color: var(--text);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
    h3 { font-size: 1rem; font-weight: 600; margin: 0; }
    p { margin: .25rem 0; } .dim, small { color: var(--dim); }
    code, .place { font: .875em/1.4 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
    .place { color: var(--dim); }
    article { border: 1px solid var(--line); border-left: .3rem solid var(--accent); border-radius: .4rem;
      background: var(--card); padding: .9rem 1.1rem; margin: .9rem 0; }
    .error { --accent: var(--error); } .warning { --accent: var(--warning); } .note { --accent: var(--note); }
    .lost { --accent: var(--error); } .unknown { --accent: var(--note); } .arrives { --accent: var(--arrives); }
    .badge { color: var(--accent); border: 1px solid; border-radius: 1rem; padding: 0 .55rem; font-size: .8rem;
      font-weight: 600; white-space: nowrap; }
    ol.chain { list-style: none; margin: .8rem 0; padding: 0; }
    ol.chain li { position: relative; padding: .12rem 0 .12rem 1.7rem; }
    ol.chain li::before { content: ""; position: absolute; left: .32rem; top: .6rem; width: .6rem; height: .6rem;
      border-radius: 50%; background: var(--dim); }
    ol.chain li:not(:last-child)::after { content: ""; position: absolute; left: .57rem; top: 1.2rem; bottom: -.6rem;
      width: .1rem; background: var(--line); }
    ol.chain li.origin::before { background: var(--arrives); }
    ol.chain li.end::before { background: none; border: .14rem solid var(--accent); }
    ol.chain li.broken { color: var(--error); font-weight: 600; }
    ol.chain li.broken::before { content: "✗"; background: none; top: .1rem; left: .3rem; color: var(--error); }
    ul { margin: .5rem 0; padding-left: 1.2rem; } details { margin: .4rem 0; } summary { cursor: pointer; }
    summary > * { margin-right: .5rem; }
    """)


def _render(report: Report, options: Options) -> str:
    title = f"keyhop: {in_short(report)}"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="dim">{escape(followed(report))}</p>',
        *_findings(report),
        *_credentials(report),
        *_rest(report),
        f'<p class="dim"><small>keyhop {__version__}. No value of a credential is in this page.</small></p>',
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _findings(report: Report) -> Iterator[str]:
    if report.findings:
        yield "<h2>Findings</h2>"
    for finding in report.findings:
        yield from _finding(finding, report)


def _finding(finding: Finding, report: Report) -> Iterator[str]:
    word = finding.severity.word
    yield f'<article class="{word}">'
    yield f"<h3>{_words(finding.message)}</h3>"
    yield f'<p><span class="badge">{word}</span> <code>{escape(finding.rule)}</code>{_at(finding.span)}</p>'
    if finding.trail is not None:
        yield from _chain(finding.trail, report)
    notes = [f"{_words(note.message)}{_at(note.span)}" for note in finding.related]
    rests = rests_on(finding)
    notes += [escape(rests)] if rests else []
    notes += [f"<strong>Fix:</strong> {_words(fix.title)}" for fix in finding.fixes]
    yield from _list(notes)
    yield "</article>"


def _chain(trail: Trail, report: Report) -> Iterator[str]:
    yield f'<ol class="chain {trail.verdict.word}">'
    for link in chain(trail, report.topology):
        effect = f" <small>{escape(link.effect)}</small>" if link.effect else ""
        yield f'<li class="{link.kind}">{escape(link.text)}{_at(link.span)}{effect}</li>'
    yield "</ol>"


def _credentials(report: Report) -> Iterator[str]:
    """Every credential of every process, each with its journey to unfold."""
    if report.trails:
        yield "<h2>Credentials by process</h2>"
    ordered = sorted(report.trails, key=lambda trail: (str(trail.need.owner), trail.verdict, trail.need.credential))
    for owner, trails in groupby(ordered, key=lambda trail: trail.need.owner):
        place = report.topology.place(owner)
        yield f'<h3>{escape(place.title or owner)} <span class="place">{escape(owner)}</span></h3>'
        for trail in trails:
            yield from _credential(trail, report)


def _credential(trail: Trail, report: Report) -> Iterator[str]:
    word, need = trail.verdict.word, trail.need
    told = f"{need.because or need.credential}, {need.required.value}, at {when(trail)}"
    yield f'<details class="{word}"><summary><code>{escape(trail.name)}</code>'
    yield f'<span class="badge">{word}</span><small>{escape(told)}</small></summary>'
    yield from _chain(trail, report)
    yield from _list([escape(text) for text in trail.value.given] if trail.verdict is not Verdict.LOST else [])
    yield "</details>"


def _rest(report: Report) -> Iterator[str]:
    hidden = [f"{escape(why)}{_at(span)}" for why, span in unseen(report)]
    ignored = [
        f"<code>{escape(each.finding.rule)}</code>{_at(each.finding.span)}: {escape(each.reason)}"
        for each in report.silenced
    ]
    for title, entries in (("Not seen", hidden), ("Ignored", ignored)):
        if entries:
            yield f"<details><summary><strong>{title}</strong><small>{len(entries)}</small></summary>"
            yield from _list(entries)
            yield "</details>"


def _list(entries: list[str]) -> Iterator[str]:
    if entries:
        yield "<ul>"
        yield from (f"<li>{entry}</li>" for entry in entries)
        yield "</ul>"


def _at(span: Span | None) -> str:
    return f' <span class="place">{escape(str(span))}</span>' if span is not None and span.path else ""


def _words(text: str) -> str:
    """A text with what stands between backquotes as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(f"<code>{escape(p)}</code>" if number % 2 else escape(p) for number, p in enumerate(pieces))


FORMAT = Format(id="html", title="one page of HTML that stands alone", render=_render)
