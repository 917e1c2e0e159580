"""What this process has loaded so far, and what it has from the process that started it."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker

if TYPE_CHECKING:
    from keyhop.loaded import Loaded

GENERATION = "KEYHOP_GENERATION"
LOADED = "KEYHOP_LOADED"
"""Variables through which a child process knows the number of its parent's load, and the names that it brought."""


class Loads:
    """One load runs at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.marker = Marker()
        self.done: dict[str, Loaded] = {}
        """By what was asked for."""
        self.put: dict[str, tuple[Sealed, Sealed | None]] = {}
        """By name, what was written, and what was there before."""
        self.sources: tuple[str, ...] = ()
        """The stores that the last load asked beside the environment, in words."""
        text = os.environ.get(GENERATION, "")
        self.generation = int(text) if text.isascii() and text.isdigit() else 0
        self.since = time.time()
        """When the program began, or the last load that brought another value: the keys are no newer."""
        self.inherited = frozenset(os.environ.get(LOADED, "").split()) & os.environ.keys()
        """Names that the process which started this one had loaded: they are older than what the stores have now."""

    def forked(self) -> None:
        """A child does not wait for a load of its parent's."""
        self.lock = threading.RLock()


LOADS = Loads()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LOADS.forked)
