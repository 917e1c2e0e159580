"""Variables that are not there, in the words of Python, pydantic, shells and settings libraries."""

import re

from keyhop.catalogue import by_name, providers
from keyhop.causes import Cause
from keyhop.finding import Certainty
from keyhop.symptoms.symptom import UNSUPPLIED, Level, Source, Symptom

_NAME = (
    r"[`'\"\\$({]{0,3}(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]{0,60}(?:_(?:API_?)?(?:KEY|TOKEN|SECRET|PASSWORD|"
    r"PAT)|APIKEY|CREDENTIALS|"
    r"ACCESS_KEY_ID)(?:_\w+)?[`'\"\\)}]{0,3}"
)
_GONE = (
    r"(?:is |was |are |has |be |must be |to be |environment |env |var(?:iable)? |ist |est |não |no |está ){0,8}"
    r"(?:not |n't )?(?:been )?(?:not set|unset|missing|required|not found|not configured|not provided|not defined|"
    r"undefined|not present|empty|blank|not exist|doesn'?t exist|unavailable|must be set|nicht gesetzt|fehlt|"
    r"(?:est[aá] )?(?:configurad|definid|encontrad)|n'est pas d[eé]fini|non d[eé]fini|manquant|缺失|为空|不存在|"
    r"未定义|未设置|未配置|未找到|설정되지|が設定されていません|не (?:задан|найден|установлен))"
)
_UNFOUND = (
    r"did(?:n'?t| not) (?:get|find|receive|see|have)|"
    r"(?:could not|couldn'?t|cannot|can'?t|unable to|failed to) (?:get|find|read|load|resolve|locate)"
)
_FILLED = r"(?:the |a |an |your |required |valid |environment |env |var(?:iable)?s?[ :]{0,2}){0,8}"


def _unread() -> str:
    """Names that people set and that nothing reads."""
    names = {name for each in providers() for name in each.never_read} - set(by_name())
    return r"(?<![A-Z0-9_])(?:" + "|".join(sorted(map(re.escape, map(str, names)))) + r")(?![A-Z0-9_])"


SYMPTOMS = (
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=rf"KeyError: ['\"]{_NAME}['\"]|{_NAME} (?:environment variable |env var )?{_GONE}|"
        rf"(?:{_UNFOUND}|missing|no|unset|undefined|without|requires?|empty|please set|must set|fehlt|falta|manque|"
        rf"未设置|缺少|找不到|未配置|请设置) {_FILLED}{_NAME}|Did not find \w+_(?:api_)?(?:key|token)|"
        r"please add an environment variable|environment variables? (?:\S+ )?(?:is |are )?(?:not set|missing|"
        r"required)|Environment variable not found|Missing required (?:environment|env)",
        also=UNSUPPLIED,
        source=Source.DOCUMENTED,
        samples=(
            "KeyError: 'OPENAI_API_KEY'",
            "ValueError: Please set the OPENAI_API_KEY environment variable",
            (
                "pydantic.error_wrappers.ValidationError: 1 validation error for ChatOpenAI\n__root__\n  Did not "
                "find openai_api_key, "
                "please add an environment variable `OPENAI_API_KEY` which contains it"
            ),
            "RuntimeError: MISTRAL_API_KEY not set",
            "Error: unable to read environment variable GROQ_API_KEY",
        ),
        not_samples=("KeyError: 'temperature'", "ValueError: primary key is required"),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=rf"(?:set|setting|provide|define|export|add) {_FILLED}{_NAME}",
        also=(Cause.INVALID_KEY, *UNSUPPLIED),
        level=Level.WORDS,
        certainty=Certainty.POSSIBLE,
        samples=("Error: no answer. Did you export OPENAI_API_KEY?",),
    ),
    Symptom(
        cause=Cause.MISSING_IN_PROCESS,
        says=r"(?:api_key|apikey|token|secret_key|access_key)\s+(?:Field required|field required|none "
        r"is not an allowed|"
        r"Input should be a valid string|str type expected)|"
        r"expected str, bytes or os.PathLike object, not NoneType|(?:unsupported operand|can only concatenate "
        r"str).{0,60}NoneType",
        near=r"api_?key|token|secret|settings|getenv|environ",
        also=UNSUPPLIED,
        level=Level.WORDS,
        samples=(
            (
                "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\nopenai_api_key\n  "
                "Field required "
                "[type=missing, input_value={}, input_type=dict]"
            ),
        ),
        not_samples=("ValidationError: 1 validation error for Task\nname\n  Field required",),
    ),
    Symptom(
        cause=Cause.WRONG_VARIABLE_NAME,
        says=r"api_key client option must be set|Missing credentials|is required|not set|not found|KeyError|"
        r"must be set|missing|"
        r"Did not find",
        near=_unread(),
        also=(Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE, Cause.SHADOWED_OR_STALE_VALUE),
        level=Level.VALUE,
        samples=("OPENAI_KEY=***\nValueError: OPENAI_API_KEY is required",),
        not_samples=("ValueError: OPENAI_API_KEY is required",),
    ),
    Symptom(
        cause=Cause.LOADED_TOO_LATE,
        says=r"(?:before|prior to|ahead of) (?:the )?`?load_dotenv|load_dotenv\(?\)?`? (?:is |was |runs |ran |"
        r"comes |happens |called )*"
        r"(?:after|too late|later)|(?:loaded|set) (?:only )?(?:too late|after (?:the )?(?:import|client|module))|"
        r"(?:at|during) (?:module )?import(?: time)?,? before",
        near=r"api_?key|dotenv|\.env|environ",
        also=(Cause.MISSING_IN_PROCESS, Cause.MISSING_EVERYWHERE),
        level=Level.VALUE,
        source=Source.FIELD,
        samples=(
            "The client is made before load_dotenv()\nopenai.OpenAIError: The api_key client option must be set",
        ),
    ),
    Symptom(
        cause=Cause.SHADOWED_OR_STALE_VALUE,
        says=r"(?:shadow(?:s|ed|ing)|override[sn]?|overrid(?:es|ing)|overwrit(?:es|ten|ing)|takes? precedence|"
        r"wins? over|stale|"
        r"cached|outdated|old) (?:\S+ ){0,5}(?:\.env|api[ _]?key|key|environment|env|value|export|token)",
        near=r"40[13]|api[ _-]?key|invalid|User not found",
        also=(Cause.INVALID_KEY, Cause.EXPIRED_OR_REVOKED, Cause.MISSING_IN_PROCESS),
        level=Level.WORDS,
        source=Source.FIELD,
        samples=("An export in the shell takes precedence over .env, whose key is good: 401 for this API key",),
    ),
)
