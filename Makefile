# `make demo` and `make test` do all the set-up. Everything is kept in .venv/.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help app demo test lint types quick-tests check-long bench opensim samples hooks clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /: /' | awk -F': ' '{printf "  make %-12s %s\n", $$1, $$2}'

app: $(VENV)/.installed ## Set up, then open the app in the browser
	@$(BIN)/python -m rom app

demo: $(VENV)/.installed ## Set up, then measure the sample pair: result, page and videos in rom-demo/
	@$(BIN)/python -m rom demo

test: $(VENV)/.installed-dev lint types quick-tests ## Set up, then run all the quick checks (under 10 minutes)

lint: $(VENV)/.installed-dev
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/python -m mypy

quick-tests: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -m "not long and not bench"

check-long: $(VENV)/.installed-dev ## Run the checks that take longer
	$(BIN)/python -m pytest -q -m "long and not bench"

bench: $(VENV)/.installed-dev ## Time `rom assess` against bare loops on a two-minute 1080p video
	$(BIN)/python -m benchmarks.speed

opensim: $(VENV)/.installed-dev ## Install OpenSim (280 MB), with which a test reads our files
	@$(PIP_INSTALL) -e ".[opensim]"

samples: $(VENV)/.installed-calibration ## Render the sample clips again (slow; needs EGL)
	$(BIN)/python -m calibration samples --out sample_videos

hooks: $(VENV)/.installed-dev ## Run ruff and mypy before every commit
	$(BIN)/python -m pre_commit install

clean: ## Remove the set-up and the caches
	rm -rf $(VENV) rom-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is written only when its step succeeded, so an interrupted set-up is done again.
$(VENV)/.created:
	@.ci/system-packages
	@test -n "$(PYTHON)" || { echo "Expected Python 3.11 or newer, found none: install it, or say make demo PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (once, a few minutes) ..."
	@$(PYTHON) -m venv --clear $(VENV) || { echo "Python could not make a virtual environment: on Debian and Ubuntu, sudo apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml constraints.txt
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml constraints.txt
	@.ci/system-packages --tests
	@$(PIP_INSTALL) -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-calibration: $(VENV)/.created pyproject.toml constraints.txt
	@$(PIP_INSTALL) -e ".[dev,calibration]"
	@touch $@ $(VENV)/.installed-dev $(VENV)/.installed
