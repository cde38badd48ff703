# Two commands: `make demo` shows it, `make test` proves it. Both install what they need into .venv first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MUSEUM ?= museum
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo test check bench clean

help:
	@echo "make demo    build the sample museum into $(MUSEUM)/ and write its contact sheet"
	@echo "make test    check and test everything"
	@echo "make check   ruff, mypy --strict, import layers"
	@echo "make bench   measure; each figure is a ratio against a peer of the same run"

# Installed anew only when pyproject.toml changed.
$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,studio]'
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

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term

bench: $(VENV)/.dev
	@for file in bench/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
