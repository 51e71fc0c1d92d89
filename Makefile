# Entente: everything that is done with this project, by name. `make` alone prints the list.

PYTHON ?= python3
# One worker more than there are cores: tests wait for databases and children.
JOBS ?= $(shell expr $$(nproc) + 1)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Tests write thousands of small databases: in memory where there is room for them (4 GB), else on disk.
ROOMY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 {print "/dev/shm"}')
SCRATCH ?= $(or $(TMPDIR),$(ROOMY),/tmp)
# A run starts hundreds of programs: what one has compiled, the next one reads.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo serve work test check fmt migrate messages bench screenshots docs

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make the environment in .venv from the lock, and nothing else

$(STAMP): requirements-dev.lock scripts/make-environment
	@PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/make-environment
	@touch $(STAMP)

demo: setup ## Play one request from draft to closed, then serve it on 127.0.0.1:8000
	@$(BIN)/entente demo $(ARGS)

serve: setup ## Serve the API on 127.0.0.1:8000
	@$(BIN)/entente serve $(ARGS)

work: setup ## Run the background jobs: relay and deadlines
	@$(BIN)/entente work

# While what tests need is fetched, their code is compiled, once for all workers.
# The checks run beside the tests and are told after them: a fault of style hides no test.
test: setup ## Install what tests need, check, and run every test on both databases
	@TMPDIR=$(SCRATCH) $(BIN)/python -m pytest --collect-only -qq $(ARGS) > /dev/null 2>&1 & \
	scripts/install-test-needs; installed=$$?; wait; exit $$installed
	@$(MAKE) --no-print-directory check > $(VENV)/check.log 2>&1 & checking=$$!; \
	TMPDIR=$(SCRATCH) $(BIN)/python -m pytest -n $(JOBS) $(ARGS); tested=$$?; \
	wait $$checking; checked=$$?; cat $(VENV)/check.log; \
	if [ $$checked != 0 ]; then echo "The checks beside the tests found faults: make check"; fi; \
	[ $$tested = 0 ] && [ $$checked = 0 ]

check: setup ## Lint, formatting, types and the walls between packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fmt: setup ## Format the code and mend what can be mended by itself
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

migrate: setup ## Bring the database to the newest schema
	@$(BIN)/entente migrate

messages: setup ## Gather what packs and pages say into the catalogues of the languages
	@$(BIN)/python -m scripts.messages

bench: setup ## Measure side by side with peers and with the physical limit
	@$(BIN)/python -m bench

screenshots: setup ## Pictures of the pages into screenshots/, in English and Arabic, wide and narrow
	@scripts/install-test-needs
	@$(BIN)/python -m scripts.screenshots $(ARGS)

docs: setup ## Write docs/openapi.json and docs/workflows.md anew from the code
	@$(BIN)/python -m scripts.docs
