"""The exceptions keyhop raises on purpose.

    KeyhopError                  exit 2
    ├── UsageError               exit 2   a command or a call that cannot be carried out as given
    ├── SettingsError            exit 2   [tool.keyhop] says something that keyhop does not understand
    ├── Drifted                  exit 2   a file is no longer the one for which an edit was made
    ├── NothingToCheck           exit 3   no process, and nothing that could be one
    └── NotStarted               exit 78  a process cannot do its work, and says so before it begins
        ├── MissingCredential             what it needs is not there, or not as it must be
        └── StoreError                    where it would come from does not give it

Files of the checked project never raise: what cannot be read becomes a Blindspot.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias


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


class NotStarted(KeyhopError):
    """A process cannot do its work: it ends before it begins, with the status that sysexits calls EX_CONFIG.

    It pickles, and holds no value.
    """

    kind = "not-started"
    exit_code = 78


class MissingCredential(NotStarted):
    """Credentials that this process needs are not there, or not as they must be. Names all of them at once."""

    kind = "missing-credential"

    def __init__(self, message: str, *, help: str = "", wrong: tuple[object, ...] = ()) -> None:
        super().__init__(message, help=help)
        self.wrong = wrong
        """One `keyhop.readiness.Wrong` for each."""


Why: TypeAlias = Literal["unreachable", "timeout", "sealed", "denied", "absent", "refused", "malformed", "untrusted"]


class StoreError(NotStarted):
    """A store did not give what was asked of it."""

    kind = "store"

    def __init__(self, message: str, *, help: str = "", store: str = "", why: Why = "malformed") -> None:
        super().__init__(message, help=help)
        self.store = store
        self.why: Why = why
        """``refused``: it asks for other credentials of this process. ``denied``: these may not read it."""
