"""SerpApi, search results."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("serpapi"),
    title="SerpApi",
    url="https://serpapi.com/manage-api-key",
    kind="tool",
    credentials=(
        Credential.of(key("SERPAPI_API_KEY", shapes=(Shape(title="key", pattern=r"[0-9a-f]{64}"),)), reader="tool"),
    ),
    hosts=("serpapi.com",),
    probe=Probe(method="GET", url="https://serpapi.com/account.json", header="?api_key={key}"),
    never_read=variables("SERPAPI_KEY", "SERP_API_KEY"),
    references=(CREWAI_TOOLS,),
)
