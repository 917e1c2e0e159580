"""Makefiles, Procfiles and supervisord's configuration, as far as they name commands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keyhop.text import makefile, procfile, supervisor

MAKEFILE = """\
-include .env
export
PY := python3
export LEVEL ?= info # loud
SRC = src
SHELLED := $(shell pwd)
.PHONY: run

run: setup | dirs
\t@$(PY) -m $(SRC).main \\
\t  --n $${N:-1} $(UNKNOWN)
setup dirs:
\t-pip install -r requirements.txt
one: ; $(PY) one.py $@
"""


def test_a_goal_runs_what_it_needs_first() -> None:
    found = makefile.parse(MAKEFILE)
    lines = [line.text for line in found.recipe(["run"], {})]
    assert lines == [
        "pip install -r requirements.txt",
        "pip install -r requirements.txt",
        "python3 -m src.main \\\n   --n ${N:-1} ${UNKNOWN}",
    ]
    assert [line.text for line in found.recipe(["one"], {"PY": "pypy"})] == ["pypy one.py one"]
    assert list(found.default) == ["run"]
    for line in found.recipe(["run"], {}):
        assert 0 <= line.start < line.end <= len(MAKEFILE)


def test_variables_reach_recipes_by_export() -> None:
    found = makefile.parse(MAKEFILE)
    assert found.included_env_files == (".env",)
    assert dict(found.exported({})) == {"PY": "python3", "LEVEL": "info", "SRC": "src"}
    assert dict(makefile.parse("A = 1\nexport B = 2\n").exported({})) == {"B": "2"}


def test_variables_that_need_each_other_end() -> None:
    assert "$" in makefile.parse("A = $(B)\nB = $(A)\n").expand("$(A)", {})


def test_the_last_line_of_a_procfile_with_a_name_counts() -> None:
    text = "web: one\n# web: two\nrelease: three\r\nweb: four \n"
    assert [(line.name, line.command) for line in procfile.parse(text)] == [("web", "four"), ("release", "three")]


def test_a_programs_environment_is_a_list_of_quoted_values() -> None:
    text = "[program:a]\ncommand=run ; c\nenvironment=A=\"x,y\",B='%%(q)s',\n  C=z\n\n[program:b]\nx=y\n"
    first, second = supervisor.parse(text)
    assert (first.name, first.get("command"), second.values.keys()) == ("program:a", "run", {"x"})
    assert list(supervisor.settings(first.get("environment"))) == [("A", "x,y"), ("B", "%(q)s"), ("C", "z")]
    setting = first.values["command"]
    assert text[setting.start : setting.end] == "run"


@given(st.text(alphabet="ab:=$()\t\n \\#;[]%\"'.@-export", max_size=80))
def test_any_text_is_read_within_itself(text: str) -> None:
    for line in procfile.parse(text):
        assert text[line.start :].startswith(line.name)
    found = makefile.parse(text)
    for line in found.recipe(list(found.rules), {}):
        assert 0 <= line.start <= line.end <= len(text)
    for section in supervisor.parse(text):
        for setting in section.values.values():
            assert 0 <= setting.start <= setting.end <= len(text)
            assert all(name for name, _ in supervisor.settings(setting.text))
