"""Cerebras."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM

PROVIDER = Provider(
    id=ProviderId("cerebras"),
    title="Cerebras",
    url="https://cloud.cerebras.ai",
    credentials=(Credential.of(key("CEREBRAS_API_KEY", shapes=(Shape(title="key", pattern=r"csk-[0-9a-z]{40,}"),))),),
    settings=variables("CEREBRAS_BASE_URL", "CEREBRAS_API_BASE"),
    prefixes=("cerebras",),
    hosts=("api.cerebras.ai",),
    probe=Probe(
        method="GET",
        url="https://api.cerebras.ai/v1/models",
        header="Authorization: Bearer {key}",
        base="https://api.cerebras.ai/v1",
        base_names=variables("CEREBRAS_BASE_URL", "CEREBRAS_API_BASE"),
    ),
    references=(CREWAI, LITELLM),
)
