# make app | test | unit | slow | check | coverage | mutants | bench | fuzz | docs | dist | lock | release. Each sets up what it needs; see README.md and CONTRIBUTING.md.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
SEED ?= 1
KIND ?= all
# kind:inputs:seconds of one run of the fuzzers; 100,000 inputs together
FUZZ := scenarios:20000:3000 tables:5000:900 links:6000:600 actual_months:12000:5400 contracts:12000:5400 portfolios:15000:2400 commands:24000:2400 widgets:6000:5400
EACH ?= 10
# Compiled modules are kept, whatever the machine's habit: a test run starts dozens of processes.
export PYTHONDONTWRITEBYTECODE :=
WORKERS ?= 2
STAMP := $(VENV)/.app
DEV_STAMP := $(VENV)/.dev
BENCH_STAMP := $(VENV)/.bench
DOCS_STAMP := $(VENV)/.docs

.PHONY: app test unit slow nightly workbook browser check coverage mutants bench fuzz docs pictures dist lock release audit sbom chromium proxy calc

app: $(STAMP)
	$(BIN)/python -m funnel_sim serve --port $(PORT)

# What every change has to pass: of what is alike a part (tests/sweep.py). The rest: make slow.
test: $(DEV_STAMP) chromium calc proxy unit workbook browser

PYTEST := $(BIN)/python -m pytest -q -n 2 --dist worksteal
UNIT := $(PYTEST) --ignore=tests/browser --ignore=tests/workbook
QUICK := -m "not slow and not nightly"

unit: $(DEV_STAMP)
	$(UNIT) $(QUICK)

workbook: $(DEV_STAMP) calc
	$(PYTEST) tests/workbook $(QUICK)

browser: $(DEV_STAMP) chromium proxy
	$(PYTEST) tests/browser $(QUICK)

slow: $(DEV_STAMP) chromium calc proxy
	$(UNIT) -m slow
	$(PYTEST) tests/workbook tests/browser -m slow

nightly: $(DEV_STAMP)
	$(UNIT) -m nightly

check: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Lines of the rooms that compute, run by their own tests and examples; the least share stands in pyproject.toml.
ROOMS := model chance decisions evidence
coverage: $(DEV_STAMP)
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --cov --cov-report=term $(ROOMS:%=tests/%) $(ROOMS:%=funnel_sim/%)

# The first run also learns which tests reach which line (as long as the tests of the rooms take), kept in build/mutants.
mutants: $(DEV_STAMP)
	$(BIN)/python -m tests.mutants --each $(EACH) --seed $(SEED) --workers $(WORKERS)

bench: $(BENCH_STAMP) chromium
	@status=0; for script in benchmarks/[!_]*.py; do \
	  [ $$script = benchmarks/empty_page.py ] && continue; \
	  echo "== $$script"; $(BIN)/python $$script || status=1; done; exit $$status

fuzz: $(DEV_STAMP)
	@status=0; for run in $(FUZZ); do set -- $${run//:/ }; if [ "$(KIND)" = all ] || [ "$(KIND)" = $$1 ]; then \
	  $(BIN)/python -m tests.fuzz --seed $(SEED) --kind $$1 --count $$2 --seconds $$3 || status=1; fi; done; exit $$status

# The site of documentation, into build/docs: open index.html there, or serve the folder to search it. A broken link, or anything that it would load from elsewhere, makes it fail.
docs: $(DOCS_STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "build/docs/index.html; with search: $(BIN)/python -m http.server --bind 127.0.0.1 --directory build/docs 8000"

# The tutorials' pictures anew, from the app as it is.
pictures: $(DEV_STAMP) chromium
	$(BIN)/python scripts/docs_pictures.py

# The wheel and the sdist, from what the locks hold (no network), looked through, and the wheel run from an empty folder.
dist: $(DEV_STAMP)
	@rm -rf dist
	$(BIN)/python -m hatchling build -d dist -t sdist -t wheel
	$(BIN)/python scripts/check_dist.py dist

# The locks anew from pyproject.toml; UPGRADE=--upgrade or UPGRADE="--package NAME" moves versions.
lock: $(DEV_STAMP)
	$(BIN)/python scripts/lock.py $(UPGRADE)

# Known weaknesses of the locked packages (asks the vulnerability services, so it needs the network), and the list of all parts in CycloneDX.
audit: $(DEV_STAMP)
	$(BIN)/uvx --quiet pip-audit==2.9.0 --requirement requirements.lock --require-hashes --disable-pip

sbom: $(DEV_STAMP)
	@mkdir -p build
	$(BIN)/uvx --quiet --from cyclonedx-bom==7.0.0 cyclonedx-py requirements --output-reproducible --of JSON -o build/sbom.json requirements.lock
	@echo build/sbom.json

release: $(DEV_STAMP)
	@test -n "$(VERSION)" || { echo "Which version? make release VERSION=x.y.z"; exit 1; }
	$(BIN)/python scripts/release.py $(VERSION)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is missing. Run: sudo apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); bash scripts/system_packages.sh python3-venv && $(PYTHON) -m venv $(VENV); }

$(STAMP): requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@ $(STAMP)

$(BENCH_STAMP): requirements-bench.lock $(DEV_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.lock
	@touch $@

$(DOCS_STAMP): requirements-docs.lock $(DEV_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.lock
	@touch $@

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || test -n "$$CHROMIUM" \
	  || bash scripts/system_packages.sh chromium
	@fc-list 2>/dev/null | grep -qi cjk || bash scripts/system_packages.sh fonts-noto-cjk fontconfig

# The proxy in front of several processes (deploy/nginx.conf.template) is tried with the real one.
proxy:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || bash scripts/system_packages.sh nginx-light \
	  || echo "Without nginx the proxy's tests are left out." >&2

# The workbook's formulas are recalculated by LibreOffice: the program alone is not enough, its spreadsheet must be there.
calc:
	@test -n "$$SOFFICE" || { command -v soffice >/dev/null && test -e "$$(dirname "$$(readlink -f "$$(command -v soffice)")")/libsclo.so"; } \
	  || bash scripts/system_packages.sh libreoffice-calc
