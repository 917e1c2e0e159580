"""Programs that take a line as it is: docker, podman, kubectl and kustomize. No quotes, no comments."""

from __future__ import annotations

import re

from keyhop.records import dataclass
from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import BLANKS, NOT_UTF8, Content, Draft

_LONGEST = 65535
"""Bytes that Go's ``bufio.Scanner`` takes as one line."""
_KUBECTL_NAME = re.compile(r"(?!\.\.|\.\Z)[-._a-zA-Z][-._a-zA-Z0-9]*")


@dataclass(frozen=True)
class _Lines:
    """A line is cut at its first ``=``; everything else is where the programs differ."""

    bare: str
    """A line without ``=``: ``inherit``, ``inherit or empty``, ``empty`` or ``ignore``."""
    bom: bool = False
    """A byte order mark stays, and joins the first name."""
    utf8: bool = True
    """Bytes that are not UTF-8 are refused."""
    lead: str = BLANKS
    """What is taken off the start of a line."""
    blank_names: bool = False
    """A name may have blanks in it (``export KEY`` is one)."""
    names: re.Pattern[str] | None = None
    unique: bool = False
    """A name that comes twice is refused."""
    drops_rest: bool = False
    """A line that is too long ends the reading without an error."""
    environment: bool = True
    nameless: str = "refused"
    """A line that starts with ``=``: ``refused`` or ``ignored``."""
    stars: bool = False
    """``PRE*`` inherits every name that begins with PRE."""

    def __call__(self, data: bytes, outside: Outside) -> File:
        content = Content(data, bom=self.bom)
        draft = Draft(content, outside)
        names: set[str] = set()
        text = content.text if self.utf8 else content.replaced()
        for start, whole in content.lines():
            line = text[start : start + len(whole)]
            if len(whole.encode("utf-8", "surrogateescape")) > _LONGEST:
                why = "the line is too long"
                return draft.cut(why, start) if self.drops_rest else draft.refused(why, start)
            if any("\udc80" <= c <= "\udcff" for c in line):
                return draft.refused(NOT_UTF8, start)
            line = line.removesuffix("\r")
            end = start + len(line)
            line = line.lstrip(self.lead)
            begin = end - len(line)
            if not line or line.startswith("#"):
                continue
            name, sign, value = line.partition("=")
            if problem := self._problem(name, names):
                return draft.refused(problem, begin)
            names.add(name)
            if sign:
                if name:
                    draft.add(name, value, begin, end - len(value), end)
            else:
                self._bare(name, draft, outside, begin, end)
        return draft.environment() if self.environment else draft.file()

    def _problem(self, name: str, names: set[str]) -> str:
        if not name and self.nameless == "refused":
            return "a line has no name"
        if not self.blank_names and (" " in name or "\t" in name):
            return "a name has blanks in it"
        if self.names is not None and not self.names.fullmatch(name):
            return "a name is not valid"
        if self.unique and name in names:
            return "a name comes twice"
        return ""

    def _bare(self, name: str, draft: Draft, outside: Outside, begin: int, end: int) -> None:
        if self.stars and name.endswith("*"):
            inherited = [n for n in outside.names() if n.startswith(name[:-1])]
        else:
            inherited = [name]
        for each in inherited if self.bare.startswith("inherit") else ():
            value = outside.get(each)
            if value is None and self.bare == "inherit or empty":
                value = ""
            draft.add(each, value, begin, end, end, inherits=True)
        if self.bare == "empty":
            draft.add(name, "", begin, end, end)


DIALECTS = (
    Dialect(
        id="docker-run",
        title="docker run --env-file",
        measured="docker CLI 28.2.2",
        parse=_Lines("inherit"),
    ),
    Dialect(
        id="compose-raw",
        title="compose env_file with format: raw",
        measured="docker-compose 5.6.1",
        parse=_Lines("inherit", environment=False),
    ),
    Dialect(
        id="podman-run",
        title="podman run --env-file",
        measured="podman 5.4.2",
        parse=_Lines("ignore", bom=True, utf8=False, lead=" \t", blank_names=True),
    ),
    Dialect(
        id="podman-run-4",
        title="podman 4 run --env-file",
        measured="podman 4.3.1",
        parse=_Lines("inherit", bom=True, utf8=False, lead=" \t", blank_names=True, stars=True),
    ),
    Dialect(
        id="kubectl",
        title="kubectl create --from-env-file",
        measured="kubectl 1.37.1",
        parse=_Lines("inherit or empty", names=_KUBECTL_NAME, unique=True, drops_rest=True, environment=False),
    ),
    Dialect(
        id="kustomize",
        title="kustomize envs",
        measured="kubectl 1.37.1 (kustomize 5.8.1)",
        parse=_Lines("empty", blank_names=True, unique=True, drops_rest=True, environment=False, nameless="ignored"),
    ),
)
