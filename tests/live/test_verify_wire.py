"""What keyhop verify sends, to whom, and what it makes of a way that is not as it should be."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.programs import free_port
from live.verified import KEY, Verify, elsewhere, verify
from planting import plant
from testbed.loopback import Asked, Heard, Says, certificate, listening, serving, tunnelling

__all__ = ["elsewhere", "verify"]

MODELS = '{"object": "list", "data": []}'
WRONG = '{"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}'
LOCAL = ("--allow-host", "127.0.0.1")


def checks(asked: Asked) -> Says:
    good = asked.headers.get("authorization") == f"Bearer {KEY}"
    return Says(200, MODELS) if good else Says(401, WRONG)


@pytest.fixture
def openai(tmp_path: Path) -> Iterator[Heard]:
    """A server that shows a certificate for api.openai.com, of an authority that nobody knows."""
    with serving(checks, certificate=certificate(tmp_path, "api.openai.com")) as server:
        yield server


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


pytestmark = pytest.mark.usefixtures("key")


def because(found: dict[str, object]) -> str:
    (read,) = found["reads"]  # type: ignore[misc]
    assert read["verdict"] == "cannot tell"
    return str(read["because"])


# Whom a key goes to.


@pytest.mark.parametrize("path", ["/v1", "", "/api.openai.com/v1", "/v1?x=api.openai.com", "/v1#@api.openai.com"])
def test_a_base_url_of_no_provider_gets_no_key(path: str, verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as stranger:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{stranger.url}{path}")
        assert "no key is sent there" in because(verify.one("--require", "openai", status=5))
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://api.openai.com@127.0.0.1:{stranger.port}/v1")
        assert "no key is sent there" in because(verify.one("--require", "openai", status=5))
        for host in ("localhost", "127.0.0.1:1", "127.0.0.2", "api.openai.com"):
            assert "no key is sent there" in because(
                verify.one("--require", "openai", "--allow-host", host, status=5)
            )
    assert stranger.asked == []


def test_a_providers_host_gets_no_key_unencrypted(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://api.openai.com/v1")
    assert "unencrypted" in because(verify.one("--require", "openai", status=5))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int, verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as there, serving(lambda _: Says(status, "", {"Location": f"{there.url}/v1"})) as here:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{here.url}/v1")
        assert "sends to another host" in because(verify.one("--require", "openai", *LOCAL, status=5))
    assert (len(here.asked), there.asked) == (1, [])


def test_a_env_file_of_the_project_sends_no_key_anywhere(
    verify: Verify, elsewhere: Path, tmp_path: Path, openai: Heard, monkeypatch: pytest.MonkeyPatch
):
    """Not by an address, nor, where a tool has put the file into the environment, by a proxy and its authority."""
    with serving(checks) as stranger, tunnelling(openai.port) as proxy:
        own = {
            "HTTPS_PROXY": proxy.url,
            "SSL_CERT_FILE": str(tmp_path / "api.openai.com.pem"),
        }
        plant(
            elsewhere,
            {".env": "\n".join((f"OPENAI_BASE_URL={stranger.url}/v1", *(f"{n}={v}" for n, v in own.items())))},
        )
        verify.one("--require", "openai", status=5)
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        assert "project's file does not decide" in because(verify.one("--require", "openai", status=5))
        plant(elsewhere, {".env": "SSL_CERT_FILE=$PWD/authority.pem\n", "authority.pem": ""})
        monkeypatch.setenv("SSL_CERT_FILE", str(elsewhere / "authority.pem"))
        assert "project's file does not decide" in because(verify.one("--require", "openai", status=5))
    assert (stranger.asked, openai.asked, bytes(proxy.bytes)) == ([], [], b"")


def test_a_proxy_that_answers_in_the_providers_name_gets_no_key(
    verify: Verify, openai: Heard, monkeypatch: pytest.MonkeyPatch
):
    with tunnelling(openai.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert "certificate" in because(verify.one("--require", "openai", status=5))
        assert b"CONNECT api.openai.com:443" in proxy.bytes
    assert openai.asked == []
    assert not proxy.holds(KEY)


def test_a_proxy_that_would_read_along_is_sent_nothing(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as gate, serving(lambda _: Says(200, MODELS)) as proxy:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
            for excepted in ("", "10.0.0.0/8", "127.0.0.0/8"):
                monkeypatch.setenv("NO_PROXY", excepted)
                found = verify.one("--require", "openai", *LOCAL, status=5)
                assert "handed the key unencrypted" in because(found)
            monkeypatch.delenv(name)
        assert (gate.asked, proxy.asked) == ([], [])
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert verify.one("--require", "openai", *LOCAL, status=0)["verdict"] == "accepted"
    assert proxy.asked == []


def test_an_authority_that_the_process_trusts_and_its_proxy_are_used_and_said(
    verify: Verify, openai: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with tunnelling(openai.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:password-of-mine@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "api.openai.com.pem"))
        found = verify.one("--require", "openai", status=0)
        assert found["verdict"] == "accepted"
        assert (found["reads"][0]["proxy"], found["reads"][0]["trust"]) == (
            f"127.0.0.1:{proxy.port}", "SSL_CERT_FILE",
        )  # fmt: skip
        assert b"Proxy-Authorization: Basic " in proxy.bytes
        assert "password-of-mine" not in json.dumps(found) + verify.text("--live", "--require", "openai")
    assert not proxy.holds(KEY)


def test_a_model_that_is_not_open_to_a_good_key_is_named_from_the_same_answer(
    verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = certificate(tmp_path, "api.openai.com")
    models = json.dumps({"data": [{"id": "gpt-4o-mini"}, {"id": "gpt-4o"}]})
    with serving(lambda _: Says(200, models), certificate=file) as server, tunnelling(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        found = verify.one("--require", "openai/gpt-4o-mini", "openai/gpt-6-secret", status=1)
    assert [(each["about"], each["verdict"], each["lacks"]) for each in found["reads"]] == [
        ("key", "accepted", None), ("model", "accepted", None), ("model", "not allowed", "model"),
    ]  # fmt: skip
    assert (found["verdict"], len(server.asked)) == ("not allowed", 1)


@pytest.mark.parametrize(
    ("name", "id"),
    [("SSL_CERT_FILE", "azure"), ("REQUESTS_CA_BUNDLE", "openai"), ("AWS_CA_BUNDLE", "openai")],
)
def test_authorities_are_those_that_the_services_client_trusts(
    name: str, id: str, verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """azure-ai-inference heeds no SSL_CERT_FILE, and clients built on httpx nothing else."""
    monkeypatch.setenv("AZURE_API_KEY", "a1" * 16)
    monkeypatch.setenv("AZURE_ENDPOINT", "https://api.openai.com")
    file = certificate(tmp_path, "api.openai.com")
    right = "REQUESTS_CA_BUNDLE" if id == "azure" else "SSL_CERT_FILE"
    with serving(lambda _: Says(200, MODELS), certificate=file) as server, tunnelling(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv(name, str(file))
        allowed = ("--allow-host", "api.openai.com")
        assert "certificate" in because(verify.one("--require", id, *allowed, status=5))
        monkeypatch.setenv(right, str(file))
        read = verify.one("--require", id, *allowed)["reads"][0]
    assert (read["status"], read["trust"]) == (200, right)


# Ways that lead nowhere.


def test_a_file_of_authorities_that_is_not_there_is_named(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authority.pem")
    assert "SSL_CERT_FILE names a file" in because(verify.one("--require", "openai", status=5))


def silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def dropping(connection: socket.socket) -> None:
    connection.recv(65536)


def slow(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n")
    for _ in range(300):
        connection.sendall(b" ")
        time.sleep(0.1)


def babbling(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"220 mail.example ready\r\n")


SOCKETS = {
    "silent": (silent, "does not answer in time"),
    "dropping": (dropping, "breaks the connection off"),
    "slow": (slow, "does not answer in time"),
    "babbling": (babbling, "speaks no HTTP"),
}


@pytest.mark.parametrize("kind", SOCKETS)
@pytest.mark.parametrize("by_proxy", [False, True], ids=["straight", "as a proxy"])
def test_what_does_not_answer_says_nothing_of_a_key_and_is_not_waited_for(
    kind: str, by_proxy: bool, verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    speaks, words = SOCKETS[kind]
    with listening(speaks) as server:
        monkeypatch.setenv(*(("HTTPS_PROXY", server.url) if by_proxy else ("OPENAI_BASE_URL", f"{server.url}/v1")))
        began = time.monotonic()
        found = verify("--live", "--timeout", "1", "--require", "openai", *LOCAL, status=5)["credentials"][0]
        assert time.monotonic() - began < 4
        told = because(found)
    assert by_proxy or words in told
    assert not by_proxy or not server.holds(KEY)


def test_nobody_listening_is_told_from_a_name_that_is_not_there(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")
    assert "nobody listens" in because(verify.one("--require", "openai", *LOCAL, status=5))
    monkeypatch.setenv("OPENAI_BASE_URL", "https://no-such-host.invalid/v1")
    found = verify.one("--require", "openai", "--allow-host", "no-such-host.invalid", status=5)
    assert "no-such-host.invalid is not found" in because(found)


def test_tls_where_none_is_spoken_and_none_where_it_is(
    verify: Verify, openai: Heard, monkeypatch: pytest.MonkeyPatch
):
    with serving(checks) as plain:
        monkeypatch.setenv("OPENAI_BASE_URL", f"https://127.0.0.1:{plain.port}/v1")
        assert "speaks no TLS" in because(verify.one("--require", "openai", *LOCAL, status=5))
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{openai.port}/v1")
    because(verify.one("--require", "openai", *LOCAL, status=5))
    assert (plain.asked, openai.asked) == ([], [])


PROXIES = {
    "refused with 407": (407, "wants a credential of its own"),
    "refused with 401": (401, "refuses to connect"),
    "refused with 403": (403, "refuses to connect"),
}


@pytest.mark.parametrize("kind", PROXIES)
def test_a_proxy_that_refuses_is_no_provider_that_rejects(kind: str, verify: Verify, monkeypatch: pytest.MonkeyPatch):
    status, words = PROXIES[kind]
    with serving(lambda _: Says(status, WRONG)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert words in because(verify.one("--require", "openai", status=5))
    assert [each.method for each in proxy.asked] == ["CONNECT"]
    assert not proxy.holds(KEY)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "https://127.0.0.1:9", "http://127.0.0.1:no"])
def test_a_proxy_that_is_not_understood_is_not_passed_by(proxy: str, verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}/v1")
        monkeypatch.setenv("ALL_PROXY", proxy)
        assert "ALL_PROXY" in because(verify.one("--require", "openai", *LOCAL, status=5))
    assert gate.asked == []


def test_a_dead_proxy_is_named(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    port = free_port()
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    assert f"the proxy 127.0.0.1:{port} of https_proxy" in because(verify.one("--require", "openai", status=5))


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("/v1", "/v1/models"),
        ("/v1/", "/v1/models"),
        ("/v1 ", "/v1/models"),
        ("", "/models"),
        ("/x/v1", "/x/v1/models"),
    ],
)
def test_a_base_url_is_followed_as_clients_follow_it(
    base: str, path: str, verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    with serving(checks) as gate:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gate.url}{base}")
        verify.one("--require", "openai", *LOCAL)
    assert {each.path for each in gate.asked} == {path}


def test_an_address_without_a_scheme_is_none(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "127.0.0.1:9/v1")
    assert "no address" in because(verify.one("--require", "openai", *LOCAL, status=5))
