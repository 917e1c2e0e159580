"""AWS: botocore and boto3 1.43 to 1.44, Bedrock, STS, and the same answers in other languages' SDKs."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import REFUSED, Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"Unable to locate credentials|NoCredentialsError|No valid credential sources|Could not load "
        r"credentials from any|"
        r"CredentialsProviderError|failed to retrieve credentials|no EC2 IMDS role found|NoCredentialProviders|"
        r"Partial credentials found|MissingAuthenticationToken|Missing Authentication Token",
        also=(Cause.MISSING_EVERYWHERE, Cause.LOADED_TOO_LATE, Cause.WRONG_VARIABLE_NAME, Cause.PERMISSION_OR_SCOPE),
        provider="bedrock",
        source=Source.MEASURED,
        samples=("botocore.exceptions.NoCredentialsError: Unable to locate credentials",),
        not_samples=("RuntimeError: unable to locate file",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"The config profile \(.{1,60}\) could not be found|ProfileNotFound",
        also=(Cause.MISSING_EVERYWHERE, Cause.SHADOWED_OR_STALE_VALUE),
        provider="bedrock",
        source=Source.MEASURED,
        samples=("botocore.exceptions.ProfileNotFound: The config profile (team) could not be found",),
    ),
    Symptom(
        cause=Cause.REGION_MISMATCH,
        says=r"You must specify a region|NoRegionError|is not (?:supported|available) in (?:this|the \S+) region|"
        r"Invalid endpoint: https://bedrock|provided region_name .{1,40} doesn'?t match",
        also=(Cause.MISSING_IN_PROCESS, Cause.MODEL_ACCESS),
        provider="bedrock",
        source=Source.MEASURED,
        samples=("botocore.exceptions.NoRegionError: You must specify a region.",),
    ),
    Symptom(
        cause=Cause.TOKEN_EXPIRED_STS,
        says=r"ExpiredToken(?:Exception)?|security token included in the request is expired|SSO session "
        r".{0,80}(?:expired|"
        r"invalid)|Token has expired and refresh failed|Error loading SSO Token|UnauthorizedSSOToken|RequestExpired|"
        r"Your session has expired|refresh token .{0,40}expired",
        unless=r"AADSTS",
        also=(Cause.EXPIRED_OR_REVOKED,),
        provider="bedrock",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "botocore.exceptions.ClientError: An error occurred (ExpiredTokenException) when calling the "
                "Converse operation: "
                "The security token included in the request is expired"
            ),
            "api error ExpiredToken: The security token included in the request is expired",
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"UnrecognizedClient(?:Exception)?|InvalidClientTokenId|InvalidAccessKeyId|security token "
        r"included in the request "
        r"is invalid|Please make sure your API Key is valid|Invalid API Key format: Must start|AuthFailure\b",
        also=(Cause.EXPIRED_OR_REVOKED, Cause.TOKEN_EXPIRED_STS, *REFUSED[1:]),
        provider="bedrock",
        source=Source.MEASURED,
        samples=(
            (
                "botocore.exceptions.ClientError: An error occurred (UnrecognizedClientException) when calling the "
                "Converse "
                "operation: The security token included in the request is invalid."
            ),
            (
                "RuntimeError: Bedrock API error (UnrecognizedClientException): The security token included in the "
                "request is "
                "invalid."
            ),
        ),
    ),
    Symptom(
        cause=Cause.CONTAMINATED_VALUE,
        says=r"SignatureDoesNotMatch|InvalidSignatureException|request signature we calculated does not match|"
        r"IncompleteSignature|Credential should be scoped",
        unless=r"Signature (?:expired|not yet current)",
        also=(Cause.INVALID_KEY, Cause.REGION_MISMATCH, Cause.SHADOWED_OR_STALE_VALUE),
        provider="bedrock",
        source=Source.MEASURED,
        samples=(
            (
                "botocore.exceptions.ClientError: An error occurred (InvalidSignatureException) when calling the "
                "Converse "
                "operation: The request signature we calculated does not match the signature you provided."
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Signature (?:expired|not yet current)|RequestTimeTooSkewed",
        also=(Cause.TOKEN_EXPIRED_STS,),
        provider="bedrock",
        cannot_tell=("how far the clock of this machine is off",),
        samples=(
            (
                "An error occurred (InvalidSignatureException) when calling the Converse operation: Signature "
                "expired: "
                "20260101T000000Z is now earlier than 20260101T000500Z"
            ),
        ),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"(?:User|Principal|Role|arn:\S+)\S*(?: \S+)? is not authorized to (?:perform|access)|with an "
        r"explicit deny|no identity-based policy allows|"
        r"not authorized to perform: sts:AssumeRole",
        also=(Cause.PROXY_OR_GATEWAY,),
        unless=r"DefaultAzureCredential",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "botocore.errorfactory.AccessDeniedException: An error occurred (AccessDeniedException) when "
                "calling the Converse "
                "operation: User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:InvokeModel"
            ),
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"access to the model with the specified model ID|model use case details have not been submitted|"
        r"FTUFormNotFilled|Access denied to model|marked by provider as Legacy|INVALID_PAYMENT_INSTRUMENT|"
        r"aws-marketplace:",
        also=(Cause.PERMISSION_OR_SCOPE, Cause.REGION_MISMATCH, Cause.INVALID_KEY),
        provider="bedrock",
        source=Source.MEASURED,
        samples=(
            (
                "botocore.errorfactory.AccessDeniedException: An error occurred (AccessDeniedException) when "
                "calling the "
                "InvokeModel operation: You don't have access to the model with the specified model ID."
            ),
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"provided model identifier is invalid|on-demand throughput isn.?t supported|Could not resolve "
        r"the foundation "
        r"model|model ID .{1,100} (?:is )?not (?:found|supported)",
        also=(Cause.REGION_MISMATCH, Cause.OTHER_NOT_AUTH),
        provider="bedrock",
        source=Source.MEASURED,
        samples=('HTTP 400\n{"message": "The provided model identifier is invalid."}',),
    ),
    Symptom(
        cause=Cause.GEO_BLOCKED,
        says=r"not allowed from unsupported countries",
        provider="bedrock",
        also=(Cause.REGION_MISMATCH, Cause.MODEL_ACCESS),
        certainty=Certainty.CERTAIN,
        samples=(
            (
                "ValidationException: Access to Anthropic models is not allowed from unsupported countries, "
                "regions, or territories."
            ),
        ),
    ),
    Symptom(
        cause=Cause.RATE_LIMIT_NOT_AUTH,
        says=r"ThrottlingException|Too many requests, please wait|TooManyRequestsException|Too many tokens per day",
        also=(Cause.QUOTA_NOT_AUTH,),
        provider="bedrock",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "An error occurred (ThrottlingException) when calling the Converse operation: Too many requests, "
                "please wait before trying again."
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Input Tokens Exceeded|Input is too long for requested model|model returned the following errors|"
        r"Malformed input request|ServiceUnavailableException|ModelNotReadyException|ModelErrorException",
        provider="bedrock",
        certainty=Certainty.CERTAIN,
        samples=('HTTP 400\n{"message": "Input is too long for requested model."}',),
    ),
    Symptom(
        cause=Cause.PERMISSION_OR_SCOPE,
        says=r"AccessDenied(?:Exception)?\b",
        also=(Cause.MODEL_ACCESS, Cause.INVALID_KEY, Cause.REGION_MISMATCH),
        provider="bedrock",
        certainty=Certainty.POSSIBLE,
        unless=r"not authorized|access to the model|API Key is valid|Access denied to model",
        samples=(
            (
                "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the AssumeRole "
                "operation: Access denied"
            ),
        ),
    ),
)
