"""Cloudflare Workers AI."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("cloudflare"),
    title="Cloudflare Workers AI",
    url="https://dash.cloudflare.com/profile/api-tokens",
    credentials=(Credential.of(key("CLOUDFLARE_API_KEY"), reader="litellm"),),
    settings=variables("CLOUDFLARE_API_BASE", "CLOUDFLARE_ACCOUNT_ID"),
    prefixes=("cloudflare",),
    hosts=("api.cloudflare.com",),
    references=(LITELLM,),
)
