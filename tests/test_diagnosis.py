"""What is made of failures: the root before its wrapper, equal ones counted, others kept apart, doubts told."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keyhop.causes import Cause, Family
from keyhop.diagnosis import Diagnosis, diagnose
from keyhop.finding import Certainty
from keyhop.text.logs import read_failures

REFUSED = (
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: "
    "sk-proj-****3fQA. You can "
    "find your API key at https://platform.openai.com/account/api-keys.', 'code': 'invalid_api_key'}}"
)
TRACE = 'Traceback (most recent call last):\n  File "/app/run.py", line 3, in <module>\n    go()\n'


def told(text: str) -> tuple[Diagnosis, ...]:
    return diagnose(read_failures(dedent(text).splitlines(keepends=True)))


def test_the_root_of_a_chain_decides() -> None:
    (found,) = told(
        f"""
        {TRACE.replace(chr(10), chr(10) + " " * 8)}
        httpx.LocalProtocolError: Illegal header value b'Bearer ***\\n'

        The above exception was the direct cause of the following exception:

        {TRACE.replace(chr(10), chr(10) + " " * 8)}
        openai.APIConnectionError: Connection error.
        """
    )
    assert (found.cause, found.certainty, found.provider) == (Cause.CONTAMINATED_VALUE, Certainty.CERTAIN, "openai")
    assert found.masked_by == ("APIConnectionError",)
    assert "Illegal header value" in found.evidence[0].text


def test_a_connection_error_without_its_root_is_left_open() -> None:
    (found,) = told("openai.APIConnectionError: Connection error.")
    assert found.certainty is Certainty.POSSIBLE
    assert Cause.CONTAMINATED_VALUE in found.alternatives
    assert "the line that says so is not in the text" in found.cannot_tell[0]
    assert "keyhop verify --live --require openai" in found.next


def test_the_body_decides_before_class_and_status() -> None:
    (quota,) = told(
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'You exceeded your current "
        "quota', 'type': "
        "'insufficient_quota'}}"
    )
    assert (quota.cause, quota.cause.family) == (Cause.QUOTA_NOT_AUTH, Family.NOT_AUTH)
    (invalid,) = told("litellm.BadRequestError: GroqException - {'error': {'message': 'Invalid API Key'}}")
    assert (invalid.cause, invalid.provider) == (Cause.INVALID_KEY, "groq")


def test_a_broken_pool_is_a_consequence_of_what_its_worker_wrote() -> None:
    broken = "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly."
    (alone,) = told(f"{TRACE}{broken}")
    assert alone.certainty is Certainty.POSSIBLE
    assert alone.cannot_tell
    assert alone.next
    (explained,) = told(f"{TRACE}{REFUSED}\n\n{TRACE}{broken}")
    assert explained.cause is Cause.INVALID_KEY
    assert "BrokenProcessPool" in explained.masked_by


def test_equal_failures_of_many_workers_are_one() -> None:
    lines = [f"worker-{n % 3 + 1}  | {REFUSED}" for n in range(60)]
    lines += ["worker-4  | RuntimeError: no work"]
    (found,) = told("\n".join(lines))
    assert (found.process, found.count, found.peers) == ("worker", 60, 4)
    assert found.instances == ("worker-1", "worker-2", "worker-3")


def test_two_credentials_in_one_log_are_two_diagnoses() -> None:
    found = told(
        f"worker-1  | {REFUSED}\n"
        "worker-1  | langsmith.utils.LangSmithAuthError: Authentication failed for "
        "https://api.smith.langchain.com/runs"
    )
    assert [(each.cause, each.provider) for each in found] == [
        (Cause.INVALID_KEY, "openai"),
        (Cause.TOOL_CREDENTIAL, "langsmith"),
    ]


def test_who_else_asks_for_a_key_is_not_the_provider() -> None:
    for text in (
        "redis.exceptions.AuthenticationError: NOAUTH Authentication required.",
        (
            "RuntimeError: Failed to connect to Ray at address: http://127.0.0.1:8265. Request failed with status "
            "code 401: Unauthorized"
        ),
        'Failed to pull image "registry.example.com/crew:1": no basic auth credentials',
    ):
        (found,) = told(text)
        assert (found.cause.family, found.certainty is Certainty.CERTAIN) == (Family.NOT_AUTH, False), text


def test_a_missing_key_is_missing_here_and_perhaps_elsewhere() -> None:
    (found,) = told(f"{TRACE}ValueError: OPENAI_API_KEY is required")
    assert (found.cause, found.provider, found.names) == (Cause.MISSING_IN_PROCESS, "openai", ("OPENAI_API_KEY",))
    assert Cause.MISSING_EVERYWHERE in found.alternatives
    assert found.certainty is not Certainty.CERTAIN
    assert found.cannot_tell == ("whether another process, or the shell, has the key", found.cannot_tell[1])


def test_the_service_behind_a_tool_is_told_apart() -> None:
    (found,) = told("KeyError: 'SERPER_API_KEY'")
    assert (found.cause, found.provider) == (Cause.TOOL_CREDENTIAL, "serper")
    assert Cause.MISSING_IN_PROCESS in found.alternatives


def test_what_is_no_failure_is_not_explained() -> None:
    assert told("2026-01-01 10:00:00 INFO started\n") == ()
    assert told("") == ()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            "groq.AuthenticationError: Error code: 401 - {'error': {'message': 'Invalid API Key'}}",
            "keyhop verify --live --require groq",
        ),
        ("ValueError: OPENAI_API_KEY is required", "keyhop check --shell"),
    ],
)
def test_who_knows_most_is_asked_next(text: str, command: str) -> None:
    """Of a refused key that is the provider; of a missing one the project."""
    assert command in told(text)[0].next
