"""Celery and its brokers: what a broker refuses is not the provider's doing."""

from keyhop.causes import Cause
from keyhop.symptoms.symptom import Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"ACCESS_REFUSED|NOAUTH Authentication required|WRONGPASS|invalid username-password pair|"
        r"AUTH <password> called without|Cannot connect to (?:amqp|redis|rediss|sqs)\S*|password "
        r"authentication failed for user|"
        r"Access denied for user|Client sent AUTH",
        also=(Cause.TOOL_CREDENTIAL, Cause.TLS_OR_NETWORK_NOT_AUTH),
        source=Source.MEASURED,
        samples=(
            "redis.exceptions.AuthenticationError: NOAUTH Authentication required.",
            (
                "amqp.exceptions.AccessRefused: (0, 0): (403) ACCESS_REFUSED - Login was refused using "
                "authentication mechanism PLAIN."
            ),
        ),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"Received unregistered task|SoftTimeLimitExceeded|TimeLimitExceeded|Hard time limit",
        source=Source.MEASURED,
        samples=("Received unregistered task of type 'crew.run'.",),
    ),
)
