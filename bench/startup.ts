import { execa } from "execa";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { median } from "./median";

/** The fixed cost of having the package installed. Times are in milliseconds, each measured in a new process. */
export interface Startup {
  /** The longest text that the state holds for each resource, in bytes. */
  readonly providerTextBytes: number;
  /** The time to import `@pulumi/pulumi`, and the time that importing `pulumi-dt` after it adds. */
  readonly importPulumi: number;
  readonly importAdds: number;
  /** The time to load the provider's module in the process that runs it. */
  readonly loadProvider: number;
  /** The time from the start of the plugin's process until it listens, and the same for Pulumi's host. */
  readonly pluginStart: number;
  readonly dynamicStart: number;
  /** The size of the plugin's file. */
  readonly pluginBytes: number;
}

/** @param folder where the package is installed */
export async function startup(folder: string, runs: number): Promise<Startup> {
  const time = (...modules: string[]) => timeOf(folder, modules);
  const imports: [number, number][] = [];
  const loads: number[] = [];
  const starts: [number, number][] = [];
  const plugin = join(folder, "plugin/pulumi-resource-disruptive");
  const host = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
  for (let run = 0; run < runs; run++) {
    const [pulumi = 0, ours = 0] = await time("@pulumi/pulumi", "pulumi-dt");
    imports.push([pulumi, ours]);
    const [, load = 0] = await time("@pulumi/pulumi", "pulumi-dt/provider");
    loads.push(load);
    starts.push([await startOf(plugin), await startOf(host)]);
  }
  return {
    providerTextBytes: longestText(folder),
    importPulumi: median(imports.map(([pulumi]) => pulumi)),
    importAdds: median(imports.map(([, ours]) => ours)),
    loadProvider: median(loads),
    pluginStart: median(starts.map(([ours]) => ours)),
    dynamicStart: median(starts.map(([, hosts]) => hosts)),
    pluginBytes: statSync(plugin).size,
  };
}

/** The time until a provider's process has printed its port, in milliseconds. */
async function startOf(script: string): Promise<number> {
  const start = performance.now();
  const child = execa(process.execPath, [script, "127.0.0.1:1"], { reject: false });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  const time = performance.now() - start;
  child.kill("SIGKILL");
  await child;
  return time;
}

/** The time that each module takes to load, one after the other, in one new process. */
async function timeOf(folder: string, modules: readonly string[]): Promise<number[]> {
  const script = `
    const times = ${JSON.stringify(modules)}.map((name) => {
      const start = performance.now();
      require(name);
      return performance.now() - start;
    });
    process.stdout.write(JSON.stringify(times));
    process.exit();`;
  const { stdout } = await execa(process.execPath, ["-e", script], { cwd: folder });
  return JSON.parse(stdout) as number[];
}

/** The provider's text as the SDK writes it, with the longest handler's name. */
function longestText(folder: string): number {
  const text = readFileSync(join(folder, "node_modules/pulumi-dt/dist/sdk/hiddenInputs.js"), "utf8");
  const [, before = "", after = ""] = /`(exports\.handler = [^`$]*)\$\{\w+\}([^`]*)`/.exec(text) ?? [];
  const handlers = ["serviceAccount", "serviceAccountKey", "projectRoleBinding", "orgAdminBinding"];
  return before.length + after.length + Math.max(...handlers.map(({ length }) => length));
}
