import { execa } from "execa";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { provide } from "../setup/provide";
import { goCompiler } from "../setup/tools";
import { timed } from "../say";
import { PINNED_VERSION } from "./version";

const ENGINE = join(__dirname, "engine");
const LANGUAGE_HOST = join(__dirname, "language-host");
const SDK = "github.com/pulumi/pulumi/sdk/v3";

/**
 * Builds the engine and its Node.js hosts from Go modules into `root`/bin, with exactly the committed
 * checksums.
 *
 * @throws a message that says what to install, if Go is missing
 */
export async function build(root: string): Promise<void> {
  await requireGo();
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  await timed(
    `building Pulumi ${PINNED_VERSION} from Go modules; once, some 5 minutes on 2 cores`,
    async () => {
      await goBuild(ENGINE, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", join(bin, "pulumi"));
      await goBuild(
        LANGUAGE_HOST,
        `${SDK}/nodejs/cmd/pulumi-language-nodejs`,
        join(bin, "pulumi-language-nodejs"),
      );
    },
  );
  const launcher = join(bin, "pulumi-resource-pulumi-nodejs");
  const sdk = (await go(ENGINE, "list", "-m", "-f", "{{.Dir}}", SDK)).trim();
  copyFileSync(join(sdk, "nodejs/dist/pulumi-resource-pulumi-nodejs"), launcher);
  // The module cache is read-only, and so is a copy from it.
  chmodSync(launcher, 0o755);
}

async function requireGo(): Promise<void> {
  // Only this build needs Go, so the setup does not install it.
  await provide([goCompiler]).catch(() => undefined);
  if (await goCompiler.isThere()) return;
  throw new Error(
    "No Pulumi CLI, no way to download it, and no Go to build it with. Install one of them:\n" +
      "  the Pulumi CLI, 3.248.0 or later: https://www.pulumi.com/docs/install/\n" +
      "  Go, 1.25 or later:                https://go.dev/doc/install",
  );
}

async function goBuild(module: string, main: string, output: string): Promise<void> {
  // Both hosts get the engine's version. Otherwise the engine warns at every command that its host has
  // another version.
  const version = `-X ${SDK}/go/common/version.Version=v${PINNED_VERSION}`;
  await go(module, "build", "-trimpath", "-ldflags", `-s -w ${version}`, "-o", output, main);
}

async function go(module: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa("go", args, {
    cwd: module,
    // A workspace file in a parent folder, or the user's own flags, must not change the build.
    env: { GOFLAGS: "-mod=readonly", GOWORK: "off" },
    stdin: "ignore",
  });
  return stdout;
}
