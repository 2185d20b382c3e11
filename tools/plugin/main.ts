// Installs the provider plugin of this checkout for the Pulumi CLI on this machine: npm run plugin
import { execa } from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureLanguages } from "../pulumi-cli/languages";
import { say } from "../say";
import { writeArchive } from "./archive";
import { builtPlugin } from "./built";
import { archiveName, thisPlatform } from "./platforms";

install().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

async function install(): Promise<void> {
  const { plugin, version } = builtPlugin();
  const cli = await ensureLanguages(["yaml"]);
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-plugin-"));
  try {
    const archive = join(folder, archiveName(version, thisPlatform()));
    await writeArchive(plugin, version, thisPlatform(), archive);
    const words = ["plugin", "install", "resource", "disruptive", version, "--file", archive, "--reinstall"];
    const { failed, all = "" } = await execa(join(cli, "pulumi"), words, {
      all: true,
      reject: false,
      stdin: "ignore",
    });
    if (failed) throw new Error(all);
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`The plugin disruptive ${version} is installed.`);
  if (!(process.env.PATH ?? "").split(delimiter).includes(cli))
    say(`The Pulumi CLI is not on your PATH: export PATH="${cli}:$PATH"`);
}
