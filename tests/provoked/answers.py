"""What a provider says to a request: by the situation that the path of the base URL names.

``http://127.0.0.1:PORT/openai-401/v1`` is a provider that rejects every key as OpenAI does. The bodies are written
after each provider's reference of errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


def _openai(message: str, code: str | None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _anthropic(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011CTest"}


def _azure(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_RATE = (
    "Rate limit reached for gpt-4o in organization org-test on requests per min (RPM): Limit 3, Used 3, Requested 1."
)
_AZURE_401 = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
    "active subscription and use a correct regional API endpoint for your resource."
)
_AZURE_404 = (
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, "
    "please wait a moment and try again."
)
_PROXY = "<html><head><title>407 Proxy Authentication Required</title></head><body>squid</body></html>"
_GEMINI = {
    "error": {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"},
            }
        ],
    }
}
_EXPIRED = {"message": "The security token included in the request is expired"}
_UNRECOGNISED = {"message": "The security token included in the request is invalid."}
_COMPLETION = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 0,
    "model": "gpt-4o",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Final Answer: 4"}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}

ANSWERS: dict[str, tuple[int, dict[str, Any] | str, dict[str, str]]] = {
    "good": (200, _COMPLETION, {}),
    "openai-401": (
        401,
        _openai(
            "Incorrect API key provided: {key}. You can find your API key at "
            "https://platform.openai.com/account/api-keys.",
            "invalid_api_key",
        ),
        {"x-request-id": "req_401"},
    ),
    "openai-403": (
        403,
        _openai(
            "Country, region, or territory not supported", "unsupported_country_region_territory", "request_forbidden"
        ),
        {},
    ),
    "openai-404": (
        404,
        _openai("The model `gpt-4o` does not exist or you do not have access to it.", "model_not_found"),
        {},
    ),
    "openai-quota": (429, _openai(_QUOTA, "insufficient_quota", "insufficient_quota"), {}),
    "openai-rate": (429, _openai(_RATE, "rate_limit_exceeded", "requests"), {}),
    "openai-500": (500, _openai("The server had an error while processing your request.", None, "server_error"), {}),
    "anthropic-401": (401, _anthropic("authentication_error", "invalid x-api-key"), {}),
    "anthropic-403": (
        403,
        _anthropic("permission_error", "Your API key does not have permission to use the specified resource."),
        {},
    ),
    "anthropic-404": (404, _anthropic("not_found_error", "model: claude-sonnet-4-5"), {}),
    "anthropic-credit": (
        400,
        _anthropic(
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or "
            "purchase credits.",
        ),
        {},
    ),
    "anthropic-429": (
        429,
        _anthropic("rate_limit_error", "This request would exceed your organization's rate limit."),
        {},
    ),
    "azure-401": (401, _azure("401", _AZURE_401), {}),
    "azure-403": (
        403,
        _azure("403", "Access denied due to Virtual Network/Firewall rules."),
        {},
    ),
    "azure-404": (404, _azure("DeploymentNotFound", _AZURE_404), {}),
    "azure-429": (
        429,
        _azure("429", "Requests to the Chat Completions Operation have exceeded the rate limit."),
        {"retry-after": "0"},
    ),
    "azure-version": (404, _azure("404", "Resource not found"), {}),
    "azure-unsupported-version": (400, _azure("BadRequest", "API version not supported"), {}),
    "gemini-400": (400, _GEMINI, {}),
    "bedrock-invalid": (403, _UNRECOGNISED, {"x-amzn-errortype": "UnrecognizedClientException"}),
    "bedrock-expired": (403, _EXPIRED, {"x-amzn-errortype": "ExpiredTokenException"}),
    "groq-401": (401, _openai("Invalid API Key", "invalid_api_key"), {}),
    "proxy-407": (407, _PROXY, {"content-type": "text/html", "proxy-authenticate": 'Basic realm="squid"'}),
    "mcp-401": (
        401,
        {"error": "invalid_token", "error_description": "Authentication required"},
        {"www-authenticate": "Bearer"},
    ),
}
"""Status, body and headers. ``{key}`` in a body is the key that was sent, as OpenAI's servers mask it."""
_NOWHERE = (404, _openai("Invalid URL (POST /chat/completions)", None), {})
"""To a base URL without a version."""


@contextmanager
def provider() -> Iterator[str]:
    """The address of a provider of all situations, which is gone afterwards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(*ANSWERS.get(self.path.split("/")[1], _NOWHERE))

        do_GET = do_POST

        def do_CONNECT(self) -> None:
            self._say(*ANSWERS["proxy-407"])

        def _say(self, status: int, said: dict[str, Any] | str, headers: dict[str, str]) -> None:
            sent = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            text = said if isinstance(said, str) else json.dumps(said).replace("{key}", _starred(sent))
            body = text.encode()
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                **headers,
                "content-length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is no matter."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _starred(key: str) -> str:
    """As OpenAI shows a key: its beginning, stars and its last four characters."""
    return json.dumps(f"{key[:8]}{'*' * 20}{key[-4:]}" if len(key) > 16 else key)[1:-1]
