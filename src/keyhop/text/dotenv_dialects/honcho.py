"""honcho, which splits each line into the tokens of Python's ``shlex`` and joins those after the ``=``."""

from __future__ import annotations

import re
import shlex

from keyhop.text.dotenv import Dialect, File, Outside
from keyhop.text.dotenv_draft import NOT_UTF8, Content, Draft

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def _read(data: bytes, outside: Outside) -> File:
    content = Content(data, bom=True, universal=True)
    draft = Draft(content, outside)
    if content.broken is not None:
        return draft.refused(NOT_UTF8, content.broken)
    for start, line in content.lines("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
        try:
            tokens = list(shlex.shlex(line, posix=True))
        except ValueError:
            return draft.refused("a quote is not closed", start)
        if len(tokens) < 3 or tokens[1] != "=" or not _NAME.match(tokens[0]):
            continue
        value = "".join(tokens[2:]).replace(r"\n", "\n").replace(r"\t", "\t")
        written = line.index("=") + 1
        written += len(line[written:]) - len(line[written:].lstrip())
        begin = len(line) - len(line.lstrip())
        draft.add(tokens[0], value, start + begin, start + written, start + len(line.rstrip()))
    return draft.environment()


DIALECTS = (Dialect(id="honcho", title="honcho run", measured="honcho 2.0.0", parse=_read),)
