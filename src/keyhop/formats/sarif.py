"""SARIF 2.1.0, which GitHub's code scanning and most editors read. No value is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from inspect import getdoc
from typing import Any
from urllib.parse import quote

from keyhop import __version__
from keyhop.finding import Finding, Fix
from keyhop.formats.format import Format, Options
from keyhop.judge import rules
from keyhop.report import Report
from keyhop.report_words import Link, chain, unseen
from keyhop.span import Span
from keyhop.value import Trail, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_KINDS = {Verdict.ARRIVES: "pass", Verdict.UNKNOWN: "open"}


def sarif(report: Report, directory: str = "", *, arrives: bool = False) -> dict[str, Any]:
    """The report as plain data, with paths below `directory`.

    Args:
        arrives: also each credential that is not lost, as a result of the kind ``pass`` or ``open``.
    """
    spoken = [*report.findings, *(each.finding for each in report.silenced)]
    ids = sorted({finding.rule for finding in spoken})
    results = [_result(finding, report, ids) for finding in report.findings]
    for each in report.silenced:
        reason = {"kind": "inSource", "justification": each.reason}
        results.append({**_result(each.finding, report, ids), "suppressions": [reason]})
    results += [_unbroken(trail, report) for trail in report.trails if arrives and trail.verdict in _KINDS]
    driver = {
        "name": "keyhop",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(id) for id in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "Where keyhop was started."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(why, span) for why, span in unseen(report)],
            }
        ],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_below(directory, run) if directory else run]}


def _render(report: Report, options: Options) -> str:
    return json.dumps(sarif(report, options.directory, arrives=options.arrives), indent=2, ensure_ascii=False) + "\n"


def _rule(id: str) -> dict[str, Any]:
    known = rules().get(id)
    if known is None:
        return {"id": id, "shortDescription": {"text": id.replace("-", " ")}}
    page = getdoc(import_module(f"keyhop.rules.{id.replace('-', '_')}")) or known.summary
    return {
        "id": id,
        "shortDescription": {"text": known.summary},
        "fullDescription": {"text": page.partition("\n\n")[0]},
        "help": {"text": page, "markdown": page},
        "properties": {"tags": ["security", "credentials"]},
    }


def _result(finding: Finding, report: Report, ids: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": ids.index(finding.rule),
        "level": finding.severity.word,
        "message": {"text": finding.message},
        "locations": [_location(finding.span)],
        "partialFingerprints": {"keyhop/v1": _fingerprint(finding)},
        "properties": {
            "certainty": finding.certainty.value,
            "credential": finding.credential,
            "process": finding.process,
        },
    }
    notes = [(note.message, note.span) for note in finding.related if note.span is not None]
    if notes:
        result["relatedLocations"] = [
            {"id": number, **_location(span, message)} for number, (message, span) in enumerate(notes, start=1)
        ]
    if finding.trail is not None:
        links = chain(finding.trail, report.topology)
        result["codeFlows"] = [{"threadFlows": [{"locations": [_step(link) for link in links]}]}]
    fixes = [_fix(fix) for fix in finding.fixes if fix.edits and not any(edit.moved for edit in fix.edits)]
    if fixes:
        result["fixes"] = fixes
    return result


def _unbroken(trail: Trail, report: Report) -> dict[str, Any]:
    """A credential that arrives, or of which that cannot be said."""
    links = chain(trail, report.topology)
    return {
        "ruleId": "credential-followed",
        "kind": _KINDS[trail.verdict],
        "level": "none",
        "message": {"text": f"{trail.name}: {links[-1].text}"},
        "locations": [_location(trail.need.span)],
        "codeFlows": [{"threadFlows": [{"locations": [_step(link) for link in links]}]}],
    }


def _step(link: Link) -> dict[str, Any]:
    text = f"{link.text} ({link.effect})" if link.effect else link.text
    return {
        "location": _location(link.span, text),
        "importance": "essential" if link.kind == "broken" else "important",
    }


def _location(span: Span | None, message: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {"message": {"text": message}} if message else {}
    if span is None or not span.path:
        return location
    physical: dict[str, Any] = {"artifactLocation": _artifact(span.path)}
    if span.line:
        physical["region"] = {"startLine": span.line, "startColumn": max(span.column, 1)}
    return {"physicalLocation": physical, **location}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": "./" if path == "." else quote(path), "uriBaseId": _ROOT}


def _below(directory: str, node: Any) -> Any:
    """The same with every file in a directory."""
    if isinstance(node, list):
        return [_below(directory, each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("uriBaseId") == _ROOT:
        return {**node, "uri": f"{quote(directory)}/{node['uri'].removeprefix('./')}"}
    return {key: _below(directory, value) for key, value in node.items()}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": list(_replacements(fix, path))}
            for path in dict.fromkeys(edit.path for edit in fix.edits)
        ],
    }


def _replacements(fix: Fix, path: str) -> Iterable[dict[str, Any]]:
    for edit in fix.edits:
        if edit.path == path:
            region = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
            yield {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _notification(why: str, span: Span | None) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "note", "message": {"text": f"not seen: {why}"}}
    if span is not None and span.path:
        notification["locations"] = [_location(span)]
    return notification


def _fingerprint(finding: Finding) -> str:
    """The same for the same fault, wherever its lines move to."""
    told = (finding.rule, finding.span.path, finding.process, finding.credential)
    return sha256("\0".join(told).encode()).hexdigest()[:32]


FORMAT = Format(id="sarif", title="SARIF 2.1.0, for code scanning and editors", render=_render)
