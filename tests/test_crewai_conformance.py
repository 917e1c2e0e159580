"""The catalogue agrees with the CrewAI, LiteLLM and crewai_tools that are installed beside it.

Nothing is called over a network: only classes are looked up, and their sources read.
"""

from __future__ import annotations

import importlib.util
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from keyhop import implicit, listed_models
from keyhop.catalogue import ProviderId, by_prefix, provider, providers
from keyhop.crewai_tools import DECLARED, EMBEDDING
from keyhop.crewai_version import NEWEST
from keyhop.embedders import embedder
from keyhop.litellm_models import litellm_prefix
from keyhop.routing import route

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "OTEL_SDK_DISABLED": "true",
    "PYTHON_DOTENV_DISABLED": "1",
}
TABLE = [
    line.split()
    for line in (ROOT / "tests" / "data" / "crewai_routes.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
MODELS = ("x", "gpt-4o", "claude-x", "gemini-x", "deepseek-x", "qwen-x", "us.amazon.nova", "org/model", "a/b/c")

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("crewai") is None, reason="crewai is not installed"),
    pytest.mark.filterwarnings("ignore"),
]


def _refuse(*_: object, **__: object) -> None:
    raise OSError("no network in this test")


@pytest.fixture(scope="module", autouse=True)
def sealed_off() -> Iterator[None]:
    """No telemetry, no .env file, no connection, whatever is imported."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        yield


@pytest.fixture(scope="module")
def llm(sealed_off: None) -> Iterator[type]:
    """CrewAI's LLM, which says what it would build also where a service's own library is not installed."""
    from crewai.llm import LLM

    native = LLM._get_native_provider.__func__

    def tolerant(cls: type, name: str) -> type | None:
        try:
            return native(cls, name)
        except ImportError:
            return cls

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LLM, "_get_native_provider", classmethod(tolerant))
        yield LLM


@pytest.fixture(scope="module")
def litellm(sealed_off: None) -> ModuleType:
    return pytest.importorskip("litellm")


def resolved(llm: type, litellm: ModuleType, model: str, **arguments: object) -> tuple[ProviderId | None, bool]:
    """The service and whether it is called natively, as the installed CrewAI and LiteLLM decide."""
    try:
        found = llm._resolve_route(model, arguments)
    except ValueError:
        return None, False
    if found.native_class is not None:
        ours = {
            "hosted_vllm": "vllm",
            "ollama_chat": "ollama",
            "claude": "anthropic",
            "azure_openai": "azure",
            "google": "gemini",
        }
        return ProviderId(ours.get(found.provider, found.provider)), True
    return service_of(litellm, model), False


def service_of(litellm: ModuleType, model: str) -> ProviderId | None:
    try:
        prefix = litellm.get_llm_provider(model)[1]
    except litellm.exceptions.BadRequestError:
        return None
    found = by_prefix(prefix)
    return found.id if found else None


@pytest.mark.parametrize("model", [row[0] for row in TABLE])
def test_routes_of_the_table(llm: type, litellm: ModuleType, model: str):
    found = route(model)
    assert (found.provider, found.native) == resolved(llm, litellm, model)


def prefixes() -> list[str]:
    return sorted(
        {prefix for each in providers() for prefix in each.prefixes} | {"claude", "azure_openai", "google", "aws"}
    )


@pytest.mark.parametrize("prefix", prefixes())
def test_routes_of_every_prefix(llm: type, litellm: ModuleType, prefix: str):
    for rest in MODELS:
        model = f"{prefix}/{rest}"
        found = route(model)
        assert (found.provider, found.native) == resolved(llm, litellm, model), model


@pytest.mark.parametrize(
    "name", ["openai", "claude", "azure", "google", "bedrock", "aws", "groq", "OpenAI", "vertex_ai", "ollama"]
)
def test_routes_of_explicit_providers(llm: type, litellm: ModuleType, name: str):
    for model in ("some/model", "gpt-4o", "groq/llama"):
        found = route(model, provider=name)
        assert (found.provider, found.native) == resolved(llm, litellm, model, provider=name), model


def test_routes_with_an_endpoint(llm: type, litellm: ModuleType):
    for model in ("openai/my-model", "anthropic/foo", "gpt-4o", "groq/x"):
        found = route(model, base_url=True)
        assert (found.provider, found.native) == resolved(llm, litellm, model, base_url="http://x"), model


def test_every_native_prefix_is_known(llm: type):
    from crewai.llm import PROVIDER_ALIASES

    for alias in PROVIDER_ALIASES:
        assert any(route(f"{alias}/{model}").native for model in MODELS), alias


def test_the_lists_of_models(llm: type):
    from crewai.llms import constants

    for service in ("anthropic", "gemini", "bedrock", "azure"):
        for model in getattr(constants, f"{service.upper()}_MODELS"):
            if model not in constants.OPENAI_MODELS:
                assert listed_models.listed(model, NEWEST) == service
    assert not [model for model in constants.OPENAI_MODELS if listed_models.listed(model, NEWEST)]


def test_models_that_litellm_knows_by_name(litellm: ModuleType):
    missed = []
    for model, facts in litellm.model_cost.items():
        if "/" in model or facts.get("mode") != "chat":
            continue
        theirs, (prefix, _) = service_of(litellm, model), litellm_prefix(model)
        if theirs is not None and prefix is not None:
            assert by_prefix(prefix).id == theirs, model
        if theirs is not None and prefix is None:
            missed.append(model)
    assert len(missed) <= 10, missed


def test_the_keys_that_are_copied_for_the_default_model(llm: type):
    from crewai.utilities.llm_utils import DEFAULT_LLM_MODEL, ENV_VARS, _normalize_key_name

    for prefix, entries in ENV_VARS.items():
        names = [entry["key_name"] for entry in entries if "key_name" in entry]
        copied = [name for name in names if _normalize_key_name(name.lower()) == "api_key"]
        found = implicit.default_llm({"MODEL": f"{prefix}/x"})
        assert copied == ([] if found.key is None else [found.key]), prefix
    assert implicit.default_llm({}).model == DEFAULT_LLM_MODEL


READ_BY_LIBRARIES = {
    "gemini": {"GOOGLE_APPLICATION_CREDENTIALS"},
    "azure": {"AZURE_CLIENT_SECRET"},
    "bedrock": {"AWS_BEARER_TOKEN_BEDROCK"},
}
"""Secrets of a native route that the service's own library reads, not CrewAI."""


@pytest.mark.parametrize("service", ["openai", "anthropic", "azure", "gemini", "bedrock", "snowflake"])
def test_the_variables_that_native_classes_read(service: str):
    spec = importlib.util.find_spec("crewai")
    source = Path(spec.submodule_search_locations[0], "llms", "providers", service, "completion.py").read_text(
        "utf-8"
    )
    read = set(re.findall(r'getenv\(\s*"([A-Z_]+)"', source)) | set(
        re.findall(r'^    "(SNOWFLAKE_[A-Z]+)",$', source, re.M)
    )
    each = provider(service)
    settings = {*each.settings, *(n for part in each.parts if not part.secret for n in part.names)}
    assert read - settings == set(each.credential("crewai").names) - READ_BY_LIBRARIES.get(service, set())


def test_the_variables_of_openai_compatible_services(llm: type):
    from crewai.llms.providers.openai_compatible.completion import OPENAI_COMPATIBLE_PROVIDERS

    for prefix, config in OPENAI_COMPATIBLE_PROVIDERS.items():
        found = route(f"{prefix}/deepseek/model" if prefix == "deepinfra" else f"{prefix}/deepseek-model")
        assert found.native, prefix
        assert found.credential.names == (config.api_key_env,)
        assert found.required is config.api_key_required
        assert config.base_url_env in provider(found.provider).settings


def test_the_names_of_embedders(llm: type):
    from crewai.rag.embeddings.factory import PROVIDER_PATHS

    assert not [name for name in PROVIDER_PATHS if embedder(name).error]


@pytest.mark.parametrize(
    "name", ["openai", "azure", "cohere", "google-generativeai", "google-vertex", "huggingface", "jina", "openrouter",
             "roboflow", "voyageai", "watsonx"]
)  # fmt: skip
def test_the_variables_of_embedders(llm: type, name: str):
    from crewai.rag.embeddings.factory import PROVIDER_PATHS
    from crewai.utilities.import_utils import import_and_validate_definition

    fields = import_and_validate_definition(PROVIDER_PATHS[name]).model_fields
    aliases = [alias for alias in fields["api_key"].validation_alias.choices if alias.isupper()]
    assert list(embedder(name).credential.any_of[0][0].names) == aliases


def test_the_declarations_of_tools():
    pytest.importorskip("crewai_tools")
    spec = importlib.util.spec_from_file_location("refresh_tools", ROOT / "support" / "refresh_tools.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", os.environ)
        declared, embedding = script.declarations()
    assert declared == DECLARED
    assert set(embedding) == EMBEDDING
