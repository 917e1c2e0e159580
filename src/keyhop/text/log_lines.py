"""A line of a log without what programs put before it: who wrote it, when, and the text itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from keyhop.failure import Speaker

_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
_TIME = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
_SYSLOG = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SUCCESS)"
_POD = re.compile(r"(?P<role>.+?)-(?:[a-z0-9]{8,10}-[a-z0-9]{5}|\d+)")
_PREFIXES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<job>[^\t]+)\t[^\t]*\t(?P<time>{_TIME}) ",  # gh run view --log
        rf"(?P<time>{_TIME}) (?:stdout|stderr) [FP] ",  # CRI
        r"\[pod/(?P<pod>[^/\]]+)/(?P<container>[^\]]+)\] ",  # kubectl logs --prefix
        r"(?P<pod>[a-z0-9][a-z0-9-]*-[a-z0-9]{8,10}-[a-z0-9]{5}) (?:› )?(?P<container>[a-z0-9-]+) (?:[›|] )?",
        rf"(?P<time>{_TIME}) (?:app|heroku)\[(?P<dyno>[\w.-]+)\]: ",
        rf"(?:{_SYSLOG}|(?P<time>{_TIME})) \S+ (?P<unit>[\w./@-]+?)(?:\[(?P<pid>\d+)\])?: ",
        r"\d\d:\d\d:\d\d (?P<process>[\w-]+\.\d+) +\| ",  # honcho, foreman
        r"(?P<service>[a-zA-Z0-9][\w.-]*?)(?:-(?P<number>\d+))? +\| ",  # Compose
        r"\((?P<actor>[\w.:<>]+(?:\([^()]*\))?)? ?(?:pid=(?P<pid>\d+))(?:, ip=(?P<ip>[\d.a-f:]+))?\) ?",  # Ray
        rf"\[(?P<time>{_TIME}): (?P<level>{_LEVEL})/(?P<process>[\w.@-]+)\] ",  # Celery
        rf"\[(?P<time>{_TIME})\] \[(?P<pid>\d+)\] \[(?P<level>{_LEVEL})\] ",  # gunicorn
        rf"(?P<time>{_TIME}) \| (?P<level>{_LEVEL}) +\| \S+ - ",  # loguru
        rf"\[?(?P<time>{_TIME})\]?(?: +(?:[-|:] +)?)?(?:\[?(?P<level>{_LEVEL})\]?\b:?(?: +[-|:] +)?)? ?",
        rf"\[?(?P<level>{_LEVEL})\]?:(?:[\w.-]+:)? ?",  # logging.basicConfig
        r"##\[(?P<level>error|warning|debug|group|endgroup|command)\]",  # GitHub Actions
        r"(?:> )+",  # quoted in a mail or an issue
    )
)
_MESSAGES = ("message", "msg", "event", "log", "textPayload", "MESSAGE", "@message", "text", "body")
_TRACES = ("exc_info", "exception", "exc_text", "stack_trace", "traceback", "stack", "error.stack_trace", "error")
_NAMES = (
    "service",
    "container_name",
    "container",
    "pod",
    "pod_name",
    "process",
    "processName",
    "worker",
    "job",
    "app",
)
_BOX = re.compile(r"^\s*[│┃|]\s?(?P<text>.*?)\s*[│┃|]\s*$")
_EDGE = re.compile(r"^\s*[╭╰┏┗┌└├╞][─━┄═╌┈]+(?P<title>.*?)[─━┄═╌┈]*[╮╯┓┛┐┘┤╡]\s*$")


_NOBODY = Speaker()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line, or what a JSON line tells in several."""

    text: str
    speaker: Speaker = _NOBODY
    stream: Speaker = _NOBODY
    """Where the line came through: the speaker without what only the first line of a message names."""
    time: float | None = None
    fresh: bool = False
    """It begins a new message: a program put the time or a level before it."""


def told(line: str, *, clean: bool = False) -> Iterator[Told]:
    """What a line of a log says. `clean`: it has no colours."""
    line = line.rstrip("\r\n")
    text = line if clean else _CONTROL.sub("", line)
    if text[:1] == "{" and text.rstrip()[-1:] == "}":
        found = _json(text)
        if found is not None:
            yield from found
            return
    role = instance = ""
    stream = _NOBODY
    time: float | None = None
    fresh = False
    for _ in range(4):
        match = next((m for pattern in _PREFIXES if (m := pattern.match(text)) and m.end()), None)
        if match is None:
            break
        who, which = _speaker(match.groupdict())
        role, instance = role or who, which or instance
        if not match.groupdict().get("level"):
            stream = Speaker(role=role, instance=instance)
        time = time if time is not None else _moment(match.groupdict().get("time"))
        fresh = fresh or bool(match.groupdict().get("level") or match.groupdict().get("time"))
        text = text[match.end() :]
        if text[:1] == "{" and text.rstrip()[-1:] == "}":
            inner = _json(text)
            if inner is not None:
                for each in inner:
                    own = each.speaker if each.speaker != _NOBODY else Speaker(role=role, instance=instance)
                    yield Told(text=each.text, speaker=own, stream=own, time=each.time or time, fresh=each.fresh)
                return
    speaker = Speaker(role=role, instance=instance)
    yield Told(text=unboxed(text), speaker=speaker, stream=stream, time=time, fresh=fresh)


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
        whole = datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S") if match else None
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
    inner = found.get("jsonPayload")
    payload: Mapping[str, Any] = inner if isinstance(inner, dict) else found
    message = _first(payload, _MESSAGES)
    if message is None:
        return None
    if set(found) <= {"log", "stream", "time", "attrs"} and "log" in found:  # Docker's json-file
        return [each for line in message.splitlines() for each in told(line)]
    role = _named(payload) or _named(found)
    instance = str(payload.get("process_id") or payload.get("pid") or payload.get("hostname") or "")
    speaker = Speaker(role=role, instance=f"pid={instance}" if instance.isdigit() else instance)
    time = payload.get("timestamp") or payload.get("time") or payload.get("asctime") or found.get("timestamp")
    moment = float(time) if isinstance(time, int | float) else _moment(time) if isinstance(time, str) else None
    lines = message.splitlines() or [""]
    for key in _TRACES:
        lines += _text(payload.get(key)).splitlines() if key not in _MESSAGES else []
    return [
        Told(text=line, speaker=speaker, stream=speaker, time=moment, fresh=not n) for n, line in enumerate(lines)
    ]


def _first(found: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((found[key] for key in keys if isinstance(found.get(key), str)), None)


def _named(found: Mapping[str, Any]) -> str:
    inner = found.get("kubernetes")
    place: Mapping[str, Any] = inner if isinstance(inner, dict) else found
    return next((str(place[key]) for key in _NAMES if isinstance(place.get(key), str)), "")


def _text(value: Any) -> str:
    """A traceback as text; structlog also writes it as a list of frames."""
    match value:
        case str():
            return value
        case {"exc_type": str(kind), "exc_value": str(message)} | {"type": str(kind), "message": str(message)}:
            return f"{kind}: {message}"
        case [*parts]:
            return "\n".join(_text(part) for part in parts)
    return ""
