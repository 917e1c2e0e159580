"""Heroku's managed inference."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import LITELLM

PROVIDER = Provider(
    id=ProviderId("heroku"),
    title="Heroku",
    url="https://devcenter.heroku.com/articles/heroku-inference",
    credentials=(Credential.of(key("HEROKU_API_KEY"), reader="litellm"),),
    settings=variables("HEROKU_API_BASE"),
    prefixes=("heroku",),
    hosts=("*.inference.heroku.com",),
    references=(LITELLM,),
)
