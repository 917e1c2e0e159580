"""Env files in shell scripts: which one a command reads, and what is written into one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyhop.promises import is_env_file, is_template
from keyhop.shells import runner_files
from keyhop.shells.state import State
from keyhop.text.expansion import Pieces, Plain, likely, lines, pieces, plain, setting
from keyhop.text.shell_tree import Simple

_PATH = re.compile(r"[^\s'\"|;&<>()=]*\.env[\w.-]*|[^\s'\"|;&<>()=]*\benv\.[\w-]+")
_FORMAT = re.compile(r"%[sb]|\\n|\\t")


def env_file_in(text: str, state: State) -> str | None:
    """The env file that a command's text names: ``grep -v '^#' .env | xargs``."""
    for match in _PATH.finditer(text):
        path = likely(state.resolve(pieces(match.group())))
        if is_env_file(path.rpartition("/")[2]) or is_template(path):
            return path
    return None


def writes_into(node: Simple, words: list[Pieces], state: State) -> Iterator[tuple[str, str, Pieces]]:
    """(env file, name, value) of each line that a command writes; an empty name stands for the whole environment."""
    path = written_path(node, words, state)
    if path is not None and path.startswith(f"{runner_files.DIRECTORY}/"):
        for name, value in runner_files.settings(lines(written_text(node, words, state))):
            yield path, name, value
        return
    if path is None or not is_env_file(path.rpartition("/")[2]):
        return
    if likely(words[0]) in ("env", "printenv") and len(words) == 1:
        yield path, "", ()
        return
    for line in lines(written_text(node, words, state)):
        found = setting(line)
        if found is not None:
            yield (path, *found)


def written_path(node: Simple, words: list[Pieces], state: State) -> str | None:
    """The file that a command's output goes to."""
    redirected = [r for r in node.redirects if r.operator in (">", ">>", "&>", ">|") and r.descriptor in ("", "1")]
    path = plain(state.resolve(redirected[-1].target.pieces)) if redirected else state.output
    if words and likely(words[0]) == "tee":
        path = next((text for word in words[1:] if not (text := likely(word)).startswith("-")), path)
    return path


def written_text(node: Simple, words: list[Pieces], state: State) -> Pieces:
    """What ``echo``, ``printf`` or ``cat <<EOF`` puts out; nothing for other commands."""
    name = likely(words[0]) if words else ""
    here = next((r.target for r in node.redirects if r.operator == "<<"), None)
    if name in ("cat", "tee") and here is not None:
        return state.resolve(here.pieces)
    if name == "echo":
        while len(words) > 1 and re.fullmatch(r"-[neE]+", likely(words[1])):
            words = words[1:]
        out: list[Pieces] = [(*word, Plain(" ")) for word in words[1:]]
        joined = tuple(piece for word in out for piece in word)[:-1]
        return tuple(Plain(p.text.replace("\\n", "\n"), p.quoted) if isinstance(p, Plain) else p for p in joined)
    if name == "printf" and len(words) > 1:
        return _formatted(plain(words[1]) or "", words[2:])
    return ()


def _formatted(format: str, words: list[Pieces]) -> Pieces:
    """``printf 'A=%s\\nB=%s\\n' "$A" "$B"``; the format is used again while words are left."""
    out: list[Pieces] = []
    rest = list(words)
    while True:
        at = 0
        for match in _FORMAT.finditer(format):
            out.append((Plain(format[at : match.start()]),))
            at = match.end()
            if match.group() in ("%s", "%b"):
                out.append(rest.pop(0) if rest else ())
            else:
                out.append((Plain("\n" if match.group() == "\\n" else "\t"),))
        out.append((Plain(format[at:]),))
        if not rest or not ("%s" in format or "%b" in format):
            return _merged(piece for each in out for piece in each)


def _merged(found: Iterator[Plain | object]) -> Pieces:
    out: list[object] = []
    for piece in found:
        last = out[-1] if out else None
        if isinstance(piece, Plain) and isinstance(last, Plain):
            out[-1] = Plain(last.text + piece.text, last.quoted)
        else:
            out.append(piece)
    return tuple(out)  # type: ignore[arg-type]
