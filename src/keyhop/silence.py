"""Ignore comments: ``# keyhop: ignore[rule] the reason``, on the line of a finding or the line above."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keyhop.finding import Certainty, Finding, Severity
from keyhop.report import Silenced
from keyhop.settings import Settings
from keyhop.span import Span, Undecodable
from keyhop.tree import Tree

_COMMENT = re.compile(r"(?:#|//)\s*keyhop:\s*ignore\[([\w\s,-]+)\]\s*(.*)$")
WITHOUT_REASON = "ignore-without-reason"


def silence(
    findings: Iterable[Finding], tree: Tree, settings: Settings
) -> tuple[tuple[Finding, ...], tuple[Silenced, ...]]:
    """Findings that stay, and those that the project silences. A comment without a reason silences nothing."""
    stay: list[Finding] = []
    silenced: list[Silenced] = []
    for finding in findings:
        reason = _by_settings(finding, settings)
        if reason is None:
            reason = _by_comment(finding, tree)
        if reason:
            silenced.append(Silenced(finding=finding, reason=reason))
            continue
        stay.append(finding)
        if reason == "":
            stay.append(_without_reason(finding))
    return tuple(stay), tuple(silenced)


def _by_settings(finding: Finding, settings: Settings) -> str | None:
    for each in settings.ignore:
        if each.rule not in (finding.rule, "*"):
            continue
        if each.process in ("", finding.process) and each.credential in ("", finding.credential):
            return each.reason
    return None


def _by_comment(finding: Finding, tree: Tree) -> str | None:
    """The reason of the comment that silences a finding; empty where it gives none; None without a comment."""
    places = [finding.span, *(note.span for note in finding.related if note.span)]
    for span in places:
        for line in _lines(span, tree):
            match = _COMMENT.search(line)
            if match and finding.rule in (rule.strip() for rule in match.group(1).split(",")):
                return match.group(2).strip()
    return None


def _lines(span: Span, tree: Tree) -> Iterable[str]:
    source = tree.source(span.path) if span.line else None
    if source is None:
        return
    try:
        lines = source.text.splitlines()
    except Undecodable:
        return
    for number in (span.line, span.line - 1):
        if 1 <= number <= len(lines) and (number == span.line or lines[number - 1].lstrip().startswith(("#", "//"))):
            yield lines[number - 1]


def _without_reason(finding: Finding) -> Finding:
    return Finding(
        rule=WITHOUT_REASON,
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN,
        message=f"the comment that ignores {finding.rule} gives no reason, so it silences nothing",
        span=finding.span,
    )
