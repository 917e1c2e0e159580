"""arq: ``arq module.WorkerSettings`` runs its functions in one process (arq 0.25)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="arq",
    title="arq",
    supports=("arq >=0.25,<1",),
    inherits="what the shell of the command has, and what its settings' module loads; nothing of the producer",
    frozen="the start of the command",
)
