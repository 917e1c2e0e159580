"""Vercel's AI Gateway."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("vercel-ai-gateway"),
    title="Vercel AI Gateway",
    url="https://vercel.com/ai-gateway",
    credentials=(Credential.of(key("VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"), reader="litellm"),),
    settings=variables("VERCEL_AI_GATEWAY_API_BASE"),
    prefixes=("vercel_ai_gateway",),
    hosts=("ai-gateway.vercel.sh",),
    references=(LITELLM,),
)
