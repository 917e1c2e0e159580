"""Spider, web scraping."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("spider"),
    title="Spider",
    url="https://spider.cloud/api-keys",
    kind="tool",
    credentials=(Credential.of(key("SPIDER_API_KEY"), reader="tool"),),
    hosts=("api.spider.cloud",),
    references=(CREWAI_TOOLS,),
)
