"""A Docker Engine of the tests' own, on a Unix socket in a temporary directory, and a busybox image for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from testbed.compose_program import clean_environment

IMAGE = "localhost/keyhop/busybox:1"
_APPLETS = ("sh", "cat", "env", "sleep", "echo", "true")
_SETTINGS = {
    "iptables": False,
    "ip6tables": False,
    "bridge": "none",
    "exec-opts": ["native.cgroupdriver=cgroupfs"],
    "default-ulimits": {
        name: {"Name": name, "Soft": limit, "Hard": limit} for name, limit in (("nofile", 1024), ("nproc", 1000))
    },
}


class NoEngine(RuntimeError):
    """Why no Docker Engine can be started here."""


@contextmanager
def docker_engine(directory: Path) -> Iterator[dict[str, str]]:
    """Starts dockerd and yields the environment for its clients; stops it by its process id.

    Raises:
        NoEngine: a program is missing, or the engine does not come up.
    """
    for program in ("dockerd", "containerd", "runc", "docker"):
        if shutil.which(program) is None:
            raise NoEngine(f"{program} is not installed (Debian: docker.io)")
    if busybox() is None:
        raise NoEngine("busybox is not installed (Debian: busybox-static)")
    if os.geteuid() != 0:
        raise NoEngine("dockerd needs root")
    for driver in ("overlay2", "vfs"):
        started = _start(directory / driver, driver)
        if started is not None:
            process, client = started
            try:
                _import_busybox(client)
                yield client
            finally:
                process.terminate()
                process.wait(timeout=30)
                _clear(directory)
            return
    raise NoEngine("dockerd does not come up")


def busybox() -> str | None:
    """A static busybox, so that it is all that an image needs."""
    found = shutil.which("busybox")
    if found is None:
        return None
    with Path(found).open("rb") as file:
        return found if b"ld-linux" not in file.read(4096) else None


def _start(directory: Path, driver: str) -> tuple[subprocess.Popen[bytes], dict[str, str]] | None:
    directory.mkdir(parents=True)
    socket = directory / "docker.sock"
    settings = {
        **_SETTINGS,
        "storage-driver": driver,
        "data-root": str(directory / "data"),
        "exec-root": str(directory / "exec"),
        "pidfile": str(directory / "docker.pid"),
        "hosts": [f"unix://{socket}"],
    }
    (directory / "daemon.json").write_text(json.dumps(settings))
    log = (directory / "dockerd.log").open("wb")
    process = subprocess.Popen(
        ["dockerd", "--config-file", str(directory / "daemon.json")], stdout=log, stderr=subprocess.STDOUT
    )
    client = {**clean_environment(directory), "DOCKER_HOST": f"unix://{socket}", "DOCKER_BUILDKIT": "0"}
    for _ in range(150):
        if process.poll() is not None:
            return None
        if socket.exists() and _docker(client, "version").returncode == 0:
            return process, client
        time.sleep(0.1)
    process.terminate()
    process.wait(timeout=30)
    return None


def _clear(directory: Path) -> None:
    """The engine leaves a network namespace mounted."""
    mounts = (line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines())
    for mount in [each for each in mounts if each.startswith(f"{directory}/")]:
        subprocess.run(["umount", mount], capture_output=True, check=False)
    shutil.rmtree(directory, ignore_errors=True)


def _import_busybox(client: dict[str, str]) -> None:
    archive = BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.add(busybox() or "", "bin/busybox")
        for applet in _APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    done = _docker(client, "import", "-", IMAGE, data=archive.getvalue())
    if done.returncode:
        raise NoEngine(f"the image cannot be imported: {done.stderr.decode()}")


def _docker(client: dict[str, str], *words: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["docker", *words], env=client, input=data, capture_output=True, timeout=60, check=False)
