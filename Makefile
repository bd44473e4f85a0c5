# Tidings. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo report reports review diff export history mail due status resend test-mail test lint lab bench data docs schema lock clean

VENV       := .venv
BIN        := $(VENV)/bin
READY      := $(VENV)/ready
PYTHON     ?= python3

TENANT     ?= demo
PERIOD     ?= latest
PARAMETERS ?= parameters
OUTPUTS    ?= outputs
UNFINISHED ?=
MESSAGES   ?= 120000
WEEKS      ?= 9
JSON       ?=
FORCE      ?=
RECIPIENT  ?=
TO         ?=
REBUILD    ?=
ALL        ?=

FOLDERS     = --parameters "$(PARAMETERS)" --outputs "$(OUTPUTS)"
# An option for a variable that the user has set; the defaults above are those of other targets.
given       = $(if $(filter-out file undefined,$(origin $(1))),--$(2) "$($(1))")

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## make the demo's data and its report: page and mail
	@$(BIN)/tidings demo --outputs "$(OUTPUTS)"

report: $(READY) ## make one report: TENANT= PERIOD= PARAMETERS= OUTPUTS= UNFINISHED=1
	@$(BIN)/tidings report "$(TENANT)" --period "$(PERIOD)" --parameters "$(PARAMETERS)" --outputs "$(OUTPUTS)" $(if $(UNFINISHED),--unfinished)

reports: $(READY) ## make the reports of all tenants: PERIOD= TENANTS=a,b JOBS= SCHEDULER= TIME_LIMIT= MEMORY_LIMIT=
	@$(BIN)/tidings reports --period "$(PERIOD)" $(call given,TENANTS,tenants) $(call given,JOBS,jobs) \
		$(call given,SCHEDULER,scheduler) $(call given,TIME_LIMIT,time-limit) $(call given,MEMORY_LIMIT,memory-limit) \
		$(FOLDERS) $(if $(UNFINISHED),--unfinished)

mail: $(READY) ## mail finished editions, each to each recipient once: TENANT= PERIOD=
	@$(BIN)/tidings mail $(call given,TENANT,tenant) $(call given,PERIOD,period) $(FOLDERS)

due: $(READY) ## make and mail what is due, the line for cron: DATE= TENANT= JOBS=
	@$(BIN)/tidings due $(call given,DATE,date) $(call given,TENANT,tenant) $(call given,JOBS,jobs) $(FOLDERS)

status: $(READY) ## show editions and what became of their letters: TENANT= JSON=1
	@$(BIN)/tidings status $(call given,TENANT,tenant) $(if $(JSON),--json) $(FOLDERS)

resend: $(READY) ## send one letter again as it was: TENANT= PERIOD= RECIPIENT= FORCE=1
	@$(BIN)/tidings resend --tenant "$(TENANT)" --period "$(PERIOD)" --recipient "$(RECIPIENT)" $(if $(FORCE),--force) $(FOLDERS)

test-mail: $(READY) ## send the real message, marked, to yourself: TO= TENANT= PERIOD=
	@$(BIN)/tidings test-mail --to "$(TO)" --tenant "$(TENANT)" $(call given,PERIOD,period) $(FOLDERS)

review: $(READY) ## show all tenants of a batch on one page, the worst first: PERIOD=
	@$(BIN)/tidings review $(call given,PERIOD,period) $(FOLDERS)

diff: $(READY) ## show where two editions differ: TENANT= PERIOD= AGAINST= (a period, or earlier) ALL=1
	@$(BIN)/tidings diff "$(TENANT)" $(call given,PERIOD,period) $(call given,AGAINST,against) $(if $(ALL),--all) $(FOLDERS)

export: $(READY) ## write every recorded value to a file: FORMAT=csv|parquet|xlsx TENANT= PERIOD= TO=
	@$(BIN)/tidings export $(call given,FORMAT,format) $(call given,TENANT,tenant) $(call given,PERIOD,period) \
		$(call given,TO,to) --outputs "$(OUTPUTS)"

history: $(READY) ## bring the history of recorded values up to date: REBUILD=1
	@$(BIN)/tidings history $(if $(REBUILD),--rebuild) --outputs "$(OUTPUTS)"

data: $(READY) ## make demo data: MESSAGES= WEEKS=
	@$(BIN)/tidings demo-data --messages "$(MESSAGES)" --weeks "$(WEEKS)"

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab $(LAB_OPTIONS) notebooks/report.ipynb

schema: $(READY) ## write the JSON Schema of the tenants' files
	@$(BIN)/tidings schema

docs: $(READY) ## write docs/metrics.md from the metrics' definitions
	@$(BIN)/tidings docs

test: $(READY) ## run the tests: TESTS=tests/metrics
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(TESTS)

lint: $(READY) ## check the style of the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: $(READY) ## measure, beside the plain way, in one run: SIZE=full for an hour of it
	@PYTHONPATH=tests $(BIN)/python -m bench $(call given,SIZE,size)

lock: ## pin the dependencies anew, from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements.lock

clean: ## remove what was made: environment, data, outputs
	@rm -rf $(VENV) data .pytest_cache .ruff_cache .hypothesis
	@find outputs -mindepth 1 ! -name .gitkeep -delete

$(READY): pyproject.toml requirements.lock
	@echo "setting up the environment in $(VENV)"
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV) && \
		uv pip install --quiet --python $(BIN)/python --requirement requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $@
