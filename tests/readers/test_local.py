"""What people start by hand: scripts and servers that documents name, and ``crewai run``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from following_world import desk_of

from keyhop.documented.commands import typed
from keyhop.documented.containers import container_command
from keyhop.facts import Hop, Place, Supply
from keyhop.launch import Launch
from keyhop.readers.docker_run import READER as DOCKER_RUN
from keyhop.readers.local import READER as LOCAL
from keyhop.readers.pyproject import READER as PYPROJECT
from keyhop.readers.reader import Reader, Reading
from keyhop.text.expansion import Plain, pieces
from planting import plant

GUARD = "from crewai import Crew\nif __name__ == '__main__':\n    Crew().kickoff()\n"


def read(reader: Reader, root: Path, files: Mapping[str, str]) -> list[Reading]:
    tree = plant(root, files)
    desk = desk_of(tree)
    sources = (tree.source(path) for path in tree.matching(*reader.claims))
    return [each for source in sources if source for each in reader.read(source, tree, desk)]


def started(found: list[Reading]) -> dict[str, tuple[str, ...] | str | None]:
    return {each.place: each.words or each.text for each in found if isinstance(each, Launch)}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"README.md": "```bash\npython src/main.py --n 1\n```"}, "local:src/main.py"),
        ({"README.md": "```\n$ cd src\n$ python main.py\n```"}, "local:src/main.py"),
        ({"README.md": "```sh\ncd my-clone/src\n```\n```sh\npython main.py\n```"}, None),
        ({"README.md": "run `python src/main.py`"}, None),
        ({"src/README.md": "```bash\r\npython main.py\r\n```\r\n"}, "local:src/main.py"),
        ({"Makefile": "run:\n\t@uv run python src/main.py $(ARGS)\n"}, "local:src/main.py"),
        ({"README.md": "```\nmake run\n```", "Makefile": "run:\n\tcd src && python -m main\n"}, "local:src/main.py"),
        ({"README.md": "```bash\nOPENAI_API_KEY=x python src/main.py\n```"}, "local:src/main.py"),
        ({"run.sh": "cd src\nexec streamlit run main.py\n"}, "local:src/main.py"),
        ({"README.md": "```bash\nuvicorn main:app --reload --app-dir src\n```"}, "local:src/main.py"),
        ({"README.md": "```bash\ncd src && uvicorn main:app\n```"}, "local:src"),
        ({"README.md": "```bash\ncelery -A src.main worker\n```"}, "celery:src/main.py#worker"),
        ({"README.md": "```python\npython src/main.py\n```"}, None),
        ({"README.md": "```bash\npython tests/test_it.py\npython missing.py\npip install x\n```"}, None),
        ({"justfile": "run:\n    python src/main.py\n"}, "local:src/main.py"),
    ],
)
def test_a_documented_command_is_a_process(document: dict[str, str], expected: str | None, tmp_path: Path) -> None:
    files = {"src/main.py": "app = 1\n", "tests/test_it.py": "", "compose.yaml": "", **document}
    assert list(started(read(LOCAL, tmp_path, files))) == ([expected] if expected else [])


def test_the_first_document_counts_and_the_shell_has_what_it_exports(tmp_path: Path) -> None:
    readme = "```bash\nexport OPENAI_API_KEY=your-key\npython crew.py\n```\n"
    found = read(LOCAL, tmp_path, {"README.md": readme, "docs/usage.md": readme, "crew.py": GUARD})
    (place,) = (each for each in found if isinstance(each, Place))
    (hop,) = (each for each in found if isinstance(each, Hop))
    (supply,) = (each for each in found if isinstance(each, Supply))
    assert (place.id, str(place.span)) == ("local:crew.py", "README.md:3")
    assert hop.source == supply.place == f"{place.deployment}:shell"
    assert (supply.name, supply.promised, str(supply.span)) == ("OPENAI_API_KEY", True, "README.md:2")


def test_a_script_of_a_crew_is_a_process_where_nothing_else_is(tmp_path: Path) -> None:
    assert started(read(LOCAL, tmp_path / "a", {"crew.py": GUARD, "tests/x.py": GUARD, "lib.py": "x"})) == {
        "local:crew.py": ("python", "/crew.py")
    }
    assert started(read(LOCAL, tmp_path / "b", {"crew.py": GUARD, "Dockerfile": "FROM python"})) == {}


def test_a_script_that_a_container_starts_is_not_started_by_hand(tmp_path: Path) -> None:
    files = {"start.sh": "python crew.py\n", "crew.py": GUARD, "compose.yaml": "services: {a: {command: ./start.sh}}"}
    assert started(read(LOCAL, tmp_path, files)) == {}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("[tool.crewai]\ntype = 'crew'\n", True),
        ("[project.scripts]\nrun_crew = 'a.main:run'\n", True),
        ("[project.scripts]\nserve = 'a.main:run'\n", False),
        ("not toml", False),
    ],
)
def test_a_crewai_project_is_run_in_its_users_shell(text: str, is_one: bool, tmp_path: Path) -> None:
    found = read(PYPROJECT, tmp_path, {"agents/pyproject.toml": text})
    assert started(found) == ({"crewai:agents/pyproject.toml": ("crewai", "run")} if is_one else {})
    assert [each.cwd for each in found if isinstance(each, Launch)] == ["/agents"] * is_one


def test_a_documented_container_has_the_projects_files(tmp_path: Path) -> None:
    script = """\
IMAGE=crew
docker build -t $IMAGE:dev -f docker/Dockerfile .
docker run -d --name crew -v "$(pwd)/.env:/app/.env:ro" --mount type=bind,source=./data,target=/data \\
  -w /srv $IMAGE:latest python main.py
docker run redis
"""
    files = {"run.sh": script, "docker/Dockerfile": "FROM python\nCOPY main.py /app/\n", "main.py": "", "data/x": ""}
    found = read(DOCKER_RUN, tmp_path, files)
    (launch,) = (each for each in found if isinstance(each, Launch))
    assert launch.place == "docker-run:run.sh#crew"
    assert (launch.words, launch.cwd) == (("python", "main.py"), "/srv")
    assert [(layer.target, layer.source) for layer in launch.layers] == [
        ("/app/main.py", "main.py"),
        ("/app/.env", ".env"),
        ("/data", "data"),
    ]


def words(text: str) -> tuple[tuple[object, ...], ...]:
    return tuple(pieces(word) for word in text.split())


@pytest.mark.parametrize(
    ("text", "options", "operands"),
    [
        ("docker run -it --rm -e A=1 img cmd -e B=2", [("env", "A=1")], ("img", "cmd", "-e", "B=2")),
        ("sudo podman run -eA=1 -e=B=2 --env=C=3 img", [("env", "A=1"), ("env", "B=2"), ("env", "C=3")], ("img",)),
        ("docker container run -dp 80:80 -itv a:b img", [("publish", "80:80"), ("volume", "a:b")], ("img",)),
        ("docker -H unix://x run --env-file .env img", [("env-file", ".env")], ("img",)),
        ("docker buildx build --push -t a:1 . -f x/Dockerfile", [("tag", "a:1"), ("file", "x/Dockerfile")], (".",)),
    ],
)
def test_options_of_containers(text: str, options: list[tuple[str, str]], operands: tuple[str, ...]) -> None:
    found = container_command(words(text))  # type: ignore[arg-type]
    assert found is not None
    assert [(option.name, option.text) for option in found.options if option.value] == options
    assert found.texts == operands


def test_a_variable_inside_an_option_is_kept(tmp_path: Path) -> None:
    tree = plant(tmp_path, {"run.sh": "docker run -e \"KEY=$TOKEN\" -e K2='$X' img\n"})
    (each,) = typed(tree)
    found = container_command(each.words)
    assert found is not None
    first, second = found.all("env")
    assert [type(piece).__name__ for piece in first.value if not isinstance(piece, Plain)] == ["Reference"]
    assert second.text == "K2=$X"
    assert all(isinstance(piece, Plain) for piece in second.value)
