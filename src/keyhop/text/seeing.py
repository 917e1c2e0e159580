"""From a value to its value-free picture, and what one reading of a line did to another."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn

from keyhop import patterns
from keyhop.catalogue import ProviderId, is_setting, looks_like
from keyhop.sighting import ABSENT, EMPTY, Change, Mark, Seen, State
from keyhop.text.sealed import Sealed

_QUOTES = {'"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019"}
_BOM = "\ufeff"
_BLANKS = " \t\v\f"
_BLOCK = patterns.compile(r"\s*(?:-----BEGIN |\{\s*[\"}]|\[\s*[\"{\[])")
"""A value that has lines of its own: a PEM block or JSON."""
_KEPT_COMMENT = patterns.compile(r"(?:^|\s)#\s|\s#")
_FORGOTTEN = patterns.compile(r"(?:bearer|export|set)\s", re.IGNORECASE)
_REFERS = r"\$\{[A-Za-z_][^{}]*\}|\$\([A-Za-z_]\w*\)|\{\{[^{}]*\}\}|%\(\w+\)s|\$[A-Z_][A-Z0-9_]{2,}"
_REFERENCE = patterns.compile(_REFERS)
_WHOLE_REFERENCE = patterns.compile(rf"(?:{_REFERS}|\$[A-Za-z_]\w*|%\w+%)\Z")
_UNFILLED = patterns.compile(
    r"""(?<![a-z])your(?![a-z])                              # sk-your-key, your_openai_api_key
      | your[-_ ]?(?:own|api|key|token|secret|open|azure|anthropic|actual|real|password|resource|project)
      | \.{3} | \u2026                                        # sk-...
      | (?<![a-z0-9])x{3,}(?![a-z0-9]) | x{6,} | \*{3,}       # sk-xxxx
      | <[^<>]+> | \A\[[^\[\]"']+\]\Z | \A\{[^{}":]+\}\Z      # <your key>
      | change[-_ ]?(?:me|this|it)(?![a-z]) | replace[-_ ]?(?:me|this|with|it)(?![a-z])
      | (?<![a-z])(?:todo|fixme|placeholder|example|insert|paste)(?![a-z]) | \A(?:tbd|\?+)\Z
      | (?:key|token|secret|value|id)[-_ ]?(?:goes[-_ ]?)?here(?![a-z]) | fill[-_ ](?:me|this|in)
      | (?<![a-z])(?:put|enter|add)[-_ ](?:your|the|key|api|it)
      | \A(?:my[-_])?(?:api|secret|access)?[-_ ]?(?:key|token|secret|password)\Z
    """,
    re.VERBOSE,
)
"""In small letters: a pattern of this size that ignores case takes long to compile."""
_DUMMY = patterns.compile(
    r"(?:na|none|null|nil|dummy|unused|fake|empty|test|testing|mock|mocked|stub|ignored?|nothing|noop|unset"
    r"|undefined|disabled|notneeded|notused|nokey|not|no|ollama|lmstudio|lm|studio)\d*"
)
_FILLER = patterns.compile(
    r"sk|key|keys|api|apikey|token|secret|value|for|in|ci|local|only|proj|ant|needed|required|used|\d*"
)


class Marker:
    """Makes keyed fingerprints under a random key of its own; marks of two markers do not compare."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes | None = None) -> None:
        """`key`: of another process, so that the marks of both compare."""
        self._key = key or os.urandom(32)

    def mark(self, value: Sealed) -> Mark:
        import hmac  # the start of a process that makes no mark does without it

        data = value.reveal().encode("utf-8", "surrogatepass")
        return Mark(hmac.digest(self._key, data, "sha256"))

    def mark_all(self, words: Iterable[str], values: Mapping[str, Sealed | None]) -> Mark:
        """One for all of it: another word, or another value under a name, is another mark."""
        told = [*words, *((name, value.reveal()) for name, value in sorted(values.items()) if value is not None)]
        return self.mark(Sealed(repr(told)))

    def __repr__(self) -> str:
        return "Marker()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("the key of a run's marks is never pickled")


def see(
    value: Sealed | None,
    marker: Marker | None,
    *,
    name: str,
    setting: bool | None = None,
    looks: Callable[[str], ProviderId | None] = looks_like,
) -> Seen:
    """The picture of the value under `name`; None is a name that is not set.

    Args:
        marker: None for a picture without a mark.
        setting: whether the value is not secret; None asks the catalogue.
        looks: whose key a text looks like.
    """
    if value is None:
        return ABSENT
    text = value.reveal()
    if not text:
        return EMPTY
    mark = marker.mark(value) if marker is not None else None
    if not text.strip():
        return Seen(state=State.BLANK, mark=mark)
    setting = is_setting(name) if setting is None else setting
    return Seen(
        state=State.PLACEHOLDER if is_placeholder(value, name=name) else State.PRESENT,
        mark=mark,
        changes=tuple(change for change in _visible(text, name) if not (setting and change is Change.NOT_ASCII)),
        looks=looks(_bare(text)),
        dummy=is_dummy(value),
        text=_shown(text) if setting else None,
    )


def _shown(text: str) -> str | None:
    """A setting's text without what could be a secret in it: a key by its shape, a URL's user and query."""
    from keyhop.text.masking import mask  # its patterns take long to compile

    if looks_like(_bare(text)) is not None or mask(text) != text:
        return None
    if "://" not in text:
        return text
    from urllib.parse import urlsplit, urlunsplit

    try:
        url = urlsplit(text)
    except ValueError:
        return None
    return urlunsplit((url.scheme, url.netloc.rpartition("@")[2], url.path, "", ""))


def is_placeholder(value: Sealed, *, name: str = "") -> bool:
    """Whether the value is an unfilled template: ``your-key-here``, ``sk-...``, ``${KEY}`` as a whole."""
    bare = _bare(value.reveal())
    if bare.startswith("#") or _BLOCK.match(bare):
        return _WHOLE_REFERENCE.match(bare) is not None
    whole = _WHOLE_REFERENCE.match(bare) or bare.casefold() == name.casefold()
    return bool(bare) and bool(whole or _UNFILLED.search(bare.lower()))


def is_dummy(value: Sealed) -> bool:
    """Whether somebody set it on purpose to what is no key: ``NA``, ``unused``, ``sk-fake-key``."""
    bare = _bare(value.reveal()).casefold()
    words = [w for w in re.split(r"[^a-z0-9]+", bare) if w]
    if "".join(words) in ("na", "notneeded", "nokey"):
        return True
    told = [w for w in words if _DUMMY.fullmatch(w)]
    return bool(told) and all(w in told or _FILLER.fullmatch(w) for w in words)


def changed(intended: Sealed | None, got: Sealed | None) -> tuple[Change, ...]:
    """What the reading that gave `got` did to what was meant; nothing where either sets nothing."""
    if intended is None or got is None or intended.reveal() == got.reveal():
        return ()
    meant, left = intended.reveal(), got.reveal()
    if not left:
        return (Change.DOLLAR,) if "$" in meant else ()
    found: list[Change] = []

    def took(change: Change, without: str) -> None:
        nonlocal left
        if left not in (without, meant):
            found.append(change)
            left = without

    trims = meant == meant.strip(_BLANKS)
    took(Change.BYTE_ORDER_MARK, left if _BOM in meant else left.replace(_BOM, ""))
    took(Change.CARRIAGE_RETURN, left if "\r" in meant else left.replace("\r", ""))
    took(Change.NEWLINE, meant if left.startswith(f"{meant}\n") else left)
    took(Change.COMMENT, _before_comment(left, meant))
    took(Change.SPACE, left.strip(_BLANKS) if trims else left)
    while left not in (meant, _unquoted(left)):
        took(Change.QUOTES, _unquoted(left))
    took(Change.SPACE, left.strip(_BLANKS) if trims else left)
    if left != meant:
        found.append(_rest(meant, left))
    return tuple(dict.fromkeys(found))


def _before_comment(text: str, meant: str) -> str:
    """The text without the comment that follows what was meant."""
    for quote in ("", '"', "'"):
        whole = f"{quote}{meant}{quote}"
        if text.lstrip(_BLANKS).startswith(whole):
            rest = text.lstrip(_BLANKS)[len(whole) :]
            if rest.lstrip(_BLANKS).startswith("#"):
                return whole
    return text


def _unquoted(text: str) -> str:
    if len(text) >= 2 and _QUOTES.get(text[0]) == text[-1]:
        return text[1:-1]
    return text[1:] if text[:1] in _QUOTES else text.rstrip("\"'`\u201d\u2019")


def _rest(meant: str, left: str) -> Change:
    """The kind of a difference that is not around the value."""
    if _REFERENCE.search(left) and not _REFERENCE.search(meant):
        return Change.UNEXPANDED
    before, dollar, _ = meant.partition("$")
    if dollar and left.startswith(before.rstrip("\\")) and meant != left.replace("\\", ""):
        return Change.DOLLAR
    if _same(meant, left, r"\\(?=[^nt])|\\[nt]|[\n\t]") or _same(meant, left, r"\\"):
        return Change.BACKSLASH
    if _same(meant, left, r"\s"):
        return Change.SPACE
    if _same(meant, left, r"[\s\"']"):
        return Change.QUOTES
    if any(c > "~" for c in left) and not any(c > "~" for c in meant):
        return Change.NOT_ASCII
    return Change.TRUNCATED if meant.startswith(left.rstrip("\\")) else Change.OTHER


def _same(a: str, b: str, but: str) -> bool:
    return re.sub(but, "", a) == re.sub(but, "", b)


def _visible(text: str, name: str) -> tuple[Change, ...]:
    """What shows in the value alone that it is not as it was meant to be."""
    block = _BLOCK.match(text) is not None
    inside = text.strip(_BLANKS + "\r\n" + _BOM)
    found = {
        Change.BYTE_ORDER_MARK: _BOM in text,
        Change.QUOTES: inside[:1] in _QUOTES or inside[-1:] in _QUOTES.values(),
        Change.COMMENT: not block and _KEPT_COMMENT.search(text) is not None,
        Change.CARRIAGE_RETURN: "\r" in text and not block,
        Change.NEWLINE: "\n" in text and not block,
        Change.SPACE: text[0] in _BLANKS or text.rstrip("\r\n")[-1:] in tuple(_BLANKS),
        Change.NOT_ASCII: not block and not text.replace(_BOM, "").isascii(),
        Change.UNEXPANDED: not block and _REFERENCE.search(inside) is not None and not _WHOLE_REFERENCE.match(inside),
        Change.OTHER: _FORGOTTEN.match(inside) is not None
        or inside.startswith(f"{name}=")
        or any((c < " " and c not in "\t\n\v\f\r") or c == "\x7f" for c in text),
    }
    return tuple(change for change, there in found.items() if there)


def _bare(text: str) -> str:
    """The value without what may have been kept around it by mistake."""
    bare = text.strip().strip(_BOM)
    bare = _unquoted(bare) if bare[:1] in _QUOTES else bare
    cut = re.split(r"\s+#", bare, maxsplit=1)[0]
    return cut.strip("\"' \t") or bare
