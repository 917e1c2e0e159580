"""MindsDB's Minds, questions to databases."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("minds"),
    title="Minds",
    url="https://mdb.ai",
    kind="tool",
    credentials=(Credential.of(key("MINDS_API_KEY"), reader="tool"),),
    hosts=("mdb.ai",),
    references=(CREWAI_TOOLS,),
)
