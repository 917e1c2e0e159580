"""gunicorn and uvicorn: every worker has what the server had when it began, and what the application does."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from engines.observed import KEY, NAMES, SHELL, assert_agrees, environment, predicted, project
from engines.programs import free_port, running

APPLICATION = f"""\
import json, os
from dotenv import load_dotenv
from tasks import work

os.environ["BEFORE_KEY"] = "{KEY.format("before")}"

def wsgi(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(work()).encode()]

async def asgi(scope, receive, send):
    if scope["type"] == "http":
        await send({{"type": "http.response.start", "status": 200, "headers": []}})
        await send({{"type": "http.response.body", "body": json.dumps(work()).encode()}})

if __name__ == "__main__":
    load_dotenv("main.env")
"""
COMMANDS = {
    "gunicorn": ("gunicorn main:wsgi -w 2 -b 127.0.0.1:{port}", r"Booting worker"),
    "gunicorn --preload": ("gunicorn main:wsgi --preload -w 2 -b 127.0.0.1:{port}", r"Booting worker"),
    "uvicorn": ("uvicorn main:asgi --lifespan off --workers 2 --port {port}", r"Started server process"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("shell", [SHELL, {}], ids=["a shell with a key", "a shell without"])
def test_a_worker_has_what_its_server_and_its_application_give_it(
    tmp_path: Path, name: str, shell: dict[str, str]
) -> None:
    pytest.importorskip(name.split()[0], reason=f"{name.split()[0]} is not installed")
    command, ready = COMMANDS[name]
    port = free_port()
    root = project(tmp_path, APPLICATION)
    words = command.format(port=port).split()
    (root / "README.md").write_text(f"```sh\n{' '.join(words)}\n```\n", "utf-8")
    programs = Path(sys.executable).parent
    server = running((programs / words[0], *words[1:]), root, environment(root, shell), re.compile(ready))
    with server, urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        seen = json.load(answer)
    assert [name for name in NAMES if seen[name]] == [*shell, "BEFORE_KEY", "FILE_KEY"]
    assert_agrees(predicted(root, shell)["local:main.py"], seen)
