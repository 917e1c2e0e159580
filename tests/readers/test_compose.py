"""Which deployments a project has, what stands in a trail, and what is never shown."""

from __future__ import annotations

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from compose_world import Project, projects, read
from hypothesis import given, settings
from hypothesis import strategies as st

from keyhop.compose.finding import deployments
from keyhop.facts import Blindspot, Hop, Layer, Nothing, Place, Supply
from keyhop.launch import Launch
from keyhop.promises import Promises
from keyhop.readers.compose import READER
from keyhop.readers.reader import Desk
from keyhop.sighting import State
from keyhop.text.sealed import Sealed
from keyhop.text.seeing import Marker
from keyhop.value import Loss, Verdict
from planting import plant

APP = "services:\n  app:\n    image: python:3.12\n"
KEY = "OPENAI_API_KEY"


def found(root: Path, files: dict[str, str], **more: Any) -> list[Any]:
    """What the reader yields for a whole project."""
    tree = plant(root, files)
    desk = Desk(promises=Promises(tree), marker=Marker(), **more)
    return [
        r for path in tree.matching(*READER.claims) if (s := tree.source(path)) for r in READER.read(s, tree, desk)
    ]


def processes(readings: list[Any]) -> dict[str, str]:
    """Ids of processes, with their deployments."""
    return {r.id: r.deployment for r in readings if isinstance(r, Place) and r.kind == "process"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"docker-compose.yml": APP, "docker-compose.override.yml": APP},
            {"compose:docker-compose.yml#app": "docker-compose.yml + docker-compose.override.yml"},
            id="an override file belongs to its base",
        ),
        pytest.param(
            {"docker-compose.yml": APP, "docker-compose.prod.yml": APP, "README.md": "`docker compose up`\n"},
            {
                "compose:docker-compose.yml#app": "docker-compose.yml",
                "compose:docker-compose.prod.yml#app": "docker-compose.prod.yml",
            },
            id="a file that is complete stands alone",
        ),
        pytest.param(
            {
                "docker-compose.yml": APP,
                "docker-compose.prod.yml": APP,
                "Makefile": "up:\n\tdocker compose -f docker-compose.yml \\\n\t  -f docker-compose.prod.yml up -d\n",
            },
            {
                "compose:docker-compose.yml#app": "docker-compose.yml",
                "compose:docker-compose.prod.yml#app": "docker-compose.yml + docker-compose.prod.yml",
            },
            id="a command names a combination",
        ),
        pytest.param(
            {"compose.yaml": APP, "compose.gpu.yaml": "services:\n  app:\n    environment: {A: b}\n"},
            {
                "compose:compose.yaml#app": "compose.yaml",
                "compose:compose.gpu.yaml#app": "compose.yaml + compose.gpu.yaml",
            },
            id="a fragment is put on the base of its directory",
        ),
        pytest.param(
            {"compose.yaml": "include: [db/compose.yaml]\n" + APP, "db/compose.yaml": APP.replace("app", "db")},
            {"compose:compose.yaml#app": "compose.yaml", "compose:db/compose.yaml#db": "compose.yaml"},
            id="an included file is part of what includes it",
        ),
        pytest.param(
            {"deploy/stack.yml": APP, "deploy.sh": "cd deploy && docker compose -f stack.yml up\n"},
            {"compose:deploy/stack.yml#app": "deploy/stack.yml"},
            id="a file of any name that a command names",
        ),
        pytest.param(
            {".env": "COMPOSE_FILE=a.yml:b.yml\n", "compose.yml": APP, "a.yml": APP, "b.yml": APP},
            {"compose:b.yml#app": "a.yml + b.yml", "compose:compose.yml#app": "compose.yml"},
            id="COMPOSE_FILE says what is started",
        ),
        pytest.param(
            {"compose.yaml": APP, "run.sh": "docker compose --env-file prod.env up\n", "prod.env": "A=b\n"},
            {"compose:compose.yaml#app": "compose.yaml", "compose:prod.env#app": "compose.yaml (prod.env)"},
            id="another env file is another deployment",
        ),
        pytest.param({"k8s.yaml": "kind: Service\n", "app.yml": "services: x\n"}, {}, id="other YAML is left alone"),
    ],
)
def test_deployments_and_ids(files: dict[str, str], expected: dict[str, str], tmp_path: Path):
    assert processes(found(tmp_path, files)) == expected


def test_the_settings_name_a_deployment(tmp_path: Path):
    files = {"compose.yaml": APP, "b.yaml": APP}
    tree = plant(tmp_path, files)
    desk = Desk(promises=Promises(tree), marker=Marker(), deployments=(("staging", ("compose.yaml", "b.yaml")),))
    assert [d.name for d in deployments(tree, desk)] == ["staging", "compose.yaml"]


def test_a_key_that_is_not_passed_is_lost_at_the_environment_of_the_service(tmp_path: Path):
    text = APP + "    environment:\n      OTHER: x\n"
    value = read(tmp_path, {"compose.yaml": text, ".env": f"{KEY}=sk-1\n"}, shell={}).value("app", KEY)
    assert (value.verdict, value.loss) == (Verdict.LOST, Loss.NOT_PASSED)
    assert isinstance(value.lost_at, Hop)
    assert value.lost_at.passage == Nothing()
    assert str(value.lost_at.span) == "compose.yaml:4"


def test_an_empty_interpolation_beats_the_env_file_and_has_a_line(tmp_path: Path):
    text = APP + f"    env_file: app.env\n    environment:\n      {KEY}: ${{{KEY}}}\n"
    value = read(tmp_path, {"compose.yaml": text, "app.env": f"{KEY}=sk-1\n"}, shell={}).value("app", KEY)
    assert (value.loss, str(value.lost_at and value.lost_at.span)) == (Loss.EMPTIED, "compose.yaml:6")


def test_a_shell_that_is_not_in_view_is_not_known_to_lack_a_name(tmp_path: Path):
    text = APP + f"    environment: [{KEY}]\n"
    assert read(tmp_path, {"compose.yaml": text}).value("app", KEY).verdict is Verdict.UNKNOWN
    assert read(tmp_path, {"compose.yaml": text}, shell={}).value("app", KEY).verdict is Verdict.LOST


def test_a_promised_env_file_supplies_what_its_template_has(tmp_path: Path):
    files = {"compose.yaml": APP + f"    environment: [{KEY}]\n", ".env.example": f"{KEY}=\n"}
    value = read(tmp_path, files).value("app", KEY)
    assert value.verdict is Verdict.ARRIVES
    assert value.given


def test_a_number_is_marked_as_changed(tmp_path: Path):
    text = APP + "    environment: {PIN: 0123}\n"
    assert [str(c) for c in read(tmp_path, {"compose.yaml": text}).value("app", "PIN").seen.changes] == ["number"]


def test_a_mistake_in_one_variable_leaves_the_others_alone(tmp_path: Path):
    text = APP + "    environment:\n      A: good\n      B: '${'\n"
    reading = read(tmp_path, {"compose.yaml": text}, shell={})
    assert reading.value("app", "A").verdict is Verdict.ARRIVES
    assert reading.value("app", "B").verdict is Verdict.UNKNOWN


def test_a_run_with_its_own_variable_may_have_the_key(tmp_path: Path):
    files = {"compose.yaml": APP, "README.md": f"    docker compose run -e {KEY}=sk-1 app python main.py\n"}
    readings = found(tmp_path, files)
    (supply,) = [r for r in readings if isinstance(r, Supply) and r.name == KEY]
    assert supply.given is not None
    assert supply.given.holds is None
    assert (supply.via, str(supply.span)) == ("docker compose run -e", "README.md:1")


def test_mounts_are_layers_and_a_volume_shows_the_image_again(tmp_path: Path):
    files = {
        "compose.yaml": "services:\n  app:\n    build: .\n    working_dir: /app/src\n    command: python main.py\n"
        "    volumes: [./src:/app/src:ro, ./.env:/app/.env, data:/app/data, /app/src/gen,\n"
        "      {type: bind, source: ./conf, target: /etc/app}]\nvolumes: {data: {}}\n",
        "Dockerfile": "FROM python:3.12\nCOPY . /app\n",
        "src/gen/x": "",
    }
    (launch,) = [r for r in found(tmp_path, files) if isinstance(r, Launch)]
    assert (launch.words, launch.cwd) == (("python", "main.py"), "/app/src")
    assert [(layer.target, layer.source) for layer in launch.layers] == [
        ("/app", "."),
        *[("/app/src", "src"), ("/app/.env", ".env"), ("/app/data", "data"), ("/etc/app", "conf")],
        ("/app/src/gen", "src/gen"),
    ]


def test_a_dockerfile_in_the_compose_file_keeps_its_lines(tmp_path: Path):
    text = "services:\n  app:\n    build:\n      dockerfile_inline: |\n        FROM python:3.12\n        ENV K=v\n"
    readings = found(tmp_path, {"compose.yaml": text})
    (supply,) = [r for r in readings if isinstance(r, Supply)]
    assert (supply.name, str(supply.span)) == ("K", "compose.yaml:6")


def test_no_value_is_shown_or_pickled(tmp_path: Path):
    canary = "Qz7CanaryQz7Value99"
    files = {
        "compose.yaml": APP
        + f"    environment: {{A: {canary}, B: 'x-${{C}}', D: '${{C:-{canary}}}'}}\n    env_file: [e.env]\n"
        + "    command: run --key ${C}\n    secrets: [s]\nsecrets: {s: {file: ./s.txt}}\n",
        ".env": f"C={canary}\n",
        "e.env": f"E={canary}\nF=${{C}}\n",
        "s.txt": canary,
    }
    readings = found(tmp_path, files, shell={"G": Sealed(canary)})
    assert len(readings) > 10
    assert canary not in repr(readings)
    assert canary.encode() not in pickle.dumps(readings)


def test_only_what_can_be_no_key_is_put_into_a_command(tmp_path: Path):
    text = APP + "    command: gunicorn ${MODULE} --bind :${PORT} --token ${TOKEN} ${X:-main.py} ${BLOB}\n"
    env = "MODULE=app.main:app\nPORT=8000\nTOKEN=tok\nBLOB=aB3dE5fG7hJ9kL1mN3\n"
    (launch,) = [r for r in found(tmp_path, {"compose.yaml": text, ".env": env}) if isinstance(r, Launch)]
    assert launch.words == ("gunicorn", "app.main:app", "--bind", ":8000", "--token", "TOKEN", "main.py", "BLOB")


def test_a_secret_of_the_scope_that_is_not_set_is_refused(tmp_path: Path):
    text = APP + f"    secrets: [s]\nsecrets: {{s: {{environment: {KEY}}}}}\n"
    reading = read(tmp_path, {"compose.yaml": text}, shell={})
    place = next(p for p in reading.topology.places if p.endswith("/run/secrets/s"))
    assert reading.topology.value(place, "@content").loss is Loss.REFUSED  # type: ignore[arg-type]


def test_an_env_file_outside_the_project_may_set_anything(tmp_path: Path):
    reading = read(tmp_path, {"compose.yaml": APP + "    env_file: ../shared.env\n"}, shell={})
    assert reading.value("app", KEY).seen.state is State.UNKNOWN


def test_layers_of_secrets_are_files_of_the_project(tmp_path: Path):
    files = {"compose.yaml": APP + "    secrets: [s]\nsecrets: {s: {file: ./s.txt}}\n", "s.txt": "x"}
    (launch,) = [r for r in found(tmp_path, files) if isinstance(r, Launch)]
    (layer,) = [layer for layer in launch.layers if isinstance(layer, Layer)]
    assert (layer.target, layer.source) == ("/run/secrets/s", "s.txt")


def test_a_file_that_two_projects_include_gives_no_id_twice(tmp_path: Path):
    shared = "include: [../db.yaml]\n" + APP
    files = {"a/compose.yaml": shared, "b/compose.yaml": shared, "db.yaml": APP.replace("app", "db")}
    assert set(processes(found(tmp_path, files))) == {
        *(
            "compose:a/compose.yaml#app",
            "compose:db.yaml#db",
            "compose:b/compose.yaml#app",
            "compose:b/compose.yaml#db",
        )
    }


SOUND = [*projects(Path(__file__).parents[1] / "data/compose_projects.txt").values()]
SPOILS = [
    "",
    "\t",
    ": ",
    "- ",
    "{",
    "[",
    "${",
    "&a ",
    "*a",
    "<<: ",
    "null",
    "!reset ",
    "'",
    "\n",
    "  ",
    "3",
    "x: y\n",
]


@settings(max_examples=150, deadline=None)
@given(project=st.sampled_from(SOUND), data=st.data())
def test_no_compose_file_breaks_the_reader(project: Project, data: st.DataObject):
    files = dict(project.files)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(files)))
        start = data.draw(st.integers(0, len(files[path])))
        end = min(len(files[path]), start + data.draw(st.integers(0, 6)))
        files[path] = files[path][:start] + data.draw(st.sampled_from(SPOILS)) + files[path][end:]
    with TemporaryDirectory() as root:
        for reading in found(Path(root), files):
            assert not isinstance(reading, Blindspot) or reading.span
