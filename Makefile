# Each target does its own set-up, then calls an npm script; a second call finds everything in place.
# ARGS goes to the script: make test ARGS="tests/provider"

SOURCES := $(shell find provider sdk cli emulator policy files -name '*.ts')

.PHONY: demo demo-down test test-faults check bench

demo: dist/sdk/index.js
	@npm run --silent demo

demo-down: dist/sdk/index.js
	@npm run --silent demo-down

# Looking for the CLI here, where minutes do no harm: it may have to be built, and no test should wait for that.
test: dist/sdk/index.js
	@node --import tsx tests/engine/harness/prepare.ts
	@cli=$$(npm run --silent pulumi-cli) && PATH="$$cli:$$PATH" npm test -- $(ARGS)

# Faults, crashes, lock-outs, leaks and bad input; ends with a table of what they came to.
test-faults: dist/sdk/index.js
	@node --import tsx tests/engine/harness/prepare.ts
	@cli=$$(npm run --silent pulumi-cli) && PATH="$$cli:$$PATH" npm run test:faults -- $(ARGS)

check: dist/sdk/index.js
	@npm run check

bench: dist/sdk/index.js
	@cli=$$(npm run --silent pulumi-cli) && PATH="$$cli:$$PATH" npm run --silent bench -- $(ARGS)

# npm writes this file at the end of every install.
node_modules/.package-lock.json: package-lock.json
	npm ci

# The examples and the command line import the compiled package.
dist/sdk/index.js: node_modules/.package-lock.json package.json tsconfig.json tsconfig.build.json $(SOURCES)
	npm run --silent build
