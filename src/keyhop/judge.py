"""Rules over a topology: a Report's findings."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from keyhop.finding import Finding, Rule
from keyhop.topology import Topology
from keyhop.value import Verdict


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
    """All findings, most severe first, then by place.

    One rule only speaks of a lost trail; of one that arrives, all that no other says more exactly.
    """
    found = tuple(dict.fromkeys(each for rule in rules().values() for each in rule.judge(topology)))
    about: dict[int, list[Finding]] = {}
    for each in found:
        if each.trail is not None:
            about.setdefault(id(each.trail.need), []).append(each)
    heard = [each for spoken in about.values() for each in _heard(spoken)]
    return tuple(sorted((*heard, *(each for each in found if each.trail is None)), key=_order))


def _heard(spoken: list[Finding]) -> list[Finding]:
    """Of the findings about one trail, those that no other one makes superfluous."""
    by_id = rules()
    exact = [each for each in spoken if not any(_refines(by_id[other.rule], each.rule) for other in spoken)]
    lost = any(each.trail is not None and each.trail.verdict is not Verdict.ARRIVES for each in spoken)
    return [min(exact, key=_order)] if lost else exact


def _refines(rule: Rule, other: str) -> bool:
    """Whether `rule` says the same as `other` more exactly, directly or through a third."""
    return other in rule.refines or any(_refines(rules()[r], other) for r in rule.refines if r in rules())


def _order(finding: Finding) -> tuple[int, str, int, str, str, str]:
    span = finding.span
    return (-finding.severity, span.path, span.line, finding.process, finding.credential, finding.rule)
