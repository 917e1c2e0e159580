"""OpenRouter."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG

_SHAPES = (Shape(title="key", pattern=r"sk-or-v1-[0-9a-f]{64}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("openrouter"),
    title="OpenRouter",
    url="https://openrouter.ai/settings/keys",
    credentials=(
        Credential.of(key("OPENROUTER_API_KEY", shapes=_SHAPES)),
        Credential.of(key("OPENROUTER_API_KEY", "OR_API_KEY", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("OPENROUTER_API_KEY", shapes=_SHAPES), reader="embedder"),
    ),
    settings=variables("OPENROUTER_BASE_URL", "OPENROUTER_API_BASE"),
    prefixes=("openrouter",),
    hosts=("openrouter.ai",),
    probe=Probe(
        method="GET",
        url="https://openrouter.ai/api/v1/key",
        header="Authorization: Bearer {key}",
        base="https://openrouter.ai/api/v1",
        base_names=variables("OPENROUTER_BASE_URL", "OPENROUTER_API_BASE"),
    ),
    never_read=variables("OPEN_ROUTER_API_KEY", "OPENROUTER_KEY"),
    references=(CREWAI, LITELLM, TRUFFLEHOG),
)
