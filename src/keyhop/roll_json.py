"""``keyhop.workers.v0``: a roll call as data, sorted, without a value or a fingerprint."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from keyhop.roll import Cell, Explained, Present, Role, Roll

SCHEMA = "keyhop.workers.v0"


def render(roll: Roll, *, lines: bool = False) -> str:
    """`lines`: on one line, where many roll calls follow each other."""
    return json.dumps(workers_v0(roll), indent=None if lines else 2, sort_keys=True, ensure_ascii=False) + "\n"


def workers_v0(roll: Roll) -> dict[str, Any]:
    """The roll call as plain data."""
    return {
        "schema": SCHEMA,
        "exit": roll.exit_code,
        "at": _time(roll.at),
        "seconds": round(roll.seconds, 3),
        "roles": [_role(each) for each in roll.roles],
        "explained": [_explained(each) for each in roll.explained],
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "id": role.id,
        "title": role.title,
        "counts": role.counts,
        "remark": role.remark or None,
        "same": {name: role.same(name) for name in role.names},
        "workers": [_present(each) for each in role.present],
        "no_answer": [{"worker": each.worker, "pid": each.pid, "why": each.why} for each in role.silent],
    }


def _explained(each: Explained) -> dict[str, Any]:
    return {
        "role": each.role,
        "name": each.name,
        "process": each.process,
        "predicted": each.predicted,
        "path": each.path or None,
        "line": each.line or None,
        "says": each.says,
        "beside": list(each.beside),
    }


def _present(each: Present) -> dict[str, Any]:
    return {
        "worker": each.worker,
        "process": each.process,
        "pid": each.pid,
        "host": each.host,
        "generation": each.generation,
        "since": _time(each.since) if each.since else None,
        "started_with": each.started_with,
        "credentials": {name: _cell(cell) for name, cell in each.cells.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "state": cell.state,
        "key": cell.key or None,
        "changes": list(cell.changes),
        "verdict": cell.verdict or None,
        "because": cell.because or None,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
