# make book   build the book, from a fresh clone if need be: _build/html/index.html
# make test   run the tests
# make help   all targets
#
# Both set themselves up in .venv first.  PYTHON=/path/to/python chooses the interpreter.

.DEFAULT_GOAL := help
.PHONY: help setup book live pdf lab test test-all test-fast test-cluster coverage check audit bench cohorts lock clean distclean
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules

# a person's own Python settings would make the result theirs alone; pip's settings
# (which index, which proxy, which certificates) are theirs to make and stay
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTHONINSPECT PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV
export PYTHONNOUSERSITE := 1
# what runs for this make ends with it, even if it is killed
export ANALYSIS_MAKE := $(shell echo $$PPID)

SUPPORTED := 3.11 3.12 3.13
VENV := .venv
RUN := $(VENV)/bin/python
# tests of what protects patients, judges numbers and rounds them: `[tool.coverage]` in pyproject.toml
COVERED := tests/cohorts/protection tests/estimators/disclosure tests/ledger/rows tests/ledger/verdicts tests/pages/test_guards.py
# on all cores, in the order that tests/conftest.py gives
IN_PARALLEL := -n logical --dist loadgroup --no-loadscope-reorder

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "make %-12s %s\n", $$1, $$2}'

setup: ## create .venv with the locked requirements, or bring it up to date
	@PYTHON="$(PYTHON)" sh analysis/set_up.sh $(VENV) requirements.txt "$(SUPPORTED)" .

book: setup ## build the book: _build/html/index.html (EDITION=name for another edition)
	@$(if $(EDITION),$(RUN) -m analysis edition "$(EDITION)",$(RUN) -m analysis book)

live: book ## serve the book on this machine: re-execute pages from a form (LIVE_ARGS=--open opens a browser)
	@$(RUN) -m analysis serve $(LIVE_ARGS)

pdf: book ## the book as one PDF: _build/pdf/book.pdf (needs an installed Chromium)
	@$(RUN) -m analysis pdf

lab: setup ## open the sources as notebooks in JupyterLab (LAB_ARGS=--no-browser to be told the address)
	@JUPYTER_PATH="$(CURDIR)/.jupyter" JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(RUN) -m jupyterlab --LabApp.default_url=/lab/tree/notebooks $(LAB_ARGS)

test: setup ## run the tests (PYTEST_ARGS="-k words" for some)
	@$(RUN) tests/stoppable.py $(IN_PARALLEL) -m "not thorough" $(PYTEST_ARGS)

test-all: setup ## run those, too, that repeat promises on more cases (weekly, and before a release)
	@$(RUN) tests/stoppable.py $(IN_PARALLEL) $(PYTEST_ARGS)

test-fast: setup ## run what takes under two minutes of them
	@$(RUN) tests/stoppable.py $(IN_PARALLEL) -m "not slow and not thorough" $(PYTEST_ARGS)

test-cluster: setup ## send a sweep through slurmctld and slurmd on this machine (Debian: slurm-wlm, munge)
	@sh tests/cluster.sh $(RUN)

coverage: setup ## how much of protection, verdicts and rounding their own tests reach; less than the floor fails
	@$(RUN) -m coverage run -m pytest -q -n 0 -m "not slow" $(COVERED)
	@$(RUN) -m coverage report

check: setup ## lint code, prose, sources, settings and workflows
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --quiet --check . || { echo 'not formatted: ruff format .'; exit 1; }
	@$(RUN) -m codespell_lib .
	@$(VENV)/bin/lint-imports
	@$(RUN) -m mypy
	@$(RUN) -m analysis lint sources
	@$(RUN) -m analysis lint workflows

audit: setup ## recompute every printed number and print the scoreboard
	@$(RUN) -m analysis audit

bench: setup ## run the benchmarks (long), bring the page of figures up to date, tell what has become slower
	@for script in $(sort $(wildcard tests/benchmarks/bench_*.py)); do $(RUN) $$script || exit 1; done
	@$(RUN) tests/benchmarks/page.py
	@$(RUN) tests/benchmarks/guard.py

cohorts: setup ## search for cohorts that satisfy the ledgers (long; `make book` only verifies)
	@for study in $(notdir $(patsubst %/,%,$(dir $(wildcard data/*/reconstruction.yml)))); do \
	  $(RUN) -m analysis reconstruct $$study $(COHORTS_ARGS) || exit 1; done

lock: setup ## compile requirements.txt anew from pyproject.toml (LOCK_ARGS=--upgrade for newer versions)
	@env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null \
	  $(RUN) -m piptools compile --quiet --no-config --generate-hashes --allow-unsafe --no-emit-index-url \
	  --no-emit-find-links --strip-extras --extra dev --extra lab $(LOCK_ARGS) --output-file requirements.txt pyproject.toml

clean: ## remove what was built
	rm -rf _build build *.egg-info .snakemake .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean ## remove the virtual environment as well
	rm -rf $(VENV)
