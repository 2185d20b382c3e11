import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { timed } from "../say";
import { go, requireGo } from "./go";
import { PINNED_VERSION } from "./version";

const ENGINE = join(__dirname, "engine");
const LANGUAGE_HOST = join(__dirname, "language-host");
const YAML_HOST = join(__dirname, "yaml-host");
const SDK = "github.com/pulumi/pulumi/sdk/v3";

/**
 * Builds the engine and its Node.js hosts from Go modules into `root`/bin, with exactly the committed
 * checksums.
 *
 * @throws a message that says what to install, if Go is missing
 */
export async function build(root: string): Promise<void> {
  await requireGo(
    "No Pulumi CLI, no way to download it, and no Go to build it with. Install one of them:\n" +
      "  the Pulumi CLI, 3.248.0 or later: https://www.pulumi.com/docs/install/\n" +
      "  Go, 1.25 or later:                https://go.dev/doc/install",
  );
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  await timed(
    `building Pulumi ${PINNED_VERSION} from Go modules; once, some 5 minutes on 2 cores`,
    async () => {
      await compile(ENGINE, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", join(bin, "pulumi"));
      await compile(
        LANGUAGE_HOST,
        `${SDK}/nodejs/cmd/pulumi-language-nodejs`,
        join(bin, "pulumi-language-nodejs"),
      );
    },
  );
  await copyFrom(ENGINE, "nodejs/dist/pulumi-resource-pulumi-nodejs", bin);
}

/** How to build the host of each language into a folder. */
const hosts = {
  yaml: (folder: string) =>
    compile(
      YAML_HOST,
      "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
      join(folder, "pulumi-language-yaml"),
    ),
  async python(folder: string) {
    await compile(
      LANGUAGE_HOST,
      `${SDK}/python/cmd/pulumi-language-python`,
      join(folder, "pulumi-language-python"),
    );
    await copyFrom(LANGUAGE_HOST, "python/cmd/pulumi-language-python-exec", folder);
    await copyFrom(LANGUAGE_HOST, "python/dist/pulumi-resource-pulumi-python", folder);
  },
  go: (folder: string) =>
    compile(LANGUAGE_HOST, `${SDK}/go/pulumi-language-go`, join(folder, "pulumi-language-go")),
};

/**
 * Builds the host of one language into `folder`.
 *
 * @throws a message that says what to install, if Go is missing
 */
export async function buildHost(language: keyof typeof hosts, folder: string): Promise<void> {
  await requireGo(
    `No Go to build pulumi-language-${language} with. Install one of them:\n` +
      "  the official Pulumi CLI, which has it: https://www.pulumi.com/docs/install/\n" +
      "  Go, 1.25 or later:                     https://go.dev/doc/install",
  );
  await timed(`building pulumi-language-${language} from Go modules; once, up to 3 minutes on 2 cores`, () =>
    hosts[language](folder),
  );
}

async function compile(module: string, main: string, output: string): Promise<void> {
  // All hosts get the engine's version. Otherwise the engine warns at every command that its host has
  // another version.
  const version = `-X ${SDK}/go/common/version.Version=v${PINNED_VERSION}`;
  await go(module, "build", "-trimpath", "-ldflags", `-s -w ${version}`, "-o", output, main);
}

/** Copies a script of Pulumi's SDK, in the version of one of our Go modules. */
async function copyFrom(module: string, script: string, folder: string): Promise<void> {
  const sdk = (await go(module, "list", "-m", "-f", "{{.Dir}}", SDK)).trim();
  const copy = join(folder, script.split("/").at(-1) ?? "");
  copyFileSync(join(sdk, script), copy);
  // The module cache is read-only, and so is a copy from it.
  chmodSync(copy, 0o755);
}
