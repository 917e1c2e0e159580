"""A Procfile's processes: on the platform, and under a documented honcho."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from following_world import desk_of

from keyhop.facts import Hop, Place, World
from keyhop.launch import Launch
from keyhop.readers.procfile import READER
from keyhop.readers.reader import Reading
from planting import plant

PROCFILE = "web: uvicorn app:app --port $PORT\nworker: celery -A jobs worker\n"


def read(root: Path, files: Mapping[str, str]) -> list[Reading]:
    tree = plant(root, files)
    desk = desk_of(tree)
    sources = (tree.source(path) for path in tree.matching(*READER.claims))
    return [each for source in sources if source for each in READER.read(source, tree, desk)]


def test_each_line_is_a_process_that_a_dashboard_may_set(tmp_path: Path) -> None:
    found = read(tmp_path, {"api/Procfile": PROCFILE})
    places = [each for each in found if isinstance(each, Place)]
    launches = [each for each in found if isinstance(each, Launch)]
    assert [place.id for place in places] == ["procfile:api/Procfile#web", "procfile:api/Procfile#worker"]
    assert {place.world for place in places} == {World.OPEN}
    assert [(each.text, each.cwd) for each in launches] == [
        ("uvicorn app:app --port $PORT", "/api"),
        ("celery -A jobs worker", "/api"),
    ]
    assert [str(each.span) for each in launches] == ["api/Procfile:1", "api/Procfile:2"]


def test_a_documented_honcho_starts_them_again_with_the_env_file(tmp_path: Path) -> None:
    readme = "# Run\n\n```console\n$ uv run honcho start\n```\n"
    found = read(tmp_path, {"Procfile": PROCFILE, "README.md": readme})
    places = {each.id: each for each in found if isinstance(each, Place)}
    assert places["honcho:Procfile#web"].world is World.CLOSED
    assert places["honcho:Procfile#web"].deployment != places["procfile:Procfile#web"].deployment
    hops = [each for each in found if isinstance(each, Hop) and each.target == "honcho:Procfile#web"]
    assert [(hop.source, hop.dialect) for hop in hops] == [("honcho start:shell", ""), (".env", "honcho")]


def test_what_is_no_process_is_no_process(tmp_path: Path) -> None:
    assert read(tmp_path, {"Procfile": "# web: x\nnot a line\n: y\nweb:\n"}) == []
