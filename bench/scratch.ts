import { execa } from "execa";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildPlugin } from "../tools/buildPlugin.mjs";

const repository = resolve(__dirname, "..");

/** Creates a folder for the benchmark with its programs and our package, compiled from the current sources. */
export async function prepare(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-bench-"));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(repository, "node_modules"))) {
    if (name === "pulumi-dt" || name.startsWith(".")) continue;
    symlinkSync(join(repository, "node_modules", name), join(modules, name));
  }
  const installed = join(modules, "pulumi-dt");
  mkdirSync(installed);
  cpSync(join(repository, "package.json"), join(installed, "package.json"));
  const tsc = join(repository, "node_modules/.bin/tsc");
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", join(installed, "dist")];
  await execa(tsc, options, { cwd: repository });
  await buildPlugin(join(folder, "plugin"));
  for (const name of ["programs", "usual"])
    cpSync(join(__dirname, name), join(folder, name), { recursive: true });
  return folder;
}

export const remove = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
