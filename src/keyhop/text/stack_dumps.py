"""What threads were doing: dumps of faulthandler (CPython 3.10 to 3.14) and of py-spy 0.4."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keyhop.failure import Frame, Stack

_THREAD = re.compile(
    r"^(?P<current>Current t|T)hread (?P<id>0x[0-9a-fA-F]+|\d+)(?: \[(?P<called>[^\]]*)\])?"
    r"(?: \((?P<state>active|idle)[^)]*\))?(?:: \"(?P<name>[^\"]*)\")?(?: \(most recent call first\):)?\s*$"
)
_FRAME = re.compile(
    r"^\s+(?:File \"(?P<path>[^\"]+)\", line (?P<line>\d{1,9})(?: in (?P<function>.+))?"
    r"|(?P<called>[\w.<>]+) \((?P<file>[^():]+):(?P<at>\d{1,9})\))\s*$"
)
_MOST_FRAMES = 100


def is_dumped(text: str) -> bool:
    """Whether a line begins the dump of a thread, or what a dump says first."""
    return _THREAD.match(text) is not None or text.startswith(("Timeout (0:", "Fatal Python error: "))


def stacks(lines: Iterable[str]) -> tuple[Stack, ...]:
    """Every thread of a dump, outermost call first."""
    found: list[tuple[str, list[Frame]]] = []
    inside = False
    for text in lines:
        thread = _THREAD.match(text)
        if thread is not None:
            inside = True
            found.append((thread["name"] or thread["called"] or ("current" if thread["current"] != "T" else ""), []))
            continue
        frame = _FRAME.match(text) if inside else None
        if frame is None:
            inside = False
        elif len(found[-1][1]) < _MOST_FRAMES:
            found[-1][1].append(
                Frame(
                    path=frame["path"] or frame["file"],
                    line=int(frame["line"] or frame["at"]),
                    function=(frame["function"] or frame["called"] or "").strip(),
                )
            )
    return tuple(Stack(thread=name, frames=tuple(reversed(frames))) for name, frames in found if frames)
