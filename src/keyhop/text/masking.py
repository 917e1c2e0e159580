"""Keys in a text, replaced before anybody sees them.

``***`` stands for what was taken out. What tells of the value without giving it away stays where it was: the
beginning that says whose key it is (``sk-proj-***``), quotes and escaped line ends around it (``b'Bearer ***\\n'``),
what a service has starred itself (``sk-ab***cd``), and what is no value: words, templates, names of variables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MASK = "***"

_HEADS = r"""
        (?:sk|rk|pk)[-_](?:proj-|svcacct-|service-|admin-|ant-|or-|lf-|None-|live_|test_)?  # OpenAI, Anthropic, …
      | AIza | ya29\. | GOCSPX- | (?:AKIA|ASIA|ABSK|IQoJ)                     # Google, AWS
      | gsk_ | xai- | pplx- | hf_ | r8_ | tvly- | nvapi- | dop_v1_ | fc-      # Groq, xAI, Perplexity, …
      | gh[pousr]_ | github_pat_ | glpat- | npm_ | xox[abpr]- | hvs\. | dapi  # GitHub, GitLab, Slack, Vault, …
      | lsv2_ | ls__ | pcsk_ | csk- | jina_ | e2b_ | pat[A-Za-z0-9]{14}\.
"""
_SHAPES = re.compile(
    rf"""(?<![A-Za-z0-9])(?:(?:{_HEADS})[\w.+/=*\u2026-]{{8,}}
    | eyJ[\w-]{{8,}}\.[\w-]{{4,}}(?:\.[\w-]*)?)                               # a JSON web token
    """,
    re.VERBOSE,
)
_SHAPE_HEAD = re.compile(
    r"(?:sk|rk|pk)[-_](?:proj|svcacct|ant|or|admin|live|test)?[-_]?|[A-Za-z]{2,8}[_-]|[A-Z]{4}|AIza|eyJ"
)
_NAME = (
    r"(?:\b|_|(?-i:(?<=[a-z])(?=[KTSPC])))(?:api[-_ ]?key|key|token|secret|credential|signature|sig|authorization)s?"
)
_WORD = r"(?:\b|_)(?:passw(?:or)?d|passphrase|pwd)"
_AFTER = r"""(?:\ (?:provided|given|used|received))?
        (?:["'\\\]]*\s*[:=]\s*(?:b?\\?["'])?|\\?["']\s*,\s*b?\\?["'])(?:(?:bearer|basic|token)\s+)?"""
_VALUE = r"[^\s\"'\\,;&()}\[\]]"
_NAMED = re.compile(
    rf"""(?P<head>{_NAME}\b{_AFTER})(?P<value>{_VALUE}{{8,}})
    | (?P<word>{_WORD}\b{_AFTER})(?P<short>{_VALUE}{{4,}})
    | (?P<option>--[\w-]*(?:key|token|secret|password)\s+)(?P<argument>[^\s-]\S{{7,}})
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A value that stands beside the name of a secret: ``OPENAI_API_KEY=…``, ``"api_key": "…"``, ``?key=…``."""
_SCHEME = re.compile(r"(?P<head>\b(?:bearer|basic)\s+)(?P<value>[^\s\"'\\,;)}\]]{8,})", re.IGNORECASE)
_USER = re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]*://)(?P<value>[^/\s@\"']+)(?=@)", re.IGNORECASE)
_NEAR = re.compile(
    r"(?P<head>\b(?:key|token|secret|password)\b[^\S\n]*[^\w\n*]?[^\S\n]*(?:is|was|of|with)?[^\S\n]*[`'\"(<]?)"
    r"(?P<value>(?=[A-Za-z_+/-]*\d)(?=[\d_+/-]*[A-Za-z])[A-Za-z0-9_+/-]{20,}={0,2})",
    re.IGNORECASE,
)
"""A long random word that follows the word ``key``."""
_BLOCK = re.compile(r"(?P<begin>-----BEGIN [A-Z ]+-----)(?P<inside>.+?)(?P<end>-----END [A-Z ]+-----|\Z)", re.DOTALL)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ONE_WORD = r"(?:[A-Z]+[a-z]+|[a-z]{2,}|[A-Z]{2,})+"
_WORDS = re.compile(rf"{_ONE_WORD}(?:[._ -](?:{_ONE_WORD}|[A-Za-z]))*[.:]?|\d{{1,12}}")
_NAMES = re.compile(
    r"[*.\u2026]+|[A-Z][A-Z0-9_]+|[Nn]one|null|true|false|\$[({]*\s*[A-Za-z_][\w.]*(?::?[-?+].*)?|<[^<>]*>?[.:]?"
)
"""What is never a value: names of variables and references to them, and what is masked already."""
_LEGIBLE = re.compile(
    r"(?:[a-z]{1,12}|[A-Z]{1,12}|\d{1,4}|\w{1,3})(?:[-_./](?:[a-z]{1,12}|[A-Z]{1,12}|\d{1,4}|\w{1,3}))*|(.)\1+"
)
"""``your-key-here``, ``xxxxxxxx``, ``gpt-4o-mini``: nobody drew it at random."""
_ELIDED = re.compile(r"\*{2,}|\.{3}|\u2026")
_LONGEST_REST = 16
"""So many characters in a row a service leaves of a key that it has starred itself."""

_CUT = re.compile(
    rf"(?:(?<![A-Za-z0-9])(?:{_HEADS})[\w.+/=-]{{0,7}}|\b(?:bearer|basic)\s+\S{{0,7}}|{_NAME}\b{_AFTER}\S{{0,7}})\Z",
    re.VERBOSE | re.IGNORECASE,
)
"""The first characters of a key at the end of a line."""
_REST = re.compile(r"(?P<head>\s*)(?P<value>[\w+/=.-]{4,})")
_NARROWEST = 50
"""Shorter lines were not folded."""


def mask(text: str) -> str:
    """The text with ``***`` for what looks like a key, or stands where one belongs; it keeps its lines.

    Masking twice changes nothing. Values without a shape or a name beside them are not found.
    """
    if "-----BEGIN " in text:
        text = _BLOCK.sub(_inside, text)
    text = _SHAPES.sub(_kind, text)
    for pattern in (_NAMED, _SCHEME, _USER):
        text = pattern.sub(_hidden, text)
    return _NEAR.sub(_near, text)


def mask_lines(lines: Sequence[str]) -> list[str]:
    """The lines with all values masked, also those that a terminal or a frame has folded."""
    masked = mask("\n".join(lines)).split("\n")
    for n, line in enumerate(lines[:-1]):
        line = line.rstrip()
        if len(line) < _NARROWEST:
            continue
        taken = masked[n].rstrip().endswith(MASK) and not line.endswith(MASK)
        if taken or _CUT.search(line):
            rest = _REST.match(masked[n + 1])
            if rest is not None and _is_random(rest["value"], least=4 if taken else 12):
                masked[n + 1] = rest["head"] + MASK + masked[n + 1][rest.end() :]
    return masked


def _is_random(text: str, *, least: int) -> bool:
    """Whether it is no word of a language and no number."""
    letters = any(map(str.isalpha, text))
    mixed = any(map(str.isdigit, text)) or (any(map(str.isupper, text[1:])) and any(map(str.islower, text)))
    return len(text) >= least and letters and mixed


def _kind(found: re.Match[str]) -> str:
    head = _SHAPE_HEAD.match(found[0])
    start = head[0] if head else ""
    if _is_starred(found[0]) or _LEGIBLE.fullmatch(found[0][len(start) :]):
        return found[0]
    return start + MASK


def _is_starred(value: str) -> bool:
    """Whether somebody has taken most of it out already."""
    return bool(_ELIDED.search(value)) and all(len(part) <= _LONGEST_REST for part in _ELIDED.split(value))


def _hidden(found: re.Match[str]) -> str:
    told = found.groupdict()
    value = told.get("value") or told.get("argument")
    word = value is not None and _WORDS.fullmatch(value) is not None
    value = value or found["short"]
    if word or _is_starred(value) or _NAMES.fullmatch(value) or _UUID.fullmatch(value):
        return found[0]
    return found[0].removesuffix(value) + MASK


def _near(found: re.Match[str]) -> str:
    return found[0] if _LEGIBLE.fullmatch(found["value"]) else _hidden(found)


def _inside(found: re.Match[str]) -> str:
    return found["begin"] + re.sub(r"[A-Za-z0-9+/=]{8,}", MASK, found["inside"]) + found["end"]
