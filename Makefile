# Parlour's commands. Each installs what it needs, pinned, and does nothing twice; the work is done by scripts/.

SHELL := /bin/bash
BUILD := target/parlour/parlour
SOURCES := Makefile Cargo.toml Cargo.lock $(wildcard scripts/*build*) scripts/env.sh scripts/split.mjs scripts/reach.mjs scripts/glue.mjs scripts/slim.mjs scripts/precompress.mjs .cargo/config.toml \
	$(shell find signaling relay app frontend server style public -type f -not -path '*/tests/*' -not -path '*/examples/*' \
		-not -path '*/benches/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help build release serve dev test fmt lint unit deny e2e faults networks interop mesh endure size soak bench clean

help: ## Shows this list
	@echo 'Usage: make COMMAND'
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

build: $(BUILD) ## Builds the release into target/parlour/, a folder that runs from anywhere
	@:

$(BUILD): $(SOURCES)
	@scripts/install-build-tools.sh
	@scripts/build.sh

release: build ## Packs the build with its installer into target/parlour-VERSION-linux-ARCH.tar.gz
	@scripts/release.sh

serve: build ## Builds and serves on http://127.0.0.1:3000 (more flags: ARGS='--state-dir DIR')
	@target/parlour/parlour $(ARGS)

dev: ## Serves a debug build, and builds again at every change
	@scripts/install-build-tools.sh
	@source scripts/env.sh && cargo leptos watch $(ARGS)

test: ## Runs every check and test: format, lints, unit, integration, licences, size, browser
	@scripts/test.sh

fmt: ## Formats the code
	@cargo fmt --all

lint: ## Format check and clippy, warnings as errors
	@scripts/test.sh format lints wasm-lints

unit: ## The tests that need no browser
	@scripts/test.sh native

deny: ## Licences, bans, sources and, where their database can be had, security advisories
	@scripts/test.sh deny

e2e: ## Browser tests (some of them: ARGS='devices_in_call.spec.js -g muted')
	@E2E_ARGS='$(ARGS)' scripts/test.sh build e2e

faults: build ## Breaks servers, sockets, networks and tabs under calls, and times recovery (some of it: ARGS='-g cable')
	@scripts/install-test-tools.sh
	@scripts/install-network-tools.sh
	@scripts/faults.sh $(ARGS)

networks: build ## Calls on many networks: NATs, firewalls, IPv6 only; which road, how soon (some of it: ARGS='-g symmetric')
	@scripts/install-test-tools.sh
	@scripts/install-network-tools.sh
	@scripts/networks.sh $(ARGS)

interop: build ## Calls with Firefox, with coturn for a relay, and coturn's clients with ours (some of it: ARGS='-g Firefox')
	@scripts/install-test-tools.sh
	@scripts/install-interop-tools.sh
	@scripts/interop.sh $(ARGS)

mesh: build ## Calls of 2 to 12 in one browser, beside a build that sends everything to everyone (PEOPLE=2,6 WINDOW_S=15)
	@scripts/install-test-tools.sh
	@PARLOUR_FIXED=1 scripts/build.sh
	@node end2end/mesh/mesh.js

endure: build ## An hour of a call of four, in which nothing may grow (MINUTES=60)
	@scripts/install-test-tools.sh
	@node end2end/endure/endure.js

size: build ## What a browser downloads, against the budget, and what weighs most in the WebAssembly
	@scripts/install-test-tools.sh
	@node end2end/size/table.js
	@scripts/wasm-weight.sh

soak: ## Many random schedules of the simulator, then each fuzz target for a while (SCHEDULES=1000000 FUZZ_SECONDS=600)
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) scripts/soak.sh $(or $(SCHEDULES),1000000)

bench: build ## Times joining against a floor and rivals, loads the server, and the relay beside coturn (RUNS=10)
	@scripts/install-test-tools.sh
	@RUNS=$(or $(RUNS),10) scripts/bench.sh

clean: ## Removes what was built here (tools in the user's cache stay)
	@rm -rf target end2end/node_modules end2end/results
