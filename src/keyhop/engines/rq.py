"""RQ: a worker imports the modules of the functions that others enqueue, and forks for each job (RQ 3.0)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="rq",
    title="RQ",
    supports=("rq >=1.16,<4",),
    inherits="what the shell of the worker has, and what the modules of the jobs load; nothing of the producer",
    frozen="the start of the worker; what its main process sets later reaches the next job, which is a fork of it",
)
