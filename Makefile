# Two commands: `make demo` shows it, `make test` proves it. Both install what they need into .venv first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MUSEUM ?= museum
TRAINED ?= training
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo museum levels ready web train test check style types layers node browser bench clean

help:
	@echo "make demo    open the sample museum with scripted visitors (SECONDS=20: and end by itself)"
	@echo "make museum  build the sample museum into $(MUSEUM)/ and write its contact sheet"
	@echo "make levels  build levels of detail of every exhibit for headsets and phones"
	@echo "make web     build the web client, which the server shows at / (needs Node)"
	@echo "make train   make the shipped recognizer anew, into $(TRAINED)/ (under an hour on two cores)"
	@echo "make test    check and test everything"
	@echo "make check   ruff, mypy --strict, import layers"
	@echo "make node    install what tests run in Node: the glTF validator, three.js"
	@echo "make browser install Chromium, in which tests load what is published (Debian, as root)"
	@echo "make bench   measure all within half an hour, into docs/benchmarks.md"

# Installed anew only when pyproject.toml changed.
$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,studio,train]'
	@touch $@

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[cpu,studio]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Museum Twin needs Python 3.11 or newer: install it, or name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python has no venv module here. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

install: $(VENV)/.demo

museum: $(VENV)/.demo
	$(BIN)/twin sample build --store $(MUSEUM)

# The frame is that of the placement: a mirror that stands in its case must not be laid flat because its record knows
# only a diameter.
LEVELS = $(BIN)/twin build $(MUSEUM)/sample/artifacts --store $(MUSEUM) --artifact "sample:{name}" \
  --units m --up y --keep-origin

# Everything the demo shows, made again when what it is made of changed: records and geometry, levels for headsets
# and phones, views of them in the recognition index.
SOURCES := $(shell find assets/sample assets/pipeline inference -name '*.py' -o -name '*.toml' -o -name '*.onnx.json')

$(MUSEUM)/.ready: $(VENV)/.demo $(SOURCES)
	$(BIN)/twin sample build --store $(MUSEUM) --pictures none
	$(LEVELS) --usage headset --usage phone >/dev/null
	$(BIN)/twin index --store $(MUSEUM)
	@touch $@

ready: $(MUSEUM)/.ready web

# Ends at Ctrl-C, or by itself: make demo SECONDS=20. PORT and VISITORS may be given as well.
demo: ready
	@$(BIN)/twin demo --store $(MUSEUM) $(if $(PORT),--port $(PORT)) $(if $(VISITORS),--visitors $(VISITORS)) \
	  $(if $(filter command line,$(origin SECONDS)),--seconds $(SECONDS))

# Levels of detail of every exhibit, with its hotspots; what is built already is reused.
levels: museum
	$(LEVELS)

# The recognizer that comes with the project, from nothing but this repository and the pretrained backbone.
# A run that was stopped goes on. At the end it is compared with the one that ships (docs/recognition.md says how
# near two runs come).
train: $(VENV)/.dev
	$(BIN)/twin train inference/training/experiments/default.toml --run $(TRAINED)/run
	$(BIN)/twin export inference/training/experiments/default.toml --run $(TRAINED)/run --out $(TRAINED)/models
	$(BIN)/twin compare inference/training/experiments/default.toml $(TRAINED)/models/museum-fp16.onnx.json

check: style types layers

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

# What tests run in Node: the Khronos validator, three.js in a browser. Without Node they are skipped, saying so.
NODE_PACKAGES := tests/node/node_modules/.package-lock.json

node: $(NODE_PACKAGES)

$(NODE_PACKAGES): tests/node/package-lock.json
	@if command -v npm >/dev/null; then cd tests/node && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund; \
	  else echo "no npm: tests of glTF files in real readers are skipped. On Debian: apt-get install nodejs npm"; fi

# The web client. Without Node the server runs, and says what is missing.
WEB_PACKAGES := web_client/node_modules/.package-lock.json
WEB_BUILT := web_client/dist/index.html
WEB_SOURCES := $(shell find web_client/src -type f) $(wildcard web_client/*.json web_client/*.ts web_client/*.html)
NODE_SUFFICES = command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); \
  process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'

web: $(WEB_BUILT)

$(WEB_PACKAGES): web_client/package-lock.json
	@if $(NODE_SUFFICES); then cd web_client && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund; \
	  else echo "no Node 20.19 or newer: the web client is not built, its tests are skipped. On Debian 13: apt-get install nodejs npm"; fi

$(WEB_BUILT): $(WEB_PACKAGES) $(WEB_SOURCES)
	@if $(NODE_SUFFICES); then cd web_client && npm run --silent build; fi

# A browser for three.js. Tests without one are skipped, saying so.
browser:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	  elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null \
	      || echo "Chromium could not be installed: tests in a real browser are skipped"; \
	  else echo "no Chromium: tests in a real browser are skipped. On Debian: apt-get install chromium"; fi

# What is fetched and what is checked do not wait for one another. Groups of tests that share what is dear run in one
# process each, the longest first (tests/conftest.py).
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check node $(WEB_PACKAGES) browser
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder --cov --cov-report=term

bench: $(VENV)/.dev $(NODE_PACKAGES) ready browser
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python bench/run_all.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
