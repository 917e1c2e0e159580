"""What a worker calls before it begins: `load`, `require`, `preflight` and `sight`.

This half of keyhop needs the standard library alone. The environment belongs to the whole process: what is loaded is
there for its threads, its event loops and every context of theirs, and for the processes that it starts afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from keyhop.errors import KeyhopError, UsageError
from keyhop.glance import is_plainly_there

if TYPE_CHECKING:
    from keyhop.facts import Sighting
    from keyhop.loaded import Loaded
    from keyhop.readiness import Readiness


def load(
    *names: str,
    stores: Sequence[str | Mapping[str, object]] | None = None,
    root: str | os.PathLike[str] | None = None,
    trust: bool = False,
    timeout: float = 10.0,
    reload: bool = False,
    generation: int = 0,
) -> Loaded:
    """Credentials into ``os.environ``, from the first store of a chain that has each.

    The chain is `stores`, else what ``[tool.keyhop]`` declares, else the environment, mounted files and a ``.env``.
    An empty or blank value never stands in the way of one further down the chain; the result says so. What is loaded
    is kept: a second call with the same arguments asks no store. Call it before anything reads a key, and before an
    event loop runs, as it waits for its stores.

    Args:
        names: variables, or ids of providers; none for all that the stores have.
        stores: kinds of stores, or tables with a ``kind`` and its options.
        root: the project; found from the main script and the working directory if not given.
        trust: also do what the project's settings say of commands and of a vault's address.
        timeout: seconds for all of it.
        reload: ask the stores again.
        generation: ask them again if this process is at an older one.

    Raises:
        StoreError: a store cannot be read, and is not declared with ``optional``.
        UsageError: a declaration cannot be understood.
    """
    from keyhop.loading import load as load_from

    try:
        return load_from(
            *names, stores=stores, root=root, trust=trust, timeout=timeout, reload=reload, generation=generation
        )
    except KeyhopError as error:
        # NOTE: the frames below hold values, and what led to it may: a JSONDecodeError has the document.
        error.__context__ = None
        raise error.with_traceback(None) from None


def generation() -> int:
    """Rises with every load that brings another value than before; 0 before the first.

    A child process begins with the number of its parent. To rotate, send the number that a load gave to the other
    processes and let each call ``load(generation=number)``.
    """
    from keyhop.loads import LOADS

    return LOADS.generation


def sight(names: Iterable[str] = (), *, key: bytes | None = None, worker: str = "") -> Sighting:
    """What this process sees under `names`, without a value; where none are given, of every known credential.

    Args:
        key: makes marks, so that two sightings with one key tell the same value from another. Keep it secret.
        worker: what the host calls this process.
    """
    from keyhop.seeing_process import sighting

    return sighting(names, key, worker)


def preflight(*what: object, worker: str = "") -> Readiness:
    """What `require` would raise, and what it cannot tell.

    Raises:
        UsageError: `what` names nothing that is known.
    """
    from keyhop.seeing_process import readiness

    return readiness(what, worker)


def require(*what: object, worker: str = "") -> None:
    """Raises one error that names everything that is missing or unusable; returns if nothing is.

    Args:
        what: ids of providers, variables, models (``"groq/llama-3.3-70b"``), crews, agents, flows, models and tools.
        worker: what the host calls this process, for the message.

    Raises:
        MissingCredential: with exit code 78; it pickles, and holds no value.
        UsageError: `what` names nothing that is known.
    """
    if what and all(isinstance(each, str) and is_plainly_there(each) for each in what):
        return
    error = preflight(*what, worker=worker).error()
    if error is not None:
        raise error


def hook(*what: object) -> Callable[[], None]:
    """Lets every crew, flow and agent of CrewAI begin only with the credentials that it needs, and `what` beside.

    CrewAI lets an error of a hook through, unwrapped and untried again, as ``HookAborted``; its cause is the
    MissingCredential. Returns a function that takes the hook away.

    Raises:
        UsageError: CrewAI is older than 1.15.2 and has no such hook. Call ``keyhop.require(crew)`` before
            ``crew.kickoff()`` there.
    """
    try:
        hooks: Any = import_module("crewai.hooks")
        point, aborted = hooks.InterceptionPoint.EXECUTION_START, hooks.HookAborted
    except (ImportError, AttributeError):
        raise UsageError(
            "this CrewAI has no hook at the start of a run; it came with 1.15.2",
            help="Call keyhop.require(crew) before crew.kickoff().",
        ) from None

    def before(context: Any) -> None:
        begun = context.crew if context.crew is not None else context.flow
        error = preflight(*what, *((begun,) if begun is not None else ())).error()
        if error is not None:
            raise aborted(str(error), source="keyhop") from error

    hooks.register_hook(point, before)
    return lambda: hooks.unregister_hook(point, before)
