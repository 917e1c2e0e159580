"""Rule pages in Markdown: prose, and cases whose fenced blocks are a project and the report it gets.

A case is a heading ``## bad: …``, ``## good: …`` or ``## unknown: …`` with blocks for the files
(``yaml path=compose.yaml``) and one ``report`` block. Files above the first case belong to every case that has
no own file of that path. The report has a line per finding, its fixes below it, and a
line for each other trail, so that a silent case shows what it is silent about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keyhop.facts import Required
from keyhop.report import Report
from keyhop.value import Trail, Verdict

Kind = Literal["bad", "good", "unknown"]

_CASE = re.compile(r"^## (?P<kind>bad|good|unknown): (?P<title>.+)$", re.M)
_BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=fence)$", re.M | re.S)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One project of a page, and the report that is expected of it."""

    page: Path
    kind: Kind
    title: str
    text: str
    """The whole section, heading included."""
    head: str
    """What stands above the first case."""

    @property
    def rule(self) -> str:
        return self.page.stem.replace("_", "-")

    @property
    def files(self) -> dict[str, str]:
        """The project's files by path."""
        return {**_files(self.head), **_files(self.text)}

    @property
    def expected(self) -> str:
        return next((m["body"] for m in _BLOCK.finditer(self.text) if m["info"].strip() == "report"), "")

    def expecting(self, report: str) -> str:
        """The section with another expected report."""
        for match in _BLOCK.finditer(self.text):
            if match["info"].strip() == "report":
                return self.text[: match.start("body")] + report + self.text[match.end("body") :]
        return f"{self.text.rstrip()}\n\n```report\n{report}```\n\n"

    def write(self, root: Path) -> None:
        """Makes the project in an empty directory. At a line's end ``\\r`` is a carriage return, ``·`` a blank."""
        for path, body in self.files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body.replace("\\r\n", "\r\n").replace("·\n", " \n").encode())


def cases(page: Path) -> Iterator[Case]:
    """The cases of a page, in order."""
    text = page.read_text("utf-8")
    heads = list(_CASE.finditer(text))
    above = text[: heads[0].start()] if heads else ""
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        kind: Kind = head["kind"]  # type: ignore[assignment]
        yield Case(page=page, kind=kind, title=head["title"], text=text[head.start() : end], head=above)


def _files(text: str) -> dict[str, str]:
    found = {}
    for match in _BLOCK.finditer(text):
        path = re.search(r"\bpath=(\S+)", match["info"])
        if path:
            found[path[1]] = match["body"]
    return found


def told(report: Report) -> str:
    """A report as a page shows it: findings with their fixes, then every other trail."""
    lines: list[str] = []
    for found in report.findings:
        about = " ".join(filter(None, (found.process, found.credential)))
        lines.append(f"{found.severity.word}[{found.rule}] {about} {found.span}: {found.message}")
        lines += [f"    fix: {fix.title}" for fix in found.fixes]
    spoken = {id(found.trail) for found in report.findings}
    lines += [_silent(trail) for trail in report.trails if id(trail) not in spoken]
    return "".join(f"{line}\n" for line in lines)


def _silent(trail: Trail) -> str:
    optional = " (optional)" if trail.need.required is Required.OPTIONAL else ""
    why = f": {trail.value.given[-1]}" if trail.verdict is Verdict.UNKNOWN and trail.value.given else ""
    return f"{trail.verdict.word} {trail.need.owner} {trail.need.credential}{optional}{why}"
