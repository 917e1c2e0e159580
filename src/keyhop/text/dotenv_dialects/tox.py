"""tox's ``set_env = file|.env``: a line is cut at its first ``=`` and trimmed; quotes and comments are kept."""

from __future__ import annotations

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import NOT_UTF8, Content, Draft


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data, bom=True, universal=True)
    draft = Draft(content, outside)
    if content.broken is not None:
        return draft.refused(NOT_UTF8, content.broken)
    for start, line in content.lines("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        begin = start + len(line) - len(line.lstrip())
        name, sign, value = text.partition("=")
        if not sign:
            return draft.refused("a line has no =", begin)
        end = begin + len(text)
        draft.add(name.strip(), value.strip(), begin, end - len(value.strip()), end)
    return draft.environment()


DIALECTS = (Dialect(id="tox", title="tox set_env = file|", measured="tox 4.31", parse=_read),)
