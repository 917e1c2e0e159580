"""keyhop.load(): which store wins, what is said of it, and what a project cannot make it do."""

from __future__ import annotations

import asyncio
import contextvars
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import keyhop
from keyhop.errors import SettingsError, StoreError, UsageError
from keyhop.startup import generation
from live.loads import KEY, OTHER, nothing_loaded, project

__all__ = ["nothing_loaded", "project"]


def test_the_env_file_of_the_project_is_found_from_below(project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    (project / "src" / "crew").mkdir(parents=True)
    monkeypatch.chdir(project / "src" / "crew")
    loaded = keyhop.load()
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert loaded["OPENAI_API_KEY"].origin.where == f"{project / '.env'}:1"


def test_an_env_file_above_the_repository_is_not_read(project: Path):
    (project.parent / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert "OPENAI_API_KEY" not in keyhop.load()
    assert "OPENAI_API_KEY" not in os.environ


def test_a_program_installed_beside_python_starts_in_the_working_directory(project: Path, tmp_path: Path):
    packages = tmp_path / "venv" / "lib" / "site-packages" / "worker"
    packages.mkdir(parents=True)
    (packages / "__main__.py").write_text("import keyhop; print(keyhop.load())")
    (packages / ".env").write_text(f"GROQ_API_KEY={KEY}\n")
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    told = run([str(packages / "__main__.py")], project)
    assert f"OPENAI_API_KEY: from {project / '.env'}:1" in told
    assert "GROQ_API_KEY" not in told


@pytest.mark.parametrize("held", ["", "  "])
def test_an_empty_variable_never_hides_a_good_one(project: Path, monkeypatch: pytest.MonkeyPatch, held: str):
    monkeypatch.setenv("OPENAI_API_KEY", held)
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    loaded = keyhop.load()
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert "in place of its environment" in str(loaded)


def test_the_environment_wins_and_what_it_shadows_is_said(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (project / ".env").write_text(f"OPENAI_API_KEY={OTHER}\n")
    loaded = keyhop.load()
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert [each.store for each in loaded["OPENAI_API_KEY"].shadowed] == ["dotenv"]


def test_stores_declared_in_the_project_are_asked_in_their_order(project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / "pyproject.toml").write_text('[tool.keyhop]\nstores = [{kind = "dotenv", path = "worker.env"}]\n')
    (project / "worker.env").write_text(f"OPENAI_API_KEY={KEY}\n")
    monkeypatch.setenv("OPENAI_API_KEY", OTHER)
    loaded = keyhop.load()
    assert os.environ["OPENAI_API_KEY"] == KEY
    assert [each.store for each in loaded["OPENAI_API_KEY"].shadowed] == ["environment"]


def test_names_and_providers_pick_what_is_loaded(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\nSERPER_API_KEY={KEY}\nGROQ_API_KEY={KEY}\n")
    loaded = keyhop.load("openai", "SERPER_API_KEY")
    assert {each.name for each in loaded.names} == {"OPENAI_API_KEY", "SERPER_API_KEY"}
    assert loaded.missing == ("EMBEDDINGS_OPENAI_API_KEY",)
    assert "GROQ_API_KEY" not in os.environ


def test_a_second_load_asks_no_store(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    first = keyhop.load()
    (project / ".env").write_text(f"OPENAI_API_KEY={OTHER}\n")
    assert keyhop.load() is first


def test_a_rotated_key_is_a_new_generation(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert (keyhop.load().generation, keyhop.load(reload=True).generation) == (1, 1)
    (project / ".env").write_text(f"OPENAI_API_KEY={OTHER}\n")
    assert keyhop.load(generation=2).generation == generation() == 2
    assert os.environ["OPENAI_API_KEY"] == OTHER


def test_a_key_that_is_taken_away_goes_and_what_was_there_before_comes_back(project: Path):
    os.environ["GROQ_API_KEY"] = ""
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\nGROQ_API_KEY={KEY}\n")
    keyhop.load()
    (project / ".env").write_text("")
    keyhop.load(reload=True)
    assert os.environ.get("OPENAI_API_KEY") is None
    assert os.environ["GROQ_API_KEY"] == ""


def test_a_child_knows_that_its_parents_load_is_older_than_the_store(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    keyhop.load()
    (project / ".env").write_text(f"OPENAI_API_KEY={OTHER}\n")
    code = "import keyhop, os; print(keyhop.load().generation, os.environ['OPENAI_API_KEY'])"
    assert run(["-c", code], project).split() == ["2", OTHER]


def test_threads_contexts_event_loops_and_children_have_what_was_loaded(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    keyhop.load()
    seen = [contextvars.Context().run(os.getenv, "OPENAI_API_KEY")]
    thread = threading.Thread(target=lambda: seen.append(os.getenv("OPENAI_API_KEY")))
    thread.start()
    thread.join()

    async def ask() -> None:
        seen.append(await asyncio.to_thread(os.getenv, "OPENAI_API_KEY"))

    asyncio.run(ask())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seen.append(pool.apply(os.getenv, ("OPENAI_API_KEY",)))
    assert seen == [KEY] * 4


def test_what_is_said_holds_no_value_and_pickles(project: Path):
    (project / ".env").write_text(f"OPENAI_API_KEY={KEY}\nSERPER_API_KEY=\n")
    loaded = keyhop.load()
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy == loaded
    assert KEY not in repr(loaded) + str(loaded)
    assert KEY.encode() not in pickle.dumps(loaded)


def test_a_project_file_sets_nothing_that_steers_programs(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    (project / ".env").write_text("LD_PRELOAD=/tmp/x.so\nVAULT_ADDR=http://192.0.2.1\nKEYHOP_TRUST=/\nCREW=x\n")
    loaded = keyhop.load()
    assert os.environ["CREW"] == "x"
    assert not os.environ.keys() & {"LD_PRELOAD", "VAULT_ADDR", "KEYHOP_TRUST"}
    assert sum("is left out" in remark for remark in loaded.remarks) == 3


def test_a_command_in_a_project_file_is_not_run(project: Path):
    ran = project / "ran"
    (project / "pyproject.toml").write_text(f'[[tool.keyhop.stores]]\nkind = "command"\nrun = ["touch", "{ran}"]\n')
    (project / ".env").write_text(f"KEYHOP_TRUST={project}\n")
    os.environ["KEYHOP_TRUST"] = str(project)  # as a load_dotenv() before has put it there
    with pytest.raises(StoreError) as caught:
        keyhop.load()
    assert caught.value.why == "untrusted"
    assert "KEYHOP_TRUST" in caught.value.help
    assert not ran.exists()


@pytest.mark.parametrize("way", ["argument", "variable"])
def test_a_command_in_a_project_file_is_run_on_the_users_word(project: Path, way: str):
    run = f"""run = ["printf", "OPENAI_API_KEY={KEY}"]"""
    (project / "pyproject.toml").write_text(f'[[tool.keyhop.stores]]\nkind = "command"\n{run}\n')
    if way == "variable":
        os.environ["KEYHOP_TRUST"] = str(project)
    keyhop.load(trust=way == "argument")
    assert os.environ["OPENAI_API_KEY"] == KEY


def test_a_vault_that_a_project_file_names_gets_no_token(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VAULT_TOKEN", KEY)
    store = 'kind = "vault"\npath = "crew"\n'
    (project / "pyproject.toml").write_text(f'[[tool.keyhop.stores]]\n{store}address = "http://127.0.0.1:9"\n')
    with pytest.raises(StoreError, match="where a secret is sent"):
        keyhop.load()
    (project / "pyproject.toml").write_text(f"[[tool.keyhop.stores]]\n{store}")
    (project / ".env").write_text("VAULT_ADDR=http://127.0.0.1:9\n")
    monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:9")  # as importing CrewAI puts it there
    with pytest.raises(StoreError, match="has no address"):
        keyhop.load()


def test_a_fifo_in_place_of_a_file_does_not_hang(project: Path):
    os.mkfifo(project / "worker.env")
    with pytest.raises(StoreError, match="no ordinary file"):
        keyhop.load(stores=[{"kind": "dotenv", "path": "worker.env"}])


@pytest.mark.parametrize(
    ("declared", "error"),
    [
        ('stores = "vault"', SettingsError),
        ("stores = [{}]", SettingsError),
        ('stores = ["valut"]', UsageError),
        ('stores = [{kind = "dotenv", pth = "x"}]', UsageError),
    ],
)
def test_a_declaration_that_makes_no_sense_is_told_of(project: Path, declared: str, error: type[Exception]):
    (project / "pyproject.toml").write_text(f"[tool.keyhop]\n{declared}\n")
    with pytest.raises(error):
        keyhop.load()


def run(words: list[str], where: Path) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=where, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout
