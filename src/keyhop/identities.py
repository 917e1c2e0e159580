"""Ways without a key that this process may have: what in its surroundings speaks for one.

That nothing speaks for one proves nothing: a machine in a cloud may answer for itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from keyhop.sighting import PRESENT, UNKNOWN, Seen

_VARIABLES = {
    "@aws identity": (
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "@azure identity": ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_FEDERATED_TOKEN_FILE"),
}
_FILES = {
    "@aws identity": (("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),),
    "@aws profile": (("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"), ("AWS_CONFIG_FILE", "~/.aws/config")),
    "@azure identity": (("", "~/.azure/msal_token_cache.json"),),
    "@google adc": (("GOOGLE_APPLICATION_CREDENTIALS", "~/.config/gcloud/application_default_credentials.json"),),
}


def identity(name: str, environment: Mapping[str, str]) -> Seen:
    """Whether the way of that name is there, or cannot be told."""
    if any(environment.get(variable) for variable in _VARIABLES.get(name, ())):
        return PRESENT
    for variable, usual in _FILES.get(name, ()):
        if _is_file(environment.get(variable) or usual):
            return PRESENT
    return UNKNOWN


def _is_file(path: str) -> bool:
    return os.path.isfile(os.path.expanduser(path))  # noqa: PTH111, PTH113 - pathlib takes long to import
