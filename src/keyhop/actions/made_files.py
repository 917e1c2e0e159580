"""Env files, and files for the runner, that a script makes with other commands than ``echo`` and its like."""

from __future__ import annotations

from collections.abc import Iterator

from keyhop.actions.checkout import Checkout
from keyhop.assignment import Assignment
from keyhop.facts import Blindspot, Dialect, Everything, Hop, Phase, Position, Supply
from keyhop.launch import Launch, Step
from keyhop.paths import absolute
from keyhop.promises import is_env_file
from keyhop.readers.reader import Desk
from keyhop.shells import runner_files
from keyhop.shells.env_files import written_path, written_text
from keyhop.shells.state import State
from keyhop.text.expansion import Pieces, Plain, likely, lines, setting
from keyhop.text.shell import parse
from keyhop.text.shell_tree import Simple, commands

Made = Supply | Hop | Blindspot
_AT = Position(Phase.ENTRYPOINT)
_RAW = Dialect("docker-run")
"""The runner keeps quotes and comments, as ``docker run --env-file`` does."""
_FETCHING = frozenset({
    "vercel", "op", "doppler", "infisical", "dotenvx", "aws", "gcloud", "az", "curl", "wget", "gpg", "sops",
    "openssl", "age", "unzip", "tar", "vault", "bao",
})  # fmt: skip
"""Programs that put what they fetch or decrypt into a file that they are told."""


def made_files(launch: Launch, step: Step, view: Checkout, desk: Desk) -> Iterator[Made]:
    """What a script puts into such files, beside what the following of it says."""
    state = State(cwd=launch.cwd, variables=dict(step.variables))
    before: tuple[Simple, list[Pieces]] | None = None
    for node in commands(parse(launch.text or "")):
        words = [each for written in node.words for each in state.expand(written)]
        if words:
            yield from _Command(node, words, before, state, launch, view, desk).made()
        before = (node, words)


class _Command:
    """One command of the script, and the one before it, which may be piped into it."""

    def __init__(
        self,
        node: Simple,
        words: list[Pieces],
        before: tuple[Simple, list[Pieces]] | None,
        state: State,
        launch: Launch,
        view: Checkout,
        desk: Desk,
    ) -> None:
        self._node, self._words, self._before = node, words, before
        self._texts = [likely(each) for each in words]
        self._state, self._launch, self._view, self._desk = state, launch, view, desk
        self._span = launch.spans(node.start, node.end)

    def made(self) -> Iterator[Made]:
        program = self._texts[0].rpartition("/")[2]
        operands = [text for text in self._texts[1:] if not text.startswith("-")]
        if program in ("cp", "mv") and len(operands) == 2 and is_env_file(operands[1]):
            yield self._all(operands[0], operands[1], program, Dialect(""))
            return
        path = written_path(self._node, self._words, self._state)
        if path is not None and _matters(path):
            yield from self._output(program, path)
        elif program in _FETCHING:
            yield from (self._unseen(program, path) for path in operands if is_env_file(path))

    def _output(self, program: str, path: str) -> Iterator[Made]:
        """What the command puts out."""
        text = written_text(self._node, self._words, self._state)
        piped = self._piped() if program == "tee" and not text else ()
        files = [text for text in self._texts[1:] if is_env_file(text)]
        if piped:
            yield from self._settings(piped, path)
        elif text and program != "tee":
            if any(_is_unnamed(line, path) for line in lines(text)):
                yield self._unseen(program, path)
        elif program in ("cat", "grep", "egrep", "sed") and len(files) == 1:
            runner = path.startswith(runner_files.DIRECTORY)
            yield self._all(files[0], path, "$GITHUB_ENV" if runner else program, _RAW if runner else Dialect(""))
        elif not text and program not in ("env", "printenv", "echo", "printf", ":", "true", "touch"):
            yield self._unseen(program, path)

    def _piped(self) -> Pieces:
        """What the command before this one pipes into it."""
        if self._before is None or not self._launch.text:
            return ()
        node, words = self._before
        between = self._launch.text[node.end : self._node.start]
        return written_text(node, words, self._state) if between.strip() == "|" else ()

    def _settings(self, text: Pieces, path: str) -> Iterator[Made]:
        written = lines(text)
        runner = path.startswith(runner_files.DIRECTORY)
        found = runner_files.settings(written) if runner else filter(None, map(setting, written))
        for name, value in found:
            yield from Assignment(
                target=self._view.file_place(absolute(self._launch.cwd, path)),
                name=name,
                value=value,
                source=self._launch.place,
                at=_AT,
                taken_at=_AT,
                via="$GITHUB_ENV" if runner else f"written to {path}",
                span=self._span,
            ).facts(self._desk)

    def _all(self, source: str, target: str, via: str, dialect: Dialect) -> Hop:
        cwd = self._launch.cwd
        return Hop(
            source=self._view.file_place(absolute(cwd, source)),
            target=self._view.file_place(absolute(cwd, target)),
            passage=Everything(),
            via=via,
            at=_AT,
            dialect=dialect,
            span=self._span,
        )

    def _unseen(self, program: str, path: str) -> Blindspot:
        place = self._view.file_place(absolute(self._launch.cwd, path))
        return Blindspot(place=place, why=f"{program} writes {path}, which is not in view", at=_AT, span=self._span)


def _matters(path: str) -> bool:
    return path.startswith(f"{runner_files.DIRECTORY}/") or is_env_file(path)


def _is_unnamed(line: Pieces, path: str) -> bool:
    """A line whose names only a run can tell: ``echo "$ENV_FILE" > .env``."""
    first = line[0] if line else Plain("")
    begins = first.text if isinstance(first, Plain) else ""
    return any(not isinstance(piece, Plain) for piece in line) and "=" not in begins and "<<" not in begins
