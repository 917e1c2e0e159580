"""joblib: loky's executor, which is kept from call to call, and backends that are no processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.observed import assert_agrees, line_of, observed, predicted, project, script

pytest.importorskip("joblib", reason="joblib is not installed")

IMPORTS = """
    import time
    from pathlib import Path
    from joblib import Parallel, delayed

    def together(count):
        Path(f"began-{os.getpid()}").touch()
        while len(list(Path().glob("began-*"))) < count:
            time.sleep(0.05)
        return work()
    """


def test_the_executor_of_the_first_call_serves_the_second(tmp_path: Path) -> None:
    first = 'tell("first", Parallel(n_jobs=2)(delayed(work)(x) for x in range(2))[0])  # first'
    second = 'tell("second", Parallel(n_jobs=2)(delayed(work)(x) for x in range(2))[0])  # second'
    root = project(tmp_path, script(IMPORTS, first, second))
    said, seen = predicted(root), observed(root)
    for name in ("first", "second"):
        assert_agrees(said[f"pool:main.py#{line_of(root, f'# {name}')}"], seen[name])
    assert not seen["second"]["AFTER_KEY"]


def test_workers_that_are_added_see_what_is_set_by_then(tmp_path: Path) -> None:
    first = "Parallel(n_jobs=2)(delayed(work)(x) for x in range(2))"
    second = """
        seen = Parallel(n_jobs=4)(delayed(together)(4) for _ in range(4))  # second
        tell("early", min(seen, key=lambda each: each["AFTER_KEY"]))
        tell("late", max(seen, key=lambda each: each["AFTER_KEY"]))
        """
    root = project(tmp_path, script(IMPORTS, first, second))
    said, seen = predicted(root), observed(root)
    place = f"pool:main.py#{line_of(root, '# second')}"
    assert_agrees(said[place], seen["early"])
    assert_agrees(said[f"{place}/later"], seen["late"])
    assert seen["early"] != seen["late"]


@pytest.mark.parametrize(
    "parallel",
    [
        "Parallel()",
        "Parallel(n_jobs=1)",
        'Parallel(n_jobs=2, backend="threading")',
        'Parallel(n_jobs=2, prefer="threads")',
        'Parallel(n_jobs=2, require="sharedmem")',
    ],
)
def test_one_job_and_threads_run_in_the_process_itself(tmp_path: Path, parallel: str) -> None:
    call = "{0}(delayed({1})(x) for x in range(2))"
    second = f'tell("seen", {call.format(parallel, "work")}[0])'
    root = project(tmp_path, script(IMPORTS, call.format(parallel, "int"), second))
    said, seen = predicted(root), observed(root)["seen"]
    assert all(seen.values())
    assert set(said) == {"local:main.py"}
    assert_agrees(said["local:main.py"], seen)


def test_work_of_the_script_itself_brings_no_module_along(tmp_path: Path) -> None:
    """What the main module loads is there because the executor starts after it; nothing of it runs again."""
    step = 'tell("seen", Parallel(n_jobs=2)(delayed(together)(1) for _ in [1])[0])  # it'
    root = project(tmp_path, script(IMPORTS, step))
    said = predicted(root)[f"pool:main.py#{line_of(root, '# it')}"]
    assert_agrees(said, observed(root)["seen"])
