import { execa } from "execa";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { scratchFolder } from "../engine/harness/scratch";

const REPOSITORY = resolve(__dirname, "../..");

/** A clone as `npm ci` leaves it, with the files as they are now and not yet built; npm's packages are those of this checkout. */
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

/** A clone as `git clone` leaves it, with the files as they are now: nothing is installed, nothing is built. */
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
