# The two that matter: `make`, and `make test`. The logic is in tools/; `make help` lists the targets.
PYTHON ?= python3
# Many tests start commands, which would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=
python := .venv/bin/python
pytest := $(python) -m pytest -q
suite := $(pytest) contract_tests -p no:cacheprovider $(if $(SEED),--seed=$(SEED)) $(if $(EXAMPLES),--examples=$(EXAMPLES)) $(if $(STRICT),--strict-facts)
workers = --maxprocesses=4 -n $(or $(WORKERS),$(if $(TARGET)$(URL)$(REPLAY),0,auto))
target := $(if $(TARGET),--target=$(TARGET)) $(if $(URL),--url=$(URL)) $(if $(FEW),--few) $(workers)
target += $(if $(REDIS),--redis=$(REDIS)) $(if $(REPLAY),--replay=$(REPLAY)) $(if $(HAR),--har=$(HAR)) --report=contract-report

page := ventia_mock/page/reference.html

.PHONY: all help setup generate check vendor contract seeds mutants reference mock diff style lint types unit acceptance test soak bench build release-check lock
all: generate contract ## set up, generate what is stale, and hold the stand-in to the contract

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: .venv/ready ## install what requirements.lock pins into .venv
.venv/ready: requirements.lock
	$(PYTHON) -m venv --clear .venv && $(python) -m pip install -q --require-hashes -r requirements.lock
	$(python) -m pip install -q --no-deps --no-build-isolation --editable .
	@touch $@

generate: setup ## write generated/ventia_client from the document, if it is stale
	@$(python) -S tools/provenance.py || $(python) -m tools.generate

check: setup ## fail if generated/ventia_client is not what the document makes
	$(python) -m tools.generate --check

vendor: setup ## copy the client into DEST=path/to/app/_vendor, or compare the copy there [CHECK=1]
	@$(python) -m tools.vendor $(if $(CHECK),--check) -- "$(or $(DEST),$(error say where: make vendor DEST=path/to/app/_vendor))"

contract: setup ## hold a server to the contract: the stand-in, or the one of TARGET=file.toml [SEED=...] [EXAMPLES=...] [STRICT=1]
	$(suite) $(target)

seeds: setup ## the contract suite against the stand-in, over 50 seeds
	for seed in $$(seq 50); do $(suite) $(workers) --seed=$$seed || exit 1; done

mutants: setup ## the contract suite against faulty servers and clients [SEED=...] [ALL=1: and changes that nobody chose]
	$(python) -m contract_tests.mutants $(if $(SEED),--seed=$(SEED)) $(if $(ALL),,--alone)
	$(if $(ALL),$(python) -m contract_tests.mutants.code $(if $(SEED),--seed=$(SEED)) --all)

reference: $(page) ## the API's reference page, which the stand-in serves at /reference
$(page): .venv/ready openapi/ventia.yaml overlays/document/reference.yaml $(wildcard tools/*.py tools/overlay/*.py tools/publish/reference.* ventia_document/*.py)
	@$(python) -m tools.reference >&2

mock: reference ## serve the stand-in on PORT (8080), with the world of WORLD=file.yaml
	$(python) -m ventia_mock --port $(or $(PORT),8080) $(if $(WORLD),--world $(WORLD))

diff: setup ## what changed since BASE=revision, and whether the version covers it [FORMAT=json|markdown]
	@$(MAKE) -s --no-print-directory generate >&2
	@$(python) -m tools.diff $(if $(FORMAT),--format=$(FORMAT)) -- "$(or $(BASE),$(error say since when: make diff BASE=revision))"

style: setup ## the style of the code
	$(python) -m ruff check . && $(python) -m ruff format --check .

lint: setup ## what is wrong with the document, or with it under an overlay
	@$(python) -m tools.lint

types: setup ## mypy --strict, and pyright's strict mode on the client
	$(python) -m mypy && .venv/bin/basedpyright

# More workers than cores, since many tests wait.
tests := $(pytest) tests -n $(or $(WORKERS),4) --dist=worksteal
unit: setup ## the fast tests
	$(tests) --ignore=tests/acceptance -m "not acceptance and not soak"

acceptance: setup ## the tests that run whole commands and suites, the contract suite among them
	$(tests) -m "acceptance or soak"

seeds test: STRICT = 1
test: style lint types check unit acceptance contract ## everything

soak: setup ## the long proofs: 40,000 sends through faults, four minutes at the rate limit, 10,000 hostile requests
	SENDS=20000 SOAK=20000 CANCELLED=10000 JOBS=2000 STRIDE=1 FULL_TILT="200 60 250" FUZZ_REQUESTS=10000 $(pytest) tests -m soak \
		--log-level=INFO -rP

bench: setup ## the client beside bare httpx, the stand-in beside its peers, generating beside the bare generator
	$(python) -m benchmarks.client
	$(python) -m benchmarks.mock
	$(python) -m benchmarks.generate

build: generate reference ## the wheel and the sdist, in dist/
	$(python) -m hatchling build

release-check: generate reference ## prove that what would be released works: built, installed where nothing else is, and used
	$(python) -m tools.release

lock: setup ## resolve requirements.lock anew from pyproject.toml
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--all-extras --group dev pyproject.toml -o requirements.lock
