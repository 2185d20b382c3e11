import { execa } from "execa";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeArchive } from "../../tools/plugin/archive";
import { archiveName, thisPlatform } from "../../tools/plugin/platforms";
import { engineEnvironment } from "../engine/harness/environment";
import { pluginFolder } from "../engine/harness/packed";
import { scratchFolder } from "../engine/harness/scratch";

/** The environment of an engine that has only the plugin, installed from its archive. */
export async function environmentWithPlugin(
  extra: Record<string, string> = {},
): Promise<Record<string, string>> {
  const env = await engineEnvironment(scratchFolder("engine"), extra);
  const { file, version } = await archive();
  await execa("pulumi", ["plugin", "install", "resource", "disruptive", version, "--file", file], { env });
  return env;
}

/** The plugin's archive for this system, made from the sources. */
async function archive(): Promise<{ file: string; version: string }> {
  const folder = await pluginFolder();
  const schema = readFileSync(join(folder, "schema.json"), "utf8");
  const { version } = JSON.parse(schema) as { version: string };
  const file = join(scratchFolder("archive"), archiveName(version, thisPlatform()));
  await writeArchive(join(folder, "pulumi-resource-disruptive"), version, thisPlatform(), file);
  return { file, version };
}
