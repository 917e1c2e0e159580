"""``multiprocessing``, by each start method."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.observed import assert_agrees, line_of, observed, predicted, project, script
from keyhop.value import Verdict

IMPORTS = "import multiprocessing\n"
TOLD = "\ndef told(queue):\n    queue.put(work())\n"


@pytest.mark.parametrize("how", ["fork", "spawn", "forkserver"])
def test_a_pool_has_what_its_parent_had_when_it_was_made(tmp_path: Path, how: str) -> None:
    first = f"""
        pool = multiprocessing.get_context("{how}").Pool(1)  # the pool
        pool.map(work, [1])
        """
    root = project(tmp_path, script(IMPORTS, first, 'tell("seen", pool.map(work, [1])[0])\npool.terminate()'))
    said = predicted(root)[f"pool:main.py#{line_of(root, '# the pool')}"]
    assert_agrees(said, observed(root)["seen"])


@pytest.mark.parametrize("how", ["fork", "spawn", "forkserver"])
def test_a_second_process_sees_a_change_unless_a_server_forks_it(tmp_path: Path, how: str) -> None:
    start = """
        queue = context.SimpleQueue()
        {name} = context.Process(target=told, args=(queue,))  # {name}
        {name}.start()
        tell("{name}", queue.get())
        {name}.join()
        """
    first = f'context = multiprocessing.get_context("{how}")\n' + "\n".join(
        line.strip() for line in start.format(name="first").strip().splitlines()
    )
    root = project(tmp_path, script(IMPORTS + TOLD, first, start.format(name="second")))
    said, seen = predicted(root), observed(root)
    for name in ("first", "second"):
        assert_agrees(said[f"pool:main.py#{line_of(root, f'# {name}')}"], seen[name])
    assert seen["second"]["AFTER_KEY"] is (how != "forkserver")


@pytest.mark.parametrize("how", ["spawn", "forkserver"])
def test_set_start_method_decides_for_a_class_of_ones_own(tmp_path: Path, how: str) -> None:
    own = """
        import multiprocessing

        class Worker(multiprocessing.Process):
            def __init__(self, queue):
                super().__init__()
                self.queue = queue

            def run(self):
                self.queue.put(work())
        """
    steps = (
        f"""
        multiprocessing.set_start_method("{how}")
        queue = multiprocessing.SimpleQueue()
        multiprocessing.Process(target=print).start()
        """,
        """
        worker = Worker(queue)  # the worker
        worker.start()
        tell("seen", queue.get())
        worker.join()
        """,
    )
    root = project(tmp_path, script(own, *steps))
    said = predicted(root)[f"pool:main.py#{line_of(root, '# the worker')}"]
    assert_agrees(said, observed(root)["seen"])


@pytest.mark.parametrize("how", ["fork", "spawn"])
@pytest.mark.parametrize("late", [True, False], ids=["read before it is set", "read after it is set"])
def test_what_a_module_has_read_is_read_again_only_in_a_new_interpreter(tmp_path: Path, how: str, late: bool) -> None:
    work = """
        import os

        KEY = os.getenv("BEFORE_KEY")

        def look(_=None):
            if os.environ.get("REALLY_ASK"):
                from openai import OpenAI
                OpenAI(api_key=KEY).models.list()
            return {"BEFORE_KEY": KEY is not None}
        """
    step = f"""
        {"" if late else "from kept import look"}
        pool = multiprocessing.get_context("{how}").Pool(1)  # the pool
        tell("seen", pool.map(look, [1])[0])
        """
    root = project(tmp_path, script(IMPORTS + ("from kept import look\n" if late else ""), step), kept=work)
    said = predicted(root)[f"pool:main.py#{line_of(root, '# the pool')}"]
    seen = observed(root)["seen"]
    assert seen["BEFORE_KEY"] is not (late and how == "fork")
    assert_agrees(said, seen)


def test_two_scripts_with_one_pool_have_children_of_their_own(tmp_path: Path) -> None:
    shared = """
        import multiprocessing
        from tasks import work

        def run():
            multiprocessing.Pool(1).map(work, [1])
        """
    root = project(
        tmp_path, "from shared import run\nrun()\n", shared=shared, other="from shared import run\nrun()\n"
    )
    (root / "README.md").write_text("```sh\npython main.py\npython other.py\n```\n", "utf-8")
    assert set(predicted(root)) == {"pool:shared.py#6", "pool:shared.py#6@local:other.py"}


@pytest.mark.parametrize(("version", "sees"), [("3.13", Verdict.ARRIVES), ("3.14", Verdict.LOST)])
def test_the_default_is_the_forkserver_from_3_14_on(tmp_path: Path, version: str, sees: Verdict) -> None:
    """Read from CPython's documents: no 3.14 runs here."""
    first = "multiprocessing.Process(target=print).start()"
    second = "process = multiprocessing.Process(target=work)  # it\nprocess.start()"
    root = project(tmp_path, script(IMPORTS, first, second))
    (root / ".python-version").write_text(f"{version}\n", "utf-8")
    assert predicted(root)[f"pool:main.py#{line_of(root, '# it')}"]["AFTER_KEY"] is sees
