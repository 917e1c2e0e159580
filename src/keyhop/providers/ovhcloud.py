"""OVHcloud AI Endpoints."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("ovhcloud"),
    title="OVHcloud AI Endpoints",
    url="https://endpoints.ai.cloud.ovh.net",
    credentials=(Credential.of(key("OVHCLOUD_API_KEY"), reader="litellm"),),
    settings=variables("OVHCLOUD_API_BASE"),
    prefixes=("ovhcloud",),
    hosts=("*.endpoints.kepler.ai.cloud.ovh.net",),
    references=(LITELLM,),
)
