"""Servers on this machine that keep all that they are sent: gates, and proxies on the way to them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    """Their names in small letters."""
    body: bytes


class Says(NamedTuple):
    """What is answered."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = {}  # noqa: RUF012


Speaks = Callable[[Asked], Says]


class Heard:
    """What a server was sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(url.rpartition(":")[2])
        self.asked: list[Asked] = []
        self.bytes = bytearray()
        """All that came in, of a server that does not speak HTTP."""

    def holds(self, secret: str) -> bool:
        return secret in repr(self.asked) or secret.encode() in self.bytes


@contextmanager
def serving(speaks: Speaks, *, certificate: Path | None = None) -> Iterator[Heard]:
    """A server that answers so; with TLS where it has a certificate."""
    heard: Heard

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            heard.asked.append(asked)
            says = speaks(asked)
            data = says.body.encode()
            self.send_response(says.status)
            for name, value in {
                "Content-Type": "application/json", **says.headers, "Content-Length": str(len(data)),
            }.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_CONNECT = _answer

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is no matter."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    heard = Heard(f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def listening(then: Callable[[socket.socket], None]) -> Iterator[Heard]:
    """A socket that is no server of HTTP: each connection is handed to `then`."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        heard = Heard(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def work() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    Thread(target=kept, args=(connection,), daemon=True).start()

        def kept(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                then(Recorded(connection, heard.bytes))  # type: ignore[arg-type]

        Thread(target=work, daemon=True).start()
        yield heard


class Recorded:
    """A connection of which all that comes in is kept."""

    def __init__(self, connection: socket.socket, kept: bytearray) -> None:
        self._connection, self._kept = connection, kept

    def recv(self, size: int) -> bytes:
        data = self._connection.recv(size)
        self._kept += data
        return data

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@contextmanager
def tunnelling(to: int) -> Iterator[Heard]:
    """A proxy that connects every tunnel to this machine's port `to`, and keeps all that it is sent."""

    def tunnel(client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (data := client.recv(65536)):
            head += data
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with closing(socket.create_connection(("127.0.0.1", to))) as server:
            back = Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    with listening(tunnel) as heard:
        yield heard


def certificate(where: Path, *names: str) -> Path:
    """A certificate of its own for these hosts, with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = where / f"{names[0]}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
