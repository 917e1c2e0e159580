"""What to ask, and what to run, where a text leaves a question open."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from keyhop.catalogue import provider
from keyhop.causes import Cause, Family
from keyhop.weighing import Reading

_CHECK = "keyhop check --shell"
_VERIFY = "keyhop verify --live{require}"
"""To be run where it failed: in that container, job or shell."""
_TRACE = "keyhop trace {name} --to {process}"
_ELSEWHERE = "whether another process, or the shell, has the key"
_SAME = "whether the key of this process is the one that works elsewhere"
_QUESTIONS: dict[Cause, str] = {
    Cause.MISSING_IN_PROCESS: _ELSEWHERE,
    Cause.MISSING_EVERYWHERE: _ELSEWHERE,
    Cause.LOADED_TOO_LATE: "whether the key was set after the code had asked for it",
    Cause.INVALID_KEY: _SAME,
    Cause.EXPIRED_OR_REVOKED: "whether the key was ever good",
    Cause.SHADOWED_OR_STALE_VALUE: _SAME,
    Cause.WRONG_PROVIDER_KEY: "which variable the key was read from",
    Cause.CONTAMINATED_VALUE: "at which hop the value was changed",
    Cause.PLACEHOLDER_VALUE: "where the placeholder comes from",
    Cause.AZURE_ENDPOINT_MISMATCH: "whether key and endpoint belong to the same resource",
    Cause.AZURE_DEPLOYMENT_NOT_FOUND: "what the deployments of the resource are called",
    Cause.BASE_URL_MISMATCH: "which address the request went to",
    Cause.MODEL_ACCESS: "whether the model's name is wrong or not open to this key",
    Cause.REGION_MISMATCH: "which region was asked",
    Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER: "which part of the crew asked",
    Cause.TOOL_CREDENTIAL: "whether the key is missing or refused",
    Cause.PROXY_OR_GATEWAY: "who answered: the provider, or something in between",
    Cause.TLS_OR_NETWORK_NOT_AUTH: "why nothing was reached",
}
_COMMANDS: dict[Cause, tuple[str, ...]] = {
    Cause.MODEL_ACCESS: (_VERIFY,),
    Cause.TLS_OR_NETWORK_NOT_AUTH: ("curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}", _VERIFY),
    Cause.PROXY_OR_GATEWAY: ("curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}", _VERIFY),
    Cause.GEO_BLOCKED: (_VERIFY, "curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}"),
    Cause.NETWORK_POLICY: (_VERIFY, "curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}"),
    Cause.TOKEN_EXPIRED_STS: ("aws sts get-caller-identity", _VERIFY),
    Cause.AZURE_DEPLOYMENT_NOT_FOUND: (
        _VERIFY,
        "az cognitiveservices account deployment list -g GROUP -n RESOURCE -o table",
    ),
}
"""What is run beside, or in place of, the look into the process that failed."""


_ASKED = frozenset(
    {
        Cause.INVALID_KEY,
        Cause.EXPIRED_OR_REVOKED,
        Cause.SHADOWED_OR_STALE_VALUE,
        Cause.WRONG_PROVIDER_KEY,
        Cause.WRONG_CREDENTIAL_TYPE,
        Cause.AZURE_ENDPOINT_MISMATCH,
        Cause.AZURE_API_VERSION,
        Cause.BASE_URL_MISMATCH,
        Cause.PERMISSION_OR_SCOPE,
        Cause.ORG_PROJECT_MISMATCH,
        Cause.REGION_MISMATCH,
        Cause.TOOL_CREDENTIAL,
        Cause.TRANSIENT_PROVIDER_AUTH,
    }
)
"""Of these the provider itself knows most."""


def questions(cause: Cause, alternatives: Iterable[Cause]) -> tuple[str, ...]:
    """What the text leaves open; nothing where it leaves no alternative."""
    others = tuple(alternatives)
    if not others:
        return ()
    asked = (_QUESTIONS.get(each, "") for each in (cause, *others))
    return tuple(dict.fromkeys(filter(None, asked)))[:2]


def commands(reading: Reading, process: str) -> tuple[str, ...]:
    """What settles it, or shows more."""
    templates = reading.next or _COMMANDS.get(reading.cause) or _usual(reading, process)
    known = provider(reading.provider) if reading.provider else None
    name = next(iter(reading.names or (known.names if known else ())), "")
    url = known.probe.url if known and known.probe and "{" not in known.probe.url else "URL"
    require = f" --require {known.id}" if known else ""
    filled = (
        each.format(name=name, process=shlex.quote(process or "PROCESS"), url=url, require=require)
        for each in templates
        if name or "{name}" not in each
    )
    return tuple(filled)


def _usual(reading: Reading, process: str) -> tuple[str, ...]:
    if reading.cause.family is Family.NOT_AUTH:
        return ()
    first = _VERIFY if reading.cause in _ASKED else _CHECK
    return (first, _TRACE) if process else (first,)
