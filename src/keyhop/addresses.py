"""How CrewAI takes the address of a service: which argument it heeds, and what it makes of an Azure endpoint.

Measured with CrewAI 1.15.30 and azure-ai-inference 1.0.0b9.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from keyhop.records import dataclass

ADDRESSES = ("base_url", "api_base", "endpoint", "azure_endpoint")
"""Arguments of a model that hold an address."""
_HEEDED = {
    "openai": frozenset({"base_url", "api_base"}),
    "azure": frozenset({"endpoint"}),
    "gemini": frozenset[str](),
    "bedrock": frozenset[str](),
    "snowflake": frozenset({"base_url", "api_base"}),
}
_OTHERS = frozenset({"base_url"})
_AZURE_OPENAI = "openai.azure.com"
_WHOLE = f"https://RESOURCE.{_AZURE_OPENAI}"
_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/?")


def heeded(service: str) -> frozenset[str]:
    """The arguments by which CrewAI's own client of a service takes an address; it ignores the others."""
    return _HEEDED.get(service, _OTHERS)


def shown(text: str) -> str | None:
    """An address without what may be secret in it: a user, a password, a query. None for what is no address."""
    try:
        url = urlsplit(text)
    except ValueError:
        return None
    return urlunsplit((url.scheme, url.netloc.rpartition("@")[2], url.path, "", ""))


def host(text: str | None) -> str:
    """The host of an address; empty where there is none."""
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or "" if text else ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureEndpoint:
    """What CrewAI makes of an endpoint's text."""

    fault: str = ""
    """Why the calls do not get there, in words; empty where they do."""
    mend: str = ""
    """What to write instead."""
    certain: bool = True
    """Whether they are bound to fail."""
    deployment: str = ""
    """The deployment that the text itself names, which then answers for every model."""


def azure_endpoint(text: str) -> AzureEndpoint:
    """What becomes of the calls where the endpoint is `text`.

    Only ``https://NAME.openai.azure.com`` is completed with the deployment's path; anything else is used as it is.
    """
    if "//" not in text:
        return AzureEndpoint(fault="has no scheme", mend=_WHOLE)
    where, path = host(text), urlsplit(text).path.rstrip("/")
    if path.endswith("/openai/deployments"):
        return AzureEndpoint(fault="ends before the name of a deployment", mend=_WHOLE)
    if "/openai/deployments/" in f"{path}/":
        found = _DEPLOYMENT.fullmatch(path)
        if found is None:
            return AzureEndpoint(
                fault="goes on behind the deployment, and the client puts its own path behind that", mend=_WHOLE
            )
        return AzureEndpoint(deployment=found.group(1))
    if where.endswith(_AZURE_OPENAI):
        if path:
            fault = f"has the path {path}, and CrewAI puts /openai/deployments/… behind it"
            return AzureEndpoint(fault=fault, mend=_WHOLE)
        return AzureEndpoint()
    if where.endswith((".cognitiveservices.azure.com", ".azure.us")) and not path:
        fault = f"is at {where}, and CrewAI adds the deployment to {_AZURE_OPENAI} alone"
        return AzureEndpoint(fault=fault, mend=f"https://{where}/openai/deployments/NAME")
    if where.endswith(".services.ai.azure.com") and not path:
        return AzureEndpoint(fault="lacks the path /models", mend=f"https://{where}/models", certain=False)
    return AzureEndpoint()
