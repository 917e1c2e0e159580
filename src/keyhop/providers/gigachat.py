"""GigaChat."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("gigachat"),
    title="GigaChat",
    url="https://developers.sber.ru/studio",
    credentials=(
        Credential.of(key("GIGACHAT_CREDENTIALS", "GIGACHAT_API_KEY", "GIGACHAT_ACCESS_TOKEN"), reader="litellm"),
    ),
    settings=variables("GIGACHAT_API_BASE"),
    prefixes=("gigachat",),
    hosts=(
        "gigachat.devices.sberbank.ru",
        "ngw.devices.sberbank.ru",
    ),
    references=(LITELLM,),
)
