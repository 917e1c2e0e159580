"""Servers on one's own machine: Ollama, vLLM, llama.cpp. Most ask for no key."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import Source, Symptom

SYMPTOMS = (
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"does not support (?:tools|chat|generate|thinking)|requires more system memory|model runner has "
        r"unexpectedly stopped|"
        r"CUDA out of memory|cudaMalloc failed",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=(
            (
                "openai.BadRequestError: Error code: 400 - {'error': {'message': 'registry.ollama.ai/library/x "
                "does not support tools'}}"
            ),
        ),
    ),
    Symptom(
        cause=Cause.MODEL_ACCESS,
        says=r"try pulling it first|pull model manifest",
        also=(Cause.OTHER_NOT_AUTH,),
        provider="ollama",
        certainty=Certainty.CERTAIN,
        source=Source.MEASURED,
        samples=('ollama._types.ResponseError: model "x" not found, try pulling it first',),
    ),
    Symptom(
        cause=Cause.TLS_OR_NETWORK_NOT_AUTH,
        says=r"Failed to connect to Ollama|Could not connect to (?:a running )?Ollama",
        also=(Cause.BASE_URL_MISMATCH,),
        provider="ollama",
        source=Source.MEASURED,
        samples=(
            (
                "ConnectionError: Failed to connect to Ollama. Please check that Ollama is downloaded, running and "
                "accessible."
            ),
        ),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"['\"]error['\"]: ?(?:\{ ?['\"]message['\"]: ?)?['\"]Unauthorized['\"]",
        also=(
            Cause.MISSING_IN_PROCESS,
            Cause.MISSING_EVERYWHERE,
            Cause.EXPIRED_OR_REVOKED,
            Cause.PLACEHOLDER_VALUE,
            Cause.WRONG_PROVIDER_KEY,
        ),
        source=Source.MEASURED,
        samples=('HTTP 401\n{"error":"Unauthorized"}',),
    ),
)
