"""Replicate."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, variables
from keyhop.citations import LITELLM, TRUFFLEHOG

_SHAPES = (Shape(title="token", pattern=r"r8_[\w-]{37}", certain=True),)

PROVIDER = Provider(
    id=ProviderId("replicate"),
    title="Replicate",
    url="https://replicate.com/account/api-tokens",
    credentials=(
        Credential.of(key("REPLICATE_API_KEY", "REPLICATE_API_TOKEN", shapes=_SHAPES), reader="litellm"),
        Credential.of(key("REPLICATE_API_TOKEN", shapes=_SHAPES, arguments=("api_token",)), reader="sdk"),
    ),
    settings=variables("REPLICATE_API_BASE"),
    prefixes=("replicate",),
    hosts=("api.replicate.com",),
    references=(LITELLM, TRUFFLEHOG),
)
