# make demo    clean a noisy page and show what was kept, what was dropped, and why
# make test    run all tests
# Both set up their own environment in .venv first; they need Python 3.11 or newer, and make.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PAGE   ?= fixtures/news-promo-markdown/page.md
# Labelled pages to score, and the systems to score beside ours.
DATA   ?= ../shared/data/wcxb.zip
AGAINST ?= trafilatura,resiliparse
# Labelled pages to train on.
TRAIN  ?= $(foreach set,wcxb fundus traf dragnet cleaneval,../shared/data/$(set).zip)
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help demo test faults faults-table soak check golden evaluate bench train format wheel clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/core ## clean PAGE and print article, metadata, and what was dropped and why
	@$(BIN)/cleaner $(PAGE) --metadata --dropped

test: $(VENV)/dev ## run all tests
	$(BIN)/python -m pytest $(ARGS)

faults: $(VENV)/dev ## run the fault-injection tests that take minutes
	$(BIN)/python -m pytest -m faults $(ARGS)

faults-table: $(VENV)/dev $(VENV)/datatrove ## compare what systems make of faults, in docs/reliability.md
	$(BIN)/python tests/compare_faults.py --write --python datatrove=$(VENV)/datatrove/bin/python

soak: $(VENV)/dev ## watch the memory of a run over 50,000 pages
	$(BIN)/python tests/soak.py $(ARGS)

check: $(VENV)/dev ## check format, lint, types and the order of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

golden: $(VENV)/dev ## run the golden cases alone
	$(BIN)/python -m pytest fixtures tests/test_golden.py $(ARGS)

evaluate: $(VENV)/dev ## score DATA=zip... beside AGAINST=system,...
	$(BIN)/cleaner evaluate $(DATA) $(if $(AGAINST),--against $(AGAINST)) $(ARGS)

bench: $(VENV)/dev ## time DATA=zip-or-folder beside AGAINST=system,...
	$(BIN)/cleaner bench $(DATA) $(if $(AGAINST),--against $(AGAINST)) $(ARGS)

train: $(VENV)/dev ## rebuild the labeler's weights from TRAIN=zip..., and a model a fold in build/folds
	$(BIN)/cleaner train $(TRAIN) --output cleaner/weights/base --folds build/folds

format: $(VENV)/dev ## put all code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: $(VENV)/dev ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove the environment and all that was built
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# An old pip cannot resolve some of the extras: it is brought up to date first.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cleaner needs Python 3.11 or newer; name one with PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$@ -m pip install --quiet --upgrade pip

$(VENV)/core: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

# datatrove needs an older trafilatura than the one it is compared with. Where it cannot be
# installed, the table says so.
$(VENV)/datatrove: $(VENV)/bin/python
	$(PYTHON) -m venv $@
	-$@/bin/python -m pip install --quiet 'datatrove[io,processing]' lxml_html_clean
