"""A line of a log without what programs put before it: who wrote it, when, and the text itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from keyhop.failure import NOBODY, Speaker
from keyhop.records import dataclass

_CONTROL = re.compile(r"\x1b\[[0-?]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TIME = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_SYSLOG = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SUCCESS)"
_POD = re.compile(r"(?P<role>.+?)-(?:[a-z0-9]{8,10}-[a-z0-9]{5}|\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prefix:
    """What one program puts before a line."""

    pattern: re.Pattern[str]
    needle: str
    """A line without it has no such prefix."""
    carried: bool
    """It stands before every line, not only before the first of a message."""


def _carried(pattern: str, needle: str = "") -> _Prefix:
    return _Prefix(pattern=re.compile(pattern), needle=needle, carried=True)


def _own(pattern: str, needle: str = "") -> _Prefix:
    return _Prefix(pattern=re.compile(pattern), needle=needle, carried=False)


_GH = _carried(rf"(?P<job>[^\t]+)\t[^\t]*\t(?P<time>{_TIME}) ", "\t")  # gh run view --log
_STERN = _carried(
    r"(?P<pod>[a-z0-9][a-z0-9-]*-[a-z0-9]{8,10}-[a-z0-9]{5}) (?:› )?(?P<container>[a-z0-9-]+) (?:[›|] )?"
)
_SYSTEM = _carried(rf"(?:{_SYSLOG}|(?P<time>{_TIME})) \S+ (?P<unit>[\w./@-]+?)(?:\[(?P<pid>\d+)\])?: ", ": ")
_COMPOSE = _carried(r"(?P<service>[a-zA-Z0-9][\w.-]*?)(?:-(?P<number>\d+))? +\| ", "| ")
_LEVELLED = _own(
    rf"\[?(?P<time>{_TIME})\]?(?: +(?:[-|:] +)?)?"
    rf"(?:\[?(?P<level>{_LEVEL}|(?<=\[)(?:debug|info|warning|error|critical) *(?=\]))\]?(?!\w):?(?: +[-|:] +)?)? *"
)
_BARE_LEVEL = _own(rf"\[?(?P<level>{_LEVEL})\]?:(?:[\w.-]+:)? ?", ":")  # logging.basicConfig
_STRUCTLOG = _own(r"\[(?P<level>debug|info|warning|error|critical) *\] ", "] ")

_AFTER_DIGIT = (
    _carried(rf"(?P<time>{_TIME}) (?:stdout|stderr) [FP] ", " std"),  # CRI
    _carried(rf"(?P<time>{_TIME}) \d\d[OE]\+? ?"),  # GitLab
    _carried(rf"(?P<time>{_TIME}) (?:app|heroku)\[(?P<dyno>[\w.-]+)\]: ", "]: "),
    _SYSTEM,
    _carried(r"\d\d:\d\d:\d\d (?P<process>[\w-]+\.\d+) +\| ", "| "),  # honcho, foreman
    _carried(r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}Z) "),  # docker logs -t, GitHub Actions
    _own(rf"(?P<time>{_TIME}) \| (?P<level>{_LEVEL}) +\| \S+ - ", " | "),  # loguru
    _LEVELLED,
)
_AFTER_BRACKET = (
    _carried(r"\[pod/(?P<pod>[^/\]]+)/(?P<container>[^\]]+)\] "),  # kubectl logs --prefix
    _own(rf"\[(?P<time>{_TIME}): (?P<level>{_LEVEL})/(?P<process>[\w.@-]+)\] "),  # Celery
    _own(rf"\[(?P<time>{_TIME})\] \[(?P<pid>\d+)\] \[(?P<level>{_LEVEL})\] "),  # gunicorn
    _own(rf"\[(?P<time>{_TIME}) (?P<process>[\w.:-]+)\] (?P<level>{_LEVEL}) - "),
    _own(rf"\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\] (?P<level>{_LEVEL}) +"),  # rich
    _LEVELLED,
    _BARE_LEVEL,
    _STRUCTLOG,
)
_PREFIXES: Mapping[str, tuple[_Prefix, ...]] = {
    **dict.fromkeys(digits, (_GH, _STERN, *_AFTER_DIGIT, _COMPOSE)),
    **dict.fromkeys(ascii_lowercase, (_GH, _STERN, _COMPOSE)),
    **dict.fromkeys(ascii_uppercase, (_GH, _SYSTEM, _COMPOSE, _BARE_LEVEL)),
    "[": _AFTER_BRACKET,
    "(": (
        _carried(  # Ray
            r"\((?P<actor>[\w.:<>]+(?:\([^()]*\))?)? ?(?:pid=(?P<pid>\d+))(?:, ip=(?P<ip>[\d.a-f:]+))?\) ?", "pid="
        ),
        _carried(r"\((?P<actor>raylet|gcs_server|autoscaler)(?:, ip=(?P<ip>[\d.a-f:]+))?[^()]*\) ", ") "),
    ),
    "#": (_own(r"##\[(?P<level>error|warning|debug|group|endgroup|command)\]"),),  # GitHub Actions
    ">": (_carried(r"(?:> )+"),),  # quoted in a mail or an issue
}
"""By the first character of the line."""
_MESSAGES = ("message", "msg", "event", "log", "textPayload", "MESSAGE", "@message", "text", "body")
_TRACES = ("exc_info", "exception", "exc_text", "stack_trace", "traceback", "stack", "error.stack_trace", "error")
_RECORD = frozenset({
    "timestamp", "@timestamp", "time", "ts", "asctime", "date", "datetime", "level", "levelname", "severity", "lvl",
    "logger", "log", "jsonPayload", "textPayload", "MESSAGE", "PRIORITY", "exc_info", "exception", "stack_trace",
    "traceback", "process", "processName", "pid", "container_name", "record",
})  # fmt: skip
"""Of these a log's record has one; an answer's body does not."""
_TIMES = ("timestamp", "@timestamp", "time", "ts", "asctime", "datetime", "__REALTIME_TIMESTAMP")
_INSTANCES = ("process_id", "pid", "_PID", "process", "processName", "hostname")
_NAMES = (
    "service", "service_name", "container_name", "container", "pod", "pod_name", "worker",
    "job", "app", "_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER",
)  # fmt: skip
_ESCAPED = re.compile(r"\(most recent call last\):\\+n +\S|\\+n +File \\*\"")
_ESCAPE = re.compile(r"\\+[n\"']")
DIRECT = "The above exception was the direct cause of the following exception"
DURING = "During handling of the above exception, another exception occurred"
_BOX = re.compile(r"^\s*[│┃|]\s?(?P<text>.*?)\s*[│┃|]\s*$")
_EDGE = re.compile(r"^\s*[╭╰┏┗┌└├╞][─━┄═╌┈]+(?P<title>.*?)[─━┄═╌┈]*[╮╯┓┛┐┘┤╡]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line, or what a JSON line tells in several."""

    text: str
    speaker: Speaker = NOBODY
    stream: Speaker = NOBODY
    """Where the line came through: the speaker without what only the first line of a message names."""
    time: float | None = None
    fresh: bool = False
    """It begins a new message: a program put the time or a level before it."""


def told(line: str) -> Iterator[Told]:
    """What a line of a log says."""
    text = _CONTROL.sub("", line.rstrip("\r\n"))
    role = instance = ""
    stream = NOBODY
    time: float | None = None
    fresh = False
    for _ in range(5):
        if text[:1] == "{" and text.rstrip()[-1:] == "}" and (inner := _json(text)) is not None:
            for each in inner:
                if each.speaker != NOBODY and each.time is not None:
                    yield each
                    continue
                own = each.speaker if each.speaker != NOBODY else Speaker(role=role, instance=instance)
                yield replace(each, speaker=own, stream=own, time=time if each.time is None else each.time)
            return
        before = _prefix(text)
        if before is None:
            break
        prefix, match = before
        found = match.groupdict()
        who, which = _speaker(found)
        role, instance = role or who, which or instance
        if not found.get("level"):
            stream = Speaker(role=role, instance=instance)
        time = time if time is not None else _moment(found.get("time"))
        fresh = fresh or not prefix.carried
        text = text[match.end() :]
    speaker = Speaker(role=role, instance=instance)
    for n, each_line in enumerate(_unescaped(unboxed(text))):
        yield Told(text=each_line, speaker=speaker, stream=stream, time=time, fresh=fresh and not n)


def _prefix(text: str) -> tuple[_Prefix, re.Match[str]] | None:
    for prefix in _PREFIXES.get(text[:1], ()):
        if prefix.needle in text:
            match = prefix.pattern.match(text)
            if match is not None and match.end():
                return prefix, match
    return None


def _unescaped(text: str) -> list[str]:
    """The lines of a traceback that a program wrote into one, as ``repr`` does."""
    if "\\n" not in text or not _ESCAPED.search(text):
        return [text]
    return _ESCAPE.sub(lambda found: "\n" if found[0].endswith("n") else found[0][-1], text).split("\n")


def unboxed(text: str) -> str:
    """Without the frame that rich draws."""
    edge = _EDGE.match(text)
    if edge is not None:
        return edge["title"].strip(" ─━")
    box = _BOX.match(text) if text.lstrip()[:1] in ("│", "┃") else None
    return box["text"] if box else text


def _speaker(found: Mapping[str, str | None]) -> tuple[str, str]:
    """The role and the instance that a prefix names."""
    if found.get("pod"):
        pod = _POD.fullmatch(str(found["pod"]))
        return str(found["container"] or (pod["role"] if pod else found["pod"])), str(found["pod"])
    if found.get("service"):
        number = found.get("number")
        return str(found["service"]), f"{found['service']}-{number}" if number else ""
    dyno = found.get("dyno") or found.get("process")
    if dyno and re.fullmatch(r"[\w-]+\.\d+", dyno):
        return dyno.partition(".")[0], dyno
    named = found.get("job") or found.get("unit") or found.get("actor") or ""
    which = found.get("process") or (f"pid={found['pid']}" if found.get("pid") else "")
    return named, f"{which}, ip={found['ip']}" if found.get("ip") else which


def _moment(text: str | None) -> float | None:
    if not text:
        return None
    plain = re.sub(r"[ T]", " ", text.replace("/", "-").replace(",", "."), count=1)
    match = re.match(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d{1,6})?", plain)
    try:
        whole = datetime.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    return whole.replace(tzinfo=timezone.utc).timestamp() + float(match[2] or 0) if whole and match else None


def _json(text: str) -> list[Told] | None:
    """The lines that an object of a structured log stands for; None if it is no such object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    inner = found.get("jsonPayload") or found.get("record")
    payload: Mapping[str, Any] = inner if isinstance(inner, dict) else found
    message = _first(payload, _MESSAGES) or _first(found, _MESSAGES)
    if message is None or not _RECORD & {*payload, *found}:
        return None
    moment = next(
        (m for each in (payload, found) for key in _TIMES if (m := _instant(each.get(key))) is not None), None
    )
    if set(found) <= {"log", "stream", "time", "attrs"} and "log" in found:  # Docker's json-file
        lines = [each for line in message.splitlines() for each in told(line)]
        return [replace(each, time=moment) if each.time is None else each for each in lines]
    role = _named(payload) or _named(found)
    instance = next((each for key in _INSTANCES if (each := _instance(payload.get(key)))), "")
    speaker = Speaker(role=role, instance=f"pid={instance}" if instance.isdigit() else instance)
    lines_of = (_first(found, _MESSAGES) if "record" in found else message) or message
    texts = lines_of.splitlines() or [""]
    for key in _TRACES if "record" not in found else ():
        texts += _text(payload.get(key)).splitlines() if key not in _MESSAGES else []
    return [
        Told(text=line, speaker=speaker, stream=speaker, time=moment, fresh=not n)
        for n, line in enumerate(each for text in texts for each in _unescaped(text))
    ]


def _instance(value: Any) -> str:
    match value:
        case {"id": int() as number}:  # loguru
            return str(number)
        case str() | int() if value not in ("MainProcess", True, False):
            return str(value)
    return ""


def _instant(value: Any) -> float | None:
    """Seconds since the epoch, from ISO dates and from numbers of seconds to nanoseconds."""
    match value:
        case {"timestamp": int() | float() as seconds}:  # loguru
            return float(seconds)
        case str() if value.isdigit():
            return _instant(int(value[:20]))
        case str():
            return _moment(value)
        case bool() | None:
            return None
        case int() | float() if 0 <= value < 1e20:
            while value > 1e11:
                value /= 1000
            return float(value)
    return None


def _first(found: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((found[key] for key in keys if isinstance(found.get(key), str)), None)


def _named(found: Mapping[str, Any]) -> str:
    inner = found.get("kubernetes") or _labels(found)
    place: Mapping[str, Any] = inner if isinstance(inner, dict) else found
    named = (place[key] for key in _NAMES if key in place)
    return next(
        (
            name
            for each in named
            if (name := each.get("name") if isinstance(each, dict) else each) and isinstance(name, str)
        ),
        "",
    )


def _labels(found: Mapping[str, Any]) -> Any:
    """What Google's logging says of the container."""
    resource = found.get("resource")
    return resource.get("labels") if isinstance(resource, dict) else None


def _text(value: Any) -> str:
    """A traceback as text; structlog also writes it as a list of exceptions, the last first."""
    match value:
        case str():
            return value
        case {"exc_type": str(kind), "exc_value": str(message)}:
            notes = value.get("exc_notes")
            return "\n".join(
                (*_frames(value.get("frames")), f"{kind}: {message}", *(notes if isinstance(notes, list) else ()))
            )
        case {"type": str(kind), "message": str(message)} | {"type": str(kind), "value": str(message)}:
            return f"{kind}: {message}"
        case [*parts]:
            told = [(_text(part), isinstance(part, dict) and part.get("is_cause")) for part in reversed(parts)]
            linked = (f"{text}\n\n{DIRECT if cause else DURING}:\n" for text, cause in told[:-1])
            return "\n".join((*linked, told[-1][0])) if told else ""
    return ""


def _frames(frames: Any) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    for frame in frames if isinstance(frames, list) else ():
        match frame:
            case {"filename": str(path), "lineno": int(line), "name": str(function)}:
                yield f'  File "{path}", line {line}, in {function}'
