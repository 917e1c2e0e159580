"""How keys begin whose shape tells whose they are, so that one value does not need every provider's module."""

from __future__ import annotations

from keyhop.catalogue import ProviderId, provider

_HEADS = (
    ("sk-ant-", "anthropic"),
    ("sk-or-", "openrouter"),
    ("sk-lf-", "langfuse"),
    ("sk-", "openai"),
    ("apify_api_", "apify"),
    (("AKIA", "ASIA", "ABIA", "ACCA", "A3T", "ABSK", "bedrock-api-key-"), "bedrock"),
    ("bb_", "browserbase"),
    (("ak_", "ck_"), "composio"),
    ("dapi", "databricks"),
    ("e2b_", "e2b"),
    ("fc-", "firecrawl"),
    ("AIza", "gemini"),
    (("gho_", "ghp_", "ghs_", "ghu_", "ghr_", "github_pat_"), "github"),
    ("gsk_", "groq"),
    (("hf_", "api_org_"), "huggingface"),
    ("lsv2_", "langsmith"),
    ("nvapi-", "nvidia-nim"),
    ("pplx-", "perplexity"),
    ("r8_", "replicate"),
    ("tvly-", "tavily"),
    (("pa-", "al-"), "voyage"),
    ("xai-", "xai"),
)


def looks_like(text: str) -> ProviderId | None:
    """As `keyhop.catalogue.looks_like`, of which only the providers are asked whose keys begin like the text."""
    owners = [id for heads, id in _HEADS if text.startswith(heads)]
    if '"service_account"' in text:
        owners.append("vertex")
    found = {id for id in owners if (each := provider(id)) is not None and each.claims(text)}
    return ProviderId(found.pop()) if len(found) == 1 else None
