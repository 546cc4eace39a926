# The commands people type. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help install build up demo demo-s3 test test-compose chaos bench bench-bus bench-video bench-s3 bench-costs lint lint-deploy format clean-state

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

install: ## install the Debian packages that are missing
	@Tools/stack/install

build: install ## build everything in release
	@Tools/stack/build

up: build ## start the whole pipeline on this machine; Ctrl-C stops it (PORT=8080)
	@Tools/stack/up

demo: build ## start it, send sample media (or MEDIA="a.jpg b.png") through it, and stop (STORE='s3://bucket?endpoint=…')
	@Tools/stack/demo

demo-s3: build ## the same on a Ceph gateway, a real S3 server, that it starts and stops
	@Tools/stack/install rgw
	@Tools/stack/demo-s3

test: ## run every test; they start the servers that they need
	@Tools/stack/install test
	@Tools/stack/test

test-compose: ## bring up the composed stack on a Docker engine and use it (SKIP_BUILD=1 STORE='s3://bucket?endpoint=…')
	@Tools/stack/test-compose

chaos: install ## try to break the bus for some minutes (SEED=1 EVENTS=100000 DURATION=180)
	@Tools/stack/chaos

bench: build ## measure; prints the figures of the README
	@Tools/stack/bench
	@Tools/stack/bench-bus
	@Tools/stack/bench-video
	@Tools/stack/install rgw
	@Tools/stack/bench-s3

bench-bus: build ## measure the bus alone, beside others (ROUNDS=3 EVENTS=50000 SKIP_PEERS=1)
	@Tools/stack/bench-bus

bench-video: build ## measure the transcoder alone, beside the ffmpeg command (ROUNDS=3 SECONDS_OF_FILM=60 LENGTHS="10 60 300")
	@Tools/stack/bench-video

bench-s3: build ## measure uploads into the file store and into a Ceph gateway, beside aws and curl (SIZE_MIB=1024)
	@Tools/stack/install rgw
	@Tools/stack/bench-s3

bench-costs: build ## measure what a photo and a minute of film cost (COUNT=100 SECONDS_OF_FILM=60)
	@Tools/stack/install test
	@Tools/stack/bench-costs

lint: ## check format and rules of the sources
	@Tools/stack/lint

lint-deploy: ## check Dockerfile, Compose, Kubernetes and alerts
	@Tools/stack/lint-deploy

format: ## format the sources
	@swift format -i -r --parallel Package.swift Services Shared Tests Tools

clean-state: ## remove .millrace/: Redis, files, keys, logs of all stores but what is in buckets
	@Tools/stack/clean-state
