"""A model's name leads to the service and the variables that CrewAI reads for it, version by version."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyhop.catalogue import Credential
from keyhop.clients import client
from keyhop.embedders import embedder
from keyhop.implicit import default_llm, knowledge, memory, planner
from keyhop.routing import CrewAIVersion, route
from keyhop.tools import tool_needs

TABLE = [
    line.split()
    for line in (Path(__file__).parent / "data" / "crewai_routes.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def names(credential: Credential | None) -> list[str]:
    """The ways of a credential, each as its canonical names: ``AZURE_API_KEY+AZURE_ENDPOINT``."""
    ways = credential.any_of if credential else ()
    return ["+".join(part.names[0] for part in parts) for parts in ways]


@pytest.mark.parametrize(("model", "service", "caller"), TABLE, ids=[row[0] for row in TABLE])
def test_the_newest_release_routes_as_measured(model: str, service: str, caller: str):
    found = route(model)
    assert (found.provider or "-") == service
    if caller == "refused":
        assert found.error
    else:
        assert found.native is (caller == "crewai")


@pytest.mark.parametrize(
    ("provider", "service"),
    [
        ("openai", "openai"),
        ("claude", "anthropic"),
        ("azure_openai", "azure"),
        ("google", "gemini"),
        ("bedrock", "bedrock"),
        ("hosted_vllm", "vllm"),
        ("snowflake", "snowflake"),
        ("aws", None),
        ("groq", None),
        ("OpenAI", None),
        ("vertex_ai", None),
    ],
)
def test_an_explicit_provider_is_taken_as_it_is_spelt(provider: str, service: str | None):
    # What CrewAI does not take goes to LiteLLM with the model alone, which has no provider of its own here.
    assert route("some/model", provider=provider).provider == service


def test_litellm_sees_the_model_and_not_the_provider_argument():
    assert route("groq/llama", provider="groq").provider == "groq"


@pytest.mark.parametrize(
    ("version", "model", "service", "caller"),
    [
        ("0.80.0", "gpt-4o", "openai", "litellm"),
        ("0.80.0", "gemini-1.5-pro", "vertex", "litellm"),
        ("0.80.0", "claude-3-opus-20240229", "anthropic", "litellm"),
        ("0.80.0", "anthropic.claude-v2", "bedrock", "litellm"),
        ("0.80.0", "command-r-plus", "cohere", "litellm"),
        ("0.80.0", "llama3", None, "litellm"),
        ("0.203.2", "google/gemini-2.5-pro", None, "litellm"),
        ("1.0.0", "claude-sonnet-4-5", "openai", "crewai"),
        ("1.0.0", "OpenAI/gpt-4o", None, "litellm"),
        ("1.0.0", "aws/amazon.nova-lite-v1:0", None, "litellm"),
        ("1.5.0", "claude-sonnet-4-5", "anthropic", "crewai"),
        ("1.5.0", "claude-opus-4-5", "openai", "crewai"),
        ("1.5.0", "anthropic/claude-opus-4-5", "anthropic", "litellm"),
        ("1.7.0", "anthropic/claude-new", "anthropic", "crewai"),
        ("1.11.0", "deepseek/deepseek-chat", "deepseek", "litellm"),
        ("1.12.0", "deepseek/deepseek-chat", "deepseek", "crewai"),
        ("1.11.0", "hosted_vllm/llama", "vllm", "litellm"),
        ("1.14.6", "snowflake/claude-4", "snowflake", "litellm"),
        ("1.14.7", "snowflake/claude-4", "snowflake", "crewai"),
        ("1.15.18", "claude-new", "openai", "crewai"),
        ("1.15.19", "claude-new", "anthropic", "crewai"),
        ("1.15.20", "dashscope/kimi", "dashscope", "litellm"),
        ("1.15.21", "dashscope/kimi", "dashscope", "crewai"),
        ("1.15.26", "deepinfra/foo", "deepinfra", "litellm"),
    ],
)
def test_releases_differ(version: str, model: str, service: str | None, caller: str):
    found = route(model, version=CrewAIVersion.parse(version))
    assert (found.provider, found.reader) == (service, caller)


def test_a_base_url_keeps_an_unknown_openai_model_native_since_1_15_3():
    assert route("openai/my-model").reader == "litellm"
    assert route("openai/my-model", base_url=True).native
    assert route("openai/my-model", api_base=True).native
    assert not route("openai/my-model", base_url=True, version=CrewAIVersion(1, 15, 2)).native
    assert route("anthropic/claude-3", custom_openai=True).provider == "openai"
    assert route("gpt-4o", is_litellm=True).reader == "litellm"


@pytest.mark.parametrize("model", [None, "", "nobody/model", "qwen/qwen-max"])
def test_what_no_rule_places_has_no_provider(model: str | None):
    found = route(model)
    assert found.provider is None
    assert found.credential is None
    assert not found.required


@pytest.mark.parametrize(
    ("model", "ways"),
    [
        ("gpt-4o", ["OPENAI_API_KEY"]),
        ("hosted_vllm/x", ["VLLM_API_KEY"]),
        ("vllm/x", ["HOSTED_VLLM_API_KEY"]),
        ("groq/x", ["GROQ_API_KEY"]),
        ("together_ai/x/y", ["TOGETHER_API_KEY"]),
        ("snowflake/x", ["SNOWFLAKE_PAT+SNOWFLAKE_ACCOUNT_URL"]),
        (
            "gemini/gemini-2.5-pro",
            [
                "GOOGLE_API_KEY",
                "GOOGLE_CLOUD_PROJECT+GOOGLE_APPLICATION_CREDENTIALS",
                "GOOGLE_CLOUD_PROJECT+@google adc",
            ],
        ),
        ("gemini/foo", ["GOOGLE_API_KEY"]),
    ],
)
def test_readers_of_one_service_read_other_names(model: str, ways: list[str]):
    assert names(route(model).credential) == ways


def test_azure_without_a_key_is_an_identity_since_1_14_3():
    before = route("azure/dep", version=CrewAIVersion(1, 14, 2)).credential
    assert names(before) == ["AZURE_API_KEY+AZURE_ENDPOINT"]
    assert "AZURE_ENDPOINT+@azure identity" in names(route("azure/dep").credential)


def test_a_local_server_needs_no_key():
    assert not route("ollama/llama3").required
    assert not route("hosted_vllm/x").required
    assert route("gpt-4o").required


@pytest.mark.parametrize(
    ("settings", "chosen_by", "service", "key", "endpoint"),
    [
        ({}, None, "openai", "OPENAI_API_KEY", None),
        ({"MODEL": "claude-sonnet-4-5"}, "MODEL", "anthropic", "OPENAI_API_KEY", None),
        ({"MODEL": "anthropic/claude-4"}, "MODEL", "anthropic", "ANTHROPIC_API_KEY", None),
        ({"MODEL": "", "OPENAI_MODEL_NAME": "gpt-4"}, "OPENAI_MODEL_NAME", "openai", "OPENAI_API_KEY", None),
        ({"MODEL_NAME": "groq/x", "OPENAI_MODEL_NAME": "y"}, "MODEL_NAME", "groq", "GROQ_API_KEY", None),
        ({"MODEL": "deepseek/deepseek-chat"}, "MODEL", "deepseek", None, None),
        ({"AZURE_API_BASE": "https://x.example"}, None, "openai", "OPENAI_API_KEY", "AZURE_API_BASE"),
        ({"OPENAI_BASE_URL": "a", "BASE_URL": "b"}, None, "openai", "OPENAI_API_KEY", "BASE_URL"),
    ],
)
def test_the_default_model_and_the_key_that_is_copied_for_it(settings, chosen_by, service, key, endpoint):
    found = default_llm(settings)
    assert (found.chosen_by, found.route.provider, found.key, found.endpoint) == (chosen_by, service, key, endpoint)


def test_the_first_releases_ask_for_the_default_model_in_another_order():
    settings = {"MODEL": "gpt-4", "OPENAI_MODEL_NAME": "gpt-3.5-turbo"}
    assert default_llm(settings).chosen_by == "MODEL"
    assert default_llm(settings, CrewAIVersion(0, 80)).chosen_by == "OPENAI_MODEL_NAME"
    assert default_llm({}, CrewAIVersion(1, 0)).model == "gpt-4o-mini"


@pytest.mark.parametrize(
    ("name", "version", "service", "first"),
    [
        (None, None, "openai", "EMBEDDINGS_OPENAI_API_KEY"),
        (None, "1.9.0", "openai", "OPENAI_API_KEY"),
        ("azure", None, "azure", "EMBEDDINGS_OPENAI_API_KEY"),
        ("voyageai", None, "voyage", "EMBEDDINGS_VOYAGEAI_API_KEY"),
        ("amazon-bedrock", None, "bedrock", "AWS_ACCESS_KEY_ID"),
        ("openai", "0.120.1", "openai", "OPENAI_API_KEY"),
        ("cohere", "0.120.1", "cohere", None),
        ("onnx", None, None, None),
    ],
)
def test_embedders_read_names_of_their_own(name, version, service, first):
    found = embedder(name, CrewAIVersion.parse(version) if version else None)
    assert found.provider == service
    assert (found.credential.names[0] if found.credential else None) == first


def test_embedders_read_the_usual_names_only_since_1_6():
    assert "OPENAI_API_KEY" in embedder("openai").credential.names
    assert embedder("openai", CrewAIVersion(1, 5)).credential.names == ("EMBEDDINGS_OPENAI_API_KEY",)


def test_an_unknown_embedder_is_an_error_of_the_project():
    assert embedder("opanai").error


def test_knowledge_heeds_no_embeddings_variable_and_memory_does():
    assert knowledge().credential.names == ("OPENAI_API_KEY",)
    assert memory().credential.names[0] == "EMBEDDINGS_OPENAI_API_KEY"
    assert knowledge("google").provider == memory("google").provider == "gemini"


def test_the_planner_heeds_no_variable():
    assert (planner().model, planner().provider) == ("gpt-5.4-mini", "openai")
    assert planner(CrewAIVersion(1, 14, 7)).model == "gpt-4o-mini"


@pytest.mark.parametrize(
    ("tool", "arguments", "ways"),
    [
        ("SerperDevTool", (), [["SERPER_API_KEY"]]),
        ("PDFSearchTool", (), [["OPENAI_API_KEY"]]),
        ("PDFSearchTool", ("config",), []),
        ("BraveWebSearchTool", ("api_key",), []),
        (
            "MongoDBVectorSearchTool",
            (),
            [["OPENAI_API_KEY", "AZURE_OPENAI_API_KEY+AZURE_OPENAI_ENDPOINT+OPENAI_API_VERSION"]],
        ),
        ("DatabricksQueryTool", (), [["DATABRICKS_TOKEN+DATABRICKS_HOST", "DATABRICKS_CONFIG_PROFILE"]]),
        ("S3ReaderTool", (), [["CREW_AWS_ACCESS_KEY_ID+CREW_AWS_SEC_ACCESS_KEY"]]),
        ("FileReadTool", (), []),
    ],
)
def test_tools_ask_for_their_services(tool: str, arguments: tuple[str, ...], ways: list[list[str]]):
    assert [names(need.credential) for need in tool_needs(tool, arguments)] == ways


def test_a_class_of_the_project_is_no_tool_of_crewai():
    assert tool_needs("MyTool") is None


@pytest.mark.parametrize(
    ("dotted", "service", "first"),
    [
        ("openai.OpenAI", "openai", "OPENAI_API_KEY"),
        ("openai.AzureOpenAI", "azure", "AZURE_OPENAI_API_KEY"),
        ("langchain_openai.chat_models.azure.AzureChatOpenAI", "azure", "AZURE_OPENAI_API_KEY"),
        ("langchain_openai.ChatOpenAI", "openai", "OPENAI_API_KEY"),
        ("google.genai.Client", "gemini", "GOOGLE_API_KEY"),
        ("cohere.Client", "cohere", "CO_API_KEY"),
        ("langchain_cohere.ChatCohere", "cohere", "COHERE_API_KEY"),
        ("tavily.TavilyClient", "tavily", "TAVILY_API_KEY"),
        ("litellm.completion", None, None),
    ],
)
def test_clients_of_other_libraries(dotted: str, service: str | None, first: str | None):
    found = client(dotted)
    assert found is not None
    assert found.provider == service
    assert (found.credential.id if found.credential else None) == first


def test_a_client_is_known_by_its_package_too():
    assert client("mine.OpenAI") is None
    assert client("openai_extra.OpenAI") is None
    assert client("boto3.client", "s3") is None
    assert client("boto3.client", "bedrock-runtime").provider == "bedrock"
    assert client("boto3.client") is None


@pytest.mark.parametrize(
    ("text", "version"),
    [("1.14.3", (1, 14, 3)), ("v0.80", (0, 80, 0)), ("1.15.30rc1", (1, 15, 30)), ("latest", None)],
)
def test_versions_are_read(text: str, version: tuple[int, int, int] | None):
    assert CrewAIVersion.parse(text) == version
