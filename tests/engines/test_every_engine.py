"""What every engine says of itself."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.requirements import Requirement

from keyhop.engines.engine import Engine
from keyhop.python.parents import engines

each_engine = pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.id)


@each_engine
def test_it_tells_its_users_what_is_inherited_and_when_that_is_frozen(engine: Engine):
    for sentence in (engine.inherits, engine.frozen):
        assert sentence
        assert sentence[0].islower()
        assert not sentence.endswith(".")


@each_engine
def test_the_version_that_its_claims_are_tested_with_is_one_that_it_supports(engine: Engine):
    for text in engine.supports:
        requirement = Requirement(text)
        try:
            installed = platform.python_version() if requirement.name == "python" else version(requirement.name)
        except PackageNotFoundError:
            pytest.skip(f"{requirement.name} is not installed")
        assert requirement.specifier.contains(installed, prereleases=True)


def test_no_two_engines_take_the_same_call():
    """A function that is handed over belongs to the children of one engine; the unknown launcher knows the others."""
    makers = [(engine.id, name) for engine in engines() for name in engine.methods if name[:1].isupper()]
    assert len({name for _, name in makers}) == len(makers)
