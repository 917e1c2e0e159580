"""Keys in a text, replaced before anybody sees them."""

from __future__ import annotations

import re

MASK = "***"

_SHAPES = re.compile(
    r"""(?<![A-Za-z0-9])(?:
        (?:sk|rk|pk)-(?:proj-|svcacct-|service-|admin-|ant-|or-|lf-|None-)?   # OpenAI, Anthropic, OpenRouter, …
      | AIza | ya29\. | GOCSPX- | (?:AKIA|ASIA|ABSK|IQoJ)                     # Google, AWS
      | gsk_ | xai- | pplx- | hf_ | r8_ | tvly- | nvapi- | dop_v1_ | fc-      # Groq, xAI, Perplexity, …
      | gh[pousr]_ | github_pat_ | glpat- | npm_ | xox[abpr]- | hvs\. | dapi  # GitHub, GitLab, Slack, Vault, …
      | lsv2_ | ls__ | pcsk_ | csk- | jina_ | pat[A-Za-z0-9]{14}\.
    )[\w.+/=-]{8,}
    | eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?                                    # a JSON web token
    """,
    re.VERBOSE,
)
_SHAPE_HEAD = re.compile(r"(?:sk|rk|pk)-(?:proj|svcacct|ant|or|admin)?-?|[A-Za-z]{2,8}[_-]|[A-Z]{4}|AIza|eyJ")
_NAMED = re.compile(
    r"""(?P<head>
        (?:\b|_)(?:api[-_ ]?key|key|token|secret|passw(?:or)?d|pwd|authorization|credential|signature|sig)s?\b
        ["'\\\]]*\s*[:=]\s*(?:b?\\?["'])?(?:(?:bearer|basic|token)\s+)?
    )(?P<value>[^\s"'\\,;&()}\[\]]{8,})
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A value that stands beside the name of a secret: ``OPENAI_API_KEY=…``, ``"api_key": "…"``, ``?key=…``."""
_SCHEME = re.compile(r"(?P<head>\b(?:bearer|basic)\s+)(?P<value>[^\s\"'\\,;)}\]]{8,})", re.IGNORECASE)
_USER = re.compile(r"(?P<head>\b[a-z][a-z0-9+.-]*://)(?P<value>[^/\s@\"']+)(?=@)", re.IGNORECASE)
_WORDS = re.compile(
    r"[A-Za-z]+(?:[._ -][A-Za-z]+)*[.:]?|[*.…]+|[A-Z][A-Z0-9_]+"
    r"|\$[({]*\s*[A-Za-z_][\w.]*(?::?[-?+].*)?"
)
"""What is no value: words, names of variables and references to them, and what is masked already."""


def mask(text: str) -> str:
    """The text with ``***`` for what looks like a key, or stands where one belongs.

    The beginning of a key stays where it tells whose key it is: ``sk-proj-***``. What some provider has starred
    itself stays as it is. Values without a shape or a name beside them are not found.
    """
    text = _SHAPES.sub(_kind, text)
    for pattern in (_SCHEME, _NAMED, _USER):
        text = pattern.sub(_hidden, text)
    return text


def _kind(found: re.Match[str]) -> str:
    if "**" in found[0]:
        return found[0]
    head = _SHAPE_HEAD.match(found[0])
    return (head[0] if head else "") + MASK


def _hidden(found: re.Match[str]) -> str:
    value = found["value"]
    return found[0] if MASK in value or _WORDS.fullmatch(value) else found["head"] + MASK
