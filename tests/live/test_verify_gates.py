"""Gates that others have written, each the real program: they let in and refuse as keyhop verify says.

moto comes with the tests. ``make gates`` installs aimock and LiteLLM's proxy beside it, and tries them as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keyhop.text.credential_headers import signed
from keyhop.text.sealed import Sealed
from live.verified import Verify, elsewhere, verify
from testbed.real_gates import GOOD, PLACES, aimock, litellm_proxy, moto, moto_key, program

__all__ = ["elsewhere", "verify"]

LOCAL = ("--allow-host", "127.0.0.1")


@pytest.fixture(scope="module")
def sts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    if program("moto_server") is None:
        pytest.skip("moto[server] is not installed")
    with moto(tmp_path_factory.mktemp("moto")) as url:
        yield url, *moto_key(url)


def test_aws_says_whose_key_it_is_and_what_is_wrong_with_it(
    sts: tuple[str, str, str], verify: Verify, monkeypatch: pytest.MonkeyPatch
):
    url, id, secret = sts
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    found = verify.one("--require", "bedrock", *LOCAL, status=0)
    assert found["verdict"] == "accepted"
    assert "whether it may call Amazon Bedrock" in found["reads"][0]["cannot_tell"][0]
    for name, value in (
        ("AWS_SECRET_ACCESS_KEY", secret[::-1]),
        ("AWS_ACCESS_KEY_ID", "AKIA" + "A" * 16),
        ("AWS_SESSION_TOKEN", "IQoJ-nobody-gave-this"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            found = verify.one("--require", "bedrock", *LOCAL, status=1)
            assert (found["verdict"], found["reads"][0]["status"]) == ("rejected", 403), name
    assert verify.one("--require", "bedrock", *LOCAL, status=0)["verdict"] == "accepted"


@pytest.mark.parametrize("session", [None, "IQoJ-token"])
def test_a_signature_is_the_one_that_botocore_makes(session: str | None):
    url, body = "https://sts.eu-west-1.amazonaws.com/", "Action=GetCallerIdentity&Version=2011-06-15"
    theirs = AWSRequest("POST", url, data=body)
    SigV4Auth(Credentials("AKIAEXAMPLE", "plain/secret+0", session), "sts", "eu-west-1").add_auth(theirs)
    moment = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    keys = [Sealed("AKIAEXAMPLE"), Sealed("plain/secret+0"), Sealed(session) if session else None]
    ours = signed("POST", url, body, "sts", "eu-west-1", keys, moment.timestamp())
    assert ours["Authorization"] == theirs.headers["Authorization"]


class OtherGates:
    """Collected where ``make gates`` has installed them."""

    def test_aimock(self, tmp_path: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch):
        addresses = {
            "openai": ("OPENAI_BASE_URL", "/v1"),
            "anthropic": ("ANTHROPIC_BASE_URL", ""),
            "groq": ("GROQ_API_BASE", "/v1"),
            "mistral": ("MISTRAL_API_BASE", "/v1"),
        }
        keys = {
            "openai": "OPENAI_API_KEY",
            "anthropic": "ANTHROPIC_API_KEY",
            "groq": "GROQ_API_KEY",
            "mistral": "MISTRAL_API_KEY",
        }
        with aimock(tmp_path) as url:
            for service, (name, path) in addresses.items():
                monkeypatch.setenv(name, f"{url}{path}")
                monkeypatch.setenv(keys[service], GOOD)
                assert verify.one("--require", service, *LOCAL, status=0)["verdict"] == "accepted", service
                monkeypatch.setenv(keys[service], GOOD[::-1])
                assert verify.one("--require", service, *LOCAL, status=1)["verdict"] == "rejected", service

    @pytest.mark.parametrize("own_check", [False, True], ids=["master key alone", "a check of its own"])
    @pytest.mark.parametrize("service", ["openai", "litellm-proxy"])
    def test_litellm(
        self, service: str, own_check: bool, tmp_path: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
    ):
        names = {
            "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
            "litellm-proxy": ("LITELLM_PROXY_API_KEY", "LITELLM_PROXY_API_BASE"),
        }
        key, base = names[service]
        with litellm_proxy(tmp_path, own_check=own_check) as url:
            monkeypatch.setenv(base, f"{url}/v1" if service == "openai" else url)
            monkeypatch.setenv(key, GOOD)
            assert verify.one("--require", service, *LOCAL, status=0)["verdict"] == "accepted"
            monkeypatch.setenv(key, f"{GOOD}-of-somebody-else")
            assert verify.one("--require", service, *LOCAL, status=1)["verdict"] == "rejected"


if PLACES:
    TestOtherGates = OtherGates
