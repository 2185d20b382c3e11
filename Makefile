# Each target does its own set-up, then calls an npm script; a second call finds everything in place.
# ARGS goes to the script: make test ARGS="tests/provider"

SOURCES := $(shell find access provider plugin sdk cli emulator policy files tools/schema -type f) tools/build.mjs tools/buildPlugin.mjs

.PHONY: demo demo-down setup test test-faults check bench plugin sdks

demo:
	@test -d .demo || echo "The first run takes from half a minute to ten: it may have to install packages and build the Pulumi CLI. Later runs take seconds."
	@$(MAKE) --no-print-directory dist/sdk/index.js
	@npm run --silent demo

demo-down: dist/sdk/index.js
	@npm run --silent demo-down

# Looking for the CLI here, where minutes do no harm: it may have to be built, and no test should wait for that.
test: setup
	@cli=$$(npm run --silent pulumi-cli) && export PATH="$$cli:$$PATH" && \
		node --import tsx tests/engine/harness/prepare.ts && npm test -- $(ARGS)

# Faults, crashes, lock-outs, leaks and bad input; ends with a table of what they came to.
test-faults: setup
	@cli=$$(npm run --silent pulumi-cli) && export PATH="$$cli:$$PATH" && \
		node --import tsx tests/engine/harness/prepare.ts && npm run test:faults -- $(ARGS)

check: dist/sdk/index.js
	@npm run check

# What the tests need from the machine: a browser, Python, a terminal. Installs it where it may, or says what to run.
setup: dist/sdk/index.js
	@npm run --silent setup

bench: dist/sdk/index.js
	@cli=$$(npm run --silent pulumi-cli) && PATH="$$cli:$$PATH" npm run --silent bench -- $(ARGS)

# Builds the provider plugin and installs it for the Pulumi CLI on this machine, for programs in any language.
plugin: dist/sdk/index.js
	@npm run --silent plugin

# The SDKs for other languages, in dist-sdks: make sdks ARGS="--out FOLDER --language python,go"
sdks: dist/sdk/index.js
	@npm run --silent sdks -- $(ARGS)

# npm writes this file at the end of every install.
node_modules/.package-lock.json: package-lock.json
	PULUMI_DT_NO_BUILD=1 npm ci --no-audit

# The examples and the command line import the compiled package.
dist/sdk/index.js: node_modules/.package-lock.json package.json tsconfig.json tsconfig.build.json tools/build.mjs tools/buildPlugin.mjs $(SOURCES)
	@echo "compiling the package (some 10 s)"
	@npm run --silent build
