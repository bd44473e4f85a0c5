# Tidings. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo report reports pdf preview check starter site check-source explain review diff export history mail due status approve hold resend pause resume unsubscribe bounces clean-up test-mail test equality lint types hooks clean-notebooks lab bench torture pictures readme-picture data docs schema new-layout translations lock clean

VENV       := .venv
BIN        := $(VENV)/bin
READY      := $(VENV)/ready
PYTHON     ?= python3
EXTRAS     := lab preview postgres clickhouse mysql spark s3 dask dkim xlsx plotly altair docs test bench
TESTED     := lab preview postgres clickhouse s3 dask dkim xlsx plotly altair docs test

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
STATE      ?=
NUMBER     ?=
DAY        ?=
AGENT      ?=
TO         ?=
REBUILD    ?=
ALL        ?=
WHY        ?=
NAME       ?=
export WHY

FOLDERS     = --parameters "$(PARAMETERS)" --outputs "$(OUTPUTS)"
# An option for a variable that the user has set; the defaults above are those of other targets.
given       = $(if $(filter-out file undefined,$(origin $(1))),--$(2) "$($(1))")

ifneq ($(shell command -v uv 2>/dev/null),)
CREATE      = uv venv --quiet --clear --python "$(PYTHON)" $(VENV)
INSTALL     = uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps
else
CREATE      = $(PYTHON) -m venv --clear $(VENV)
INSTALL     = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
endif
# Cells keep their names, and an output that was hidden stays hidden.
STRIP       = $(BIN)/nbstripout --keep-id --keep-metadata-keys "cell.metadata.collapsed"
COMPILE     = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
ONE_LINE    = sed -e :a -e '/\\$$/N' -e 's/ *\\\n */ /' -e ta

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## make the demo's data and its report: page and mail
	@$(BIN)/tidings demo --outputs "$(OUTPUTS)"

report: $(READY) ## make one report: TENANT= PERIOD= PARAMETERS= OUTPUTS= UNFINISHED=1
	@$(BIN)/tidings report "$(TENANT)" --period "$(PERIOD)" --parameters "$(PARAMETERS)" --outputs "$(OUTPUTS)" $(if $(UNFINISHED),--unfinished)

reports: $(READY) ## make the reports of all tenants: PERIOD= TENANTS=a,b JOBS= SCHEDULER= TIME_LIMIT= MEMORY_LIMIT=
	@$(BIN)/tidings reports --period "$(PERIOD)" $(call given,TENANTS,tenants) $(call given,JOBS,jobs) \
		$(call given,SCHEDULER,scheduler) $(call given,TIME_LIMIT,time-limit) $(call given,MEMORY_LIMIT,memory-limit) \
		$(FOLDERS) $(if $(UNFINISHED),--unfinished)

check-source: $(READY) ## say whether a tenant's source can be reported on: TENANT= PERIOD= JSON=1
	@$(BIN)/tidings check-source "$(TENANT)" --period "$(PERIOD)" --parameters "$(PARAMETERS)" $(if $(JSON),--json)

preview: $(READY) $(VENV)/preview ## show page and mail in a browser, again after each save: TENANT= PERIOD= PORT=
	@exec $(BIN)/tidings preview "$(TENANT)" --period "$(PERIOD)" $(call given,PORT,port) --parameters "$(PARAMETERS)" \
		$(if $(UNFINISHED),--unfinished)

pdf: $(READY) ## print one report as a PDF, by Chromium: TENANT= PERIOD= TO=
	@$(BIN)/tidings pdf "$(TENANT)" --period "$(PERIOD)" $(call given,TO,to) $(FOLDERS) $(if $(UNFINISHED),--unfinished)

explain: $(READY) ## show where a number comes from: TENANT= PERIOD= NUMBER= DAY= AGENT= WHERE=column=value ROWS=file.csv
	@$(BIN)/tidings explain "$(TENANT)" --period "$(PERIOD)" --number "$(NUMBER)" $(call given,WHERE,where) \
		$(if $(DAY),--where "day=$(DAY)") $(if $(AGENT),--where "agent=$(AGENT)") $(call given,ROWS,rows) \
		$(FOLDERS) $(if $(UNFINISHED),--unfinished)

mail: $(READY) ## mail finished editions, each to each recipient once: TENANT= PERIOD= DRY_RUN=1
	@$(BIN)/tidings mail $(call given,TENANT,tenant) $(call given,PERIOD,period) $(if $(DRY_RUN),--dry-run) $(FOLDERS)

due: $(READY) ## make and mail what is due, the line for cron: DATE= TENANT= JOBS=
	@$(BIN)/tidings due $(call given,DATE,date) $(call given,TENANT,tenant) $(call given,JOBS,jobs) $(FOLDERS)

status: $(READY) ## show editions and what became of their messages: TENANT= JSON=1
	@$(BIN)/tidings status $(call given,TENANT,tenant) $(if $(JSON),--json) $(FOLDERS)

approve: $(READY) ## release a held edition, on record: TENANT= PERIOD= WHY="…"
	@$(BIN)/tidings approve --tenant "$(TENANT)" --period "$(PERIOD)" --why "$$WHY" $(FOLDERS)

hold: $(READY) ## hold an edition back by hand: TENANT= PERIOD= WHY="…"
	@$(BIN)/tidings hold --tenant "$(TENANT)" --period "$(PERIOD)" --why "$$WHY" $(FOLDERS)

resend: $(READY) ## send again as it was: TENANT= PERIOD= RECIPIENT= FORCE=1, or all that are STATE=refused
	@$(BIN)/tidings resend $(if $(STATE),--state "$(STATE)" $(call given,TENANT,tenant) $(call given,PERIOD,period),--tenant "$(TENANT)" \
		--period "$(PERIOD)" --recipient "$(RECIPIENT)") $(if $(FORCE),--force) $(FOLDERS)

pause: $(READY) ## have a tenant get nothing until it is resumed: TENANT= WHY="…"
	@$(BIN)/tidings pause --tenant "$(TENANT)" --why "$$WHY" $(FOLDERS)

resume: $(READY) ## end a tenant's pause: TENANT=
	@$(BIN)/tidings resume --tenant "$(TENANT)" $(FOLDERS)

unsubscribe: $(READY) ## have an address get no more mail: ADDRESS= (UNDO=1), or LIST= a list or a mailbox
	@$(BIN)/tidings unsubscribe $(call given,ADDRESS,address) $(call given,LIST,list) $(if $(UNDO),--undo) $(FOLDERS)

bounces: $(READY) ## read the mail that came back: MAILBOX=
	@$(BIN)/tidings bounces --mailbox "$(MAILBOX)" $(FOLDERS)

clean-up: $(READY) ## remove old reports and letters that are settled: KEEP=90 days
	@$(BIN)/tidings clean-up $(call given,KEEP,keep) $(FOLDERS)

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

lab: $(READY) $(VENV)/lab ## open the notebook in JupyterLab, at the project's root: TENANT= (whose numbers it shows)
	@exec $(BIN)/tidings lab $(call given,TENANT,tenant) --parameters "$(PARAMETERS)" $(LAB_OPTIONS)

new-layout: $(READY) ## copy the master notebook, for tenants to have a layout of their own: NAME=acme
	@$(BIN)/tidings new-layout "$(NAME)"

schema: $(READY) ## write the JSON Schema of the tenants' files
	@$(BIN)/tidings schema

starter: ## make this project's notebooks, demo parameters and mappings those that new projects begin with, and that are tested
	@cp $(addprefix notebooks/,report.ipynb review.ipynb gallery.ipynb) lib/tidings/starter/notebooks
	@cp parameters/demo.yaml parameters/tenant.schema.json lib/tidings/starter/parameters
	@cp sources/*.sql lib/tidings/starter/sources

translations: $(READY) ## bring the catalogues of translations up to date with what is said: ADD=fr
	@$(BIN)/tidings translations $(call given,ADD,add)

docs: $(READY) ## write the pages of docs/ on metrics, shapes and checks from their definitions
	@$(BIN)/tidings docs

site: $(READY) $(VENV)/docs ## build the documentation as a site in site/, with every link checked
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Tests start hundreds of processes: what one has compiled is there for the next.
test: $(READY) $(TESTED:%=$(VENV)/%) ## run the tests: TESTS=tests/metrics
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses auto --dist loadfile $(TESTS)

equality: $(READY) $(TESTED:%=$(VENV)/%) $(VENV)/mysql $(VENV)/spark ## show on which engines every number is that of files
	@PYTHONPATH=tests $(BIN)/python -W ignore -m support.equality

check: $(READY) $(VENV)/lab ## try the notebooks on the demo's data, and see that they were saved without outputs: TENANT=
	@$(BIN)/tidings check $(if $(filter-out file undefined,$(origin TENANT)),"$(TENANT)") --parameters "$(PARAMETERS)"

lint: $(READY) $(VENV)/test ## check the style of the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY) $(TESTED:%=$(VENV)/%) ## check the types of the library
	@$(BIN)/mypy

hooks: $(READY) $(VENV)/test ## check each commit as it is made (.pre-commit-config.yaml)
	@$(BIN)/pre-commit install

clean-notebooks: $(READY) $(VENV)/lab ## remove the outputs of the notebooks
	@$(STRIP) notebooks/*.ipynb

# ploomber-engine, measured beside ours, has an environment of its own: papermill imports it wherever it is.
bench: $(READY) $(TESTED:%=$(VENV)/%) ## measure, beside the plain way, in one run: SIZE=full for an hour of it
	@$(MAKE) --no-print-directory VENV=.venv-bench .venv-bench/bench
	@PYTHONPATH=tests $(BIN)/python -m bench $(call given,SIZE,size)

torture: $(READY) $(TESTED:%=$(VENV)/%) ## kill runs, fill disks, misbehave as a server: SECONDS=20 for each part, LETTERS=1000 TENANTS=20
	@PYTHONPATH=tests $(BIN)/python -m torture $(call given,SECONDS,seconds) $(call given,LETTERS,letters) \
		$(call given,TENANTS,tenants) $(call given,SEED,seed)

pictures: $(READY) $(VENV)/test ## look at reports of every kind as readers see them, measured: ONLY=demo, or TENANT= PERIOD= PARAMETERS=
	@PYTHONPATH=tests $(BIN)/python -m pictures $(call given,ONLY,only) $(call given,TENANT,tenant) \
		$(call given,PERIOD,period) $(call given,PARAMETERS,parameters)

readme-picture: $(READY) $(VENV)/test ## make the picture of the README anew, from the demo
	@PYTHONPATH=tests $(BIN)/python -m pictures.readme

lock: ## pin the dependencies of pyproject.toml (needs uv): UPGRADE=1 for newer versions of all
	@set -e; new=$$(mktemp -d); trap 'rm -r "$$new"' EXIT; \
	sed 's/^#[a-z0-9][a-z0-9]* //' requirements.lock >"$$new/all"; \
	$(COMPILE) --all-extras $(if $(UPGRADE),--upgrade) --output-file "$$new/all" >/dev/null; \
	$(COMPILE) --constraint "$$new/all" | $(ONE_LINE) >"$$new/core"; \
	{ echo "# Written by make lock. Every line is a package of the core, or after #name what that extra adds."; \
	  cat "$$new/core"; \
	  for extra in build $(EXTRAS); do \
	    $(COMPILE) --constraint "$$new/all" --extra $$extra | $(ONE_LINE) | grep -vxFf "$$new/core" | sed "s/^/#$$extra /"; \
	  done; } >"$$new/lock"; \
	cp "$$new/lock" requirements.lock

clean: ## remove what was made: environment, data, outputs
	@rm -rf $(VENV) .venv-bench data .pytest_cache .ruff_cache .mypy_cache .hypothesis site
	@find outputs -mindepth 1 ! -name .gitkeep -delete

# An environment is what the lock says, so it is made anew when that has changed; what an extra needs is added.
$(READY): pyproject.toml requirements.lock
	@echo "setting up the environment in $(VENV)"
	@$(CREATE)
	@sed 's/^#build //' requirements.lock >$(VENV)/ready.lock
	@$(INSTALL) --require-hashes --requirement $(VENV)/ready.lock
	@$(INSTALL) --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q lib
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c "from tidings.reports import readable; readable.compile_templates()"
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c "import tidings.kernels.rehearsed"
	@touch $@

$(EXTRAS:%=$(VENV)/%): $(VENV)/%: $(READY)
	@echo "adding what $* needs to $(VENV)"
	@sed -n 's/^#$* //p' requirements.lock >$@.lock
	@$(INSTALL) --require-hashes --requirement $@.lock
	@touch $@
