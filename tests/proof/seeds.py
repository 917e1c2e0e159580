"""How much is generated, and from which seed.

``KEYHOP_SEED`` chooses the seed, so that a failure can be made again; the counts are bounded by
``KEYHOP_PROOF_FILES``, ``KEYHOP_PROOF_PROJECTS`` and ``KEYHOP_PROOF_CONTAINERS``.
"""

from __future__ import annotations

import os
from random import Random

SEED = os.environ.get("KEYHOP_SEED") or "1"
FILES = int(os.environ.get("KEYHOP_PROOF_FILES") or 100)
"""Env files for each program."""
PROJECTS = int(os.environ.get("KEYHOP_PROOF_PROJECTS") or 150)
"""Compose projects for `docker-compose config`."""
CONTAINERS = int(os.environ.get("KEYHOP_PROOF_CONTAINERS") or 5)
"""Compose projects of which every service is run."""


def random(kind: str, number: int) -> Random:
    """The source of one generated item; it does not rest on how many items there are."""
    return Random(f"{SEED}:{kind}:{number}")


def report() -> str:
    return f"KEYHOP_SEED={SEED}, {FILES} env files, {PROJECTS} Compose projects, {CONTAINERS} of them in containers"
