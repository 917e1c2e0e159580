"""Lines of files as a diff shows them: what may be a value is masked, whatever a line is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from keyhop.catalogue import is_setting
from keyhop.text.masking import MASK, mask

_ASSIGNED = re.compile(
    r"""(?P<head>^\s*(?:-\s*)?(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*[=:]\s*["']*)
        (?P<value>[^"'\s\#].*?)(?=["']?(?:\s+\#|\s*\Z))""",
    re.VERBOSE,
)
_VALUE = re.compile(r"""(?P<head>\bvalue["']?\s*[:=]\s*)(?P<value>"[^"]*"|'[^']*'|[^\s,}"'][^,}\n]*)""")
"""``value: …`` of an item whose name stands beside it."""
_HELD = re.compile(r"(?P<indent>[\s-]*)(?:data|stringData|literals)\s*:\s*(?P<rest>.*)")
"""What a Secret or a ConfigMap holds."""
_ENTRY = re.compile(r"(?P<head>\s*(?:-\s*)?[\w.-]+\s*[:=]\s*|\s*-?\s*)(?P<value>\S.*)")
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|PWD|AUTH|CRED|DSN|URL", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
_NO_VALUE = re.compile(r"\$\{[^}]*\}|\$\w+|\$?\{\{.*|true|false|null|\d{1,5}|[|>][-+]?")


def unified(old: str, new: str, written: Collection[str] = ()) -> Iterator[str]:
    """The hunks of a unified diff, values masked. Lines that differ in a value alone differ all the same.

    Args:
        written: lines that are new, and known to hold no value.
    """
    before, after = shown(old, written), shown(new, written)
    for group in SequenceMatcher(None, old.splitlines(), new.splitlines()).get_grouped_opcodes(3):
        (_, i, _, k, _), (_, _, j, _, m) = group[0], group[-1]
        yield f"@@ -{_extent(i, j)} +{_extent(k, m)} @@"
        for _, start, end, begin, stop in group:
            same = old.splitlines()[start:end] == new.splitlines()[begin:stop]
            yield from (f" {line}" if same else f"-{line}" for line in before[start:end])
            yield from (f"+{line}" for line in after[begin:stop] if not same)


def _extent(start: int, end: int) -> str:
    """As ``diff -u`` writes a range."""
    length = end - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def shown(text: str, written: Collection[str] = ()) -> list[str]:
    """The lines of a file without values; `written` as in `unified`."""
    return list(_shown(text, written))


def _shown(text: str, written: Collection[str]) -> Iterator[str]:
    depth: int | None = None
    for line in text.splitlines():
        if line.strip() in written:
            yield line
            continue
        if depth is not None and line.strip() and not _is_inside(line, depth):
            depth = None
        if depth is not None:
            yield _ENTRY.sub(_masked, line)
            continue
        held = _HELD.fullmatch(line)
        if held is not None:
            depth = len(held["indent"])
            line = line[: held.start("rest")] + (MASK if held["rest"] else "")
        yield mask(_ASSIGNED.sub(_assigned, _VALUE.sub(_masked, line)))


def _is_inside(line: str, depth: int) -> bool:
    indent = len(line) - len(line.lstrip())
    return indent > depth or (indent == depth and line.lstrip().startswith("- "))


def _masked(found: re.Match[str]) -> str:
    return found[0] if _NO_VALUE.fullmatch(found["value"]) else found["head"] + MASK


def _assigned(found: re.Match[str]) -> str:
    """Of variables only settings are shown, such as ``MODEL``; of other names, those that sound like no secret."""
    name = found["name"]
    is_variable = _VARIABLE.fullmatch(name) is not None and not is_setting(name)
    return _masked(found) if is_variable or _SECRET.search(name) else found[0]
