# make run and make test set up everything they need; `make help` lists the rest.
PY := .venv/bin/python
export QT_QPA_PLATFORM ?= $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY)),,offscreen)
ifeq ($(QT_QPA_PLATFORM),)
unexport QT_QPA_PLATFORM
endif

.PHONY: help setup run test coverage bench faults fuzz shots formats lint format dist lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/ready: packaging/requirements-dev.lock packaging/system-packages.txt packaging/setup.sh pyproject.toml
	@packaging/setup.sh

setup: .venv/ready ## .venv from the lock file, system packages where it may

run: .venv/ready ## the demo fleet in a window; without a display: pictures in build/demo and a table
	@$(PY) -m psbuddy demo $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY)),,--headless build/demo)

test: .venv/ready ## the whole suite, offscreen
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

coverage: .venv/ready ## the suite with branch coverage, report in build/coverage
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=html:build/coverage

bench: .venv/ready ## every benchmark, as ratios to a baseline of the same run
	@for bench in tests/bench/bench_*.py; do QT_QPA_PLATFORM=offscreen $(PY) $$bench || exit 1; done

faults: .venv/ready ## the long fault matrix: killed, cut, frozen, full
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest tests/faults --timeout 900 $(PYTEST_ARGS)

fuzz: ## atheris over the host program's block reading; FUZZ_ARGS=-runs=10000000 for the whole of it
	@test -x build/atheris/ready || { python3 -m venv build/atheris && build/atheris/bin/pip install -q atheris && ln -s bin/python build/atheris/ready; }
	@build/atheris/bin/python tests/fuzz/fuzz_blocks.py -max_len=200 $(or $(FUZZ_ARGS),-runs=100000) build/fuzz

shots: .venv/ready ## every screen, light and dark, in every state, into build/shots
	@QT_QPA_PLATFORM=offscreen $(PY) -m tests.gallery build/shots

formats: .venv/ready ## what follows from resources/formats: for hosts, for catalogues, for editors
	@$(PY) -m psbuddy.catalogue.formats && $(PY) -m psbuddy catalogue schema > resources/catalogue.schema.json

lint: .venv/ready ## ruff, mypy --strict, import-linter
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && .venv/bin/lint-imports --no-cache

format: .venv/ready ## ruff's own layout
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

dist: .venv/ready ## wheel and sdist into dist/
	@$(PY) -m build --no-isolation

lock: ## renew the lock files (needs uv)
	@uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url pyproject.toml -o packaging/requirements.lock
	@uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url --extra dev -c packaging/requirements.lock pyproject.toml -o packaging/requirements-dev.lock

clean: ## everything made here, .venv too
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
