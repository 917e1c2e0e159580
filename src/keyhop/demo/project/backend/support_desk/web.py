"""The web process: takes tickets for the workers, and drafts a reply at once for a clerk who waits."""

import json
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support_desk.crew import answer
from support_desk.inbox import Inbox
from support_desk.tickets import Ticket


class Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ticket = Ticket(**json.loads(body))
        if self.path == "/tickets":
            Inbox().put(ticket)
            self._send(202, {"queued": ticket.id})
        elif self.path == "/drafts":
            self._send(200, asdict(answer(ticket)))
        else:
            self._send(404, {"error": "not found"})

    def do_GET(self) -> None:
        self._send(200, [asdict(reply) for reply in Inbox().replies()])

    def _send(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", 8000), Desk).serve_forever()
