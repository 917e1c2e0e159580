"""A provider on this machine that speaks OpenAI's chat protocol, checks the key and answers from a table.

It answers one question at a time and streams nothing. What it says to a wrong key is what OpenAI says:
bodies recorded from api.openai.com (2026).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from types import TracebackType
from typing import Any, TypeAlias

Answer: TypeAlias = Callable[[str], str]
"""From all that was asked, system prompt included, to what the model says."""

_WITHOUT_KEY = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
    "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the "
    "API from your browser and are prompted for a username and password. You can obtain an API key from "
    "https://platform.openai.com/account/api-keys."
)
_WRONG_KEY = (
    "Incorrect API key provided: {masked}. You can find your API key at https://platform.openai.com/account/api-keys."
)


class LoopbackProvider:
    """Serves on a free port of 127.0.0.1 while it is entered."""

    def __init__(self, key: str, answer: Answer) -> None:
        self._expected = f"Bearer {key}"
        self._answer = answer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, name="loopback provider", daemon=True)
        self._numbers = count(1)

    @property
    def url(self) -> str:
        """The base URL, as ``OPENAI_BASE_URL`` wants it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> LoopbackProvider:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, path: str, authorization: str | None, question: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and the body for one POST."""
        given = (authorization or "").strip()
        if given in ("", "Bearer"):
            return 401, _error(_WITHOUT_KEY, code=None)
        if not compare_digest(given.encode(), self._expected.encode()):
            return 401, _error(_WRONG_KEY.format(masked=_masked(given)), code="invalid_api_key")
        if path != "/v1/chat/completions":
            return 404, _error(f"Invalid URL (POST {path})", code=None)
        asked = "\n".join(str(message.get("content", "")) for message in question.get("messages", ()))
        return 200, _completion(next(self._numbers), str(question.get("model", "")), self._answer(asked))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, content = provider.reply(self.path, self.headers.get("Authorization"), json.loads(asked))
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Says nothing: stderr is the command's."""

        return Handler


def _error(message: str, *, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


def _masked(authorization: str) -> str:
    """As much of a key as OpenAI shows, less its end: the kind of the key, and stars."""
    key = authorization.removeprefix("Bearer ")
    return f"{'sk-' if key.startswith('sk-') else ''}****"


def _completion(number: int, model: str, text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }
