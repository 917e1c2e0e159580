"""Serply, search results."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("serply"),
    title="Serply",
    url="https://serply.io",
    kind="tool",
    credentials=(Credential.of(key("SERPLY_API_KEY", arguments=()), reader="tool"),),
    hosts=("api.serply.io",),
    references=(CREWAI_TOOLS,),
)
