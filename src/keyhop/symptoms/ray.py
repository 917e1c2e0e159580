"""Ray: its own failures, which hide or resemble those of a provider. Measured with ray 2.x."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import Level, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"(?:ray|dashboard|job[ _]submission|:8265|:10001).{0,200}(?:\b401\b|Unauthorized|token "
        r"authentication)|RAY_AUTH_(?:MODE|TOKEN)",
        near=r"\bray\b",
        also=(Cause.TOOL_CREDENTIAL,),
        certainty=Certainty.LIKELY,
        samples=(
            (
                "RuntimeError: Failed to connect to Ray at address: http://127.0.0.1:8265. Request failed with "
                "status code 401: Unauthorized"
            ),
        ),
        not_samples=("openai.AuthenticationError: Error code: 401",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"RuntimeEnvSetupError|Failed to set up runtime environment|RayOutOfMemoryError|OutOfMemoryError|"
        r"ObjectStoreFullError|GetTimeoutError|PlacementGroup",
        near=r"\bray\b",
        samples=("ray.exceptions.RuntimeEnvSetupError: Failed to set up runtime environment.",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"WorkerCrashedError|worker died unexpectedly|ActorDiedError|RaySystemError|ActorUnavailableError|"
        r"RayActorError|"
        r"NodeDiedError|LocalRayletDiedError",
        also=(Cause.INVALID_KEY, Cause.MISSING_IN_PROCESS, Cause.QUOTA_NOT_AUTH, Cause.RATE_LIMIT_NOT_AUTH),
        certainty=Certainty.POSSIBLE,
        level=Level.MASK,
        cannot_tell=("why the worker died: its own log tells, under /tmp/ray/session_latest/logs",),
        next=("grep -l -i -E 'error|exception' /tmp/ray/session_latest/logs/*", "keyhop check --shell"),
        source=Source.MEASURED,
        samples=("ray.exceptions.WorkerCrashedError: The worker died unexpectedly while executing this task.",),
    ),
)
