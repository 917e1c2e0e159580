"""A roll call in the text format of Prometheus, through its usual client. Letters of keys are in none of it: they
change from call to call."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from keyhop.errors import UsageError
from keyhop.roll import Present, Role, Roll

_WORKER = ("role", "worker", "process", "pid")


def render(roll: Roll) -> str:
    """Raises UsageError where the client is not installed."""
    try:
        client: Any = import_module("prometheus_client")
    except ModuleNotFoundError:
        raise UsageError(
            "the text of Prometheus needs prometheus_client", help="Install it: pip install 'keyhop[prometheus]'"
        ) from None
    registry = client.CollectorRegistry()

    def gauge(name: str, about: str, *labels: str) -> Any:
        return client.Gauge(f"keyhop_{name}", about, labels, registry=registry)

    gauge("roll_call_timestamp_seconds", "When the roll was called.").set(roll.at)
    gauge("roll_call_duration_seconds", "How long it took.").set(roll.seconds)
    gauge("roll_call_status", "0: all agree, 1: something is to be mended, 5: nobody answered.").set(roll.exit_code)
    answered = gauge("worker_answered", "1: it answered, 0: no answer.", *_WORKER)
    generation = gauge("worker_generation", "The generation of its keys.", *_WORKER)
    since = gauge("worker_keys_timestamp_seconds", "It has no newer keys than of this time.", *_WORKER)
    usable = gauge("worker_credential_usable", "1: present and sound, 0: not.", *_WORKER, "credential")
    accepted = gauge("worker_credential_verdict", "1 for what its provider says.", *_WORKER, "credential", "verdict")
    same = gauge("role_credential_same", "1: all have one sound key, 0: not.", "role", "credential")
    keys = gauge("role_credential_keys", "How many different keys there are.", "role", "credential")
    for role in roll.roles:
        for each in role.present:
            who = _who(role, each)
            answered.labels(*who).set(1)
            if not each.started_with:
                generation.labels(*who).set(each.generation)
                since.labels(*who).set(each.since)
            for name, cell in each.cells.items():
                if cell.state != "unknown":
                    usable.labels(*who, name).set(int(cell.is_sound))
                if cell.verdict:
                    accepted.labels(*who, name, cell.verdict).set(1)
        for silent in role.silent:
            answered.labels(role.id, silent.worker, "", str(silent.pid or "")).set(0)
        for name in role.names:
            same.labels(role.id, name).set(int(name not in role.differs))
            found = {each.cells[name].key for each in role.present if each.cells[name].key}
            keys.labels(role.id, name).set(len(found))
    return str(client.generate_latest(registry).decode())


def _who(role: Role, each: Present) -> tuple[str, str, str, str]:
    return role.id, each.worker, each.process, str(each.pid)
