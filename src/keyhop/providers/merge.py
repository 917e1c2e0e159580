"""Merge's agent handler."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("merge"),
    title="Merge Agent Handler",
    url="https://ah.merge.dev",
    kind="tool",
    credentials=(Credential.of(key("AGENT_HANDLER_API_KEY", arguments=()), reader="tool"),),
    hosts=("ah-api.merge.dev",),
    references=(CREWAI_TOOLS,),
)
