"""Why a call to a provider failed: the thirty causes that keyhop tells apart."""

from __future__ import annotations

from enum import Enum


class Family(str, Enum):
    """What kind of trouble a cause is."""

    CREDENTIAL = "credential"
    """The key itself: absent, wrong, changed, late, or no longer valid."""
    ACCESS = "access"
    """The key is good, but what it asks for is not open to it, or it asks at the wrong door."""
    NOT_AUTH = "not_auth"
    """The key has nothing to do with it."""

    def __str__(self) -> str:
        return self.value


class Cause(str, Enum):
    """One reason."""

    MISSING_IN_PROCESS = "missing_in_process"
    MISSING_EVERYWHERE = "missing_everywhere"
    LOADED_TOO_LATE = "loaded_too_late"
    WRONG_PROVIDER_KEY = "wrong_provider_key"
    INVALID_KEY = "invalid_key"
    EXPIRED_OR_REVOKED = "expired_or_revoked"
    CONTAMINATED_VALUE = "contaminated_value"
    PLACEHOLDER_VALUE = "placeholder_value"
    WRONG_VARIABLE_NAME = "wrong_variable_name"
    SHADOWED_OR_STALE_VALUE = "shadowed_or_stale_value"
    WRONG_CREDENTIAL_TYPE = "wrong_credential_type"
    AZURE_ENDPOINT_MISMATCH = "azure_endpoint_mismatch"
    AZURE_DEPLOYMENT_NOT_FOUND = "azure_deployment_not_found"
    AZURE_API_VERSION = "azure_api_version"
    BASE_URL_MISMATCH = "base_url_mismatch"
    PERMISSION_OR_SCOPE = "permission_or_scope"
    ORG_PROJECT_MISMATCH = "org_project_mismatch"
    REGION_MISMATCH = "region_mismatch"
    QUOTA_NOT_AUTH = "quota_not_auth"
    MODEL_ACCESS = "model_access"
    IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER = "implicit_default_needs_other_provider"
    TOOL_CREDENTIAL = "tool_credential"
    TOKEN_EXPIRED_STS = "token_expired_sts"
    PROXY_OR_GATEWAY = "proxy_or_gateway"
    GEO_BLOCKED = "geo_blocked"
    NETWORK_POLICY = "network_policy"
    TRANSIENT_PROVIDER_AUTH = "transient_provider_auth"
    TLS_OR_NETWORK_NOT_AUTH = "tls_or_network_not_auth"
    RATE_LIMIT_NOT_AUTH = "rate_limit_not_auth"
    OTHER_NOT_AUTH = "other_not_auth"

    def __str__(self) -> str:
        return self.value

    @property
    def family(self) -> Family:
        if self in _ACCESS:
            return Family.ACCESS
        return Family.NOT_AUTH if self in _NOT_AUTH else Family.CREDENTIAL


_ACCESS = frozenset(
    {
        Cause.PERMISSION_OR_SCOPE,
        Cause.ORG_PROJECT_MISMATCH,
        Cause.REGION_MISMATCH,
        Cause.MODEL_ACCESS,
        Cause.GEO_BLOCKED,
        Cause.NETWORK_POLICY,
        Cause.TRANSIENT_PROVIDER_AUTH,
    }
)
_NOT_AUTH = frozenset(
    {
        Cause.QUOTA_NOT_AUTH,
        Cause.TLS_OR_NETWORK_NOT_AUTH,
        Cause.RATE_LIMIT_NOT_AUTH,
        Cause.OTHER_NOT_AUTH,
    }
)
