"""Hyperbrowser, browsers in the cloud."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("hyperbrowser"),
    title="Hyperbrowser",
    url="https://app.hyperbrowser.ai",
    kind="tool",
    credentials=(Credential.of(key("HYPERBROWSER_API_KEY"), reader="tool"),),
    hosts=("api.hyperbrowser.ai", "app.hyperbrowser.ai"),
    references=(CREWAI_TOOLS,),
)
