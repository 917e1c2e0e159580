"""Threads and coroutines share the environment of their process. A ``ContextVar`` is another matter: a task or
``asyncio.to_thread`` has a copy of it, a ``Thread``, an executor's worker and ``run_in_executor`` do not
(CPython 3.10 to 3.13).
"""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="threads",
    title="threads and asyncio",
    supports=("python >=3.10,<3.15",),
    inherits="the process itself: there is one environment; a contextvar reaches create_task and to_thread only",
    frozen="never",
)
