"""Azure in parts: which API version the resource serves, and which deployment it has, by reads of their own.

The list of deployments is served under one old API version alone; where it is not, nothing is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from keyhop.addresses import azure_endpoint
from keyhop.gates import Gate

_VERSIONS = ("AZURE_API_VERSION", "OPENAI_API_VERSION")
_DEPLOYMENTS = ("AZURE_OPENAI_DEPLOYMENT", "AZURE_DEPLOYMENT_ID", "EMBEDDINGS_OPENAI_DEPLOYMENT_ID")
_LISTS_DEPLOYMENTS = "2023-03-15-preview"
_VERSION = re.compile(r"[0-9A-Za-z.-]{2,40}")
_NAME = re.compile(r"[\w.-]{1,64}")
_PREFIXES = ("azure/", "azure_openai/")


def further(resource: Gate, environment: Mapping[str, str], models: tuple[str, ...]) -> Iterator[Gate]:
    """What is asked once the resource accepts the key.

    Args:
        models: those that the project or the caller names, with their prefixes.
    """
    version = next((environment[name].strip() for name in _VERSIONS if environment.get(name, "").strip()), "")
    _, _, usual = resource.url.partition("api-version=")
    if _VERSION.fullmatch(version) and version != usual:
        url = resource.url.replace(f"api-version={usual}", f"api-version={version}")
        yield replace(resource, about="API version", url=url, looks_for=version)
    url = f"{resource.origin}/openai/deployments?api-version={_LISTS_DEPLOYMENTS}"
    for name in _deployments(resource, environment, models):
        yield replace(resource, about="deployment", url=url, looks_for=name)


def _deployments(resource: Gate, environment: Mapping[str, str], models: tuple[str, ...]) -> tuple[str, ...]:
    endpoint = azure_endpoint(environment.get(resource.moved_by or "", "")).deployment
    asked = (*models, environment.get("MODEL", ""))
    named = (each.removeprefix(prefix) for each in asked for prefix in _PREFIXES if each.startswith(prefix))
    found = (endpoint, *named, *(environment.get(name, "").strip() for name in _DEPLOYMENTS))
    return tuple(dict.fromkeys(name for name in found if _NAME.fullmatch(name)))
