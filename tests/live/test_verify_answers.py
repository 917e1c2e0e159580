"""Every answer of a provider that is known word for word, sent over TLS from the provider's own host name.

A proxy leads all hosts to one server of this machine, whose authority the process trusts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keyhop.catalogue import Provider, provider, providers
from keyhop.causes import Cause
from live.verified import Verify, elsewhere, verify
from testbed.loopback import Asked, Heard, Says, certificate, serving, tunnelling

__all__ = ["elsewhere", "verify"]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "provider_errors.jsonl"
SECRET = "plain0123456789abcdef0123456789abcdef"
SETTINGS = {
    "AZURE_ENDPOINT": "https://own.openai.azure.com",
    "DATABRICKS_API_BASE": "https://own.cloud.databricks.com/serving-endpoints",
    "QDRANT_URL": "https://own.cloud.qdrant.io",
}
"""Of services whose host is the user's own."""
OF_ANOTHER = {"aws_sts": "bedrock", "aimock": "openai", "llama_cpp_server": "openai", "llama_cpp_python": "openai"}
"""What is said to whoever asks so, under another id."""
LOCAL = ("litellm-proxy", "vllm", "ollama")
REJECTED, NOT_ALLOWED, CANNOT_TELL = {"rejected"}, {"not allowed"}, {"cannot tell"}
VERDICTS: dict[Cause, set[str]] = {
    Cause.INVALID_KEY: REJECTED,
    Cause.EXPIRED_OR_REVOKED: REJECTED,
    Cause.WRONG_CREDENTIAL_TYPE: REJECTED,
    Cause.TOKEN_EXPIRED_STS: REJECTED,
    Cause.MISSING_IN_PROCESS: CANNOT_TELL,
    Cause.QUOTA_NOT_AUTH: NOT_ALLOWED,
    Cause.MODEL_ACCESS: NOT_ALLOWED,
    Cause.AZURE_DEPLOYMENT_NOT_FOUND: NOT_ALLOWED,
    Cause.ORG_PROJECT_MISMATCH: NOT_ALLOWED,
    Cause.REGION_MISMATCH: NOT_ALLOWED,
    Cause.GEO_BLOCKED: NOT_ALLOWED,
    Cause.NETWORK_POLICY: NOT_ALLOWED,
    Cause.PERMISSION_OR_SCOPE: NOT_ALLOWED,
    Cause.RATE_LIMIT_NOT_AUTH: CANNOT_TELL,
    Cause.BASE_URL_MISMATCH: CANNOT_TELL,
    Cause.OTHER_NOT_AUTH: CANNOT_TELL,
    Cause.AZURE_API_VERSION: CANNOT_TELL,
}


def expected(row: dict[str, Any]) -> set[str]:
    causes = {Cause(row["cause"]), *map(Cause, row["also_acceptable"])}
    if row["cause"] == Cause.AZURE_ENDPOINT_MISMATCH:
        return REJECTED if row["status"] == 401 else CANNOT_TELL
    if row["cause"] == Cause.MISSING_IN_PROCESS and Cause.INVALID_KEY in causes:
        return REJECTED | CANNOT_TELL
    if row["id"].startswith(("huggingface.missing_or_private", "openrouter.missing_header")):
        return REJECTED  # said to bad keys as well; the request names no model
    return VERDICTS[Cause(row["cause"])]


def rows() -> list[dict[str, Any]]:
    found = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()] if CORPUS.is_file() else []
    return [row for row in found if row["replayable"]]


def asked_of(row: dict[str, Any]) -> Provider:
    """The service of the row; OpenAI, whose clients are sent anywhere, where that has no request of its own."""
    found = provider(OF_ANOTHER.get(row["provider"], row["provider"]))
    if found is None or found.probe is None:
        found = provider("openai")
    assert found is not None
    return found


class Stage:
    """What is answered to everybody, and what everybody has asked."""

    says = Says(500)

    def __init__(self) -> None:
        self.heard: Heard

    def __call__(self, asked: Asked) -> Says:
        return self.says


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Path, Heard]]:
    stage, where = Stage(), tmp_path_factory.mktemp("authority")
    hosts = [host for each in providers() for host in each.hosts if "*" not in host.removeprefix("*.")]
    hosts += ["bedrock.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com"]
    file = certificate(where, "stage", *dict.fromkeys(hosts))
    with serving(stage, certificate=file) as stage.heard, tunnelling(stage.heard.port) as proxy:
        yield stage, file, proxy


def given(service: Provider, row_provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole credential of the service."""
    parts = service.credential().any_of[0]
    if service.id == "bedrock" and row_provider != "aws_sts":
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", SECRET)
        return
    for part in parts:
        name = part.names[0]
        if not (service.id == "bedrock" and name == "AWS_SESSION_TOKEN"):
            monkeypatch.setenv(name, SECRET if part.secret else SETTINGS.get(name, "https://own.example"))
    for name, text in SETTINGS.items():
        if name in service.settings:
            monkeypatch.setenv(name, text)


@pytest.mark.skipif(not CORPUS.is_file(), reason="the recorded answers are not here")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_every_recorded_answer_is_one_of_four(
    row: dict[str, Any], stage: tuple[Stage, Path, Heard], verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    speaker, authority, proxy = stage
    service = asked_of(row)
    body = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
    kind = (row["headers"] or {}).get("content-type", "application/json")
    speaker.says = Says(row["status"], body, {"Content-Type": kind})
    speaker.heard.asked.clear()
    given(service, row["provider"], monkeypatch)
    allowed: tuple[str, ...] = ()
    if service.id in LOCAL:
        assert service.probe is not None
        monkeypatch.setenv(service.probe.base_names[0], speaker.heard.url.replace("127.0.0.1", "api.openai.com"))
        allowed = ("--allow-host", "api.openai.com")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    found = verify.one("--require", service.id, "--paid", service.id, *allowed)
    verdict, (read, *_) = found["verdict"], found["reads"]
    assert read["status"] == row["status"], read
    assert verdict in expected(row), read
    assert verify.status == {"rejected": 1, "not allowed": 1, "cannot tell": 5}[verdict]
    assert len(speaker.heard.asked) == 1
    if service.probe is not None and not service.probe.header.startswith("?") and row["provider"] != "aws_sts":
        assert SECRET in repr(speaker.heard.asked)
    assert not proxy.holds(SECRET)
    assert SECRET not in json.dumps(found)
