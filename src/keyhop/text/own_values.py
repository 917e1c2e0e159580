"""What this process knows to be secret, taken out of a text before anybody sees it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote

from keyhop.text.masking import mask
from keyhop.text.sealed import Sealed

_SECRET = re.compile(
    r"KEY(?:S|_\w+)?\Z|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|JWT|(?:\A|_)PAT\Z|_DSN\Z", re.IGNORECASE
)
"""Names of variables that hold secrets."""
_SHORTEST = 8
"""Shorter values are words that a text holds by chance."""


_ELSEWHERE: dict[str, None] = {}
"""Secrets that objects of this process hold and its environment may not."""


def remember(value: Sealed) -> None:
    """From now on the value is hidden as one of the environment is."""
    text = value.reveal()
    if len(text.strip()) >= _SHORTEST:
        _ELSEWHERE[text] = None


def hide(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text without the values of the secret variables in `environment`, and without what looks like a key."""
    for value in sorted(_values(environment), key=len, reverse=True):
        if value in text:
            text = text.replace(value, "***")
    return mask(text)


def _values(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        if _SECRET.search(name):
            yield from _forms(value)
    for value in tuple(_ELSEWHERE):
        yield from _forms(value)


@lru_cache(maxsize=512)
def _forms(value: str) -> tuple[str, ...]:
    """A secret as it is, trimmed, and as ``repr``, JSON and URLs write it."""
    written = (value, value.strip(), repr(value)[1:-1], json.dumps(value)[1:-1], quote(value, safe=""), quote(value))
    return tuple(dict.fromkeys(form for form in written if len(form) >= _SHORTEST))
