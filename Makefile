# Every command that people, pre-commit and CI use; `make` alone lists them.

PYTHON ?= python3
PORT ?= 8001
TODAY = $(shell date -u +%F)
VENV := .venv
PY := $(VENV)/bin/python
# One process of tests more than there are cores, as some wait for a server.
PROCESSES = $(shell echo $$(($$(nproc || echo 2) + 1)))
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement

.PHONY: help add check serve test bench validate format build docs diff links release site lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.txt | $(PY)
	@echo "installing what the package needs to run (once)"
	@$(INSTALL) requirements.txt && touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/run
	@echo "installing what its tests need besides (once)"
	@$(INSTALL) requirements-dev.txt && touch $@

serve: $(VENV)/run ## validate, build and serve http://127.0.0.1:8001/ (PORT=8002 for another port)
	@exec $(PY) -m scripts.serve --port $(PORT) --as-of $(TODAY)

test: $(VENV)/dev ## lint, check types and run every test
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@$(PY) -m mypy
	@$(PY) -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder --cov=schemas --cov=scripts --cov-report=term:skip-covered --cov-fail-under=95

bench: $(VENV)/dev ## measure validator and build against others (minutes); writes benchmarks/RESULTS.md
	@$(PY) -m benchmarks.validation

check: $(VENV)/run ## check a change of the data: rules, corrections, build, questions, what it means (seconds)
	@$(PY) -m scripts.check

validate: $(VENV)/run ## check the descriptor and every table
	@$(PY) -m scripts.validate

add: $(VENV)/dev ## add a row with its source, asking for it: KIND=event, tie, place, source, statement, number, citation, correction
	@$(PY) -m scripts.add $(KIND)

format: $(VENV)/run ## rewrite the tables in canonical form
	@$(PY) -m scripts.format

build: $(VENV)/run ## write build/, the SQLite database with everything that Datasette serves
	@$(PY) -m scripts.build --as-of $(TODAY)

docs: $(VENV)/run ## write the documents that follow from the contract: codebook and rules
	@$(PY) -m scripts.docs

diff: $(VENV)/run ## say what changed since the last release, which version it makes, and what is missing
	@$(PY) -m scripts.diff || [ $$? = 1 ]  # a reason that is still missing is no failure

links: $(VENV)/run ## ask every address of the sources, and say which do not answer (minutes, needs a network)
	@$(PY) -m scripts.links

release: $(VENV)/dev ## write dist/, everything that a release consists of
	@$(PY) -m scripts.diff
	@$(PY) -m scripts.release

site: $(VENV)/run ## write public/, the site as files for any static server, with SQL in the browser
	@$(PY) -m scripts.site

lock: $(VENV)/dev ## compile requirements*.txt from pyproject.toml
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" pyproject.toml --output-file requirements.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --extra dev --constraint requirements.txt pyproject.toml --output-file requirements-dev.txt

clean: ## remove what was built and installed
	rm -rf $(VENV) build dist public .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
