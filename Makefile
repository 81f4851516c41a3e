# Every target that needs Python sets it up first, so `make demo` is all that a fresh machine needs.
# Kept to what GNU make 3.81 (the one on macOS) understands.

PYTHON := .venv/bin/python
UV := .tools/bin/uv
PACKAGES := requirements/development.txt
STAMP := .venv/.synced

# More arguments for pytest, e.g. `make test TEST_ARGS="-k escalation"`.
TEST_ARGS ?=
# Processes that run tests side by side.
TEST_PROCESSES ?= 2
# What the tests must cover of models/ and rules/, branches included, in per cent.
COVERAGE ?= 100

# Only interpreters of this machine, never a downloaded one.
export UV_PYTHON_PREFERENCE := only-system
export UV_PYTHON_DOWNLOADS := never

# Sets $python to the first interpreter that is new enough: python3 itself, else the newest python3.X on PATH.
FIND_PYTHON = python=; \
	for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			python="$$(command -v "$$candidate")"; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Waymark needs Python 3.11 or newer, and there is none on PATH: install one" \
			"(Debian: apt install python3; macOS: brew install python), then run make again." >&2; \
		exit 1; \
	fi

.DEFAULT_GOAL := help
.PHONY: help setup demo up test check bench format lock

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## Install Python packages into .venv (quick when nothing changed)

demo: $(STAMP) ## Start everything and play a panel week through it
	@$(PYTHON) starter.py demo

up: $(STAMP) ## Start the Temporal server, its UI and a worker on this machine
	@$(PYTHON) starter.py up

test: $(STAMP) ## Run the tests
	@$(PYTHON) -m pytest -n $(TEST_PROCESSES) --dist worksteal $(TEST_ARGS)

check: $(STAMP) ## Run what CI runs: lint, format, types, layers, tests with coverage
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@$(MAKE) test TEST_ARGS='--cov --cov-fail-under=$(COVERAGE) $(TEST_ARGS)'

bench: $(STAMP) ## Measure journeys a second, start-up and memory
	@$(PYTHON) -m benchmarks

format: $(STAMP) ## Format the code and fix what ruff can fix
	@$(PYTHON) -m ruff check --fix-only
	@$(PYTHON) -m ruff format

lock: $(UV) ## Lock the newest allowed packages into requirements/*.txt
	@set -e; \
	lock="$(UV) pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --quiet --custom-compile-command 'make lock'"; \
	eval "$$lock --output-file requirements/runtime.txt pyproject.toml"; \
	eval "$$lock --output-file requirements/development.txt --constraint requirements/runtime.txt \
		--group dev pyproject.toml"; \
	echo uv | eval "$$lock --output-file requirements/uv.txt -"

# pip, not `python3 -m venv` or a system-wide install: fresh Debian refuses both.
$(UV): requirements/uv.txt
	@$(FIND_PYTHON); \
	if ! "$$python" -m pip --version >/dev/null 2>&1; then \
		echo "$$python has no pip, which make needs to fetch its installer: install it" \
			"(Debian: apt install python3-pip; elsewhere: $$python -m ensurepip), then run make again." >&2; \
		exit 1; \
	fi; \
	rm -rf .tools && \
	"$$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
		--require-hashes --target .tools --requirement requirements/uv.txt && \
	touch $(UV)

# Also remade when the interpreter that it points to is gone, as after an upgrade of the system's Python.
$(PYTHON): | $(UV)
	@$(FIND_PYTHON); \
	$(UV) venv --quiet --clear --python "$$python" .venv

$(STAMP): $(PACKAGES) | $(PYTHON) $(UV)
	@$(UV) pip sync --quiet --require-hashes --python $(PYTHON) $(PACKAGES)
	@touch $(STAMP)
