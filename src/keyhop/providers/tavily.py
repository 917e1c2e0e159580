"""Tavily, search for agents."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CAULDRON, CREWAI_TOOLS, KINGFISHER

PROVIDER = Provider(
    id=ProviderId("tavily"),
    title="Tavily",
    url="https://app.tavily.com",
    kind="tool",
    credentials=(
        Credential.of(
            key(
                "TAVILY_API_KEY",
                shapes=(Shape(title="key", pattern=r"tvly-(?:dev-|prod-)?[0-9A-Za-z-]{32,}", certain=True),),
                arguments=("api_key", "tavily_api_key"),
            ),
            reader="tool",
        ),
    ),
    hosts=("api.tavily.com",),
    probe=Probe(
        method="GET",
        url="https://api.tavily.com/search",
        header="Authorization: Bearer {key}",
        accepted=(200, 405),
        rejected_when="invalid API key",
    ),
    never_read=variables("TAVILY_KEY", "TAVILY_SEARCH_API_KEY", "TAVILY_API_TOKEN"),
    references=(CREWAI_TOOLS, CAULDRON, KINGFISHER),
)
