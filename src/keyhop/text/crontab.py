"""Crontabs: variables and jobs, as Debian's cron reads them (cron 3.0pl1-162)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

from keyhop.records import dataclass
from keyhop.text.sealed import Sealed

_FIELD = r"[\d*/,\-]+|[a-zA-Z]{3}(?:[-,][a-zA-Z]{3})*"
_WHEN = re.compile(rf"\s*(?:@\w+|(?:(?:{_FIELD})\s+){{4}}(?:{_FIELD}))\s+")
_USER = re.compile(r"([a-z_][a-z0-9_-]*\$?)\s+(?=\S)")
_VARIABLE = re.compile(
    r"\s*(?P<quote>[\"']?)(?P<name>[^\s\"'=]+)(?P=quote)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\"'].*?|)\s*\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """``NAME = value``: quotes around all of it are taken off, ``$`` and ``#`` stay."""

    name: str
    value: Sealed = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One command and when it runs."""

    user: str
    """Empty in a user's own crontab."""
    command: str = field(repr=False)
    """What ``sh -c`` gets: up to the first ``%`` without a backslash."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A line for which cron ignores the whole file."""

    why: str
    start: int
    end: int


Line = Variable | Job | Mistake


def parse(text: str, *, users: bool) -> tuple[Line, ...]:
    """The lines of a crontab.

    Args:
        users: each job names its user, as in ``/etc/crontab`` and ``/etc/cron.d``.
    """
    found = list(_lines(text, users))
    if text and not text.endswith("\n"):
        found.append(Mistake(why="its last line has no line end", start=len(text), end=len(text)))
    return tuple(found)


def _lines(text: str, users: bool) -> Iterator[Line]:
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        start += len(line) - len(line.lstrip())
        end = start + len(bare)
        variable = _VARIABLE.match(line) if not _WHEN.match(line) else None
        when = _WHEN.match(line)
        if variable is not None:
            value = variable["value"]
            if value[:1] in ("'", '"'):
                value = value[1:-1]
            yield Variable(name=variable["name"], value=Sealed(value), start=start, end=end)
        elif when is None:
            yield Mistake(why="a line is neither a variable nor a job", start=start, end=end)
        else:
            rest = line[when.end() :]
            user = _USER.match(rest) if users else None
            command = rest[user.end() :] if user else rest
            cut = re.split(r"(?<!\\)%", command, maxsplit=1)[0].replace("\\%", "%").strip()
            yield Job(user=user[1] if user else "", command=cut, start=start, end=end)
