"""keyhop workers, called in a process of its own, with fingerprints under a key that the tests know."""

from __future__ import annotations

import hmac
import json
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from engines.programs import running
from live.hosts import program
from live.leaks import CANARY, is_clean
from testbed.loopback import Asked, Heard, Says, serving

OTHER = f"{CANARY[:-8]}{CANARY[-8:][::-1]}"
"""A second key. All pieces that are looked for are pieces of either."""
NONCE = "5a" * 32
CODE = f"import secrets, sys\nsecrets.token_hex = lambda n=None: {NONCE!r}\nfrom keyhop.commands import main\n"
READY = re.compile(r"celery@\S+ ready|\S+@\S+ ready")
TASKS = """
    import os, time
    from celery import Celery
    import keyhop

    app = Celery("tasks", broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
    if "BARE" not in os.environ:
        stores = [{"kind": "files", "path": "secrets"}] if "FILES" in os.environ else None
        keyhop.attach(app, "openai", stores=stores)

    @app.task(name="wait")
    def wait(file):  # a minute at most
        for _ in range(600):
            if os.path.exists(file):
                return
            time.sleep(0.1)
"""


class Rolled(NamedTuple):
    status: int
    report: dict[str, Any]
    text: str

    @property
    def role(self) -> dict[str, Any]:
        (role,) = self.report["roles"]
        return dict(role)

    def of(self, worker: str) -> list[dict[str, Any]]:
        """What the processes of a worker said, each with its key under ``key``."""
        found = [each for each in self.role["workers"] if each["worker"] == worker]
        return [{**each, **each["credentials"]["OPENAI_API_KEY"]} for each in found]

    @property
    def silent(self) -> dict[str, str]:
        return {each["worker"]: each["why"] for each in self.role["no_answer"]}


def rolled(root: Path, environment: Mapping[str, str], *words: str, timeout: float = 60) -> Rolled:
    """The roll of `root`'s workers, as JSON and as text; nothing of either may hold a key or a fingerprint."""
    found = {}
    for format in ("text", "json"):
        command = [sys.executable, "-c", f"{CODE}raise SystemExit(main(sys.argv[1:]))", "workers", *words]
        done = subprocess.run(
            [*command, "--format", format], cwd=root, env=dict(environment), capture_output=True, timeout=timeout
        )
        assert_shows_nothing(done.stdout + done.stderr)
        found[format] = done
    assert found["json"].stdout, found["json"].stderr.decode()
    return Rolled(found["json"].returncode, json.loads(found["json"].stdout), found["text"].stdout.decode())


def mark(value: str) -> bytes:
    """The fingerprint that a worker sends under the key of the tests' calls."""
    return hmac.digest(bytes.fromhex(NONCE), value.encode(), "sha256")


def shows_nothing(data: bytes) -> bool:
    """Whether there is no piece of a key in it, and no fingerprint in any form."""
    marks = [mark(key) for key in (CANARY, OTHER)]
    forms = [form for each in marks for form in (each, each.hex()[:16].encode(), b64encode(each))]
    return is_clean(data) and is_clean(data.replace(OTHER.encode(), CANARY.encode())) and not any(
        form in data for form in forms
    )  # fmt: skip


def assert_shows_nothing(data: bytes) -> None:
    assert shows_nothing(data)


@contextmanager
def accepting(*keys: str) -> Iterator[Heard]:
    """A provider that takes these keys alone, at the address that OPENAI_BASE_URL is to have: ``url``/v1."""

    def says(asked: Asked) -> Says:
        good = asked.headers.get("authorization", "").removeprefix("Bearer ") in keys
        wrong = '{"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}'
        return Says(200, '{"object": "list", "data": []}') if good else Says(401, wrong)

    with serving(says) as heard:
        yield heard


def worker(root: Path, name: str, pool: str, environment: Mapping[str, str], *more: str) -> Any:
    """A Celery worker from the moment that it is ready."""
    flags = ("--without-gossip", "--without-mingle", "--loglevel=DEBUG", "-n", name)
    command = [program("celery"), "-A", "tasks", "worker", f"--pool={pool}", *flags, *more]
    return running(command, root, environment, READY)
