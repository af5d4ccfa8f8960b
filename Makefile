.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := .venv/bin/uv
RUN := .venv/bin
export UV_SYSTEM_CERTS ?= true
WORKERS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))# tests wait more than they work

help: ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

.venv/installed: requirements.lock pyproject.toml
	@test -x $(UV) || { python3 -m venv .venv && .venv/bin/pip install --quiet 'uv>=0.9'; }
	@UV_PROJECT_ENVIRONMENT=.venv $(UV) pip install --python .venv/bin/python --quiet --require-hashes -r requirements.lock
	@$(UV) pip install --python .venv/bin/python --quiet --no-deps --editable .
	@touch $@

install: .venv/installed ## the locked dependencies and rollcall itself, into .venv

lock: ## pin the newest versions that pyproject.toml allows
	@test -x $(UV) || { python3 -m venv .venv && .venv/bin/pip install --quiet 'uv>=0.9'; }
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements.lock bench/requirements.in -o bench/requirements.lock

demo: install ## a school, its chats and a term of its life, in the browser
	@$(RUN)/rollcall demo

check: install ## lint, types, layers
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check --quiet .
	@$(RUN)/mypy && $(RUN)/mypy tests
	@$(RUN)/lint-imports --no-logo

test: check ## check, then every test, against a PostgreSQL that the tests start themselves
	@$(RUN)/pytest -n $(WORKERS) --dist worksteal

faults: install ## a thousand faults of each kind against the dispatcher
	@ROLLCALL_TEST_FAULTS=1000 $(RUN)/pytest tests/test_faults.py --durations=20

bench: install ## figures beside their ceilings; NAMES="events limits" for some of them
	@$(UV) pip install --python .venv/bin/python --quiet --require-hashes -r bench/requirements.lock
	@$(RUN)/python -m bench $(NAMES)

chaos: install ## processes and servers killed under load, KILLS=500 of them
	@ROLLCALL_TEST_KILLS=$(or $(KILLS),500) $(RUN)/pytest -n 2 -o faulthandler_timeout=10800 tests/streams/test_kills.py tests/rollcall/test_everything_killed.py

kafka-up: install ## a Kafka broker and a PostgreSQL, their data in .run; prints what to export. Needs Java 17 and Maven
	@$(RUN)/python tools/local.py up

kafka-down: install ## stop both; their data stay
	@$(RUN)/python tools/local.py down

databases: install ## the store on PostgreSQL 14 to 17, and through pgbouncer. Needs Maven and pgbouncer
	@$(RUN)/python tools/databases.py

screenshots: install ## the pages as the tests see them, docs/screenshots
	@mkdir -p docs/screenshots
	@ROLLCALL_TEST_PICTURES=docs/screenshots $(RUN)/pytest tests/browser

drawing: install ## the drawing of the house, docs/house.svg. Needs Graphviz's dot
	@$(RUN)/python tools/drawing.py

.PHONY: databases drawing screenshots chaos kafka-up kafka-down help install lock demo check test bench
