"""Azure, asked in parts: the resource, the API version, the deployment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from live.verified import Verify, elsewhere, verify
from testbed.loopback import Asked, Heard, Says, serving

__all__ = ["elsewhere", "verify"]

KEY = "0123456789abcdef0123456789abcdef"
LOCAL = ("--allow-host", "127.0.0.1")
USUAL = "2024-10-21"
REFUSED = {
    "error": {
        "code": "401",
        "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
        "valid key for an active subscription and use a correct regional API endpoint for your resource.",
    }
}
NOT_FOUND = {"error": {"code": "404", "message": "Resource not found"}}


def resource(
    *deployments: str, versions: tuple[str, ...] = (USUAL, "2025-01-01-preview"), lists: bool = True
) -> Callable[[Asked], Says]:
    """An Azure OpenAI resource with one key."""

    def speaks(asked: Asked) -> Says:
        url = urlsplit(asked.path)
        version = parse_qs(url.query).get("api-version", [""])[0]
        if asked.headers.get("api-key") != KEY and asked.headers.get("authorization") != f"Bearer {KEY}":
            return Says(401, json.dumps(REFUSED))
        if url.path == "/openai/models" and version in versions:
            return Says(200, json.dumps({"data": [{"id": "gpt-4o"}], "object": "list"}))
        if url.path == "/openai/deployments" and lists and version == "2023-03-15-preview":
            return Says(200, json.dumps({"data": [{"id": each, "model": "gpt-4o"} for each in deployments]}))
        return Says(404, json.dumps(NOT_FOUND))

    return speaks


@pytest.fixture
def asked(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[dict[str, Any], Heard]]:
    def ask(speaks: Callable[[Asked], Says], path: str = "", status: int = 0, **environment: str):
        with serving(speaks) as server:
            monkeypatch.setenv("AZURE_API_KEY", KEY)
            monkeypatch.setenv("AZURE_ENDPOINT", f"{server.url}{path}")
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            found = verify.one("--require", "azure", *LOCAL, status=status)
        return found, server

    return ask


def told(found: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {read["about"]: (read["verdict"], read["lacks"]) for read in found["reads"]}


def test_resource_api_version_and_deployment_are_told_apart(asked):
    found, server = asked(
        resource("crew", "small"), AZURE_API_VERSION="2025-01-01-preview", AZURE_OPENAI_DEPLOYMENT="crew"
    )
    assert told(found) == {
        "resource": ("accepted", None), "API version": ("accepted", None), "deployment": ("accepted", None),
    }  # fmt: skip
    assert {each.method for each in server.asked} == {"GET"}


def test_an_api_version_that_is_not_served_is_named(asked):
    found, _ = asked(resource("crew"), AZURE_API_VERSION="2023-99-99", status=1)
    assert told(found) == {"resource": ("accepted", None), "API version": ("not allowed", "API version")}
    assert found["verdict"] == "not allowed"


@pytest.mark.parametrize(
    ("path", "environment"),
    [
        ("", {"AZURE_OPENAI_DEPLOYMENT": "gpt-4o"}),
        ("", {"MODEL": "azure/gpt-4o"}),
        ("/openai/deployments/gpt-4o", {}),
    ],
    ids=["a variable", "the model", "the endpoint"],
)
def test_a_deployment_that_is_not_among_those_listed_is_named(path: str, environment: dict[str, str], asked):
    """The model of that name is there, and a deployment is called otherwise."""
    found, _ = asked(resource("crew"), path=path, status=1, **environment)
    assert told(found) == {"resource": ("accepted", None), "deployment": ("not allowed", "deployment")}


def test_where_deployments_are_not_listed_nothing_is_said_of_them(asked):
    for speaks in (resource("crew", lists=False), resource()):
        found, _ = asked(speaks, AZURE_OPENAI_DEPLOYMENT="crew", status=5)
        assert told(found) == {"resource": ("accepted", None), "deployment": ("cannot tell", None)}


def test_what_its_401_cannot_tell_apart_is_said_and_nothing_more_is_asked(asked):
    found, server = asked(
        resource("crew"), status=1, AZURE_API_KEY=KEY[::-1], AZURE_OPENAI_DEPLOYMENT="crew", AZURE_API_VERSION="x1"
    )
    assert told(found) == {"resource": ("rejected", None)}
    assert "another resource's or region's" in found["reads"][0]["cannot_tell"][0]
    assert len(server.asked) == 1


def test_a_server_that_is_no_azure_resource_says_nothing_of_the_key(asked):
    found, _ = asked(lambda _: Says(404, json.dumps(NOT_FOUND)), status=5)
    assert told(found) == {"resource": ("cannot tell", None)}


def test_a_token_of_entra_goes_as_a_bearer(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    with serving(resource()) as server:
        monkeypatch.setenv("AZURE_AD_TOKEN", KEY)
        monkeypatch.setenv("AZURE_API_BASE", server.url)
        found = verify.one(*LOCAL, status=0)
    assert (found["verdict"], found["names"]) == ("accepted", ["AZURE_AD_TOKEN", "AZURE_API_BASE"])


def test_an_identity_is_not_signed_in_with(verify: Verify, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AZURE_ENDPOINT", "https://own.openai.azure.com")
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/token")
    found = verify.one("--require", "azure", status=5)
    assert "signs in with none" in found["reads"][0]["because"]
