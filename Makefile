# Everything a person does here, by name. `make` alone lists it.
# Needs make and Python 3.11 or newer; all else is installed into .venv. pip's own settings of the
# machine (PIP_* variables, pip.conf) hold.

PYTHON ?= python3
WORKERS ?= 4
BIN := .venv/bin
PIP := $(BIN)/python -m pip
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench torture constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

setup: $(STAMP)  ## make .venv and install keywire with its tools into it

run: $(STAMP)  ## follow what config.yaml says and serve the feeds
	$(BIN)/keywire run --config config.yaml

# They start keywire some hundred times: let Python compile it once.
test torture: export PYTHONDONTWRITEBYTECODE :=

test: $(STAMP)  ## run the tests
	$(BIN)/python -m pytest -m 'not torture and not alone' --numprocesses $(WORKERS) --dist worksteal
	$(BIN)/python -m pytest -m 'alone and not torture'

check: $(STAMP)  ## lint, format, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## measure what matters and print the figures
	$(BIN)/python bench/run.py

torture: $(STAMP)  ## the long forms of the tests for bad days: takes long
	$(BIN)/python -m pytest -m 'torture and not alone' --numprocesses $(WORKERS) --dist worksteal
	$(BIN)/python -m pytest -m 'torture and alone'

# Not through setup, which the old pins may stand in the way of.
constraints:  ## pin every dependency anew in constraints.txt
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/python -m pip install --quiet uv
	.venv/uv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], "pip>=25.3", sep="\n")' \
	  | .venv/uv/bin/uv pip compile --universal --no-header --upgrade --quiet --python .venv/uv/bin/python \
	    --python-version 3.11 --group dev pyproject.toml - --output-file .venv/constraints.txt
	mv .venv/constraints.txt constraints.txt

clean:  ## remove .venv and all that was built or cached
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose Python is gone or too old is made anew; any other is kept and brought up to date.
# --build-constraint (pip 25.3) is why pip comes first; it pins the build backend as well.
$(STAMP): pyproject.toml constraints.txt
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "keywire needs Python 3.11 or newer, and '$(PYTHON)' is none: $$($(PYTHON) --version 2>&1)" >&2; \
	    echo "Name another one: make setup PYTHON=/path/to/python3.12" >&2; exit 1; }; \
	  echo "$(PYTHON) -m venv .venv"; $(PYTHON) -m venv --clear .venv; }
	@$(PIP) --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(PIP) install --quiet --constraint constraints.txt pip
	$(PIP) install --quiet --constraint constraints.txt --build-constraint constraints.txt --editable . --group dev
	@touch $@
