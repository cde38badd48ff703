# Two commands: `make demo` shows it, `make test` proves it. Both install what they need into .venv first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MUSEUM ?= museum
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo levels test check node browser bench clean

help:
	@echo "make demo    build the sample museum into $(MUSEUM)/ and write its contact sheet"
	@echo "make levels  build levels of detail of every exhibit for headsets and phones"
	@echo "make test    check and test everything"
	@echo "make check   ruff, mypy --strict, import layers"
	@echo "make node    install what tests run in Node: the glTF validator, three.js"
	@echo "make browser install Chromium, in which tests load what is published (Debian, as root)"
	@echo "make bench   measure; each figure is a ratio against a peer of the same run"

# Installed anew only when pyproject.toml changed.
$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,studio,train]'
	@touch $@

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[studio]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Museum Twin needs Python 3.11 or newer: install it, or name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python has no venv module here. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

install: $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/twin sample build --store $(MUSEUM)

# Levels of detail of every exhibit, with its hotspots; what is built already is reused.
levels: demo
	$(BIN)/twin build $(MUSEUM)/sample/artifacts --store $(MUSEUM) --artifact "sample:{name}"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What tests run in Node: the Khronos validator, three.js in a browser. Without Node they are skipped, saying so.
NODE_PACKAGES := tests/node/node_modules/.package-lock.json

node: $(NODE_PACKAGES)

$(NODE_PACKAGES): tests/node/package-lock.json
	@if command -v npm >/dev/null; then cd tests/node && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund; \
	  else echo "no npm: tests of glTF files in real readers are skipped. On Debian: apt-get install nodejs npm"; fi

# A browser for three.js. Tests without one are skipped, saying so.
browser:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	  elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null \
	      || echo "Chromium could not be installed: tests in a real browser are skipped"; \
	  else echo "no Chromium: tests in a real browser are skipped. On Debian: apt-get install chromium"; fi

test: check $(NODE_PACKAGES) browser
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term

# What can be run by itself; the servers that are measured are started by the others.
BENCHES = $(filter-out bench/echo_servers.py,$(shell grep -l '__main__' bench/*.py))

bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@TIMEFORMAT='took %0lR'; for file in $(BENCHES); do echo "== $$file"; time $(BIN)/python $$file || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
