"""LangSmith, traces."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, variables
from keyhop.citations import LITELLM, TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("langsmith"),
    title="LangSmith",
    url="https://smith.langchain.com/settings",
    kind="platform",
    credentials=(
        Credential.of(
            key(
                "LANGSMITH_API_KEY",
                "LANGCHAIN_API_KEY",
                shapes=(Shape(title="key", pattern=r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}", certain=True),),
            ),
            reader="sdk",
            required=False,
        ),
    ),
    settings=variables("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT", "LANGSMITH_PROJECT", "LANGCHAIN_PROJECT"),
    hosts=("api.smith.langchain.com", "eu.api.smith.langchain.com"),
    references=(LITELLM, TRUFFLEHOG),
)
