"""DataRobot."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("datarobot"),
    title="DataRobot",
    url="https://app.datarobot.com/account/developer-tools",
    credentials=(Credential.of(key("DATAROBOT_API_TOKEN"), reader="litellm"),),
    settings=variables("DATAROBOT_ENDPOINT"),
    prefixes=("datarobot",),
    hosts=(
        "app.datarobot.com",
        "app.eu.datarobot.com",
    ),
    references=(LITELLM,),
)
