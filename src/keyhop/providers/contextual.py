"""Contextual AI, agents over documents."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("contextual"),
    title="Contextual AI",
    url="https://app.contextual.ai",
    kind="tool",
    credentials=(Credential.of(key("CONTEXTUAL_API_KEY"), reader="sdk"),),
    hosts=("api.contextual.ai",),
    references=(CREWAI_TOOLS,),
)
