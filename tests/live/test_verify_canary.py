"""A key goes to its provider alone, and no word of it is in what keyhop verify says, keeps or raises."""

from __future__ import annotations

import json
import logging
import pickle
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.programs import free_port
from keyhop import verification_json, verification_text
from keyhop.commands import main
from keyhop.text.sealed import Sealed
from keyhop.verifying import Asking, verify
from keyhop.wanted import wanted
from live.test_guard_canary import CANARY, HELD, is_clean
from live.verified import elsewhere
from testbed.loopback import Asked, Says, certificate, serving, tunnelling

__all__ = ["elsewhere"]

LOCAL = ("--allow-host", "127.0.0.1")


def echo(asked: Asked) -> Says:
    """A careless server repeats all that it is sent, as it is and as others write it."""
    sent = asked.headers.get("authorization", "").removeprefix("Bearer ")
    told = (sent, repr(asked), b64encode(sent.encode()).decode(), sent.encode().hex(), sent[::-1])
    body = {"error": {"message": f"Incorrect API key provided: {' '.join(told)}", "code": sent, "type": sent}}
    headers = {"x-request-id": sent, "www-authenticate": f'Bearer realm="{sent}"', "Location": f"https://{sent}.x/"}
    return Says(STATUS, json.dumps(body), headers)


STATUS = 401
STATUSES = (200, 302, 400, 401, 403, 404, 407, 429, 500)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("format", ["text", "json"])
def test_no_report_repeats_what_a_server_says(
    status: int, format: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    monkeypatch.setattr(f"{__name__}.STATUS", status)
    caplog.set_level(logging.DEBUG)
    with serving(echo) as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://user:{CANARY}@127.0.0.1:{server.port}/v1")
        assert main(["verify", "--live", "--require", "openai", "--format", format, *LOCAL]) in (0, 1, 5)
    assert len(server.asked) in (1, 2)
    assert server.holds(CANARY)
    said = capfd.readouterr()
    assert "OPENAI_API_KEY" in said.out
    assert is_clean((said.out + said.err + caplog.text).encode())


@pytest.mark.parametrize("how", HELD)
def test_a_value_of_any_form_stays_where_it_is(
    how: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SERPER_API_KEY", "AZURE_API_KEY", "AWS_ACCESS_KEY_ID",
                 "AWS_SECRET_ACCESS_KEY", "OPENAI_BASE_URL", "AZURE_ENDPOINT", "MODEL", "AWS_DEFAULT_REGION",
                 "AZURE_API_VERSION", "AZURE_OPENAI_DEPLOYMENT", "HTTPS_PROXY", "SSL_CERT_FILE"):  # fmt: skip
        monkeypatch.setenv(name, HELD[how])
    for words in ((), ("--live", "--timeout", "2"), ("--live", "--timeout", "2", "--", "true")):
        assert main(["verify", *words]) in ((0, 5, 78) if how == "sound" else (1, 78))
    said = capfd.readouterr()
    assert "OPENAI_API_KEY" in said.out
    assert is_clean((said.out + said.err).encode())


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a dead proxy": lambda patch: patch.setenv("HTTPS_PROXY", f"http://u:{CANARY}@127.0.0.1:{free_port()}"),
    "a proxy of another kind": lambda patch: patch.setenv("ALL_PROXY", f"socks5://u:{CANARY}@127.0.0.1:9"),
    "no authority": lambda patch: patch.setenv("SSL_CERT_FILE", f"/no/{CANARY}.pem"),
    "no address": lambda patch: patch.setenv("OPENAI_BASE_URL", CANARY),
    "an address in words": lambda patch: patch.setenv("OPENAI_BASE_URL", f"https://{CANARY} {CANARY}/v1"),
    "a fault of keyhop": lambda patch: patch.setattr("keyhop.exchange.proxy_for", _fails),
}


def _fails(*_: object) -> None:
    raise RuntimeError(CANARY)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_goes_wrong_on_the_way_says_nothing_of_it(
    fault: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    FAULTS[fault](monkeypatch)
    assert main(["verify", "--live", "--timeout", "3", "--require", "openai"]) in (4, 5)
    said = capfd.readouterr()
    assert is_clean((said.out + said.err).encode())


def test_nothing_that_is_kept_holds_it(monkeypatch: pytest.MonkeyPatch):
    with serving(echo) as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        found = verify(wanted(("openai",)), Asking(live=True, allowed=("127.0.0.1",)))
    assert found.verified[0].reads
    for each in (found, *found.verified, *found.verified[0].reads):
        assert is_clean(f"{each!s}{each!r}".encode())
        assert is_clean(pickle.dumps(each))
    assert is_clean(verification_text.render(found).encode() + verification_json.render(found).encode())


EVIL = "evil.example"


@pytest.mark.parametrize(
    "base",
    [
        "https://evil.example/v1",
        "https://evil.example",
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com@evil.example/v1",
        "https://api.openai.com:443@evil.example/v1",
        "https://evil.example#api.openai.com/v1",
        "https://evil.example?api.openai.com",
        "https://evil.example\\@api.openai.com/v1",
        "https://evil.example\\.api.openai.com/v1",
        "https://evil.example/.api.openai.com",
        "HTTPS://EVIL.EXAMPLE/v1",
        "//evil.example/v1",
        "https:evil.example",
        "https://[::ffff:127.0.0.1]/v1",
        "https://evil.example\t.api.openai.com/v1",
        "https://evil.example\n.api.openai.com/v1",
        "https://evil.example%2f.api.openai.com/v1",
    ],
)
def test_a_hostile_address_never_gets_a_key(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every host leads to a server whose certificate is trusted: only keyhop is between it and the key."""
    file = certificate(tmp_path, EVIL, "api.openai.com.evil.example", "*.api.openai.com", "x")
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("OPENAI_BASE_URL", base)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(lambda _: Says(200, "{}"), certificate=file) as server, tunnelling(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert main(["verify", "--live", "--timeout", "3", "--require", "openai"]) == 5
    assert server.asked == []
    assert not proxy.holds(CANARY)


@pytest.mark.parametrize(
    ("name", "value", "id", "key"),
    [
        ("AWS_DEFAULT_REGION", "evil.example/", "bedrock", "AWS_BEARER_TOKEN_BEDROCK"),
        ("AWS_DEFAULT_REGION", "x.evil.example#", "bedrock", "AWS_BEARER_TOKEN_BEDROCK"),
        ("AZURE_ENDPOINT", "https://evil.example/x.openai.azure.com", "azure", "AZURE_API_KEY"),
        ("AZURE_ENDPOINT", "https://evil.example?.openai.azure.com", "azure", "AZURE_API_KEY"),
        ("DATABRICKS_HOST", "evil.example/.cloud.databricks.com", "databricks", "DATABRICKS_TOKEN"),
        ("QDRANT_URL", "https://evil.example", "qdrant", "QDRANT_API_KEY"),
        ("OLLAMA_HOST", "evil.example", "ollama", "OLLAMA_API_KEY"),
    ],
)
def test_what_is_put_into_an_address_leads_nowhere_else(
    name: str, value: str, id: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = certificate(tmp_path, EVIL, "*.evil.example")
    for each in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(each, str(file))
    monkeypatch.setenv(name, value)
    monkeypatch.setenv(key, CANARY)
    with serving(lambda _: Says(200, "{}"), certificate=file) as server, tunnelling(server.port) as proxy:
        for each in ("HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(each, proxy.url)
        assert main(["verify", "--live", "--timeout", "3", "--require", id]) in (1, 5)
    assert server.asked == []
    assert not proxy.holds(CANARY)


def test_a_sealed_key_is_not_shown_by_the_parts_of_a_request():
    from keyhop.catalogue import provider
    from keyhop.gates import gate

    service = provider("openai")
    assert service is not None
    assert service.probe is not None
    made = gate(service, service.probe, {"OPENAI_BASE_URL": f"https://u:{CANARY}@api.openai.com/v1"}, names=())
    assert is_clean(f"{made!r}{made!s}{Sealed(CANARY)!r}".encode())
