"""The exceptions keyhop raises on purpose.

    KeyhopError                  exit 2
    ├── UsageError               exit 2   a command or a call that cannot be carried out as given
    ├── SettingsError            exit 2   [tool.keyhop] says something that keyhop does not understand
    ├── Drifted                  exit 2   a file is no longer the one for which an edit was made
    └── NothingToCheck           exit 3   no process, and nothing that could be one

Files of the checked project never raise: what cannot be read becomes a Blindspot.
"""

from __future__ import annotations

from typing import ClassVar


class KeyhopError(Exception):
    """Something the user can mend. ``str()`` says what; `help` says how."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class UsageError(KeyhopError):
    """A command or a call cannot be carried out as given."""

    kind = "usage"


class SettingsError(KeyhopError):
    """``[tool.keyhop]`` holds something that keyhop does not understand."""

    kind = "settings"


class Drifted(KeyhopError):
    """A file has changed between the reading and the writing."""

    kind = "drifted"


class NothingToCheck(KeyhopError):
    """The given paths hold no process that keyhop knows how to follow."""

    kind = "nothing-to-check"
    exit_code = 3
