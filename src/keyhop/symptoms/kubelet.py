"""Kubernetes: what the kubelet says of containers that it cannot start, and of secrets that are not there."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"CreateContainerConfigError|secrets? \\?['\"]?[\w.-]+\\?['\"]? not found|couldn'?t find key \S+ "
        r"in (?:Secret|ConfigMap)|"
        r"configmaps? \\?['\"][\w.-]+\\?['\"] not found|references non-existent secret key|MountVolume\.SetUp "
        r"failed .{0,200}secret",
        also=(Cause.MISSING_EVERYWHERE, Cause.WRONG_VARIABLE_NAME, Cause.LOADED_TOO_LATE),
        cannot_tell=("whether the secret exists elsewhere, or has another key",),
        next=("kubectl get secrets --all-namespaces", "kubectl describe secret SECRET"),
        source=Source.MEASURED,
        samples=(
            'Error: secret "llm-keys" not found',
            "Error: couldn't find key OPENAI_API_KEY in Secret default/llm-keys",
            "worker-0   0/1   CreateContainerConfigError   0   3s",
        ),
        not_samples=("the secret of success was not found",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"ErrImagePull|ImagePullBackOff|pull access denied|failed to pull image|"
        r"CrashLoopBackOff(?!.{0,400}_KEY)|"
        r"no basic auth credentials|error pulling image",
        also=(Cause.TOOL_CREDENTIAL, Cause.MISSING_IN_PROCESS),
        source=Source.MEASURED,
        samples=('Failed to pull image "registry.example.com/crew:1": pull access denied',),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"is forbidden: User \"?system:serviceaccount|Unauthorized.{0,40}kubectl|You must be logged in to "
        r"the server",
        also=(Cause.PERMISSION_OR_SCOPE, Cause.TOOL_CREDENTIAL),
        source=Source.DOCUMENTED,
        samples=(
            'secrets "x" is forbidden: User "system:serviceaccount:default:default" cannot get resource "secrets"',
        ),
    ),
)
