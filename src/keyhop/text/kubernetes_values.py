"""Values of Kubernetes objects: ``data`` in base64, and ``$(NAME)`` in ``env``, ``command`` and ``args``.

Measured with kubelet and kubectl 1.20: ``$$`` is one ``$`` everywhere, and a name that is not known stays as it is
written.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping

from keyhop.text.go_scalars import Kind, resolve
from keyhop.text.go_template.printing import MADE
from keyhop.text.sealed import Sealed
from keyhop.text.yaml import Scalar

_MARK = re.compile(r"\$(?:(?P<escaped>\$)|\((?P<name>[^()]*)\))")
_OLD_BOOLEANS = {
    word: truth
    for each, truth in (("yes", True), ("on", True), ("y", True), ("no", False), ("off", False), ("n", False))
    for word in (each, each.title(), each.upper())
}
"""What YAML 1.1 takes for booleans, as the YAML library of kubectl and Helm still does."""


def string(scalar: Scalar) -> Sealed | None:
    """The text where the API wants a string; None for a number or a boolean, which it refuses.

    Null counts as the empty string. ``yes`` and ``on`` are booleans to kubectl's YAML library.
    """
    kind, text = resolve(scalar)
    if kind in (Kind.NUMBER, Kind.BOOLEAN) or old_boolean(scalar) is not None:
        return None
    return text if kind is Kind.NULL else scalar.sealed


def old_boolean(scalar: Scalar) -> bool | None:
    """The boolean that an unquoted ``yes`` is; None for other texts."""
    return _OLD_BOOLEANS.get(scalar.sealed.reveal()) if scalar.plain else None


def decoded(value: Sealed) -> Sealed | None:
    """The value behind base64, as Go's decoder takes it: line ends do not count. None where it refuses the text."""
    text = re.sub(r"[\r\n]", "", value.reveal())
    if MADE in text:
        return Sealed(MADE)
    if not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) or len(text) % 4:
        return None
    return Sealed(b64decode(text).decode("utf-8", "replace"))


def without_line_end(text: str) -> tuple[int, str] | None:
    """How base64 would end without the one line end of what it holds: characters that go, and what comes instead.

    What comes is padding, whatever the value is: the bits of a line end share no digit with a bit that is set.
    """
    found = decoded(Sealed(text)) if "\n" not in text else None
    if found is None or re.search(r"[^\s]\n\Z", found.reveal()) is None:
        return None
    if text.endswith("Cg=="):
        return 4, ""
    return (2, "==") if text.endswith("=") else (1, "=")


def looks_encoded(value: Sealed) -> bool:
    """Whether what stands in ``stringData`` was encoded by mistake: what is behind it begins like a key."""
    text = value.reveal().strip()
    found = decoded(value) if len(text) >= 16 else None
    return found is not None and re.match(r"(?:sk-|gsk_|AIza|xai-|pplx-|hf_)[\w-]*\s*\Z", found.reveal()) is not None


def references(text: Sealed) -> tuple[str, ...]:
    """The names that ``$(NAME)`` asks for."""
    return tuple(match["name"] for match in _MARK.finditer(text.reveal()) if match["name"] is not None)


def is_sole(text: Sealed) -> bool:
    """Whether the text is one reference and nothing else."""
    match = _MARK.fullmatch(text.reveal())
    return match is not None and match["name"] is not None


def expanded(text: Sealed, known: Mapping[str, Sealed]) -> Sealed:
    """The text with what is known; the rest stays as it is written."""

    def replaced(match: re.Match[str]) -> str:
        if match["escaped"]:
            return "$"
        found = known.get(match["name"])
        return match.group() if found is None else found.reveal()

    return Sealed(_MARK.sub(replaced, text.reveal()))


def is_made(text: Sealed) -> bool:
    """Whether only the installation knows the text."""
    return MADE in text.reveal()
