"""Every guarded process answers a roll call, on a Unix socket that only its own user can open.

One question and one answer, each a line of JSON: what the process sees, by state and by a fingerprint under the key
of that call. A process that is busy with a task answers from threads of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import stat
import sys
import tempfile
import threading
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyhop.catalogue import VarName
from keyhop.facts import Need, Required
from keyhop.loads import LOADS

if TYPE_CHECKING:
    from keyhop.sighting import Seen
    from keyhop.standing import Verified

_LONGEST = 1 << 20
"""Bytes of a question."""
_SHORT = 90
"""Characters of a directory's name, so that a socket in it has a name that the system takes."""
_PROXIES = tuple(
    name for each in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") for name in (each.upper(), each)
)
_AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
_LOOKING = threading.RLock()
"""Held while a thread imports: a fork waits for it, as the child would wait for ever for a module half imported."""
_listener: socket.socket | None = None
_instance = ""
_worker = ""
_needs: dict[str, None] = {}


def answer_roll_calls(*, worker: str = "", needs: Iterable[str] = ()) -> None:
    """From now on this process answers. A second call adds what is needed. Never raises: nobody asked for it.

    Args:
        worker: what the host calls this process.
        needs: names that it is to have.
    """
    global _listener, _worker
    _needs.update(dict.fromkeys(needs))
    _worker = worker or _worker
    if _listener is not None or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError, RuntimeError):
        where = directory()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path = where / f"{os.getppid()}-{os.getpid()}-{secrets.token_hex(4)}.sock"
        listener.bind(str(path))
        listener.listen(16)
        _listener = listener
        threading.Thread(target=_serve, args=(listener,), name="keyhop roll call", daemon=True).start()


def directory() -> Path:
    """Where the sockets of this user's processes are.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    base = tempfile.gettempdir()
    where = Path(base if len(base) <= _SHORT else "/tmp") / f"keyhop-{os.getuid()}"
    with suppress(FileExistsError):
        where.mkdir(mode=0o700)
    found = where.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{where} is not this user's own")
    return where


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """What this process sees, as data without a value.

    Args:
        question: ``key``, in hexadecimal, for the fingerprints; ``names``: providers, models or variables (without
            them, what this process needs; where it does not say, all credentials that it has); ``probes``: by the
            instance of a process, providers that are to be asked from there, within ``seconds``, at hosts that may
            also be those under ``allow``.
    """
    with _LOOKING:
        seen = _seen(question)
    return {**seen, "verdicts": _verdicts(question)}


def _seen(question: Mapping[str, Any]) -> dict[str, Any]:
    from keyhop.seeing_process import whereabouts
    from keyhop.startup import sight

    what = tuple(map(str, question.get("names") or ())) or tuple(_needs)
    here, key = whereabouts(_worker), bytes.fromhex(str(question["key"]))
    asked = dict(columns(what, os.environ)) if what else {}
    seen = dict(sight(asked.values(), key=key).seen) if what else dict(sight(key=key).seen)
    return {
        "instance": own_instance(),
        "process": here.process,
        "pid": here.pid,
        "space": space(),
        "parent": os.getppid(),
        "program": Path(sys.argv[0]).name if sys.argv else "",
        "host": here.host,
        "worker": here.worker,
        "generation": LOADS.generation,
        "since": LOADS.since,
        "asked": sorted(what),
        "seen": {
            column: cell(name, seen[VarName(name)]) | {"way": _way(provider_of(name), key)}
            for column, name in (asked or {str(name): str(name) for name in seen}).items()
        },
    }


def cell(name: str, seen: Seen) -> dict[str, Any]:
    """What is told of one variable."""
    return {
        "name": name,
        "provider": provider_of(name),
        "state": seen.state.value,
        "mark": seen.mark.digest.hex() if seen.mark is not None else None,
        "changes": [str(change) for change in seen.changes],
    }


def columns(what: tuple[str, ...], held: Container[str]) -> Iterator[tuple[str, str]]:
    """What is needed, under its canonical name, and the variable that gives it: an alias, if one is `held`."""
    from keyhop.seeing_process import needs

    for need in needs(what):
        if isinstance(need, Need) and need.required is not Required.OPTIONAL:
            for part in _alternative(need.any_of, held):
                if not part[0].startswith("@"):
                    yield str(part[0]), next((str(name) for name in part if name in held), str(part[0]))


def _alternative(
    any_of: tuple[tuple[tuple[VarName, ...], ...], ...], held: Container[str]
) -> tuple[tuple[VarName, ...], ...]:
    """The first way of which all is set; else the first."""
    complete = (parts for parts in any_of if all(any(name in held for name in part) for part in parts))
    return next(complete, any_of[0])


def provider_of(name: str) -> str:
    from keyhop.glance import service_of

    service = service_of(name)
    return str(service.id) if service is not None else ""


def _way(service: str, key: bytes) -> str:
    """A fingerprint of all that decides what the provider says: its credential and settings, and the way to it."""
    from keyhop.catalogue import provider as provider_by_id
    from keyhop.text.own_environment import held
    from keyhop.text.seeing import Marker

    found = provider_by_id(service)
    if found is None:
        return ""
    bases = (name for probe in found.probes for name in probe.base_names)
    names = sorted({*found.names, *found.settings, *bases, *_PROXIES, *_AUTHORITIES})
    place = [os.uname().nodename]
    for space in ("net", "mnt"):
        with suppress(OSError):
            place.append(os.readlink(f"/proc/self/ns/{space}"))  # noqa: PTH115
    return Marker(key).mark_all(place, {name: held(name) for name in names}).digest.hex()


def space() -> str:
    """Of which process ids are: those of a container are its own."""
    with suppress(OSError):
        return os.readlink("/proc/self/ns/pid")  # noqa: PTH115
    return ""


def own_instance() -> str:
    """Tells this process from all others: in containers, host and process id are often the same."""
    global _instance
    _instance = _instance or secrets.token_hex(8)
    return _instance


def _verdicts(question: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What providers say of the keys that this process has, asked from where it is."""
    asked = tuple(map(str, (question.get("probes") or {}).get(own_instance(), ())))
    if not asked:
        return {}
    with _LOOKING:
        from keyhop.verifying import Asking, verify
        from keyhop.wanted import wanted

    seconds = min(float(question.get("seconds") or 10.0), 60.0)
    allowed = tuple(map(str, question.get("allow") or ()))
    found = verify(wanted(asked), Asking(live=True, seconds=seconds, allowed=allowed))
    return {each.provider: _told(each) for each in found.verified if each.standing is not None}


def _told(verified: Verified) -> dict[str, str]:
    because = (each.judged.because for each in verified.reads if each.judged.standing is verified.standing)
    return {"standing": str(verified.standing), "because": next(because, "")}


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with suppress(RuntimeError):  # there is no room for another thread
            threading.Thread(target=_speak, args=(connection,), name="keyhop answer", daemon=True).start()


def _speak(connection: socket.socket) -> None:
    with connection, suppress(Exception):  # who asks nonsense gets no answer
        connection.settimeout(5)
        with connection.makefile("rwb") as stream:
            said = answer(json.loads(stream.readline(_LONGEST)))
            stream.write(json.dumps(said).encode() + b"\n")


def _forked() -> None:
    """The child has the socket, and nobody who serves it."""
    global _listener, _instance
    if _listener is not None:
        with suppress(OSError):
            _listener.close()
    _listener, _instance = None, ""
    _LOOKING.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_LOOKING.acquire, after_in_parent=_LOOKING.release, after_in_child=_forked)
