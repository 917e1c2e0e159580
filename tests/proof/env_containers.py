"""What hands env files to containers and pods: Compose, the docker command, kubectl."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

from env_files import NAMES, OUTER
from env_runs import ENVIRONMENT, Outcome, beside, run
from ruamel.yaml import YAML

from testbed.compose_program import docker_compose


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
