"""Dramatiq: ``dramatiq module`` imports the modules of its actors in processes of its own (Dramatiq 2.2)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="dramatiq",
    title="Dramatiq",
    supports=("dramatiq >=1.15,<3",),
    inherits="what the shell of the command has, and what the modules that it imports load; nothing of the producer",
    frozen="the start of the command",
)
