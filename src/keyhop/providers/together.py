"""Together AI."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import LITELLM

_SHAPES = (Shape(title="key", pattern=r"[0-9a-f]{64}"),)

PROVIDER = Provider(
    id=ProviderId("together"),
    title="Together AI",
    url="https://api.together.ai/settings/api-keys",
    credentials=(
        Credential.of(
            key(
                "TOGETHER_API_KEY",
                "TOGETHER_AI_API_KEY",
                "TOGETHERAI_API_KEY",
                "TOGETHER_AI_TOKEN",
                shapes=_SHAPES,
            ),
            reader="litellm",
        ),
        Credential.of(
            key("TOGETHER_API_KEY", shapes=_SHAPES, arguments=("api_key", "together_api_key")), reader="sdk"
        ),
    ),
    settings=variables("TOGETHER_AI_API_BASE"),
    prefixes=("together_ai",),
    hosts=("api.together.xyz", "api.together.ai"),
    probe=Probe(
        method="GET",
        url="https://api.together.xyz/v1/models",
        header="Authorization: Bearer {key}",
        base="https://api.together.xyz/v1",
        base_names=variables("TOGETHER_AI_API_BASE"),
    ),
    references=(LITELLM,),
)
