"""Bright Data, web scraping."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("brightdata"),
    title="Bright Data",
    url="https://brightdata.com/cp/setting/users",
    kind="tool",
    credentials=(Credential.of(key("BRIGHT_DATA_API_KEY", arguments=()), reader="tool"),),
    settings=variables("BRIGHT_DATA_ZONE", "BRIGHTDATA_API_URL"),
    hosts=("api.brightdata.com",),
    never_read=variables("BRIGHTDATA_API_KEY", "BRIGHTDATA_API_TOKEN"),
    references=(CREWAI_TOOLS,),
)
