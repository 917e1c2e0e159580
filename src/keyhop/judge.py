"""Rules over a topology: a Report's findings."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.finding import Finding, Rule
from keyhop.topology import Topology


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id: each module of ``keyhop.rules`` that has a ``RULE``."""
    from keyhop import rules as family

    found = {}
    for module in iter_modules(family.__path__):
        rule = getattr(import_module(f"keyhop.rules.{module.name}"), "RULE", None)
        if isinstance(rule, Rule):
            found[rule.id] = rule
    return found


def judge(topology: Topology) -> tuple[Finding, ...]:
    """All findings, most severe first, then by place. A lost trail is spoken of by one rule only."""
    heard: dict[int, Finding] = {}
    others: list[Finding] = []
    for rule in rules().values():
        for found in rule.judge(topology):
            if found.trail is None:
                others.append(found)
                continue
            key = id(found.trail.need)
            before = heard.get(key)
            if before is None or _refines(rule, before.rule):
                heard[key] = found
    return tuple(sorted((*heard.values(), *others), key=_order))


def _refines(rule: Rule, other: str) -> bool:
    """Whether `rule` says the same as `other` more exactly, directly or through a third."""
    return other in rule.refines or any(_refines(rules()[r], other) for r in rule.refines if r in rules())


def _order(finding: Finding) -> tuple[int, str, int, str, str, str]:
    span = finding.span
    return (-finding.severity, span.path, span.line, finding.process, finding.credential, finding.rule)
