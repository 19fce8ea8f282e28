# The two that matter: `make`, and `make test`. The logic is in tools/; `make help` lists the targets.
names := ALL ARGS BASE CHECK DEST EXAMPLES FEW FORMAT HAR PORT PYTHON REDIS REPLAY SEED STRICT TARGET URL WORKERS WORLD
of_contract := EXAMPLES FEW HAR REDIS REPLAY SEED STRICT TARGET URL WORKERS
of_all := $(of_contract)
of_test := $(of_contract)
of_seeds := EXAMPLES WORKERS
of_mutants := ALL SEED
of_vendor := CHECK DEST
of_mock := ARGS PORT WORLD
of_diff := BASE FORMAT
of_unit := WORKERS
of_lowest := WORKERS
of_acceptance := WORKERS
# A misspelt name, or one of another target, would be passed over: `make contract TARGTE=staging.toml` tests a stand-in.
goals := $(or $(MAKECMDGOALS),all)
taken := $(sort PYTHON $(foreach goal,$(goals),$(of_$(goal))))
given := $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
$(foreach name,$(filter-out $(taken),$(given)),$(error $(name)=: make $(goals) does not take it; it takes $(taken)))
MAKEOVERRIDES :=
# Texts of anybody, such as the name of a branch: neither make nor the shell expands what stands in them.
$(foreach name,$(names),$(eval override $(name) := $$(value $(name))))
export $(names)
# Many tests start commands, which would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=
python := .venv/bin/python
pytest := $(python) -m pytest -q
# An option with the value of a variable, where it has one.
option = $(if $($(1)),--$(2)="$$$(1)")
suite = $(python) -m contract_tests $(call option,WORKERS,numprocesses) $(call option,SEED,seed) $(call option,EXAMPLES,examples) $(if $(STRICT),--strict-facts)
target = $(call option,TARGET,target) $(call option,URL,url) $(if $(FEW),--few) $(call option,REDIS,redis)
target += $(call option,REPLAY,replay) $(call option,HAR,har) --report=contract-report

page := ventia_mock/page/reference.html

.PHONY: all help setup generate check vendor contract seeds mutants reference mock diff style lint types unit lowest acceptance test soak bench build release-check lock
all: generate contract ## set up, generate what is stale, and hold the stand-in to the contract

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: .venv/ready ## install what requirements.lock pins into .venv
.venv/ready: requirements.lock
	"$${PYTHON:-python3}" -m venv --clear .venv && $(python) -m pip install -q --require-hashes --no-deps -r requirements.lock
	$(python) -m pip install -q --no-deps --no-build-isolation --editable . --editable tools/publish/ventia_mock --editable tools/publish/ventia_contract
	@touch $@

generate: setup ## write generated/ventia_client from the document, if it is stale
	@$(python) -S tools/provenance.py || $(python) -m tools.generate

check: setup ## fail if generated/ventia_client is not what the document makes
	$(python) -m tools.generate --check

vendor: setup ## copy the client into DEST=path/to/app/_vendor, or compare the copy there [CHECK=1]
	@$(python) -m tools.vendor $(if $(CHECK),--check) -- "$$DEST"$(if $(DEST),,$(error say where: make vendor DEST=path/to/app/_vendor))

contract: setup ## hold a server to the contract: the stand-in, or the one of TARGET=file.toml [URL=...] [FEW=1] [SEED=...] [HAR=...] [STRICT=1]: docs/contract.md
	$(suite) $(target)

seeds: setup ## the contract suite against the stand-in, over 50 seeds
	for seed in $$(seq 50); do $(suite) --seed=$$seed || exit 1; done

mutants: setup ## four minutes of the suite against faulty servers, clients and code, drawn by the seed [SEED=...] [ALL=1: all of it]
	$(python) -m contract_tests.mutants $(call option,SEED,seed) $(if $(ALL),--all)

reference: $(page) ## the API's reference page, which the stand-in serves at /reference
$(page): .venv/ready openapi/ventia.yaml overlays/document/reference.yaml $(wildcard tools/*.py tools/overlay/*.py tools/publish/reference.* ventia_document/*.py)
	@$(python) -m tools.reference >&2

mock: reference ## serve the stand-in on PORT (8080) [WORLD=file.yaml] [ARGS="--no-rate-limit ...": more options]
	set -f; exec $(python) -m ventia_mock --port="$${PORT:-8080}" $(call option,WORLD,world) $$ARGS

diff: setup ## what changed since BASE=revision, and whether the version covers it [FORMAT=json|markdown]
	@$(MAKE) -s --no-print-directory generate >&2
	@$(python) -m tools.diff $(call option,FORMAT,format) -- "$$BASE"$(if $(BASE),,$(error say since when: make diff BASE=revision))

style: setup ## the style of the code, and what is unsafe in the workflows
	$(python) -m ruff check . && $(python) -m ruff format --check . && .venv/bin/zizmor --offline --quiet .github

lint: setup ## what is wrong with the document, or with it under an overlay
	@$(python) -m tools.lint

types: setup ## mypy --strict, and pyright's strict mode on the client
	$(python) -m mypy && .venv/bin/basedpyright

# More workers than cores, since many tests wait.
tests := $(pytest) tests -n "$${WORKERS:-4}" --dist=worksteal
unit: setup ## the fast tests
	$(tests) --ignore=tests/acceptance -m "not acceptance and not soak"

# In an environment of its own: the locked libraries, and above them the oldest ones that the wheels allow.
oldest := .cache/lowest
uv_pip := .venv/bin/uv pip
lowest: setup ## the fast tests of client, stand-in and document, with the oldest libraries that the wheels allow
	.venv/bin/uv venv -q --clear $(oldest) && $(uv_pip) install -q -p $(oldest) --no-deps -r requirements.lock -e . -e tools/publish/ventia_mock
	$(uv_pip) compile -q --resolution lowest-direct --extra redis pyproject.toml tools/publish/ventia_mock/pyproject.toml | $(uv_pip) install -q -p $(oldest) -r -
	$(oldest)/bin/python -m pytest -q tests/client tests/mock tests/document -n "$${WORKERS:-4}" -m "not acceptance and not soak"

acceptance: setup ## the tests that run whole commands and suites, the contract suite among them
	$(tests) -m "acceptance or soak"

seeds test: override STRICT := 1
test: style lint types check unit acceptance contract ## everything

soak: setup ## the long proofs: 40,000 sends through faults, 10,000 hostile requests, minutes at rate limit and full rate, all rows of tables
	SENDS=20000 SOAK=20000 CANCELLED=10000 JOBS=2000 STRIDE=1 FULL_TILT="200 60 250" FULL_RATE=600 FUZZ_REQUESTS=10000 $(pytest) tests -m "soak or thinned" \
		--log-level=INFO -rP

bench: setup ## the client beside bare httpx, the stand-in beside its peers, generating beside the bare generator
	$(python) -m benchmarks.client
	$(python) -m benchmarks.mock
	$(python) -m benchmarks.generate

build: generate reference ## the wheels of the client and of the stand-in, and the sdist of both, in dist/
	$(python) -m hatchling build
	cd tools/publish/ventia_mock && ../../../$(python) -m hatchling build -t wheel -d ../../../dist

release-check: generate reference ## prove that what would be released works: built, installed where nothing else is, and used
	$(python) -m tools.release

lock: setup ## resolve requirements.lock anew from pyproject.toml
	.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--extra redis --group dev pyproject.toml tools/publish/ventia_mock/pyproject.toml -o requirements.lock
