"""Work on modules as soon as they are imported, without importing them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class Watch:
    """A finder in front of the others, which lets them find and is told when a watched module has run."""

    def __init__(self, names: Collection[str], then: Callable[[ModuleType], None]) -> None:
        self._names = names
        self._then = then

    def start(self) -> None:
        """Modules that are there already come first."""
        sys.meta_path.insert(0, self)
        for name in self._names:
            module = sys.modules.get(name)
            if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
                self._then(module)

    def stop(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._names:
            return None
        spec = PathFinder.find_spec(name, path, target)
        loader = spec.loader if spec is not None else None
        if loader is None:
            return None
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            if self in sys.meta_path:
                self._then(module)

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
