"""``multiprocessing``, by each start method."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines.observed import assert_agrees, line_of, observed, predicted, project, script

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
