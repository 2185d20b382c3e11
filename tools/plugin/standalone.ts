import { execa } from "execa";
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where Node.js looks for the program in its own file: https://nodejs.org/api/single-executable-applications.html */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * Makes an executable for this system that contains the plugin and Node.js itself.
 *
 * @param plugin the bundled plugin
 * @param folder an empty folder for the result
 * @returns the path of the executable
 * @throws if this Node.js can't be copied so, as some distributions' can't
 */
export async function makeStandalone(plugin: string, folder: string): Promise<string> {
  const [config, blob] = [join(folder, "sea.json"), join(folder, "sea.blob")];
  writeFileSync(config, JSON.stringify({ main: plugin, output: blob, disableExperimentalSEAWarning: true }));
  await execa(process.execPath, ["--experimental-sea-config", config]);
  const executable = join(folder, "node");
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  const isMac = process.platform === "darwin";
  // A signature no longer matches the changed file.
  if (isMac) await execa("codesign", ["--remove-signature", executable]);
  const segment = isMac ? ["--macho-segment-name", "NODE_SEA"] : [];
  const words = [executable, "NODE_SEA_BLOB", blob, "--sentinel-fuse", fuse, ...segment];
  await execa("postject", words, { preferLocal: true, localDir: __dirname });
  if (isMac) await execa("codesign", ["--sign", "-", executable]);
  return executable;
}
