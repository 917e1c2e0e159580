"""The hard cases the model must get right, each with its repaired twin or its unknown variant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from worlds import (
    EMPTY,
    IMAGE,
    KEY,
    NOTHING,
    SHELL,
    altered,
    arrives,
    code,
    depends,
    every,
    file,
    hop,
    host,
    kept,
    lost,
    marked,
    need,
    one,
    place,
    seen_live,
    trail,
    unknown,
)

from keyhop.facts import Fact, Hop, IfUnset, Nothing, Overwrite, PlaceId, Text, World
from keyhop.sighting import ABSENT, PRESENT, Change, Seen, State
from keyhop.topology import Topology, same
from keyhop.value import Loss


def compose(*extra: Fact) -> list[Fact]:
    """The project's .env feeds interpolation; the service gets only what its environment: lists."""
    return [
        SHELL,
        file(".env"),
        place("scope", kind="scope"),
        place("worker"),
        kept(".env", promised=True),
        every(".env", "scope", "compose .env"),
        every("shell", "scope", "shell", host(1)),
        hop("scope", "worker", NOTHING, "compose environment:", IMAGE),
        need("worker"),
        *extra,
    ]


def interpolated(at: int = 5, target: str = "worker") -> Hop:
    return hop("scope", target, one(if_unset=IfUnset.EMPTY), "environment: ${}", host(at))


def test_the_worker_lacks_what_its_sibling_has():
    web = hop("scope", "web", one(if_unset=IfUnset.EMPTY), "web environment:")
    assert lost(trail(*compose(place("web"), web)), Loss.NOT_PASSED, "compose environment:")
    assert arrives(trail(*compose(interpolated())))


MASKED: list[Fact] = [
    SHELL,
    file(".env"),
    file("backend/.env"),
    place("scope", kind="scope"),
    place("worker"),
    kept("backend/.env", promised=True),
    kept("worker", at=IMAGE, via="image ENV"),
    every("shell", "scope", "shell", host(1)),
    every("backend/.env", "worker", "env_file:", host(2)),
    interpolated(),
    need("worker"),
    every(
        "backend/.env",
        "worker",
        "load_dotenv",
        code(1),
        overwrite=Overwrite.IF_ABSENT,
        dialect="python-dotenv",
    ),
]


def test_an_unset_interpolation_empties_what_the_image_and_env_file_gave():
    found = trail(*MASKED)
    assert lost(found, Loss.EMPTIED, "environment: ${}")
    assert any(getattr(w, "via", "") == "load_dotenv" for w in found.value.passed_over)


def test_load_dotenv_with_override_mends_an_emptied_value():
    always = [
        replace(f, overwrite=Overwrite.ALWAYS) if isinstance(f, Hop) and f.via == "load_dotenv" else f for f in MASKED
    ]
    assert arrives(trail(*always))


def test_a_shell_nobody_promised_anything_about_is_unknown():
    facts = [SHELL, place("scope", kind="scope"), place("worker"), every("shell", "scope", "shell")]
    assert unknown(trail(*facts, interpolated(), need("worker")))


PASS_THROUGH: list[Fact] = [
    file("w.env"),
    kept("w.env"),
    place("shell", kind="shell"),
    place("scope", kind="scope"),
    place("worker"),
    every("w.env", "worker", "env_file:", host(2)),
    every("shell", "scope", "shell"),
    need("worker"),
]


def test_a_null_pass_through_removes_what_env_file_gave():
    removes = hop("scope", "worker", one(if_unset=IfUnset.REMOVE), "environment: - KEY", host(5))
    assert lost(trail(*PASS_THROUGH, removes), Loss.REMOVED, "environment: - KEY")


def test_docker_run_reads_env_file_after_an_unset_e():
    removes = hop("scope", "worker", one(if_unset=IfUnset.REMOVE), "-e KEY", host(1))
    assert arrives(trail(*PASS_THROUGH, kept("worker", at=IMAGE), removes))


@pytest.mark.parametrize(
    ("dialect", "loss", "via"),
    [("compose", Loss.ALTERED, "env_file:"), ("python-dotenv", Loss.EMPTIED, "literal")],
)
def test_one_line_has_several_readings(dialect: str, loss: Loss, via: str):
    """``KEY= # comment`` is the comment for Compose and empty for python-dotenv."""
    line: Any = kept(".env", seen=EMPTY, dialects=(("compose", altered(Change.COMMENT)),))
    read = every(".env", "w", "env_file:", dialect=dialect)
    assert lost(trail(file(".env"), place("w"), line, read, need("w")), loss, via)


def test_quotes_break_docker_run_and_not_compose():
    line: Any = kept(".env", dialects=(("docker-run", altered(Change.QUOTES)),))
    facts = [file(".env"), place("w"), line, need("w")]
    assert lost(trail(*facts, every(".env", "w", "--env-file", dialect="docker-run")), Loss.ALTERED, "--env-file")
    assert arrives(trail(*facts, every(".env", "w", "env_file:", dialect="compose")))


def pod(if_unset: IfUnset, *more: Fact) -> list[Fact]:
    return [place("pod"), need("pod"), hop("b/llm", "pod", one(KEY, "key", if_unset), "secretKeyRef"), *more]


def test_a_secret_in_another_file_of_the_repository():
    found = trail(*pod(IfUnset.REFUSE, file("b/llm"), kept("b/llm", "key")))
    assert arrives(found)
    assert unknown(trail(*pod(IfUnset.REFUSE)))
    wrong_key = pod(IfUnset.REFUSE, file("b/llm"), kept("b/llm", "api-key"))
    assert lost(trail(*wrong_key), Loss.REFUSED, "secretKeyRef")
    elsewhere = pod(IfUnset.REFUSE, file("a/llm"), file("b/llm"), kept("a/llm", "key"))
    assert lost(trail(*elsewhere), Loss.REFUSED, "secretKeyRef")
    optional = pod(IfUnset.KEEP, file("b/llm"), file("cm"), kept("cm"), every("cm", "pod", "envFrom", IMAGE))
    assert arrives(trail(*optional))
    newline = kept("b/llm", "key", altered(Change.NEWLINE), via="data:")
    assert lost(trail(*pod(IfUnset.REFUSE, file("b/llm"), newline)), Loss.ALTERED, "data:")


def test_import_crewai_finds_a_dotenv_only_beside_its_own_environment():
    def started(inside: bool | None) -> list[Fact]:
        load = every(
            ".env",
            "main",
            "import crewai",
            code(1),
            overwrite=Overwrite.IF_ABSENT,
            given=depends("the virtual environment lies inside the project", inside),
        )
        return [file(".env"), place("main"), kept(".env"), need("main", reads=(code(9),)), load]

    assert arrives(trail(*started(True)))
    assert unknown(trail(*started(None)))
    assert lost(trail(*started(False)), Loss.NOT_SUPPLIED, None)


def test_a_read_before_the_load_is_late_and_a_later_second_read_is_not():
    load = every(".env", "main", "load_dotenv", code(5), overwrite=Overwrite.IF_ABSENT)
    facts = [file(".env"), place("main"), kept(".env"), load]
    assert lost(trail(*facts, need("main", reads=(code(2),))), Loss.LATE, "load_dotenv")
    assert arrives(trail(*facts, need("main", reads=(code(2), code(9)))))


BROKER: list[Fact] = [
    file(".env"),
    place("web"),
    kept(".env"),
    every(".env", "web", "load_dotenv", code(1)),
    place("celery"),
    place("systemd"),
    every("systemd", "celery", "worker's own start"),
    hop("web", "celery", NOTHING, "celery broker", host(9)),
    need("celery"),
]


def test_the_producers_environment_does_not_cross_a_broker():
    assert lost(trail(*BROKER), Loss.NOT_PASSED, "celery broker")
    assert arrives(trail(*BROKER, every(".env", "celery", "load_dotenv", code(1), overwrite=Overwrite.IF_ABSENT)))


@pytest.mark.parametrize(("taken", "late"), [(3, True), (7, False)])
def test_a_forkserver_keeps_the_environment_of_its_start(taken: int, late: bool):
    facts = [place("parent"), place("child"), kept("parent", at=code(5)), need("child")]
    found = trail(*facts, every("parent", "child", "forkserver", taken_at=code(taken)))
    assert lost(found, Loss.LATE, "forkserver") if late else arrives(found)


def test_ray_takes_the_drivers_environment_only_on_its_own_cluster():
    driver = [place("driver"), kept("driver", at=code(1)), place("ray"), need("ray")]
    assert arrives(trail(*driver, every("driver", "ray", "ray.init()", taken_at=code(2))))
    boundary = hop("driver", "ray", NOTHING, "ray.init(address=)")
    start = every("cluster", "ray", "ray start")
    unseen = place("cluster", world=World.OPEN, why="the shell of ray start")
    assert unknown(trail(*driver, unseen, boundary, start))
    assert lost(trail(*driver, place("cluster"), boundary, start), Loss.NOT_PASSED, "ray.init(address=)")
    passed = hop("driver", "ray", one(), "runtime_env env_vars", host(5), taken_at=code(2))
    assert arrives(trail(*driver, unseen, boundary, start, passed))


def test_siblings_with_two_keys_both_arrive_and_are_told_apart():
    facts = [place("a"), place("b"), kept("a", seen=marked(b"1")), kept("b", seen=marked(b"2"))]
    topology = Topology([*facts, need("a"), need("b")])
    a, b = (topology.value(PlaceId(p), KEY) for p in "ab")
    assert same(a, b) is False
    assert same(a, a) is True
    assert same(topology.value(PlaceId("c"), KEY), a) is None


def test_either_name_of_a_credential_will_do():
    assert arrives(trail(place("w"), kept("w", "GEMINI_API_KEY"), need("w", (("GOOGLE_API_KEY", "GEMINI_API_KEY"),))))


def test_half_a_pair_is_not_enough_unless_the_machine_may_have_an_identity():
    wanted = need("w", (("AWS_ACCESS_KEY_ID",), ("AWS_SECRET_ACCESS_KEY",)), (("@aws identity",),))
    half = [place("w"), kept("w", "AWS_ACCESS_KEY_ID"), wanted]
    assert lost(trail(*half), Loss.NOT_SUPPLIED, None)
    role = place("ec2", world=World.OPEN, why="an instance role")
    assert unknown(trail(*half, role, hop("ec2", "w", one("@aws identity"), "instance metadata")))
    assert arrives(trail(*half, kept("w", "@aws identity", via="serviceAccount")))


def test_an_explicit_api_key_asks_for_its_own_name():
    wanted = need("w", (("MY_KEY",),))
    assert arrives(trail(place("w"), kept("w", "MY_KEY"), wanted))
    assert lost(trail(place("w"), kept("w"), wanted), Loss.NOT_SUPPLIED, None)


def test_a_platforms_dashboard_is_never_closed_by_silence():
    platform = place("heroku", world=World.OPEN, why="typed into the dashboard")
    uploaded = every(".env", "web", "load_dotenv", given=depends(".env is uploaded"))
    facts = [platform, place("web"), every("heroku", "web", "platform"), file(".env")]
    assert unknown(trail(*facts, kept(".env", promised=True), uploaded, need("web")))


def test_a_sighting_overrules_the_files():
    web = [
        place("web"),
        hop("scope", "web", one(), "web environment:"),
        seen_live("web", "pid 8", marked(b"b")),
    ]
    both = compose(interpolated(), *web, seen_live("worker", "pid 7", marked(b"a")))
    topology = Topology(both)
    assert same(*(topology.value(PlaceId(p), KEY) for p in ("worker", "web"))) is False
    gone = compose(interpolated(), seen_live("worker", "pid 7", ABSENT))
    assert lost(trail(*gone), Loss.NOT_PASSED, "environment: ${}")


def test_a_text_around_a_reference_is_altered_by_what_is_not_there():
    def bearer(*facts: Fact) -> list[Fact]:
        text = hop("scope", "w", Text(name=KEY, refs=(one("A"),)), "environment:")
        return [place("scope", kind="scope"), place("w"), text, need("w"), *facts]

    assert arrives(trail(*bearer(kept("scope", "A"))))
    assert lost(trail(*bearer()), Loss.ALTERED, "environment:")
    bare = Text(name=KEY, refs=(one("A"), one("B")), bare=True)
    both = [place("scope", kind="scope"), place("w"), hop("scope", "w", bare, "environment:"), need("w")]
    assert lost(trail(*both), Loss.EMPTIED, "environment:")


def test_nothing_in_view_is_read_as_a_placeholder_default():
    default = one(if_unset=IfUnset.DEFAULT, default=Seen(state=State.PLACEHOLDER), empty_is_unset=True)
    facts = [
        place("scope", kind="scope"),
        place("w"),
        hop("scope", "w", default, "${KEY:-changeme}"),
        need("w"),
    ]
    assert lost(trail(*facts), Loss.PLACEHOLDER, "${KEY:-changeme}")
    assert arrives(trail(*facts, kept("scope", seen=PRESENT)))


def test_nothing_is_a_passage_of_its_own():
    assert Nothing() == NOTHING
