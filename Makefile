# Two commands: `make demo` and `make test`. Each needs only Python >= 3.11 and make; the set-up
# goes to .venv and is done once (again when the pins change).

VENV := .venv
BIN := $(VENV)/bin
PINS := pyproject.toml constraints.txt
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test check lint docs format clean

help:
	@echo "make demo    set up and run the main job on the bundled synthetic city (result: out/)"
	@echo "make test    set up and run the tests"
	@echo "make check   lint, types, layers and documentation"
	@echo "make clean   remove .venv, out/ and built files"

$(VENV)/pip.done:
	@test -n "$(PYTHON)" || { echo "patentnav needs Python 3.11 or newer: set PYTHON=…"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	@touch $@

$(VENV)/demo.done: $(VENV)/pip.done $(PINS)
	$(PIP) --editable ".[fonts]"
	@touch $@

$(VENV)/test.done: $(VENV)/pip.done $(PINS)
	$(PIP) --editable ".[all]" --group dev --group docs
	@touch $@

demo: $(VENV)/demo.done
	$(BIN)/python examples/demo.py

test: $(VENV)/test.done
	$(PYTEST) --numprocesses auto --dist worksteal

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file= --strict --follow-imports=silent --ignore-missing-imports examples/*.py
	$(BIN)/lint-imports

docs: $(VENV)/test.done
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

check: lint docs

format: $(VENV)/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) out docs/_build build dist
