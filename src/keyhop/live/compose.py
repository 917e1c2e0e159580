"""A Compose project: each of its containers is asked from inside, by ``exec``."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyhop.errors import UsageError
from keyhop.live.live import Calling, Roster
from keyhop.roll import Called

if TYPE_CHECKING:
    from keyhop.inside import Container

_USUAL = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""In the order in which Compose looks for them."""
_LABEL = "com.docker.compose."


def _call(calling: Calling) -> Iterator[Called]:
    from keyhop.inside import call_inside  # a worker that is guarded imports this module, and calls no roll

    target, _, service = calling.target.partition("#")
    file = _file(Path(target))
    words = (*_program(), *(() if file.name in _USUAL else ("-f", file.name)))
    containers = [each for each in _containers(words, file) if service in ("", each.role.rpartition("#")[2])]
    if service and not containers:
        raise UsageError(f"no container of service {service} is there", help=f"See: {' '.join((*words, 'ps', '-a'))}")
    yield from call_inside(containers, calling, named=bool(service))


def _file(target: Path) -> Path:
    """The file; of a directory, the one that Compose itself would take."""
    if target.is_dir():
        found = next((target / name for name in _USUAL if (target / name).is_file()), None)
        if found is None:
            raise UsageError(f"there is no Compose file in {target}")
        return found
    if not target.is_file():
        raise UsageError(f"there is no Compose file {target}")
    return target


def _program() -> tuple[str, ...]:
    """The plug-in of docker, or the program of its own."""
    from keyhop.inside import printed

    docker, compose = shutil.which("docker"), shutil.which("docker-compose")
    if docker and printed((docker, "compose", "version")) is not None:
        return (docker, "compose")
    if compose:
        return (compose,)
    raise UsageError("neither docker compose nor docker-compose is installed")


def _containers(words: tuple[str, ...], file: Path) -> Iterator[Container]:
    """All but those of ``run``, also such as have ended.

    Raises:
        UsageError: Compose does not tell; what it says is kept back, as it may quote values.
    """
    from keyhop.inside import Container, printed

    directory = str(file.parent)
    said = printed((*words, "ps", "--all", "--no-trunc", "--format", "json"), directory)
    if said is None:
        raise UsageError(
            f"Compose does not tell what runs of {file}", help=f"See: {' '.join((*words, 'ps', '--all'))}"
        )
    for each in _rows(said):
        labels = dict(part.partition("=")[::2] for part in str(each.get("Labels", "")).split(","))
        if labels.get(f"{_LABEL}oneoff") == "True":
            continue
        service, number = str(each["Service"]), labels.get(f"{_LABEL}container-number", "1")
        yield Container(
            role=f"compose:{Path(os.path.relpath(file)).as_posix()}#{service}",
            title=f"service {service}",
            name=str(each.get("Name", service)),
            words=(*words, "exec", "-T", "--index", number, service),
            directory=directory,
            state=_state(each),
        )


def _state(row: Mapping[str, Any]) -> str:
    state = str(row.get("State", ""))
    if state == "running":
        return ""
    return f"it has ended with status {row.get('ExitCode')}" if state == "exited" else f"it is {state}"


def _rows(said: bytes) -> Iterator[dict[str, Any]]:
    """One object a line; of older releases, one list."""
    for line in said.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        yield from (each for each in (told if isinstance(told, list) else [told]) if each.get("Service"))


ROSTER = Roster(
    id="compose",
    title="Compose",
    metavar="FILE[#SERVICE]",
    help="containers of this Compose file, or of the one in this directory",
    call=_call,
)
