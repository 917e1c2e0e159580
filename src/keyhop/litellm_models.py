"""Which service LiteLLM takes a model for, by its prefix or, without one, by its name."""

from __future__ import annotations

import re

_BEDROCK = (
    r"(?:[a-z]{2,6}(?:-gov)?\.)?"
    r"(?:ai21|amazon|anthropic|cohere|deepseek|luma|meta|minimax|mistral|moonshotai?|nvidia|openai|qwen|stability"
    r"|twelvelabs|writer|zai|google)\."
)
_BARE = (
    (re.compile(r"(?:ft:)?(?:gpt-|o[1-9](?:-|$)|chatgpt-|davinci-|babbage-)"), "openai"),
    (re.compile(r"(?:text-embedding-(?:3-|ada-)|whisper-1|tts-1|dall-e-|omni-moderation|codex-)"), "openai"),
    (re.compile(r"claude-"), "anthropic"),
    (re.compile(r"(?:gemini-|text-(?:multilingual-)?embedding-|text-unicorn|(?:chat|text|code|codechat)-bison|medlm-)"),
     "vertex_ai"),
    (re.compile(_BEDROCK), "bedrock"),
    (re.compile(r"(?:command-|c4ai-|embed-(?:english|multilingual)-|rerank-)"), "cohere"),
    (re.compile(r"(?:jamba-|j2-)"), "ai21_chat"),
    (re.compile(r"[^:]+:[0-9a-f]{64}$"), "replicate"),
)  # fmt: skip
"""Names without a prefix that LiteLLM 1.106.2 knows, by how they begin: ``gemini-…`` is Vertex there."""

_UNKNOWN = frozenset({"claude", "google", "aws", "azure_openai"})
"""Prefixes that CrewAI knows and LiteLLM does not."""


def litellm_prefix(model: str) -> tuple[str | None, str]:
    """LiteLLM's prefix for a model's service, and the model behind it; None if it would refuse the model."""
    prefix, slash, rest = model.partition("/")
    if slash:
        return (None, model) if prefix in _UNKNOWN else (prefix, rest)
    return next((service for pattern, service in _BARE if pattern.match(model)), None), model
