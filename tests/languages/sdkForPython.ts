import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { scratchFolder } from "../engine/harness/scratch";
import { sdk } from "./sdk";

/**
 * Installs the SDK for Python in a virtual environment over another one, as pip does it for a user.
 *
 * @returns the folder with `python` and `pip`
 */
export async function withSdk(python: string): Promise<string> {
  const bin = await environmentOver(python, scratchFolder("venv"));
  await execa(join(bin, "pip"), ["install", "--quiet", await sdk("python")]);
  await execa(join(bin, "pip"), ["check"]);
  return bin;
}

/**
 * A virtual environment of its own that sees the packages of another one, so that nothing large is installed
 * again.
 *
 * @returns the folder with `python` and `pip`
 */
async function environmentOver(python: string, folder: string): Promise<string> {
  await execa(python, ["-m", "venv", folder]);
  const bin = join(folder, "bin");
  const sitePackages = async (of: string) =>
    (await execa(of, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])).stdout;
  writeFileSync(
    join(await sitePackages(join(bin, "python")), "below.pth"),
    `${await sitePackages(python)}\n`,
  );
  return dirname(join(bin, "python"));
}
