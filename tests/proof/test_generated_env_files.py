"""Generated env files, each read by keyhop and by the program that its dialect names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import seeds
from env_files import FOUND, env_file
from env_programs import PROGRAMS, Program
from env_runs import ENVIRONMENT, Outcome

from keyhop.text import dotenv
from keyhop.text.sealed import Sealed

OWN = {"PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_", "VIRTUAL_ENV", "UV", "UV_RUN_RECURSION_DEPTH", "LC_CTYPE"}
"""What a program or the shell that it starts sets by itself."""


class Told(NamedTuple):
    """What keyhop says of a file."""

    values: dict[str, str]
    unknown: frozenset[str]
    """Names whose value it does not claim to know."""
    refused: bool
    blind: bool
    """It does not claim to know which names are set."""


def told(data: bytes, dialect: str) -> Told:
    file = dotenv.read(data, dialect, {name: Sealed(value) for name, value in ENVIRONMENT.items()})
    final = file.final()
    return Told(
        values={name: line.value.reveal() for name, line in final.items() if line.value is not None},
        unknown=frozenset(name for name, line in final.items() if line.unknown),
        refused=file.error is not None,
        blind=bool(file.blind),
    )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, ...]:
    """The files that were once misread and the generated ones, each alone in a directory."""
    found = []
    generated = (env_file(seeds.random("env file", number)) for number in range(seeds.FILES))
    for number, data in enumerate((*FOUND, *generated)):
        path = tmp_path / str(number) / "x.env"
        path.parent.mkdir()
        path.write_bytes(data)
        found.append(path)
    return tuple(found)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_reads_generated_files_as_keyhop_says(name: str, files: tuple[Path, ...]) -> None:
    program = PROGRAMS[name]
    if program.missing:
        pytest.skip(program.missing)
    said = [told(path.read_bytes(), program.dialect) for path in files]
    did = outcomes(program, files, [each.refused for each in said])
    compared, differing = 0, []
    for number, (mine, real) in enumerate(zip(said, did, strict=True)):
        if mine.blind or (real is None and mine.unknown):
            continue
        pairs = comparisons(program, mine, real)
        compared += len(pairs)
        if any(left != right for left, right in pairs.values()):
            wrong = {each: pair for each, pair in pairs.items() if pair[0] != pair[1]}
            differing.append((files[number].read_bytes(), wrong))
    assert not differing, (
        f"KEYHOP_SEED={seeds.SEED}: {len(differing)} differ, the shortest: {min(differing, key=_size)}"
    )
    accepted = sum(outcome is not None for outcome in did)
    assert accepted >= 0.4 * len(files)
    assert compared >= 1.5 * len(files)


def outcomes(program: Program, files: Sequence[Path], refused: Sequence[bool]) -> list[Outcome]:
    """What the program makes of each file. Those that keyhop says it refuses run alone: they would spoil a batch."""
    taken = [number for number, each in enumerate(refused) if not each]
    found = dict(zip(taken, program.read([files[number] for number in taken]), strict=True))
    rest = [number for number, each in enumerate(refused) if each]
    if program.batched:
        found.update((number, program.read([files[number]])[0]) for number in rest)
    else:
        found.update(zip(rest, program.read([files[number] for number in rest]), strict=True))
    return [found[number] for number in range(len(files))]


def comparisons(program: Program, mine: Told, real: Outcome) -> dict[str, tuple[object, object]]:
    """What is compared of one file: whether it is refused, then each name's value, keyhop's first."""
    pairs: dict[str, tuple[object, object]] = {"refused": (mine.refused, real is None)}
    if mine.refused or real is None:
        return pairs
    around = ENVIRONMENT if program.inherits else {}
    expected = {**mine.values, **around} if program.process_wins else {**around, **mine.values}
    for name in sorted({*expected, *real} - mine.unknown - OWN):
        if program.names(name):
            pairs[name] = (expected.get(name), real.get(name))
    return pairs


def _size(differing: tuple[bytes, object]) -> int:
    return len(differing[0])


def test_a_generated_file_rests_on_the_seed_alone() -> None:
    first, again = (env_file(seeds.random("env file", 7)) for _ in range(2))
    assert first == again
    assert len({env_file(seeds.random("env file", number)) for number in range(50)}) > 40
