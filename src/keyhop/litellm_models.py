"""Which service LiteLLM takes a model for, by its prefix or, without one, by its name."""

from __future__ import annotations

from keyhop import patterns

_ON_BEDROCK = (
    "ai21 amazon anthropic cohere deepseek google luma meta minimax mistral moonshot moonshotai nvidia openai qwen"
    " stability twelvelabs writer xai zai"
)
_REGION = r"(?:[a-z]{2,6}(?:-gov)?\.)?"
_BARE = tuple(
    (patterns.compile(pattern), prefix)
    for pattern, prefix in (
        (r"(?:ft:)?(?:gpt-|o[1-9](?:-|$)|chatgpt-|davinci-|babbage-)|chat-latest|computer-use-", "openai"),
        (r"text-embedding-(?:3-|ada-)|whisper-1|tts-1|dall-e-|omni-moderation|codex-", "openai"),
        (rf"{_REGION}(?:{'|'.join(_ON_BEDROCK.split())})\.|claude-.*-v\d:\d", "bedrock"),
        (r"claude-", "anthropic"),
        (r"gemini-|text-(?:multilingual-)?embedding-|text-unicorn|medlm-", "vertex_ai"),
        (r"(?:chat|text|code|codechat)-bison", "vertex_ai"),
        (r"command-|c4ai-|embed-(?:english|multilingual)-|rerank-", "cohere"),
        (r"jamba-|j2-", "ai21_chat"),
        (r"[^:]+:[0-9a-f]{64}$", "replicate"),
    )
)
"""Names without a prefix that LiteLLM 1.106.2 knows, by how they begin: ``gemini-…`` is Vertex there."""

_UNKNOWN = frozenset({"claude", "google", "aws", "azure_openai"})
"""Prefixes that CrewAI knows and LiteLLM does not."""


def litellm_prefix(model: str) -> tuple[str | None, str]:
    """LiteLLM's prefix for a model's service, and the model behind it; None if it would refuse the model."""
    prefix, slash, rest = model.partition("/")
    if slash:
        return (None, model) if prefix in _UNKNOWN else (prefix, rest)
    return next((service for pattern, service in _BARE if pattern.match(model)), None), model


_TAKERS = """
ai21 aiml baseten cerebras chutes codestral dashscope deepinfra featherless friendli galadriel github hyperbolic
inception lambda-ai litellm-proxy meta-llama moonshot morph nebius novita nscale nvidia-nim perplexity poe sambanova
v0 vercel-ai-gateway volcengine wandb zai
"""
WITH_OPENAI_KEY = frozenset(_TAKERS.split())
"""Services to which LiteLLM 1.106.2 sends ``OPENAI_API_KEY`` where their own key is not set, as a server of ours saw
it. ``deepseek``, ``groq``, ``mistral``, ``openrouter``, ``together_ai`` and ``xai`` are asked without a key."""
