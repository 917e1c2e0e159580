"""What customers send, and what goes back to them."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ticket:
    id: int
    customer: str
    urgent: bool
    text: str


@dataclass(frozen=True)
class Reply:
    ticket: int
    category: str
    text: str


def load(path: Path) -> list[Ticket]:
    return [Ticket(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
