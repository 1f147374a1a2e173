# Two commands do everything: `make run` answers questions, `make test` passes the tests. Both set up what they need.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DATA ?= .migdesk
PORT ?= 8000
QUESTION ?= Which delegations attended the RGRS meeting in Tirana?

.DEFAULT_GOAL := help
.PHONY: help setup run test bench lock clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## create .venv with the locked dependencies and the command migdesk

# Stamped by the files it rests on, so that a second run costs nothing.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: setup ## ingest the starter library, answer one question, serve the desk on 127.0.0.1:8000
	$(BIN)/migdesk ingest --library --data $(DATA)
	@printf '\n? %s\n\n' "$(QUESTION)"
	@$(BIN)/migdesk ask "$(QUESTION)" --data $(DATA)
	@echo
	@exec $(BIN)/migdesk serve --data $(DATA) --port $(PORT)

test: $(VENV)/.installed-dev ## install what the tests need (Chromium, PostgreSQL) and run them, with lint and types
	@command -v chromium >/dev/null 2>&1 || $(MAKE) --no-print-directory chromium
	@command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  $(MAKE) --no-print-directory postgresql
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile

.PHONY: chromium
chromium:
	@echo "Installing Chromium for the browser tests…"
	@if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -y -q --no-install-recommends chromium; \
	 elif command -v sudo >/dev/null 2>&1; then sudo apt-get update -q && sudo apt-get install -y -q --no-install-recommends chromium; \
	 else echo "Chromium is missing and this user cannot install it: ask an administrator for the package 'chromium'."; exit 1; fi

.PHONY: postgresql
postgresql:
	@echo "Installing PostgreSQL for the database tests…"
	@if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -y -q --no-install-recommends postgresql; \
	 elif command -v sudo >/dev/null 2>&1; then sudo apt-get update -q && sudo apt-get install -y -q --no-install-recommends postgresql; \
	 else echo "PostgreSQL is missing and this user cannot install it: ask an administrator for the package 'postgresql'."; exit 1; fi

bench: $(VENV)/.installed-dev ## measure speed as ratios against the embedder (a few minutes)
	$(BIN)/python -m evals.bench

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra build --generate-hashes --python-version 3.11 --no-header --no-annotate \
	  --no-emit-index-url -q --upgrade -o requirements.lock
	grep -E '^[a-zA-Z0-9].*==' requirements.lock | sed -E 's/ *\\$$//; s/\[[^]]*\]//' > .constraints
	uv pip compile pyproject.toml --extra dev --constraint .constraints --generate-hashes --python-version 3.11 --no-header \
	  --no-annotate --no-emit-index-url -q --upgrade -o requirements-dev.lock
	rm -f .constraints

clean: ## remove the environment and caches (the knowledge base stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
