"""Weights & Biases Inference."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("wandb"),
    title="Weights & Biases",
    url="https://wandb.ai/authorize",
    credentials=(Credential.of(key("WANDB_API_KEY"), reader="litellm"),),
    settings=variables("WANDB_API_BASE"),
    prefixes=("wandb",),
    hosts=(
        "api.inference.wandb.ai",
        "api.wandb.ai",
    ),
    references=(LITELLM,),
)
