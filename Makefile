# Every command a person needs; the work is done by scripts/. `make` alone lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup setup-test build run demo dev check test e2e screenshots bench image fmt clean

# One program measures; each run is a target bench-NAME.
BENCH = $(or $(CARGO_TARGET_DIR),target)/release/bench
# Together, as cargo compiles what they share only once then.
BUILD_BENCH = scripts/build.sh backend demo twitch-sim bench
BENCHES = ingest fanout list history chaos reconnect page start stop memory

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what building needs into .tools/ (no root; quick when it is there)
	@scripts/setup.sh

setup-test: ## the same and what the tests need (Chromium, Redis, strace, npm packages)
	@scripts/setup.sh test

build: setup ## build the page and the programs, optimised, into target/release/
	@scripts/build.sh

run: build ## start the server; without Twitch credentials, the demo
	@exec scripts/run.sh

demo: build ## start the demo: the server beside a simulated Twitch
	@exec scripts/run.sh demo

dev: setup ## the demo with hot reload of page (http://localhost:8080) and server
	@exec node scripts/dev.mjs

check: ## formatting, lints, docs, dependency policy, architecture
	@scripts/setup.sh check
	@scripts/check.sh

test: ## check, and all tests: units, API, browser; prints the counts
	@scripts/test.sh

e2e: setup-test ## the browser tests alone; ARGS="…" goes to Playwright
	@scripts/build.sh
	@scripts/e2e.sh $(ARGS)

screenshots: setup-test ## take the pictures in docs/screenshots/
	@scripts/build.sh
	@scripts/e2e.sh --config screenshots.config.ts

bench: setup-test ## every figure against its goal; FULL=1 for the goals' own sizes, ROWS=30000000 for a longer list
	@$(BUILD_BENCH)
	@$(BENCH) all $(if $(FULL),--full) $(if $(ROWS),--rows $(ROWS)) $(ARGS)

bench-check: setup ## the cheap figures against bench/baseline.json; ARGS=--write makes a new one
	@$(BUILD_BENCH)
	@$(BENCH) check --no-results $(ARGS)

# bench-ingest, bench-fanout, …: one figure; ARGS="--help" shows its options.
.PHONY: bench-check bench-browser $(BENCHES:%=bench-%)
$(BENCHES:%=bench-%): bench-%: setup
	@$(BUILD_BENCH)
	@$(BENCH) $* $(ARGS)

bench-browser: setup-test
	@$(BUILD_BENCH)
	@$(BENCH) browser $(ARGS)

image: ## build the container image streamer-event-server
	@docker build --tag streamer-event-server .

fmt: ## format the code
	@cargo fmt --all

clean: ## delete what was built; .tools/ and data/ stay
	@cargo clean
	@rm -rf frontend/dist e2e/test-results
