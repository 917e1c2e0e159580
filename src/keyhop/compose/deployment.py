"""What `docker compose` starts: its files and env files, by the rules of its command line.

The rules are those of docker-compose 5.6.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from keyhop.readers.reader import Desk
from keyhop.records import dataclass
from keyhop.span import Span
from keyhop.text import dotenv
from keyhop.text.assignments import cut, shown, template
from keyhop.text.interpolation import Template
from keyhop.text.sealed import Sealed
from keyhop.tree import Tree, join

DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""In the order in which Compose tries them."""
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_FILES = "--file"
_ENV_FILES = "--env-file"
_DIRECTORY = "--project-directory"
_VALUED = frozenset(
    [_FILES, _ENV_FILES, _DIRECTORY, "-f", "-p", "--project-name", "--profile", "--ansi", "--progress", "--parallel"]
)
_RUN_VALUED = frozenset(
    {"--cap-add", "--cap-drop", "--entrypoint", "--env-from-file", "-l", "--label", "--name", "-p", "--publish"}
    | {"--pull", "-u", "--user", "-v", "--volume", "-w", "--workdir"}
)
_TRUE = frozenset(("1", "t", "T", "true", "True", "TRUE"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """``-e NAME=value`` of `docker compose run`."""

    service: str
    name: str
    value: Template | None = field(repr=False)
    """None: ``-e NAME``, passed through from the shell."""
    certain: bool = True
    """False: other commands start the service too."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One set of files that are started together."""

    name: str
    files: tuple[str, ...]
    """Project paths, the base first."""
    directory: str
    """The project directory, as a project path."""
    env_files: tuple[str, ...] = ()
    """Project paths for interpolation, the weakest first."""
    named: tuple[str, ...] = ()
    """Those of `env_files` that the command names, so that it stops where one is not there."""
    id_file: str
    """The file that ids of its services name."""
    parts: frozenset[str] = frozenset()
    """Included files that name the services they define, since no other deployment brings them in before."""
    settings: tuple[Setting, ...] = ()


def from_command(arguments: Sequence[str], cwd: str, tree: Tree, desk: Desk, *, name: str = "") -> Deployment | None:
    """The deployment of ``docker compose ARGUMENTS`` in the directory `cwd`; None where no file is there.

    Args:
        arguments: the options before the subcommand.
        cwd: a project path.
    """
    options = _options(arguments)
    shell = {k: shown(v) for k, v in (desk.shell or {}).items() if k.startswith("COMPOSE_")}
    asked = tuple(_joined(cwd, options.get(_FILES, ())))
    directory = next(_joined(cwd, options.get(_DIRECTORY, ())[-1:]), None)
    start = directory if directory is not None else _parent(asked[0]) if asked else cwd
    named = tuple(_joined(cwd, options.get(_ENV_FILES) or shell.get("COMPOSE_ENV_FILES", "").split(",")))
    disabled = shell.get("COMPOSE_DISABLE_ENV_FILE", "") in _TRUE
    env_files = named or (() if disabled else tuple(_dotenv(start, tree)))
    variables = {**_compose_variables(env_files, tree, desk), **shell}
    if not asked:
        separator = variables.get("COMPOSE_PATH_SEPARATOR", ":")
        asked = tuple(_joined(cwd, variables.get("COMPOSE_FILE", "").split(separator)))
    files = asked or _default_files(cwd, tree)
    if not files:
        return None
    directory = directory if directory is not None else _parent(files[0])
    if not named and not disabled and directory != start:
        env_files = (*_dotenv(directory, tree), *env_files)
    return Deployment(
        name=name or _name(files, (*named, *options.get(_DIRECTORY, ()))),
        files=files,
        directory=directory,
        env_files=env_files,
        named=named,
        id_file=files[0],
    )


def _name(files: tuple[str, ...], more: tuple[str, ...]) -> str:
    return " + ".join(files) + (f" ({', '.join(more)})" if more else "")


def subcommand(arguments: Sequence[str]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The options, the subcommand and what follows it."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] in _VALUED else 1
    rest = tuple(arguments[at:])
    return tuple(arguments[:at]), rest[0] if rest else "", rest[1:]


def run_settings(arguments: Sequence[str], span: Span) -> tuple[Setting, ...]:
    """The ``-e`` of ``docker compose run -e NAME=value SERVICE``."""
    pairs: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        option, sign, value = argument.partition("=")
        if option in ("-e", "--env"):
            pairs.append(value if sign else next(rest, ""))
        elif option in _RUN_VALUED:
            if not sign:
                next(rest, "")
        elif not argument.startswith("-"):
            halves = ((pair, cut(template(Sealed(pair.replace("$", "$$"))))) for pair in pairs)
            return tuple(
                Setting(service=argument, name=found[0], value=found[1], span=span) for _, found in halves if found
            )
    return ()


def _options(arguments: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of each option, in order, under its long name."""
    found: dict[str, list[str]] = {}
    rest = iter(arguments)
    for argument in rest:
        option, sign, value = argument.partition("=")
        if argument.startswith("-f") and not argument.startswith("-f=") and len(argument) > 2:
            option, sign, value = "-f", "=", argument[2:]
        if option in _VALUED:
            taken = value if sign else next(rest, "")
            found.setdefault(_FILES if option == "-f" else option, []).append(taken)
    return {option: tuple(values) for option, values in found.items()}


def _default_files(cwd: str, tree: Tree) -> tuple[str, ...]:
    """The default file of `cwd` or of the nearest directory above it, with its override file."""
    directory = cwd
    while True:
        paths = (join(directory, name) for name in DEFAULT_FILES)
        base = next((path for path in paths if path and tree.has(path)), None)
        if base is not None:
            return (base, *override_of(base, tree))
        if not directory:
            return ()
        directory = _parent(directory)


def override_of(base: str, tree: Tree) -> Iterator[str]:
    """The override file that Compose adds to a default file of the same directory."""
    found = (join(_parent(base), name) for name in OVERRIDES)
    override = next((path for path in found if path and tree.has(path)), None)
    if override is not None:
        yield override


def _dotenv(directory: str, tree: Tree) -> Iterator[str]:
    path = join(directory, ".env")
    if path is not None and not tree.has_directory(path):
        yield path


def _compose_variables(env_files: tuple[str, ...], tree: Tree, desk: Desk) -> dict[str, str]:
    """The ``COMPOSE_…`` settings of the env files, or of the templates of those that are not there."""
    found: dict[str, str] = {}
    for path in env_files:
        existing = path if tree.has(path) else next(iter(desk.promises.templates(path)), path)
        source = tree.source(existing)
        if source is not None:
            values = dotenv.values(dotenv.read(source.data, "compose"))
            found.update((k, shown(v)) for k, v in values.items() if k.startswith("COMPOSE_"))
    return found


def _joined(directory: str, paths: Iterable[str]) -> Iterator[str]:
    """Project paths; what is empty or lies outside is left out."""
    for path in paths:
        inside = join(directory, path) if path else None
        if inside is not None:
            yield inside


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
