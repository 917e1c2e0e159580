"""What this process knows to be secret, taken out of a text before anybody sees it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from keyhop.text.masking import mask

_SECRET = re.compile(
    r"KEY(?:S|_\w+)?\Z|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|JWT|(?:\A|_)PAT\Z|_DSN\Z", re.IGNORECASE
)
"""Names of variables that hold secrets."""
_SHORTEST = 8
"""Shorter values are words that a text holds by chance."""


def hide(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The text without the values of the secret variables in `environment`, and without what looks like a key."""
    for value in sorted(_values(environment), key=len, reverse=True):
        if value in text:
            text = text.replace(value, "***")
    return mask(text)


def _values(environment: Mapping[str, str]) -> Iterator[str]:
    """Each secret as it is, trimmed, and as ``repr`` writes it."""
    for name, value in environment.items():
        if _SECRET.search(name):
            for form in (value, value.strip(), repr(value)[1:-1]):
                if len(form) >= _SHORTEST:
                    yield form
