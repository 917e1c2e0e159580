"""What /proc of a container says: which Python runs there, and what its first process was started with."""

from __future__ import annotations

import re

from keyhop.text.sealed import Sealed

_PYTHON = re.compile(rb"(?:[\w./+-]*/)?python[\d.]*\Z")
_LINK = re.compile(rb"-> (/[\w./+-]*/python[\d.]*)\r?\n")


def interpreters(listing: bytes) -> tuple[str, ...]:
    """Programs called ``python``, first those by which a process was started, then those that it is.

    `listing`: command lines of processes and ``ls -l`` of their ``exe``. They may hold values: nothing else is kept.
    """
    started = (line.split(b"\0")[0].strip() for line in listing.split(b"\n"))
    named = [word for word in started if _PYTHON.match(word)]
    return tuple(dict.fromkeys(word.decode("ascii") for word in (*named, *_LINK.findall(listing))))


def environment(data: bytes) -> dict[str, Sealed]:
    """The variables of a ``/proc/…/environ``."""
    pairs = (entry.partition(b"=") for entry in data.split(b"\0") if b"=" in entry)
    return {
        name.decode("utf-8", "surrogateescape"): Sealed(value.decode("utf-8", "surrogateescape"))
        for name, _, value in pairs
    }
