"""gunicorn: the master forks its workers, and starts others in their place with what it has by then (gunicorn 27)."""

from __future__ import annotations

from keyhop.engines.engine import Engine

ENGINE = Engine(
    id="gunicorn",
    title="gunicorn",
    supports=("gunicorn >=21,<28",),
    inherits="what its shell has, and what its configuration file sets before the workers start",
    frozen="the fork of each worker; with --preload the application is built before it",
)
