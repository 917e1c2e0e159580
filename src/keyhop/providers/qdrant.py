"""Qdrant, a vector store; a server of one's own may ask for no key."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("qdrant"),
    title="Qdrant",
    url="https://cloud.qdrant.io",
    kind="tool",
    credentials=(Credential.of(key("QDRANT_API_KEY"), reader="tool", required=False),),
    settings=variables("QDRANT_URL"),
    hosts=("localhost", "127.0.0.1", "*.cloud.qdrant.io"),
    probe=Probe(
        method="GET",
        url="{base}/collections",
        header="api-key: {key}",
        base_names=variables("QDRANT_URL"),
    ),
    keyless=True,
    references=(CREWAI_TOOLS,),
)
