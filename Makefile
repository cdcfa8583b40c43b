# The only list of commands; CI calls nothing else. `make` lists them.

CACHE ?= $(or $(THAW_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/thaw)
# One target folder for all clones: a second clone starts warm.
CARGO_TARGET_DIR ?= $(CACHE)/target
export CARGO_TARGET_DIR
export THAW_CACHE := $(abspath $(CACHE))
export PATH := $(CACHE)/bin:$(PATH)
ifdef CI
export CARGO_INCREMENTAL := 0
endif

# Always the whole workspace: a selection of packages would resolve other features for the shared
# dependencies and build hundreds of crates once more.
BUILD := cargo build --locked --workspace --bin
BIN := $(CARGO_TARGET_DIR)/debug
BUILTINS := toolchain/sbf/builtins/src/lib.rs
# The crates of the fuzz workspace; their modules follow.
FUZZED := fuzz/src/lib.rs fuzz/src/math.rs fuzz/src/accounts.rs fuzz/sysvar/src/lib.rs \
  fuzz/cpi/src/lib.rs fuzz/epoch-stake/src/lib.rs

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-build setup-test setup-app build cli idl idl-check app-client web fmt \
  lint lint-app lint-rust test test-app test-matrix soak fuzz mutants mutants-math audit audit-offline \
  reproduce bench bench-build bench-check bench-keeper run validator-test check clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: setup-test setup-app ## install what the other commands need (they do it themselves)

setup-build:
	@toolchain/apt-install build-essential pkg-config libssl-dev
	@toolchain/install-rust
	@toolchain/has-platform-tools || toolchain/sbf/setup
	@toolchain/claim-target

setup-test: setup-build
	@toolchain/apt-install chromium
	@toolchain/install-nextest
	@toolchain/fetch-peers

setup-app:
	@toolchain/install-app

build: setup-build ## build the program into target/deploy/thaw.so, and the example that calls it
	@toolchain/build-program programs/thaw thaw
	@toolchain/build-program programs/vault-example vault_example
	@toolchain/build-program tests/forwarder forwarder

cli: setup-build ## build the command line and say where it is
	@$(BUILD) thaw --quiet
	@echo $(BIN)/thaw

idl: setup-build ## write idls/thaw.json, docs/instructions.md, crates/interface from the program's source
	@$(BUILD) thaw-idl --quiet
	@$(BIN)/thaw-idl

idl-check: setup-build ## fail when what make idl writes is stale
	@$(BUILD) thaw-idl --quiet
	@$(BIN)/thaw-idl --check

app-client: setup-app ## write app/client/src/generated from idls/thaw.json
	@cd app && npm run --silent generate

web: setup-app ## build the web app into app/web/dist
	@cd app && npm run --silent build

fmt: setup-build setup-app ## format the sources
	@cargo fmt --all
	@rustfmt --edition 2021 --style-edition 2024 $(BUILTINS)
	@rustfmt --edition 2024 $(FUZZED)
	@cd app && npm run --silent format

lint: lint-rust lint-app ## check format, lints, types and rustdoc, warnings are errors

lint-app: setup-app
	@cd app && npm run --silent generate -- --check && npm run --silent lint

lint-rust: setup-build
	@cargo fmt --all --check
	@rustfmt --edition 2021 --style-edition 2024 --check $(BUILTINS)
	@rustfmt --edition 2024 --check $(FUZZED)
	@cargo clippy --locked --manifest-path fuzz/Cargo.toml -- -D warnings
	@cargo clippy --locked --workspace --all-targets -- -D warnings
	@# By itself, so that the older crates behind the router's trait change no features of the others.
	@cargo clippy --locked -p thaw-jupiter --features published -- -D warnings
	@RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --quiet

test-app: setup-test build web ## the app's tests: units, then the pages in Chromium on a local network
	@cargo build --locked --workspace --bins --quiet
	@cd app && npm test --silent
	@cd app && npm run --silent e2e

test: setup-test build idl-check bench-check lint audit-offline test-app ## run everything that must pass before a merge
	@cargo test --locked --workspace --doc --quiet
	@cargo nextest run --locked --workspace

test-matrix: setup-test build ## the program tests under each stake program, each level of rent and all features, 12 minutes; not part of test
	@toolchain/test-matrix

FUZZ_RUNS ?= 500000
FUZZ_SEED ?= $(shell date +%s)

fuzz: setup-test build ## mutated instructions, arithmetic and the program's memory, FUZZ_RUNS executions from FUZZ_SEED, about 25 minutes
	@THAW_FUZZ_RUNS=$(FUZZ_RUNS) THAW_FUZZ_SEED=$(FUZZ_SEED) \
	  cargo test --locked --workspace --quiet --test fuzz -- --nocapture
	@toolchain/fuzz-native math $$(($(FUZZ_RUNS) * 10))
	@toolchain/fuzz-native accounts $(FUZZ_RUNS)

mutants: setup-test build ## leave out each check of the program in turn: a test must notice; goes on where it was stopped
	@toolchain/mutants/build $(CACHE)/mutants
	@node toolchain/mutants/run.mjs $(CACHE)/mutants

mutants-math: setup-build ## the same for every operator and result of crates/math
	@toolchain/install-cargo-tool cargo-mutants
	@toolchain/mutants/math

audit: setup-build setup-app ## licences, sources and advisories of all dependencies; AUDIT_OFFLINE=1 forgives a database that cannot be asked
	@toolchain/install-cargo-tool cargo-deny
	@toolchain/audit

audit-offline: setup-build setup-app
	@toolchain/install-cargo-tool cargo-deny
	@toolchain/audit --no-advisories

reproduce: setup-build ## build the program twice from nothing, in two folders, and compare the bytes
	@toolchain/reproduce

# What a soak does, and where its random runs begin: each soak sees others.
SOAK := RUST_LOG=warn cargo nextest run --locked --workspace --no-capture --profile soak -E
MODEL_SEED ?= $(shell date +%s)
MODEL_STEPS ?= 2000000
LOAD_ACTIONS ?= 10000

soak: setup-test build ## millions of random steps and a long load, with their figures
	@cargo build --locked --workspace --bins --quiet
	@MODEL_SEED=$(MODEL_SEED) MODEL_STEPS=$(MODEL_STEPS) $(SOAK) 'binary(model) & test(environment)'
	@LOAD_ACTIONS=$(LOAD_ACTIONS) $(SOAK) 'test(under_load)'
	@$(MAKE) --no-print-directory fuzz

bench-build: build
	@toolchain/fetch-peers
	@toolchain/build-program benches/floor thaw_floor
	@$(BUILD) thaw-benches --quiet

bench: bench-build ## measure Thaw beside the SPL stake pool; write results, tables and pictures
	@$(BIN)/thaw-benches

bench-check: bench-build ## fail when a figure grew by more than 2 %, or a table is stale
	@$(BIN)/thaw-benches --check

bench-keeper: setup-test build ## measure how long a keeper needs for 1,000 and 10,000 validators
	@cargo build --locked --workspace --bins --quiet
	@for n in 1000 10000; do KEEPER_VALIDATORS=$$n RUST_LOG=error cargo nextest run --locked \
	  --workspace --no-capture --profile soak -E 'test(keeps_pace)' || exit 1; done

run: build web ## a pool's life on a local network, then it stays up; ONCE=1 ends after the story
	@echo "building the local network; the first time takes 10 to 20 minutes"
	@$(BUILD) thaw-story
	@$(BIN)/thaw-story

validator-test: build ## the same story on a real validator, with real votes and rewards; not part of test
	@toolchain/install-validator
	@$(BUILD) thaw-story
	@toolchain/validator-test $(BIN)/thaw-story target/deploy/thaw.so target/deploy/vault_example.so

check: test ## what CI runs

clean: ## remove this clone's output; the shared cache stays
	@rm -rf target
