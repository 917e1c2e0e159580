"""ASGI servers, uvicorn among them: an application is judged before it serves.

uvicorn imports the application in the process that serves: there it ends with status 78 if it serves alone. Under
``--workers`` a child that ends with another status than uvicorn's own 3 is started again for ever, so that it ends
with that one; uvicorn then stops, and says 0. Other servers, and code that serves by itself, learn it when the
application starts, as the lifespan protocol has it, or from the first request.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from types import FunctionType
from typing import Any

from keyhop.errors import KeyhopError
from keyhop.guard import Guard
from keyhop.leaving import leave, told
from keyhop.live.live import Attached, Live

_STARTUP_FAILURE = 3
"""With which uvicorn (0.31 and later) takes a worker to be beyond help."""
_Message = MutableMapping[str, Any]


class Judged:
    """An ASGI application behind a guard; it has the attributes of the one behind."""

    def __init__(self, application: Any, guard: Guard) -> None:
        self.__dict__.update(_application=application, _guard=guard)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._application, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Instrumentation and tests change an application from outside; attach keeps its own here."""
        if name.startswith("__keyhop"):
            super().__setattr__(name, value)
        else:
            setattr(self._application, name, value)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """For ``isinstance``: programs such as ``fastapi run`` look for an application by its class."""
        kind = type(self.__dict__["_application"])
        return Judged if issubclass(kind, FunctionType) else kind

    async def __call__(
        self,
        scope: _Message,
        receive: Callable[[], Awaitable[_Message]],
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:
        try:
            self._guard.check(worker="asgi")
        except KeyhopError as error:
            if scope.get("type") != "lifespan":
                raise
            await receive()
            await send({"type": "lifespan.startup.failed", "message": f"keyhop: {told(error)}"})
            raise
        await self._application(scope, receive, send)


def _attach(application: Any, guard: Guard) -> Attached:
    if _is_imported_by("uvicorn"):
        try:
            guard.check(worker="uvicorn")
        except KeyhopError as error:
            if _is_child():
                error.exit_code = _STARTUP_FAILURE  # type: ignore[misc]
            leave(error)
    return Attached(Judged(application, guard), lambda: None)


def _is_imported_by(server: str) -> bool:
    frame = inspect.currentframe()
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == server:
            return True
        frame = frame.f_back
    return False


def _is_child() -> bool:
    pools = sys.modules.get("multiprocessing.process")
    return pools is not None and pools.parent_process() is not None


def _is_application(thing: object) -> bool:
    """An instance, or a function, that is called with scope, receive and send."""
    methods = (vars(kind).get("__call__") for kind in type(thing).__mro__)
    called = thing if inspect.isfunction(thing) else next(filter(None, methods), None)
    if inspect.isclass(thing) or not inspect.iscoroutinefunction(called):
        return False
    names = [name for name in inspect.signature(called).parameters if name != "self"]
    return names == ["scope", "receive", "send"]


LIVE = Live(
    id="asgi",
    title="uvicorn and other ASGI servers",
    module="asyncio",
    supports=("uvicorn >=0.23",),
    line='app = keyhop.attach(app, "openai")  # at the end of its module',
    stops="uvicorn ends with status 78 before it serves; with --workers it stops all of them, with its own status 0",
    is_host=_is_application,
    attach=_attach,
)
