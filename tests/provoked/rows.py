"""The failures that are provoked: how each comes about, and what an explanation may call it."""

from __future__ import annotations

from dataclasses import dataclass, field

from keyhop.causes import Cause, Family

KEY = "sk-proj-" + "Wq7Er2Ty9Ui4Op1As6Df3Gh8Jk5Lz0Xc"
OTHER = "sk-ant-api03-" + "Zx9Cv2Bn7Mq4Wr1Et6Yu3Io8Pa5Sd0Fg" * 2
GEMINI_KEY = "AIza" + "SyB9x2Kq7Wv4Rt1Zm6Np3Lc8Hd5Jf0Gs"
ACCESS = {
    "AWS_ACCESS_KEY_ID": "AKIA" + "Q7WE2RT9YU4IOP1A",
    "AWS_SECRET_ACCESS_KEY": "wJ9" + "aQ2sW7eD4rF1tG6yH3uJ8iK5oL0pZxCvBnM",
}
_UNSUPPLIED = (Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE)
_REJECTED = (Cause.INVALID_KEY, Cause.EXPIRED_OR_REVOKED, Cause.PLACEHOLDER_VALUE, Cause.WRONG_PROVIDER_KEY)
_NETWORK = (Cause.TLS_OR_NETWORK_NOT_AUTH, Cause.BASE_URL_MISMATCH, Cause.CONTAMINATED_VALUE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One failure. ``{url}`` in a value is the provider's address."""

    id: str
    acceptable: tuple[Cause, ...]
    """The best first."""
    environment: dict[str, str] = field(default_factory=dict)
    model: str = "openai/gpt-4o"
    llm: dict[str, object] = field(default_factory=dict)
    """Further arguments of ``LLM``."""
    crew: str = "plain"
    """A function of ``crews``."""
    slow: bool = False
    silent: bool = False
    """The crew succeeds, and only the log tells."""

    @property
    def families(self) -> set[Family]:
        return {cause.family for cause in self.acceptable}


def _openai(id: str, *acceptable: Cause, key: str = KEY, url: str = "", slow: bool = False, **more: str) -> Row:
    address = url or f"{{url}}/{id}/v1"
    return Row(
        id=id,
        acceptable=acceptable,
        environment={"OPENAI_API_KEY": key, "OPENAI_BASE_URL": address, **more},
        llm={"max_retries": 0},
        slow=slow,
    )


def _anthropic(id: str, *acceptable: Cause, key: str = OTHER, url: str = "", slow: bool = False) -> Row:
    address = url or f"{{url}}/{id}"
    return Row(
        id=id,
        acceptable=acceptable,
        environment={"ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": address},
        model="anthropic/claude-sonnet-4-5",
        llm={"max_retries": 0},
        slow=slow,
    )


def _azure(id: str, *acceptable: Cause, slow: bool = False, **environment: str) -> Row:
    return Row(
        id=id,
        acceptable=acceptable,
        environment={
            "AZURE_API_KEY": "Q7wE2rT9yU4iO1pA6sD3fG8hJ5kL0zX" * 2,
            "AZURE_ENDPOINT": f"{{url}}/{id}",
            **environment,
        },
        model="azure/gpt-4o",
        slow=slow,
    )


def _bedrock(id: str, *acceptable: Cause, **environment: str) -> Row:
    address = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"{{url}}/{id}", "AWS_EC2_METADATA_DISABLED": "true"}
    model = "bedrock/anthropic.claude-3-sonnet-20240229-v1:0"
    return Row(id=id, acceptable=acceptable, environment={**address, **environment}, model=model)


REFUSED = "http://127.0.0.1:9/v1"
"""Nobody listens there."""

ROWS: tuple[Row, ...] = (
    Row(id="openai-missing", acceptable=_UNSUPPLIED),
    Row(
        id="openai-empty",
        acceptable=(*_UNSUPPLIED, Cause.SHADOWED_OR_STALE_VALUE),
        environment={"OPENAI_API_KEY": ""},
    ),
    _openai("openai-401", *_REJECTED, Cause.SHADOWED_OR_STALE_VALUE),
    _openai("openai-other-key", Cause.WRONG_PROVIDER_KEY, Cause.INVALID_KEY, key=OTHER, url="{url}/openai-401/v1"),
    _openai("openai-quoted", Cause.CONTAMINATED_VALUE, Cause.INVALID_KEY, key=f'"{KEY}"', url="{url}/openai-401/v1"),
    _openai(
        "openai-placeholder",
        Cause.PLACEHOLDER_VALUE,
        Cause.INVALID_KEY,
        key="your-api-key",
        url="{url}/openai-401/v1",
    ),
    _openai("openai-403", Cause.GEO_BLOCKED, Cause.PERMISSION_OR_SCOPE),
    _openai("openai-404", Cause.MODEL_ACCESS, Cause.BASE_URL_MISMATCH),
    _openai("openai-without-v1", Cause.BASE_URL_MISMATCH, Cause.MODEL_ACCESS, url="{url}"),
    _openai("openai-quota", Cause.QUOTA_NOT_AUTH, slow=True),
    _openai("openai-rate", Cause.RATE_LIMIT_NOT_AUTH, slow=True),
    _openai("openai-500", Cause.OTHER_NOT_AUTH, Cause.TRANSIENT_PROVIDER_AUTH),
    _openai("openai-refused", *_NETWORK, url=REFUSED),
    _openai("openai-newline", Cause.CONTAMINATED_VALUE, key=f"{KEY}\n", url="{url}/good/v1"),
    _openai(
        "openai-proxy",
        Cause.PROXY_OR_GATEWAY,
        Cause.TLS_OR_NETWORK_NOT_AUTH,
        url="https://api.openai.com/v1",
        HTTPS_PROXY="{url}",
    ),
    _openai("openai-stale", Cause.SHADOWED_OR_STALE_VALUE, *_REJECTED, url="{url}/openai-401/v1"),
    Row(id="openai-misspelt", acceptable=(Cause.WRONG_VARIABLE_NAME, *_UNSUPPLIED), environment={"OPENAI_KEY": KEY}),
    Row(id="openai-late", acceptable=(Cause.LOADED_TOO_LATE, *_UNSUPPLIED), crew="late"),
    Row(id="anthropic-missing", acceptable=_UNSUPPLIED, model="anthropic/claude-sonnet-4-5"),
    Row(
        id="anthropic-empty",
        acceptable=_UNSUPPLIED,
        environment={"ANTHROPIC_API_KEY": ""},
        model="anthropic/claude-sonnet-4-5",
    ),
    _anthropic("anthropic-401", *_REJECTED),
    _anthropic("anthropic-403", Cause.PERMISSION_OR_SCOPE),
    _anthropic("anthropic-404", Cause.MODEL_ACCESS),
    _anthropic("anthropic-credit", Cause.QUOTA_NOT_AUTH),
    _anthropic("anthropic-429", Cause.RATE_LIMIT_NOT_AUTH, slow=True),
    _anthropic("anthropic-refused", *_NETWORK, url=REFUSED),
    _anthropic(
        "anthropic-newline",
        Cause.CONTAMINATED_VALUE,
        Cause.TLS_OR_NETWORK_NOT_AUTH,
        key=f"{OTHER}\n",
        url="{url}/good",
    ),
    Row(
        id="azure-nothing",
        acceptable=(*_UNSUPPLIED, Cause.WRONG_VARIABLE_NAME, Cause.AZURE_ENDPOINT_MISMATCH),
        model="azure/gpt-4o",
    ),
    _azure(
        "azure-keyless",
        *_UNSUPPLIED,
        Cause.WRONG_VARIABLE_NAME,
        Cause.WRONG_CREDENTIAL_TYPE,
        AZURE_API_KEY="",
        AZURE_ENDPOINT="https://127.0.0.1:9",
        AZURE_TOKEN_CREDENTIALS="EnvironmentCredential",
        AZURE_OPENAI_API_KEY=KEY,
    ),
    _azure("azure-401", Cause.AZURE_ENDPOINT_MISMATCH, Cause.INVALID_KEY),
    _azure("azure-403", Cause.NETWORK_POLICY, Cause.PERMISSION_OR_SCOPE),
    _azure("azure-404", Cause.AZURE_DEPLOYMENT_NOT_FOUND),
    _azure(
        "azure-version",
        Cause.AZURE_API_VERSION,
        Cause.AZURE_ENDPOINT_MISMATCH,
        Cause.AZURE_DEPLOYMENT_NOT_FOUND,
        AZURE_API_VERSION="2019-01-01",
    ),
    _azure("azure-unsupported-version", Cause.AZURE_API_VERSION, AZURE_API_VERSION="2019-01-01"),
    _azure("azure-429", Cause.RATE_LIMIT_NOT_AUTH, slow=True),
    _azure("azure-newline", Cause.CONTAMINATED_VALUE, AZURE_API_KEY=f"{KEY}\n"),
    Row(id="gemini-missing", acceptable=_UNSUPPLIED, model="gemini/gemini-2.5-flash"),
    Row(
        id="gemini-400",
        acceptable=_REJECTED,
        environment={"GEMINI_API_KEY": GEMINI_KEY},
        model="gemini/gemini-2.5-flash",
        llm={"client_params": {"http_options": {"base_url": "{url}/gemini-400"}}},
    ),
    _bedrock("bedrock-missing", *_UNSUPPLIED),
    _bedrock("bedrock-invalid", *_REJECTED, **ACCESS),
    _bedrock("bedrock-expired", Cause.TOKEN_EXPIRED_STS, **ACCESS, AWS_SESSION_TOKEN="IQoJ" + "b3JpZ2luX2VjE" * 4),
    Row(id="deepseek-missing", acceptable=_UNSUPPLIED, model="deepseek/deepseek-chat"),
    Row(
        id="groq-missing",
        acceptable=(*_UNSUPPLIED, Cause.INVALID_KEY),
        model="groq/llama-3.3-70b-versatile",
        llm={"base_url": "{url}/groq-401/v1"},
    ),
    Row(
        id="groq-401",
        acceptable=_REJECTED,
        environment={"GROQ_API_KEY": "gsk_" + "Q7wE2rT9yU4iO1pA" * 3},
        model="groq/llama-3.3-70b-versatile",
        llm={"base_url": "{url}/groq-401/v1"},
    ),
    Row(
        id="planning",
        acceptable=(Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER, *_UNSUPPLIED),
        environment={"ANTHROPIC_API_KEY": OTHER, "ANTHROPIC_BASE_URL": "{url}/anthropic-401"},
        model="anthropic/claude-sonnet-4-5",
        crew="planning",
    ),
    Row(
        id="guardrail",
        acceptable=(*_REJECTED, Cause.SHADOWED_OR_STALE_VALUE),
        environment={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "{url}/good/v1"},
        crew="guardrail",
    ),
    Row(
        id="memory",
        acceptable=(Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER, *_UNSUPPLIED),
        environment={"DEEPSEEK_API_KEY": KEY, "DEEPSEEK_BASE_URL": "{url}/good/v1"},
        model="deepseek/deepseek-chat",
        crew="memory",
        silent=True,
    ),
    Row(
        id="knowledge",
        acceptable=(Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER, *_REJECTED),
        environment={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "{url}/openai-401/v1"},
        crew="knowledge",
    ),
    Row(
        id="tool",
        acceptable=(Cause.TOOL_CREDENTIAL,),
        environment={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "{url}/good/v1"},
        crew="tool",
    ),
    Row(
        id="mcp-401",
        acceptable=(Cause.TOOL_CREDENTIAL, *_UNSUPPLIED, Cause.INVALID_KEY),
        environment={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "{url}/good/v1"},
        llm={},
        crew="mcp",
    ),
)
