"""``keyhop.check.v1``: the stable wire format. Sorted, snake_case, no value anywhere."""

from __future__ import annotations

import json
from typing import Any

from keyhop.facts import Blindspot
from keyhop.finding import Finding, Fix
from keyhop.formats.format import Format, Options
from keyhop.journey import Step, journey, name_of, when
from keyhop.remedy import Edit
from keyhop.report import Report
from keyhop.span import Span
from keyhop.topology import Topology
from keyhop.value import Trail

SCHEMA = "keyhop.check.v1"


def check_v1(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    fixes = {fix.id: fix for finding in report.findings for fix in finding.fixes}
    return {
        "schema": SCHEMA,
        "findings": [_finding(finding) for finding in report.findings],
        "trails": sorted((trail_v1(trail, report.topology) for trail in report.trails), key=_by_place),
        "blindspots": sorted((_blindspot(spot) for spot in report.blindspots), key=_by_place),
        "fixes": [_fix(fix) for _, fix in sorted(fixes.items())],
        "silenced": [{**_finding(each.finding), "reason": each.reason} for each in report.silenced],
    }


def _render(report: Report, _options: Options) -> str:
    return json.dumps(check_v1(report), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def trail_v1(trail: Trail, topology: Topology) -> dict[str, Any]:
    """One trail as plain data."""
    need = trail.need
    place = topology.place(need.owner)
    value = trail.value
    return {
        "process": need.owner,
        "deployment": place.deployment,
        "kind": need.owner.partition(":")[0],
        "title": place.title,
        **_place(place.span),
        "credential": need.credential,
        "provider": need.provider,
        "names": list(need.names),
        "need": {
            **_place(need.span),
            "because": need.because,
            "when": when(trail),
            "required": need.required.value,
        },
        "verdict": trail.verdict.word,
        "loss": trail.loss.value if trail.loss else None,
        "lost_at": {"via": name_of(trail.lost_at), **_place(trail.lost_at.span)} if trail.lost_at else None,
        "hops": [_step(step) for step in journey(trail)],
        "passed_over": [{"via": name_of(write), **_place(write.span)} for write in value.passed_over],
        "changes": [str(change) for change in value.seen.changes],
        "given": list(value.given),
        "doubts": [{"via": name_of(write), **_place(write.span)} for write in value.doubts],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"via": step.via, **_place(step.span), "effect": step.effect}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "certainty": finding.certainty.value,
        "message": finding.message,
        "path": finding.span.path,
        "line": finding.span.line or None,
        "column": finding.span.column if finding.span.line else None,
        "process": finding.process or None,
        "credential": finding.credential or None,
        "names": list(finding.names),
        "related": [{"message": note.message, **_place(note.span)} for note in finding.related],
        "fixes": [fix.id for fix in finding.fixes],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "id": fix.id,
        "title": fix.title,
        "safety": fix.safety.value,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    found = {"path": edit.path, "start": edit.start, "end": edit.end, "basis": edit.basis, "text": edit.text}
    return {**found, "moved": list(edit.moved)} if edit.moved else found


def _blindspot(spot: Blindspot) -> dict[str, Any]:
    return {**_place(spot.span), "process": spot.place, "why": spot.why}


def _place(span: Span | None) -> dict[str, Any]:
    return {"path": span.path if span else None, "line": (span.line or None) if span else None}


def _by_place(entry: dict[str, Any]) -> tuple[str, ...]:
    keys = ("process", "path", "line", "credential", "why")
    return tuple(f"{entry.get(key) or '':>8}" for key in keys)


FORMAT = Format(id="json", title="keyhop.check.v1, the stable wire format", render=_render)
