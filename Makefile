# `make` alone prints the verbs. Everything lives in .venv and var/; `make clean` forgets both.
.DEFAULT_GOAL := help
.PHONY: help serve test fuzz lint schema bench bench-fanout screenshots vendor stop lock clean browser
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; `make serve PYTHON=/path/to/python3.12` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
RUN := $(VENV)/bin/python
PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=
FUZZ ?= 200
SEEDS ?= 1 2 3
export PYTHONUNBUFFERED := 1

help:  ## these verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

serve: $(VENV)/run-time  ## bring Rotunda up at http://localhost:8000 (ROTUNDA_PORT=… for another)
	@exec $(RUN) -m rotunda serve

test: $(VENV)/dev browser lint  ## everything CI runs: lint, types, layers, schema snapshot, tests
	@$(RUN) -m rotunda schema --check
	@$(RUN) -m pytest -n $(PYTEST_WORKERS) $(PYTEST_ARGS)

fuzz: $(VENV)/dev  ## look for new trouble: 200 examples a field, three seeds (FUZZ=… SEEDS="… …"); some 15 minutes
	@for seed in $(SEEDS); do echo "Seed $$seed"; ROTUNDA_FUZZ=$(FUZZ) ROTUNDA_FUZZ_SEED=$$seed \
		$(RUN) -m pytest -n $(PYTEST_WORKERS) $(PYTEST_ARGS) tests/fuzz || exit 1; done

lint: $(VENV)/dev  ## style, types, layers and templates
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) -c 'from importlinter.cli import lint_imports_command as run; run()'
	@$(RUN) -m djlint --quiet --lint portal notifications

schema: $(VENV)/run-time  ## print the GraphQL contract into schema/schema.graphql
	@$(RUN) -m rotunda schema

bench: $(VENV)/dev  ## reading, beside SQL by hand, PostGraphile, Mercurius and Strawberry, and on ten times the data
	@$(RUN) -m benchmarks

bench-fanout: $(VENV)/dev  ## thousands of sockets beside graphql-ws on Node, Strawberry and a bare write (FANOUT=--help)
	@$(RUN) -m benchmarks.fanout $(FANOUT)

screenshots: $(VENV)/dev browser  ## photograph every page, on a phone and at a desk, into docs/screenshots
	@$(RUN) -m docs.screenshots

vendor:  ## fetch the portal's stylesheet and scripts anew (they are checked in)
	@if [ -x portal/static/vendor/fetch ]; then exec portal/static/vendor/fetch; \
	else echo "The portal keeps no script portal/static/vendor/fetch, so there is nothing to fetch."; fi

stop:  ## end the embedded PostgreSQL, should one be left running
	@if [ -x $(RUN) ]; then exec $(RUN) -m rotunda stop; else echo "Nothing is installed here, so nothing runs."; fi

lock: $(VENV)/dev  ## resolve the dependencies again and write both lock files
	@$(LOCK) --upgrade pyproject.toml -o requirements.lock
	@$(LOCK) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@! grep -nE '://|--index|--find-links' requirements.lock requirements-dev.lock || \
		{ echo "A lock file names a registry; it must not."; exit 1; }

clean: stop  ## forget .venv and var/: the database goes too
	rm -rf $(VENV) var

# No registry host may reach a lock file: a clone is installed from whichever registry its owner uses.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(RUN) -m uv pip compile --quiet --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-emit-index-annotation

# pip may be the system's: Debian's python3 comes without ensurepip, which `venv` would need.
INSTALL = if [ -x $(VENV)/bin/pip ]; then pip="$(RUN) -m pip"; else pip="$(PYTHON) -m pip --python $(RUN)"; fi; \
	$$pip install --require-hashes --disable-pip-version-check --no-input

$(RUN):
	@[ -n "$(PYTHON)" ] || { echo "Rotunda needs Python 3.11 or newer, and there is none on the PATH; name one with 'make PYTHON=/path/to/python3'." >&2; exit 2; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/run-time: requirements.lock | $(RUN)
	@[ -f $(VENV)/dev ] && [ $(VENV)/dev -nt requirements-dev.lock ] && [ $(VENV)/dev -nt requirements.lock ] || { \
		echo "Installing what Rotunda runs on …"; $(INSTALL) -r requirements.lock; }
	@touch $@

$(VENV)/dev: requirements.lock requirements-dev.lock | $(RUN)
	@echo "Installing what Rotunda is developed with …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# Playwright's own download is of no use where only package registries are reached; Debian's browser will do.
browser:
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests …"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-liberation >/dev/null; } || echo "Chromium could not be installed: the browser tests are left out."; \
	else echo "Chromium is not installed: the browser tests are left out. On Debian: sudo apt-get install chromium"; fi
