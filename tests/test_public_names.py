"""What ``import keyhop`` offers, and that it costs nothing until it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import keyhop


@pytest.mark.parametrize("name", sorted(set(keyhop.__all__) - {"__version__"}))
def test_a_public_name_is_there_and_says_what_it_does(name: str) -> None:
    found = getattr(keyhop, name)
    assert callable(found)
    assert found.__doc__
    assert name in dir(keyhop)


def test_any_other_name_is_refused_as_by_every_module() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'chek'"):
        _ = keyhop.chek  # type: ignore[attr-defined]


def test_an_import_brings_in_nothing_else_of_keyhop() -> None:
    code = "import sys; before = set(sys.modules); import keyhop; print(*set(sys.modules) - before)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in told if name.partition(".")[0] == "keyhop"] == ["keyhop"]


def test_what_workers_use_is_of_the_standard_library_alone() -> None:
    code = "import sys, keyhop; keyhop.picklable; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    own = {name.partition(".")[0] for name in told} & {"ruamel", "pathspec", "tomli"}
    assert own == set()
