"""A ``.env`` file, read as python-dotenv reads it.

Without `path` it is looked for from the main script upward, else from the working directory: never in an installed
package, never above the repository or the home directory. Names that would change how programs run, or where keyhop
itself looks for a secret, are left out.
"""

from __future__ import annotations

from pathlib import Path

from keyhop.errors import StoreError
from keyhop.stores.store import Fetched, Found, Request, Store, read_regular
from keyhop.surroundings import nearest
from keyhop.text.dotenv import File, read
from keyhop.text.dotenv import values as values_of
from keyhop.text.sealed import Sealed

_STEERING = ("KEYHOP_", "VAULT_", "BAO_", "LD_", "DYLD_", "PYTHON", "GIT_", "SSL_CERT_")
_STEERING_WHOLE = frozenset({"PATH", "HOME", "SHELL", "IFS", "ENV", "BASH_ENV", "TMPDIR"})
"""A file of a project says what its code needs, not how the programs of its user behave."""


def _fetch(request: Request) -> Fetched:
    paths = [request.path(text) for text in request.texts("path")]
    if not paths:
        found = nearest(".env")
        if found is None:
            return Fetched(remarks=("no .env is at or above the project's directory",))
        paths = [found]
    fetched = [_file(request, path) for path in paths]
    return Fetched(
        found=tuple(each for one in reversed(fetched) for each in one.found),
        remarks=tuple(remark for one in fetched for remark in one.remarks),
    )


def _file(request: Request, path: Path) -> Fetched:
    data = read_regular(path, STORE.id)
    if data is None:
        raise StoreError(f"there is no {path}", store=STORE.id, why="absent")
    environment = {name: Sealed(value) for name, value in request.environment.items()}
    file = read(data, "python-dotenv", environment)
    values = values_of(file)
    left_out = sorted(name for name in values if steers(name))
    remarks = [f"{path}: {name} is left out, as it changes how programs run" for name in left_out]
    if file.error is not None or file.cut is not None:
        remarks.append(f"{path}:{file.at}: {file.error or file.cut}")
    return Fetched(
        found=tuple(
            Found(name=name, value=value, where=f"{path}:{_line(file, name)}")
            for name, value in values.items()
            if request.wants(name) and not steers(name)
        ),
        remarks=tuple(remarks),
    )


def _line(file: File, name: str) -> int:
    return file.final()[name].line


def steers(name: str) -> bool:
    """Whether a variable is one that no file of a project may set."""
    return name.upper().startswith(_STEERING) or name.upper() in _STEERING_WHOLE


STORE = Store(
    id="dotenv",
    title="a .env file",
    options={"path": "the file, or a list of files of which the last wins; found from the project if not given"},
    fetch=_fetch,
)
