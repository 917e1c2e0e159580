"""Google Vertex AI: a project, and an identity or a service account's file instead of a key."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, identity, key, setting, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG

_FILE = key(
    "GOOGLE_APPLICATION_CREDENTIALS",
    arguments=("credentials",),
    shapes=(
        Shape(
            title="service account JSON",
            pattern=r'[\s\S]*"type"\s*:\s*"service_account"[\s\S]*"private_key"[\s\S]*',
            certain=True,
        ),
    ),
)
_LITELLM_FILE = key("VERTEXAI_CREDENTIALS", arguments=("vertex_credentials", "vertex_ai_credentials"))
_EMBEDDER_PROJECT = setting("EMBEDDINGS_GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT", arguments=("project_id",))

PROVIDER = Provider(
    id=ProviderId("vertex"),
    title="Google Vertex AI",
    url="https://console.cloud.google.com/vertex-ai",
    credentials=(
        Credential(any_of=((_FILE,), (_LITELLM_FILE,), (identity("@google adc"),)), reader="litellm"),
        Credential(
            reader="embedder",
            any_of=(
                (key("EMBEDDINGS_GOOGLE_CLOUD_API_KEY", "GOOGLE_CLOUD_API_KEY", "GOOGLE_API_KEY"),),
                (_EMBEDDER_PROJECT, _FILE),
                (_EMBEDDER_PROJECT, identity("@google adc")),
            ),
        ),
    ),
    settings=variables(
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
        "VERTEXAI_PROJECT",
        "VERTEXAI_LOCATION",
        "VERTEX_PROJECT",
        "VERTEX_LOCATION",
        "VERTEX_API_BASE",
        "VERTEXAI_API_BASE",
        "EMBEDDINGS_GOOGLE_CLOUD_LOCATION",
    ),
    prefixes=("vertex_ai", "vertex_ai_beta"),
    hosts=("aiplatform.googleapis.com", "*-aiplatform.googleapis.com", "aiplatform.*.rep.googleapis.com"),
    references=(CREWAI, LITELLM, TRUFFLEHOG),
)
