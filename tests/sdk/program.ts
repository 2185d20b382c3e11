import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A resource in the form in which the SDK asked the engine to register it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly additionalSecretOutputs: readonly string[];
}

/** The SDK's mark for a secret on the wire. */
export const secretOf = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** Runs a text as its own program in a folder. `sdk` is our SDK, from its sources. @returns the output */
export async function runAlone(folder: string, text: string): Promise<string> {
  const sdk = JSON.stringify(join(__dirname, "../../sdk/index.ts"));
  const pulumi = JSON.stringify(require.resolve("@pulumi/pulumi"));
  const preamble = `const sdk = ${sdk}; const pulumi = require(${pulumi}); const dt = require(sdk);`;
  const script = ["--require", require.resolve("tsx/cjs"), "--eval", preamble + text];
  const { stdout } = await execa(process.execPath, script, { cwd: folder });
  return stdout;
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** An empty folder for a program, with or without `pulumi-dt` installed in it; removed after the tests of the file. */
export function programFolder(options: { isInstalled: boolean }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-dt-program-")));
  folders.push(folder);
  if (options.isInstalled) {
    const installed = join(folder, "node_modules/pulumi-dt");
    mkdirSync(installed, { recursive: true });
    const exports = { "./provider": "./provider.js" };
    writeFileSync(join(installed, "package.json"), JSON.stringify({ name: "pulumi-dt", exports }));
    writeFileSync(join(installed, "provider.js"), "");
  }
  return folder;
}

/** Runs a program without an engine until everything is registered. @returns the registrations, in order */
export async function registrationsOf(
  program: () => unknown,
  config: Readonly<Record<string, string>> = {},
): Promise<Registered[]> {
  const registered: Registered[] = [];
  const newResource = ({ inputs, id, name }: MockResourceArgs) => ({
    id: id || `${name}-id`,
    state: inputs as Record<string, unknown>,
  });
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", false);
  // The mocks hide part of a registration, for example which outputs are secret.
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterResourceRequest, callback: unknown): void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registered.push({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getObject()?.toJavaScript() as Record<string, unknown>,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    });
    register(request, callback);
  };
  program();
  await pulumi.runtime.disconnect();
  return registered;
}
