"""Mounted files: ``/run/secrets``, Kubernetes volumes, systemd credentials, and what ``NAME_FILE`` points at.

One file holds one value. Exactly one line end at its end is taken off, as an editor or ``echo`` puts it there; all
else stays as it is and shows in what `keyhop.require` says. A file is called like the variable, in any case and with
``-`` or ``.`` for ``_``: ``openai-api-key`` is ``OPENAI_API_KEY``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from keyhop.catalogue import by_name
from keyhop.errors import StoreError
from keyhop.stores.store import Fetched, Found, Request, Store, read_regular
from keyhop.text.sealed import Sealed

_MOUNTED = "/run/secrets"
_SUFFIX = "_FILE"


def _fetch(request: Request) -> Fetched:
    found: list[Found] = []
    remarks: list[str] = []
    for name, path, via in (*_pointed_at(request), *_mounted(request)):
        try:
            data = read_regular(path, STORE.id)
            if data is None:
                remarks.append(f"{via} names {path}, which is not there")
                continue
            text = data.decode("utf-8")
        except StoreError as error:
            remarks.append(str(error))
        except UnicodeDecodeError:
            remarks.append(f"{path} is not UTF-8")
        else:
            bare = text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
            if bare != text:
                remarks.append(f"{path}: the line end at its end is taken off")
            found.append(Found(name=name, value=Sealed(bare), where=str(path)))
    return Fetched(found=tuple(found), remarks=tuple(remarks))


def _pointed_at(request: Request) -> Iterator[tuple[str, Path, str]]:
    """``OPENAI_API_KEY_FILE=/run/secrets/x``: of all such variables those whose name without the end is wanted."""
    for variable, text in request.environment.items():
        name = variable.removesuffix(_SUFFIX)
        if name != variable and text and _is_wanted(request, name):
            yield name, request.path(text), variable


def _mounted(request: Request) -> Iterator[tuple[str, Path, str]]:
    called = {there: name for name, there in request.renamed().items()}
    for directory in _directories(request):
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            name = called.get(entry.name) or entry.name.upper().replace("-", "_").replace(".", "_")
            # NOTE: a Kubernetes volume holds its files behind ..data and a directory named by the time.
            if not entry.name.startswith(".") and entry.is_file() and _is_wanted(request, name, bool(called)):
                yield name, Path(entry.path), directory.as_posix()


def _directories(request: Request) -> tuple[Path, ...]:
    declared = tuple(request.path(text) for text in request.texts("path"))
    given = request.environment.get("CREDENTIALS_DIRECTORY")
    return declared or (Path(_MOUNTED), *((Path(given),) if given else ()))


def _is_wanted(request: Request, name: str, called: bool = False) -> bool:
    if request.names:
        return name in request.names
    return name in by_name() or (called and name in request.renamed())


STORE = Store(
    id="files",
    title="mounted files",
    options={
        "path": "the directory, or a list; /run/secrets and $CREDENTIALS_DIRECTORY if not given",
        "names": "a table of variables and the file that holds each, where they are called otherwise",
    },
    fetch=_fetch,
)
