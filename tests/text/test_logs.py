"""Logs and tracebacks: who said it, what was raised, and the same of a short text and of a long one."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.failure import Failure, Link
from keyhop.text.log_lines import told
from keyhop.text.logs import SHORT, read_failures

CANARY = "sk-proj-Canary4711abcdefghijklmnop0815"
BODY = "{'error': {'message': 'Incorrect API key', 'code': 'invalid_api_key'}}"
REFUSED = f"openai.AuthenticationError: Error code: 401 - {BODY}"
TRACE = f"""\
Traceback (most recent call last):
  File "/app/crew.py", line 12, in run
    crew.kickoff(key="{CANARY}")
    ^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/site-packages/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
{REFUSED}
"""
NOISE = "2026-11-25 06:42:15,123 INFO crewai.flow.runtime a task has ended well\n"


def read(text: str) -> list[Failure]:
    return list(read_failures(dedent(text).splitlines()))


def only(text: str) -> Failure:
    found = read(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("line", "role", "instance", "text"),
    [
        ("worker-2  | boom", "worker", "worker-2", "boom"),
        ("[pod/crew-7d9f8b6c5d-x2x4z/app] boom", "app", "crew-7d9f8b6c5d-x2x4z", "boom"),
        ("2026-11-25T06:42:15.1234567Z stderr F boom", "", "", "boom"),
        ("Nov 25 06:42:15 host crew.service[812]: boom", "crew.service", "pid=812", "boom"),
        ("2026-11-25T06:42:15+00:00 app[worker.3]: boom", "worker", "worker.3", "boom"),
        ("06:42:15 web.1    | boom", "web", "web.1", "boom"),
        ("(run_crew pid=4711, ip=10.0.0.3) boom", "run_crew", "pid=4711, ip=10.0.0.3", "boom"),
        ("[2026-11-25 06:42:15,123: ERROR/ForkPoolWorker-3] boom", "", "ForkPoolWorker-3", "boom"),
        ("[2026-11-25 06:42:15 +0000] [77] [ERROR] boom", "", "pid=77", "boom"),
        ("2026-11-25 06:42:15.123 | ERROR    | app.crew:run:12 - boom", "", "", "boom"),
        ("2026-11-25T06:42:15.1234567Z ##[error]boom", "", "", "boom"),
        ("\x1b[31mERROR\x1b[0m: boom", "", "", "boom"),
        ("> > boom", "", "", "boom"),
        ("\u2502 boom                 \u2502", "", "", "boom"),
        ('{"level": "error", "service": "worker", "message": "boom", "pid": 7}', "worker", "pid=7", "boom"),
        (
            '{"log": "worker-1  | boom\\n", "stream": "stderr", "time": "2026-11-25T06:42:15Z"}',
            "worker",
            "worker-1",
            "boom",
        ),
    ],
)
def test_what_programs_put_before_a_line(line: str, role: str, instance: str, text: str):
    (found,) = told(line)
    assert (found.speaker.role, found.speaker.instance, found.text) == (role, instance, text)


def test_a_traceback_is_told_with_its_frames_and_without_the_value():
    failure = only(TRACE)
    (raised,) = failure.chain
    assert (raised.type, raised.status) == ("openai.AuthenticationError", 401)
    assert [frame.function for frame in raised.frames] == ["run", "request"]
    assert "invalid_api_key" in raised.body
    assert CANARY not in repr(failure)


def test_chained_exceptions_come_in_the_order_in_which_they_were_raised():
    failure = only("""\
        Traceback (most recent call last):
          File "a.py", line 1, in f
            g()
        KeyError: 'OPENAI_API_KEY'

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "a.py", line 3, in f
            raise RuntimeError from e
        RuntimeError: no crew

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "b.py", line 9, in main
            f()
        concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly
        """)
    assert [(r.type.rpartition(".")[2], r.link) for r in failure.chain] == [
        ("KeyError", Link.CAUSE),
        ("RuntimeError", Link.CONTEXT),
        ("BrokenProcessPool", None),
    ]


def test_members_of_a_group_are_told():
    failure = only("""\
          + Exception Group Traceback (most recent call last):
          |   File "a.py", line 1, in <module>
          |     run()
          | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
          +-+---------------- 1 ----------------
            | Traceback (most recent call last):
            |   File "a.py", line 5, in run
            |     ask()
            | ValueError: ANTHROPIC_API_KEY is required
            +------------------------------------
        """)
    assert [(r.type, r.message) for r in failure.chain][-1] == ("ValueError", "ANTHROPIC_API_KEY is required")


def test_an_exchange_tells_its_status_its_body_and_its_host():
    failure = only("""\
        POST https://user:pw@api.openai.com/v1/chat/completions?key=x HTTP/1.1
        HTTP/1.1 401 Unauthorized
        content-type: application/json

        {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
        """)
    assert (failure.status, failure.url) == (401, "https://api.openai.com/v1/chat/completions")
    assert json.loads(failure.body)["error"]["code"] == "invalid_api_key"


def interleaved(*names: str) -> str:
    """One traceback from each, line by line in turn, as Compose prints them."""
    return "".join(f"{name}  | {line}\n" for line in TRACE.splitlines() for name in names)


def test_interleaved_workers_are_told_apart():
    found = read(interleaved("worker-1", "worker-2", "web-1"))
    assert [(f.speaker.role, f.speaker.instance, f.chain[-1].status) for f in found] == [
        ("worker", "worker-1", 401), ("worker", "worker-2", 401), ("web", "web-1", 401),
    ]  # fmt: skip


def test_celery_names_the_process_in_the_first_line_only():
    log = "".join(
        f"worker-1  | [2026-11-25 06:42:{second:02}: ERROR/ForkPoolWorker-{n}] Task crew raised unexpected: E()\n"
        + "".join(f"worker-1  | {line}\n" for line in TRACE.splitlines())
        for second, n in enumerate((1, 2))
    )
    assert [f.speaker.instance for f in read(log)] == ["ForkPoolWorker-1", "ForkPoolWorker-2"]


def test_two_tracebacks_that_have_nothing_to_do_with_each_other_are_two_failures():
    assert len(read(TRACE + TRACE.replace("openai.Auth", "anthropic.Auth"))) == 2


@pytest.mark.parametrize("between", [0, 1, 30, 500])
def test_a_long_log_tells_what_a_short_one_does(between: int):
    log = "".join(NOISE * between + interleaved(f"worker-{n}", "web-1") for n in range(3))
    long = log + NOISE * (2 * SHORT // len(NOISE))
    found = [(f.speaker.instance, f.chain[-1].status) for f in read_failures(long.splitlines(keepends=True))]
    assert sorted(found) == sorted((f.speaker.instance, f.chain[-1].status) for f in read(log))
    assert len(found) == 6


@pytest.mark.parametrize("size", [1, 7, 4096, 10**7])
def test_it_does_not_matter_where_a_stream_is_cut(size: int):
    data = (NOISE * 900 + interleaved("worker-1", "worker-2") + NOISE * 900).encode()
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    assert [f.speaker.instance for f in read_failures(blocks)] == ["worker-1", "worker-2"]


def test_text_that_is_no_text_is_read():
    assert list(read_failures([b"\x00\xff\xfe Error \x80\n" * 3]))
    assert only(TRACE).chain == next(read_failures([TRACE.encode("utf-16")])).chain


WORDS = st.sampled_from([
    "Traceback (most recent call last):", '  File "a.py", line 1, in f', REFUSED, "ValueError: x", "worker-1  | ",
    "\n",
    "{", "}", '{"message": "', "'error': {", f"api_key={CANARY}", f"Bearer {CANARY}", " | ", "\u2502", "\x1b[31m",
    "\r",
    "During handling of the above exception, another exception occurred:", "  + Exception Group", "401", '"', "\x00",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=40).map("".join), st.booleans())
def test_no_text_breaks_the_reader_or_gives_a_key_away(text: str, long: bool):
    whole = text + NOISE * (2 * SHORT // len(NOISE)) if long else text
    assert CANARY not in "".join(map(repr, read_failures([whole.encode("utf-8", "surrogatepass")])))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes):
    list(read_failures([data]))
