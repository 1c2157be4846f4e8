# Everything runs in .venv, made from the hashed lock files. Needs Python 3.11 or newer, git and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
LOCK := uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet --python-version 3.11

SHELL := /bin/bash
# One line that counts, instead of a hundred that scroll by; errors come through as they are.
COUNT = awk '/^Collecting/ { printf "\r  %d packages fetched", ++n; fflush() } \
	/^Installing collected/ { printf "\r  %d packages fetched, unpacking …\n", n; fflush() }'

.DEFAULT_GOAL := help
.PHONY: help install demo test check mutants readme bench lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: .venv/.ready ## Make .venv from the lock file, with the `seawall` command in it

.venv/.python:
	@test -n "$(PYTHON)" || { echo "Seawall needs Python 3.11 or newer with venv (on Debian: apt install python3-venv)."; exit 1; }
	@echo "Making .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: .venv/.python config/requirements.lock pyproject.toml
	@echo "Installing what Seawall needs, from the hashed lock file (about a minute the first time) …"
	@set -o pipefail; $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r config/requirements.lock | $(COUNT)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Ready: $(BIN)/seawall --help"

.venv/.dev: .venv/.ready config/requirements-dev.lock
	@echo "Installing what the tests need …"
	@set -o pipefail; $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r config/requirements-dev.lock | $(COUNT)
	@touch $@

demo: .venv/.ready ## See a whole review on this machine: real service, stand-in for GitHub, no account needed
	@$(BIN)/seawall demo

test: .venv/.dev ## Run every test this machine can run
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 4 --dist worksteal $(TESTS)

check: .venv/.dev ## Lint, types and import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

mutants: .venv/.dev ## Drop each condition of each rule and name those that no example proves (RULES="class …")
	@$(BIN)/python tests/house/mutate_rules.py $(RULES)

readme: .venv/.ready ## Refresh the tables of README.md from the code
	@$(BIN)/python -m tests.house.readme_tables

bench: .venv/.dev ## Measure: overhead, GitHub calls, CPU, memory, acknowledgement
	@$(BIN)/python -m pytest tests/bench --run-bench $(TESTS)

lock: ## Resolve the lock files anew (needs uv)
	@$(LOCK) pyproject.toml --group build --output-file config/requirements.lock
	@$(LOCK) pyproject.toml --group dev --constraint config/requirements.lock --output-file config/requirements-dev.lock
	@$(LOCK) --no-deps --group model --output-file config/requirements-model.lock

clean: ## Remove .venv and caches
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
