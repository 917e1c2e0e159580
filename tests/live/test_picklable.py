"""Errors of real SDKs, raised by a provider's real answer, on their way to another process."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

import keyhop
from provoked.answers import provider
from provoked.rows import KEY

openai = pytest.importorskip("openai", reason="openai is not installed")
FORK = multiprocessing.get_context("fork")
PATIENCE = 60


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with provider() as address:
        yield address


def ask_openai(url: str, situation: str = "openai-401") -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/{situation}/v1", max_retries=0)
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "?"}])


def ask_anthropic(url: str) -> None:
    anthropic = pytest.importorskip("anthropic")
    client = anthropic.Anthropic(api_key=KEY, base_url=f"{url}/anthropic-401", max_retries=0)
    client.messages.create(model="claude-sonnet-4-5", max_tokens=9, messages=[{"role": "user", "content": "?"}])


def ask_gemini(url: str) -> None:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key=KEY, http_options={"base_url": f"{url}/gemini-400"})
    client.models.generate_content(model="gemini-2.5-flash", contents="?")


def ask_bedrock(url: str) -> None:
    boto3 = pytest.importorskip("boto3")
    told = {"aws_access_key_id": "AKIA" + "Q7WE2RT9YU4IOP1A", "aws_secret_access_key": KEY}
    client = boto3.client("bedrock-runtime", "us-east-1", endpoint_url=f"{url}/bedrock-invalid", **told)
    client.converse(modelId="anthropic.claude-3", messages=[{"role": "user", "content": [{"text": "?"}]}])


def ask_azure(url: str) -> None:
    inference = pytest.importorskip("azure.ai.inference")
    from azure.core.credentials import AzureKeyCredential

    client = inference.ChatCompletionsClient(f"{url}/azure-401", AzureKeyCredential(KEY))
    client.complete(messages=[{"role": "user", "content": "?"}])


EVERY = (ask_openai, ask_anthropic, ask_gemini, ask_bedrock, ask_azure)
each_sdk = pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.__name__.removeprefix("ask_"))


def raised(ask: Callable[..., None], *arguments: Any) -> BaseException:
    try:
        ask(*arguments)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def carried(ask: Callable[..., None], *arguments: Any) -> None:
    """The work of a worker that raises what survives."""
    try:
        ask(*arguments)
    except Exception as error:
        raise keyhop.picklable(error)  # noqa: B904 - as the documentation shows it


@each_sdk
def test_a_copy_is_the_same_error_as_far_as_handlers_look(ask: Callable[..., None], url: str) -> None:
    error = raised(ask, url)
    copy: Any = pickle.loads(pickle.dumps(keyhop.picklable(error)))
    assert isinstance(copy, type(error))
    assert (type(copy).__module__, type(copy).__name__) == (type(error).__module__, type(error).__name__)
    assert copy.status_code in (400, 401, 403)
    for name in ("code", "request_id", "message", "reason"):
        assert getattr(copy, name, None) or not isinstance(getattr(error, name, None), (str, int))


def test_a_copy_keeps_status_code_message_request_id_and_answer(url: str) -> None:
    error: Any = raised(ask_openai, url)
    copy: Any = pickle.loads(pickle.dumps(keyhop.picklable(error)))
    assert (copy.status_code, copy.code, copy.request_id) == (401, "invalid_api_key", "req_401")
    assert "Incorrect API key provided" in str(copy)
    assert copy.body["code"] == "invalid_api_key"
    assert (copy.response.status_code, copy.response.headers["x-request-id"]) == (401, "req_401")
    assert "ask_openai" in str(copy.__cause__)


def test_a_copy_may_travel_on(url: str) -> None:
    first = pickle.loads(pickle.dumps(keyhop.picklable(raised(ask_openai, url))))
    second = pickle.loads(pickle.dumps(first))
    assert type(second) is type(first)
    assert keyhop.picklable(second) is second
    assert pickle.loads(pickle.dumps(type(first))) is type(first)


def test_a_pool_gets_the_providers_answer_instead_of_waiting_for_ever(url: str) -> None:
    with FORK.Pool(1) as pool, pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        pool.apply_async(carried, (ask_openai, url)).get(PATIENCE)


def test_an_executor_gets_the_providers_answer_instead_of_breaking(url: str) -> None:
    with ProcessPoolExecutor(1, FORK) as pool:
        with pytest.raises(openai.AuthenticationError) as found:
            pool.submit(carried, ask_openai, url).result(PATIENCE)
        assert found.value.status_code == 401
        assert pool.submit(int, "4").result(PATIENCE) == 4


def test_a_process_without_the_sdk_gets_the_nearest_class_above(url: str) -> None:
    code = (
        "import pickle, sys; sys.modules['openai'] = None\n"
        "error = pickle.load(sys.stdin.buffer)\n"
        "print(type(error).__module__, type(error).__name__, type(error).__mro__[2].__name__)\n"
        "print(error.status_code, error.code, 'Incorrect API key' in str(error))\n"
    )
    sent = pickle.dumps(keyhop.picklable(raised(ask_openai, url)))
    said = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True).stdout.decode()
    assert said.split() == ["openai", "AuthenticationError", "Exception", "401", "invalid_api_key", "True"]


class Picky(RuntimeError):
    """Made by no means that pickle knows."""

    def __init__(self, *, reason: str, client: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.client = client


def test_plain_attributes_travel_and_clients_stay_behind() -> None:
    error = Picky(reason="no", client=object())
    error.limits = {"per minute": 3, "names": ["a"]}  # type: ignore[attr-defined]
    copy: Any = pickle.loads(pickle.dumps(keyhop.picklable(error)))
    assert isinstance(copy, Picky)
    assert (copy.reason, copy.limits, hasattr(copy, "client")) == ("no", {"per minute": 3, "names": ["a"]}, False)


@pytest.mark.parametrize(
    "error", [OSError(2, "no", "/x"), KeyError("K"), UnicodeDecodeError("utf-8", b"x", 0, 1, "no")]
)
def test_built_in_errors_keep_class_and_words(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(keyhop.picklable(error)))
    assert isinstance(copy, type(error))
    assert str(copy) == str(error)


def test_notes_causes_and_circles_travel_as_text() -> None:
    error = RuntimeError("second")
    error.__notes__ = ["mind the gap"]  # type: ignore[attr-defined]
    error.__cause__ = error
    error.__context__ = ValueError("first")
    copy = pickle.loads(pickle.dumps(keyhop.picklable(error)))
    assert copy.__notes__ == ["mind the gap"]
    assert "second" in str(copy.__cause__)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="groups came with 3.11")
def test_groups_keep_their_members(url: str) -> None:
    group = ExceptionGroup("all", [raised(ask_openai, url), KeyError("K")])  # noqa: F821
    copy: Any = pickle.loads(pickle.dumps(keyhop.picklable(group)))
    assert [type(each).__name__ for each in copy.exceptions] == ["AuthenticationError", "KeyError"]


def test_no_key_travels(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one by its shape, nor one that only this process's environment tells."""
    own = "Plain" + "WordsThatLookLikeNothing"
    monkeypatch.setenv("CORP_GATEWAY_TOKEN", own)
    error = raised(ask_openai, url)
    error.__notes__ = [f"sent {KEY} and {own}"]  # type: ignore[attr-defined]
    error.__context__ = ValueError(f"Illegal header value b'Bearer {KEY}\\n' {own}")
    error.hint = {"used": own}  # type: ignore[attr-defined]
    sent = pickle.dumps(keyhop.picklable(error))
    assert KEY[8:].encode() not in sent
    assert own.encode() not in sent
