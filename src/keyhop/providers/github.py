"""GitHub Models."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, variables
from keyhop.citations import GITLEAKS, LITELLM

PROVIDER = Provider(
    id=ProviderId("github"),
    title="GitHub Models",
    url="https://github.com/settings/personal-access-tokens",
    credentials=(
        Credential.of(
            key(
                "GITHUB_API_KEY",
                shapes=(
                    Shape(title="classic token", pattern=r"gh[opsur]_[0-9A-Za-z]{36}", certain=True),
                    Shape(title="fine-grained token", pattern=r"github_pat_\w{82}", certain=True),
                ),
            ),
            reader="litellm",
        ),
    ),
    settings=variables("GITHUB_API_BASE"),
    prefixes=("github",),
    hosts=("models.inference.ai.azure.com", "models.github.ai"),
    never_read=variables("GITHUB_TOKEN", "GH_TOKEN"),
    references=(LITELLM, GITLEAKS),
)
