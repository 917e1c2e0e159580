"""Weaviate, a vector store; a server of one's own may ask for no key."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("weaviate"),
    title="Weaviate",
    url="https://console.weaviate.cloud",
    kind="tool",
    credentials=(
        Credential.of(key("WEAVIATE_API_KEY", arguments=("weaviate_api_key",)), reader="tool", required=False),
    ),
    settings=variables("WEAVIATE_URL"),
    hosts=("localhost", "127.0.0.1", "*.weaviate.cloud", "*.weaviate.network"),
    probe=Probe(
        method="GET",
        url="{base}/v1/schema",
        header="Authorization: Bearer {key}",
        base_names=variables("WEAVIATE_URL"),
    ),
    keyless=True,
    references=(CREWAI_TOOLS,),
)
