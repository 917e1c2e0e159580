"""How a process that must not run ends: with the reason on stderr, and the status that sysexits calls EX_CONFIG."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import NoReturn

from keyhop.errors import KeyhopError


def leave(error: KeyhopError) -> NoReturn:
    """Says why, and ends the process with the error's own exit status, which is 78 for a missing credential.

    Raises:
        SystemExit: always.
    """
    with suppress(OSError, ValueError):  # a daemon's stderr may be closed
        sys.stderr.write(f"keyhop: {told(error)}\n")
        sys.stderr.flush()
    raise SystemExit(error.exit_code)


def told(error: KeyhopError) -> str:
    """What is wrong, and the help that the message itself does not give."""
    text = str(error)
    return f"{text}\n  {error.help}" if error.help and error.help not in text else text
