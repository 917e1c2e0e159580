"""Docker and Compose: variables that nobody set when a container was made."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Source, Symptom

_SECRET = r"\w*(?:KEY|TOKEN|SECRET|PASSWORD|PAT|CREDENTIALS)\w*"

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=rf"The \\*['\"]?{_SECRET}\\*['\"]? variable is not set\. Defaulting to a blank string|"
        rf"required variable {_SECRET} is missing a value|invalid interpolation format .{{0,120}}{_SECRET}",
        also=(Cause.MISSING_EVERYWHERE, Cause.LOADED_TOO_LATE, Cause.SHADOWED_OR_STALE_VALUE),
        cannot_tell=("whether a file that the service is given as a whole supplies the variable all the same",),
        next=("docker compose config --environment", "keyhop trace {name} --to {process}"),
        source=Source.MEASURED,
        samples=(
            (
                'time="2026-01-01T00:00:00Z" level=warning msg="The \\"OPENAI_API_KEY\\" variable is not set. '
                'Defaulting to a blank string."'
            ),
            (
                "error while interpolating services.web.environment: required variable OPENAI_API_KEY is missing a "
                "value: set it"
            ),
        ),
        not_samples=('level=warning msg="The \\"LOG_LEVEL\\" variable is not set. Defaulting to a blank string."',),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"env file \S+ not found|No such file or directory: ['\"]\S{0,200}\.env\b|"
        r"couldn'?t find env file|--env-file: open \S+: no such file|\.env: No "
        r"such file or directory|"
        r"Failed to load environment files|invalid environment variable|poorly formatted environment",
        also=(Cause.MISSING_EVERYWHERE, Cause.CONTAMINATED_VALUE),
        source=Source.MEASURED,
        samples=(
            "env file /srv/app/.env not found: stat /srv/app/.env: no such file or directory",
            "FileNotFoundError: [Errno 2] No such file or directory: '/srv/app/.env'",
        ),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"unsupported external secret|secret not found: \S+|invalid mount config .{0,80}secret|"
        r"/run/secrets/\S+: No such file|"
        r"No such file or directory: ['\"]/run/secrets/",
        also=(Cause.MISSING_EVERYWHERE,),
        source=Source.DOCUMENTED,
        samples=("FileNotFoundError: [Errno 2] No such file or directory: '/run/secrets/openai_api_key'",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"requested access to the resource is denied|pull access denied for|no basic auth credentials|"
        r"unauthorized: (?:authentication required|incorrect username or password)|error getting credentials - err",
        source=Source.DOCUMENTED,
        samples=(
            "denied: requested access to the resource is denied\nunauthorized: authentication required",
            "pull access denied for example/crew, repository does not exist or may require 'docker login'",
        ),
        not_samples=("HTTP 401\nUnauthorized",),
    ),
)
