"""ScrapeGraphAI, web scraping."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("scrapegraph"),
    title="ScrapeGraphAI",
    url="https://dashboard.scrapegraphai.com",
    kind="tool",
    credentials=(Credential.of(key("SCRAPEGRAPH_API_KEY"), reader="tool"),),
    hosts=("api.scrapegraphai.com",),
    never_read=variables("SGAI_API_KEY"),
    references=(CREWAI_TOOLS,),
)
