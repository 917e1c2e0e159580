"""Executors of concurrent.futures: a worker is judged in its first task, which raises what is wrong.

What an initializer raises makes an executor say "terminated abruptly", so that nothing is judged there.
"""

from __future__ import annotations

from typing import Any

from keyhop.guard import Guard
from keyhop.guarded import guard_methods
from keyhop.live.live import Attached, Live, is_instance


def _attach(executor: Any, guard: Guard) -> Attached:
    return Attached(executor, guard_methods(executor, ("submit",), guard))


LIVE = Live(
    id="executors",
    title="concurrent.futures",
    module="concurrent.futures",
    supports=("Python >=3.10",),
    line='pool = keyhop.attach(ProcessPoolExecutor(), "openai")',
    stops="the first task of each worker raises MissingCredential; the pool stays whole",
    is_host=lambda thing: is_instance(thing, "concurrent.futures._base", "Executor"),
    attach=_attach,
)
