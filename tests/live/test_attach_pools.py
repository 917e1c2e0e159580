"""keyhop.attach() on processes and pools of the standard library, with each way to start them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from live.hosts import ANSWER, plant, provider, shell, with_key
from live.leaks import CANARY, is_clean, leaking

METHODS = ("fork", "spawn", "forkserver")
ENDED = ANSWER.removeprefix("Final Answer: ")

EXECUTOR = """
    import json, multiprocessing, sys
    from concurrent.futures import ProcessPoolExecutor
    import keyhop
    from crew import run

    if __name__ == "__main__":
        context = multiprocessing.get_context(sys.argv[1])
        with keyhop.attach(ProcessPoolExecutor(2, context), "openai") as pool:
            try:
                print(json.dumps(list(pool.map(run, ["a", "b"]))))
            except Exception as error:
                print(json.dumps([type(error).__name__, str(error)]))
                print(json.dumps(pool.submit(len, "whole").exception() is not None))
"""
POOL = EXECUTOR.replace("ProcessPoolExecutor(2, context)", "context.Pool(2)").replace(
    'print(json.dumps(pool.submit(len, "whole").exception() is not None))', "pass"
)
PROCESS = """
    import multiprocessing, sys
    import keyhop
    from crew import run

    def work():
        print(run())

    if __name__ == "__main__":
        context = keyhop.attach(multiprocessing.get_context(sys.argv[1]), "openai")
        process = context.Process(target=work)
        process.start()
        process.join()
        sys.exit(process.exitcode)
"""
CONTEXT_POOL = """
    import json, multiprocessing, sys
    import keyhop
    from crew import run

    if __name__ == "__main__":
        context = keyhop.attach(multiprocessing.get_context(sys.argv[1]), "openai")
        with context.Pool(1) as pool:
            try:
                print(json.dumps(pool.map(run, ["a"])))
            except Exception as error:
                print(json.dumps([type(error).__name__, str(error)]))
"""


def ran(root: Path, environment: dict[str, str], *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "main.py", *words]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert is_clean((done.stdout + done.stderr).encode())
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("main", [EXECUTOR, POOL, CONTEXT_POOL], ids=["executor", "pool", "pool of a context"])
def test_the_first_task_of_a_worker_without_its_key_says_what_is_missing(main: str, method: str, tmp_path: Path):
    """And nothing hangs, breaks or is started again and again; with the key, the crew runs."""
    root = plant(tmp_path / "project", main=main)
    with provider() as url:
        bare = shell(tmp_path, url)
        status, out, err = ran(root, bare, method)
        kind, said = json.loads(out.splitlines()[0])
        assert (status, kind) == (0, "MissingCredential"), err
        assert "OPENAI_API_KEY does not reach" in said
        status, out, err = ran(root, with_key(bare), method)
        assert set(json.loads(out.splitlines()[-1])) == {ENDED}, err
    assert leaking(tmp_path) == []


@pytest.mark.parametrize("method", METHODS)
def test_a_process_without_its_key_leaves_with_the_reason(method: str, tmp_path: Path):
    root = plant(tmp_path / "project", main=PROCESS)
    with provider() as url:
        bare = shell(tmp_path, url)
        status, _, err = ran(root, bare, method)
        assert status == 78
        assert "OPENAI_API_KEY does not reach" in err
        assert "Traceback" not in err
        status, out, err = ran(root, with_key(bare), method)
        assert (status, out.strip()) == (0, ENDED), err


OWN_RUN = """
    import multiprocessing, sys
    import keyhop

    context = keyhop.attach(multiprocessing.get_context(sys.argv[1]), "openai")

    class Worker(context.Process):
        def __init__(self, said):
            super().__init__()
            self.said = said

        def run(self):
            print(self.said)

    if __name__ == "__main__":
        worker = Worker("ran")
        worker.start()
        worker.join()
        sys.exit(worker.exitcode)
"""


@pytest.mark.parametrize("method", METHODS)
def test_a_class_of_processes_with_a_run_of_its_own_is_judged_all_the_same(method: str, tmp_path: Path):
    root = plant(tmp_path / "project", main=OWN_RUN)
    bare = shell(tmp_path, "")
    status, out, err = ran(root, bare, method)
    assert (status, out) == (78, "")
    assert "OPENAI_API_KEY does not reach" in err
    assert ran(root, with_key(bare), method)[:2] == (0, "ran\n")


def test_a_context_gives_the_other_start_methods_behind_the_same_guard(tmp_path: Path):
    main = """
        import multiprocessing
        import keyhop

        if __name__ == "__main__":
            context = keyhop.attach(multiprocessing.get_context("fork"), "openai")
            other = context.get_context("spawn")
            process = other.Process(target=print, args=("ran",))
            process.start()
            process.join()
            print(other.get_start_method(), process.exitcode)
    """
    root = plant(tmp_path / "project", main=main)
    assert ran(root, shell(tmp_path, ""))[1] == "spawn 78\n"


def test_a_pool_takes_its_function_by_name_as_well(tmp_path: Path):
    main = """
        import multiprocessing
        import keyhop

        if __name__ == "__main__":
            with keyhop.attach(multiprocessing.get_context("fork").Pool(1), "openai") as pool:
                for call in (
                    lambda: pool.apply_async(func=abs, args=(-1,)).get(),
                    lambda: pool.map(func=abs, iterable=[-2]),
                    lambda: pool.apply(abs, (-3,)),
                ):
                    try:
                        print(call())
                    except keyhop.errors.MissingCredential:
                        print("refused")
    """
    root = plant(tmp_path / "project", main=main)
    bare = shell(tmp_path, "")
    assert ran(root, bare)[1].split() == ["refused"] * 3
    assert ran(root, with_key(bare))[1].split() == ["1", "[2]", "3"]


def test_a_forkserver_that_is_older_than_the_key_says_so_and_a_store_brings_it(tmp_path: Path):
    """What the parent sets later never reaches its children; what they load themselves does."""
    main = """
        import json, multiprocessing, os, sys
        import keyhop
        from crew import run

        def nothing():
            pass

        if __name__ == "__main__":
            context = multiprocessing.get_context("forkserver")
            first = context.Process(target=nothing)
            first.start(), first.join()
            stores = json.loads(sys.argv[1])
            keyhop.load("OPENAI_API_KEY", stores=[{"kind": "files", "path": "secrets"}])
            with keyhop.attach(context, "openai", stores=stores).Pool(1) as pool:
                try:
                    print(json.dumps(pool.map(run, ["a"])))
                except keyhop.errors.MissingCredential as error:
                    print(json.dumps(["MissingCredential"]))
    """
    root = plant(tmp_path / "project", main=main)
    (root / "secrets").mkdir()
    (root / "secrets" / "openai_api_key").write_text(CANARY)
    with provider() as url:
        _, out, err = ran(root, shell(tmp_path, url), '["environment"]')
        assert json.loads(out.splitlines()[-1]) == ["MissingCredential"], err
        _, out, err = ran(root, shell(tmp_path, url), '[{"kind": "files", "path": "secrets"}]')
        assert json.loads(out.splitlines()[-1]) == [ENDED], err


FORKED = """
    import multiprocessing, os, sys
    import keyhop
    from crew import run

    def work(pipe):
        pipe.send(run("in the child"))

    if __name__ == "__main__":
        context = multiprocessing.get_context("fork")
        if sys.argv[1] == "attached":
            context = keyhop.attach(context, "openai")
        run("in the parent")
        here, there = context.Pipe()
        process = context.Process(target=work, args=(there,))
        process.start()
        there.close()
        try:
            print(here.recv() if here.poll(10) else "hangs")
        except EOFError:
            print("ends")
        process.kill()
"""


@pytest.mark.parametrize(("how", "ends"), [("attached", ENDED), ("bare", "hangs")])
def test_a_child_forked_after_a_crew_has_run_works(how: str, ends: str, tmp_path: Path):
    root = plant(tmp_path / "project", main=FORKED)
    with provider() as url:
        _, out, err = ran(root, with_key(shell(tmp_path, url)), how)
    assert out.splitlines()[-1] == ends, err


def test_a_bus_that_cannot_be_set_back_is_refused_with_the_reason(tmp_path: Path):
    main = FORKED.replace("import multiprocessing", "import crewai.events.event_bus as bus, multiprocessing").replace(
        'run("in the parent")', 'run("in the parent"); del bus.crewai_event_bus._pending_futures'
    )
    root = plant(tmp_path / "project", main=main)
    with provider() as url:
        _, _, err = ran(root, with_key(shell(tmp_path, url)), "attached")
    assert "forked from one in which CrewAI had begun to work" in err


def test_errors_of_providers_come_back_from_a_pool_and_keep_their_class(tmp_path: Path):
    main = """
        import json, multiprocessing
        import keyhop

        def ask():
            import openai
            openai.OpenAI(max_retries=0).models.list()

        def break_off():
            raise LookupError("own")

        if __name__ == "__main__":
            import openai
            with keyhop.attach(multiprocessing.get_context("fork").Pool(1), "openai") as pool:
                try:
                    pool.apply(ask)
                except openai.AuthenticationError as error:
                    print(json.dumps([error.status_code, error.code, error.request_id, str(error)]))
                try:
                    pool.apply(break_off)
                except Exception as error:
                    print(json.dumps([type(error) is LookupError]))
    """
    root = plant(tmp_path / "project", main=main)
    from live.refusing import refusing

    with refusing() as url:
        _, out, err = ran(root, with_key(shell(tmp_path, url)))
    (status, code, request, said), (own,) = map(json.loads, out.splitlines())
    assert (status, code, request, own) == (401, "invalid_api_key", "req_0123456789", True), err
    assert "Incorrect API key provided" in said


def test_the_guard_of_a_function_is_a_decorator_for_every_kind_of_function(tmp_path: Path):
    main = """
        import asyncio, json, keyhop

        @keyhop.attach("openai")
        def plain(): return 1
        @keyhop.attach("openai")
        async def awaited(): return 2
        @keyhop.attach("openai")
        def steps(): yield 3
        @keyhop.attach("openai")
        async def steps_awaited(): yield 4
        @keyhop.attach("openai")
        class Actor:
            def work(self): return 5

        async def first(them):
            async for each in them:
                return each

        def tried(call):
            try:
                return call()
            except Exception as error:
                return type(error).__name__

        print(json.dumps([
            tried(plain), tried(lambda: asyncio.run(awaited())), tried(lambda: next(steps())),
            tried(lambda: asyncio.run(first(steps_awaited()))), tried(lambda: Actor().work()),
        ]))
    """
    root = plant(tmp_path / "project", main=dedent(main))
    bare = shell(tmp_path, "")
    assert json.loads(ran(root, bare)[1]) == ["MissingCredential"] * 5
    assert json.loads(ran(root, with_key(bare))[1]) == [1, 2, 3, 4, 5]


def test_an_asynchronous_generator_behind_a_guard_gets_what_is_sent_and_thrown_in(tmp_path: Path):
    """So that what it opens is closed, and a context manager that is made of it knows how its block ended."""
    main = """
        import asyncio
        from contextlib import aclosing, asynccontextmanager
        import keyhop

        @keyhop.attach("openai")
        async def steps(name):
            try:
                print(name, "gets", (yield 1))
            except LookupError:
                print(name, "sees the error")
            finally:
                print(name, "closes")

        async def main():
            async with aclosing(steps("first")) as first:
                await anext(first)
                print(await anext(first, "ended"))
            async with asynccontextmanager(steps)("second"):
                raise LookupError
            async with aclosing(steps("third")) as third:
                await anext(third)
            async with aclosing(steps("fourth")) as fourth:
                await fourth.asend(None)
                try:
                    await fourth.asend("word")
                except StopAsyncIteration:
                    print("after all")

        asyncio.run(main())
    """
    root = plant(tmp_path / "project", main=main)
    _, out, err = ran(root, with_key(shell(tmp_path, "")))
    assert out.splitlines() == [
        *("first gets None", "first closes", "ended"),
        *("second sees the error", "second closes"),
        *("third closes", "fourth gets word", "fourth closes", "after all"),
    ], err


def test_a_class_that_makes_its_instances_by_new_takes_its_arguments(tmp_path: Path):
    main = """
        from typing import NamedTuple
        import keyhop

        @keyhop.attach("openai")
        class Made:
            def __new__(cls, number):
                made = super().__new__(cls)
                made.number = number
                return made

        @keyhop.attach("openai")
        class Named(NamedTuple):
            number: int

        for kind in (Made, Named):
            try:
                print(kind(3).number)
            except keyhop.errors.MissingCredential:
                print("refused")
    """
    root = plant(tmp_path / "project", main=main)
    bare = shell(tmp_path, "")
    assert ran(root, bare)[1].split() == ["refused"] * 2
    assert ran(root, with_key(bare))[1].split() == ["3", "3"]


def test_a_decorator_over_a_guarded_function_stays_when_the_guard_is_asked_for_again(tmp_path: Path):
    """functools.wraps copies what attach remembers of the function below."""
    main = """
        import functools
        import keyhop

        @keyhop.attach("openai")
        def inner():
            return "inner"

        @functools.wraps(inner)
        def outer():
            return f"outer of {inner()}"

        print(keyhop.attach(outer, "openai")(), "and", keyhop.detach(outer)())
    """
    root = plant(tmp_path / "project", main=main)
    assert ran(root, with_key(shell(tmp_path, "")))[1] == "outer of inner and outer of inner\n"


def test_a_crew_is_judged_when_it_begins_though_nothing_was_named(tmp_path: Path):
    """What it lacks is raised before any request, once, and reads well where its result is asked for."""
    root = plant(tmp_path / "project", main=EXECUTOR.replace(', "openai")', ")"))
    with provider() as url:
        _, out, err = ran(root, shell(tmp_path, url), "spawn")
    kind, said = next(json.loads(line) for line in out.splitlines() if line.startswith('["'))
    assert kind == "HookAborted", err
    assert "OPENAI_API_KEY does not reach" in said
