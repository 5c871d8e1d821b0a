# make map    set everything up and draw the example map, out/idlib.html
# make app    serve the app at http://127.0.0.1:8501
# make test   all tests
# make check  style and types

PYTHON ?= python3
BIN := .venv/bin
REPORT ?= seeds/idlib-2020.md
OUT ?= out/idlib.html

.PHONY: map app test check clean
.DEFAULT_GOAL := map

map: .venv/ready
	$(BIN)/python -m geo map $(REPORT) -o $(OUT)
	@echo "Open $(OUT) in a browser."

app: .venv/ready
	$(BIN)/python -m streamlit run app.py

test: .venv/ready-dev
	$(BIN)/python -m pytest

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf .venv out

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Salient needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/ready: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
