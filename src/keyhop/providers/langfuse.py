"""Langfuse, traces: a public and a secret key."""

from keyhop.catalogue import Credential, Provider, ProviderId, Shape, key, variables
from keyhop.citations import KINGFISHER, LITELLM

PROVIDER = Provider(
    id=ProviderId("langfuse"),
    title="Langfuse",
    url="https://cloud.langfuse.com",
    kind="platform",
    credentials=(
        Credential.of(
            key(
                "LANGFUSE_SECRET_KEY",
                shapes=(Shape(title="secret key", pattern=r"sk-lf-[0-9a-f-]{36}", certain=True),),
                arguments=("secret_key",),
            ),
            key("LANGFUSE_PUBLIC_KEY", arguments=("public_key",)),
            reader="sdk",
            required=False,
        ),
    ),
    settings=variables("LANGFUSE_HOST", "LANGFUSE_BASE_URL"),
    hosts=("cloud.langfuse.com", "us.cloud.langfuse.com"),
    references=(LITELLM, KINGFISHER),
)
