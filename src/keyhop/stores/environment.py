"""The environment that the process was started with."""

from __future__ import annotations

from keyhop.stores.store import Fetched, Found, Request, Store
from keyhop.text.sealed import Sealed


def _fetch(request: Request) -> Fetched:
    return Fetched(
        found=tuple(
            Found(name=name, value=Sealed(value), where="its environment")
            for name, value in request.environment.items()
            if request.wants(name)
        )
    )


STORE = Store(id="environment", title="the environment", options={}, fetch=_fetch)
