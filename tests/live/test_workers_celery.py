"""keyhop workers --celery: who holds which key, children too; silence is neither right nor wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from engines.brokers import broker, dump, needs_broker
from engines.programs import free_port
from live.hosts import plant, shell
from live.leaks import CANARY, leaking
from live.rabbit import rabbitmq
from live.rolled import OTHER, TASKS, accepting, assert_shows_nothing, mark, rolled, shows_nothing, worker

pytest.importorskip("celery", reason="Celery is not installed")
pytestmark = needs_broker

LIVE = ("--celery", "tasks", "--live", "--allow-host", "127.0.0.1")
CELERY = ("--celery", "tasks")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plant(tmp_path / "project", tasks=TASKS)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The shell of workers without a key, with a broker of their own, which keeps nothing of keys or fingerprints."""
    with broker(tmp_path) as address:
        yield shell(tmp_path, "http://127.0.0.1:9/v1", BROKER=address, BACKEND=address.removesuffix("0") + "1")
        assert_shows_nothing(dump(address))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    """No file of a run holds a key, but for the store; none holds a fingerprint, not even a log of debugging."""
    yield
    assert set(leaking(tmp_path)) <= {"project/secrets/openai_api_key"}
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.parent.name != "secrets":
            assert shows_nothing(path.read_bytes()), path


def with_key(environment: dict[str, str], key: str, url: str = "") -> dict[str, str]:
    return {**environment, "OPENAI_API_KEY": key, **({"OPENAI_BASE_URL": f"{url}/v1"} if url else {})}


def produced(root: Path, environment: dict[str, str], code: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import tasks\n{code}"], cwd=root, env=environment, timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize("kind", ["redis", "rabbitmq"])
def test_two_keys_that_are_both_accepted_are_told_apart(kind: str, root: Path, own: dict[str, str], tmp_path: Path):
    with ExitStack() as stack:
        if kind == "rabbitmq":
            own = {**own, "BROKER": stack.enter_context(rabbitmq(tmp_path))}
        gate = stack.enter_context(accepting(CANARY, OTHER))
        for name, pool, key in (("a@x", "prefork", CANARY), ("b@x", "solo", OTHER), ("c@x", "threads", CANARY)):
            stack.enter_context(worker(root, name, pool, with_key(own, key, gate.url), "-c2"))
        found = rolled(root, own, *LIVE, "--expect", "3")
    assert found.status == 1
    assert [each["key"] for each in found.of("a@x")] == ["A", "A"]
    assert len({each["pid"] for each in found.of("a@x")}) == 2
    assert [(each["key"], each["verdict"]) for each in found.of("b@x")] == [("B", "accepted")]
    assert [(each["key"], each["verdict"]) for each in found.of("c@x")] == [("A", "accepted")]
    assert "OPENAI_API_KEY: 2 different keys" in found.text
    assert found.silent == {}
    for key in (CANARY, OTHER):  # of four processes, once for text and once for JSON
        assert sum(asked.headers.get("authorization") == f"Bearer {key}" for asked in gate.asked) == 2


def test_a_worker_that_is_cut_off_cannot_tell_beside_one_with_the_same_key(root: Path, own: dict[str, str]):
    nowhere = f"http://127.0.0.1:{free_port()}"
    with (
        accepting(CANARY) as gate,
        worker(root, "a@x", "solo", with_key(own, CANARY, gate.url)),
        worker(root, "b@x", "prefork", with_key(own, CANARY, nowhere), "-c1"),
        worker(root, "c@x", "solo", with_key(own, OTHER, gate.url)),
    ):
        found = rolled(root, own, *LIVE)
        without = rolled(root, own, *CELERY)
    told = {name: found.of(name)[0] for name in ("a@x", "b@x", "c@x")}
    assert [told[name]["verdict"] for name in told] == ["accepted", "cannot tell", "rejected"]
    assert [told[name]["key"] for name in told] == ["A", "A", "B"]
    assert "nobody listens" in told["b@x"]["because"]
    assert "cannot tell: " in found.text
    assert found.status == 1
    assert without.of("c@x")[0]["verdict"] is None


def test_no_answer_is_a_state_of_its_own(root: Path, own: dict[str, str]):
    """A busy worker, one that was killed, and one that takes no roll call say nothing of their keys."""
    with ExitStack() as stack:
        stack.enter_context(worker(root, "busy@x", "solo", with_key(own, CANARY), "-Q", "slow"))
        produced(root, own, "tasks.wait.apply_async(('free',), queue='slow')")
        time.sleep(1)
        alone = rolled(root, own, *CELERY, "--timeout", "1")
        assert (alone.status, alone.role["workers"]) == (5, [])
        assert "nobody answered" in alone.text

        stack.enter_context(worker(root, "bare@x", "solo", {**own, "BARE": "1"}))
        stack.enter_context(worker(root, "fine@x", "prefork", with_key(own, CANARY), "-c2"))
        with worker(root, "gone@x", "solo", with_key(own, OTHER)):
            os.kill(pid_of("gone@x"), signal.SIGKILL)
        found = rolled(root, own, *CELERY, "--timeout", "1")
        assert found.status == 0
        assert {each["worker"] for each in found.role["workers"]} == {"fine@x"}
        assert found.silent == {
            "bare@x": "it takes no roll call: keyhop.attach(app) is not in its code",
            "busy@x": "no answer: busy, cut off, or gone",
            "gone@x": "no answer: busy, cut off, or gone",
        }
        assert rolled(root, own, *CELERY, "--timeout", "1", "--expect", "2").status == 1

        (root / "free").touch()
        time.sleep(1)
        assert rolled(root, own, *CELERY, "--timeout", "1").of("busy@x")[0]["key"] == "A"


def pid_of(name: str) -> int:
    """The process of the worker of that name."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().split(b"\0") if path.exists() else []
        if name.encode() in words and b"worker" in words:
            return int(path.parent.name)
    raise AssertionError(f"there is no worker {name}")


def test_a_child_that_dies_is_replaced_and_one_that_hangs_is_named(root: Path, own: dict[str, str]):
    with worker(root, "a@x", "prefork", with_key(own, CANARY), "-c2"):
        first, second = (each["pid"] for each in rolled(root, own, *CELERY).of("a@x"))
        os.kill(first, signal.SIGKILL)
        os.kill(second, signal.SIGSTOP)
        try:
            deadline = time.monotonic() + 20
            while len((found := rolled(root, own, *CELERY)).of("a@x")) != 1 and time.monotonic() < deadline:
                time.sleep(0.5)
            (replaced,) = found.of("a@x")
            assert replaced["pid"] not in (first, second)
            assert (replaced["key"], found.status) == ("A", 0)
            silent = [each["pid"] for each in found.role["no_answer"]]
            assert second in silent
        finally:
            os.kill(second, signal.SIGCONT)


def test_a_worker_that_was_restarted_with_the_new_key_stands_beside_the_old(root: Path, own: dict[str, str]):
    store = root / "secrets" / "openai_api_key"
    store.parent.mkdir()
    store.write_text(CANARY)
    own = {**own, "FILES": "1"}
    with worker(root, "old@x", "prefork", own, "-c1", "-Q", "old"):
        store.write_text(OTHER)
        time.sleep(1.1)  # times are told to the second
        with worker(root, "new@x", "solo", own):
            before = rolled(root, own, *CELERY)
            began = {name: datetime.fromisoformat(before.of(name)[0]["since"]) for name in ("old@x", "new@x")}
            assert (before.status, before.of("old@x")[0]["key"] != before.of("new@x")[0]["key"]) == (1, True)
            assert began["old@x"] < began["new@x"]
            assert "2 different keys" in before.text

            load = "import keyhop; keyhop.load(stores=[{'kind': 'files', 'path': 'secrets'}], generation=2)"
            produced(root, own, f"{load}\ntasks.wait.apply_async(('tasks.py',), queue='old').get(timeout=30)")
            after = rolled(root, own, *CELERY)
            assert (after.of("old@x")[0]["generation"], after.of("new@x")[0]["generation"]) == (2, 1)
            assert (after.status, after.of("old@x")[0]["key"]) == (0, "A")
            assert datetime.fromisoformat(after.of("old@x")[0]["since"]) > began["new@x"]


def test_fingerprints_are_made_as_these_tests_look_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from keyhop.answering import answer
    from live.rolled import NONCE

    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    told = answer({"key": NONCE, "names": ["openai"]})
    assert told["seen"]["OPENAI_API_KEY"]["mark"] == mark(CANARY).hex()
    assert not shows_nothing(repr(told).encode())


def test_what_is_no_app_and_a_broker_that_is_not_there_are_said_at_once(root: Path, own: dict[str, str]):
    for word, where, said in (
        ("nowhere", own, "there is no module nowhere"),
        ("tasks", {**own, "BROKER": f"redis://127.0.0.1:{free_port()}/0"}, "cannot be reached"),
    ):
        command = [sys.executable, "-m", "keyhop", "workers", "--celery", word, "--timeout", "1"]
        began = time.monotonic()
        done = subprocess.run(command, cwd=root, env=where, capture_output=True, text=True, timeout=60)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert time.monotonic() - began < 8
