"""AgentOps, traces."""

from keyhop.catalogue import Credential, Provider, ProviderId, key
from keyhop.citations import LITELLM, released

PROVIDER = Provider(
    id=ProviderId("agentops"),
    title="AgentOps",
    url="https://app.agentops.ai",
    kind="platform",
    credentials=(Credential.of(key("AGENTOPS_API_KEY"), reader="sdk", required=False),),
    hosts=("api.agentops.ai",),
    references=(released("crewai", "0.80.0"), LITELLM),
)
