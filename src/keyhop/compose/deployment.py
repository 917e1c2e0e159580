"""What `docker compose` starts: its files and env files, by the rules of its command line.

The rules are those of docker-compose 5.6.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
_VALUED = frozenset(
    "-f --file -p --project-name --project-directory --env-file --profile --ansi --progress --parallel".split()
)
_RUN_VALUED = frozenset(
    "--cap-add --cap-drop --entrypoint --env-from-file -l --label --name -p --publish --pull -u --user -v --volume "
    "-w --workdir".split()
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
    missing: tuple[str, ...] = ()
    """What the command names and is not there."""
    id_file: str
    """The file that ids of its services name."""
    settings: tuple[Setting, ...] = ()


def from_command(
    arguments: Sequence[str], cwd: str, tree: Tree, shell: Mapping[str, Sealed] | None = None, *, name: str = ""
) -> Deployment | None:
    """The deployment of ``docker compose ARGUMENTS`` in the directory `cwd`; None where no file is there.

    Args:
        arguments: the options before the subcommand.
        cwd: a project path.
        shell: the caller's variables, of which the ``COMPOSE_…`` ones count.
    """
    options = _options(arguments)
    variables = {k: shown(v) for k, v in (shell or {}).items() if k.startswith("COMPOSE_")}
    asked = [join(cwd, path) for path in options.get("--file", ())]
    project = options.get("--project-directory", ())
    directory = join(cwd, project[-1]) if project else None
    start = directory if directory is not None else _parent(asked[0]) if asked and asked[0] else cwd
    named = options.get("--env-file", ()) or tuple(filter(None, variables.get("COMPOSE_ENV_FILES", "").split(",")))
    env_files = tuple(path for path in (join(cwd, each) for each in named) if path is not None)
    if not named and variables.get("COMPOSE_DISABLE_ENV_FILE", "") not in _TRUE:
        env_files = tuple(_dotenv(start, tree))
    variables = {**_compose_variables(env_files, tree), **variables}
    if not asked and variables.get("COMPOSE_FILE"):
        separator = variables.get("COMPOSE_PATH_SEPARATOR", ":")
        asked = [join(cwd, path) for path in variables["COMPOSE_FILE"].split(separator) if path]
    files = tuple(path for path in asked if path is not None) or _default_files(cwd, tree)
    if not files:
        return None
    directory = directory if directory is not None else _parent(files[0])
    if not named and variables.get("COMPOSE_DISABLE_ENV_FILE", "") not in _TRUE and directory != start:
        env_files = (*_dotenv(directory, tree), *env_files)
    return Deployment(
        name=name or " + ".join(files),
        files=files,
        directory=directory,
        env_files=env_files,
        missing=tuple(path for path in (*files, *env_files) if not tree.has(path)),
        id_file=files[0],
    )


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
            found.setdefault({"-f": "--file", "-p": "--project-name"}.get(option, option), []).append(taken)
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


def _compose_variables(env_files: tuple[str, ...], tree: Tree) -> dict[str, str]:
    """The ``COMPOSE_…`` settings of the env files."""
    found: dict[str, str] = {}
    for path in env_files:
        source = tree.source(path)
        if source is not None:
            values = dotenv.values(dotenv.read(source.data, "compose"))
            found.update((k, shown(v)) for k, v in values.items() if k.startswith("COMPOSE_"))
    return found


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
