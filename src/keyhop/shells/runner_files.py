"""The files through which a step talks to GitHub's runner: ``$GITHUB_ENV``, ``$GITHUB_OUTPUT``.

A line is ``NAME=value`` with nothing taken off, or begins a text of several lines: ``NAME<<END``. As act 0.2.89 reads
them: quotes are kept, and a blank before ``=`` belongs to the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyhop.text.expansion import Computed, Pieces, Plain, plain

DIRECTORY = "/_runner"
"""Where these files are said to lie, so that no file of a project is taken for one."""


def settings(lines: Sequence[Pieces]) -> Iterator[tuple[str, Pieces]]:
    """The name and the value of each line that one command writes."""
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        first = line[0] if line else None
        text = first.text if isinstance(first, Plain) else ""
        name, opens, delimiter = text.partition("<<")
        if opens and "=" not in name and len(line) == 1:
            yield name, _until(rest, delimiter)
        elif "=" in text and isinstance(first, Plain):
            name, _, begun = text.partition("=")
            yield name, (Plain(begun, True), *line[1:])


def _until(rest: list[Pieces], delimiter: str) -> Pieces:
    """The lines up to the delimiter, which are used up; they are not known where another command writes them."""
    value: list[Pieces] = []
    for number, line in enumerate(rest):
        if plain(line) == delimiter:
            del rest[: number + 1]
            joined = [piece for each in value for piece in (Plain("\n", True), *each)]
            return tuple(joined[1:])
        value.append(line)
    rest.clear()
    return (Computed(""),)
