"""``keyhop.explain.v1``: the stable wire format. Sorted, snake_case, no value anywhere."""

from __future__ import annotations

import json
from typing import Any

from keyhop.explanations.explanation import Explained, Explanation, Format
from keyhop.formats.json_v1 import trail_v1
from keyhop.topology import Topology

SCHEMA = "keyhop.explain.v1"


def explain_v1(explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain data, the likeliest diagnosis first."""
    return {
        "schema": SCHEMA,
        "diagnoses": [_diagnosis(each, explanation.topology) for each in explanation.explained],
        "unexplained": explanation.unexplained,
        "remark": explanation.remark or None,
    }


def _render(explanation: Explanation, _colour: bool) -> str:
    return json.dumps(explain_v1(explanation), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _diagnosis(each: Explained, topology: Topology | None) -> dict[str, Any]:
    diagnosis = each.diagnosis
    return {
        "cause": diagnosis.cause.value,
        "family": diagnosis.cause.family.value,
        "provider": diagnosis.provider or None,
        "certainty": diagnosis.certainty.value,
        "process": diagnosis.process or None,
        "count": diagnosis.count,
        "summary": each.sentence,
        "evidence": [{"line": quote.line or None, "text": quote.text} for quote in diagnosis.evidence],
        "alternatives": [cause.value for cause in diagnosis.alternatives],
        "cannot_tell": list(diagnosis.cannot_tell),
        "next": list(each.next),
        "journeys": [
            {
                "trail": trail_v1(journey.trail, topology),
                "findings": [{"rule": finding.rule, "message": finding.message} for finding in journey.findings],
                "fixes": [fix.title for finding in journey.findings for fix in finding.fixes],
            }
            for journey in each.journeys
            if topology is not None
        ],
    }


FORMAT = Format(id="json", title="keyhop.explain.v1, the stable wire format", render=_render)
