import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "./access";
import * as cli from "./harness/cli";
import { packedProject } from "./harness/packed";
import { startProvider } from "./harness/providerProcess";
import { scratchFolder } from "./harness/scratch";

jest.setTimeout(240_000);

let emulator: Emulator;
beforeAll(async () => void (emulator = await startEmulator()));
afterAll(() => emulator.close());

const accountsNamed = (displayName: string) =>
  emulator.cloud.accounts.list().filter((account) => account.displayName === displayName);
const home = () => projectNamed(emulator, "System Service Accounts");

test.each<[kind: string, file: string, text: string, options: Partial<cli.CliProject>]>([
  [
    "an ES module in JavaScript",
    "index.js",
    `import { ServiceAccount } from "pulumi-dt";
export const email = new ServiceAccount("erp", { project: "HOME", displayName: "KIND" }).email;`,
    {},
  ],
  [
    "an ES module in TypeScript, run by tsx",
    "index.ts",
    `import * as dt from "pulumi-dt";
const displayName: string = await Promise.resolve("KIND");
export const email = new dt.ServiceAccount("erp", { project: "HOME", displayName }).email;`,
    // Older language hosts ignore this engine's nodeargs. The variable works with all of them.
    { runtimeOptions: { nodeargs: "--import tsx" }, env: { NODE_OPTIONS: "--import tsx" } },
  ],
])("A program that is %s creates and destroys resources", async (kind, file, text, options) => {
  const stack = await cli.stack({
    files: { [file]: text.replace("HOME", home()).replace("KIND", kind) },
    packageJson: { type: "module" },
    ...options,
    env: { ...emulator.settings, ...options.env },
  });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(accountsNamed(kind)).toHaveLength(1);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(accountsNamed(kind)).toHaveLength(0);
});

test("The provider process works with packages as pnpm installs them, and without TypeScript", async () => {
  const provider = await startProvider({ folder: await pnpmProject(), env: { ...emulator.settings } });
  const account = provider.resource("serviceAccount");
  const { inputs } = await account.check({ project: home(), displayName: "of pnpm" });
  const { id, outs } = await account.create(inputs);
  expect(accountsNamed("of pnpm")).toMatchObject([{ name: id }]);
  expect(await account.read(id, outs)).toMatchObject({ id });
  await account.delete(id, outs);
  expect(accountsNamed("of pnpm")).toHaveLength(0);
});

/**
 * A project in which a package sees only its own dependencies, and the program sees only the packages that it
 * lists.
 */
async function pnpmProject(): Promise<string> {
  const installed = join(await packedProject(), "node_modules");
  const folder = scratchFolder("pnpm");
  const store = join(folder, "node_modules/.pnpm/pulumi-dt@0.0.0/node_modules");
  cpSync(join(installed, "pulumi-dt"), join(store, "pulumi-dt"), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(store, "pulumi-dt/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const link = (target: string, place: string) => {
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  };
  for (const name of Object.keys(dependencies)) link(join(installed, name), join(store, name));
  link(join(store, "pulumi-dt"), join(folder, "node_modules/pulumi-dt"));
  link(join(installed, "@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
  return folder;
}
