"""``docker run`` and ``docker build``, with podman's: their words taken apart (docker CLI 28, podman 5)."""

from __future__ import annotations

from dataclasses import field

from keyhop.records import dataclass
from keyhop.text.expansion import Piece, Pieces, Plain, likely

_BARE = """
--rm --detach --interactive --tty --init --privileged --read-only --publish-all --no-healthcheck
--oom-kill-disable --sig-proxy --quiet --disable-content-trust --help --no-cache --pull --load --push --force-rm
--squash --compress --replace --tls-verify --rmi --env-host --http-proxy
"""
_BARE_LETTERS = "ditPq"
_PROGRAMS = ("docker", "podman", "nerdctl", "finch")
_GLOBAL_VALUED = ("-H", "--host", "-c", "--context", "--config", "-l", "--log-level", "--connection", "--url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option, by its long name, with its value's parts."""

    name: str
    value: Pieces = field(repr=False)

    @property
    def text(self) -> str:
        return likely(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerCommand:
    """A ``run`` or a ``build``."""

    program: str
    verb: str
    options: tuple[Option, ...]
    operands: tuple[Pieces, ...] = field(repr=False)
    """Of ``run``: the image, and the command for it; of ``build``: the context."""

    def all(self, name: str) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.name == name)

    def get(self, name: str) -> str | None:
        found = self.all(name)
        return found[-1].text if found else None

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(map(likely, self.operands))


def container_command(words: tuple[Pieces, ...]) -> ContainerCommand | None:
    """The command, if it is one of these."""
    texts = [likely(word) for word in words]
    if texts[:1] == ["sudo"]:
        texts, words = texts[1:], words[1:]
    if not texts or texts[0].rpartition("/")[2] not in _PROGRAMS:
        return None
    at = 1
    while at < len(texts) and texts[at].startswith("-"):
        at += 2 if texts[at] in _GLOBAL_VALUED else 1
    while texts[at : at + 1] in (["container"], ["image"], ["buildx"], ["builder"]):
        at += 1
    verb = {"create": "run"}.get(texts[at], texts[at]) if at < len(texts) else ""
    if verb not in ("run", "build"):
        return None
    options, rest = _options(words, at + 1, mixed=verb == "build")
    return ContainerCommand(
        program=texts[0].rpartition("/")[2], verb=verb, options=tuple(options), operands=tuple(rest)
    )


_LONG = {
    "run": {
        "e": "env", "v": "volume", "w": "workdir", "p": "publish", "u": "user", "h": "hostname", "l": "label",
        "m": "memory", "c": "cpu-shares", "a": "attach",
    },
    "build": {"t": "tag", "f": "file", "m": "memory", "q": "quiet", "o": "output", "v": "volume"},
}  # fmt: skip


def _options(words: tuple[Pieces, ...], at: int, *, mixed: bool) -> tuple[list[Option], list[Pieces]]:
    letters = _LONG["build" if mixed else "run"]
    options: list[Option] = []
    rest: list[Pieces] = []
    while at < len(words):
        text = likely(words[at])
        at += 1
        if text == "--":
            rest += words[at:]
            break
        if not text.startswith("-") or text == "-":
            rest.append(words[at - 1])
            if not mixed:
                rest += words[at:]
                break
            continue
        if text.startswith("--"):
            name, equals, _ = text.partition("=")
            if equals:
                options.append(Option(name=name[2:], value=behind(words[at - 1], len(name) + 1)))
            elif name in _BARE.split() or at >= len(words):
                options.append(Option(name=name[2:], value=()))
            else:
                options.append(Option(name=name[2:], value=words[at]))
                at += 1
            continue
        found, took = _letters(words, at, text, letters)
        options += found
        at += took
    return options, rest


def _letters(words: tuple[Pieces, ...], at: int, text: str, letters: dict[str, str]) -> tuple[list[Option], int]:
    """``-it``, ``-eKEY=v``, ``-itv a:b``; and how many words the last of them took."""
    options = []
    for index, letter in enumerate(text[1:], start=1):
        if letter in _BARE_LETTERS and not (letter == "t" and letters.get("t")):
            options.append(Option(name=letter, value=()))
            continue
        name = letters.get(letter, letter)
        if index + 1 < len(text):
            skip = index + 2 if text[index + 1] == "=" else index + 1
            options.append(Option(name=name, value=behind(words[at - 1], skip)))
            return options, 0
        if at < len(words):
            options.append(Option(name=name, value=words[at]))
            return options, 1
    return options, 0


def behind(word: Pieces, count: int) -> Pieces:
    """The word without its first `count` characters, which must mention no variable."""
    out: list[Piece] = []
    for piece in word:
        if count and isinstance(piece, Plain):
            cut = min(count, len(piece.text))
            count -= cut
            piece = Plain(piece.text[cut:], piece.quoted)
        out.append(piece)
    return tuple(out)
