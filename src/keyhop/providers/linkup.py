"""Linkup, search."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("linkup"),
    title="Linkup",
    url="https://app.linkup.so/api-keys",
    kind="tool",
    credentials=(Credential.of(key("LINKUP_API_KEY"), reader="tool"),),
    hosts=("api.linkup.so",),
    references=(CREWAI_TOOLS,),
)
