"""Exa, search."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CAULDRON, CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("exa"),
    title="Exa",
    url="https://dashboard.exa.ai/api-keys",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "EXA_API_KEY",
                shapes=(Shape(title="key", pattern=r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),),
                arguments=("api_key", "exa_api_key"),
            ),
            reader="tool",
        ),
    ),
    settings=variables("EXA_BASE_URL"),
    hosts=("api.exa.ai",),
    probe=Probe(
        method="POST",
        url="https://api.exa.ai/search",
        header="x-api-key: {key}",
        headers=("Content-Type: application/json",),
        body="{}",
        accepted=(400,),
        rejected_when="INVALID_API_KEY",
        base="https://api.exa.ai",
        base_names=variables("EXA_BASE_URL"),
    ),
    references=(CREWAI_TOOLS, CAULDRON),
)
