# Kosu. `make` lists what there is. Needs Python 3.11 or later with venv, and make; all else comes in wheels.

.DEFAULT_GOAL := help
.PHONY: help setup up test chaos schema web-dev web-check screenshots lint images check format bench openapi migration lock reset

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# What is installed is told by the names of empty files, made from a checksum: nothing is installed twice, and a change
# of the requirements, or of the checkout's place, is noticed whatever the times of the files.
checksum = $(shell (pwd; cat $(1)) | cksum | cut -d' ' -f1)
VENV_MADE := $(VENV)/.made-$(call checksum,requirements/bootstrap.txt)
EMBEDDED_INSTALLED := $(VENV)/.embedded-$(call checksum,pyproject.toml requirements/bootstrap.txt requirements/embedded.txt)
DEV_INSTALLED := $(VENV)/.dev-$(call checksum,pyproject.toml requirements/bootstrap.txt requirements/dev.txt)
WEB_INSTALLED := web/node_modules/.made-$(call checksum,web/package.json web/package-lock.json requirements/dev.txt)
NPM := cd web && ../$(BIN)/python -m entrypoints.embedded.node

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s%s\n", $$1, $$2}' Makefile

setup: $(DEV_INSTALLED) ## make .venv with all that development needs

up: $(EMBEDDED_INSTALLED) ## run everything on this machine; Ctrl-C stops it (ARGS="--port 9000")
	@$(BIN)/kosu up $(ARGS)

test: $(DEV_INSTALLED) ## run the tests, on servers of their own (ARGS="tests/modules -k upload")
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

chaos: $(DEV_INSTALLED) ## kill parts of a stack under load, 20 rounds, and look what is lost (make test has the first 2)
	@KOSU_CHAOS_ROUNDS=20 $(BIN)/python -m pytest -s tests/chaos $(ARGS)

schema: $(DEV_INSTALLED) ## ask the API far more of what its document allows than `make test` does (takes minutes)
	@KOSU_SCHEMA_EXAMPLES=100 $(BIN)/python -m pytest -p no:logging tests/hostile/test_schema.py $(ARGS)

web-dev: $(WEB_INSTALLED) ## run everything, the web client from its sources as they change (ARGS="--port 9000")
	@$(BIN)/kosu up --web-dev $(ARGS)

web-check: $(WEB_INSTALLED) ## all checks of the web client: lint, format, types, fresh types of the API, unit tests
	@$(NPM) run -s lint
	@$(NPM) run -s format:check
	@$(NPM) run -s types:check
	@$(NPM) run -s typecheck
	@$(NPM) test -s

screenshots: $(DEV_INSTALLED) ## pictures of every screen into screenshots/; fails where one is broken (ARGS="--only studio")
	@$(BIN)/python -m tests.web.screenshots $(ARGS)

lint: $(DEV_INSTALLED) ## all checks that run nothing: lint, format, types, imports, migrations, delivery, secrets
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m migrations.lint
	@$(BIN)/shellcheck -x .ci/run requirements/install.sh deploy/*.sh deploy/*/*.sh
	@$(BIN)/hadolint Dockerfile web/Dockerfile
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.compose-spec compose.yaml
	@$(BIN)/bandit -q -c pyproject.toml -r src entrypoints migrations
	@git rev-parse -q --git-dir >/dev/null || { echo "not a checkout of git: committed secrets are not looked for"; exit 0; }; \
		git ls-files -z -- ':!requirements/*.txt' ':!web/package-lock.json' ':!openapi.json' ':!web/src/lib/api/schema.d.ts' \
		| xargs -0 $(BIN)/detect-secrets-hook --no-verify --baseline .secrets.baseline

images: $(DEV_INSTALLED) ## build all images without a Docker daemon, and try them (ARGS=FOLDER keeps what takes long)
	@sh deploy/check-images.sh $(ARGS)

check: lint web-check test ## lint, check the web client, then test: what has to pass before a merge

format: $(DEV_INSTALLED) ## format the code, and fix what can be fixed
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

bench: $(DEV_INSTALLED) ## run the benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

openapi: $(DEV_INSTALLED) ## write openapi.json anew, and the web client's types of it
	@$(BIN)/python -m entrypoints.api.openapi > openapi.json.new && mv openapi.json.new openapi.json
	@if [ -d web/node_modules ]; then $(NPM) run -s types; else echo "the web client's types are older: make web-check tells"; fi

migration: $(DEV_INSTALLED) ## write the migration that the tables need (m="add coupons")
	@test -n "$(m)" || { echo 'say what it does: make migration m="add coupons"'; exit 1; }
	@$(BIN)/kosu migrate --new "$(m)"

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(ARGS)

lock: $(DEV_INSTALLED) ## resolve the requirements anew (ARGS=--upgrade for the newest versions)
	@$(COMPILE) --group pyproject.toml:bootstrap -o requirements/bootstrap.txt
	@$(COMPILE) pyproject.toml --extra media --extra tracing -o requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra embedded --group build -o requirements/embedded.txt
	@$(COMPILE) pyproject.toml --extra embedded --extra tracing --group dev -o requirements/dev.txt

reset: ## remove .kosu with all data of `make up` (FORCE=1 does not ask)
	@if [ -f .kosu/lock ] && kill -0 "$$(cat .kosu/lock)" 2>/dev/null; then echo "stop make up first"; exit 1; fi
	@if [ -z "$(FORCE)" ]; then \
		printf 'Remove .kosu with all its data? [y/N] '; read -r answer; [ "$$answer" = y ] || exit 1; fi
	@rm -rf .kosu

$(VENV_MADE):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "making $(VENV) with $$("$$python" --version)"; \
			"$$python" -m venv --clear $(VENV) || exit 1; \
			$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt || exit 1; \
			touch $@; exit 0; \
		fi; \
	done; \
	echo "Kosu needs Python 3.11 or later with venv (on Debian and Ubuntu: apt install python3-venv)"; exit 1

$(EMBEDDED_INSTALLED): | $(VENV_MADE)
	@echo "installing the packages that Kosu runs on"
	@sh requirements/install.sh $(BIN) requirements/embedded.txt
	@rm -f $(VENV)/.embedded-* && touch $@

$(DEV_INSTALLED): | $(VENV_MADE)
	@echo "installing the packages for development"
	@sh requirements/install.sh $(BIN) requirements/dev.txt
	@rm -f $(VENV)/.dev-* $(VENV)/.embedded-* && touch $@ $(EMBEDDED_INSTALLED)

$(WEB_INSTALLED): | $(DEV_INSTALLED)
	@echo "installing the packages of the web client"
	@$(NPM) ci --prefer-offline --no-audit --no-fund
	@touch $@
