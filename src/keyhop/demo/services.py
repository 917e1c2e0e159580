"""The workers that Compose would start from the demo's file, with the variables it would give each.

Reads what the demo's own file uses and no more: ``env_file`` as one path, ``environment`` as a mapping,
``${NAME}``, ``deploy.replicas``. The shell and a ``.env`` beside the file are taken to set nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from keyhop.records import dataclass

_REFERENCE = re.compile(r"\$\{\w+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process of a service."""

    service: str
    number: int | None
    """From 1, where the service has several."""
    arguments: tuple[str, ...]
    """What follows ``python`` in its command."""
    environment: Mapping[str, str] = field(repr=False)
    """What Compose sets beside the image's own variables."""

    @property
    def title(self) -> str:
        return f"{self.service} {self.number}" if self.number else self.service


def workers(project: Path) -> Iterator[Worker]:
    """Every process of every service that has a command of its own."""
    document = YAML(typ="safe", pure=True).load(project / "docker-compose.yml")
    for name, service in document["services"].items():
        if "command" not in service:
            continue
        replicas = service.get("deploy", {}).get("replicas", 1)
        for number in range(1, replicas + 1):
            yield Worker(
                service=name,
                number=number if replicas > 1 else None,
                arguments=tuple(service["command"].split()[1:]),
                environment=_environment(service, project),
            )


def _environment(service: Mapping[str, Any], project: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    if "env_file" in service:
        for line in (project / service["env_file"]).read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            found[name] = value
    for name, value in service.get("environment", {}).items():
        found[name] = _REFERENCE.sub("", value)
    return found
