# What people do with this repository. `make` alone lists it.
PYTHON ?= python3
JOBS ?= auto
ARGS ?=
PORT ?= 8000
PROOF ?= first-light record intake worlds

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 8
# The groups that need more than this machine has by itself, or more time, stand by themselves.
QUICK := not browser and not clients and not faults and not demo and not torture
# Types are checked with Django's settings loaded, and settings are read from a home.
CHECK_HOME := build/check-home

.DEFAULT_GOAL := help
.PHONY: help run test test-browser test-demo test-clients test-faults check docs proof torture torture-intake bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.installed ## the demo company in a home of its own, served on this machine
	@$(BIN)/twostroke demo --home .home/demo --port $(PORT)

test: $(VENV)/.tests-installed ## all tests but those below, on SQLite and then on PostgreSQL
	$(PYTEST) -m "$(QUICK)" $(ARGS)
	$(PYTEST) -m "$(QUICK)" --database=postgres $(ARGS)

test-browser: $(VENV)/.tests-installed ## the tests that drive a real browser (they need chromium)
	$(BIN)/python -m pytest -q -m browser

test-demo: $(VENV)/.tests-installed ## the whole demo company: its page, and its stories found
	$(PYTEST) -m demo

test-clients: $(VENV)/.tests-installed ## the real clients of Segment, RudderStack and PostHog (they need Node and chromium)
	@sh tools/clients.sh $(BIN)/python
	$(BIN)/python -m pytest -q -m clients

test-faults: $(VENV)/.tests-installed ## processes killed, disks filled, connections torn, 10,000 hostile payloads
	$(BIN)/python -m pytest -q -s -m faults
	$(BIN)/python -m pytest -q -s -m faults --database=postgres
	TWOSTROKE_PAYLOADS=10000 $(BIN)/python -m pytest -q -s tests/generative/test_intake_payloads.py

check: $(VENV)/.tests-installed ## style, types, walls between rooms, generated pages up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@TWOSTROKE_HOME=$(CHECK_HOME) $(BIN)/python -c 'from twostroke.kit.home import Home; Home.chosen().create()'
	TWOSTROKE_HOME=$(CHECK_HOME) MYPYPATH=src:. $(BIN)/mypy -p twostroke -p worlds -p tools
	$(BIN)/lint-imports
	TWOSTROKE_HOME=$(CHECK_HOME) $(BIN)/python -m tools.references --check

docs: $(VENV)/.tests-installed ## write the generated pages of docs/reference anew
	@TWOSTROKE_HOME=$(CHECK_HOME) $(BIN)/python -c 'from twostroke.kit.home import Home; Home.chosen().create()'
	TWOSTROKE_HOME=$(CHECK_HOME) $(BIN)/python -m tools.references

proof: $(VENV)/.tests-installed ## run every proof at full size and write docs/proof (PROOF=first-light: that one)
	@for name in $(PROOF); do $(BIN)/python -m tools.proof $$name || failed=1; done; exit $${failed:-0}

torture: $(VENV)/.tests-installed ## many thousand random histories; takes hours
	TWOSTROKE_EXAMPLES=torture $(PYTEST) tests/generative
	TWOSTROKE_EXAMPLES=torture $(PYTEST) tests/generative --database=postgres

torture-intake: $(VENV)/.tests-installed ## a thousand kills, a full small disk, a database away for 20 s; needs root
	TWOSTROKE_KILLS=1000 $(BIN)/python -m pytest -q -s -m "faults or torture" tests/faults
	TWOSTROKE_KILLS=1000 TWOSTROKE_AWAY=20 $(BIN)/python -m pytest -q -s -m "faults or torture" --database=postgres tests/faults

bench: $(VENV)/.tests-installed ## measure, as ratios to the machine's own ceiling
	$(BIN)/python -m benchmarks

clean: ## remove what was built; homes (.home) stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@sh tools/environment.sh $(VENV) $(PYTHON)

# Stamps: installed again only when what is to be installed has changed.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing Twostroke into $(VENV); this takes a minute the first time."
	@$(PIP) install --editable . || { echo "pip could not install Twostroke: see its words above; the first time it needs the network." >&2; exit 1; }
	@touch $@

$(VENV)/.tests-installed: pyproject.toml | $(BIN)/python
	@echo "Installing Twostroke and what its tests need into $(VENV)."
	@$(PIP) install --editable '.[test]' || { echo "pip could not install what the tests need: see its words above." >&2; exit 1; }
	@touch $@ $(VENV)/.installed
