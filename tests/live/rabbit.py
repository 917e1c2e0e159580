"""A RabbitMQ of the tests' own, with its files, names and ports in a directory of theirs."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.programs import free_port, running


def server() -> str | None:
    """The server's own script: the one on Debian's PATH becomes another user, who may not write here."""
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return str(program) if program.is_file() else shutil.which("rabbitmq-server")


@contextmanager
def rabbitmq(where: Path) -> Iterator[str]:
    """The address of an empty broker. Skips where the program is not installed."""
    program = server()
    if program is None:
        pytest.skip("RabbitMQ is not installed (Debian: rabbitmq-server)")
    port = free_port()
    settings = where / "rabbitmq.conf"
    settings.write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.console.level = info\n")
    (where / "enabled_plugins").write_text("[].\n")
    environment = {
        "PATH": f"/usr/sbin:/sbin:{os.environ.get('PATH', os.defpath)}",
        "HOME": str(where),
        "LANG": "C.UTF-8",
        "RABBITMQ_NODENAME": f"keyhop{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(where / "mnesia"),
        "RABBITMQ_LOG_BASE": str(where / "log"),
        "RABBITMQ_CONFIG_FILE": str(settings.with_suffix("")),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(where / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(where / "pid"),
        "ERL_EPMD_PORT": str(free_port()),
    }
    with running([program], where, environment, re.compile("Server startup complete|completed with \\d+ plugins")):
        yield f"amqp://guest:guest@127.0.0.1:{port}//"
