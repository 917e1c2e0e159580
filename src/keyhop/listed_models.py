"""The models that CrewAI lists by name, with the release that first listed each.

Read from ``crewai/llms/constants.py`` of the releases 1.5.0 to 1.15.30. OpenAI's list is left out: what is
on none of these is taken for OpenAI's anyway. No name is ever taken off here: those that CrewAI took off its
lists in 1.15.18 match its patterns since 1.15.19.
"""

from __future__ import annotations

from functools import cache

from keyhop.crewai_version import CrewAIVersion

_LISTED = (
    (
        CrewAIVersion(1, 5, 0),
        "anthropic",
        """
        claude-3-5-haiku-20241022 claude-3-5-haiku-latest claude-3-5-sonnet-20240620
        claude-3-5-sonnet-20241022 claude-3-5-sonnet-latest claude-3-7-sonnet-20250219
        claude-3-7-sonnet-latest claude-3-haiku-20240307 claude-3-haiku-latest
        claude-3-opus-20240229 claude-3-opus-latest claude-3-sonnet-20240229 claude-4-opus-20250514
        claude-4-sonnet-20250514 claude-haiku-4-5 claude-haiku-4-5-20251001 claude-opus-4-0
        claude-opus-4-1 claude-opus-4-1-20250805 claude-opus-4-20250514 claude-sonnet-4-0
        claude-sonnet-4-20250514 claude-sonnet-4-5 claude-sonnet-4-5-20250929
        """,
    ),
    (
        CrewAIVersion(1, 5, 0),
        "gemini",
        """
        gemini-1.5-flash gemini-1.5-flash-8b gemini-1.5-pro gemini-2.0-flash gemini-2.0-flash-001
        gemini-2.0-flash-exp gemini-2.0-flash-exp-image-generation gemini-2.0-flash-lite
        gemini-2.0-flash-lite-001 gemini-2.0-flash-lite-preview gemini-2.0-flash-lite-preview-02-05
        gemini-2.0-flash-live-001 gemini-2.0-flash-preview-image-generation
        gemini-2.0-flash-thinking-exp gemini-2.0-flash-thinking-exp-01-21
        gemini-2.0-flash-thinking-exp-1219 gemini-2.0-pro-exp gemini-2.0-pro-exp-02-05
        gemini-2.5-computer-use-preview-10-2025 gemini-2.5-flash gemini-2.5-flash-image
        gemini-2.5-flash-image-preview gemini-2.5-flash-lite gemini-2.5-flash-lite-preview-06-17
        gemini-2.5-flash-lite-preview-09-2025 gemini-2.5-flash-live-preview
        gemini-2.5-flash-preview-04-17 gemini-2.5-flash-preview-05-20
        gemini-2.5-flash-preview-09-2025 gemini-2.5-flash-preview-tts gemini-2.5-pro
        gemini-2.5-pro-preview-03-25 gemini-2.5-pro-preview-05-06 gemini-2.5-pro-preview-06-05
        gemini-2.5-pro-preview-tts gemini-exp-1206 gemini-flash-latest gemini-flash-lite-latest
        gemini-gemma-2-27b-it gemini-gemma-2-9b-it gemini-live-2.5-flash-preview gemini-pro-latest
        gemini-robotics-er-1.5-preview gemma-3-12b-it gemma-3-1b-it gemma-3-27b-it gemma-3-4b-it
        gemma-3n-e2b-it gemma-3n-e4b-it learnlm-2.0-flash-experimental
        """,
    ),
    (
        CrewAIVersion(1, 5, 0),
        "bedrock",
        """
        ai21.jamba-1-5-large-v1:0 ai21.jamba-1-5-mini-v1:0 amazon.nova-lite-v1:0
        amazon.nova-lite-v1:0:24k amazon.nova-lite-v1:0:300k amazon.nova-micro-v1:0
        amazon.nova-micro-v1:0:128k amazon.nova-micro-v1:0:24k amazon.nova-premier-v1:0
        amazon.nova-premier-v1:0:1000k amazon.nova-premier-v1:0:20k amazon.nova-premier-v1:0:8k
        amazon.nova-premier-v1:0:mm amazon.nova-pro-v1:0 amazon.nova-pro-v1:0:24k
        amazon.nova-pro-v1:0:300k amazon.titan-text-express-v1 amazon.titan-text-express-v1:0:8k
        amazon.titan-text-lite-v1 amazon.titan-text-lite-v1:0:4k amazon.titan-tg1-large
        anthropic.claude-3-5-haiku-20241022-v1:0 anthropic.claude-3-5-sonnet-20240620-v1:0
        anthropic.claude-3-5-sonnet-20241022-v2:0 anthropic.claude-3-7-sonnet-20250219-v1:0
        anthropic.claude-3-haiku-20240307-v1:0 anthropic.claude-3-haiku-20240307-v1:0:200k
        anthropic.claude-3-haiku-20240307-v1:0:48k anthropic.claude-3-opus-20240229-v1:0
        anthropic.claude-3-opus-20240229-v1:0:12k anthropic.claude-3-opus-20240229-v1:0:200k
        anthropic.claude-3-opus-20240229-v1:0:28k anthropic.claude-3-sonnet-20240229-v1:0
        anthropic.claude-3-sonnet-20240229-v1:0:200k anthropic.claude-3-sonnet-20240229-v1:0:28k
        anthropic.claude-haiku-4-5-20251001-v1:0 anthropic.claude-instant-v1:2:100k
        anthropic.claude-opus-4-1-20250805-v1:0 anthropic.claude-opus-4-20250514-v1:0
        anthropic.claude-sonnet-4-20250514-v1:0 anthropic.claude-sonnet-4-5-20250929-v1:0
        anthropic.claude-v2:0:100k anthropic.claude-v2:0:18k anthropic.claude-v2:1:18k
        anthropic.claude-v2:1:200k cohere.command-r-plus-v1:0 cohere.command-r-v1:0
        cohere.rerank-v3-5:0 deepseek.r1-v1:0 meta.llama3-1-70b-instruct-v1:0
        meta.llama3-1-8b-instruct-v1:0 meta.llama3-2-11b-instruct-v1:0
        meta.llama3-2-1b-instruct-v1:0 meta.llama3-2-3b-instruct-v1:0
        meta.llama3-2-90b-instruct-v1:0 meta.llama3-3-70b-instruct-v1:0
        meta.llama3-70b-instruct-v1:0 meta.llama3-8b-instruct-v1:0
        meta.llama4-maverick-17b-instruct-v1:0 meta.llama4-scout-17b-instruct-v1:0
        mistral.mistral-7b-instruct-v0:2 mistral.mistral-large-2402-v1:0
        mistral.mistral-small-2402-v1:0 mistral.mixtral-8x7b-instruct-v0:1
        mistral.pixtral-large-2502-v1:0 openai.gpt-oss-120b-1:0 openai.gpt-oss-20b-1:0
        qwen.qwen3-32b-v1:0 qwen.qwen3-coder-30b-a3b-v1:0 twelvelabs.pegasus-1-2-v1:0
        """,
    ),
    (
        CrewAIVersion(1, 5, 0),
        "azure",
        """
        gpt-35-turbo gpt-35-turbo-0125 gpt-35-turbo-1106 gpt-35-turbo-16k-0613
        gpt-35-turbo-instruct-0914 gpt-4-vision
        """,
    ),
    (
        CrewAIVersion(1, 6, 0),
        "gemini",
        """
        gemini-3-pro-preview
        """,
    ),
    (
        CrewAIVersion(1, 7, 0),
        "anthropic",
        """
        claude-opus-4-5 claude-opus-4-5-20251101
        """,
    ),
    (
        CrewAIVersion(1, 7, 0),
        "gemini",
        """
        gemini-2.5-pro-exp-03-25
        """,
    ),
    (
        CrewAIVersion(1, 7, 0),
        "bedrock",
        """
        anthropic.claude-opus-4-5-20251101-v1:0
        """,
    ),
    (
        CrewAIVersion(1, 11, 0),
        "gemini",
        """
        gemini-3-flash-preview
        """,
    ),
    (
        CrewAIVersion(1, 14, 3),
        "bedrock",
        """
        apac.anthropic.claude-haiku-4-5-v1:0 apac.anthropic.claude-opus-4-5-v1:0
        apac.anthropic.claude-sonnet-4-5-v1:0 eu.anthropic.claude-haiku-4-5-v1:0
        eu.anthropic.claude-opus-4-5-v1:0 eu.anthropic.claude-sonnet-4-5-v1:0
        global.anthropic.claude-haiku-4-5-20251001-v1:0
        global.anthropic.claude-opus-4-5-20251101-v1:0 global.anthropic.claude-opus-4-6-v1
        global.anthropic.claude-sonnet-4-20250514-v1:0
        global.anthropic.claude-sonnet-4-5-20250929-v1:0 global.anthropic.claude-sonnet-4-6
        us.anthropic.claude-haiku-4-5-20251001-v1:0 us.anthropic.claude-haiku-4-5-v1:0
        us.anthropic.claude-opus-4-1-20250805-v1:0 us.anthropic.claude-opus-4-20250514-v1:0
        us.anthropic.claude-opus-4-5-20251101-v1:0 us.anthropic.claude-opus-4-5-v1:0
        us.anthropic.claude-opus-4-6-v1 us.anthropic.claude-opus-4-6-v1:0
        us.anthropic.claude-sonnet-4-20250514-v1:0 us.anthropic.claude-sonnet-4-5-20250929-v1:0
        us.anthropic.claude-sonnet-4-5-v1:0 us.anthropic.claude-sonnet-4-6
        """,
    ),
    (
        CrewAIVersion(1, 15, 18),
        "anthropic",
        """
        claude-fable-5 claude-opus-4-6 claude-opus-4-7 claude-opus-4-8 claude-opus-5
        claude-sonnet-4-6 claude-sonnet-5
        """,
    ),
    (
        CrewAIVersion(1, 15, 25),
        "gemini",
        """
        gemini-3.8-flash
        """,
    ),
)


def listed(model: str, version: CrewAIVersion) -> str | None:
    """The service on whose list `version` has `model`, or None."""
    since, service = _services().get(model, (None, ""))
    return service if since is not None and since <= version else None


@cache
def _services() -> dict[str, tuple[CrewAIVersion, str]]:
    return {model: (since, service) for since, service, models in _LISTED for model in models.split()}
