"""Whom a failing request went to, as far as a text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from keyhop.account import Account, Statement
from keyhop.catalogue import Provider, VarName, by_name, by_prefix, provider, providers

_HOST = re.compile(r"(?:https?://|host=['\"]|(?<![\w.@/-]))(?P<host>(?:[a-z0-9*<>_-]+\.)+[a-z]{2,})", re.IGNORECASE)
_LITELLM = re.compile(
    r"\b(?P<name>[A-Z][A-Za-z0-9_]*)Exception(?: \w+)? -|\bllm_provider[=:]\s*['\"]?(?P<prefix>\w+)"
)
_NAME = re.compile(r"(?<![A-Z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Z0-9_])|(?<=Did not find )\w+", re.IGNORECASE)
_MODEL = re.compile(r"\bmodel['\"]?\s*[=:]\s*['\"`]?(?P<prefix>[a-z_]+)/", re.IGNORECASE)

_PACKAGES = {
    "anthropic": "anthropic",
    "azure": "azure",
    "botocore": "bedrock",
    "boto3": "bedrock",
    "cohere": "cohere",
    "google.genai": "gemini",
    "google.generativeai": "gemini",
    "google.auth": "vertex",
    "vertexai": "vertex",
    "groq": "groq",
    "mistralai": "mistral",
    "ollama": "ollama",
    "huggingface_hub": "huggingface",
    "langsmith": "langsmith",
    "langfuse": "langfuse",
    "tavily": "tavily",
    "firecrawl": "firecrawl",
    "exa_py": "exa",
    "pinecone": "pinecone",
    "qdrant_client": "qdrant",
    "weaviate": "weaviate",
    "voyageai": "voyage",
    "together": "together",
    "cerebras": "cerebras",
    "replicate": "replicate",
    "fireworks": "fireworks",
    "ibm_watsonx_ai": "watsonx",
    "databricks": "databricks",
    "snowflake": "snowflake",
    "xai_sdk": "xai",
    "composio": "composio",
    "e2b": "e2b",
    "apify_client": "apify",
}
"""The packages of clients that speak to one service only."""
_HOSTS = {
    "app.crewai.com": "crewai-amp",
    "platform.openai.com": "openai",
    "console.anthropic.com": "anthropic",
    "ai.google.dev": "gemini",
    "makersuite.google.com": "gemini",
    "aistudio.google.com": "gemini",
    "dashboard.cohere.com": "cohere",
    "console.x.ai": "xai",
    "docs.x.ai": "xai",
    "openrouter.ai": "openrouter",
    "api.together.ai": "together",
    "docs.fireworks.ai": "fireworks",
    "serpapi.com": "serpapi",
    "google.serper.dev": "serper",
    "console.groq.com": "groq",
    "api.smith.langchain.com": "langsmith",
    "smith.langchain.com": "langsmith",
    "cloud.langfuse.com": "langfuse",
    "cognitiveservices.azure.com": "azure",
    "www.perplexity.ai": "perplexity",
    "platform.deepseek.com": "deepseek",
    "cloud.cerebras.ai": "cerebras",
    "generativelanguage.googleapis.com": "gemini",
    "aiplatform.googleapis.com": "vertex",
}
"""Hosts that answers name, and to which no key goes."""
_PORTS = {11434: "ollama"}
_LOOPBACK = re.compile(r"localhost|127\.|0\.0\.0\.0|host\.docker\.internal")
"""Where several servers of one's own listen."""
_WORDS = (
    (r"lite ?llm proxy|LiteLLM_VerificationTokenTable|litellm virtual key|proxy server token", "litellm-proxy"),
    (r"\bazure open ?ai\b|\bazure\b", "azure"),
    (r"\bopen ?router\b", "openrouter"),
    (r"\banthropic\b|\bclaude\b", "anthropic"),
    (r"\bvertex ?ai\b|\bPublisher Model\b|/publishers/google/", "vertex"),
    (r"\bgemini\b|\bgenerative ?language\b", "gemini"),
    (r"\bbedrock\b|\barn:aws:|\baws\b|\bsecurity token included in the request\b", "bedrock"),
    (r"\bgroq\b", "groq"),
    (r"\bmistral\b", "mistral"),
    (r"\bcohere\b", "cohere"),
    (r"\bdeepseek\b", "deepseek"),
    (r"\bperplexity\b", "perplexity"),
    (r"\bx\.?ai\b|\bgrok\b", "xai"),
    (r"\bollama\b", "ollama"),
    (r"\bhugging ?face\b", "huggingface"),
    (r"\btogether(?: ?ai)?\b(?= api|[_ ]ai)", "together"),
    (r"\bfireworks\b", "fireworks"),
    (r"\bcerebras\b", "cerebras"),
    (r"\bsambanova\b", "sambanova"),
    (r"\bwatsonx?\b", "watsonx"),
    (r"\bdatabricks\b", "databricks"),
    (r"\bsnowflake\b", "snowflake"),
    (r"\bvllm\b", "vllm"),
    (r"\blangsmith\b", "langsmith"),
    (r"\blangfuse\b", "langfuse"),
    (r"\bserper\b", "serper"),
    (r"\bserpapi\b", "serpapi"),
    (r"\btavily\b", "tavily"),
    (r"\bfirecrawl\b", "firecrawl"),
    (r"\bbrave(?: ?search)\b", "brave"),
    (r"\bopen ?ai\b|\bgpt-\d", "openai"),
)
"""What people and logs call them; gateways and hosts of others' models come first."""


def asked(account: Account, statement: Statement) -> str:
    """The id of the provider that `statement` is about, or "" where nothing tells.

    Variables that the statement names come before the address that was asked, and that before the client's package:
    one client serves many. OpenAI's client by itself tells nothing.
    """
    ways = (
        _by_variables(statement.text),
        _by_address(account.failure.url),
        _by_litellm(statement.text),
        _by_hosts(statement.text),
        _by_package(statement.type),
        _by_model(statement.text),
        _by_hosts(account.text),
        _by_litellm(account.text),
        _by_packages(account),
        _by_words(statement.text),
        _by_variables(account.text),
        _by_words(account.text),
        _by_words(account.paths),
        "openai" if statement.type.startswith("openai.") else "",
    )
    return next(filter(None, ways), "")


def variables(text: str) -> tuple[VarName, ...]:
    """The variables of credentials that a text names."""
    known = by_name()
    named = (VarName(found[0].upper()) for found in _NAME.finditer(text))
    return tuple(dict.fromkeys(name for name in named if name in known))


def _by_variables(text: str) -> str:
    return next((by_name()[name][0].id for name in variables(text)), "")


def _by_address(url: str) -> str:
    if "://" not in url:
        return ""
    try:
        parts = urlsplit(url)
        return _PORTS.get(parts.port or 0) or _of_host(parts.hostname or "")
    except ValueError:
        return ""


def _by_hosts(text: str) -> str:
    return next(filter(None, (_of_host(found["host"]) for found in _HOST.finditer(text))), "")


@cache
def _of_host(host: str) -> str:
    host = host.lower()
    if _LOOPBACK.match(host):
        return ""
    if host in _HOSTS:
        return _HOSTS[host]
    return next((each.id for each in _with_hosts() if each.accepts_host(host)), "")


@cache
def _with_hosts() -> tuple[Provider, ...]:
    return tuple(each for each in providers() if each.hosts)


def _by_litellm(text: str) -> str:
    """LiteLLM names the route in front of what the provider said."""
    for found in _LITELLM.finditer(text):
        name = (found["name"] or found["prefix"]).lower()
        known = provider(name) or by_prefix(name) or by_prefix(name.removesuffix("_chat"))
        if known is not None:
            return known.id
    return ""


def _by_model(text: str) -> str:
    return next((known.id for found in _MODEL.finditer(text) if (known := by_prefix(found["prefix"].lower()))), "")


def _by_package(type: str) -> str:
    return next((id for package, id in _PACKAGES.items() if type.startswith(f"{package}.")), "")


def _by_packages(account: Account) -> str:
    return next(filter(None, map(_by_package, _types(account))), "")


def _types(account: Account) -> Iterator[str]:
    yield from (raised.type for raised in account.failure.chain)
    for path in account.paths.splitlines():
        yield path.rpartition("site-packages/")[2].replace("/", ".")


def _by_words(text: str) -> str:
    return next((id for pattern, id in _WORDS if re.search(pattern, text, re.IGNORECASE)), "")
