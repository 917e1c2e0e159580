"""DeepSeek."""

from keyhop.catalogue import Credential, Probe, Provider, ProviderId, Shape, key, variables
from keyhop.citations import CREWAI, LITELLM, TRUFFLEHOG

PROVIDER = Provider(
    id=ProviderId("deepseek"),
    title="DeepSeek",
    url="https://platform.deepseek.com/api_keys",
    credentials=(Credential.of(key("DEEPSEEK_API_KEY", shapes=(Shape(title="key", pattern=r"sk-[0-9a-z]{32}"),))),),
    settings=variables("DEEPSEEK_BASE_URL", "DEEPSEEK_API_BASE"),
    prefixes=("deepseek",),
    hosts=("api.deepseek.com",),
    probe=Probe(
        method="GET",
        url="https://api.deepseek.com/user/balance",
        header="Authorization: Bearer {key}",
        base="https://api.deepseek.com",
        base_names=variables("DEEPSEEK_BASE_URL", "DEEPSEEK_API_BASE"),
    ),
    never_read=variables("DEEPSEEK_KEY", "DEEP_SEEK_API_KEY"),
    references=(CREWAI, LITELLM, TRUFFLEHOG),
)
