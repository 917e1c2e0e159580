"""Dask: a cluster of the client's own, and one that was there before."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.observed import WORK, assert_agrees, environment, observed, predicted, project, script
from engines.programs import free_port, running

pytest.importorskip("distributed", reason="Dask is not installed")

IMPORTS = "from dask.distributed import Client, LocalCluster\n"
OWN = """
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None{})
    client = Client(cluster)
    client.submit(print).result()
    """
RESULT = 'tell("seen", client.submit(work, pure=False).result())\nclient.close(); cluster.close()'


@pytest.mark.parametrize("given", ["", ', env={"AFTER_KEY": os.environ["BEFORE_KEY"]}'])
def test_workers_of_its_own_cluster_have_what_the_client_had(tmp_path: Path, given: str) -> None:
    root = project(tmp_path, script(IMPORTS, OWN.format(given), RESULT))
    said = predicted(root)["dask:main.py#workers"]
    assert_agrees(said, observed(root)["seen"])


def test_workers_that_are_added_see_what_is_set_by_then(tmp_path: Path) -> None:
    added = """
        cluster.scale(2)
        client.wait_for_workers(2)
        seen = list(client.run(work).values())
        tell("early", min(seen, key=lambda each: each["AFTER_KEY"]))
        tell("late", max(seen, key=lambda each: each["AFTER_KEY"]))
        client.close(); cluster.close()
        """
    root = project(tmp_path, script(IMPORTS, OWN.format(""), added))
    said, seen = predicted(root), observed(root)
    assert_agrees(said["dask:main.py#workers"], seen["early"])
    assert_agrees(said["dask:main.py#workers/later"], seen["late"])
    assert seen["early"] != seen["late"]


def test_threads_have_the_environment_of_their_process(tmp_path: Path) -> None:
    root = project(tmp_path, script(IMPORTS, OWN.format(", processes=False"), RESULT))
    said = predicted(root)
    assert set(said) == {"local:main.py"}
    assert_agrees(said["local:main.py"], observed(root)["seen"])


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A cluster that somebody started in a shell without any key."""
    address = f"tcp://127.0.0.1:{free_port()}"
    programs = Path(sys.executable).parent
    where = tmp_path / "cluster"
    where.mkdir()
    (where / "tasks.py").write_text(WORK, "utf-8")
    shell = environment(tmp_path, {"PYTHONPATH": str(where)})
    port = address.rpartition(":")[2]
    flags = ("--host", "127.0.0.1", "--no-dashboard")
    with (
        running([programs / "dask", "scheduler", "--port", port, *flags], where, shell, re.compile("Scheduler at")),
        running([programs / "dask", "worker", address, "--no-dashboard"], where, shell, re.compile("Registered to")),
    ):
        yield address


def test_another_cluster_gets_nothing_of_the_client(tmp_path: Path, scheduler: str) -> None:
    """What its own shell holds is not in view: a key that is not loaded by the work's module is not known."""
    step = f'client = Client("{scheduler}")\ntell("seen", client.submit(work).result())\nclient.close()'
    root = project(tmp_path, script(IMPORTS, step))
    said, seen = predicted(root)["dask:main.py#workers"], observed(root)["seen"]
    assert not any(seen[name] for name in ("SHELL_KEY", "BEFORE_KEY", "MAIN_KEY"))
    assert_agrees(said, seen, unknown=("SHELL_KEY", "BEFORE_KEY", "AFTER_KEY", "MAIN_KEY"), but=("FILE_KEY",))
