"""Regular expressions that are compiled when they are first used: a short command uses few of those it imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as compile
else:

    class compile:
        """As ``re.compile``, later."""

        def __init__(self, pattern: str, flags: int = 0) -> None:
            self._wanted = pattern, flags

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(*self._wanted), name)
            setattr(self, name, found)
            return found
