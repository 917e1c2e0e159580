"""Threads and coroutines: one environment, and context variables that not all of them have."""

from __future__ import annotations

from pathlib import Path

from engines.observed import assert_agrees, observed, predicted, project, script

IMPORTS = """
    import asyncio, contextvars, threading
    from concurrent.futures import ThreadPoolExecutor

    key = contextvars.ContextVar("key", default=None)

    begun, box = threading.Event(), []

    def wait():
        begun.wait()
        box.append(work())

    def look():
        return key.get() is not None

    async def ask():
        loop = asyncio.get_running_loop()
        async def there():
            return look()
        return {
            "create_task": await asyncio.create_task(there()),
            "to_thread": await asyncio.to_thread(look),
            "run_in_executor": await loop.run_in_executor(None, look),
        }
    """


def test_a_thread_sees_what_is_set_after_it_began(tmp_path: Path) -> None:
    first = "thread = threading.Thread(target=wait)\nthread.start()"
    second = 'begun.set()\nthread.join()\ntell("seen", box[0])'
    root = project(tmp_path, script(IMPORTS, first, second))
    said, seen = predicted(root), observed(root)["seen"]
    assert all(seen.values())
    assert set(said) == {"local:main.py"}
    assert_agrees(said["local:main.py"], seen)


def test_a_context_variable_reaches_tasks_and_to_thread_only(tmp_path: Path) -> None:
    step = """
        key.set("there")
        found = asyncio.run(ask())
        with ThreadPoolExecutor(1) as pool:
            found["submit"] = pool.submit(look).result()
        thread = threading.Thread(target=lambda: found.update(Thread=look()))
        thread.start()
        thread.join()
        tell("seen", found)
        """
    root = project(tmp_path, script(IMPORTS, step))
    assert observed(root)["seen"] == {
        "create_task": True,
        "to_thread": True,
        "run_in_executor": False,
        "submit": False,
        "Thread": False,
    }
