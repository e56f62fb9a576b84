# make help lists the targets. make run and make test need nothing but Go, Node,
# make and git; what else the tests use is installed or named by scripts/need.
SHELL := /bin/bash
ADDR  ?= 127.0.0.1:8080
DATA  ?= ./kosmos-data
BIN   := bin/kosmos
# packages tested at the same time
P     ?= 2
PKGS  ?= ./...
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test-results/*' 2>/dev/null)
PG    := go run ./internal/base/db/dbtest/pgtemp --

.PHONY: help run web build test need lint fmt generated generate test-go test-race test-web test-e2e fuzz bench soak openapi map release shots risk-report risk-model clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: build ## build everything and serve a demo brand on http://127.0.0.1:8080
	$(BIN) --data $(DATA) serve --demo --addr $(ADDR)

web: web/dist/index.html ## build the pages

web/node_modules/.installed: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

build: web/dist/index.html ## build bin/kosmos with its pages
	go build -ldflags '-X main.version=$(VERSION)' -o $(BIN) ./cmd/kosmos

STAGES := need lint test-web build generated test-go test-race test-e2e fuzz
test: ## install what the tests need and run all of them
	@scripts/stages $(STAGES)

need: ## install (root on Debian) or name what the tests need
	@scripts/need git gcc node postgresql postgresql-client chromium fonts-noto-cjk python3 zbar-tools tesseract-ocr tesseract-ocr-chi-sim

bin/golangci-lint: tools/go.mod tools/go.sum
	GOBIN=$(CURDIR)/bin go install -C tools tool

lint: bin/golangci-lint ## lint Go code
	bin/golangci-lint run ./...
	@scripts/vulns

fmt: bin/golangci-lint ## format Go code and mend what can be mended
	bin/golangci-lint run --fix $(PKGS)

test-go: ## Go tests on SQLite and PostgreSQL
	$(PG) go test -p $(P) -timeout 15m $(PKGS)

# Only the translated C is left out: a whole driver without instrumentation would lend its copies of generic code
# (sync.Map's) to the others at link time, and every cache of the standard library would look racy.
# Tests that ask one thing after another of a whole program, or end it, find no races and took most of the time.
NORACE := ^Test(Authorization|SandboxShowsWhatItInvented|.*SurvivesKill|DeliveriesSurviveKill)$$
test-race: ## the same with the race detector (the SQLite engine itself left out: 25 times faster)
	$(PG) env CGO_ENABLED=1 go test -p $(P) -timeout 15m -race -gcflags='modernc.org/sqlite/lib=-race=false' -skip '$(NORACE)' $(PKGS)

test-web: web/node_modules/.installed ## types, eslint, unit tests, build and size of the pages
	cd web && npm run --silent check
	@touch web/dist/index.html

test-e2e: build ## browser tests of the flows, on the built binary
	cd web && KOSMOS=$(CURDIR)/$(BIN) npm run --silent e2e

fuzz: ## every fuzz target for some seconds
	@scripts/fuzz

generate: openapi map web/node_modules/.installed ## write all generated files
	cd web && npm run --silent gen

generated: build ## fail when a generated file is not up to date
	@scripts/generated $(BIN)

openapi: ## write api/openapi.json
	@mkdir -p api
	go run ./cmd/kosmos openapi >api/openapi.json.new && mv api/openapi.json.new api/openapi.json

map: ## write docs/MAP.md
	go run ./cmd/kosmos map >docs/MAP.md.new && mv docs/MAP.md.new docs/MAP.md

shots: build ## pictures of all pages, zh and en, desktop and phone
	cd web && KOSMOS=$(CURDIR)/$(BIN) npm run --silent shots

bench: build ## all benchmarks on both engines (minutes); compare with docs/operations/benchmarks.md
	@scripts/bench $(BIN)

risk-report: ## measure the rule packs and the ranker on the shared data: docs/risk-quality.md
	go run ./internal/domain/risk/pack/quality report --data ../shared/data >docs/risk-quality.md.new && mv docs/risk-quality.md.new docs/risk-quality.md

risk-model: ## train the shipped ranker from rows that may ship
	go run ./internal/domain/risk/pack/quality model --data ../shared/data

soak: build ## long runs that are not part of make test
	@scripts/soak $(BIN)

release: web/dist/index.html ## static binaries in bin/release
	@scripts/release $(VERSION)

clean: ## remove what was built
	rm -rf bin web/dist/* web/node_modules api/*.new docs/*.new
