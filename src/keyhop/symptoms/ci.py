"""Continuous integration: secrets that a job is not given, such as one that a fork's pull request started."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Input required and not supplied: \S*(?:key|token|secret)|##\[error\].{0,80}(?:secret|api[ "
        r"_-]?key) .{0,40}(?:not set|missing|required|empty)|"
        r"secrets? .{0,60}(?:not available|not passed|unavailable) (?:to|for|in) (?:forks?|pull requests?)|"
        r"^\s*(?:env: )?\w+_API_KEY: ?$",
        also=(Cause.MISSING_EVERYWHERE, Cause.WRONG_VARIABLE_NAME),
        cannot_tell=("whether the repository has the secret: a job of a fork's pull request is given none",),
        next=("gh secret list",),
        source=Source.DOCUMENTED,
        samples=("Error: Input required and not supplied: anthropic_api_key",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Resource not accessible by integration|fatal: (?:could not read Username|Authentication failed "
        r"for)|remote: Permission to \S+ denied|"
        r"Permission denied \(publickey\)|denied: permission_denied: write_package",
        also=(Cause.TOOL_CREDENTIAL, Cause.PERMISSION_OR_SCOPE),
        source=Source.DOCUMENTED,
        samples=("HttpError: Resource not accessible by integration",),
    ),
)
