"""Ways in which the model could cry wolf, stay silent, or never come back."""

from __future__ import annotations

from worlds import (
    EMPTY,
    IMAGE,
    KEY,
    NOTHING,
    SHELL,
    arrives,
    code,
    depends,
    every,
    file,
    hop,
    host,
    kept,
    lost,
    need,
    one,
    place,
    seen_live,
    trail,
    unknown,
)

from keyhop.facts import Blindspot, IfUnset, Overwrite, PlaceId, Position, World
from keyhop.sighting import ABSENT, PRESENT
from keyhop.topology import Topology
from keyhop.value import Loss

OUTSIDE = place("open", world=World.OPEN, why="outside")
EITHER = need("w", (("GOOGLE_API_KEY", "GEMINI_API_KEY"),))


def test_a_certain_second_name_beats_an_unknown_first():
    first = hop("open", "w", one("GOOGLE_API_KEY"), "x")
    assert arrives(trail(OUTSIDE, place("w"), first, kept("w", "GEMINI_API_KEY"), EITHER))


def test_a_write_under_an_unknown_condition_neither_cures_nor_spoils():
    branch = kept("w", seen=EMPTY, given=depends("a branch"), at=code(1))
    assert lost(trail(place("w"), need("w"), branch), Loss.NOT_SUPPLIED, None)
    doubted = trail(place("w"), need("w"), kept("w"), branch)
    assert arrives(doubted)
    assert doubted.value.doubts == (branch,)
    assert unknown(trail(place("w"), need("w"), kept("w", given=depends("a branch"))))


def test_a_sister_projects_template_proves_nothing():
    emptied = hop("shell-b", "w", one(if_unset=IfUnset.EMPTY), "environment: ${}")
    facts = [
        place("shell-b", kind="shell", world=World.PROMISED, why="shell", deployment="b"),
        file("apps/a/.env"),
        place("other", deployment="a"),
        every("apps/a/.env", "other", "env_file:"),
        kept("apps/a/.env", promised=True),
        place("w", deployment="b"),
        emptied,
        need("w"),
    ]
    assert unknown(trail(*facts))


def test_a_closed_boundary_loses_even_what_is_not_known():
    boundary = hop("shell", "w", NOTHING, "environment:")
    assert lost(trail(SHELL, place("w"), boundary, need("w")), Loss.NOT_PASSED, "environment:")


def test_where_nobody_has_it_the_boundary_is_to_blame():
    boundary = hop(".env", "w", NOTHING, "environment:")
    assert lost(trail(file(".env"), place("w"), boundary, need("w")), Loss.NOT_SUPPLIED, "environment:")


def test_a_line_that_a_dialect_does_not_see():
    line = kept(".env", dialects=(("systemd", None),))
    unit = every(".env", "w", "EnvironmentFile=", dialect="systemd")
    assert lost(trail(file(".env"), place("w"), line, unit, need("w")), Loss.ALTERED, "EnvironmentFile=")


def test_a_sighting_overrules_only_what_was_predicted_before_it():
    load = every(".env", "w", "load_dotenv", code(1), overwrite=Overwrite.IF_ABSENT)
    early = seen_live("w", "pid 1", ABSENT)
    assert arrives(trail(place("w"), file(".env"), kept(".env"), early, load, need("w", reads=(code(9),))))
    late = seen_live("w", "pid 1", PRESENT, at=code(5))
    shell = every("open", "w", "shell")
    assert arrives(trail(place("w"), OUTSIDE, shell, late, need("w", reads=(code(9),))))


def test_a_file_that_never_came_into_the_container():
    inside = every("w:/app/.env", "w", "load_dotenv", code(1), overwrite=Overwrite.IF_ABSENT)
    kept_out = hop(".env", "w:/app/.env", NOTHING, ".dockerignore")
    facts = [file(".env"), kept(".env"), file("w:/app/.env"), place("w"), kept_out, inside, need("w")]
    assert lost(trail(*facts), Loss.NOT_PASSED, ".dockerignore")


def test_a_deleted_variable():
    deleted = kept("w", at=code(1), seen=ABSENT, via="del os.environ[...]")
    assert lost(trail(place("w"), kept("w"), deleted, need("w")), Loss.REMOVED, "del os.environ[...]")


def test_a_settings_object_that_is_filled_exports_nothing():
    fills = every(".env", "main Settings", "pydantic env_file")
    facts = [file(".env"), kept(".env"), place("main"), place("main Settings", kind="settings"), fills]
    assert lost(trail(*facts, need("main")), Loss.NOT_SUPPLIED, None)
    assert arrives(trail(*facts, need("main Settings")))


def test_the_write_that_spoils_this_place_is_blamed_and_not_the_empty_line_behind_it():
    emptied = hop(".env", "w", one(if_unset=IfUnset.EMPTY), "environment: ${}", host(5))
    facts = [file(".env"), kept(".env", seen=EMPTY), place("w"), kept("w", at=IMAGE), emptied, need("w")]
    assert lost(trail(*facts), Loss.EMPTIED, "environment: ${}")


def test_a_documented_file_that_nothing_reads_is_no_proof():
    facts = [SHELL, file(".env"), kept(".env", promised=True), place("main"), every("shell", "main", "shell")]
    assert unknown(trail(*facts, need("main")))


def test_an_unreadable_write_silences_what_is_before_it_and_not_what_is_after():
    spot = Blindspot(place=PlaceId("w"), why="the path is decided at run time", at=host(3))
    assert unknown(trail(place("w"), spot, need("w")))
    assert arrives(trail(place("w"), spot, kept("w", at=host(5)), need("w")))
    emptied = hop("scope", "w", one(if_unset=IfUnset.EMPTY), "environment: ${}", host(5))
    scope = place("scope", kind="scope")
    assert lost(trail(scope, place("w"), spot, emptied, need("w")), Loss.EMPTIED, "environment: ${}")


def test_a_source_that_is_not_in_view_may_or_may_not_have_the_name():
    dynamic = every("${DYN}", "w", "env_file:")
    assert arrives(trail(place("w"), dynamic, kept("w", at=host(5)), need("w")))
    assert unknown(trail(place("w"), dynamic, need("w")))


def test_a_chain_of_hundreds_of_hops_is_answered():
    chain = [place("c0"), kept("c0")]
    for i in range(400):
        chain += [place(f"c{i + 1}"), every(f"c{i}", f"c{i + 1}", "x")]
    assert unknown(trail(*chain, need("c400")))


def test_a_circle_supplies_nothing_and_poisons_no_answer():
    ring = Topology(
        [place("a"), place("b"), kept("a", at=host(5)), every("a", "b", "x"), every("b", "a", "y"), need("a")]
    )
    assert ring.value(PlaceId("a"), KEY).usable
    assert ring.value(PlaceId("b"), KEY).usable


def test_many_places_are_answered_without_repeating_work():
    facts = [place("p0"), *(kept("p0", f"K{i}") for i in range(40))]
    for s in range(60):
        for d in range(12):
            source = "p0" if d == 0 else f"s{s}.{d - 1}"
            facts += [place(f"s{s}.{d}"), every(source, f"s{s}.{d}", "h")]
    topology = Topology(facts)
    asked = [topology.value(PlaceId(f"s{s}.11"), f"K{i}") for s in range(60) for i in range(40)]  # type: ignore[arg-type]
    assert all(value.usable for value in asked)
    assert len(topology._answers) == 60 * 12 * 40 + 40


def test_positions_are_ordered_by_phase_before_number():
    assert Position(IMAGE.phase, 99) < host(0) < code(0)
