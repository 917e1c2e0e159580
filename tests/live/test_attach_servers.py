"""keyhop.attach() in gunicorn and uvicorn: no worker boots without its key; with it, requests run crews."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from engines.programs import free_port, running, wait_for
from live.hosts import ANSWER, plant, program, provider, shell, with_key
from live.leaks import CANARY, is_clean, leaking

pytest.importorskip("gunicorn", reason="gunicorn is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")

ENDED = ANSWER.removeprefix("Final Answer: ")
WSGI = """
    import os
    from crew import run

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/end":
            return [os.environ["OPENAI_API_KEY"][-4:].encode()]
        return [run().encode()]
"""
ASGI = """
    import keyhop
    from crew import run

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            return await send({"type": "lifespan.shutdown.complete"})
        import asyncio
        body = await asyncio.to_thread(run)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body.encode()})

    app = keyhop.attach(app, "openai")
"""
CONFIG = 'import gunicorn, keyhop\n\nkeyhop.attach(globals(), "openai")\n'


def fetched(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        found: str = answer.read().decode()
        return found


def gunicorn(port: int, *more: str) -> list[str]:
    return [program("gunicorn"), "app:app", f"--bind=127.0.0.1:{port}", "--workers=2", "--timeout=60", *more]


@pytest.mark.parametrize("flags", [(), ("--preload",)], ids=["", "preload"])
def test_gunicorn(flags: tuple[str, ...], tmp_path: Path):
    root = plant(tmp_path / "project", app=WSGI, **{"gunicorn.conf": CONFIG})
    port = free_port()
    with provider() as url:
        bare = shell(tmp_path, url)
        done = subprocess.run(gunicorn(port, *flags), cwd=root, env=bare, capture_output=True, text=True, timeout=60)
        assert done.returncode == 78
        assert "OPENAI_API_KEY does not reach" in done.stderr
        assert "Booting worker" not in done.stderr
        with running(gunicorn(port, *flags), root, with_key(bare), re.compile("Booting worker")) as log:
            assert fetched(port) == ENDED
        assert is_clean(log.read_bytes())
    assert leaking(tmp_path) == []


def test_gunicorn_tells_it_in_its_log_file_and_keeps_the_users_own_hook(tmp_path: Path):
    own = "def on_starting(server):\n    server.log.info('my own hook')\n\n"
    root = plant(tmp_path / "project", app=WSGI, **{"gunicorn.conf": own + CONFIG})
    command = gunicorn(free_port(), "--error-logfile=error.log")
    done = subprocess.run(command, cwd=root, env=shell(tmp_path, ""), capture_output=True, timeout=60)
    assert done.returncode == 78
    assert "OPENAI_API_KEY does not reach" in (root / "error.log").read_text()
    with running(command, root, with_key(shell(tmp_path, "")), re.compile("")):
        wait_for(root / "error.log", re.compile("my own hook"))


def test_gunicorn_reloads_its_keys_with_its_code(tmp_path: Path):
    config = CONFIG.replace('"openai")', '"openai", stores=[{"kind": "files", "path": "secrets"}])')
    root = plant(tmp_path / "project", app=WSGI, **{"gunicorn.conf": config})
    (root / "secrets").mkdir()
    (root / "secrets" / "openai_api_key").write_text(f"{CANARY[:-4]}old1")
    port = free_port()
    command = gunicorn(port, f"--pid={root}/pid")
    with running(command, root, shell(tmp_path, ""), re.compile("Booting worker")) as log:
        assert fetched(port, "/end") == "old1"
        (root / "secrets" / "openai_api_key").write_text(f"{CANARY[:-4]}new2")
        os.kill(int((root / "pid").read_text()), signal.SIGHUP)
        wait_for(log, re.compile("(?s)Hang up.*(Worker exiting.*){2}"))
        assert fetched(port, "/end") == "new2"


def uvicorn(port: int, *more: str) -> list[str]:
    return [program("uvicorn"), "app:app", "--host=127.0.0.1", f"--port={port}", *more]


def test_uvicorn(tmp_path: Path):
    root = plant(tmp_path / "project", app=ASGI)
    port = free_port()
    with provider() as url:
        bare = shell(tmp_path, url)
        done = subprocess.run(uvicorn(port), cwd=root, env=bare, capture_output=True, text=True, timeout=60)
        assert done.returncode == 78
        assert "OPENAI_API_KEY does not reach" in done.stderr
        for flags in ((), ("--workers=2",)):
            with running(uvicorn(port, *flags), root, with_key(bare), re.compile("startup complete")) as log:
                assert fetched(port) == ENDED
            assert is_clean(log.read_bytes())
    assert leaking(tmp_path) == []


def test_uvicorn_with_workers_stops_all_of_them_and_starts_none_again(tmp_path: Path):
    root = plant(tmp_path / "project", app=ASGI)
    command = uvicorn(free_port(), "--workers=2")
    done = subprocess.run(command, cwd=root, env=shell(tmp_path, ""), capture_output=True, text=True, timeout=60)
    assert 1 <= done.stderr.count("OPENAI_API_KEY does not reach") <= 2
    assert "failed to start, stopping the parent" in done.stderr


def test_another_server_learns_it_when_the_application_starts(tmp_path: Path):
    """Such as uvicorn when it is called by the program, or as gunicorn's worker."""
    main = "\nimport uvicorn\nfrom app import app\nuvicorn.run(app, port=0)\n"
    root = plant(tmp_path / "project", app=ASGI, main=main)
    command = [program("python"), "main.py"]
    done = subprocess.run(command, cwd=root, env=shell(tmp_path, ""), capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "OPENAI_API_KEY does not reach" in done.stderr
    assert "Application startup failed" in done.stderr


def test_an_attached_application_is_still_one_of_its_framework(tmp_path: Path):
    """What looks for it by its class finds it, what sets an attribute sets the application's; tests can start it."""
    main = """
        import keyhop
        from starlette.applications import Starlette
        from starlette.testclient import TestClient

        bare = Starlette()
        app = keyhop.attach(bare, "openai")
        app.debug = True
        print(isinstance(app, Starlette), bare.debug, keyhop.attach(app, "openai") is app, keyhop.detach(app) is bare)
        try:
            with TestClient(keyhop.attach(bare, "openai")) as client:
                print(client.get("/").status_code)
        except keyhop.errors.MissingCredential as error:
            print(type(error).__name__)
    """
    root = plant(tmp_path / "project", main=main)
    command = [program("python"), "main.py"]
    for environment, ended in ((shell(tmp_path, ""), "MissingCredential"), (with_key(shell(tmp_path, "")), "404")):
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60)
        assert done.stdout.split() == ["True", "True", "True", "True", ended], done.stderr[-2000:]
