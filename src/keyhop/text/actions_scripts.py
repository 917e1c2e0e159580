"""The script of a step, with what GitHub pastes into it.

GitHub writes the result of ``${{ … }}`` into the script before a shell sees it. What is in view is written out here
in the same way. Where the result is not in view, a variable stands for it, quoted so that the shell takes it
whole wherever it stands: between single quotes and in a quoted here-document too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from keyhop.text.actions_expressions import Expression, Known, Part, parts
from keyhop.text.sealed import Sealed

_HERE = re.compile(r"<<(-?)[ \t]*(['\"])([\w.-]+)\2")
_OPENED = re.compile(r"<<-?[ \t]*(?:['\"])?([A-Za-z_][\w.-]*)['\"]?")
_SPECIAL = re.compile(r"[\\$`]")
_MARK, _END = "\ue000", "\ue001"
_MARKED = re.compile(f"{_MARK}(.*?){_END}")


def pasted(
    script: str,
    evaluate: Callable[[Expression], Known | None],
    variable: Callable[[Part], str],
    *,
    shell: bool = True,
) -> str:
    """The script as the shell gets it.

    Args:
        evaluate: what an expression comes to, None where that is not in view.
        variable: the name of the variable that stands for what is not.
        shell: whether a shell runs it; into code of another language an empty text is put instead.
    """
    found = parts(Sealed(script))
    out: list[str] = []
    for part in found:
        known = evaluate(part.expression) if part.expression is not None else None
        if part.text is not None:
            out.append(part.text.reveal())
        elif known is not None:
            out.append(known.text.reveal())
        else:
            out.append(f"{_MARK}{variable(part)}{_END}" if shell else "")
    return _quoted(_unquoted_documents("".join(out))) if shell else "".join(out)


def _unquoted_documents(script: str) -> str:
    """Here-documents that hold a pasted variable, as documents in which a shell looks for variables."""
    at = 0
    while (match := _HERE.search(script, at)) is not None:
        at = match.end()
        start = script.find("\n", at) + 1
        end = _end_of(script, start - 1, match[3])
        stop = script.rfind("\n", start, end) + 1 if end < len(script) else end
        body = script[start:stop]
        if not start or _MARK not in body:
            continue
        escaped = _SPECIAL.sub(lambda m: f"\\{m[0]}", body)
        opening = f"<<{match[1]}{match[3]}"
        script = script[: match.start()] + opening + script[match.end() : start] + escaped + script[stop:]
        at = match.start() + len(opening)
    return script


def _quoted(script: str) -> str:
    """The script with its marks written as ``${name}``."""
    out: list[str] = []
    single = double = False
    waiting: list[str] = []
    at = 0
    while at < len(script):
        char = script[at]
        here = _OPENED.match(script, at) if char == "<" and not single and not double else None
        if char == _MARK:
            end = script.index(_END, at)
            name = f"${{{script[at + 1 : end]}}}"
            out.append(f"'\"{name}\"'" if single else name)
            at = end + 1
        elif here is not None:
            waiting.append(here[1])
            out.append(here[0])
            at = here.end()
        elif char == "\\" and not single and script[at + 1 : at + 2] == _MARK:
            out.append("\\\\" if double else "")  # it would escape the value's first letter
            at += 1
        elif char == "\\" and not single:
            out.append(script[at : at + 2])
            at += 2
        elif char == "#" and not single and not double and script[at - 1 : at] in ("", " ", "\t", "\n", ";"):
            end = script.find("\n", at)
            at, comment = (len(script), script[at:]) if end < 0 else (end, script[at:end])
            out.append(_MARKED.sub("", comment))
        elif char == "\n" and waiting:
            end = _end_of(script, at, waiting.pop(0))
            out.append(_MARKED.sub(r"${\1}", script[at:end]))
            at = end
        else:
            single ^= char == "'" and not double
            double ^= char == '"' and not single
            out.append(char)
            at += 1
    return "".join(out)


def _end_of(script: str, at: int, delimiter: str) -> int:
    """Where a here-document that begins after `at` ends: in front of the line end after its delimiter."""
    match = re.compile(rf"^\t*{re.escape(delimiter)}[ \t]*$", re.M).search(script, at + 1)
    return match.end() if match else len(script)
