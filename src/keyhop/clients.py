"""Classes and functions of other libraries that read a credential by themselves, by their dotted names.

CrewAI projects build such clients beside CrewAI: in tools, in flows, or as the model of an agent. Read from
the releases that were current in November 2026: langchain-openai 1.7.4 and its siblings, openai 2.54.0, anthropic
0.73.0, google-genai 3.6.1, groq 1.7.0, cohere 7.3.1, tavily-python 0.8.5, exa-py 2.28.0, firecrawl-py 4.55.0.
"""

from __future__ import annotations

from keyhop.catalogue import Credential, ProviderId, Reader, provider
from keyhop.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A class or function that asks for a credential when it is built or called."""

    packages: tuple[str, ...]
    """The packages it may be imported from; deeper modules of these count too."""
    names: tuple[str, ...]
    provider: ProviderId | None
    """None where the model decides, see `model`."""
    reader: Reader
    model: tuple[str, ...] = ()
    """The arguments that hold the model's name, where it decides which service is asked, as LiteLLM reads it."""
    base_url: tuple[str, ...] = ("base_url",)
    """The arguments that send the key to another host, whose key it then has to be."""
    selects: tuple[str, ...] = ()
    """Values of the first argument that make it this client (``boto3.client("bedrock-runtime")``)."""

    @property
    def credential(self) -> Credential | None:
        found = provider(self.provider) if self.provider else None
        return found.credential(self.reader) if found else None


def _sdk(service: str, package: str, *names: str, reader: Reader = "sdk", base_url: str = "base_url") -> Client:
    return Client(
        packages=(package,),
        names=names,
        provider=ProviderId(service),
        reader=reader,
        base_url=(base_url,),
    )


def _langchain(service: str, packages: str, *names: str, base_url: tuple[str, ...] = ("base_url",)) -> Client:
    return Client(
        packages=tuple(packages.split()),
        names=names,
        provider=ProviderId(service),
        reader="langchain",
        base_url=base_url,
    )


CLIENTS = (
    _sdk("openai", "openai", "OpenAI", "AsyncOpenAI", "Client", "AsyncClient"),
    _sdk("azure", "openai", "AzureOpenAI", "AsyncAzureOpenAI"),
    _sdk("anthropic", "anthropic", "Anthropic", "AsyncAnthropic", "Client", "AsyncClient"),
    _sdk("bedrock", "anthropic", "AnthropicBedrock", "AsyncAnthropicBedrock"),
    _sdk("vertex", "anthropic", "AnthropicVertex", "AsyncAnthropicVertex", reader="litellm"),
    _sdk("gemini", "google.genai", "Client"),
    _sdk("gemini", "google.generativeai", "configure", "GenerativeModel"),
    _sdk("vertex", "vertexai", "init", reader="litellm"),
    _sdk("groq", "groq", "Groq", "AsyncGroq"),
    _sdk("cohere", "cohere", "Client", "ClientV2", "AsyncClient", "AsyncClientV2"),
    _sdk("together", "together", "Together", "AsyncTogether"),
    _sdk("cerebras", "cerebras.cloud.sdk", "Cerebras", "AsyncCerebras"),
    _sdk("huggingface", "huggingface_hub", "InferenceClient", "AsyncInferenceClient", "login"),
    _sdk("replicate", "replicate", "Client", "run", "stream"),
    _sdk("voyage", "voyageai", "Client", "AsyncClient"),
    _sdk("tavily", "tavily", "TavilyClient", "AsyncTavilyClient", reader="tool"),
    _sdk("exa", "exa_py", "Exa", "AsyncExa", reader="tool"),
    _sdk(
        "firecrawl", "firecrawl", "FirecrawlApp", "Firecrawl", "AsyncFirecrawlApp", reader="tool", base_url="api_url"
    ),
    _sdk("linkup", "linkup", "LinkupClient", reader="tool"),
    _sdk("composio", "composio", "Composio", "ComposioToolSet", reader="tool"),
    _sdk("e2b", "e2b", "Sandbox", "AsyncSandbox", reader="tool", base_url="domain"),
    _sdk("e2b", "e2b_code_interpreter", "Sandbox", "AsyncSandbox", reader="tool", base_url="domain"),
    _sdk("pinecone", "pinecone", "Pinecone", "PineconeAsyncio", base_url="host"),
    _sdk("mem0", "mem0", "MemoryClient", "AsyncMemoryClient", base_url="host"),
    _sdk("langfuse", "langfuse", "Langfuse", "get_client", base_url="host"),
    _sdk("agentops", "agentops", "init"),
    Client(
        packages=("boto3",),
        names=("client",),
        provider=ProviderId("bedrock"),
        reader="sdk",
        base_url=("endpoint_url",),
        selects=("bedrock-runtime", "bedrock", "bedrock-agent-runtime", "bedrock-agent"),
    ),
    Client(
        packages=("litellm",),
        names=("completion", "acompletion", "embedding", "aembedding", "text_completion", "responses"),
        provider=None,
        reader="litellm",
        model=("model",),
        base_url=("base_url", "api_base"),
    ),
    Client(
        packages=("langchain_litellm", "langchain_community"),
        names=("ChatLiteLLM",),
        provider=None,
        reader="litellm",
        model=("model", "model_name"),
        base_url=("api_base",),
    ),
    _langchain(
        "openai",
        "langchain_openai langchain_community langchain",
        "ChatOpenAI",
        "OpenAI",
        "OpenAIEmbeddings",
        base_url=("base_url", "openai_api_base"),
    ),
    _langchain(
        "azure",
        "langchain_openai langchain_community langchain",
        "AzureChatOpenAI",
        "AzureOpenAI",
        "AzureOpenAIEmbeddings",
        base_url=("azure_endpoint", "base_url"),
    ),
    _langchain(
        "anthropic",
        "langchain_anthropic langchain_community langchain",
        "ChatAnthropic",
        "AnthropicLLM",
        base_url=("base_url", "anthropic_api_url"),
    ),
    _langchain(
        "gemini",
        "langchain_google_genai",
        "ChatGoogleGenerativeAI",
        "GoogleGenerativeAI",
        "GoogleGenerativeAIEmbeddings",
    ),
    Client(
        packages=("langchain_google_vertexai",),
        names=("ChatVertexAI", "VertexAI", "VertexAIEmbeddings"),
        provider=ProviderId("vertex"),
        reader="litellm",
    ),
    _langchain("groq", "langchain_groq", "ChatGroq"),
    _langchain(
        "mistral", "langchain_mistralai", "ChatMistralAI", "MistralAIEmbeddings", base_url=("base_url", "endpoint")
    ),
    _langchain(
        "bedrock",
        "langchain_aws langchain_community",
        "ChatBedrock",
        "ChatBedrockConverse",
        "BedrockChat",
        "BedrockLLM",
        "BedrockEmbeddings",
        base_url=("endpoint_url",),
    ),
    _langchain(
        "ollama",
        "langchain_ollama langchain_community langchain",
        "ChatOllama",
        "OllamaLLM",
        "Ollama",
        "OllamaEmbeddings",
    ),
    _langchain(
        "cohere", "langchain_cohere langchain_community", "ChatCohere", "Cohere", "CohereEmbeddings", "CohereRerank"
    ),
    _langchain("fireworks", "langchain_fireworks", "ChatFireworks", "FireworksEmbeddings"),
    _langchain("together", "langchain_together", "ChatTogether", "TogetherEmbeddings"),
    _langchain("xai", "langchain_xai", "ChatXAI"),
    _langchain("deepseek", "langchain_deepseek", "ChatDeepSeek", base_url=("base_url", "api_base")),
    _langchain("perplexity", "langchain_perplexity langchain_community", "ChatPerplexity"),
    _langchain("nvidia-nim", "langchain_nvidia_ai_endpoints", "ChatNVIDIA", "NVIDIAEmbeddings", "NVIDIARerank"),
    _langchain(
        "huggingface", "langchain_huggingface langchain_community", "HuggingFaceEndpoint", base_url=("endpoint_url",)
    ),
    _langchain("watsonx", "langchain_ibm", "ChatWatsonx", "WatsonxLLM", "WatsonxEmbeddings", base_url=("url",)),
    _langchain("tavily", "langchain_tavily", "TavilySearch", "TavilyExtract", base_url=("api_base_url",)),
    _langchain("tavily", "langchain_community", "TavilySearchResults"),
    _langchain("serper", "langchain_community", "GoogleSerperAPIWrapper"),
    _langchain("serpapi", "langchain_community", "SerpAPIWrapper"),
    _langchain("exa", "langchain_exa", "ExaSearchResults", "ExaSearchRetriever"),
)


def client(dotted: str, selector: str | None = None) -> Client | None:
    """The client of that dotted name, as imported; None if it is none of these.

    `selector` is the first argument where it is a literal, which decides for ``boto3.client``.
    """
    package, _, name = dotted.rpartition(".")
    for each in CLIENTS:
        if name in each.names and any(f"{package}.".startswith(f"{known}.") for known in each.packages):
            return each if not each.selects or selector in each.selects else None
    return None
