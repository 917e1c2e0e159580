"""Zapier's actions."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("zapier"),
    title="Zapier",
    url="https://actions.zapier.com/credentials/",
    kind="tool",
    credentials=(Credential.of(key("ZAPIER_API_KEY", arguments=("zapier_api_key",)), reader="tool"),),
    hosts=("actions.zapier.com",),
    references=(CREWAI_TOOLS,),
)
