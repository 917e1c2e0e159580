"""MultiOn, browsing."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("multion"),
    title="MultiOn",
    url="https://app.multion.ai",
    kind="tool",
    credentials=(Credential.of(key("MULTION_API_KEY"), reader="tool"),),
    hosts=("api.multion.ai",),
    references=(CREWAI_TOOLS,),
)
