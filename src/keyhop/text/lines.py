"""Lines of a text, by the offsets of what stands in them."""

from __future__ import annotations


def line_end(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_stop(text: str, offset: int) -> int:
    """Where the line of an offset ends, without its line end."""
    stop = text.find("\n", offset)
    stop = len(text) if stop < 0 else stop
    return stop - (text[stop - 1 : stop] == "\r")


def next_line(text: str, offset: int) -> int:
    """Where the line below that of an offset begins, or the text ends."""
    stop = text.find("\n", offset)
    return len(text) if stop < 0 else stop + 1
