"""A release of CrewAI, and the releases since which it treats credentials differently."""

from __future__ import annotations

import re
from typing import NamedTuple


class CrewAIVersion(NamedTuple):
    """A release of CrewAI. Compares as a tuple; a pre-release counts as the release it leads to."""

    major: int
    minor: int = 0
    micro: int = 0

    @classmethod
    def parse(cls, text: str) -> CrewAIVersion | None:
        """The version at the start of `text`, such as ``1.14.3`` or ``v0.80``; None if there is none."""
        found = re.match(r"\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", text)
        return cls(*(int(number or 0) for number in found.groups())) if found else None

    def __str__(self) -> str:
        return ".".join(map(str, self))


NEWEST = CrewAIVersion(1, 15, 30)
"""The newest release whose source the catalogue was compared with."""

NATIVE = CrewAIVersion(1, 0, 0)
"""OpenAI, Anthropic, Azure, Gemini and Bedrock are called without LiteLLM, chosen by prefix alone."""
LISTED = CrewAIVersion(1, 5, 0)
"""Lists of models decide between native and LiteLLM, and ``provider=`` is understood."""
PATTERNS = CrewAIVersion(1, 7, 0)
"""Behind a prefix, a model that is not listed may still match its service's pattern."""
COMPATIBLE = CrewAIVersion(1, 12, 0)
"""OpenRouter, DeepSeek, Ollama, vLLM, Cerebras and DashScope are native."""
AZURE_IDENTITY = CrewAIVersion(1, 14, 3)
"""Azure without a key falls back to ``DefaultAzureCredential``; a missing key is found at the call."""
SNOWFLAKE = CrewAIVersion(1, 14, 7)
"""Snowflake is native."""
CUSTOM_ENDPOINT = CrewAIVersion(1, 15, 3)
"""``base_url=`` keeps any ``openai/…`` model native, and ``custom_openai=`` is understood."""
INFERENCE = CrewAIVersion(1, 15, 19)
"""A bare model name that is not listed is recognised by its pattern: ``claude-…``, ``gemini-…``."""
DASHSCOPE_ANY = CrewAIVersion(1, 15, 21)
"""DashScope is native for every model, not only for ``qwen…``."""
DEEPINFRA = CrewAIVersion(1, 15, 27)
"""DeepInfra is native, and refuses a model that is not ``org/model``."""

EMBEDDER_SETTINGS = CrewAIVersion(0, 201, 0)
"""Embedders are settings objects that read ``EMBEDDINGS_…`` variables; before, only OpenAI's read any."""
EMBEDDER_ALIASES = CrewAIVersion(1, 6, 0)
"""Embedders also read the service's usual names after ``EMBEDDINGS_…``."""
UNIFIED_MEMORY = CrewAIVersion(1, 10, 0)
"""Memory without an embedder builds the OpenAI embedder like a configured one, so with its names."""
