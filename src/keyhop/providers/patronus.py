"""Patronus, evaluation."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("patronus"),
    title="Patronus",
    url="https://app.patronus.ai",
    kind="tool",
    credentials=(Credential.of(key("PATRONUS_API_KEY", arguments=()), reader="tool"),),
    hosts=("api.patronus.ai",),
    references=(CREWAI_TOOLS,),
)
