import { execa } from "execa";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { scratchFolder } from "../engine/harness/scratch";

const REPOSITORY = resolve(__dirname, "../..");

/** A clone after `npm ci`, with the present files and not yet built. It uses this checkout's npm packages. */
export async function copyOfCheckout(): Promise<string> {
  const copy = await copyOfSources();
  const packages = join(REPOSITORY, "node_modules");
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync(packages)) {
    const isOurs = name === "pulumi-dt";
    symlinkSync(isOurs ? ".." : join(packages, name), join(copy, "node_modules", name));
  }
  return copy;
}

/** A clone after `git clone`, with the present files. Nothing is installed or built. */
export async function copyOfSources(): Promise<string> {
  const copy = scratchFolder("checkout");
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: REPOSITORY,
  });
  for (const file of stdout.split("\n").filter((name) => existsSync(join(REPOSITORY, name)))) {
    // make compares times.
    cpSync(join(REPOSITORY, file), join(copy, file), { preserveTimestamps: true });
  }
  return copy;
}
