"""Parallel, search."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("parallel"),
    title="Parallel",
    url="https://platform.parallel.ai",
    kind="tool",
    credentials=(Credential.of(key("PARALLEL_API_KEY", arguments=()), reader="tool"),),
    hosts=("api.parallel.ai",),
    references=(CREWAI_TOOLS,),
)
