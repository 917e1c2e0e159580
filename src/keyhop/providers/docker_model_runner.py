"""Docker Model Runner, a local server."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("docker-model-runner"),
    title="Docker Model Runner",
    url="https://docs.docker.com/ai/model-runner/",
    credentials=(Credential.of(key("DOCKER_MODEL_RUNNER_API_KEY"), reader="litellm", required=False),),
    settings=variables("DOCKER_MODEL_RUNNER_API_BASE"),
    prefixes=("docker_model_runner",),
    hosts=("localhost", "127.0.0.1"),
    keyless=True,
    references=(LITELLM,),
)
