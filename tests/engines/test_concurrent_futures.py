"""``concurrent.futures``: executors whose workers start with the work."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.observed import NAMES, assert_agrees, line_of, observed, predicted, project, script

IMPORTS = """
    import multiprocessing, time
    from pathlib import Path
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    def together(count):
        Path(f"began-{os.getpid()}").touch()
        while len(list(Path().glob("began-*"))) < count:
            time.sleep(0.05)
        return work()
    """


@pytest.mark.parametrize("how", ["fork", "spawn", "forkserver"])
def test_workers_that_start_later_see_what_is_set_by_then(tmp_path: Path, how: str) -> None:
    """Each task waits for the other, so that each has a worker: only a spawned pool holds two environments."""
    first = f"""
        pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("{how}"))  # the pool
        one = pool.submit(together, 2)
        """
    second = """
        two = pool.submit(together, 2)
        seen = sorted([one.result(), two.result()], key=lambda each: each["AFTER_KEY"])
        tell("first", seen[0])
        tell("last", seen[1])
        """
    root = project(tmp_path, script(IMPORTS, first, second))
    said, seen = predicted(root), observed(root)
    place = f"pool:main.py#{line_of(root, '# the pool')}"
    assert_agrees(said[place], seen["first"])
    assert_agrees(said.get(f"{place}/later", said[place]), seen["last"])
    assert (seen["first"] != seen["last"]) is (how == "spawn")


def test_threads_have_the_environment_of_their_process(tmp_path: Path) -> None:
    first = "pool = ThreadPoolExecutor(1)\npool.submit(print).result()"
    root = project(tmp_path, script(IMPORTS, first, 'tell("seen", pool.submit(work).result())'))
    said, seen = predicted(root), observed(root)["seen"]
    assert all(seen.values())
    assert set(said) == {"local:main.py"}
    assert_agrees(said["local:main.py"], seen)


def test_run_in_executor_takes_work_to_the_executor_that_it_names(tmp_path: Path) -> None:
    loop = """
        import asyncio
        from concurrent.futures import ProcessPoolExecutor

        async def main(pool):
            return await asyncio.get_running_loop().run_in_executor(pool, work)
        """
    first = 'pool = ProcessPoolExecutor(1)  # the pool\ntell("seen", asyncio.run(main(pool)))'
    root = project(tmp_path, script(loop, first))
    said = predicted(root)[f"pool:main.py#{line_of(root, '# the pool')}"]
    assert set(said) == set(NAMES)
    assert_agrees(said, observed(root)["seen"])
