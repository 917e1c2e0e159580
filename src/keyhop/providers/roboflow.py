"""Roboflow, image embeddings."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI

PROVIDER = Provider(
    id=ProviderId("roboflow"),
    title="Roboflow",
    url="https://app.roboflow.com/settings/api",
    kind="tool",
    credentials=(Credential.of(key("EMBEDDINGS_ROBOFLOW_API_KEY", "ROBOFLOW_API_KEY"), reader="embedder"),),
    settings=variables("ROBOFLOW_API_URL", "EMBEDDINGS_ROBOFLOW_API_URL"),
    hosts=("infer.roboflow.com", "api.roboflow.com"),
    references=(CREWAI,),
)
