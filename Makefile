# Every target works in a clean clone: it makes .venv and installs what it needs, once.
# Needs make and one Python of 3.10 to 3.13; uses uv where it is there. PYTHON=… names another interpreter.

SUPPORTED := import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.10 python
PYTHON ?= $(shell for each in $(CANDIDATES); do "$$each" -c '$(SUPPORTED)' 2>/dev/null && echo "$$each" && break; done)

VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
INSTALL := $(if $(UV),uv pip install --quiet --python $(PY),$(PY) -m pip install --quiet)
PYTEST_OPTIONS := $(if $(KEYHOP_CI),-p ci_no_skips)

.PHONY: demo test proof provoked gates bench lint clean
.DEFAULT_GOAL := demo

demo: $(VENV)/demo.stamp
	@$(VENV)/bin/keyhop demo

test: $(VENV)/test.stamp
	@command -v dockerd >/dev/null || echo "make test: no Docker engine here; tests that start containers are skipped"
	@command -v busybox >/dev/null || echo "make test: no busybox here; tests that build an image are skipped"
	@test -x /usr/lib/rabbitmq/bin/rabbitmq-server || command -v rabbitmq-server >/dev/null || echo "make test: no RabbitMQ here; tests that need it are skipped"
	PYTHONPATH=tests $(PY) -m pytest $(PYTEST_OPTIONS) $(ARGS)

# Generated files and projects against the real programs, from a seed of its own: make proof KEYHOP_SEED=… repeats one.
proof: export KEYHOP_SEED ?= $(shell $(PY) -c 'import secrets; print(secrets.randbelow(10**9))')
proof: export KEYHOP_PROOF_FILES ?= 2000
proof: export KEYHOP_PROOF_PROJECTS ?= 2000
proof: export KEYHOP_PROOF_CONTAINERS ?= 200
proof: $(VENV)/test.stamp
	PYTHONPATH=tests $(PY) -m pytest $(PYTEST_OPTIONS) tests/proof $(ARGS)

# The failures that CrewAI's users see, provoked on every engine, each explained: a quarter of an hour.
provoked: $(VENV)/test.stamp
	KEYHOP_PROVOKED=1 PYTHONPATH=tests $(PY) -m pytest $(PYTEST_OPTIONS) -s tests/provoked $(ARGS)

# Gates of others that keyhop verify is tried at, each installed apart: LiteLLM's proxy, and aimock, which needs npm.
gates: export KEYHOP_GATES := $(abspath $(VENV)/gates/bin):$(abspath $(VENV)/aimock/node_modules/.bin)
gates: $(VENV)/test.stamp $(VENV)/gates.stamp
	PYTHONPATH=tests $(PY) -m pytest $(PYTEST_OPTIONS) tests/live/test_verify_gates.py $(ARGS)

bench: $(VENV)/lint.stamp $(VENV)/test.stamp
	$(PY) bench/run.py $(ROUNDS)
	$(PY) bench/explain.py
	$(PY) bench/guard.py
	$(PY) bench/attach.py
	$(PY) bench/workers.py

lint: $(VENV)/lint.stamp
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) dist bench/.cache

$(VENV)/base.stamp:
	@test -n "$(PYTHON)" || { echo "keyhop needs Python 3.10 to 3.13 with venv; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	$(if $(UV),uv venv --quiet --seed --python "$$(command -v $(PYTHON))" $(VENV),"$(PYTHON)" -m venv $(VENV))
	$(if $(UV),,$(PY) -m pip install --quiet --upgrade "pip>=25.1")
	@touch $@

$(VENV)/demo.stamp: $(VENV)/base.stamp pyproject.toml
	$(INSTALL) --editable ".[demo]"
	@touch $@

$(VENV)/gates.stamp: $(VENV)/base.stamp
	$(PY) -m venv $(VENV)/gates
	$(VENV)/gates/bin/python -m pip install --quiet "litellm[proxy]==1.106.2" prisma
	npm install --silent --prefix $(VENV)/aimock @copilotkit/aimock@1.43.0
	@touch $@

$(VENV)/%.stamp: $(VENV)/base.stamp pyproject.toml
	$(INSTALL) --editable . --group $*
	@touch $@
