"""Fireworks AI."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("fireworks"),
    title="Fireworks AI",
    url="https://fireworks.ai/account/api-keys",
    credentials=(
        Credential.of(
            key(
                "FIREWORKS_API_KEY",
                "FIREWORKS_AI_API_KEY",
                "FIREWORKSAI_API_KEY",
                "FIREWORKS_AI_TOKEN",
                shapes=(Shape(title="key", pattern=r"fw_[0-9A-Za-z]{20,}"),),
                arguments=("api_key", "fireworks_api_key"),
            ),
            reader="litellm",
        ),
    ),
    settings=variables("FIREWORKS_API_BASE"),
    prefixes=("fireworks_ai",),
    hosts=("api.fireworks.ai",),
    probe=Probe(
        method="GET",
        url="https://api.fireworks.ai/inference/v1/models",
        header="Authorization: Bearer {key}",
        base="https://api.fireworks.ai/inference/v1",
        base_names=variables("FIREWORKS_API_BASE"),
    ),
    references=(LITELLM,),
)
