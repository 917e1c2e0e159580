"""The commands of a shell that change its own variables, directory or course."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from keyhop.catalogue import VarName
from keyhop.facts import Blindspot, Dialect, Hop, IfUnset, One, Overwrite
from keyhop.launcher import Load
from keyhop.shells.env_files import env_file_in
from keyhop.shells.host import Found
from keyhop.shells.state import DEEPEST
from keyhop.span import Span, Undecodable
from keyhop.text.expansion import Computed, Pieces, Plain, Reference, discreet, likely, plain, shown
from keyhop.text.shell_tree import Simple

if TYPE_CHECKING:
    from keyhop.shells.script import ShellRun

_ACTIVATIONS = re.compile(
    r"(?:^|/)(?:activate(?:\.\w+)?|\.cargo/env|\.local/bin/env|nvm\.sh|sdkman-init\.sh|conda\.sh)$"
)
"""Scripts that set paths only."""


def export(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    options = [likely(word) for word in words[1:] if likely(word).startswith("-")]
    if likely(words[0]) in ("declare", "typeset") and not any("x" in o for o in options):
        return
    for word in words[1:]:
        text = likely(word)
        if text.startswith("-"):
            continue
        name = text.partition("=")[0]
        if "-n" in options:
            yield from shell.host.drop((name,), "export -n", shell.state, span)
        elif name.isidentifier() and "=" in text:
            value = _after_equals(word)
            yield from shell.host.assign(name, value, "export", shell.state, span)
            shell.state.variables[name] = value
            shell.state.exported.add(name)
        elif name.isidentifier():
            yield from _exported(shell, name, span)
        else:
            yield from _computed_settings(shell, word, "export $(…)", span)


def _exported(shell: ShellRun, name: str, span: Span | None) -> Iterator[Found]:
    """``export NAME`` of a name that has a value already."""
    state = shell.state
    if name in state.variables and name not in state.exported:
        yield from shell.host.assign(name, state.variables[name], "export", state, span)
    for place, dialect in state.sourced if name not in state.variables else ():
        yield Hop(
            source=place,
            target=shell.host.place,
            passage=One(name=VarName(name), source_name=VarName(name), if_unset=IfUnset.KEEP),
            via="export",
            at=shell.host.moment(),
            dialect=Dialect(dialect),
            given=state.given,
            span=span,
        )
    state.exported.add(name)


def _computed_settings(shell: ShellRun, word: Pieces, via: str, span: Span | None) -> Iterator[Found]:
    """``export $(grep -v '^#' .env | xargs)``: an env file that passes through the words of a shell."""
    text = next((p.text for p in word if isinstance(p, Computed)), "")
    path = env_file_in(text, shell.state) if text else None
    if path is not None:
        load = Load(path=shell.absolute(path), dialect="bash-xargs", via=via, overwrite=Overwrite.ALWAYS)
        yield from shell.host.load(load, shell.state, span)
    elif text or any(isinstance(p, Reference) for p in word):
        yield Blindspot(
            place=shell.host.place,
            why=f"{via} sets what only a run can tell",
            at=shell.host.moment(),
            span=span,
        )


def unset(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    names = tuple(text for word in words[1:] if not (text := likely(word)).startswith("-"))
    yield from shell.host.drop(names, "unset", shell.state, span)
    for name in names:
        shell.state.variables.pop(name, None)
        shell.state.exported.discard(name)


def options(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    texts = [likely(word) for word in words[1:]]
    for number, text in enumerate(texts):
        if text == "--" or not text.startswith(("-", "+")):
            rest = number + (text == "--")
            if number == 0 or not re.fullmatch(r"[-+]\w*o", texts[number - 1]):
                shell.state.parameters = tuple(words[1 + rest :])
                return iter(())
        named = text in ("-o", "+o") and texts[number + 1 : number + 2] == ["allexport"]
        if named or (text[:2] != "--" and "a" in text[1:] and text not in ("-o", "+o")):
            shell.state.all_exported = text.startswith("-")
    return iter(())


def directory(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    target = next((text for word in words[1:] if not (text := likely(word)).startswith("-")), "")
    if re.search(r"dirname|BASH_SOURCE|SCRIPT_DIR|\$0", shown(words[-1])):
        inside = shell.state.name.rpartition("/")[0]
        parent = re.search(r"(?:/\.\.)+/?$", target)
        target = f"{inside or '.'}{parent.group() if parent else ''}"
    if target and "$" not in target and not target.startswith("~"):
        shell.state.cwd = shell.absolute(target)
    return iter(())


def execute(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    rest = words[1:]
    while rest and likely(rest[0]).startswith("-"):
        rest = rest[2:] if likely(rest[0]) == "-a" else rest[1:]
    if not rest:
        return
    yield from shell.start(node, rest, span)
    if shell.state.given is None:
        shell.state.ended = True


def leave(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    if shell.state.given is None:
        shell.state.ended = True
    return iter(())


def shift(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    count = likely(words[1]) if len(words) > 1 else "1"
    if shell.state.parameters is not None:
        shell.state.parameters = shell.state.parameters[int(count) if count.isdigit() else 1 :]
    return iter(())


def evaluate(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    texts = [plain(word) for word in words[1:]]
    if any(text is None for text in texts):
        for word in words[1:]:
            yield from _computed_settings(shell, word, "eval", span)
    elif shell.state.depth < DEEPEST:
        text = " ".join(text for text in texts if text is not None)
        shell.state.depth += 1
        yield from shell.follow(text, lambda _start, _end: span)
        shell.state.depth -= 1


def source(shell: ShellRun, node: Simple, words: list[Pieces], span: Span | None) -> Iterator[Found]:
    """``. file``: an env file, or a script that runs in this very shell."""
    if len(words) < 2:
        return
    written = next((w.raw for w in node.words[1:2]), "")
    if written.startswith("<("):
        path = env_file_in(written[2:-1], shell.state)
        if path is not None:
            load = Load(
                path=shell.absolute(path),
                dialect=shell.state.shell,
                via=f"source <(… {path})",
                overwrite=Overwrite.ALWAYS,
            )
            yield from shell.host.load(load, shell.state, span)
        return
    path = likely(words[1])
    if _ACTIVATIONS.search(path):
        return
    absolute = shell.absolute(path)
    script = shell.host.view.source(absolute) if not env_file_in(path, shell.state) else None
    if "$" in path or path.startswith("~") or shell.state.depth >= DEEPEST:
        yield Blindspot(
            place=shell.host.place,
            why=f"{discreet(path)} is sourced and not in view",
            at=shell.host.moment(),
            span=span,
        )
    elif script is not None:
        try:
            text = script.text
        except Undecodable:
            return
        shell.state.depth += 1
        yield from shell.follow(text, script.span)
        shell.state.depth -= 1
    else:
        yield from _env_file(shell, absolute, path, span)


def _env_file(shell: ShellRun, absolute: str, path: str, span: Span | None) -> Iterator[Found]:
    state = shell.state
    dialect = "bash" if state.shell == "bash" else "dash"
    if not state.all_exported:
        state.sourced.append((shell.host.view.file_place(absolute), dialect))
        dialect = f"{dialect}-noexport"
    via = f". {path}" if state.all_exported else f". {path} without export"
    load = Load(path=absolute, dialect=dialect, via=via, overwrite=Overwrite.ALWAYS)
    yield from shell.host.load(load, state, span)


def _after_equals(word: Pieces) -> Pieces:
    first, *rest = word
    if not isinstance(first, Plain):
        return ()
    return (Plain(first.text.partition("=")[2], first.quoted), *rest)


Builtin: TypeAlias = Callable[["ShellRun", Simple, list[Pieces], Span | None], Iterator[Found]]
BUILTINS: dict[str, Builtin] = {
    "export": export,
    "declare": export,
    "typeset": export,
    "readonly": export,
    "unset": unset,
    "set": options,
    "cd": directory,
    "pushd": directory,
    "exec": execute,
    "exit": leave,
    "shift": shift,
    "eval": evaluate,
    ".": source,
    "source": source,
}
