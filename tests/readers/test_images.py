"""What an image holds, and the process of a Dockerfile that nothing else of the project runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from following_world import desk_of

from keyhop.catalogue import VarName
from keyhop.documented.images import built_image
from keyhop.facts import Blindspot, Fact, Hop, IfUnset, One, Place, PlaceId, Supply, World
from keyhop.images import Image, dockerfile_in, foreign_image, image_of, is_public
from keyhop.launch import Launch
from keyhop.readers.dockerfile import READER
from keyhop.readers.reader import Desk
from keyhop.sighting import PRESENT, State
from keyhop.topology import Topology
from keyhop.tree import Tree
from keyhop.value import Loss, Value, Verdict
from keyhop.view import View
from planting import plant

PROCESS = PlaceId("compose:compose.yaml#app")
ARGS = PlaceId(f"{PROCESS}:args")
KEY = VarName("OPENAI_API_KEY")


class Built:
    """An image of a project given as texts, and a process that runs it."""

    def __init__(
        self, root: Path, dockerfile: str, files: Mapping[str, str] | None = None, *, target: str | None = None,
        args: Mapping[str, bool] | None = None, context: str = "",
    ) -> None:  # fmt: skip
        path = f"{context}/Dockerfile" if context else "Dockerfile"
        self.tree = plant(root, {path: dockerfile, **(files or {})})
        self.desk: Desk = desk_of(self.tree)
        given = None if args is None else ARGS
        self.image: Image = image_of(
            self.tree, self.desk, context=context, dockerfile=path, target=target, args=given
        )
        facts: list[Fact] = [Place(id=PROCESS, kind="process"), Place(id=ARGS, kind="scope"), *self.image.facts]
        facts += (Supply(place=ARGS, name=VarName(name), seen=PRESENT) for name in args or {})
        facts += self.image.handed_to(PROCESS)
        self.facts = facts
        self.topology = Topology(facts)

    def value(self, name: str = KEY) -> Value:
        return self.topology.value(PROCESS, VarName(name))

    def launch(self, **host: tuple[str, ...]) -> Launch:
        return self.image.launch(PROCESS, **host)  # type: ignore[arg-type]

    def presence(self, path: str) -> str:
        return View(PROCESS, self.image.layers, self.tree, self.desk.promises).presence(path)


@pytest.mark.parametrize(
    ("dockerfile", "args", "state"),
    [
        (f"FROM python\nENV {KEY}=sk-1", None, State.PRESENT),
        (f"FROM python\nENV {KEY} sk-1", None, State.PRESENT),
        (f"FROM python\nENV A=sk-1\nENV {KEY}=$A", None, State.PRESENT),
        (f"FROM python\nENV A=1\nENV A= {KEY}=$A", None, State.PRESENT),
        (f"FROM python\nENV A= \nENV A=2 {KEY}=$A", None, State.EMPTY),
        (f"FROM python\nENV {KEY}=$NOWHERE", None, State.EMPTY),
        (f"FROM python\nARG K\nENV {KEY}=$K", {"K": True}, State.PRESENT),
        (f"FROM python\nARG K=sk-1\nENV {KEY}=${{K}}", {}, State.PRESENT),
        (f"FROM python\nARG K\nENV {KEY}=$K", {}, State.EMPTY),
        (f"ARG K=sk-1\nFROM python\nENV {KEY}=$K", {}, State.EMPTY),
        (f"ARG K=sk-1\nFROM python\nARG K\nENV {KEY}=$K", {}, State.PRESENT),
        (f"FROM python\nARG {KEY}", {KEY: True}, State.ABSENT),
        (f"FROM python AS a\nENV {KEY}=sk-1\nFROM a\nENV B=1", None, State.PRESENT),
        (f"FROM python AS a\nENV {KEY}=sk-1\nFROM python\nENV B=1", None, State.ABSENT),
        (f"FROM python\nRUN export {KEY}=sk-1 && pip install x", None, State.ABSENT),
    ],
)
def test_variables_of_an_image(dockerfile: str, args: dict[str, bool] | None, state: State, tmp_path: Path) -> None:
    assert Built(tmp_path, dockerfile, args=args).value().seen.state is state


@pytest.mark.parametrize(
    ("dockerfile", "via", "line"),
    [
        (f"FROM python\nARG {KEY}\n", "Dockerfile ARG", 2),
        (f"FROM python\nRUN export {KEY}=sk-1\n", "Dockerfile RUN export", 2),
    ],
)
def test_what_the_build_alone_has_is_lost_where_the_build_ends(
    dockerfile: str, via: str, line: int, tmp_path: Path
) -> None:
    built = Built(tmp_path, dockerfile, args={KEY: True})
    value = built.value()
    assert (value.verdict, value.loss) == (Verdict.LOST, Loss.NOT_PASSED)
    assert isinstance(value.lost_at, Hop)
    assert (value.lost_at.via, value.lost_at.span and value.lost_at.span.line) == (via, line)
    assert built.value("ANOTHER").lost_at is None


def test_a_single_quoted_reference_stays_a_text(tmp_path: Path) -> None:
    assert not Built(tmp_path, f"FROM python\nENV A=1 {KEY}='$A'").value().usable


def test_an_image_that_nobody_knows_may_set_anything(tmp_path: Path) -> None:
    for base, verdict in (("registry.example.com/base:1", Verdict.UNKNOWN), ("python:3.12-slim", Verdict.LOST)):
        assert Built(tmp_path, f"FROM {base}\n").value().verdict is verdict
    assert is_public("ghcr.io/astral-sh/uv:python3.12-bookworm")
    assert not is_public("myapp-base")
    assert not is_public("$BASE")


FILES = {
    ".env": "A=1\n",
    "app/.env": "A=1\n",
    "app/main.py": "",
    "conf/app.ini": "",
    ".env.example": "A=\n",
    "start.sh": "",
}


@pytest.mark.parametrize(
    ("dockerfile", "ignore", "present"),
    [
        ("COPY . .", None, {"/app/.env": "here", "/app/app/.env": "here", "/app/none.env": "absent"}),
        ("COPY . .", ".env", {"/app/.env": "excluded", "/app/app/.env": "here"}),
        ("COPY . .", "**/.env*\n!app/.env", {"/app/.env": "excluded", "/app/app/.env": "here"}),
        ("COPY app/ ./", None, {"/app/.env": "here", "/app/main.py": "here", "/app/start.sh": "absent"}),
        ("COPY app /srv/app", None, {"/srv/app/.env": "here", "/app/.env": "absent"}),
        ("COPY start.sh conf/app.ini /etc/x/", None, {"/etc/x/app.ini": "here", "/etc/x/start.sh": "here"}),
        ("COPY start.sh .", None, {"/app/start.sh": "here"}),
        ("COPY start.sh /entry", None, {"/entry": "here"}),
        ('COPY ["start.sh", "/a b/"]', None, {"/a b/start.sh": "here"}),
        ("COPY .env* ./", None, {"/app/.env": "here", "/app/.env.example": "here"}),
        ("COPY --parents app/main.py /x/", None, {"/x/app/main.py": "here"}),
        ("ARG D=/opt\nWORKDIR $D/w\nCOPY start.sh .", None, {"/opt/w/start.sh": "here"}),
        ("COPY .env.example .\nRUN cp .env.example .env", None, {"/app/.env": "here"}),
        ("ADD https://x.example/y /app/", None, {"/app/y": "absent"}),
    ],
)
def test_files_of_an_image(dockerfile: str, ignore: str | None, present: dict[str, str], tmp_path: Path) -> None:
    files = FILES if ignore is None else {**FILES, ".dockerignore": ignore}
    built = Built(tmp_path, f"FROM python\nWORKDIR /app\n{dockerfile}\n", files)
    assert {path: built.presence(path) for path in present} == present


def test_files_go_from_stage_to_stage(tmp_path: Path) -> None:
    first = "FROM python AS b\nWORKDIR /src\nCOPY . .\n"
    second = "FROM python\nCOPY --from=b /src/app /srv\nCOPY --from=0 /src/start.sh /\n"
    built = Built(tmp_path, first + second, FILES)
    assert [built.presence(path) for path in ("/srv/.env", "/start.sh", "/src/.env")] == ["here", "here", "absent"]


def test_a_promised_file_is_copied_too(tmp_path: Path) -> None:
    built = Built(tmp_path, "FROM python\nCOPY .env* /app/\n", {".env.example": "A=\n"})
    assert built.presence("/app/.env") == "promised"


def test_the_dockerfiles_own_ignore_file_goes_first(tmp_path: Path) -> None:
    files = {**FILES, ".dockerignore": ".env", "Dockerfile.dockerignore": "nothing"}
    assert Built(tmp_path, "FROM python\nCOPY . /app\n", files).presence("/app/.env") == "here"


@pytest.mark.parametrize(
    ("dockerfile", "host", "started"),
    [
        ('ENTRYPOINT ["e"]\nCMD ["c", "d"]', {}, ("e", "c", "d")),
        ('CMD ["c"]\nENTRYPOINT ["e"]', {}, ("e", "c")),
        ('ENTRYPOINT ["e"]\nCMD c d', {}, ("e", "/bin/sh", "-c", "c d")),
        ("ENTRYPOINT e f\nCMD c", {}, "e f"),
        ("CMD python main.py", {}, "python main.py"),
        ('SHELL ["/bin/bash", "-c"]\nCMD c', {}, ("/bin/bash", "-c", "c")),
        ('ENTRYPOINT ["e"]\nCMD ["c"]', {"command": ("x",)}, ("e", "x")),
        ('ENTRYPOINT ["e"]\nCMD ["c"]', {"entrypoint": ("x",)}, ("x",)),
        ('ENTRYPOINT ["e"]\nCMD ["c"]', {"entrypoint": (), "command": ("x",)}, ("x",)),
        ('AS a\nCMD ["c"]\nFROM a\nENTRYPOINT ["e"]', {}, ("e",)),
        ('RUN echo "#!/bin/bash\\n./a" > /go\nCMD ["/go", "x"]', {}, ("bash", "-c", "#!/bin/bash\n./a", "/go", "x")),
        ("", {}, ("python",)),
    ],
)  # fmt: skip
def test_what_a_host_starts(
    dockerfile: str, host: dict[str, tuple[str, ...]], started: str | tuple[str, ...], tmp_path: Path
) -> None:
    break_ = " " if dockerfile.startswith("AS") else "\n"
    launch = Built(tmp_path, f"FROM python:3.12{break_}{dockerfile}\n").launch(**host)
    assert (launch.text or launch.words) == started
    assert launch.inherited == (not host)


def test_a_registrys_image_runs_its_own_program(tmp_path: Path) -> None:
    assert foreign_image("postgres:16").launch(PROCESS).words == ("postgres",)
    assert foreign_image("prom/prometheus").launch(PROCESS, command=("--a=b",)).words == ("prometheus", "--a=b")
    assert foreign_image("me/app:1").launch(PROCESS, command=("python", "m.py")).words == ("python", "m.py")


def test_an_env_file_that_the_build_writes_is_not_in_view(tmp_path: Path) -> None:
    built = Built(tmp_path, f'FROM python\nRUN echo "{KEY}=$X" > /app/.env\n')
    assert built.value().verdict is Verdict.UNKNOWN
    assert built.value("ANOTHER").verdict is Verdict.LOST


@pytest.mark.parametrize(("text", "target"), [("", None), ("RUN x", None), ("FROM python", "no-such-stage")])
def test_a_dockerfile_that_cannot_be_used_is_a_blindspot(text: str, target: str | None, tmp_path: Path) -> None:
    built = Built(tmp_path, text, target=target)
    assert any(isinstance(fact, Blindspot) for fact in built.facts)
    assert built.value().verdict is Verdict.UNKNOWN


def test_a_build_argument_is_asked_of_the_host_by_its_name(tmp_path: Path) -> None:
    built = Built(tmp_path, "FROM python\nARG A=1\n", args={})
    (hop,) = (f for f in built.facts if isinstance(f, Hop) and f.source == ARGS)
    assert hop.passage == One(name=VarName("A"), source_name=VarName("A"), if_unset=IfUnset.KEEP)


def readings(root: Path, files: Mapping[str, str]) -> dict[str, Place | Launch]:
    tree = plant(root, files)
    desk = desk_of(tree)
    found: dict[str, Place | Launch] = {}
    for path in tree.matching(*READER.claims):
        source = tree.source(path)
        assert source is not None
        for each in READER.read(source, tree, desk):
            if isinstance(each, Launch):
                found[f"{each.place} starts"] = each
            elif isinstance(each, Place) and each.kind == "process":
                found[each.id] = each
    return found


def test_a_lone_dockerfile_is_a_process_whose_user_may_set_anything(tmp_path: Path) -> None:
    files = {"docker/Dockerfile": 'FROM python\nCOPY crew.py /app/\nCMD ["python", "/app/crew.py"]', "crew.py": ""}
    found = readings(tmp_path, files)
    place, launch = found["dockerfile:docker/Dockerfile"], found["dockerfile:docker/Dockerfile starts"]
    assert isinstance(place, Place)
    assert place.world is World.OPEN
    assert isinstance(launch, Launch)
    assert [layer.source for layer in launch.layers] == ["crew.py"], "it is built in the project's root"


@pytest.mark.parametrize(
    "other",
    [
        {"compose.yaml": "services:\n  a:\n    build: .\n"},
        {"x/docker-compose.yml": "services:\n  a:\n    build:\n      context: ..\n      dockerfile: Dockerfile\n"},
        {"compose.yaml": "services:\n  a:\n    image: crew:2\n", "README.md": "```\ndocker build -t crew:1 .\n```\n"},
        {"run.sh": "docker build -t crew .\ndocker run crew\n"},
        {"render.yaml": "services:\n  - dockerfilePath: ./Dockerfile\n"},
    ],
)
def test_a_dockerfile_that_something_runs_is_no_process_of_its_own(other: dict[str, str], tmp_path: Path) -> None:
    assert readings(tmp_path, {"Dockerfile": "FROM python\n", **other}) == {}


def test_the_image_of_a_documented_build_is_found_by_its_name(tmp_path: Path) -> None:
    tree = plant(
        tmp_path, {"api/dockerfile": "FROM python\n", "README.md": "```sh\ncd api && docker build -t me/api:1 .\n```"}
    )
    image = built_image("me/api:latest", tree, desk_of(tree))
    assert image is not None
    assert image.span is not None
    assert image.span.path == "api/dockerfile" == dockerfile_in(Tree(tmp_path), "api")
    assert built_image("me/other", tree, desk_of(tree)) is None
