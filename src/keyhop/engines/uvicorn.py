"""uvicorn: ``--workers`` spawns processes, each of which imports the application anew (uvicorn 0.54)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="uvicorn",
    title="uvicorn",
    supports=("uvicorn >=0.23,<1",),
    inherits="everything that the supervisor has; each imports the application for itself",
    frozen="the start of each worker",
)
