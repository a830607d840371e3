# The two commands of the README are `make run` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: help run exports test check lint types floors docs reference torture tinydb-suite bench lock clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## */\t/' | expand -t 12

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "pmtui needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.made
	@echo "setting up pmtui in $(VENV) (once)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "setting up the tests in $(VENV) (once)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.run            ## set up what is needed and open pmtui on the demo
	@$(BIN)/python -m compileall -q pmtui
	@$(BIN)/pmtui demo

exports: $(VENV)/.run        ## set up what Word files, PDFs and slides are made with
	@$(PIP) install --require-hashes -r requirements/exports.txt

test: $(VENV)/.dev           ## set up what is needed and run all tests
	$(BIN)/python -m pytest -q -n auto

check: lint types floors docs test  ## all gates: lint, types, import floors, docs, tests

lint: $(VENV)/.dev           ## ruff, all rules; those off have their reason in pyproject.toml
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev          ## mypy, strict
	$(BIN)/mypy

floors: $(VENV)/.dev         ## imports only go down
	$(BIN)/lint-imports

docs: $(VENV)/.dev           ## what the documents say holds against the code
	$(BIN)/python -m pytest -q tests/docs

reference: $(VENV)/.run      ## write docs/keys.md, docs/records.md and docs/pmtui.1 anew
	@$(BIN)/python docs/reference.py

torture: $(VENV)/.dev tinydb-suite  ## the long versions: many seeds, kills, soaks
	PMTUI_TORTURE=1 $(BIN)/python -m pytest -q -n auto -m "torture or not torture"

SUITE := $(VENV)/tinydb-4.9.0

$(SUITE)/.made: tests/tinydb_suite/sdist.txt tests/tinydb_suite/with.txt $(VENV)/.dev
	@echo "fetching TinyDB's tests to $(SUITE) (once)"
	@rm -rf $(SUITE)
	@$(PIP) download --require-hashes --no-deps --no-build-isolation --no-binary :all: -d $(SUITE) -r tests/tinydb_suite/sdist.txt
	@tar -xzf $(SUITE)/tinydb-4.9.0.tar.gz --strip-components 1 -C $(SUITE)
	@$(PIP) install --require-hashes --no-deps --target $(SUITE)/with -r tests/tinydb_suite/with.txt
	@touch $@

tinydb-suite: $(SUITE)/.made  ## TinyDB's own tests over ProjectDB and JournalStorage
	@$(BIN)/python tests/tinydb_suite/run.py $(SUITE)

bench: $(VENV)/.dev          ## the figures of docs/benchmarks.md, against a floor in the same run
	$(BIN)/python -m benchmarks.store
	$(BIN)/python -m benchmarks.idle
	$(BIN)/python -m benchmarks.wire --session
	$(BIN)/python -m benchmarks.ui
	$(BIN)/python -m benchmarks.preview
	$(BIN)/python -m benchmarks.triage_keys
	$(BIN)/python -m benchmarks.committee

lock:                        ## make requirements/*.txt anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group build -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra exports --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --extra exports --group build -c requirements/run.txt -o requirements/exports.txt

clean:                       ## remove what make made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
