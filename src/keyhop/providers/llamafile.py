"""llamafile, a local server."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("llamafile"),
    title="llamafile",
    url="https://github.com/mozilla-ai/llamafile",
    credentials=(Credential.of(key("LLAMAFILE_API_KEY"), reader="litellm", required=False),),
    settings=variables("LLAMAFILE_API_BASE"),
    prefixes=("llamafile",),
    hosts=("localhost", "127.0.0.1"),
    keyless=True,
    references=(LITELLM,),
)
