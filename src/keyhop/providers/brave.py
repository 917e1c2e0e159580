"""Brave Search."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("brave"),
    title="Brave Search",
    url="https://api-dashboard.search.brave.com",
    kind="tool",
    credentials=(
        Credential.of(key("BRAVE_API_KEY", shapes=(Shape(title="key", pattern=r"BSA[\w-]{20,}"),)), reader="tool"),
    ),
    hosts=("api.search.brave.com",),
    probe=Probe(
        method="GET",
        url="https://api.search.brave.com/res/v1/web/search?q=x&count=1",
        header="X-Subscription-Token: {key}",
        rejected=(401, 422),
        rejected_when="SUBSCRIPTION_TOKEN_INVALID",
        cost="paid",
    ),
    never_read=variables("BRAVE_SEARCH_API_KEY"),
    references=(CREWAI_TOOLS,),
)
