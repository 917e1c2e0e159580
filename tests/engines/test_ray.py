"""Ray: a cluster of the driver's own, and one that was started before, in a shell of its own."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.observed import KEY, NAMES, WORK, assert_agrees, environment, observed, predicted, project, script
from engines.programs import free_port, running
from keyhop.value import Verdict

pytest.importorskip("ray", reason="Ray is not installed")

IMPORTS = "import ray\nfrom tasks import Actor\n"
REMOTE = (
    WORK.replace("import os\n", "import os\nimport ray\n").replace("def work(", "@ray.remote\ndef work(")
    + """
@ray.remote
class Actor:
    def __init__(self):
        self.ready = True

    def see(self):
        return {name: name in os.environ for name in NAMES}
"""
)
QUIET = 'include_dashboard=False, num_cpus=2, log_to_driver=False, _temp_dir="{temp}"'
PASSED = f'{{"env_vars": {{"BEFORE_KEY": os.environ["BEFORE_KEY"], "MAIN_KEY": "{KEY.format("own")}"}}}}'


@pytest.fixture(scope="module")
def temp() -> Iterator[Path]:
    """A directory with a short name: Ray keeps sockets in it."""
    path = Path(tempfile.mkdtemp(prefix="kh"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def remote(root: Path, *steps: str) -> Path:
    made = project(root, script(IMPORTS, *steps), tasks="")
    (made / "tasks.py").write_text(REMOTE, "utf-8")
    return made


def test_its_own_cluster_has_what_the_driver_had_when_it_began(tmp_path: Path, temp: Path) -> None:
    """What is set later reaches no worker, not even a new one."""
    first = f"ray.init({QUIET.format(temp=temp)})\nray.get(work.remote())"
    second = 'tell("task", ray.get(work.remote()))\ntell("actor", ray.get(Actor.remote().see.remote()))'
    root = remote(tmp_path, first, second)
    said, seen = predicted(root)["ray:tasks.py#workers"], observed(root)
    assert_agrees(said, seen["task"])
    assert seen["actor"] == seen["task"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, temp: Path) -> Iterator[str]:
    """A cluster that somebody started in a shell without any key."""
    port = free_port()
    flags = ("--include-dashboard=false", "--disable-usage-stats", "--num-cpus=2", f"--temp-dir={temp}")
    command = (Path(sys.executable).parent / "ray", "start", "--head", "--block", f"--port={port}", *flags)
    where = tmp_path_factory.mktemp("cluster")
    with running(command, where, environment(where, {}), re.compile("Ray runtime started")):
        yield f"127.0.0.1:{port}"


def test_another_cluster_gets_what_runtime_env_holds(tmp_path: Path, cluster: str) -> None:
    """The rest is not known: the shell of ``ray start`` is not in view. The module of a remote function is not
    imported in a worker, so that what it loads is not there either."""
    step = f"""
        ray.init(address="{cluster}", runtime_env={PASSED}, log_to_driver=False)
        tell("task", ray.get(work.remote()))
        tell("actor", ray.get(Actor.remote().see.remote()))
        """
    root = remote(tmp_path, step)
    said, seen = predicted(root)["ray:tasks.py#workers"], observed(root)
    assert seen["actor"] == seen["task"]
    assert [name for name in NAMES if seen["task"][name]] == ["BEFORE_KEY", "MAIN_KEY"]
    assert_agrees(said, seen["task"], unknown=("SHELL_KEY", "AFTER_KEY", "FILE_KEY"))


def test_a_task_may_have_a_runtime_env_of_its_own(tmp_path: Path, cluster: str) -> None:
    step = f"""
        ray.init(address="{cluster}", log_to_driver=False)
        tell("task", ray.get(work.options(runtime_env={PASSED}).remote()))
        """
    root = remote(tmp_path, step)
    tasks = root / "tasks.py"
    tasks.write_text(tasks.read_text("utf-8").partition("@ray.remote\nclass")[0], "utf-8")
    main = root / "main.py"
    main.write_text(main.read_text("utf-8").replace("from tasks import Actor\n", ""), "utf-8")
    said, seen = predicted(root)["ray:tasks.py#workers"], observed(root)["task"]
    assert not seen["FILE_KEY"]
    assert_agrees(said, seen, unknown=("SHELL_KEY", "AFTER_KEY", "FILE_KEY"))


def test_a_module_that_a_task_mentions_is_imported_in_the_worker(tmp_path: Path, cluster: str) -> None:
    step = f"""
        ray.init(address="{cluster}", log_to_driver=False)
        tell("task", ray.get(ray.remote(indirect).remote()))
        """
    root = project(tmp_path, script("import ray\n\ndef indirect():\n    return work()\n", step))
    tasks = root / "tasks.py"
    tasks.write_text(tasks.read_text("utf-8").replace("load_dotenv()", "load_dotenv(override=True)"), "utf-8")
    said, seen = predicted(root)["ray:main.py#workers"], observed(root)["task"]
    assert [name for name in NAMES if seen[name]] == ["FILE_KEY"]
    assert_agrees(said, seen, unknown=("SHELL_KEY", "BEFORE_KEY", "AFTER_KEY", "MAIN_KEY"))


def test_a_submitted_job_runs_in_a_cluster_that_was_there_before(tmp_path: Path) -> None:
    root = remote(tmp_path, "ray.init()\nprint(ray.get(work.remote()))")
    (root / "README.md").write_text("```sh\nray job submit -- python main.py\n```\n", "utf-8")
    said = predicted(root)["ray:tasks.py#workers"]
    assert said == dict.fromkeys(NAMES, Verdict.UNKNOWN)


def test_a_documented_driver_and_one_that_nothing_runs_are_called_alike(tmp_path: Path) -> None:
    root = remote(tmp_path, "ray.init()\nprint(ray.get(work.remote()))\nwork()")
    documented = set(predicted(root))
    (root / "README.md").unlink()
    assert documented == set(predicted(root)) >= {"ray:tasks.py#workers"}
