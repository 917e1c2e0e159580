"""What fails beside keys: exceptions of Python and libraries that say nothing about any credential."""

from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import UNSUPPLIED, Level, Symptom

_KEYS = r"api[ _-]?key|_API_KEY|credential|unauthori[sz]ed|authenticat|\b40[13]\b|access[ _]token|secret[ _]?key"

SYMPTOMS = (
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"^\w[\w.]*(?:Error|Exception|Failure|Exit|Interrupt|Warning|Iteration)\b|\b(?:Error|Exception|"
        r"ERROR|error)\b",
        unless=_KEYS,
        certainty=Certainty.POSSIBLE,
        level=Level.BESIDE,
        samples=("IndexError: list index out of range",),
        not_samples=("ValueError: your API key",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"(?<![A-Z0-9_])[A-Z][A-Z0-9_]{0,60}_KEY\b|api[ _-]?key\b",
        near=r"error|exception|fail|missing|empty|cannot|can't|unable|denied|warn|fehler|erreur|errore?\b|错误|"
        r"ошибка|エラー|오류",
        also=(Cause.INVALID_KEY, *UNSUPPLIED),
        certainty=Certainty.POSSIBLE,
        level=Level.BESIDE,
        samples=("ERROR something about OPENAI_API_KEY",),
        not_samples=("INFO read the API key",),
    ),
    Symptom(
        cause=Cause.INVALID_KEY,
        says=r"unauthori[sz]ed|authenticat\w+ (?:fail|error)\w*|fail\w* to authenticat|not authenticated|"
        r"access denied",
        also=(Cause.PERMISSION_OR_SCOPE, Cause.MISSING_IN_PROCESS, Cause.EXPIRED_OR_REVOKED, Cause.PROXY_OR_GATEWAY),
        certainty=Certainty.POSSIBLE,
        level=Level.BESIDE,
        samples=("ERROR authentication failed",),
        not_samples=("INFO user authenticated",),
    ),
    Symptom(
        cause=Cause.OTHER_NOT_AUTH,
        says=r"^(?:ModuleNotFoundError|ImportError|SyntaxError|IndentationError|NameError|IndexError|"
        r"ZeroDivisionError|"
        r"RecursionError|AssertionError|UnboundLocalError|JSONDecodeError|FileNotFoundError|IsADirectoryError|"
        r"OutputParserException|NotImplementedError)\b|cannot import name|No module named|partially "
        r"initialized module",
        unless=rf"{_KEYS}|native provider",
        certainty=Certainty.CERTAIN,
        level=Level.CLASS,
        samples=("ModuleNotFoundError: No module named 'yaml'",),
    ),
)
