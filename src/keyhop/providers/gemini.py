"""Google's Gemini API, with a key of AI Studio. Through Vertex AI it needs a project instead."""

from keyhop.catalogue import (
    Credential,
    Probe,
    Provider,
    ProviderId,
    Reference,
    Shape,
    identity,
    key,
    setting,
    variables,
)
from keyhop.citations import CREWAI, GITLEAKS, KINGFISHER, LITELLM, released

_SHAPES = (
    Shape(title="standard Google API key", pattern=r"AIza[\w-]{35}", certain=True),
    Shape(title="auth key, issued since 2026", pattern=r"AQ\.[\w.-]{20,}"),
)
_PROJECT = setting("GOOGLE_CLOUD_PROJECT", arguments=("project",))

PROVIDER = Provider(
    id=ProviderId("gemini"),
    title="Google Gemini",
    url="https://aistudio.google.com/apikey",
    credentials=(
        Credential(
            any_of=(
                (key("GOOGLE_API_KEY", "GEMINI_API_KEY", shapes=_SHAPES),),
                (_PROJECT, key("GOOGLE_APPLICATION_CREDENTIALS", arguments=("credentials",))),
                (_PROJECT, identity("@google adc")),
            ),
        ),
        Credential.of(key("GOOGLE_API_KEY", "GEMINI_API_KEY", "PALM_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("GOOGLE_API_KEY", "GEMINI_API_KEY", shapes=_SHAPES), reader="sdk"),
        Credential.of(
            key(
                "GOOGLE_API_KEY",
                "GEMINI_API_KEY",
                shapes=_SHAPES,
                arguments=("api_key", "google_api_key", "gemini_api_key"),
            ),
            reader="langchain",
        ),
        Credential.of(
            key("EMBEDDINGS_GOOGLE_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", shapes=_SHAPES),
            reader="embedder",
        ),
    ),
    settings=variables(
        "GOOGLE_CLOUD_LOCATION", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE", "GEMINI_API_BASE"
    ),
    prefixes=("gemini",),
    hosts=("generativelanguage.googleapis.com",),
    probe=Probe(
        method="GET",
        url="https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
        header="x-goog-api-key: {key}",
        rejected=(400, 401),
        rejected_when="API_KEY_INVALID|ACCESS_TOKEN_TYPE_UNSUPPORTED|API key expired",
        limited=(403,),
        limited_when="SERVICE_DISABLED|API_KEY_SERVICE_BLOCKED|API_KEY_.*_BLOCKED",
    ),
    never_read=variables(
        "GOOGLE_GEMINI_API_KEY", "GOOGLE_GENAI_API_KEY", "GEMINI_KEY", "GOOGLE_AI_API_KEY", "PALM_API_KEY"
    ),
    references=(
        CREWAI,
        LITELLM,
        released("google-genai", "1.65.0"),
        GITLEAKS,
        KINGFISHER,
        Reference(url="https://ai.google.dev/gemini-api/docs/api-key.md.txt", seen="2026-11-23"),
    ),
)
