"""What a Dockerfile's RUN leaves behind: files that it writes or copies, and variables that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from keyhop.building.copies import Copy, copy
from keyhop.paths import absolute
from keyhop.promises import is_env_file
from keyhop.records import dataclass
from keyhop.shells.env_files import written_path, written_text
from keyhop.shells.state import State
from keyhop.span import Span
from keyhop.text.expansion import Pieces, likely, lines, pieces, setting, shown
from keyhop.text.shell import parse
from keyhop.text.shell_tree import Script, commands


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that a build writes itself."""

    path: str
    """Absolute, inside the image."""
    text: str = field(repr=False)
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that it sets, if it is an env file."""
        if not is_env_file(self.path.rpartition("/")[2]):
            return ()
        settings = (setting(line) for line in lines(pieces(self.text, quoted=True)))
        return tuple(found[0] for found in settings if found)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRun:
    """One RUN."""

    files: tuple[MadeFile, ...]
    copies: tuple[Copy, ...]
    exports: tuple[tuple[str, Pieces], ...]
    """Variables that it exports, in vain for the image."""


def read_run(text: str, workdir: str, known: dict[str, Pieces], span: Span) -> BuildRun:
    """What the text of a RUN does, branches as if they were taken."""
    state = State(cwd=workdir, variables=dict(known))
    script = parse(text)
    return BuildRun(
        files=tuple(_files(script, state, span)),
        copies=tuple(_copies(script, state, span)),
        exports=tuple(_exports(script, state)),
    )


def _files(script: Script, state: State, span: Span) -> Iterator[MadeFile]:
    for node in commands(script):
        words = [each for word in node.words for each in state.expand(word)]
        path = written_path(node, words, state)
        text = shown(written_text(node, words, state)) if path else ""
        if path is not None and text:
            yield MadeFile(path=absolute(state.cwd, path), text=text, span=span)


def _copies(script: Script, state: State, span: Span) -> Iterator[Copy]:
    for node in commands(script):
        words = [likely(each) for word in node.words for each in state.expand(word)]
        if words[:1] in (["cp"], ["mv"], ["install"]):
            operands = [word for word in words[1:] if not word.startswith("-")]
            found = copy(
                tuple(absolute(state.cwd, word) for word in operands[:-1]) + tuple(operands[-1:]), state.cwd, span
            )
            if found is not None:
                yield found


def _exports(script: Script, state: State) -> Iterator[tuple[str, Pieces]]:
    for node in commands(script):
        words = [each for word in node.words for each in state.expand(word)]
        for word in words[1:] if words and likely(words[0]) == "export" else []:
            found = setting(word)
            if found is not None:
                yield found
