"""``keyhop.verify.v0``: a verification as data, sorted, without a value and without a word of an answer."""

from __future__ import annotations

import json
from typing import Any

from keyhop.standing import Read, Verification, Verified

SCHEMA = "keyhop.verify.v0"


def render(verification: Verification) -> str:
    return json.dumps(verify_v0(verification), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def verify_v0(verification: Verification) -> dict[str, Any]:
    """The verification as plain data."""
    return {
        "schema": SCHEMA,
        "process": verification.process,
        "scope": verification.scope,
        "live": verification.live,
        "exit": verification.exit_code,
        "credentials": [_credential(each) for each in verification.verified],
    }


def _credential(each: Verified) -> dict[str, Any]:
    return {
        "provider": each.provider or None,
        "names": list(each.names),
        "because": list(each.because),
        "presence": each.presence.value,
        "brought_by": each.brought_by or None,
        "findings": [
            {"rule": one.rule, "message": one.message, "seen": one.seen, "advice": one.advice or None}
            for one in each.wrong
        ],
        "verdict": each.standing.value if each.standing else None,
        "reads": [_read(one) for one in each.reads],
    }


def _read(read: Read) -> dict[str, Any]:
    judged = read.judged
    return {
        "about": read.about,
        "verdict": judged.standing.value,
        "because": judged.because,
        "cause": judged.cause.value if judged.cause else None,
        "lacks": judged.lacks or None,
        "cannot_tell": list(judged.open),
        "advice": judged.mend or None,
        "method": read.method or None,
        "origin": read.origin or None,
        "moved_by": read.moved_by or None,
        "status": read.status,
        "proxy": read.proxy or None,
        "trust": read.trust or None,
    }
