"""Groq."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG, released

_SHAPES = (Shape(title="key", pattern=r"gsk_[0-9A-Za-z]{52}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("groq"),
    title="Groq",
    url="https://console.groq.com/keys",
    credentials=(
        Credential.of(key("GROQ_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("GROQ_API_KEY", shapes=_SHAPES, arguments=("api_key", "groq_api_key")), reader="langchain"),
    ),
    settings=variables("GROQ_API_BASE", "GROQ_BASE_URL"),
    prefixes=("groq",),
    hosts=("api.groq.com",),
    probe=Probe(
        method="GET",
        url="https://api.groq.com/openai/v1/models",
        header="Authorization: Bearer {key}",
        lists_models=True,
        base="https://api.groq.com/openai/v1",
        base_names=variables("GROQ_API_BASE"),
    ),
    never_read=variables("GROQ_KEY", "GROQ_API_TOKEN"),
    references=(CREWAI, LITELLM, released("groq", "1.7.0"), TRUFFLEHOG),
)
