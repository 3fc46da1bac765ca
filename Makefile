PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

BUNDLES := web/static/built/manifest.json

.PHONY: help serve test coverage test-slow check bench conformance quality translations system-packages clean

help: ## what each target does
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV); a first time takes some minutes."
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $@

# What pages load on demand. Where it cannot be built a sentence says so, and all else goes on.
$(BUNDLES): $(shell find web/frontend/src -type f) $(wildcard web/frontend/*.json web/frontend/build*) | $(VENV)/.runtime
	@command -v node >/dev/null || test -x $(BIN)/node || $(PIP_INSTALL) --editable '.[frontend]' || true
	@web/frontend/build $(abspath $(BIN))

serve: $(VENV)/.runtime $(BUNDLES) ## build what is not up to date, then serve it
	$(BIN)/kg build --if-changed
	$(BIN)/kg serve

test: $(VENV)/.development $(BUNDLES) ## the tests that need nothing but Python
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile

coverage: $(VENV)/.development $(BUNDLES) ## the same tests, and which lines of kg and ontology they leave out
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --cov --cov-report=term:skip-covered

test-slow: $(VENV)/.development $(BUNDLES) ## browser, Virtuoso, conformance, soaks
	$(BIN)/python -m pytest -m slow

check: $(VENV)/.development ## ruff, format, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.development ## ratios side by side, none of them asserted
	$(PIP_INSTALL) --editable '.[dev,bench]'
	$(BIN)/python -m benchmarks

conformance: $(VENV)/.development ## the suites of the W3C against a sandbox; writes docs/conformance.*
	$(BIN)/python -m conformance

quality: $(VENV)/.development ## how often search and answers are right; writes docs/quality.md
	$(BIN)/python -m quality search
	$(BIN)/python -m quality reconciliation
	$(BIN)/python -m quality answers --write docs/quality.md

translations: $(VENV)/.runtime ## collect the texts of the interface into the catalogues
	$(BIN)/python -m web.translations

system-packages: ## Chromium and Virtuoso from Debian, for test-slow only
	.ci/system-packages

clean: ## remove the environment and every release
	rm -rf $(VENV) var build dist web/static/built web/frontend/node_modules
