"""Google's sign-in: google-auth, service account files and Application Default Credentials."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import Level, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"default credentials were not found|Could not automatically determine credentials|"
        r"File .{0,200} was not found\.|GOOGLE_APPLICATION_CREDENTIALS.{0,80}(?:not found|not set|does not exist)|"
        r"Unable to find your project|Project was not passed and could not be determined|"
        r"Could not resolve project_?id|"
        r"No such file or directory: ['\"]\S{0,200}(?:service[-_]?account|credential|adc|gcp|google)\S{0,60}\.json",
        near=r"google|credentials|gcloud|ADC|vertex|project_?id|\.json",
        also=(Cause.MISSING_EVERYWHERE, Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER, Cause.LOADED_TOO_LATE),
        provider="vertex",
        source=Source.MEASURED,
        samples=(
            "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.",
            "ValueError: Could not resolve project_id",
            "FileNotFoundError: [Errno 2] No such file or directory: '/secrets/service-account.json'",
        ),
        not_samples=("FileNotFoundError: default settings were not found",),
    ),
    Symptom(
        cause=Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER,
        says=r"default credentials were not found|DefaultCredentialsError",
        near=r"gemini[^.]{0,80}(?:vertex|litellm)|vertex[^.]{0,80}gemini|litellm.{0,400}gemini|(?:crewai|litellm)\S*"
        r"[^.]{0,200}gemini",
        also=(Cause.MISSING_EVERYWHERE, Cause.MISSING_IN_PROCESS),
        provider="vertex",
        level=Level.VALUE,
        source=Source.DOCUMENTED,
        samples=(
            (
                "litellm is routing gemini-2.5-flash by way of Vertex AI\n"
                "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found."
            ),
        ),
    ),
    Symptom(
        cause=Cause.TOKEN_EXPIRED_STS,
        says=r"Reauthentication is needed|invalid_grant.{0,80}(?:expired|revoked)|Token has been expired or revoked|"
        r"credentials have expired|invalid_rapt",
        also=(Cause.EXPIRED_OR_REVOKED,),
        source=Source.DOCUMENTED,
        samples=("google.auth.exceptions.RefreshError: Reauthentication is needed. Please run `gcloud auth login`",),
    ),
    Symptom(
        cause=Cause.EXPIRED_OR_REVOKED,
        says=r"invalid_grant: Bad Request|invalid_grant.{0,80}(?:account (?:not found|disabled)|disabled|deleted)",
        also=(Cause.TOKEN_EXPIRED_STS, Cause.INVALID_KEY, Cause.WRONG_CREDENTIAL_TYPE),
        near=r"RefreshError|google|oauth|error_description",
        samples=("google.auth.exceptions.RefreshError: ('invalid_grant: Bad Request', {'error': 'invalid_grant'})",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"invalid_grant|invalid_client|Invalid JWT Signature",
        also=(Cause.EXPIRED_OR_REVOKED, Cause.CONTAMINATED_VALUE, Cause.TOKEN_EXPIRED_STS),
        samples=(
            (
                "google.auth.exceptions.RefreshError: ('invalid_grant: Invalid JWT Signature.', {'error': "
                "'invalid_grant'})"
            ),
        ),
    ),
    Symptom(
        cause=Cause.WRONG_CREDENTIAL_TYPE,
        says=r"Service account info was not in the expected format|does not have a valid type|is not a valid "
        r"json file",
        also=(Cause.CONTAMINATED_VALUE, Cause.INVALID_KEY),
        samples=(
            (
                "google.auth.exceptions.MalformedError: Service account info was not in the expected format, "
                "missing fields client_email."
            ),
        ),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"Could not deserialize key data|No key could be detected|Unable to load PEM file|Incorrect padding|"
        r"InvalidByte\(|InvalidPadding|error:1E08010C:DECODER",
        near=r"key|credential|PEM|service.account",
        also=(Cause.INVALID_KEY, Cause.WRONG_CREDENTIAL_TYPE),
        samples=(
            "ValueError: Could not deserialize key data. The data may be in an incorrect format (service account)",
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"invalid_scope|unauthorized_client|IAM Service Account Credentials API|iam\.serviceAccounts",
        also=(Cause.ORG_PROJECT_MISMATCH,),
        certainty=Certainty.LIKELY,
        samples=("google.auth.exceptions.RefreshError: ('invalid_scope: bad scope', {'error': 'invalid_scope'})",),
    ),
)
