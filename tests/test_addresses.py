"""What CrewAI makes of addresses: our words for it, and CrewAI itself."""

from __future__ import annotations

import pytest

from keyhop.addresses import azure_endpoint, heeded, host, shown

ENDPOINTS = [
    "https://x.openai.azure.com",
    "https://x.openai.azure.com/",
    "https://x.openai.azure.com/openai/deployments/dep",
    "https://x.openai.azure.com/openai/deployments/other",
    "https://x.openai.azure.com/openai/deployments",
    "https://x.openai.azure.com/openai/deployments/other/chat/completions",
    "https://x.openai.azure.com/openai/v1/",
    "https://x.cognitiveservices.azure.com",
    "https://x.openai.azure.us",
    "https://x.services.ai.azure.com/models",
]
MODELS = {
    "openai": "openai/gpt-4o",
    "anthropic": "anthropic/claude-sonnet-4-5",
    "deepseek": "deepseek/deepseek-chat",
    "openrouter": "openrouter/x/y",
    "cerebras": "cerebras/llama",
    "dashscope": "dashscope/qwen-max",
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_an_endpoint_is_at_fault_where_crewai_asks_no_deployment_of_it(endpoint: str):
    azure = pytest.importorskip("crewai.llms.providers.azure.completion")
    asked = azure.AzureCompletion(model="dep", api_key="k", endpoint=endpoint).endpoint.rstrip("/")
    read = azure_endpoint(endpoint)
    path = asked.partition(host(endpoint))[2]
    right = (path.count("/") == 3 and path.startswith("/openai/deployments/")) or path == "/models"
    assert (not read.fault) is right
    if read.deployment:
        assert path == f"/openai/deployments/{read.deployment}"


@pytest.mark.parametrize(("service", "model"), MODELS.items())
@pytest.mark.parametrize("argument", ["base_url", "api_base"])
def test_an_argument_is_heeded_where_crewais_client_gets_it(
    service: str, model: str, argument: str, monkeypatch: pytest.MonkeyPatch
):
    crewai = pytest.importorskip("crewai")
    monkeypatch.setenv(f"{service.upper()}_API_KEY", "k")
    llm = crewai.LLM(model, **{argument: "http://gateway.test/v1"})
    client = llm._client or llm._get_sync_client()
    assert ("gateway.test" in str(client.base_url)) is (argument in heeded(service))


def test_an_address_is_shown_without_what_may_be_secret():
    assert shown("https://user:pw@host.test:8000/v1?api-key=k#f") == "https://host.test:8000/v1"
    assert shown("https://[half") is None
    assert host("gateway:4000/v1") == "gateway"
