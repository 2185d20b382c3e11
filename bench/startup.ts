import { execa } from "execa";
import { readFileSync } from "node:fs";
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
}

/** @param folder where the package is installed */
export async function startup(folder: string, runs: number): Promise<Startup> {
  const time = (...modules: string[]) => timeOf(folder, modules);
  const imports: [number, number][] = [];
  const loads: number[] = [];
  for (let run = 0; run < runs; run++) {
    const [pulumi = 0, ours = 0] = await time("@pulumi/pulumi", "pulumi-dt");
    imports.push([pulumi, ours]);
    const [, load = 0] = await time("@pulumi/pulumi", "pulumi-dt/provider");
    loads.push(load);
  }
  return {
    providerTextBytes: longestText(folder),
    importPulumi: median(imports.map(([pulumi]) => pulumi)),
    importAdds: median(imports.map(([, ours]) => ours)),
    loadProvider: median(loads),
  };
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
