# One door for every command. `make` alone lists them.
#
# A fresh machine needs Python 3.11 and make; everything else is built inside .venv from the lock
# files. Stamps make a second run instant: they are renewed when a lock file or a source changes.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# An interpreter to build .venv from; unless one is named, the fastest that will do.
PYTHON ?=
UV_VERSION := 0.13.9
UV := .venv/uv/bin/uv
UV_STAMP := .venv/uv/.$(UV_VERSION)
BIN := .venv/bin
PORT ?= 8000
ARGS ?=

# Whatever environment the caller has active, ours is the one that is built and used.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME UV_PYTHON UV_EXTRA_INDEX_URL
# Every process would compile everything anew: seconds for each command.
unexport PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export MALLARD_HOME ?= .mallard

ASSET_SOURCES := $(shell find assets -name node_modules -prune -o -name __pycache__ -prune -o -type f -print)
CATALOGUES := $(shell find src -path '*/locale/*' -name '*.po')

CHECKS := types format lint floors migrations additive openapi compatible translations reference

.PHONY: help env demo test check bench drill wheel sbom docs snapshots screenshots lighthouse browser clean \
	$(CHECKS:%=check-%) check-tables

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

env: .venv/.synced .venv/.assets .venv/.translations ## build .venv, the assets and the translations

# A virtual environment cannot be moved: a checkout that was copied or renamed builds its own.
ifneq ($(shell cat .venv/.place 2>/dev/null),$(CURDIR))
.PHONY: .venv/.place
endif
.venv/.place:
	@any=$$(command -v python3.11 || command -v python3) \
		|| { echo "Mallard needs Python 3.11: no python3.11 or python3 on the PATH." >&2; exit 1; }; \
	python="$(PYTHON)"; python="$${python:-$$("$$any" tools/interpreter.py)}"; python="$${python:-$$any}"; \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		|| { echo "Mallard needs Python 3.11 to 3.13; $$python is another. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	if [ -e .venv/.place ]; then rm -rf .venv; fi; \
	test -x $(BIN)/python || "$$python" -m venv .venv
	@printf '%s' "$$PWD" > $@

# Apart from site-packages, so that `uv sync` does not take itself away.
$(UV_STAMP): .venv/.place
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --default-pip >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .venv/uv uv==$(UV_VERSION)
	@touch $@

.venv/.synced: pyproject.toml uv.lock $(UV_STAMP)
	$(UV) sync --frozen --all-extras --python $(BIN)/python
	@touch $@

.venv/.assets: $(ASSET_SOURCES) .venv/.synced
	$(BIN)/python assets/build.py
	@touch $@

.venv/.translations: $(CATALOGUES) tools/translations.py .venv/.synced
	$(BIN)/python -m tools.translations compile
	@touch $@

demo: env ## load a retailer's year and serve it (PORT=8000, ARGS="--reset")
	$(BIN)/mallard demo --port $(PORT) $(ARGS)

check: env ## everything that needs no database: format, lint, types, floors, translations, reference
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(CHECKS:%=check-%)

check-format: ; $(BIN)/ruff format --check .
check-lint: ; $(BIN)/ruff check .
check-types: ; $(BIN)/mypy -p mallard -p tools
check-floors: ; $(BIN)/lint-imports
check-migrations: ; $(BIN)/python -m tools.migrations
check-additive: ; $(BIN)/python -m tools.additive
check-openapi: ; $(BIN)/python -m tools.openapi check
check-compatible: ; $(BIN)/python -m tools.compatible
check-translations: ; $(BIN)/python -m tools.translations check
check-reference: ; $(BIN)/python -m tools.reference check
check-tables: ; $(BIN)/python -m tools.tables

# What the tests copy is made beside the checks: mypy keeps one processor busy for as long.
test: env browser ## the checks, then every test (ARGS="-k something")
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-tables $(CHECKS:%=check-%)
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

browser:
	@bash tools/install-browser.sh

snapshots: env ## renew what `check` compares: the OpenAPI document and the reference pages
	$(BIN)/python -m tools.openapi write
	$(BIN)/python -m tools.reference write

screenshots: env browser ## every page of the demo as pictures (ARGS="--documentation" renews docs/images)
	$(BIN)/python -m tools.screenshots $(ARGS)

lighthouse: env browser ## what Lighthouse says of the demo's main pages (goal: 95 of 100)
	$(BIN)/python -m tools.lighthouse $(ARGS)

bench: env ## the benchmarks with their references (NAME=ledger, ARGS=--json)
	@missed=0; for name in $(or $(NAME),ledger receipts api pages); do \
		$(BIN)/mallard bench "$$name" $(ARGS) || missed=1; \
	done; exit $$missed

drill: env browser ## the slow failure drills, full counts
	$(BIN)/pytest -m drill --hypothesis-profile=drill -s $(ARGS)

wheel: env ## the package with its assets and translations, in dist/
	rm -rf dist && $(UV) build --quiet --wheel --out-dir dist && ls dist/*.whl

sbom: $(UV_STAMP) ## what the package is made of, as CycloneDX 1.5, in dist/
	@mkdir -p dist
	$(UV) export --quiet --frozen --no-dev --all-extras --format cyclonedx1.5 --output-file dist/mallard-crm.cdx.json >/dev/null
	@ls dist/mallard-crm.cdx.json

docs: env ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean: ## remove what was built; the data in MALLARD_HOME stays
	rm -rf .venv site dist build assets/node_modules src/mallard/kernel/ui/static/mallard
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
