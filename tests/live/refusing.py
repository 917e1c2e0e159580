"""A provider that takes no key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def refusing() -> Iterator[str]:
    """A provider that refuses every key as OpenAI does, and gives its answer a request id."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            said = {"message": f"Incorrect API key provided: {given}.", "type": "x", "code": "invalid_api_key"}
            body = json.dumps({"error": said}).encode()
            self.send_response(401)
            for name, value in (("Content-Type", "application/json"), ("x-request-id", "req_0123456789")):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
