"""What came back from a gate: an answer, or nothing that a provider said."""

from __future__ import annotations

import re
from dataclasses import field
from enum import Enum
from typing import TypeAlias

from keyhop.catalogue import VarName
from keyhop.records import dataclass

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title|script)\b", re.IGNORECASE)
_HEAD = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a request leaves this process."""

    proxy: str = ""
    """Host and port; empty where there is none."""
    trust: str = ""
    """Whose certificates are trusted, in words; empty where the request is not encrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. Its body is the server's: nothing of it is shown."""

    status: int
    body: str = field(default="", repr=False)
    type: str = ""
    """Its media type, in small letters."""
    elsewhere: bool = False
    """It sends to another host; of a redirect alone."""
    way: Way = Way()

    @property
    def is_page(self) -> bool:
        """Whether it is made for people: a login, a block, an error of something in between."""
        return _PAGE.search(self.body[:_HEAD]) is not None or ("html" in self.type and not self.is_data)

    @property
    def is_data(self) -> bool:
        return self.body.lstrip()[:1] in ("{", "[", "<") and _PAGE.search(self.body[:_HEAD]) is None


class Quiet(Enum):
    """Why there is no answer."""

    NO_NAME = "its name is not found"
    REFUSED = "nobody listens there"
    NO_ANSWER = "it does not answer in time"
    BROKEN = "the connection breaks off before an answer"
    UNREACHABLE = "no way leads there"
    NOT_TRUSTED = "its certificate is not trusted"
    NO_TLS = "it speaks no TLS"
    NO_HTTP = "it speaks no HTTP"
    NO_CERTIFICATES = "the file of trusted certificates cannot be used"
    PROJECTS_CERTIFICATES = "a file of the project says whose certificates are trusted"
    PROXY_DEAD = "the proxy is not reached"
    PROXY_REFUSES = "the proxy refuses"
    PROXY_WANTS_ITS_OWN = "the proxy wants a credential of its own"
    PROXY_WOULD_SEE = "the proxy would see the key"
    PROXY_STRANGE = "the proxy is of a kind that keyhop does not speak to"
    NOT_SENDABLE = "the value cannot stand in a request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No answer."""

    quiet: Quiet
    by: VarName | None = None
    """The variable that is behind it."""
    way: Way = Way()


Reply: TypeAlias = Answer | Silence
