"""keyhop workers --here, and the sockets on which guarded processes answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keyhop.asking import ask_here
from live.hosts import plant, shell
from live.leaks import CANARY
from live.rolled import NONCE, OTHER, assert_shows_nothing, rolled

GUARDED = "import keyhop, time\nkeyhop.attach('openai')(lambda: print('begun', flush=True))()\ntime.sleep(60)\n"
MIXED = """
    import os, time
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context
    import keyhop

    def work(seconds):
        time.sleep(seconds)

    if __name__ == "__main__":
        pool = keyhop.attach(ProcessPoolExecutor(2, mp_context=get_context("spawn")), "openai")
        pool.submit(work, 8)
        time.sleep(2)
        os.environ["OPENAI_API_KEY"] = os.environ.pop("OTHER_KEY")
        pool.submit(work, 8)
        time.sleep(2)
        print("begun", flush=True)
"""
FORKING = """
    import os, time
    import keyhop
    from keyhop.answering import answer

    keyhop.attach("openai")(lambda: print("begun", flush=True))()
    for number in range(60):
        child = os.fork()
        if child == 0:
            answer({"key": "00" * 32})
            os._exit(0)
        for _ in range(1000):
            if os.waitpid(child, os.WNOHANG)[0]:
                break
            time.sleep(0.01)
        else:
            os._exit(1)
"""
QUESTION = {"key": NONCE}


@pytest.fixture
def temp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory of sockets that no other process has."""
    path = Path(tempfile.mkdtemp(prefix="kh"))
    monkeypatch.setenv("TMPDIR", str(path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def begun(root: Path, *command: str, **own: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has said so."""
    environment = {**shell(root, ""), "TMPDIR": os.environ["TMPDIR"], "OPENAI_API_KEY": CANARY, **own}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, *command], cwd=root, env=environment, **pipes) as process:  # type: ignore[call-overload]
        try:
            assert process.stdout.readline() == b"begun\n"
            yield process
        finally:
            process.kill()


def test_a_pool_that_went_mixed_is_seen_though_its_workers_are_busy(tmp_path: Path, temp: Path):
    root = plant(tmp_path / "project", main=MIXED)
    with begun(root, "main.py", OTHER_KEY=OTHER) as process:
        found = rolled(root, {**shell(root, ""), "TMPDIR": str(temp)}, "--here")
        assert process.poll() is None
        process.wait(timeout=30)
    (role,) = [each for each in found.report["roles"] if each["id"].startswith(f"here:{process.pid}#")]
    assert sorted(each["credentials"]["OPENAI_API_KEY"]["key"] for each in role["workers"]) == ["A", "B"]
    assert (found.status, role["no_answer"]) == (1, [])
    for path in temp.rglob("*"):
        assert not path.is_file() or path.is_socket() or assert_shows_nothing(path.read_bytes()) is None


def test_only_its_own_user_can_open_a_socket_and_what_is_no_question_does_no_harm(tmp_path: Path, temp: Path):
    with begun(tmp_path, "-c", GUARDED) as process:
        (path,) = temp.glob("keyhop-*/*.sock")
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for question in (b"", b"\n", b"{}\n", b'{"key": 1}\n', b"\xff" * 5000):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
                client.sendall(question)
                client.shutdown(socket.SHUT_WR)
                assert client.recv(100) == b""
        (told,) = ask_here(QUESTION, seconds=5)
        assert (told["pid"], told["seen"]["OPENAI_API_KEY"]["state"]) == (process.pid, "present")
        assert CANARY not in json.dumps(told)


def test_one_that_is_stopped_is_silent_and_one_that_is_gone_leaves_nothing(tmp_path: Path, temp: Path):
    with begun(tmp_path, "-c", GUARDED) as stopped, begun(tmp_path, "-c", GUARDED) as gone:
        gone.kill()
        gone.wait()
        stopped.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        told = ask_here(QUESTION, seconds=0.5)
        assert told == [{"pid": stopped.pid, "parent": os.getpid(), "silent": True}]
        assert time.monotonic() - began < 3
        assert len(list(temp.glob("keyhop-*/*.sock"))) == 1


def test_a_directory_of_somebody_else_is_not_used(tmp_path: Path, temp: Path):
    """Nor is one that others may look into: the process works on, and takes no roll call."""
    theirs = temp / f"keyhop-{os.getuid()}"
    theirs.mkdir(mode=0o755)
    with begun(tmp_path, "-c", GUARDED):
        assert list(theirs.iterdir()) == []
        assert ask_here(QUESTION, seconds=0.5) == []


def test_forks_of_a_process_that_is_being_asked_do_not_hang(tmp_path: Path, temp: Path):
    root = plant(tmp_path / "project", main=FORKING)
    answered = 0
    with begun(root, "main.py") as process:
        while process.poll() is None:
            answered += sum(not each.get("silent") for each in ask_here(QUESTION, seconds=2))
        assert process.returncode == 0
    assert answered > 3
