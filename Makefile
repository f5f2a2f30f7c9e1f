# Every command a person needs; the work is done by scripts/. `make` alone lists them.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup setup-test build run demo dev check test e2e screenshots bench image fmt clean

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

bench: build ## measure start-up, memory and the page's size; results in bench/results/
	@node scripts/bench.mjs

image: ## build the container image streamer-event-server
	@docker build --tag streamer-event-server .

fmt: ## format the code
	@cargo fmt --all

clean: ## delete what was built; .tools/ and data/ stay
	@cargo clean
	@rm -rf frontend/dist e2e/test-results
